"""Faults at every place of the recorded stream: cuts, foreign, repeated and exchanged events, values of wrong types."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

from tests.faults.faults import Fault, Play
from tests.faults.outcomes import ANSWER, BROKEN, SAME, UNAVAILABLE, Outcome
from tests.faults.server import Line
from tests.faults.subjects import Subject, encoded, places, replaced

STEP = 64
GARBAGE = {
    "no JSON": b"{half an event",
    "null": b"null",
    "a number": b"7",
    "a list": b"[]",
    "a string": b'"text"',
    "no UTF-8": b'\xff\xfe{"a":1}',
    "nested too deeply": b'{"a":' * 100_000,
}
WRONG: tuple[Any, ...] = (None, True, 7, -1.5, "x", [], {}, ["x"], {"x": 1}, 10**40, "\ud800")


def sweeps(subject: Subject) -> Iterator[Fault]:
    """Yield every fault that has a place in the stream of the subject."""
    yield from _cuts(subject)
    yield from _early_ends(subject)
    yield from _garbage(subject)
    yield from _error_events(subject)
    yield from _rearranged(subject)
    yield from _wrong_types(subject)


def _sent(data: bytes, *, properly: bool) -> Play:
    async def play(line: Line, subject: Subject) -> None:
        await line.head(subject.framing.media_type)
        await line.send(data)
        if properly:
            await line.finish()

    return play


def _held(data: bytes) -> Play:
    """Send this and wait for the client to go by itself."""

    async def play(line: Line, subject: Subject) -> None:
        await line.head(subject.framing.media_type)
        await line.send(data)
        await line.silence()

    return play


def _cuts(subject: Subject) -> Iterator[Fault]:
    """Cut the stream at every 64th byte: there the body ends properly, or the connection is closed."""
    frames = subject.frames()
    data = b"".join(frames)
    told = len(b"".join(frames[: _ending(subject) + 1])) - subject.framing.spare
    borders = {len(b"".join(frames[:count])) - subject.framing.spare for count in range(len(frames) + 1)}
    for offset in range(STEP, len(data), STEP):
        whole = offset >= told and (subject.framing.drops_rest or not borders.isdisjoint((offset, offset - 1)))
        yield Fault(f"ends at byte {offset}", SAME if whole else BROKEN, _sent(data[:offset], properly=True))
        yield Fault(f"closed at byte {offset}", BROKEN, _sent(data[:offset], properly=False))


def _early_ends(subject: Subject) -> Iterator[Fault]:
    frames = subject.frames()
    for count in range(len(frames)):
        outcome = SAME if count > _ending(subject) else BROKEN
        yield Fault(f"proper end after {count} events", outcome, _sent(b"".join(frames[:count]), properly=True))


def _garbage(subject: Subject) -> Iterator[Fault]:
    frames = subject.frames()
    for where, index in _positions(subject):
        for name, text in GARBAGE.items():
            data = b"".join((*frames[:index], subject.framing.frame(text)))
            yield Fault(f"an event is {name}, {where}", BROKEN, _held(data))


def _error_events(subject: Subject) -> Iterator[Fault]:
    frames = subject.frames()
    error = subject.framing.frame(encoded(subject.error))
    for where, index in _positions(subject):
        data = b"".join((*frames[:index], error))
        yield Fault(f"an event tells an error, {where}", UNAVAILABLE, _held(data))


def _positions(subject: Subject) -> tuple[tuple[str, int], ...]:
    count = len(subject.events)
    return (("first", 0), ("in the middle", count // 2), ("last", count))


def _rearranged(subject: Subject) -> Iterator[Fault]:
    events = subject.events
    for index, event in enumerate(events):
        yield _events(subject, f"event {index} twice", ANSWER, (*events[:index], event, *events[index:]))
        yield _events(subject, f"event {index} is missing", ANSWER, (*events[:index], *events[index + 1 :]))
    for index in range(len(events) - 1):
        exchanged = (*events[:index], events[index + 1], events[index], *events[index + 2 :])
        yield _events(subject, f"events {index} and {index + 1} exchanged", ANSWER, exchanged)
    yield _events(subject, "events in reverse", ANSWER, events[::-1])
    yield _events(subject, "all events twice", ANSWER, events * 2)
    foreign: tuple[dict[str, Any], ...] = ({"type": "unheard_of", "x": 1}, {}, {"object": None})
    mixed = tuple(itertools.chain.from_iterable((*foreign, event) for event in events))
    yield _events(subject, "unknown events in between", SAME, mixed)


def _wrong_types(subject: Subject) -> Iterator[Fault]:
    """Put values of other types in the place of each field of each event: two for each, in turns, and null."""
    values = itertools.cycle(WRONG)
    for index, event in enumerate(subject.events):
        for path, value in places(event):
            others = itertools.islice((other for other in values if not _alike(other, value)), 2)
            for wrong in others:
                changed = (*subject.events[:index], replaced(event, path, wrong), *subject.events[index + 1 :])
                name = f"event {index}: {'.'.join(map(str, path))} is {json.dumps(wrong)}"
                yield _events(subject, name, ANSWER, changed)


def _alike(one: Any, other: Any) -> bool:
    return type(one) is type(other) or {type(one), type(other)} == {int, float}


def _events(subject: Subject, name: str, default: Outcome, events: tuple[Any, ...]) -> Fault:
    return Fault(name, default, _sent(b"".join(subject.frames(events)), properly=True))


def _ending(subject: Subject) -> int:
    return len(subject.events) + subject.ending
