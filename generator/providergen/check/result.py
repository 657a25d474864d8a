"""What a check hands on: the places, fills and operations that the plan builds from, and the coverage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from providergen.document import Operation, Schema

__all__ = ["Checked", "Coverage", "Operations", "Variants"]


@dataclass(frozen=True, slots=True)
class Variants:
    """What a vendor may send at one kind of place, by the vendor's names: what the mapping reads, and what not."""

    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the document the mapping reads.

    `blocks`, `events` and `finish_reasons` are empty where the document names no variants. A place is a leaf of a shape
    at a place of the document: `ok` fit, `silent` are not described, `unchecked` are wrong but excused.
    """

    blocks: Variants = Variants()
    events: Variants = Variants()
    finish_reasons: Variants = Variants()
    ok: int = 0
    silent: int = 0
    unchecked: int = 0


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations of the document that the mapping calls; None where it has none, or names one that is not there."""

    chat: Operation | None = None
    stream: Operation | None = None
    models: Operation | None = None


@dataclass(frozen=True)
class Checked:
    """A mapping that was held against a document.

    Mapping paths are those of findings (`request.tools[...]`, `block.text.type`); those of an overlay start with
    `for_model.<glob>.`, those of the section `stream.request` with `stream.request`, and so do the paths of its request
    where it states them.

    Attributes:
        written: mapping path of a shape node to the alternatives of the document that it lies on when written; empty
            where the document does not describe the place.
        read: the same for reading.
        fills: mapping path of an object that is written to the keys that the vendor requires and that may have nothing,
            with the emptiest value the vendor allows.
        slots: mapping path of a slot (a hole that takes blocks) to the paths of the block shapes that fit there, those
            written and those read.
        events: the alternatives of one streamed event, out of its envelope or list; empty if not described.
        coverage: what nothing reads, and how many places fit.
        operations: what is called.
    """

    written: Mapping[str, tuple[Schema, ...]] = field(default_factory=dict)
    read: Mapping[str, tuple[Schema, ...]] = field(default_factory=dict)
    fills: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    events: tuple[Schema, ...] = ()
    coverage: Coverage = Coverage()
    operations: Operations = Operations()

    @cached_property
    def places(self) -> Mapping[str, tuple[Schema, ...]]:
        """Mapping path of every shape node to its alternatives, written and read together, each once."""
        paths = dict.fromkeys([*self.written, *self.read])
        return {path: tuple(dict.fromkeys([*self.written.get(path, ()), *self.read.get(path, ())])) for path in paths}
