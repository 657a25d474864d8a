"""Which words of Amplifier's requests a vendor takes, and what it can do by them."""

from collections.abc import Iterator

from providergen.mapping import Mapping
from providergen.mapping.model import Call
from providergen.mapping.shape import Shape, holes
from providergen.mapping.vocabulary import CACHE_TTLS, EFFORTS

__all__ = ["cache_ttls", "calls", "capabilities", "efforts", "formats", "variants", "words"]

_ALL_FORMATS = frozenset({"json", "json_schema"})


def words(mapping: Mapping) -> frozenset[str]:
    """Return the words of all holes that a request is written from, overlays for models included."""
    known = variants(mapping)
    found = {hole.name for variant in known for shape in _written(variant) for hole in holes(shape)}
    marked = any(block.kind == "cache" for variant in known for block in variant.blocks)
    return frozenset(found | {"cache"} if marked else found)


def efforts(mapping: Mapping) -> tuple[str, ...]:
    """Return Amplifier's words for the reasoning effort that this vendor has one for."""
    return _keys(mapping, "reasoning_effort") or EFFORTS


def cache_ttls(mapping: Mapping) -> tuple[str, ...]:
    """Return how long cache breakpoints may live."""
    return _keys(mapping, "cache") or CACHE_TTLS


def formats(mapping: Mapping) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the response formats that the vendor has, by glob of model ids; () if all models have all."""
    found = [(glob, _formats_of(variant)) for glob, variant in (*mapping.for_model, ("*", mapping))]
    return () if all(set(known) >= _ALL_FORMATS for _, known in found) else tuple(found)


def _formats_of(mapping: Mapping) -> tuple[str, ...]:
    table = mapping.tables.get("response_format")
    asked = table is not None and any(hole.name == "response_format" for hole in holes(mapping.request))
    return tuple(row.key for row in table.rows) if table is not None and asked else ()


def capabilities(mapping: Mapping, taken: frozenset[str]) -> Iterator[str]:
    """Yield the kernel's words for what the mapping can carry."""
    if mapping.tool is not None:
        yield "tools"
    if mapping.stream is not None:
        yield "streaming"
    if "reasoning_effort" in taken or any(block.kind == "thinking" for block in mapping.blocks):
        yield "thinking"
    if any(block.kind == "image" for block in mapping.blocks):
        yield "vision"
    if taken & {"response_format", "schema"}:
        yield "json_mode"


def calls(mapping: Mapping) -> Iterator[tuple[str, Call]]:
    """Yield the section with the call of a whole answer, and that with the call of a streamed one if it is another."""
    yield "chat", mapping.chat
    if mapping.stream and mapping.stream.call:
        yield "stream", mapping.stream.call


def _keys(mapping: Mapping, table: str) -> tuple[str, ...]:
    tables = [found for variant in variants(mapping) if (found := variant.tables.get(table))]
    return tuple(dict.fromkeys(row.key for found in tables for row in found.rows))


def variants(mapping: Mapping) -> list[Mapping]:
    """Return the mapping, and its overlays for models."""
    return [mapping, *(variant for _, variant in mapping.for_model)]


def _written(mapping: Mapping) -> Iterator[Shape]:
    """Yield every shape that requests are written from."""
    yield mapping.request
    yield from mapping.message.values()
    yield from (block.shape for block in mapping.blocks)
    if mapping.tool is not None:
        yield mapping.tool
    for name in ("tool_choice", "response_format", "reasoning_effort"):
        table = mapping.tables.get(name)
        yield from (value for row in (table.rows if table else ()) for value in row.values)
    if mapping.stream and mapping.stream.request:
        yield mapping.stream.request
    for _, call in calls(mapping):
        yield from (entry.shape for entry in (*call.path, *call.query, *call.headers))
