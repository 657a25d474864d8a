"""What the requests of a mapping are written from, and which keys of the configuration count for them."""

from collections.abc import Iterator

from providergen.mapping.model import Call, Mapping
from providergen.mapping.shape import Hole, Shape, holes, placed_holes
from providergen.mapping.vocabulary import COMMON_CONFIG, LABELLED_TABLES

__all__ = ["missing_for", "request_words", "variants", "written_holes"]


def variants(mapping: Mapping) -> list[Mapping]:
    """Return the mapping, and its overlays for models."""
    return [mapping, *(variant for _, variant in mapping.for_model)]


def request_words(mapping: Mapping) -> frozenset[str]:
    """Return the words of all holes that a request is written from, overlays for models included."""
    every = variants(mapping)
    found = {hole.name for variant in every for shape in _written(variant) for hole in holes(shape)}
    marked = any(block.kind == "cache" for variant in every for block in variant.blocks)
    return frozenset(found | {"cache"} if marked else found)


def written_holes(mapping: Mapping) -> Iterator[tuple[str, Hole]]:
    """Yield the holes of bodies, paths, queries, headers and the address with their mapping paths.

    Messages have others.
    """
    yield from placed_holes(mapping.request, "request")
    if mapping.stream and mapping.stream.request:
        yield from placed_holes(mapping.stream.request, "stream.request")
    listing = [("models", mapping.models.call)] if mapping.models else []
    for name, call in (*_calls(mapping), *listing):
        for part, entries in (("path", call.path), ("query", call.query), ("headers", call.headers)):
            for entry in entries:
                yield from placed_holes(entry.shape, f"{name}.{part}.{entry.key}")
    if mapping.vendor.base_url is not None:
        yield from placed_holes(mapping.vendor.base_url, "vendor.base_url")


def missing_for(mapping: Mapping, key: str) -> str | None:
    """Return what the mapping lacks for a key of the configuration to count, None if it counts.

    It is a hole (`$tool_choice`, `$config.tier`) or a section (`stream`). Where a hook writes the body, every key that
    the mapping names may count.
    """
    needed = COMMON_CONFIG.get(key, f"$config.{key}")
    match needed:
        case "stream":
            found = mapping.stream is not None
        case "vendor.auth":
            found = mapping.vendor.auth is not None
        case str() if key in COMMON_CONFIG:
            found = needed.removeprefix("$") in request_words(mapping)
        case str():
            places = (place for variant in variants(mapping) for place in written_holes(variant))
            found = "body" in mapping.hooks or any(hole.name == f"config.{key}" for _, hole in places)
        case None:
            found = True
    return None if found else needed


def _calls(mapping: Mapping) -> Iterator[tuple[str, Call]]:
    """Yield the section with the call of a whole answer, and that with the call of a streamed one if it is another."""
    yield "chat", mapping.chat
    if mapping.stream and mapping.stream.call:
        yield "stream", mapping.stream.call


def _written(mapping: Mapping) -> Iterator[Shape]:
    """Yield every shape that requests are written from."""
    yield mapping.request
    yield from mapping.message.values()
    yield from (block.shape for block in mapping.blocks)
    if mapping.tool is not None:
        yield mapping.tool
    for name in LABELLED_TABLES:
        table = mapping.tables.get(name)
        yield from (value for row in (table.rows if table else ()) for value in row.values)
    if mapping.stream and mapping.stream.request:
        yield mapping.stream.request
    for _, call in _calls(mapping):
        yield from (entry.shape for entry in (*call.path, *call.query, *call.headers))
