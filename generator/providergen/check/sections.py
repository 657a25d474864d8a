"""The sections of a mapping, each laid on the part of the document it speaks of."""

from dataclasses import dataclass, field

from providergen.check.events import event_schemas
from providergen.check.excuses import Excuses
from providergen.check.failures import answered_failures, lay_failure, tells_failure
from providergen.check.laid import Context, Laid, Mark
from providergen.check.parameters import find_operation, lay_parameters
from providergen.check.reading import Reading
from providergen.check.result import Operations
from providergen.check.writing import Writing
from providergen.document import Document, Operation, Schema
from providergen.mapping.model import Call, Mapping
from providergen.mapping.shape import Object, Shape, holes
from providergen.mapping.vocabulary import ROLES

__all__ = ["Sections", "lay_sections"]


@dataclass(slots=True)
class Sections:
    """All sections of one mapping, laid.

    `laid` holds everything found; `events` the alternatives of a streamed event, `heard` those that an event shape
    reads; `undescribed` the sections that the document is silent about.
    """

    laid: Laid = field(default_factory=Laid)
    operations: Operations = field(default_factory=Operations)
    events: tuple[Schema, ...] = ()
    heard: set[Schema] = field(default_factory=set)
    undescribed: list[str] = field(default_factory=list)


def lay_sections(mapping: Mapping, document: Document, excuses: Excuses, prefix: str) -> Sections:
    """Lay every section of a mapping on its part of the document."""
    run = _Run(mapping, document, excuses, prefix)
    run.chat()
    if run.operation is not None:
        run.reply()
        run.stream()
        run.error()
        run.images()
    run.models()
    run.roles()
    run.result.operations = Operations(run.operation, run.streaming, run.listing)
    return run.result


class _Run:
    def __init__(self, mapping: Mapping, document: Document, excuses: Excuses, prefix: str) -> None:
        self.mapping = mapping
        self.document = document
        self.excuses = excuses
        self.prefix = prefix
        self.writing = Writing(mapping, excuses, prefix)
        self.reading = Reading(mapping, excuses, prefix)
        self.result = Sections()
        self.laid = self.result.laid
        self.operation: Operation | None = None
        self.streaming: Operation | None = None
        self.listing: Operation | None = None

    def call(self, call: Call, place: str, *, optional: bool = False) -> Operation | None:
        """Find an operation and lay its parameters."""
        operation = find_operation(call, place, self.document, self.writing, self.laid, optional=optional)
        if operation is not None:
            self.laid.take(lay_parameters(call, place, operation, self.mapping.vendor.auth, self.writing))
        return operation

    def chat(self) -> None:
        self.operation = self.call(self.mapping.chat, "chat")
        if self.operation is not None:
            self.body(self.mapping.request, self.operation)

    def body(self, shape: Object, operation: Operation) -> Laid:
        schemas = (operation.request,) if operation.request is not None else ()
        laid = self.writing.lay(shape, "request", schemas, Context("request"))
        self.describe("request", schemas)
        self.laid.take(laid)
        return laid

    def describe(self, place: str, schemas: tuple[Schema, ...]) -> None:
        if not schemas:
            self.result.undescribed.append(place)

    def reply(self) -> None:
        assert self.operation is not None
        answer = self.operation.response()
        schemas = (answer,) if answer is not None else ()
        self.describe("response", schemas)
        shape = self.mapping.response
        self.laid.take(self.reading.lay(shape, "response", schemas, self.reading.replying("response", shape)))

    def stream(self) -> None:
        stream = self.mapping.stream
        if stream is None:
            return
        separate = stream.call is not None and stream.call.operation != self.mapping.chat.operation
        self.streaming = self.call(stream.call, "stream") if stream.call is not None else self.operation
        if self.streaming is not None and (stream.request is not None or separate):
            body = Laid()
            schemas = (self.streaming.request,) if self.streaming.request is not None else ()
            body.take(self.writing.lay(stream.request or self.mapping.request, "request", schemas, Context("request")))
            self.laid.take(_renamed(body, stream.own, self.excuses, self.prefix))
        events = event_schemas(stream, self.streaming, self.document, self.reading, self.laid, separate=separate)
        self.result.events = events
        self.describe("stream.events", events)
        for event in stream.events:
            context = self.reading.replying("events", event.shape)
            if tells_failure(event) and self.operation is not None:
                answers = answered_failures(self.operation)
                laid = lay_failure(event, events, answers, self.reading, context)
            else:
                laid = self.reading.lay(event.shape, f"stream.events.{event.name}", events, context)
            self.result.heard.update(laid.schemas)
            self.laid.take(laid)

    def error(self) -> None:
        if self.mapping.error is None or self.operation is None:
            return
        schemas = answered_failures(self.operation)
        self.describe("error", schemas)
        self.laid.take(self.reading.lay(self.mapping.error, "error", schemas, Context("error")))

    def images(self) -> None:
        """Keep images out of assistants' messages if no reply holds any, unless the mapping has a form for just them.

        Such an image is another vendor's, and vendors refuse it although their documents have one message for all
        roles: https://github.com/SEMOSS/Semoss/issues/2323.
        """
        if any(fit.kind == "image" and not fit.writing and not fit.problems for fit in self.laid.fits):
            return
        own = {block.path for block in self.mapping.blocks if block.role == "assistant"}
        self.laid.fits = [
            fit
            for fit in self.laid.fits
            if (fit.role, fit.kind, fit.writing) != ("assistant", "image", True) or fit.form in own
        ]

    def models(self) -> None:
        models = self.mapping.models
        if models is None:
            return
        self.listing = self.call(models.call, "models", optional=self.mapping.inherited(models.call.at))
        if self.listing is None:
            return
        answer = self.listing.response()
        schemas = (answer,) if answer is not None else ()
        self.describe("models.response", schemas)
        self.laid.take(self.reading.lay(models.response, "models.response", schemas, Context("models")))

    def roles(self) -> None:
        """Every role needs a shape; the system's text may stand in the request instead."""
        instructed = any(hole.name == "system" for hole in holes(self.mapping.request))
        for role in ROLES:
            if role in self.mapping.message or (role == "system" and instructed):
                continue
            at = self.mapping.position("message")
            hint = f"add message.{role}" + (", or $system to the request" if role == "system" else "")
            message = f"role '{role}' has no shape"
            self.laid.add(self.writing.problem("role-without-shape", message, at, "message", hint=hint))


def _renamed(laid: Laid, own: Object | None, excuses: Excuses, prefix: str) -> Laid:
    """Return the laid body of a stream, its places below `stream` where that section states them.

    Only those are counted: the others have been, for the body of the call without streaming.
    """
    if own is None:
        laid.ok = laid.silent = 0
        return laid
    stated = tuple(_paths(own, "request"))
    below = tuple(f"{path}{sign}" for path in stated for sign in ".[")

    def name(place: str) -> str:
        return f"stream.{place}" if place in stated or place.startswith(below) else place

    moved = Laid(excused=list(laid.excused))
    for problem in laid.problems:
        place = name(problem.place)
        excuse = excuses.find(place, prefix, exactly=problem.slip)
        moved.add(problem.moved(place) if excuse is None else problem.moved(place).excused(excuse))
    moved.take_facts(laid)
    moved.ok = sum(name(place) != place for place in laid.fitting)
    moved.silent = sum(name(place) != place for place in laid.silences)
    moved.marks = [Mark(name(mark.place), mark.schemas, mark.writing) for mark in laid.marks]
    return moved


def _paths(shape: Shape, place: str) -> list[str]:
    if not isinstance(shape, Object):
        return [place]
    return [path for entry in shape.entries for path in _paths(entry.shape, f"{place}.{entry.key}")]
