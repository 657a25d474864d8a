"""The plainest value that a schema allows: for keys that have to be there and of which a mapping says nothing."""

import json
from collections.abc import Iterable
from typing import Any

from providergen.document import MISSING, Schema

__all__ = ["plainest"]

_DEEPEST = 6
_LONGEST_EXAMPLE = 200


def plainest(schema: Schema, depth: int = 0) -> Any:
    """Return a value that a schema allows: a single choice or an example of the document's, else the plainest one."""
    alternative = schema.alternatives[0]
    examples = [value for value in _examples(schema, alternative) if _is_short(value)]
    if alternative.enum and not schema.nullable:
        return next((value for value in alternative.enum if value is not None), None)
    if examples:
        return examples[0]
    if schema.nullable or depth > _DEEPEST:
        return None
    if schema.default is not MISSING:
        return schema.default
    return _of_type(alternative, depth)


def _of_type(schema: Schema, depth: int) -> Any:
    match schema.type:
        case "string":
            formats = {"date-time": "2026-01-01T00:00:00Z", "uri": "https://example.com/"}
            return formats.get(schema.format or "", "x" * max(schema.min_length, 1))
        case "integer":
            return int(max(schema.minimum or 0, 0))
        case "number":
            return max(schema.minimum or 0, 0)
        case "boolean":
            return False
        case "array":
            return [plainest(schema.items, depth + 1)] * schema.min_items if schema.items else []
        case "object":
            required = sorted(schema.required & schema.properties.keys())
            return {key: plainest(schema.properties[key], depth + 1) for key in required}
    return None


def _examples(*schemas: Schema) -> Iterable[Any]:
    return (example for schema in schemas for example in schema.examples)


def _is_short(value: Any) -> bool:
    try:
        return len(json.dumps(value)) <= _LONGEST_EXAMPLE
    except (TypeError, ValueError):
        return False
