"""The options of a provider: those that only this vendor has, and all that a configuration may hold."""

from dataclasses import dataclass
from typing import Literal

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import ConfigField, Default
from providergen.mapping.requests import missing_for, variants, written_holes
from providergen.mapping.vocabulary import COMMON_CONFIG

__all__ = ["COMMON_DEFAULTS", "Option", "known_keys", "own_options", "said_of", "text_choices"]

Method = Literal["text", "choice", "flag", "integer", "number", "texts", "structure", "anything"]

COMMON_DEFAULTS: dict[str, Default] = {
    "enable_prompt_caching": True,
    "use_streaming": True,
    "timeout": 600,
    "idle_timeout": 300,
    "connect_timeout": 30,
    "max_retries": 3,
    "min_retry_delay": 1,
    "max_retry_delay": 60,
    "retry_jitter": True,
    "raw": False,
    "priority": 100,
}
"""Values of the common keys where neither mapping nor user gives one; times are in seconds."""

# What Amplifier's applications write into the configuration of any provider, for themselves or its older forms.
_OTHERS = ("debug", "instance_id", "raw_debug")
_PARAMETERS = ("chat.", "stream.path", "stream.query", "stream.headers", "models.", "vendor.")
_PATHS = ("chat.path", "stream.path", "models.path")


@dataclass(frozen=True, slots=True)
class Option:
    """An option that only this vendor has: `$config.key`. `reader` is the method of `Options` that reads it.

    `needed`: no call can be made without it.
    """

    key: str
    reader: Method
    choices: tuple[str, ...]
    default: Default
    secret: bool
    needed: bool


def own_options(mapping: Mapping, checked: Checked) -> tuple[Option, ...]:
    """Return the options that only this vendor has, in the order in which the mapping names them."""
    places = [place for variant in variants(mapping) for place in written_holes(variant)]
    found = [hole.name.removeprefix("config.") for _, hole in places if hole.name.startswith("config.")]
    said = [key for key in mapping.config if key not in COMMON_CONFIG and missing_for(mapping, key) is None]
    keys = list(dict.fromkeys((*said, *found)))
    return tuple(
        _option(mapping, checked, key, [path for path, hole in places if hole.name == f"config.{key}"]) for key in keys
    )


def known_keys(mapping: Mapping, own: tuple[Option, ...]) -> tuple[str, ...]:
    """Return all keys that a configuration may have, sorted."""
    common = (key for key in COMMON_CONFIG if missing_for(mapping, key) is None)
    return tuple(sorted({*common, *_OTHERS, *(option.key for option in own)}))


def said_of(mapping: Mapping, key: str) -> ConfigField:
    """Return what the mapping says of a key of the configuration."""
    return mapping.config.get(key) or ConfigField(at=mapping.vendor.at)


def text_choices(said: ConfigField) -> tuple[str, ...]:
    """Return those choices of a key that are text."""
    return tuple(choice for choice in said.choices if isinstance(choice, str))


def _option(mapping: Mapping, checked: Checked, key: str, paths: list[str]) -> Option:
    said = said_of(mapping, key)
    choices = text_choices(said)
    reader = "choice" if choices and len(choices) == len(said.choices) else _reader(checked, paths, bool(said.secret))
    needed = said.default is None and any(path.startswith(_PATHS) for path in paths)
    return Option(key, reader, choices, said.default, bool(said.secret), needed)


def _reader(checked: Checked, paths: list[str], secret: bool) -> Method:
    """Return how to read an option from the types of the places where its value goes."""
    schemas = [schema for path in paths for schema in checked.written.get(path, ())]
    types = {schema.type for schema in schemas}
    if secret or (not types and any(path.startswith(_PARAMETERS) for path in paths)):
        return "text"
    if not types or None in types:
        return "anything"
    if types == {"boolean"}:
        return "flag"
    if types == {"integer"}:
        return "integer"
    if types <= {"integer", "number"}:
        return "number"
    if types == {"string"}:
        return "text"
    if types == {"array"} and all(schema.items and schema.items.type == "string" for schema in schemas):
        return "texts"
    return "structure" if types <= {"object", "array"} else "anything"
