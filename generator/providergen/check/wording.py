"""The words of findings: values, types and names as people read them."""

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from providergen.check.values import type_of
from providergen.document import Schema
from providergen.mapping.shape import Constant, Hole, List, Object, Shape, Text

__all__ = ["NEAR", "closest", "listed", "named", "quoted", "refused", "shown", "spoken", "types"]

# How like one another two words are (0 to 1) when one is taken for a misspelling of the other.
NEAR: Final = 0.75

_SHOWN = 12
_KEY = re.compile(r"/properties/([^/]+)")
_SPOKEN = {
    "array": "a list",
    "object": "an object",
    "string": "a string",
    "number": "a number",
    "integer": "an integer",
    "boolean": "a boolean",
    "null": "null",
}


def quoted(value: Any) -> str:
    """Show a JSON scalar: strings in single quotes, the rest as in JSON."""
    return f"'{value}'" if isinstance(value, str) else json.dumps(value, default=str)


def listed(values: Iterable[Any]) -> str:
    """List values, the first dozen of many."""
    shown = list(dict.fromkeys(value if isinstance(value, str) else json.dumps(value, default=str) for value in values))
    rest = len(shown) - _SHOWN
    return ", ".join(shown[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def named(schemas: Sequence[Schema]) -> str:
    """Name the vendor's objects, the first three of many."""
    names = list(dict.fromkeys(schema.name for schema in schemas if schema.name))
    if not names:
        keys = [found[-1] for schema in schemas if (found := _KEY.findall(schema.pointer))]
        return f"the vendor's '{keys[0]}'" if keys else "the vendor's object"
    rest = len(names) - 3
    return ", ".join(names[:3]) + (f" and {rest} more" if rest > 0 else "")


def types(schemas: Iterable[Schema], *, nullable: bool = False) -> str:
    """Name the types that alternatives have, `object/null`."""
    found = [schema.type or (type_of(schema.enum[0]) if schema.enum else "anything") for schema in schemas]
    return "/".join(dict.fromkeys([*found, *["null"] * nullable])) or "nothing"


def spoken(shape: Shape, allowed: frozenset[str] | None = None) -> str:
    """Say what a shape is: `a list`, `$temperature is a number`."""
    match shape:
        case Constant(value=value):
            return quoted(value)
        case Hole():
            kinds = " or ".join(_SPOKEN[one] for one in sorted(allowed or ()))
            return f"{shape} is {kinds}"
        case Text():
            return "a string"
        case Object():
            return "an object"
        case List():
            return "a list"


def shown(shape: Shape) -> str:
    """Show the hole, or say what a shape is."""
    return str(shape) if isinstance(shape, Hole) else spoken(shape)


def refused(value: Any, choices: Sequence[Any]) -> tuple[str, str | None]:
    """Say that a value is not one of the vendor's, with the hint that goes with it."""
    return f"{quoted(value)} is not one of {listed(choices)}", closest(str(value), map(str, choices))


def closest(word: str, options: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the hint "did you mean …?" if one of the options is near; `cutoff` 1 takes only equals, 0 anything."""
    near = difflib.get_close_matches(word, list(options), n=1, cutoff=cutoff)
    return f"did you mean '{near[0]}'?" if near else None
