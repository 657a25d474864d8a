"""What a hole's value is: its JSON types, whether it is always there, what is written in its stead."""

import math
from typing import Any, Final

from providergen.check.laid import Context
from providergen.document import Schema
from providergen.mapping.model import Mapping
from providergen.mapping.shape import Constant, Hole, List, Object, Scalar, Shape, Text, holes

__all__ = ["NOTHING", "accepts", "allows", "always", "emptiest", "held_without", "same", "type_of", "types_of"]

NOTHING: Final = object()

_TEXT = frozenset({"string"})
_NUMBER = frozenset({"number"})
_INTEGER = frozenset({"integer"})
_BOOLEAN = frozenset({"boolean"})
_OBJECT = frozenset({"object"})
_ARRAY = frozenset({"array"})

_TYPES: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("temperature", "top_p", "cost_usd"), _NUMBER),
    **dict.fromkeys(("max_output_tokens", "context_window", "index", "end"), _INTEGER),
    **dict.fromkeys(("input_tokens", "output_tokens", "total_tokens", "reasoning_tokens"), _INTEGER),
    **dict.fromkeys(("cache_read_tokens", "cache_write_tokens"), _INTEGER),
    **dict.fromkeys(("strict", "is_error", "more"), _BOOLEAN),
    **dict.fromkeys(("schema", "parameters", "input"), _OBJECT),
    **dict.fromkeys(("stop", "summary"), _ARRAY),
    "finish_reason": frozenset({"string", "boolean"}),
    "next": frozenset({"string", "integer"}),
    "error_code": frozenset({"string", "integer", "number"}),
    "retry_after": frozenset({"string", "integer", "number"}),
}
_ALWAYS: Final[dict[str, frozenset[str]]] = {
    "request": frozenset({"model", "message"}),
    "text": frozenset({"text"}),
    "thinking": frozenset({"thinking"}),
    "redacted_thinking": frozenset({"data"}),
    "image": frozenset({"media_type", "data", "url"}),
    "tool_call": frozenset({"id", "name", "input"}),
    "tool_result": frozenset({"tool_call_id", "name", "text"}),
    "reasoning": frozenset({"content", "summary"}),
    "tool": frozenset({"name", "parameters"}),
    "table": frozenset({"name", "schema"}),
    "tool message": frozenset({"tool_call_id", "name", "text", "tool_result"}),
}


def types_of(hole: Hole, context: Context, *, writing: bool) -> frozenset[str] | None:
    """Return the JSON types that a plain hole's value may have on the vendor's side, None for any.

    Raises nothing; a word without a type of its own is text.
    """
    name = hole.name
    if hole.json:
        return _TEXT if writing else None
    if name.startswith(("_", "config.", "metadata.")):
        return None
    if name == "input" and context.section == "events":
        return frozenset({"string", "object"})
    if name == "content" and context.kind == "reasoning":
        return _ARRAY
    return _TYPES.get(name, _TEXT)


def type_of(value: Any) -> str:
    """Name the JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if math.isfinite(value) and value == int(value) else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list | tuple) else "object"


def same(one: Any, other: Any) -> bool:
    """Compare two JSON scalars: `true` is not 1, 1 is 1.0."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def accepts(schema: Schema, types: frozenset[str] | None, *, writing: bool) -> bool:
    """Tell whether a value of one of these types may stand at an alternative (its enum aside)."""
    if types is None or schema.open:
        return True
    if schema.type is None:
        return not schema.enum or any(_meets(type_of(value), types, writing) for value in schema.enum)
    return _meets(schema.type, types, writing)


def _meets(described: str, types: frozenset[str], writing: bool) -> bool:
    if described in types:
        return True
    if described == "number":
        return "integer" in types
    return described == "integer" and "number" in types and not writing


def allows(schema: Schema, value: Scalar) -> bool:
    """Tell whether an alternative allows exactly this value."""
    if schema.enum is not None:
        return any(same(value, one) for one in schema.enum)
    if schema.type is None:
        return schema.open or not (schema.properties or schema.items)
    found = type_of(value)
    return schema.type == found or (schema.type == "number" and found == "integer")


def always(shape: Shape, context: Context, mapping: Mapping) -> bool:
    """Tell whether something is always written for a shape: a fixed value, or a hole that is never absent."""
    match shape:
        case Constant():
            return True
        case Hole():
            return _present(shape, context, mapping)
        case Text(parts=parts):
            return all(_present(part, context, mapping) for part in parts if isinstance(part, Hole))
        case Object(entries=entries):
            shapes = [entry.shape for entry in entries if not _is_cache(entry.shape)]
            return all(_fixed(one) for one in shapes) or any(
                always(one, context, mapping) for one in shapes if not _fixed(one)
            )
        case List(repeated=None, items=items):
            return all(_fixed(one) for one in items) or any(
                always(one, context, mapping) for one in items if not _fixed(one)
            )
        case List(repeated=repeated, items=items):
            results = "tool_result" in context.rest
            return (
                (isinstance(repeated, Hole) and repeated.name in ("message", "tool_result"))
                or (isinstance(repeated, Hole) and repeated.name == "block" and results)
                or any(always(one, context, mapping) for one in items)
            )


def held_without(shape: Object, key: str) -> bool:
    """Tell whether an object may be written though one of its keys has nothing: another key has a hole of its own."""
    return any(hole.name != "cache" for entry in shape.entries if entry.key != key for hole in holes(entry.shape))


def _is_cache(shape: Shape) -> bool:
    return isinstance(shape, Hole) and shape.name == "cache"


def _fixed(shape: Shape) -> bool:
    match shape:
        case Constant():
            return True
        case Object(entries=entries):
            return all(_fixed(entry.shape) for entry in entries)
        case List(items=items, repeated=None):
            return all(_fixed(item) for item in items)
    return False


def _present(hole: Hole, context: Context, mapping: Mapping) -> bool:
    if hole.needed or hole.name == "index":
        return True
    if context.section == "request":
        if hole.name.startswith("config."):
            field = mapping.config.get(hole.name.removeprefix("config."))
            return field is not None and (field.default is not None or bool(field.required))
        return hole.name in _ALWAYS["request"] or hole.name in mapping.defaults
    where = {"message": f"{context.role} message", "block": context.kind}.get(context.section, context.section)
    if where == "tool message" and hole.name == "content":
        return True
    if where == "tool_result" and hole.name == "content":
        return True
    return hole.label is None and hole.name in _ALWAYS.get(where, ())


def emptiest(shape: Shape, schema: Schema, context: Context) -> Any:
    """Return the emptiest value that the vendor allows where a shape gives nothing, NOTHING if there is none.

    Text gives `""`, a list `[]`, everything else `null`.
    """
    hole = shape if isinstance(shape, Hole) else None
    opaque = hole is not None and types_of(hole, context, writing=True) is None
    text = isinstance(shape, Text) or (hole is not None and types_of(hole, context, writing=True) == _TEXT)
    listed = isinstance(shape, List) or opaque or (hole is not None and hole.name in ("stop", "content"))
    if text and any(one.type == "string" and _may_be_empty(one) for one in schema.alternatives):
        return ""
    if listed and any(one.type == "array" and not one.min_items for one in schema.alternatives):
        return []
    return None if schema.nullable else NOTHING


def _may_be_empty(schema: Schema) -> bool:
    return "" in schema.enum if schema.enum is not None else schema.min_length == 0
