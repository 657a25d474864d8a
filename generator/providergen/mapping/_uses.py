"""What one part of a mapping says about another: sections that nothing refers to, limits of holes that are not sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from providergen.diagnostics import Findings, Position
from providergen.mapping.grammar import nearest
from providergen.mapping.model import Limit, Mapping, Stream
from providergen.mapping.shape import Entry, Hole, List, Object, Shape, Text, holes
from providergen.mapping.vocabulary import COMMON_CONFIG, REQUEST_WORDS

__all__ = ["check_limits", "check_uses"]

_REST = frozenset({"block", "content"})


def check_uses(mapping: Mapping, findings: Findings) -> None:
    """Warn of what the file states and nothing refers to; what it inherits unused is no concern of its writer."""
    uses = _Uses.of([mapping, *(overlay for _, overlay in mapping.for_model)])
    for place, at, needed in _stated(mapping):
        if mapping.inherited(at) or not needed or any(uses.has(word) for word in needed):
            continue
        words = " or ".join(f"${word}" for word in needed)
        findings.warning(
            "unused-section",
            f"nothing refers to it: {words} stands nowhere",
            at,
            place=place,
            hint="use it or delete it",
        )


@dataclass(frozen=True, slots=True)
class _Uses:
    """The words that holes say anywhere in a mapping or its overlays."""

    words: frozenset[str]

    def has(self, word: str) -> bool:
        return word in self.words

    @classmethod
    def of(cls, mappings: Iterable[Mapping]) -> "_Uses":
        return cls(frozenset(hole.name for mapping in mappings for hole in _all_holes(mapping)))


def _all_holes(mapping: Mapping) -> Iterator[Hole]:
    shapes: list[Shape | None] = [
        mapping.request,
        *mapping.message.values(),
        *(block.shape for block in mapping.blocks),
        mapping.tool,
        mapping.usage,
        mapping.response,
        mapping.error,
        *(value for table in mapping.tables.values() for row in table.rows for value in row.values),
        mapping.vendor.base_url,
    ]
    if isinstance(mapping.stream, Stream):
        shapes += [mapping.stream.request, *(event.shape for event in mapping.stream.events)]
    if mapping.models:
        shapes.append(mapping.models.response)
    for shape in shapes:
        yield from holes(shape) if shape is not None else ()
    for entry in _parameters(mapping):
        yield from holes(entry.shape)


def _parameters(mapping: Mapping) -> Iterator[Entry]:
    calls = [
        mapping.chat,
        mapping.stream.call if mapping.stream else None,
        mapping.models.call if mapping.models else None,
    ]
    for call in calls:
        if call is not None:
            yield from (*call.path, *call.query, *call.headers)


def _stated(mapping: Mapping) -> Iterator[tuple[str, Position, tuple[str, ...]]]:
    """Yield what only counts where a hole names it: its path, where it stands, and the words of which one is enough."""
    for name in ("tool", "usage"):
        if getattr(mapping, name) is not None:
            yield name, mapping.position(name), (name,)
    for name, table in mapping.tables.items():
        if name not in ("error_type", "error_code", "error_status"):
            yield name, table.at, (name,)
        for row in table.rows if name in ("error_type", "error_code") else ():
            exact = any(not str(getattr(value, "value", "")).startswith("/") for value in row.values)
            if exact:
                yield f"{name}.{row.key}", row.at, (name,)
    for block in mapping.blocks:
        yield block.path, block.at, ("cache", *_REST) if block.kind == "cache" else (block.kind, *_REST)
    for word in mapping.defaults:
        yield f"defaults.{word}", mapping.position(f"defaults.{word}"), (word,)
    for word in mapping.totals:
        yield f"totals.{word}", mapping.position(f"totals.{word}"), mapping.totals[word]
    for name, field in mapping.config.items():
        if name not in COMMON_CONFIG:
            yield f"config.{name}", field.at, (f"config.{name}",)


def check_limits(mapping: Mapping, findings: Findings) -> Mapping:
    """Keep, in the mapping and in each overlay, the limits that can apply there; one that applies nowhere is an error.

    An inherited limit whose fields this vendor lacks is left out without a word.
    """
    variants = [mapping, *(overlay for _, overlay in mapping.for_model)]
    for number, limit in enumerate(mapping.limits):
        faults = [_fault(limit, variant) for variant in variants]
        if all(faults) and not mapping.inherited(limit.at):
            findings.error("wrong-limit", str(faults[0]), limit.at, place=f"limits[{number}]")
    overlays = tuple((glob, _kept(overlay)) for glob, overlay in mapping.for_model)
    return replace(_kept(mapping), for_model=overlays)


def _kept(mapping: Mapping) -> Mapping:
    kept = [_cut(limit, mapping) for limit in mapping.limits if not _fault(limit, mapping)]
    return replace(mapping, limits=tuple(kept))


def _cut(limit: Limit, mapping: Mapping) -> Limit:
    return replace(limit, drop=tuple(word for word in limit.drop if not _hole_fault(word, mapping)))


def _fault(limit: Limit, mapping: Mapping) -> str | None:
    if limit.condition is not None:
        faults = [_hole_fault(word, mapping) for word in limit.drop]
        return _hole_fault(limit.condition, mapping) or next((f for f in faults if f and all(faults)), None)
    return _path_fault(limit.lower, mapping) or _path_fault(limit.upper, mapping)


def _hole_fault(word: str, mapping: Mapping) -> str | None:
    name, _, value = word.partition(".")
    if name not in REQUEST_WORDS:
        return f"{name!r} is no request hole; there is {', '.join(REQUEST_WORDS)}{nearest(name, REQUEST_WORDS)}"
    if not any(hole.name == name for hole in holes(mapping.request)):
        return f"the request has no ${name}"
    table = mapping.tables.get(name)
    if value and (table is None or table.get(value) is None):
        known = [row.key for row in table.rows] if table else []
        return f"{name} has no value {value!r}{nearest(value, known)}"
    return None


def _path_fault(path: tuple[str, ...], mapping: Mapping) -> str | None:
    if _reaches(mapping.request, path, mapping):
        return None
    return f"the request has no {'.'.join(path)!r}"


def _reaches(shape: Shape, path: tuple[str, ...], mapping: Mapping) -> bool:
    match shape:
        case Object():
            below = shape.get(path[0]) if path else None
            return below is not None and _reaches(below, path[1:], mapping)
        case Hole(name=name) if path:
            table = mapping.tables.get(name)
            return table is not None and any(_reaches(v, path, mapping) for row in table.rows for v in row.values)
        case Text() | List():
            return False
        case _:
            return not path
