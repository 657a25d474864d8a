"""The one way in which data becomes Python source."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

__all__ = ["python_literal"]

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def python_literal(value: Any) -> str:
    """Return Python source that evaluates to a JSON value, a tuple of them or a Decimal.

    Strings are written with double quotes, and with escapes for everything that is not printable, so that no string of
    a document can end its literal or hide what it holds.

    Raises:
        TypeError: for a value of any other type, or a float that is not finite.
    """
    match value:
        case None | bool() | int():
            return repr(value)
        case float() if math.isfinite(value):
            return repr(value)
        case str():
            return _string(value)
        case Decimal():
            return f"Decimal({_string(str(value))})"
        case tuple():
            items = ", ".join(python_literal(item) for item in value)
            return f"({items},)" if len(value) == 1 else f"({items})"
        case list():
            return "[" + ", ".join(python_literal(item) for item in value) + "]"
        case Mapping():
            return (
                "{" + ", ".join(f"{python_literal(key)}: {python_literal(item)}" for key, item in value.items()) + "}"
            )
    raise TypeError(f"no literal for {type(value).__name__}")


def _string(value: str) -> str:
    return '"' + "".join(_character(character) for character in value) + '"'


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    point = ord(character)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
