"""YAML 1.2 text as a stream of events, and the core schema that gives plain scalars their types.

The events come from libyaml (through PyYAML). Of the parsers tried on all published documents at hand it is the only
one that reads every one of them, keeps the text of each scalar (so that the types are ours to decide: `0777`, `1_000`,
`2024-01-01`, `1.10` as a key) and says where each one stands. The others: yaml-rs takes `1_000`, `0b11` and `-0x1` for
numbers, turns keys into numbers and a second document into a list item; py-yaml12 rounds integers above 64 bits, lets a
repeated key win silently, and with rapidyaml refuses a flow list whose bracket closes at the indentation of its key, as
published documents have it. Building values from the events costs 0.3 s for 3 MB, a fraction of PyYAML's constructors,
and positions come from the very same events, so a finding cannot point at another reading of the file.

libyaml speaks YAML 1.1 in one respect that would change a text: it breaks lines at U+0085, U+2028 and U+2029. They are
exchanged for characters of private use on the way in and restored in the scalars.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

__all__ = ["MAX_NODES", "NotCoreError", "break_free", "events", "resolve"]

MAX_NODES: Final = 3_000_000  # of a text with its aliases written out

# A build of PyYAML without libyaml has the same grammar in Python: slower, same events.
_LOADER: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_NOT_BREAKS: Final = "\x85\u2028\u2029"
_PRIVATE_USE: Final = range(0xE000, 0xF8FF)

_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL: Final = re.compile(r"0o[0-7]+")
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMBER_STARTS: Final = frozenset("0123456789+-.")


class NotCoreError(ValueError):
    """A scalar that the core schema or JSON has no value for; the message says what is wrong with it."""


def events(text: str) -> Iterator[Any]:
    """Yield the parse events of a text; raises yaml.YAMLError where it is no YAML."""
    loader = _LOADER(text)
    try:
        while (event := loader.get_event()) is not None:
            yield event
    finally:
        loader.dispose()


def break_free(text: str) -> tuple[str, dict[int, str] | None]:
    """Return the text without the line breaks of YAML 1.1, and the table for str.translate that restores scalars.

    The table is None if there was nothing to exchange.
    """
    present = [char for char in _NOT_BREAKS if char in text]
    if not present:
        return text, None
    lowered = text.lower()  # a stand-in must occur neither as a character nor as an escape
    free = (code for code in _PRIVATE_USE if chr(code) not in text and f"{code:x}" not in lowered)
    stand_ins = {ord(char): chr(next(free)) for char in present}
    return text.translate(stand_ins), {ord(stand_in): chr(code) for code, stand_in in stand_ins.items()}


def resolve(scalar: str) -> str | int | float | bool | None:
    """Return the value of a plain scalar by the core schema; raises NotCoreError for numbers that JSON cannot hold."""
    if scalar in _WORDS:
        return _WORDS[scalar]
    if scalar[0] not in _NUMBER_STARTS:
        return scalar
    if _INTEGER.fullmatch(scalar):
        try:
            return int(scalar)
        except ValueError:
            raise NotCoreError(f"a number of {len(scalar)} digits") from None
    if _FLOAT.fullmatch(scalar):
        number = float(scalar)
        if number in (float("inf"), float("-inf")):
            raise NotCoreError(f"the number {scalar} is too large for JSON")
        return number
    if _OCTAL.fullmatch(scalar):
        return int(scalar, 0)
    if _HEXADECIMAL.fullmatch(scalar):
        return int(scalar, 0)
    if _NOT_FINITE.fullmatch(scalar):
        raise NotCoreError(f"{scalar} is no number of JSON")
    return scalar
