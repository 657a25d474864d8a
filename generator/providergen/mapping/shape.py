"""Shapes: the vendor's JSON with holes where Amplifier's values go (docs/mapping.md, "Shapes")."""

from collections.abc import Iterator
from dataclasses import dataclass

from providergen.diagnostics import Position

__all__ = ["Constant", "Entry", "Hole", "List", "Object", "Scalar", "Shape", "Text", "holes", "placed_holes"]

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the JSON as it is: written always, a guard when read."""

    value: Scalar
    at: Position


@dataclass(frozen=True, slots=True)
class Hole:
    """`$name.label|json+`: the place of one of Amplifier's values.

    `name` is a word of the section's vocabulary, or `_x` (opaque), `config.x`, `metadata.x` (prefix kept in the name);
    `json`: JSON text on the vendor's side; `fragment` (`+`): append when read; `needed` (`!`): without it the block or
    message shape does not apply when writing.
    """

    name: str
    at: Position
    label: str | None = None
    json: bool = False
    fragment: bool = False
    needed: bool = False

    def __str__(self) -> str:
        label = f".{self.label}" if self.label else ""
        return f"${self.name}{label}{'|json' * self.json}{'+' * self.fragment}{'!' * self.needed}"


@dataclass(frozen=True, slots=True)
class Text:
    """`"text ${hole} text"`: literal strings and holes, in order."""

    parts: tuple[str | Hole, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of an object; `at` is where the key stands."""

    key: str
    shape: "Shape"
    at: Position


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object; keys that are not listed are not written and are ignored when read."""

    entries: tuple[Entry, ...]
    at: Position

    def get(self, key: str) -> "Shape | None":
        """Return the shape under a key, None if the object has no such key."""
        return next((entry.shape for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class List:
    """`[a, b]`, `[a, ...]` or `[a, ..., b]`: `repeated` is any number of one item, `items` follow it once each."""

    items: tuple["Shape", ...]
    at: Position
    repeated: "Shape | None" = None


Shape = Constant | Hole | Text | Object | List


def holes(shape: Shape) -> Iterator[Hole]:
    """Yield the holes of a shape, outermost and first in the file first."""
    match shape:
        case Hole():
            yield shape
        case Text(parts=parts):
            yield from (part for part in parts if isinstance(part, Hole))
        case Object(entries=entries):
            for entry in entries:
                yield from holes(entry.shape)
        case List(items=items, repeated=repeated):
            for item in (repeated, *items) if repeated is not None else items:
                yield from holes(item)


def placed_holes(shape: Shape, path: str) -> Iterator[tuple[str, Hole]]:
    """Yield the holes of the shape at a mapping path, each with its own path."""
    match shape:
        case Hole():
            yield path, shape
        case Text(parts=parts):
            yield from ((path, part) for part in parts if isinstance(part, Hole))
        case Object(entries=entries):
            for entry in entries:
                yield from placed_holes(entry.shape, f"{path}.{entry.key}")
        case List(items=items, repeated=repeated):
            if repeated is not None:
                yield from placed_holes(repeated, f"{path}[...]")
            for index, item in enumerate(items):
                yield from placed_holes(item, f"{path}[{index}]")
