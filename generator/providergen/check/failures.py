"""Errors within a stream: documents rarely describe them, so they are held against what else is known of errors."""

from collections.abc import Iterator

from providergen.check.laid import Context, Laid
from providergen.check.laying import item, repeated
from providergen.check.reading import Reading
from providergen.document import Operation, Schema
from providergen.mapping.model import Event
from providergen.mapping.shape import Entry, List, Object, Shape, holes
from providergen.spelling import slip

__all__ = ["answered_failures", "lay_failure", "slips", "tells_failure"]


def answered_failures(operation: Operation) -> tuple[Schema, ...]:
    """Return the schemas of what a failed call answers, `()` if the document does not describe it."""
    answers = operation.responses
    success = any(status.startswith("2") for status in answers)
    found = (
        schema
        for status, contents in answers.items()
        if status[:1] in "45" or (status == "default" and success)
        for kind, schema in contents.items()
        if "json" in kind
    )
    return tuple(dict.fromkeys(found))


def tells_failure(event: Event) -> bool:
    """Tell whether an event raises an error."""
    return any(hole.name == "error" for hole in holes(event.shape))


def lay_failure(
    event: Event, events: tuple[Schema, ...], answers: tuple[Schema, ...], reading: Reading, context: Context
) -> Laid:
    """Lay an event that raises an error on the events of a document, or else on its `answers` to a failed call.

    Where the document has neither, or lacks a part that `unchecked` excuses, the event and the section `error` are held
    against each other: they mostly have one form, and a key that is nearly the other's is misspelt in one of them.
    """
    place = f"stream.events.{event.name}"
    error = reading.mapping.error
    laid = reading.lay(event.shape, place, events, context)
    found = laid
    wrong = len(laid.problems) + len(laid.excused)
    if wrong and (answers or error is not None):
        other = reading.lay(event.shape, place, answers, context)
        misspelt = any(problem.slip for problem in other.problems)
        if len(other.problems) + len(other.excused) < wrong + misspelt:
            found = Laid(other.schemas)
            found.take(other)
            found.excused += laid.excused
    if error is None or found.problems:
        return found
    described = bool(answers and found.schemas)
    lacking = tuple(f"{problem.place}." for problem in found.excused)
    paired = Laid(found.schemas)
    paired.take(found)
    for entry, below, other_key in slips(event.shape, error, place):
        if described and not below.startswith(lacking):
            continue
        message = f"'{entry.key}' here, but '{other_key}' in error: one of them is misspelt"
        paired.add(reading.problem("unlike-error", message, entry.at, below, slip=True))
    return paired


def slips(one: Shape, other: Shape, place: str) -> Iterator[tuple[Entry, str, str]]:
    """Yield the keys of one shape that are nearly keys of the other: the entry, its mapping path, the other key."""
    if isinstance(one, Object) and isinstance(other, Object):
        alone = [entry.key for entry in other.entries if one.get(entry.key) is None]
        for entry in one.entries:
            below = f"{place}.{entry.key}"
            twin = other.get(entry.key)
            if twin is not None:
                yield from slips(entry.shape, twin, below)
            elif (near := slip(entry.key, alone)) is not None:
                yield entry, below, near
    elif isinstance(one, List) and isinstance(other, List):
        if one.repeated is not None and other.repeated is not None:
            yield from slips(one.repeated, other.repeated, repeated(place))
        for index, (mine, theirs) in enumerate(zip(one.items, other.items, strict=False)):
            yield from slips(mine, theirs, item(place, index))
