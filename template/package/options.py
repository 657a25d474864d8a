"""What a user may have written in a configuration, made sure of: a wrong value costs a warning, never the session.

The command line stores every value as text and expands an unset variable to "", which counts as not given.
"""

import difflib
import json
import logging
import os
from collections.abc import Collection, Iterable, Mapping
from math import isfinite
from typing import Any, TypeVar

from amplifier_core.llm_errors import ConfigurationError

__all__ = ["Options", "needed"]

D = TypeVar("D")

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}
_told: set[tuple[str, ...]] = set()


def needed(own: Mapping[str, Any], key: str) -> str:
    """Return an option that the path of a call is made of.

    Raises:
        ConfigurationError: it is not configured.
    """
    value = own.get(key)
    if value is None:
        raise ConfigurationError(f"the option {key} has to be configured")
    return str(value)


class Options:
    """Typed reading of a configuration; each method returns `default` for a key that is absent, "" or wrong.

    Args:
        config: as the user gave it; it is not changed.
        env: names of environment variables by key; the first that holds anything stands in for an absent value.
        log: gets the warnings.
    """

    def __init__(self, config: Mapping[str, Any], env: Mapping[str, Iterable[str]], log: logging.Logger) -> None:
        self._config = config
        self._env = env
        self._log = log

    def text(self, key: str, default: D) -> str | D:
        """Return a text, without the blanks around it."""
        value = self._given(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return self._wrong(key, "a text", default)
        return str(value)

    def address(self, key: str, default: D) -> str | D:
        """Return the address of a server; one without a scheme has that of the default, else https."""
        text = self.text(key, None)
        if text is None:
            return default
        scheme = default.partition("://")[0] if isinstance(default, str) else "https"
        return text if "://" in text else f"{scheme}://{text}"

    def choice(self, key: str, choices: Collection[str], default: D) -> str | D:
        """Return one of these words."""
        value = self._given(key)
        if value is None:
            return default
        if value not in choices:
            return self._wrong(key, f"one of {', '.join(choices)}", default)
        return str(value)

    def flag(self, key: str, default: D) -> bool | D:
        """Return a boolean; "true", "yes", "on" and "1" are words for it, and so are their opposites."""
        value = self._given(key)
        if value is None:
            return default
        if isinstance(value, int | float):
            return value != 0
        word = str(value).lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        return self._wrong(key, "true or false", default)

    def integer(self, key: str, default: D, *, least: int | None = None, most: int | None = None) -> int | D:
        """Return a whole number, neither below `least` nor above `most`."""
        number = self.number(key, None, least=least, most=most)
        if number is None:
            return default
        if not number.is_integer():
            return self._wrong(key, "a whole number", default)
        return int(number)

    def number(self, key: str, default: D, *, least: float | None = None, most: float | None = None) -> float | D:
        """Return a number, neither below `least` nor above `most`."""
        value = self._given(key)
        if value is None:
            return default
        number = _number(value)
        if number is None:
            return self._wrong(key, "a number", default)
        if least is not None and number < least:
            return self._wrong(key, f"at least {least}", default)
        if most is not None and number > most:
            return self._wrong(key, f"at most {most}", default)
        return number

    def texts(self, key: str, default: D) -> tuple[str, ...] | D:
        """Return a list of texts, given as it is or as JSON text; a single text is a list of one."""
        value = self._given(key)
        if isinstance(value, str):
            value = listed if isinstance(listed := _json(value), list) else [value]
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
        return default if value is None else self._wrong(key, "a list of texts", default)

    def structure(self, key: str, default: Any) -> Any:
        """Return an object or a list, given as it is or as JSON text."""
        value = self._given(key)
        if isinstance(value, str):
            value = _json(value)
        if isinstance(value, dict | list):
            return value
        return default if value is None else self._wrong(key, "an object or a list", default)

    def anything(self, key: str, default: Any) -> Any:
        """Return whatever was given."""
        value = self._given(key)
        return default if value is None else value

    def warn_unknown(self, known: Collection[str]) -> None:
        """Warn of keys that mean nothing here, with the one that was perhaps meant.

        Once for all instances that have the same: applications make several of one configuration, some just to look.
        """
        unknown = tuple(sorted(str(key) for key in self._config.keys() - set(known)))
        if unknown in _told:
            return
        _told.add(unknown)
        for key in unknown:
            meant = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
            hint = f"; did you mean {meant[0]!r}?" if meant else ""
            self._log.warning("The configuration key %r is not known and is ignored%s", key, hint)

    def _given(self, key: str) -> Any:
        value = self._config.get(key)
        if isinstance(value, str):
            value = value.strip()
        if value is not None and value != "":
            return value
        stand_ins = (os.environ.get(name, "").strip() for name in self._env.get(key, ()))
        return next((text for text in stand_ins if text), None)

    def _wrong(self, key: str, expected: str, default: D) -> D:
        self._log.warning("The configuration value of %r is not %s; it is ignored", key, expected)
        return default


def _json(text: str) -> Any:
    """Return what JSON text means, "" if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return ""


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None
