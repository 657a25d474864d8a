"""Where each node of a YAML or JSON text stands, by JSON Pointer.

Findings need this, and nothing else does: it is a second pass over the text, half a second for 3 MB, made on demand.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from re import finditer
from typing import Any, Final, NamedTuple

import yaml
from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from providergen.diagnostics import Position
from providergen.document._json import is_json, marks
from providergen.document._yaml import break_free, events
from providergen.document.pointer import join, parent

__all__ = ["Place", "Positions", "positions_of"]

_MOST_REPETITIONS: Final = 100_000  # nodes below aliases that have places; those beyond have that of their alias


class Place(NamedTuple):
    """Where a node and its key stand; the key of a list item is the item itself."""

    value: Position
    key: Position


@dataclass(frozen=True, slots=True)
class Positions(Mapping[str, Place]):
    """JSON Pointer to Place, for every node of one text; below an alias the places are those of its anchor.

    `repeated` lists the pointers of keys that are given twice, with the place of the later one.
    """

    path: str
    places: dict[str, Place] = field(default_factory=dict)
    repeated: list[tuple[str, Place]] = field(default_factory=list)

    def __getitem__(self, pointer: str) -> Place:
        return self.places[pointer]

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def nearest(self, pointer: str) -> Place:
        """Return the place of a node, of the nearest node above it if there is no such node."""
        while pointer not in self.places:
            if not pointer:
                return Place(Position(self.path), Position(self.path))
            pointer = parent(pointer)
        return self.places[pointer]


def positions_of(text: str, path: str) -> Positions:
    """Return the places of all nodes of a text that parse_text accepts; of another, of those before its first fault."""
    text = text.removeprefix("\ufeff")
    recorder = _Recorder(Positions(path))
    if is_json(text):
        recorder.read_json(text)
    else:
        recorder.read_yaml(text)
    return recorder.positions


@dataclass(slots=True)
class _Level:
    """An open mapping or list: its pointer, the key to come (None: the next scalar is one) or the next index."""

    pointer: str
    is_map: bool
    key: str | None = None
    key_at: Position | None = None
    index: int = 0


@dataclass(slots=True)
class _Recorder:
    positions: Positions
    levels: list[_Level] = field(default_factory=list)
    anchors: dict[str, str] = field(default_factory=dict)
    repetitions: int = 0

    def read_json(self, text: str) -> None:
        starts = [0, *(found.end() for found in finditer("\n", text))]
        for kind, key, offset in marks(text):
            if kind == "end":
                self.levels.pop()
                continue
            line = bisect_right(starts, offset)
            at = Position(self.positions.path, line, offset - starts[line - 1] + 1)
            if kind == "key":
                self.take_key(key, at)
                continue
            pointer = self.place(at)
            if kind in "{[":
                self.levels.append(_Level(pointer, kind == "{"))

    def read_yaml(self, text: str) -> None:
        text, restore = break_free(text)
        try:
            for event in events(text):
                if isinstance(event, (ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent)):
                    self.take_event(event, restore)
                elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                    self.levels.pop()
                elif isinstance(event, yaml.DocumentEndEvent):
                    return
        except yaml.YAMLError:
            return

    def take_event(self, event: Any, restore: dict[int, str] | None) -> None:
        at = Position(self.positions.path, event.start_mark.line + 1, event.start_mark.column + 1)
        level = self.levels[-1] if self.levels else None
        if level and level.is_map and level.key is None and isinstance(event, ScalarEvent):
            self.take_key(event.value.translate(restore) if restore else event.value, at)
            return
        pointer = self.place(at)
        if isinstance(event, AliasEvent):
            self.repeat(self.anchors.get(event.anchor or ""), pointer)
            return
        if event.anchor:
            self.anchors[event.anchor] = pointer
        if not isinstance(event, ScalarEvent):
            self.levels.append(_Level(pointer, isinstance(event, MappingStartEvent)))

    def take_key(self, key: str, at: Position) -> None:
        level = self.levels[-1]
        level.key, level.key_at = key, at
        pointer = join(level.pointer, key)
        if pointer in self.positions.places:
            self.positions.repeated.append((pointer, Place(at, at)))

    def place(self, at: Position) -> str:
        """Note where the next node stands and return its pointer."""
        if not self.levels:
            pointer, key_at = "", at
        elif (level := self.levels[-1]).is_map:
            pointer, key_at = join(level.pointer, level.key or ""), level.key_at or at
            level.key = level.key_at = None
        else:
            pointer, key_at = f"{level.pointer}/{level.index}", at
            level.index += 1
        self.positions.places[pointer] = Place(at, key_at)
        return pointer

    def repeat(self, anchor: str | None, alias: str) -> None:
        """Give what lies below an alias the places of what lies below its anchor."""
        if anchor is None or alias.startswith(f"{anchor}/"):
            return
        places = self.positions.places
        below = [(pointer, place) for pointer, place in places.items() if pointer.startswith(f"{anchor}/")]
        self.repetitions += len(below)
        if self.repetitions > _MOST_REPETITIONS:
            return
        for pointer, place in below:
            places[alias + pointer[len(anchor) :]] = place
