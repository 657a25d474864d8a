"""Compile block shapes in the direction vendor to Amplifier: one function per set of alternatives of a place."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from providergen.mapping.model import BlockShape
from providergen.mapping.shape import Hole, List, Object, Shape, holes
from providergen.plan import code
from providergen.plan.names import singular
from providergen.plan.reading.classes import Place
from providergen.plan.reading.gathered import FIELDS
from providergen.plan.reading.guards import constants, guards, some, tags

if TYPE_CHECKING:
    from providergen.plan.reading.shapes import Reader

__all__ = ["class_of", "fitting", "function_for"]

_EXTRA = frozenset({"id", "name", "input", "signature", "data", "text", "thinking"})


def class_of(reader: "Reader", alternatives: Sequence[BlockShape], path: str, context: str) -> str:
    """Return the name of the class of what may be any of these blocks."""
    return reader.classes.place(("blocks", *(block.path for block in alternatives)), path, context, "Block")


def fitting(reader: "Reader", path: str) -> tuple[BlockShape, ...]:
    """Return the block shapes that are read at a place."""
    paths = reader.classes.checked.slots.get(path, ())
    return tuple(block for block in reader.mapping.blocks if block.path in paths)


def function_for(reader: "Reader", alternatives: Sequence[BlockShape], type_: str, fragments: bool) -> str:
    """Return the function that reads one of these blocks."""
    key = (*(block.path for block in alternatives), str(fragments))
    if key in reader.known:
        return reader.known[key]
    kinds = {block.kind for block in alternatives}
    what = kinds.pop() if len(kinds) == 1 else "block"
    name = f"{'extend' if fragments else 'read'}_{what}"
    parameters = [("block", f"wire.{type_}"), ("answer", "Answer")]
    if reader.addressed:
        parameters.append(("at", "object = None"))
    body = tuple(_choice(reader, alternatives, type_, fragments))
    doc = f"Fold {'a fragment of one' if fragments else 'one'} {what.replace('_', ' ')} into the answer."
    reader.known[key] = reader.functions.add(name, parameters, "None", doc, body)
    return reader.known[key]


def _choice(
    reader: "Reader", alternatives: Sequence[BlockShape], type_: str, fragments: bool
) -> Iterator[code.Statement]:
    """Yield statements that apply the alternative with the most constants that fits, the first of equals."""
    block = code.Name("block")
    ordered = sorted(alternatives, key=lambda shape: -len(constants(shape.shape)))
    keys = [key for shape in ordered for key, _ in tags(shape.shape)[:1]]
    tag_key = max(keys, key=keys.count) if keys else None
    if tag_key is None or keys.count(tag_key) < 2:
        yield from _chain(reader, ordered, type_, fragments, None)
        return
    cases: dict[object, list[BlockShape]] = {}
    rest: list[BlockShape] = []
    for shape in ordered:
        value = dict(tags(shape.shape)).get(tag_key)
        (cases.setdefault(value, []) if value is not None else rest).append(shape)
    printed = [
        code.Case((code.Literal(value),), tuple(_chain(reader, shapes, type_, fragments, tag_key)))
        for value, shapes in cases.items()
    ]
    if rest:
        printed.append(code.Case((), tuple(_chain(reader, rest, type_, fragments, None))))
    reader.classes.constant(type_, tag_key, next(iter(cases)))
    yield code.Match(code.Get(block, tag_key), tuple(printed))


def _chain(
    reader: "Reader", shapes: Sequence[BlockShape], type_: str, fragments: bool, matched: str | None
) -> Iterator[code.Statement]:
    """Yield statements that apply the first shape that fits; `matched` is a key whose constant is known to be equal."""
    branches: list[tuple[code.Test, tuple[code.Statement, ...]]] = []
    for shape in shapes:
        body = tuple(_effect(reader, shape, type_, fragments))
        tests = guards(shape.shape, code.Name("block"), matched) if isinstance(shape.shape, Object) else []
        if len(shapes) > 1:
            tests += _bound(shape)
        elif not tests:
            yield from body
            return
        branches.append((code.all_of(tests), body))
    yield code.If(tuple(branches))


def _bound(shape: BlockShape) -> list[code.Test]:
    """Return the test that what Amplifier needs of the kind is there."""
    for key, inner in _needed(shape):
        value = code.Get(code.Name("block"), key)
        if isinstance(inner, List) and isinstance(inner.repeated, Object):
            return some(inner.repeated, value, singular(key)) or [code.Given(value)]
        direct = isinstance(inner, Hole) and inner.name in _EXTRA and inner.name != "input"
        return [code.Instance(value, "str") if direct else code.Given(value)]
    return []


def _effect(reader: "Reader", shape: BlockShape, type_: str, fragments: bool) -> Iterator[code.Statement]:
    """Yield the statements that give the answer one block."""
    place = Place(code.Name("block"), type_, shape.path)
    if not isinstance(shape.shape, Object):
        return
    gathered = reader.gather(shape.shape, place, fragments=fragments, kind=shape.kind)
    label = shape.label if shape.kind in ("text", "thinking") else None
    yield from gathered.block(shape.kind, label, code.Name("at") if reader.addressed else None)


def _needed(shape: BlockShape) -> Iterator[tuple[str, Shape]]:
    """Yield the key under which a block's essential field stands."""
    essential = FIELDS[shape.kind]
    for entry in shape.shape.entries if isinstance(shape.shape, Object) else ():
        if any(hole.name in essential for hole in holes(entry.shape)):
            yield entry.key, entry.shape
