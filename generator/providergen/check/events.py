"""Streamed events: which schema describes one of them."""

from collections.abc import Iterable
from typing import Final

from providergen.check.laid import Laid
from providergen.check.laying import alternatives
from providergen.check.reading import Reading
from providergen.check.wording import closest
from providergen.document import Document, Operation, Schema
from providergen.mapping.model import Stream

__all__ = ["event_schemas", "unwrapped"]

# The fields of a server-sent event; documents describe the data inside this envelope, or alone.
_ENVELOPE: Final = frozenset({"data", "event", "id", "retry", "comment", "comments"})
_DEPTH: Final = 4


def event_schemas(
    stream: Stream, operation: Operation | None, document: Document, reading: Reading, laid: Laid, *, separate: bool
) -> tuple[Schema, ...]:
    """Return the alternatives of one event, `()` if the document does not describe them.

    `stream.schema` names them; else the operation's answer for streams does; else its JSON answer, where the operation
    exists for streaming (`separate`) or answers one thing or another.
    """
    if stream.schema is not None:
        schema = document.component(stream.schema)
        if schema is not None:
            return unwrapped([schema])
        names = document.root.get("components", {}).get("schemas", {})
        message = f"the document has no schema '{stream.schema}'"
        place = "stream.schema"
        hint = closest(stream.schema, names)
        laid.add(reading.problem("unknown-schema", message, stream.at, place, hint=hint))
        return ()
    if operation is None:
        return ()
    described = operation.response(stream=True)
    if described is None:
        described = operation.response()
        if described is None or not (separate or len(described.alternatives) > 1):
            return ()
    return unwrapped([described])


def unwrapped(schemas: Iterable[Schema], depth: int = _DEPTH) -> tuple[Schema, ...]:
    """Return the alternatives of schemas without the SSE envelope `{data: …}` and without the list around them."""
    found: list[Schema] = []
    for one in alternatives(schemas):
        data = one.properties.get("data")
        if depth and one.type == "array" and one.items is not None:
            found += unwrapped([one.items], depth - 1)
        elif depth and data is not None and one.properties.keys() <= _ENVELOPE and _holds_object(data):
            found += unwrapped([data], depth - 1)
        else:
            found.append(one)
    return tuple(dict.fromkeys(found))


def _holds_object(schema: Schema) -> bool:
    return any(one.type == "object" or one.properties for one in schema.alternatives)
