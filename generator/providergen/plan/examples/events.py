"""Perform an answer as the events of a stream, as a vendor's server would: one fragment after the other."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from providergen.mapping import Mapping as Vendor
from providergen.mapping.model import Event
from providergen.mapping.shape import Hole, List, Object, Shape, holes
from providergen.mapping.vocabulary import USAGE_WORDS
from providergen.plan.examples.layout import Layout, Sample, Values

__all__ = ["Performance", "Performer"]

_PIECES = 3
_BEGINNING = 2  # events: what announces a block, and its first fragment
_OUTPUT = ("output_tokens", "reasoning_tokens", "total_tokens")
_FIELDS = {
    "text": ("text",),
    "thinking": ("thinking", "signature"),
    "redacted_thinking": ("data",),
    "tool_call": ("input",),
}


@dataclass(slots=True)
class Performance:
    """The events of an answer; `ends` are the positions of those that say that a block is whole, block by block."""

    events: list[Any] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Told:
    """The event of a block; `ends` if it says that the block is whole."""

    event: Any
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Performer:
    """Makes the events of one vendor's streams."""

    mapping: Vendor
    layout: Layout

    def perform(
        self, blocks: Sequence[Sample], finish: str | None, usage: Mapping[str, int], *, in_turns: bool = False
    ) -> Performance | None:
        """Return the events that tell these blocks, why the answer ended and what it cost; None if none can.

        One block after the other, or all at once, `in_turns`. A count that the beginning has told is not repeated,
        but for the output's.
        """
        ending, response = self._event("finish_reason"), self._event("response")
        if ending is None and response is None:
            return None
        growing = response is not None and any(
            hole.name == "response" and hole.fragment for hole in holes(response.shape)
        )
        told = Performance()
        if response is not None and ending is not None and not growing:
            told.events.append(self._laid(response, Values(response=Values(usage=usage))))
            if _counts(self.mapping.response):
                usage = {name: count for name, count in usage.items() if name in _OUTPUT}
        shown: list[list[_Told]] = []
        for index, block in enumerate(blocks):
            calls = sum(earlier.kind == "tool_call" for earlier in blocks[:index])
            events = self._growing(block, response) if growing and response else self._shown(block, index, calls)
            if events is None:
                return None
            shown.append(events)
        for part in _in_turns(shown) if in_turns else (part for one in shown for part in one):
            told.ends += [len(told.events)] if part.ends else []
            told.events.append(part.event)
        told.events += self._end(ending, response, finish, usage)
        return told

    def has_address(self, block: Sample) -> bool:
        """Tell whether each event of such a block says which block it is of, so that several may grow at once."""
        fragments = [self._fragment(name, block) for name in _FIELDS.get(block.kind, ()) if name in block.fields]
        told = [event for event in fragments if event is not None]
        begins = block.kind == "tool_call" or self._start(block) is not None
        return begins and bool(told) and all(_says(event, "index") for event in told)

    def failure(self, block: Sample, said: Mapping[str, Any], usage: Mapping[str, int]) -> list[Any] | None:
        """Return the events of an answer that an error cuts off after its first words; None if none can tell it."""
        failing = self._event("error") or self._event("error_type") or self._event("error_code")
        started = self.perform((block,), None, usage)
        if failing is None or started is None:
            return None
        return [*started.events[:2], self._laid(failing, Values({**said}))]

    def _end(
        self, ending: Event | None, response: Event | None, finish: str | None, usage: Mapping[str, int]
    ) -> Iterator[Any]:
        said = {} if finish is None else {"finish_reason": finish}
        if ending is None and response is not None:
            yield self._laid(response, Values(response=Values(said, usage=usage)))
            return
        if ending is not None:
            yield self._laid(ending, Values(said, usage=usage))
            if not _says(ending, "usage") and (counting := self._event("usage")) is not None:
                yield self._laid(counting, Values(usage=usage))

    def _growing(self, block: Sample, event: Event) -> list[_Told]:
        """Return a block in events that are replies themselves, each with a part of it."""
        parts = [block]
        if block.kind in ("text", "thinking"):
            *before, last = _cut(block.fields[block.kind])
            parts = [Sample(block.kind, {block.kind: piece}, block.label) for piece in before]
            parts.append(block.saying(**{block.kind: last}))
        return [_Told(self._laid(event, Values(response=Values.of_blocks((part,))))) for part in parts]

    def _shown(self, block: Sample, index: int, call: int) -> list[_Told] | None:
        """Return the events of one block: its start, its fragments, its end, as far as the vendor has them."""
        fragments = {name: self._fragment(name, block) for name in _FIELDS.get(block.kind, ())}
        start = self._start(block)
        place = {"index": index, "end": index}
        if start is None and all(event is None for event in fragments.values()):
            whole = self._holding(block)
            return None if whole is None else [_Told(self._laid(whole, Values(blocks=(block,))))]
        shown: list[_Told] = []
        if start is not None:
            later = {name: "" for name, event in fragments.items() if event is not None}
            shown.append(_Told(self._laid(start, Values({**place}, (block.saying(**later),)))))
        elif block.kind == "tool_call":
            place = {"index": call, "end": call}
        for name, event in fragments.items():
            if event is not None and name in block.fields:
                pieces = self._fragments(block, name, event, place, announced=start is not None)
                shown += (_Told(piece) for piece in pieces)
        closing = self._event("end")
        if start is not None and closing is not None:
            shown.append(_Told(self._laid(closing, Values({"end": index}, (block,))), ends=True))
        return shown

    def _fragments(
        self, block: Sample, name: str, event: Event, place: Mapping[str, Any], *, announced: bool
    ) -> Iterator[Any]:
        """Yield the events that carry one field; a call that nothing announced begins with its id and name."""
        value = block.fields[name]
        text = json.dumps(value) if name == "input" and value else value or ""
        key = f"{name}.{block.label}" if block.label else name
        pieces = _cut(text) if name != "signature" else [text]
        head = {"id": block.fields["id"], "name": block.fields["name"]} if block.kind == "tool_call" else {}
        if head and not announced:
            yield self._laid(event, Values({**place, **head, key: ""}))
            pieces = pieces or ["{}"]
        for piece in pieces:
            yield self._laid(event, Values({**place, key: piece}))

    def _start(self, block: Sample) -> Event | None:
        """Return the event that announces such a block at its address."""
        return self._holding(block, "index")

    def _holding(self, block: Sample, *needed: str) -> Event | None:
        """Return the event that holds such a block as a whole, and has all the holes that are `needed`."""
        for event in self._told():
            slots = _slots(event.shape, f"stream.events.{event.name}")
            if all(_says(event, name) for name in needed) and any(self.layout.readable(path, block) for path in slots):
                return event
        return None

    def _fragment(self, name: str, block: Sample) -> Event | None:
        """Return the event that brings a field of a block, piece by piece if there is such a one."""
        label = block.label if name in ("text", "thinking") else None
        found = [
            event
            for event in self._told()
            if any((hole.name, hole.label) == (name, label) for hole in holes(event.shape))
        ]
        growing = [event for event in found if any(hole.name == name and hole.fragment for hole in holes(event.shape))]
        return next(iter((*growing, *found)), None)

    def _event(self, name: str) -> Event | None:
        """Return the first event that has such a hole."""
        return next((event for event in self._told() if _says(event, name)), None)

    def _told(self) -> Iterable[Event]:
        return self.mapping.stream.events if self.mapping.stream else ()

    def _laid(self, event: Event, values: Values) -> Any:
        return self.layout.laid(event.shape, f"stream.events.{event.name}", values)


def _in_turns(shown: Sequence[Sequence[_Told]]) -> Iterator[_Told]:
    """Yield the beginning of each block, with its first content, then an event of each until all are whole."""
    for one in shown:
        yield from one[:_BEGINNING]
    for turn in zip_longest(*(one[_BEGINNING:] for one in shown)):
        yield from filter(None, turn)


def _counts(shape: Shape) -> bool:
    """Tell whether a reply says what it cost."""
    return any(hole.name == "usage" or hole.name in USAGE_WORDS for hole in holes(shape))


def _says(event: Event, name: str) -> bool:
    return any(hole.name == name for hole in holes(event.shape))


def _slots(shape: Shape, path: str) -> Iterator[str]:
    """Yield the mapping paths of the places of a shape where blocks may stand."""
    match shape:
        case Hole(name="block" | "tool_call" | "content"):
            yield path
        case Object(entries=entries):
            for entry in entries:
                yield from _slots(entry.shape, f"{path}.{entry.key}")
        case List(repeated=repeated) if repeated is not None:
            yield from _slots(repeated, f"{path}[...]")


def _cut(text: str) -> list[str]:
    """Return a text in a few pieces."""
    size = max(1, -(-len(text) // _PIECES))
    return [text[start : start + size] for start in range(0, len(text), size)]
