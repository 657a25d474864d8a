"""Constants as guards: which alternatives of the document they leave."""

from collections.abc import Iterable, Sequence
from typing import Final

from providergen.check.values import allows
from providergen.document import Schema
from providergen.mapping.shape import Constant, Entry, Object

__all__ = ["EVERYTHING", "allowed_by_guards", "blamed", "member"]


class _Everything:
    """Stands for the schema of a key in an object that is open."""


EVERYTHING: Final = _Everything()


def member(schema: Schema, key: str) -> Schema | _Everything | None:
    """Return the schema of a key of one alternative; None if it has no such key, EVERYTHING if it is open."""
    prop = schema.properties.get(key)
    if prop is not None:
        return prop
    if isinstance(schema.additional, Schema):
        return schema.additional
    if schema.additional and not schema.properties:
        return EVERYTHING
    return None


def _passes(schema: Schema, entry: Entry) -> bool:
    prop = member(schema, entry.key)
    if prop is None:
        return False
    if not isinstance(prop, Schema):
        return True
    if isinstance(entry.shape, Constant):
        value = entry.shape.value
        return any(allows(one, value) for one in prop.alternatives)
    if isinstance(entry.shape, Object):
        return bool(_filtered(entry.shape, prop.alternatives))
    return True


def _guards(shape: Object) -> list[Entry]:
    return [entry for entry in shape.entries if isinstance(entry.shape, Constant)]


def _filtered(shape: Object, schemas: Iterable[Schema]) -> list[Schema]:
    nested = [entry for entry in shape.entries if isinstance(entry.shape, Object) and _has_guard(entry.shape)]
    guards = _guards(shape) + nested
    return [schema for schema in schemas if all(_passes(schema, entry) for entry in guards)]


def _has_guard(shape: Object) -> bool:
    return any(
        isinstance(entry.shape, Constant) or (isinstance(entry.shape, Object) and _has_guard(entry.shape))
        for entry in shape.entries
    )


def allowed_by_guards(shape: Object, schemas: Sequence[Schema]) -> list[Schema]:
    """Return the alternatives that the constants allow.

    If none is left, constants of nested objects do not count: they are blamed where they stand.
    """
    full = _filtered(shape, schemas)
    if full:
        return full
    guards = _guards(shape)
    return [schema for schema in schemas if all(_passes(schema, entry) for entry in guards)]


def blamed(shape: Object, schemas: Sequence[Schema]) -> Entry:
    """Return the constant that leaves no alternative: the first that fits none, else the last.

    Call it only if `allowed_by_guards` is empty.
    """
    guards = _guards(shape)
    return next((entry for entry in guards if not any(_passes(one, entry) for one in schemas)), guards[-1])
