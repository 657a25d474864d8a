"""What a request says to some models only: entries that differ between the overlays of a mapping become branches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from providergen.mapping.shape import Object, Shape
from providergen.plan import code
from providergen.plan.functions import rewritten
from providergen.plan.wire import Types
from providergen.plan.writing.values import Entry, Scope, alive

if TYPE_CHECKING:
    from providergen.plan.writing.shapes import Writer

__all__ = ["Variant", "alive_for_any", "branches", "differing", "others"]


@dataclass(frozen=True, slots=True)
class Variant:
    """The same mapping for the models whose id fits a glob; of several the first that fits is used."""

    glob: str
    writer: "Writer"
    scope: Scope


Others = Sequence[tuple[str, Mapping[str, Entry]]]
"""The entries that an object of the request has for some models, by glob and key."""


def others(writer: "Writer", path: str, made: str, known: Sequence[Entry]) -> Others:
    """Return the entries that the object of the request at a place has for some models.

    `made` is its class, `known` its entries for all other models. Of an inner object that has a function of its own the
    general entry is taken: that function knows the models.
    """
    base = _at(writer.mapping.request, path)
    if not isinstance(base, Object):
        return []
    delegated = {entry.key: entry for entry in known if isinstance(base.get(entry.key), Object) and entry.delegates}
    found = []
    for variant in writer.variants:
        shape = _at(variant.writer.mapping.request, path)
        entries = variant.writer.entries(shape, path, variant.scope, made) if isinstance(shape, Object) else []
        found.append((variant.glob, {entry.key: delegated.get(entry.key, entry) for entry in entries}))
    return found


def alive_for_any(entries: Sequence[Entry], elsewhere: Others) -> tuple[code.Test, ...]:
    """Return when an object of the request is written for at least one model; empty: always."""
    tests = [alive(family) for family in (entries, *(tuple(found.values()) for _, found in elsewhere))]
    return () if () in tests else tuple(dict.fromkeys(test for found in tests for test in found))


def differing(entries: Sequence[Entry], elsewhere: Others) -> set[str]:
    """Return the keys whose entry is not the same for all models."""
    general = {entry.key: entry for entry in entries}
    keys = {*general, *(key for _, found in elsewhere for key in found)}
    return {key for key in keys if any(found.get(key) != general.get(key) for _, found in elsewhere)}


def branches(
    keys: set[str], entries: Sequence[Entry], elsewhere: Others, made: str, name: str, types: Types
) -> tuple[code.Statement, ...]:
    """Return the statements that put what differs between models into the object in a variable.

    `keys` are those that differ, `made` is the class of the object, which `types` are told of.
    """
    general = {entry.key: entry for entry in entries}
    bodies: list[tuple[list[str], list[code.Statement]]] = []
    for glob, found in [*elsewhere, ("", general)]:
        chosen = [found[key] for key in dict.fromkeys((*general, *found)) if key in keys and key in found]
        for entry in chosen:
            types.key(made, entry.key, entry.value.type)
        body = [entry.put(name) for entry in chosen]
        if bodies and bodies[-1][1] == body:
            bodies[-1][0].append(glob)
        else:
            bodies.append(([glob], body))
    _, otherwise = bodies.pop()
    chosen_by = tuple((code.any_of([_fits(glob) for glob in globs]), tuple(body)) for globs, body in bodies)
    branched = code.If(chosen_by, tuple(otherwise))
    return (*_declared(branched, types), branched)


def _declared(statement: code.Statement, types: Types) -> Iterator[code.Declare]:
    """Yield declarations of the variables whose value for the first models has a narrower type than for others."""
    given: dict[str, dict[str, None]] = {}

    def look(part: Any) -> Any:
        if isinstance(part, code.Walrus) and part.type is not None:
            given.setdefault(part.name, {})[part.type] = None
        return part

    rewritten(statement, look)
    for name, found in given.items():
        first, *others = types.widest(found)
        if not others and first == next(iter(found)):
            continue
        listed = [type_ for type_ in (first, *others) if "[" in type_]
        plain = sorted({part for type_ in (first, *others) if type_ not in listed for part in type_.split(" | ")})
        yield code.Declare(name, "Any" if "Any" in plain else " | ".join([*plain, *listed, "None"]))


def _fits(glob: str) -> code.Test:
    return code.Given(code.Invoke("fnmatchcase", (code.Name("call.model"), code.Literal(glob))))


def _at(shape: Shape, path: str) -> Shape | None:
    """Return the shape at a place of the request, None if there is none."""
    if path.partition(".")[0] != "request":
        return None
    for key in path.split(".")[1:]:
        inner = shape.get(key) if isinstance(shape, Object) else None
        if inner is None:
            return None
        shape = inner
    return shape
