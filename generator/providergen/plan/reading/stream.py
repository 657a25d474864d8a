"""Plan `stream.py`: what one event of a stream adds to the answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from providergen.mapping.model import Event
from providergen.mapping.shape import Hole, Object, Shape, holes
from providergen.plan import code
from providergen.plan.functions import Functions, pruned, reachable
from providergen.plan.reading import blocks
from providergen.plan.reading.classes import Place
from providergen.plan.reading.gathered import Gathered
from providergen.plan.reading.guards import constants
from providergen.plan.reading.shapes import Reader, as_object

__all__ = ["StreamPlan", "plan_stream"]

_WHOLES = frozenset({"response", "usage", "block"})


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """Everything `stream.py` defines."""

    functions: tuple[code.Function, ...]


def plan_stream(response: Reader) -> StreamPlan | None:
    """Return the plan of `stream.py`, None if the vendor does not stream.

    `response` is the reader that `response.py` was planned with: its functions for blocks are used again.
    """
    if response.mapping.stream is None:
        return None
    functions = Functions()
    _Events(response.of_module(functions)).plan()
    return StreamPlan(tuple(reachable(functions, ["apply"])))


@dataclass(frozen=True, slots=True)
class _Alternative:
    event: Event
    guards: tuple[tuple[tuple[str, ...], Any], ...]

    @property
    def raises(self) -> bool:
        return any(hole.name.partition(".")[0] == "error" for hole in holes(self.event.shape))


@dataclass(slots=True)
class _Events:
    """Plans `apply`: every shape that fits an event takes effect, errors first."""

    reader: Reader

    def plan(self) -> None:
        """Plan the function."""
        events = self.reader.mapping.stream.events if self.reader.mapping.stream else ()
        if any(isinstance(event.shape, Hole) for event in events):
            type_ = self.reader.whole("response")
        else:
            type_ = self.reader.classes.place("event", "stream.events", "StreamEvent")
        alternatives = []
        for event in events:
            shape = event.shape
            if isinstance(shape, Hole):
                alternatives.append(_Alternative(event, ()))
            else:
                alternatives.append(_Alternative(event, tuple(constants(shape))))
        for event in events:
            self._share(event.shape, type_, f"stream.events.{event.name}")
        alternatives.sort(key=lambda alternative: not alternative.raises)
        body = pruned(tuple(self._tree(alternatives, type_, frozenset(), {})))
        doc = "Fold one event of the stream into the answer; unknown events change nothing."
        self.reader.functions.add("apply", (("event", f"wire.{type_}"), ("answer", "Answer")), "None", doc, body)

    def _share(self, shape: Shape, owner: str, path: str) -> None:
        """Make places that one event has as a whole (`$response`, `$usage`, `$block`) of one class for all events."""
        for entry in shape.entries if isinstance(shape, Object) else ():
            inner = f"{path}.{entry.key}"
            match entry.shape:
                case Hole(name="response" | "usage" as name):
                    self.reader.classes.same(owner, entry.key, self.reader.whole(name))
                case Hole(name="block"):
                    if alternatives := blocks.fitting(self.reader, inner):
                        self.reader.classes.same(
                            owner, entry.key, blocks.class_of(self.reader, alternatives, inner, owner)
                        )
                case Object() if any(hole.name in _WHOLES for hole in holes(entry.shape)):
                    self._share(entry.shape, self.reader.classes.inner(owner, entry.key, inner), inner)

    def _tree(
        self,
        alternatives: Sequence[_Alternative],
        type_: str,
        matched: frozenset[tuple[str, ...]],
        bound: dict[tuple[str, ...], code.Name],
    ) -> Iterable[code.Statement]:
        """Yield the effects of alternatives whose constants are known to hold, then a match on the next constant."""
        waiting: list[_Alternative] = []
        known: list[_Alternative] = []
        for alternative in alternatives:
            (known if {keys for keys, _ in alternative.guards} <= matched else waiting).append(alternative)
        for alternative in known:
            last = alternative is known[-1] and not waiting and all(found.raises for found in known)
            yield from self._effects(alternative, type_, bound, last=last)
        if not waiting:
            return
        counted = [keys for alternative in waiting for keys, _ in alternative.guards if keys not in matched]
        keys = max(counted, key=lambda found: (counted.count(found), -len(found)))
        bound = dict(bound)
        subject = yield from self._access(keys, type_, bound)
        cases: dict[Any, list[_Alternative]] = {}
        for alternative in waiting:
            guarded = dict(alternative.guards)
            if keys in guarded:
                cases.setdefault(guarded[keys], []).append(alternative)
        yield code.Match(
            subject,
            tuple(
                code.Case((code.Literal(value),), tuple(self._tree(found, type_, matched | {keys}, bound)))
                for value, found in cases.items()
            ),
        )
        others = [alternative for alternative in waiting if keys not in dict(alternative.guards)]
        if others:
            yield from self._tree(others, type_, matched, bound)

    def _access(self, keys: tuple[str, ...], type_: str, bound: dict[tuple[str, ...], code.Name]) -> Any:
        """Yield assignments for the objects on the way to a key, and return the access to it."""
        value = code.Name("event")
        owner, path = type_, "stream.events"
        for depth, key in enumerate(keys[:-1], 1):
            owner = self.reader.classes.inner(owner, key, f"{path}.{key}")
            if keys[:depth] not in bound:
                own = Gathered(names=self._taken(bound))
                bound[keys[:depth]] = own.bind(key, code.Invoke("fields", (code.Get(value, key),)))
                yield from own.binds
            value = bound[keys[:depth]]
        return code.Get(value, keys[-1])

    def _taken(self, bound: dict[tuple[str, ...], code.Name]) -> set[str]:
        return {"answer", "event", *(name.dotted for name in bound.values())}

    def _effects(
        self, alternative: _Alternative, type_: str, bound: dict[tuple[str, ...], code.Name], *, last: bool
    ) -> Iterable[code.Statement]:
        """Yield what one event does; `last`: it is an error, and nothing else can be meant by its constants."""
        event = alternative.event
        if isinstance(event.shape, Hole):
            yield from self._response(event.shape, type_)
            return
        gathered = Gathered(names=self._taken(bound))
        gathered.known = dict(bound)
        self.reader.walk(
            as_object(event.shape), Place(code.Name("event"), type_, f"stream.events.{event.name}"), gathered
        )
        yield from gathered.binds
        if alternative.raises:
            if alternative.guards and last and not gathered.has_more:
                yield code.Raise(code.Invoke("stream_error", (gathered.detail(),)))
                return
            yield gathered.failing()
        yield from gathered.effects()

    def _response(self, hole: Hole, type_: str) -> Iterable[code.Statement]:
        """Yield the statements for an event that is a response, or a part of one."""
        event = code.Name("event")
        if hole.fragment:
            gathered = Gathered(fragments=True)
            gathered.only_blocks = True
            self.reader.walk(as_object(self.reader.mapping.response), Place(event, type_, "response"), gathered)
            yield from pruned((*gathered.binds, *gathered.effects()))
        yield code.Do(code.Invoke("read_envelope", (event, code.Name("answer"))))
