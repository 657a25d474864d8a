"""Lay a vendor's JSON out along the shapes of a mapping: what the vendor would send to say something."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from providergen.check import Checked
from providergen.check.guards import allowed_by_guards
from providergen.document import Schema
from providergen.mapping import Mapping as Vendor
from providergen.mapping.model import BlockShape
from providergen.mapping.shape import Constant, Entry, Hole, List, Object, Shape, Text, holes
from providergen.plan.examples.plainest import plainest

__all__ = ["ABSENT", "Layout", "Sample", "Values"]

ABSENT: Final = object()
"""What a hole gives that has nothing to say: its key is left out."""

_ADDRESS = frozenset({"index", "end"})
_BLOCK_SLOTS = frozenset({"block", "content", "tool_call", "image"})


@dataclass(frozen=True, slots=True)
class Sample:
    """A block in Amplifier's terms: its kind, its label, and the fields that holes can name."""

    kind: str
    fields: Mapping[str, Any]
    label: str | None = None

    def saying(self, **fields: Any) -> "Sample":
        """Return the same block with other fields."""
        return Sample(self.kind, {**self.fields, **fields}, self.label)


@dataclass(slots=True)
class Values:
    """What the holes of one piece of JSON say.

    `plain` by the name of the hole with its label ("text.refusal"); `blocks` go where blocks may stand; `cards` are
    models by the holes of one; `response` and `usage` are those of the sections. A finish reason is said once.
    """

    plain: dict[str, Any] = field(default_factory=dict)
    blocks: Sequence[Sample] = ()
    cards: Sequence[Mapping[str, Any]] = ()
    response: "Values | None" = None
    usage: Mapping[str, int] | None = None

    @classmethod
    def of_blocks(cls, blocks: Sequence[Sample]) -> "Values":
        """Return blocks both as blocks and as the holes that stand for them where the vendor has no list of blocks."""
        plain: dict[str, Any] = {}
        for block in blocks:
            if block.kind in ("text", "thinking"):
                label = f".{block.label}" if block.label else ""
                plain |= {f"{name}{label}": value for name, value in block.fields.items()}
        return cls(plain, blocks)


@dataclass(frozen=True, slots=True)
class Layout:
    """Lays out the shapes of one mapping; keys that the document requires beside them get values of the document's."""

    mapping: Vendor
    checked: Checked

    def laid(self, shape: Shape, path: str, values: Values) -> Any:
        """Return the JSON that says these values at a mapping path, whole even where it says nothing."""
        if isinstance(shape, Object):
            return self._object(shape, path, values, forced=True)
        return self._value(shape, path, values)

    def readable(self, path: str, sample: Sample) -> BlockShape | None:
        """Return the shape in which a block is read at a place, None if it is not."""
        fitting = self.checked.slots.get(path, ())
        shapes = (block for block in self.mapping.blocks if block.path in fitting)
        return next((block for block in shapes if (block.kind, block.label) == (sample.kind, sample.label)), None)

    def _value(self, shape: Shape, path: str, values: Values) -> Any:
        match shape:
            case Constant(value=value):
                return ABSENT if value is None else value
            case Hole():
                return self._hole(shape, path, values)
            case Text(parts=parts):
                said = [part if isinstance(part, str) else self._hole(part, path, values) for part in parts]
                return ABSENT if ABSENT in said else "".join(map(str, said))
            case Object():
                return self._object(shape, path, values)
        return self._list(shape, path, values)

    def _object(self, shape: Object, path: str, values: Values, *, forced: bool = False) -> Any:
        said = {entry.key: self._value(entry.shape, f"{path}.{entry.key}", values) for entry in shape.entries}
        meant = {entry.key for entry in shape.entries if any(hole.name not in _ADDRESS for hole in holes(entry.shape))}
        if not forced and meant and all(said[key] is ABSENT for key in meant):
            return ABSENT
        made = {key: value for key, value in said.items() if value is not ABSENT}
        schemas = self.checked.read.get(path, ())
        found = allowed_by_guards(shape, list(schemas))
        if not found:
            return made
        best = max(found, key=lambda schema: len(schema.properties.keys() & said.keys()))
        return made | dict(self._required(best, shape, path, made))

    def _required(self, schema: Schema, shape: Object, path: str, made: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield the keys that the document requires and nobody has said anything for."""
        entries = {entry.key: entry for entry in shape.entries}
        blocks = self.mapping.blocks if path.startswith("block.") else ()
        told = {entry.key for block in blocks for entry in _entries(block.shape)}
        for key in sorted(schema.required - made.keys()):
            known = schema.properties.get(key)
            if key in entries:
                value = self._empty(entries[key].shape, f"{path}.{key}", known)
            elif known is None or key in told:  # another kind of block might be seen in it
                continue
            else:
                value = plainest(known)
            if value is not ABSENT:
                yield key, value

    def _empty(self, shape: Shape, path: str, schema: Schema | None) -> Any:
        """Return what says nothing under a key that has to be there."""
        if schema is None or schema.nullable:
            return None
        if isinstance(shape, Hole) and (shape.name.startswith("_") or self._is_unknown_code(shape)):
            return plainest(schema)  # the vendor's own, whatever it is
        if isinstance(shape, Object):
            return self._object(shape, path, Values(), forced=True)
        types = {one.type for one in schema.alternatives if not one.enum}
        return next((empty for name, empty in (("array", []), ("string", "")) if name in types), ABSENT)

    def _is_unknown_code(self, hole: Hole) -> bool:
        return hole.name == "error_code" and hole.name not in self.mapping.tables

    def _list(self, shape: List, path: str, values: Values) -> Any:
        if shape.repeated is None:
            said = [self._value(item, f"{path}[{place}]", values) for place, item in enumerate(shape.items)]
            return said if ABSENT not in said else ABSENT
        item, inner = shape.repeated, f"{path}[...]"
        if isinstance(item, Hole) and item.name in _BLOCK_SLOTS:
            return self._blocks(inner, values) or ([] if not values.plain else ABSENT)
        if values.cards:
            return [self._value(item, inner, Values(dict(card))) for card in values.cards]
        said = self._value(item, inner, values)
        return ABSENT if said is ABSENT else [said]

    def _hole(self, hole: Hole, path: str, values: Values) -> Any:
        match hole.name:
            case "usage":
                if values.usage is None or self.mapping.usage is None:
                    return ABSENT
                return self._value(self.mapping.usage, "usage", Values(dict(values.usage)))
            case "response":
                return self.laid(self.mapping.response, "response", values.response) if values.response else ABSENT
            case "content":
                return self._blocks(path, values) or ABSENT
            case name if name in _BLOCK_SLOTS:
                return next(iter(self._blocks(path, values)), ABSENT)
            case "finish_reason":
                word = values.plain.get("finish_reason", ABSENT)
                return values.plain.pop("finish_reason", ABSENT) if self._fits(word, path) else ABSENT
        name = f"{hole.name}.{hole.label}" if hole.label else hole.name
        value = values.plain.get(name, (values.usage or {}).get(name, ABSENT))
        if hole.name == "input" and value == "":  # arguments of which nothing has come
            return "" if hole.json or hole.fragment else {}
        return json.dumps(value) if hole.json and value is not ABSENT else value

    def _fits(self, word: Any, path: str) -> bool:
        """Tell whether the document lets a word stand at a place: the reason of an end may have several places."""
        choices = [one for schema in self.checked.read.get(path, ()) for one in schema.alternatives]
        return not choices or any(one.type != "boolean" and (not one.enum or word in one.enum) for one in choices)

    def _blocks(self, path: str, values: Values) -> list[Any]:
        """Return those blocks that are read at a place."""
        fitting = ((self.readable(path, sample), sample) for sample in values.blocks)
        return [
            self._value(block.shape, block.path, Values(dict(sample.fields)))
            for block, sample in fitting
            if block is not None
        ]


def _entries(shape: Shape) -> tuple[Entry, ...]:
    return shape.entries if isinstance(shape, Object) else ()
