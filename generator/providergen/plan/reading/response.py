"""Plan `response.py` (a whole reply, an error, a page of models) and `stream.py` (one event)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import Event
from providergen.mapping.shape import Constant, Hole, List, Object, Shape, holes
from providergen.plan import code
from providergen.plan.functions import Functions, names_used, reachable
from providergen.plan.reading.classes import Replies
from providergen.plan.reading.gathered import Gathered
from providergen.plan.reading.shapes import Place, Reader, constants
from providergen.plan.wire import Types

__all__ = ["ResponsePlan", "StreamPlan", "plan_replies"]

_WHOLES = frozenset({"response", "usage", "block"})
_BLOCK_HOLES = frozenset({"block", "content", "tool_call", "image"})


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """Everything `response.py` defines.

    `public` are the functions that other modules may call, `finish_reasons` pairs (vendor's word, Amplifier's).
    """

    functions: tuple[code.Function, ...]
    public: tuple[str, ...]
    finish_reasons: tuple[tuple[Any, str], ...]


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """Everything `stream.py` defines."""

    functions: tuple[code.Function, ...]


def plan_replies(mapping: Mapping, checked: Checked, types: Types) -> tuple[ResponsePlan, StreamPlan | None]:
    """Return the plans of both modules, and tell `types` what is read."""
    replies = Replies(checked, types)
    functions = Functions()
    reader = Reader(mapping, replies, functions, addressed=_addressed(mapping))
    planner = _Planner(mapping, reader)
    roots = ["read", *planner.reply()]
    if mapping.error is not None:
        planner.error(mapping.error)
        roots.append("read_error")
    if mapping.models is not None:
        planner.models(mapping.models.response)
        roots.append("read_models")
    stream = None
    if mapping.stream is not None:
        own = Functions()
        streaming = Reader(mapping, replies, own, dict(reader.known), reader.addressed)
        _Events(mapping, streaming).plan()
        stream = StreamPlan(tuple(reachable(own, ["apply"])))
    response = ResponsePlan(
        tuple(reachable(functions, roots)),
        tuple(sorted({*roots, *reader.known.values()})),
        tuple(_finish_reasons(mapping)),
    )
    return response, stream


def _addressed(mapping: Mapping) -> bool:
    """Tell whether an event has a block of the section `block` at an address."""
    for event in mapping.stream.events if mapping.stream else ():
        names = {hole.name for hole in holes(event.shape)}
        if names & {"index", "end"} and names & _BLOCK_HOLES:
            return True
    return False


def _finish_reasons(mapping: Mapping) -> Iterable[tuple[Any, str]]:
    table = mapping.tables.get("finish_reason")
    for row in table.rows if table else ():
        yield from ((value.value, row.key) for value in row.values if isinstance(value, Constant))


@dataclass(slots=True)
class _Planner:
    """Plans the functions of `response.py`."""

    mapping: Mapping
    reader: Reader

    def reply(self) -> list[str]:
        """Plan `read`, with what an event can also hold of a response in functions of their own."""
        add = self.reader.functions.add
        roots = []
        if self.mapping.usage is not None:
            roots.append(self._usage(self.mapping.usage))
        name = self.reader.whole("response")
        place = Place(code.Name("reply"), name, "response")
        parameters = (("reply", f"wire.{name}"), ("answer", "Answer"))
        shape = self.mapping.response
        if not isinstance(shape, Object):
            raise AssertionError("the loader lets a response be an object only")
        if self._enveloped():
            whole = self.reader.gather(shape, place)
            body = pruned((*whole.binds, *whole.failure(), *whole.closing()))
            doc = "Fold what a reply says beside its blocks into the answer."
            roots.append(add("read_envelope", parameters, "None", doc, body))
            blocks = self.reader.gather(shape, place)
            blocks.only_blocks = True
            call = code.Do(code.Invoke("read_envelope", (code.Name("reply"), code.Name("answer"))))
            body = (*pruned((*blocks.binds, *blocks.effects())), call)
        else:
            whole = self.reader.gather(shape, place)
            body = pruned((*whole.binds, *whole.failure(), *whole.effects()))
        add("read", parameters, "None", "Fold a complete reply into the answer.", body)
        return roots

    def _enveloped(self) -> bool:
        events = self.mapping.stream.events if self.mapping.stream else ()
        return any(hole.name == "response" for event in events for hole in holes(event.shape))

    def _usage(self, shape: Shape) -> str:
        name = self.reader.whole("usage")
        gathered = self.reader.gather(_object(shape), Place(code.Name("usage"), name, "usage"))
        body = (*gathered.binds, *gathered.effects())
        parameters = (("usage", f"wire.{name}"), ("answer", "Answer"))
        doc = "Fold the count of tokens into the answer."
        return self.reader.functions.add("read_usage", parameters, "None", doc, body)

    def error(self, shape: Shape) -> None:
        """Plan `read_error`."""
        name = self.reader.replies.place("error", "error", "ErrorReply", root=True)
        gathered = self.reader.gather(_object(shape), Place(code.Name("body"), name, "error"))
        body = (*gathered.binds, code.Return(gathered.detail()))
        doc = "Return what the body of an error says."
        self.reader.functions.add("read_error", (("body", f"wire.{name}"),), "ErrorDetail", doc, body)

    def models(self, shape: Shape) -> None:
        """Plan `read_models`."""
        name = self.reader.replies.place("models", "models.response", "ModelList")
        gathered = Gathered(cards=True)
        reply, doc = code.Name("reply"), "Return one page of the list of models."
        if isinstance(shape, List):
            item = _object(shape.repeated)
            card = self.reader.replies.place(("models", "item"), "models.response[...]", "ModelListItem")
            source: code.Expr = code.Invoke("objects", (reply,))
            annotated = f"list[wire.{card}]"
            self.reader.card(item, source, card, "models.response[...]", gathered)
        else:
            annotated = f"wire.{name}"
            self.reader.walk(_object(shape), Place(reply, name, "models.response"), gathered)
        named = [(key, gathered.fields[key]) for key in ("models", "next", "more") if key in gathered.fields]
        page = code.Return(code.Invoke("ModelPage", (), tuple(named)))
        body = (*gathered.binds, page)
        self.reader.functions.add("read_models", (("reply", annotated),), "ModelPage", doc, body)


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

    mapping: Mapping
    reader: Reader

    def plan(self) -> None:
        """Plan the function."""
        events = self.mapping.stream.events if self.mapping.stream else ()
        if any(isinstance(event.shape, Hole) for event in events):
            type_ = self.reader.whole("response")
        else:
            type_ = self.reader.replies.place("event", "stream.events", "StreamEvent")
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
                    self.reader.replies.same(owner, entry.key, self.reader.whole(name))
                case Hole(name="block"):
                    if alternatives := self.reader.alternatives(inner):
                        self.reader.replies.same(owner, entry.key, self.reader.block_class(alternatives, inner, owner))
                case Object() if any(hole.name in _WHOLES for hole in holes(entry.shape)):
                    self._share(entry.shape, self.reader.replies.inner(owner, entry.key, inner), inner)

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
            value = dict(alternative.guards).get(keys)
            if value is not None:
                cases.setdefault(value, []).append(alternative)
        yield code.Match(
            subject,
            tuple(
                code.Case((code.Literal(value),), tuple(self._tree(found, type_, matched | {keys}, bound)))
                for value, found in cases.items()
            ),
        )
        others = [alternative for alternative in waiting if dict(alternative.guards).get(keys) is None]
        if others:
            yield from self._tree(others, type_, matched, bound)

    def _access(self, keys: tuple[str, ...], type_: str, bound: dict[tuple[str, ...], code.Name]) -> Any:
        """Yield assignments for the objects on the way to a key, and return the access to it."""
        value = code.Name("event")
        owner, path = type_, "stream.events"
        for depth, key in enumerate(keys[:-1], 1):
            owner = self.reader.replies.inner(owner, key, f"{path}.{key}")
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
            _object(event.shape), Place(code.Name("event"), type_, f"stream.events.{event.name}"), gathered
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
            self.reader.walk(_object(self.mapping.response), Place(event, type_, "response"), gathered)
            yield from pruned((*gathered.binds, *gathered.effects()))
        yield code.Do(code.Invoke("read_envelope", (event, code.Name("answer"))))


def pruned(body: tuple[code.Statement, ...]) -> tuple[code.Statement, ...]:
    """Return the statements without assignments that nothing after them uses."""
    kept: list[code.Statement] = []
    for statement in reversed(body):
        if isinstance(statement, code.Assign) and statement.name not in names_used(tuple(kept)):
            continue
        kept.append(statement)
    return tuple(reversed(kept))


def _object(shape: Shape | None) -> Object:
    if not isinstance(shape, Object):
        raise AssertionError("the loader lets only objects stand here")
    return shape
