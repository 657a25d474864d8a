"""Where a request says that what comes before may be cached (docs/mapping.md, "Cache")."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from providergen.mapping import Mapping
from providergen.mapping.shape import Constant, Hole, List, Object, Shape, holes
from providergen.plan import code
from providergen.plan.functions import names_used
from providergen.plan.writing.shapes import Writer

__all__ = ["plan_marks"]


def plan_marks(writer: Writer, made: str) -> bool:
    """Plan `mark_cache` for bodies of the class `made`; tell whether the mapping marks anything."""
    statements: tuple[code.Statement, ...] = tuple(code.Do(_call(mark)) for mark in _marks(writer.mapping))
    if not statements:
        return False
    constant = writer.functions.constant("cache", "Final[dict[str, Any]]", code.Literal(_values(writer.mapping)))
    control = code.Invoke(f"{constant}.get", (code.Name("lifetime"), code.Literal(True)))
    assigned = code.Assign("control", control)
    body = (assigned, *statements) if "control" in names_used(statements) else statements
    parameters = (("body", f"wire.{made}"), ("lifetime", "str"))
    doc = "Say where what may be cached ends: the last system text, the last tool, the last block of the conversation."
    writer.functions.add("mark_cache", parameters, "None", doc, body)
    return True


def _call(mark: "_Mark") -> code.Invoke:
    """Return the call that sets a mark."""
    path = code.Literal(mark.path)
    if mark.element is not None:
        return code.Invoke("append_to", (code.Name("body"), path, _element(mark.element)))
    never = (("never", code.Literal(mark.refused)),) if mark.refused else ()
    return code.Invoke("mark_last", (code.Name("body"), path, code.Literal(mark.key), code.Name("control")), never)


def _element(shape: Shape) -> code.Expr:
    """Return what marks the end of what may be cached by itself; its holes are the vendor's value of the lifetime."""
    match shape:
        case Object(entries=entries):
            return code.Make(tuple((entry.key, _element(entry.shape)) for entry in entries))
        case List(items=items):
            return code.Sequence(tuple(_element(item) for item in items))
        case Constant(value=value):
            return code.Literal(value)
    return code.Name("control")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A list of the body whose last item ends a cached prefix: the keys to it, and the key that is set on the item.

    `refused` are constants (key, value) of items that cannot carry the mark. With `key` None, `element` is put behind
    the item instead; its holes are the mark's value.
    """

    path: tuple[str | int, ...]
    key: str | None
    refused: tuple[tuple[str, Any], ...] = ()
    element: Shape | None = None


def _values(mapping: Mapping) -> dict[str, Any]:
    """Return the vendor's value of a mark by Amplifier's word for its lifetime."""
    table = mapping.tables.get("cache")
    return {row.key: _json(row.values[0]) for row in table.rows} if table else {}


def _json(shape: Shape) -> Any:
    """Return a shape without holes as the JSON it is."""
    match shape:
        case Constant(value=value):
            return value
        case Object(entries=entries):
            return {entry.key: _json(entry.shape) for entry in entries}
        case List(items=items):
            return [_json(item) for item in items]
    raise AssertionError("a cache row has no holes")


def _marks(mapping: Mapping) -> Iterator[_Mark]:
    """Yield where the breakpoints go: the last system text, the last tool, the last block of the last message."""
    for path, shape in _lists(mapping.request, ()):
        repeated = shape.repeated
        if isinstance(repeated, Hole) and repeated.name == "tool" and mapping.tool is not None:
            if key := _cache_key(mapping.tool):
                yield _Mark(path, key)
        elif isinstance(repeated, Hole) and repeated.name == "message":
            yield from _message_marks(mapping, path)
        elif repeated is None and any(hole.name == "system" for hole in holes(shape)):
            key = _cache_key(shape.items[-1])
            yield from [_Mark(path, key)] if key else []


def _message_marks(mapping: Mapping, path: tuple[str | int, ...]) -> Iterator[_Mark]:
    element = next((block for block in mapping.blocks if block.kind == "cache"), None)
    keys = {key for block in mapping.blocks if (key := _cache_key(block.shape))}
    content = {inner for shape in mapping.message.values() for inner, _ in _lists(shape, ())}
    for inner in sorted(content, key=str):
        if element is not None:
            yield _Mark((*path, -1, *inner), None, element=element.shape)
        for key in sorted(keys):
            refused = tuple(
                tag
                for block in mapping.blocks
                if block.kind != "cache" and _cache_key(block.shape) != key and (tag := _tag(block.shape))
            )
            yield _Mark((*path, -1, *inner), key, refused)


def _tag(shape: Shape) -> tuple[str, Any] | None:
    entries = shape.entries if isinstance(shape, Object) else ()
    return next(((entry.key, entry.shape.value) for entry in entries if isinstance(entry.shape, Constant)), None)


def _cache_key(shape: Shape) -> str | None:
    entries = shape.entries if isinstance(shape, Object) else ()
    return next((entry.key for entry in entries if isinstance(entry.shape, Hole) and entry.shape.name == "cache"), None)


def _lists(shape: Shape, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], List]]:
    """Yield the lists inside a shape with the keys to them."""
    match shape:
        case Object(entries=entries):
            for entry in entries:
                yield from _lists(entry.shape, (*path, entry.key))
        case List(items=items):
            yield path, shape
            for index, item in enumerate(items):
                yield from _lists(item, (*path, index))
