"""Which words of Amplifier's requests a vendor takes, and what it can do by them."""

from collections.abc import Iterator

from providergen.check import Checked
from providergen.document import Schema
from providergen.mapping import Mapping
from providergen.mapping.requests import variants, written_holes
from providergen.mapping.shape import holes
from providergen.mapping.vocabulary import CACHE_TTLS, EFFORTS, TOOL_CHOICES
from providergen.plan.listed import listed

__all__ = ["cache_ttls", "capabilities", "efforts", "formats", "tool_choices"]

_ALL_FORMATS = frozenset({"json", "json_schema"})


def efforts(mapping: Mapping, checked: Checked) -> tuple[str, ...]:
    """Return the words for the reasoning effort that this vendor has one for, or lists itself."""
    return _keys(mapping, "reasoning_effort") or _listed(mapping, checked, "reasoning_effort") or EFFORTS


def tool_choices(mapping: Mapping, checked: Checked) -> tuple[str, ...]:
    """Return the choices of a tool, other than of one by its name, that this vendor has."""
    known = _keys(mapping, "tool_choice") or _listed(mapping, checked, "tool_choice") or TOOL_CHOICES
    return tuple(choice for choice in TOOL_CHOICES if choice in known)


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


def _keys(mapping: Mapping, table: str) -> tuple[str, ...]:
    tables = [found for variant in variants(mapping) if (found := variant.tables.get(table))]
    return tuple(dict.fromkeys(row.key for found in tables for row in found.rows))


def _listed(mapping: Mapping, checked: Checked, word: str) -> tuple[str, ...]:
    """Return what the document lists at the places to which a word goes without a table."""
    schemas: list[Schema] = []
    for prefix, variant in [("", mapping), *((f"for_model.{glob}.", variant) for glob, variant in mapping.for_model)]:
        for path, hole in written_holes(variant):
            if hole.name == word and variant.table(hole) is None:
                schemas += checked.written.get(f"{prefix}{path}", checked.written.get(path, ()))
    return listed(schemas)
