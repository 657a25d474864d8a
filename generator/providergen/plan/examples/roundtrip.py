"""How what a vendor says is sent back to it: which blocks survive, and where they stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from providergen.check import Checked
from providergen.mapping import Mapping as Vendor
from providergen.mapping.model import BlockShape
from providergen.mapping.shape import Hole, List, Object, Shape, Text, holes, placed_holes
from providergen.plan.examples.forms import Form
from providergen.plan.writing import keys_taken

__all__ = ["Trip", "plan_trip"]

_ORDER = ("thinking", "redacted_thinking", "text", "tool_call", "image")


@dataclass(frozen=True, slots=True)
class Trip:
    """How an answer goes out and comes back.

    `messages` is the key of the body that holds the conversation, `path` leads from a reply to the object that holds
    what a message holds (to the list, if `listed`: there a message is its blocks). `forms` are the kinds of blocks,
    with labels, that survive; `opaque` names the vendor's own values by kind, `needed` those of them without which a
    block does not go back, `taken` the only keys that objects in such a value may have. `any_order`: the vendor keeps
    all blocks in one list. `signed`: thinking has a signature. `carries_ids`: calls keep their ids.
    """

    messages: str
    path: tuple[str | int, ...]
    listed: bool
    forms: tuple[Form, ...]
    opaque: Mapping[str, tuple[str, ...]]
    needed: Mapping[str, tuple[str, ...]]
    taken: Mapping[str, tuple[str, ...]]
    any_order: bool
    signed: bool
    carries_ids: bool

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds among the forms."""
        return frozenset(kind for kind, _ in self.forms)

    @property
    def extras(self) -> bool:
        """Whether some block keeps something under the vendor's name."""
        return bool(self.opaque) or any(label for _, label in self.forms)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place of the response where what an assistant's message holds can stand.

    `keys` lead to it; `shared` are the keys that both have.
    """

    shape: Object
    path: str
    keys: tuple[str | int, ...]
    shared: tuple[str, ...]


def plan_trip(mapping: Vendor, checked: Checked) -> Trip | None:
    """Return the trip, None if what is read has no form in which it is written."""
    spoken, messages = mapping.message.get("assistant"), _conversation(mapping.request)
    places = [place for place in _places(mapping.response, spoken) if place.shared] if spoken is not None else []
    if spoken is None or messages is None or not places:
        return None
    place = max(places, key=lambda found: len(found.shared))
    listed = isinstance(spoken, List)
    written, read = set[str](), set[str]()
    forms: set[Form] = set()
    for key in place.shared:
        shape = place.shape.get(key)
        if isinstance(shape, Hole):
            forms.add((shape.name, shape.label))
        written |= {*checked.slots.get(f"message.assistant{'' if listed else f'.{key}'}[...]", ())}
        read |= {*checked.slots.get(f"{place.path}.{key}[...]", ())}
    blocks = [block for block in mapping.blocks if block.path in written & read and _can_be_drawn(block)]
    forms |= {(block.kind, block.label) for block in blocks}
    if not forms:
        return None
    ordered = tuple(sorted(forms, key=lambda form: (_ORDER.index(form[0]), form[1] or "")))
    inner = [hole for block in blocks for hole in holes(block.shape)]
    return Trip(
        messages=messages,
        path=place.keys,
        listed=listed,
        forms=ordered,
        opaque={kind: names for kind, _ in ordered if (names := _opaque(blocks, kind))},
        needed={kind: names for kind, _ in ordered if (names := _needed(blocks, kind))},
        taken=_taken(blocks, checked),
        any_order=listed or (len(place.shared) == 1 and not isinstance(place.shape.get(place.shared[0]), Hole)),
        signed=any(hole.name == "signature" for hole in inner),
        carries_ids=any(hole.name == "id" for hole in inner),
    )


def _conversation(request: Object) -> str | None:
    """Return the key of the body that lists the messages."""
    for entry in request.entries:
        match entry.shape:
            case List(repeated=Hole(name="message")):
                return entry.key
    return None


def _places(shape: Shape, spoken: Shape, path: str = "response", keys: tuple[str | int, ...] = ()) -> Iterator[_Place]:
    """Yield the objects of the response, with what they share with an assistant's message."""
    if isinstance(shape, List) and shape.items:
        yield from _places(shape.items[0], spoken, f"{path}[0]", (*keys, 0))
    if not isinstance(shape, Object):
        return
    if isinstance(spoken, Object):
        yield _Place(shape, path, keys, tuple(key for key, own in _entries(shape) if _same(own, spoken.get(key))))
    for key, own in _entries(shape):
        if isinstance(spoken, List) and _same(own, spoken):
            yield _Place(shape, path, (*keys, key), (key,))
        yield from _places(own, spoken, f"{path}.{key}", (*keys, key))


def _entries(shape: Object) -> tuple[tuple[str, Shape], ...]:
    return tuple((entry.key, entry.shape) for entry in shape.entries)


def _same(read: Shape, written: Shape | None) -> bool:
    """Tell whether two shapes hold the same blocks, or the same field of one."""
    match read, written:
        case Hole(name="text" | "thinking"), Hole():
            return (read.name, read.label) == (written.name, written.label)
        case List(repeated=Hole() as one), List(repeated=Hole() as other):
            return one.name == other.name and one.name in ("block", "tool_call")
    return False


def _can_be_drawn(block: BlockShape) -> bool:
    """Tell whether the tests know how to make up such a block."""
    if block.kind == "image":
        direct = {hole.name for hole in holes(block.shape)}
        return block.label is None and "data" in direct and not _texts(block.shape)
    return block.kind in _ORDER and (block.label is None or block.kind in ("text", "thinking"))


def _texts(shape: Shape) -> bool:
    match shape:
        case Object(entries=entries):
            return any(_texts(entry.shape) for entry in entries)
    return isinstance(shape, Text)


def _opaque(blocks: Sequence[BlockShape], kind: str) -> tuple[str, ...]:
    """Return the names of the vendor's own values that all forms of a kind carry."""
    carried = [
        {hole.name[1:] for hole in holes(block.shape) if hole.name[0] == "_"} for block in blocks if block.kind == kind
    ]
    return tuple(sorted(set.intersection(*carried))) if carried else ()


def _needed(blocks: Sequence[BlockShape], kind: str) -> tuple[str, ...]:
    """Return the names of the vendor's own values that some form of a kind cannot do without."""
    own = (hole for block in blocks if block.kind == kind for hole in holes(block.shape) if hole.name[0] == "_")
    return tuple(sorted({hole.name[1:] for hole in own if hole.needed}))


def _taken(blocks: Sequence[BlockShape], checked: Checked) -> dict[str, tuple[str, ...]]:
    """Return the keys that objects in the vendor's own values may have on the way back, where requests are closed."""
    limited: dict[str, set[str]] = {}
    for block in blocks:
        for path, hole in placed_holes(block.shape, block.path):
            keys = keys_taken(checked.written.get(path, ())) if hole.name[0] == "_" else None
            if keys is not None:
                limited[hole.name[1:]] = limited.get(hole.name[1:], set(keys)) & set(keys)
    return {name: tuple(sorted(keys)) for name, keys in sorted(limited.items())}
