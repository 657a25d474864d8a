"""Which words the document lists for a place."""

from collections.abc import Sequence

from providergen.document import Schema

__all__ = ["listed"]


def listed(schemas: Sequence[Schema]) -> tuple[str, ...]:
    """Return the texts that a place of these alternatives may have, () if it may have any."""
    if any(schema.enum is None for schema in schemas):
        return ()
    values = [value for schema in schemas for value in schema.enum or ()]
    return tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
