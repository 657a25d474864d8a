"""Blocks and slots: which kinds of block may come to a place, and which forms the mapping has for them."""

from collections.abc import Iterable
from typing import Final

from providergen.mapping.model import BlockShape, Mapping
from providergen.mapping.shape import Shape, holes

__all__ = ["MUST_FIT", "REPLIED", "UNSENT", "forms", "occurring", "rest"]

# Kinds that may come in a message of each role, in the order in which they are spoken of.
_OCCURRING: Final[dict[str, tuple[str, ...]]] = {
    "system": ("text",),
    "developer": ("text",),
    "user": ("text", "image"),
    "assistant": ("text", "thinking", "redacted_thinking", "tool_call", "reasoning", "image"),
    "tool": ("tool_result",),
}
_IN_RESULT: Final = ("text", "image")

# Kinds that a reply may hold.
REPLIED: Final = ("text", "thinking", "redacted_thinking", "tool_call", "reasoning", "image")

# Kinds that must fit wherever they can come.
MUST_FIT: Final = frozenset({"text", "tool_call", "tool_result"})

# Kinds whose loss is worth a note, by role.
UNSENT: Final[dict[str, tuple[str, ...]]] = {
    "user": ("image",),
    "assistant": ("thinking", "redacted_thinking", "tool_call"),
    "tool": ("image",),
}

# Loose fields that stand for a block of a kind, outside block shapes.
_LOOSE: Final = {"input": "tool_call", "name": "tool_call", "id": "tool_call", "signature": "thinking"}


def occurring(role: str, shape: Shape, mapping: Mapping) -> tuple[str, ...]:
    """Return the kinds of block that may come to `$block` in the message of a role.

    A tool message takes results; if it says `$tool_call_id` itself, or no result block is mapped, it is one result,
    and its blocks are the result's.
    """
    if role != "tool":
        return _OCCURRING[role]
    single = any(hole.name == "tool_call_id" for hole in holes(shape))
    return _IN_RESULT if single or not forms(mapping, role, "tool_result") else _OCCURRING["tool"]


def rest(shape: Shape, kinds: Iterable[str], *, loose: bool = False) -> tuple[str, ...]:
    """Return the kinds that no other hole of a shape takes; `loose`: fields of a block take its kind too."""
    names = {hole.name for hole in holes(shape) if hole.label is None}
    taken = names | {_LOOSE[name] for name in names & _LOOSE.keys() if loose}
    return tuple(kind for kind in kinds if kind not in taken)


def forms(mapping: Mapping, role: str, kind: str, label: str | None = None) -> tuple[BlockShape, ...]:
    """Return the shapes for a kind in a role, in order of preference: those of the role replace the general ones."""
    of_kind = [block for block in mapping.blocks if block.kind == kind and label in (None, block.label)]
    own = tuple(block for block in of_kind if block.role == role)
    return own or tuple(block for block in of_kind if block.role is None)
