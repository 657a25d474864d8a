"""Shapes along schemas: what is the same for writing and for reading.

A shape is laid on the schemas that its place has in the document; none means that the document does not describe the
place, and everything there is silent. Sections are laid where their hole stands, so that one shape may lie on many
places.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

from providergen.check.blocks import MUST_FIT, forms, occurring, rest
from providergen.check.excuses import Excuses
from providergen.check.laid import Context, Fit, Laid, Mark, Problem, Use
from providergen.check.values import accepts, types_of
from providergen.check.wording import spoken, types
from providergen.diagnostics import Position, Severity
from providergen.document import Schema
from providergen.mapping.model import BlockShape, Mapping
from providergen.mapping.shape import Constant, Hole, List, Object, Shape, Text

__all__ = ["Laying", "alternatives", "item", "repeated"]


def alternatives(schemas: Iterable[Schema]) -> tuple[Schema, ...]:
    """Return the alternatives of several schemas, each once."""
    return tuple(dict.fromkeys(one for schema in schemas for one in schema.alternatives))


def repeated(place: str) -> str:
    """Return the mapping path of the repeated item of a list."""
    return f"{place}[...]"


def item(place: str, index: int) -> str:
    """Return the mapping path of one item of a list."""
    return f"{place}[{index}]"


class Laying(ABC):
    """Lays the shapes of one mapping along a document, in one direction.

    `prefix` is the overlay that the mapping stands for (`for_model.glob.`). Results are remembered: a block shape that
    comes to the same schemas again costs nothing.
    """

    writing: ClassVar[bool]

    def __init__(self, mapping: Mapping, excuses: Excuses, prefix: str = "") -> None:
        self.mapping = mapping
        self.excuses = excuses
        self.prefix = prefix
        self._memo: dict[object, Laid] = {}

    def lay(self, shape: Shape, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        """Lay a shape on the schemas of its place; `()`: the document does not describe it."""
        key = (id(shape), place, schemas, context)
        laid = self._memo.get(key)
        if laid is None:
            laid = self._memo[key] = self._lay(shape, place, schemas, context)
        return laid

    def _lay(self, shape: Shape, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        found = alternatives(schemas)
        if any(one.dangling is not None for one in found) and all(one.dangling is not None for one in found):
            laid = self.silent(place)
            target = found[0].dangling
            laid.add(
                self.problem("dangling-reference", f"the document has nothing at {target}", shape.at, place, found)
            )
            return laid
        match shape:
            case Constant():
                return self._constant(shape, place, schemas)
            case Hole():
                return self._hole(shape, place, schemas, context)
            case Text():
                return self._plain(shape, place, schemas, frozenset({"string"}))
            case Object():
                return self._object(shape, place, schemas, context)
            case List():
                return self._list(shape, place, schemas, context)

    @abstractmethod
    def _constant(self, shape: Constant, place: str, schemas: tuple[Schema, ...]) -> Laid: ...

    @abstractmethod
    def _object(self, shape: Object, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid: ...

    @abstractmethod
    def _table(self, hole: Hole, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid: ...

    @abstractmethod
    def _content(self, hole: Hole, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid: ...

    @abstractmethod
    def _list(self, shape: List, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid: ...

    @abstractmethod
    def must_fit(self, kind: str, context: Context, *, named: bool) -> bool:
        """Tell whether a slot has to take blocks of a kind."""

    def problem(
        self,
        code: str,
        message: str,
        at: Position,
        place: str,
        schemas: Sequence[Schema] = (),
        *,
        hint: str | None = None,
        soft: bool = False,
        pointer: str | None = None,
        severity: Severity | None = None,
        slip: bool = False,
    ) -> Problem:
        """Make a problem; reading what is inherited is a note, and `unchecked` may excuse it.

        A slip is excused by an entry for its own place only: what covers the place from above was written because the
        document lacks something there, not because it has nearly this.
        """
        lenient = not self.writing and self.mapping.inherited(at)
        return Problem(
            code,
            message,
            at,
            place,
            schemas[0].pointer if schemas else pointer,
            hint,
            severity or (Severity.NOTE if lenient else Severity.ERROR),
            self.excuses.find(place, self.prefix, exactly=slip),
            soft,
            slip,
        )

    def silent(self, place: str) -> Laid:
        """Return a result for a leaf that the document says nothing about."""
        return Laid((), silent=1, silences=[place])

    def ok(self, place: str, schemas: tuple[Schema, ...]) -> Laid:
        """Return a result for a leaf that fits these alternatives."""
        if all(one.open for one in schemas):
            laid = Laid(schemas, silent=1, silences=[place])
        else:
            laid = Laid(schemas, ok=1, fitting=[place])
        laid.marks.append(Mark(place, schemas, self.writing))
        return laid

    def _plain(
        self, shape: Hole | Text, place: str, schemas: tuple[Schema, ...], allowed: frozenset[str] | None
    ) -> Laid:
        """Lay a leaf whose value is of one of these types."""
        if not schemas:
            return self.silent(place)
        found = alternatives(schemas)
        fitting = tuple(one for one in found if accepts(one, allowed, writing=self.writing))
        if fitting:
            return self.ok(place, fitting)
        return self.wrong_type(shape, place, schemas, allowed)

    def wrong_type(
        self, shape: Shape, place: str, schemas: tuple[Schema, ...], allowed: frozenset[str] | None = None
    ) -> Laid:
        """Return a result for a shape whose type no alternative has."""
        found = alternatives(schemas)
        has = types(found, nullable=any(one.nullable for one in schemas))
        laid = Laid()
        message = f"{spoken(shape, allowed)}, but the vendor has {has}"
        laid.add(self.problem("wrong-type", message, shape.at, place, found))
        return laid

    def _hole(self, hole: Hole, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        name = hole.name
        section = {"tool": self.mapping.tool, "usage": self.mapping.usage}.get(name)
        if section is not None:
            return self.expanded(place, schemas, self.lay(section, name, schemas, Context(name)))
        if name == "message" and context.section == "request":
            return self.expanded(place, schemas, self._messages(schemas))
        if name == "response" and context.section == "events":
            return self.expanded(place, schemas, self._response(hole, schemas))
        if self.mapping.table(hole) is not None:
            return self._table(hole, place, schemas, context)
        return self._slotted(hole, place, schemas, context)

    def expanded(self, place: str, schemas: tuple[Schema, ...], section: Laid) -> Laid:
        """Return the result of a section for the hole that stands for it; an excuse of the hole covers it all."""
        laid = Laid(section.schemas)
        laid.take(section)
        excuse = self.excuses.find(place, self.prefix)
        if excuse is not None and laid.silences:
            laid.silences.append(place)
        self._excused(laid, excuse)
        laid.marks.append(Mark(place, section.schemas or alternatives(schemas), self.writing))
        return laid

    def _messages(self, schemas: tuple[Schema, ...]) -> Laid:
        """Lay the message of every role on the items of the list of messages; a list is spliced into it."""
        laid = Laid(alternatives(schemas))
        for role, shape in self.mapping.message.items():
            context = Context("message", role, rest=rest(shape, occurring(role, shape, self.mapping)))
            place = f"message.{role}"
            if not isinstance(shape, List):
                laid.take(self.lay(shape, place, schemas, context))
                continue
            if shape.repeated is not None:
                laid.take(self.lay(shape.repeated, repeated(place), schemas, context))
            for index, one in enumerate(shape.items):
                laid.take(self.lay(one, item(place, index), schemas, context))
        return laid

    def _response(self, hole: Hole, schemas: tuple[Schema, ...]) -> Laid:
        """Lay the reply inside an event; without `+` its blocks are left out."""
        shape = self.mapping.response
        return self.lay(shape, "response", schemas, self.replying("response", shape, blocks=hole.fragment))

    def replying(self, section: str, shape: Shape, *, blocks: bool = True) -> Context:
        """Return where a reply or an event is read: its blocks are the assistant's, of any kind that it can hold."""
        kinds = dict.fromkeys(one.kind for one in self.mapping.blocks if one.kind not in ("tool_result", "cache"))
        return Context(section, "assistant", rest=rest(shape, kinds, loose=True), blocks=blocks)

    def _slotted(self, hole: Hole, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        """Lay a hole that takes blocks where there is one, else a plain value."""
        name = hole.name
        takes_blocks = context.section in ("message", "response", "events") or context.kind == "tool_result"
        if takes_blocks and context.kind != "reasoning":
            if name == "block":
                return self._slot(hole, context.rest, place, schemas, context)
            if name == "content":
                return self._content(hole, place, schemas, context)
            of_kind = name in ("tool_call", "tool_result", "image")
            if of_kind or (name == "redacted_thinking" and forms(self.mapping, context.role, name)):
                return self._slot(hole, (name,), place, schemas, context)
        allowed = types_of(hole, context, writing=self.writing)
        laid = self._plain(hole, place, schemas, allowed)
        if laid.schemas:
            laid.uses.append(Use(hole, place, laid.schemas, self.writing))
        return laid

    def _slot(
        self, hole: Hole, kinds: tuple[str, ...], place: str, schemas: tuple[Schema, ...], context: Context
    ) -> Laid:
        """Lay every form of every kind that may come to a slot; those that do not fit are not used there."""
        found = alternatives(schemas)
        laid = Laid(found)
        laid.marks.append(Mark(place, found, self.writing))
        if not context.blocks:
            laid.ok = 1
            return laid
        excuse = self.excuses.find(place, self.prefix)
        read: list[Schema] = []
        misfits: list[Laid] = []
        for kind in kinds:
            tried = {
                form.path: self._form(form, schemas, context)
                for form in forms(self.mapping, context.role, kind, hole.label)
            }
            fitting = [one for one in tried.values() if not one.problems]
            for one in fitting:
                laid.take(one)
                read += one.schemas
            if not fitting:
                misfits += tried.values()
                if self.must_fit(kind, context, named=hole.name not in ("block", "content")):
                    self._report_misfit(laid, list(tried.values()), kind, hole, place)
            for path, one in tried.items():
                problems = tuple(problem for problem in one.problems if problem.slip or excuse is None)
                laid.fits.append(Fit(place, context.role, kind, path, self.writing, problems))
        if not self.writing:
            laid.slots.append((place, found, tuple(read)))
            if misfits and not (read or laid.problems or laid.ok or laid.silent):
                self._report_misfit(laid, misfits, "", hole, place)
        return self._excused(laid, excuse)

    def _excused(self, laid: Laid, excuse: str | None) -> Laid:
        if excuse is not None:
            laid.excused += [one.excused(excuse) for one in laid.problems if not one.slip]
            laid.problems = [one for one in laid.problems if one.slip]
        return laid

    def _form(self, form: BlockShape, schemas: tuple[Schema, ...], context: Context) -> Laid:
        within = Context("block", context.role, form.kind)
        if form.kind == "tool_result":
            within = Context("block", context.role, form.kind, rest(form.shape, ("text", "image")))
        return self.lay(form.shape, form.path, schemas, within)

    def _report_misfit(self, laid: Laid, tried: list[Laid], kind: str, hole: Hole, place: str) -> None:
        if tried:
            best = min(tried, key=lambda one: len(one.problems))
            laid.problems += best.problems
            laid.excused += best.excused
        elif kind in MUST_FIT:
            message = f"{kind} blocks come here, but there is no block.{kind}"
            laid.add(self.problem("no-block-shape", message, hole.at, place))
