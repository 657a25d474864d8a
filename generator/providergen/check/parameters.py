"""Calls: the operations that a mapping names, and the parameters that they require."""

import re
from collections.abc import Iterable
from typing import Final

from providergen.check.laid import Context, Laid
from providergen.check.wording import NEAR, closest
from providergen.check.writing import Writing
from providergen.diagnostics import Severity
from providergen.document import Document, Operation, Parameter
from providergen.mapping.model import Auth, Call
from providergen.mapping.shape import Entry

__all__ = ["find_operation", "lay_parameters"]

# Headers that HTTP itself or the transport gives.
_TRANSPORT: Final = frozenset({"accept", "authorization", "content-type", "content-length", "user-agent"})
_TEMPLATE: Final = re.compile(r"\{([^{}]+)\}")


def find_operation(
    call: Call, place: str, document: Document, writing: Writing, laid: Laid, *, optional: bool = False
) -> Operation | None:
    """Return the operation of a call; a problem in `laid` if there is none (a warning where `optional`)."""
    operation = document.operation(call.operation)
    if operation is not None:
        return operation
    names = [name for one in document.operations() for name in (f"{one.method} {one.path}", one.id) if name]
    problem = writing.problem(
        "unknown-operation",
        f"the document has no operation '{call.operation}'",
        call.at,
        place,
        hint=closest(call.operation, names),
        severity=Severity.WARNING if optional else None,
    )
    laid.add(problem)
    return None


def lay_parameters(call: Call, place: str, operation: Operation, auth: Auth | None, writing: Writing) -> Laid:
    """Lay the path, query and header shapes of a call along the parameters of its operation.

    Documents leave out many a header and query parameter, so one that they do not know is a note, unless it is nearly
    one that they know. Names that differ by signs only (`alt`, `$alt`) are taken for two ways to say the same.
    """
    laid = Laid()
    given = {"path": call.path, "query": call.query, "header": call.headers}
    for location, entries in given.items():
        section = "headers" if location == "header" else location
        known = _parameters(operation, location)
        for entry in entries:
            _lay_entry(laid, entry, f"{place}.{section}.{entry.key}", location, known, operation, writing)
        names = {_key(entry.key, location) for entry in entries} | _authenticating(auth, location)
        for name, parameter in known.items():
            if name in names or (parameter is not None and not parameter.required):
                continue
            shown = parameter.name if parameter is not None else name
            message = f"the operation requires the {location} parameter '{shown}'"
            below = f"{place}.{section}.{shown}"
            laid.add(writing.problem("missing-parameter", message, call.at, below, pointer=operation.pointer))
    return laid


def _parameters(operation: Operation, location: str) -> dict[str, Parameter | None]:
    """Return the parameters of a location by key; those that only the path names are undescribed."""
    found: dict[str, Parameter | None] = {}
    if location == "path":
        found.update(dict.fromkeys(_TEMPLATE.findall(operation.path)))
    found.update({_key(one.name, location): one for one in operation.parameters if one.location == location})
    return found


def _lay_entry(
    laid: Laid,
    entry: Entry,
    place: str,
    location: str,
    known: dict[str, Parameter | None],
    operation: Operation,
    writing: Writing,
) -> None:
    key = _key(entry.key, location)
    parameter = known.get(key)
    if key not in known and (known or location == "path"):
        names = [one.name if one else name for name, one in known.items()]
        message = f"the operation has no {location} parameter '{entry.key}'"
        hint = closest(entry.key, names)
        wrong = location == "path" or _misspelt(entry.key, names)
        laid.add(
            writing.problem(
                "unknown-parameter",
                message,
                entry.at,
                place,
                hint=hint,
                pointer=operation.pointer,
                severity=None if wrong else Severity.NOTE,
            )
        )
        return
    schemas = (parameter.schema,) if parameter is not None and parameter.schema is not None else ()
    laid.take(writing.lay(entry.shape, place, schemas, Context("request")))


def _misspelt(name: str, known: Iterable[str]) -> bool:
    letters = re.sub(r"[^a-z0-9]", "", name.lower())
    plain = [re.sub(r"[^a-z0-9]", "", one.lower()) for one in known]
    return letters not in plain and closest(letters, plain, cutoff=NEAR) is not None


def _key(name: str, location: str) -> str:
    return name.lower() if location == "header" else name


def _authenticating(auth: Auth | None, location: str) -> frozenset[str]:
    own = frozenset({_key(auth.name, location)}) if auth and auth.name and auth.kind == location else frozenset[str]()
    return own | _TRANSPORT if location == "header" else own
