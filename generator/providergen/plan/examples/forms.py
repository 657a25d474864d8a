"""The forms of blocks that have a place in a shape: their kinds, with labels."""

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.shape import Shape, holes

__all__ = ["Form", "forms"]

Form = tuple[str, str | None]


def forms(mapping: Mapping, checked: Checked, shape: Shape, path: str) -> set[Form]:
    """Return the forms of blocks that have a place in a shape at a mapping path, or have holes of their own there."""
    fitting = {block for slot, paths in checked.slots.items() if slot.startswith(path) for block in paths}
    known: set[Form] = {(block.kind, block.label) for block in mapping.blocks if block.path in fitting}
    return known | {(hole.name, hole.label) for hole in holes(shape) if hole.name in ("text", "thinking")}
