"""What one part of a mapping says about another: sections nothing refers to, labels without table, empty limits."""

from collections.abc import Iterator
from dataclasses import replace

from providergen.diagnostics import Findings, Position
from providergen.mapping.grammar import nearest
from providergen.mapping.model import Call, Limit, Mapping
from providergen.mapping.requests import missing_for, variants
from providergen.mapping.shape import Hole, Object, Shape, holes
from providergen.mapping.vocabulary import LABELLED_TABLES, REQUEST_WORDS

__all__ = ["check_limits", "check_uses"]

_REST = frozenset({"block", "content"})
_ERROR_TABLES = ("error_type", "error_code")


def check_uses(mapping: Mapping, findings: Findings) -> None:
    """Refuse labels without a table, and warn of what the file states and nothing refers to.

    What it inherits unused is no concern of its writer.
    """
    every = variants(mapping)
    words = {word for variant in every for hole in _all_holes(variant) for word in (hole.name, _named(hole))}
    slots = {hole.name for variant in every for shape in _slots(variant) for hole in holes(shape)}
    for place, at, needed in _stated(mapping):
        if mapping.inherited(at) or not (slots if place.startswith("block.") else words).isdisjoint(needed):
            continue
        _warn_unused(findings, place, at, " or ".join(f"${word}" for word in needed))
    for key, field in mapping.config.items():
        if not mapping.inherited(field.at) and (missing := missing_for(mapping, key)):
            _warn_unused(findings, f"config.{key}", field.at, missing)
    if "model" in words and "model" not in mapping.defaults:
        message = "no default model is named, so whoever uses the provider has to configure one"
        hint = "write defaults: {model: ...}"
        findings.note("no-default-model", message, mapping.position("defaults"), place="defaults.model", hint=hint)
    tables = {hole: variant.table(hole) for variant in every for hole in _all_holes(variant)}
    for hole, table in tables.items():
        if hole.label and hole.name in LABELLED_TABLES and table is None:
            known = [name for name in mapping.tables if name.startswith(f"{hole.name}.")]
            message = f"{hole}: there is no section {_named(hole)!r}{nearest(_named(hole), known)}"
            findings.error("unknown-label", message, hole.at, hint="write the table under that name")


def _warn_unused(findings: Findings, place: str, at: Position, missing: str) -> None:
    message = f"nothing refers to it: {missing} stands nowhere"
    findings.warning("unused-section", message, at, place=place, hint="use it or delete it")


def _named(hole: Hole) -> str:
    return f"{hole.name}.{hole.label}" if hole.label else hole.name


def _all_holes(mapping: Mapping) -> Iterator[Hole]:
    shapes: list[Shape | None] = [
        mapping.vendor.base_url,
        mapping.request,
        *mapping.message.values(),
        *(block.shape for block in mapping.blocks),
        mapping.tool,
        *(value for table in mapping.tables.values() for row in table.rows for value in row.values),
        mapping.response,
        mapping.usage,
        mapping.error,
        *_parameters(mapping.chat),
    ]
    if stream := mapping.stream:
        shapes += [stream.request, *_parameters(stream.call), *(event.shape for event in stream.events)]
    if models := mapping.models:
        shapes += [models.response, *_parameters(models.call)]
    for shape in shapes:
        yield from holes(shape) if shape is not None else ()


def _slots(mapping: Mapping) -> Iterator[Shape]:
    """Yield the shapes in which a hole stands for blocks."""
    yield from mapping.message.values()
    yield from (block.shape for block in mapping.blocks if block.kind == "tool_result")
    yield mapping.response
    yield from (event.shape for event in mapping.stream.events) if mapping.stream else ()


def _parameters(call: Call | None) -> list[Shape]:
    return [entry.shape for entry in (*call.path, *call.query, *call.headers)] if call else []


def _stated(mapping: Mapping) -> Iterator[tuple[str, Position, tuple[str, ...]]]:
    """Yield what only counts where a hole names it: its path, where it stands, and the words of which one is enough."""
    for name in ("tool", "usage"):
        if getattr(mapping, name) is not None:
            yield name, mapping.position(name), (name,)
    for name, table in mapping.tables.items():
        if name in _ERROR_TABLES:
            for row in table.rows:
                if any(not str(getattr(value, "value", "")).startswith("/") for value in row.values):
                    yield f"{name}.{row.key}", row.at, (name,)
        elif name != "error_status":
            yield name, table.at, (name,)
    for block in mapping.blocks:
        yield block.path, block.at, ("cache", *_REST) if block.kind == "cache" else (block.kind, *_REST)
    for word in mapping.defaults:
        yield f"defaults.{word}", mapping.position(f"defaults.{word}"), (word,)
    for word, added in mapping.totals.items():
        yield f"totals.{word}", mapping.position(f"totals.{word}"), added


def check_limits(mapping: Mapping, findings: Findings) -> Mapping:
    """Keep, in the mapping and in each overlay, the limits that can apply there; what can apply nowhere is an error.

    An inherited limit whose fields this vendor lacks is left out without a word.
    """
    every = variants(mapping)
    limits = {limit.at: (number, limit) for variant in every for number, limit in enumerate(variant.limits)}
    for number, limit in limits.values():
        if mapping.inherited(limit.at):
            continue
        for part in _parts(limit):
            faults = [_fault(part, variant) for variant in every]
            if all(faults):
                findings.error("wrong-limit", str(faults[0]), limit.at, place=f"limits[{number}]")
    overlays = tuple((glob, _kept(overlay)) for glob, overlay in mapping.for_model)
    return replace(_kept(mapping), for_model=overlays)


def _kept(mapping: Mapping) -> Mapping:
    cut = [replace(one, drop=tuple(word for word in one.drop if not _fault(word, mapping))) for one in mapping.limits]
    kept = [one for one in cut if (one.drop or one.lower) and not any(_fault(part, mapping) for part in _parts(one))]
    return replace(mapping, limits=tuple(kept))


def _parts(limit: Limit) -> list[str | tuple[str, ...]]:
    return [limit.condition, *limit.drop] if limit.condition is not None else [limit.lower, limit.upper]


def _fault(part: str | tuple[str, ...], mapping: Mapping) -> str | None:
    """Say why a request hole, a value of one, or a vendor path is not there."""
    if isinstance(part, tuple):
        return None if _reaches(mapping.request, part, mapping) else f"the request has no {'.'.join(part)!r}"
    name, _, value = part.partition(".")
    if name not in REQUEST_WORDS:
        return f"{name!r} is no request hole; there is {', '.join(REQUEST_WORDS)}{nearest(name, REQUEST_WORDS)}"
    if all(hole.name != name for hole in holes(mapping.request)):
        return f"the request has no ${name}"
    table = mapping.tables.get(name)
    if value and (table is None or table.get(value) is None):
        return f"{name} has no value {value!r}{nearest(value, [row.key for row in table.rows] if table else [])}"
    return None


def _reaches(shape: Shape, path: tuple[str, ...], mapping: Mapping) -> bool:
    if not path:
        return True
    match shape:
        case Object():
            below = shape.get(path[0])
            return below is not None and _reaches(below, path[1:], mapping)
        case Hole():
            table = mapping.table(shape)
            return table is not None and any(_reaches(v, path, mapping) for row in table.rows for v in row.values)
        case _:
            return False
