"""Text and values made fit for JSON, on the way out and on the way in."""

import base64
import math
import re
from collections.abc import Callable, Mapping, Set
from enum import Enum
from typing import Any

from pydantic import BaseModel

__all__ = ["STORABLE", "clean", "keepable", "mend", "plain"]

STORABLE = 100  # levels that a value within an answer may have
_DEEPEST = 200  # levels of anything; pydantic writes no more than 255 as JSON
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def mend(text: str) -> str:
    """Return the text with split surrogate pairs joined and lone surrogates removed: it encodes as UTF-8."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text


def clean(text: str) -> str:
    """Return the text as it may be sent: mended, and without control characters other than tab and line ends."""
    return _CONTROL.sub("", mend(text))


def keepable(value: object) -> Any:
    """Return a copy of the value made of JSON types only, None if it is nested too deeply to be stored."""
    try:
        return plain(value, levels=STORABLE)
    except RecursionError:
        return None


def plain(value: object, text: Callable[[str], str] = mend, *, levels: int = _DEEPEST) -> Any:
    """Return a copy of the value made of JSON types only, every string passed through `text`.

    Bytes become base64, models and enumerations their values, NaN and infinities null, anything else its `str()`.

    Raises:
        RecursionError: it has more levels than that.
    """
    if not levels:
        raise RecursionError("nested too deeply")
    match value:
        case Enum():
            return plain(value.value, text, levels=levels - 1)
        case str():
            return text(value)
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {text(str(key)): plain(item, text, levels=levels - 1) for key, item in value.items()}
        case list() | tuple() | Set():
            return [plain(item, text, levels=levels - 1) for item in value]
        case BaseModel():
            return plain(value.model_dump(), text, levels=levels - 1)
        case bytes():
            return base64.b64encode(value).decode("ascii")
    return text(str(value))
