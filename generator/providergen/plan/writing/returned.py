"""What a vendor takes back of a value that it sent itself."""

from collections.abc import Iterable, Iterator
from typing import Any

from providergen.document import Schema

__all__ = ["keys_taken"]

_DEEPEST = 6


def keys_taken(schemas: Iterable[Schema], depth: int = 0) -> dict[str, Any] | None:
    """Return the keys that a request allows in the objects of a value, None if it does not say.

    Each key has the keys of the objects below it, again None if anything is allowed there. Lists do not count as a
    level. What answers hold beside these keys must not go back: documents close requests where they leave answers open.
    """
    objects = list(_objects(schemas))
    if depth == _DEEPEST or not objects or any(one.additional is not False for one in objects):
        return None
    keys = sorted({key for one in objects for key in one.properties})
    return {
        key: keys_taken((one.properties[key] for one in objects if key in one.properties), depth + 1) for key in keys
    }


def _objects(schemas: Iterable[Schema]) -> Iterator[Schema]:
    """Yield what the objects of a value can be, those in lists too; anything at all is an object that says nothing."""
    for schema in schemas:
        for one in schema.alternatives:
            if one.type == "array" and one.items is not None:
                yield from _objects((one.items,))
            elif one.type in ("object", "array", None):
                yield one
