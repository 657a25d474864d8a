"""The grammar of shapes: from the values of a mapping to shapes and back (docs/mapping.md, "Shapes").

    shape = constant | hole | "text ${hole} text" | {key: shape} | [shape, shape]
          | [shape, "..."]             any number of that shape
          | [shape, "...", shape]      any number of the first, then the second
    hole  = "$" name ["." label] ["|json"] ["+" | "!"]

A dollar that starts no hole is written "$$".
"""

import difflib
import math
import re
from typing import Any

from providergen.diagnostics import Findings, Position
from providergen.mapping._tree import Node
from providergen.mapping.shape import Constant, Entry, Hole, List, Object, Shape, Text
from providergen.mapping.vocabulary import SCOPES, Scope

__all__ = ["ELLIPSIS", "nearest", "parse_shape", "shape_value"]

ELLIPSIS = "..."

_HOLE = re.compile(
    r"\$(?P<name>config\.\w+|metadata\.\w+|_\w+|[A-Za-z]\w*)(?:\.(?P<label>\w+))?"
    r"(?P<json>\|json)?(?P<mark>[+!])?",
    re.ASCII,
)
_PIECE = re.compile(r"\$\$|\$\{(?P<inner>[^{}]*)\}|\$|[^$]+")


def nearest(word: str, known: "list[str] | tuple[str, ...]") -> str:
    """Return `; did you mean 'x'?` for a misspelt word, or nothing if no known word is near."""
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def parse_shape(node: Node, scope: Scope, findings: Findings, place: str, *, repeated: bool = False) -> Shape:
    """Read a shape; what is wrong in it is added to the findings and read as a constant.

    `repeated`: it stands for the items of a list, `[shape, ...]`.
    """
    match node.value:
        case dict(entries):
            parsed = (
                Entry(key, parse_shape(child, scope, findings, f"{place}.{key}"), child.key_at)
                for key, child in entries.items()
            )
            return Object(tuple(parsed), node.at)
        case list(items):
            return _list(node, items, scope, findings, place)
        case str(text):
            return _text(text, node.at, scope, findings, place, repeated=repeated)
        case float(number) if not math.isfinite(number):
            findings.error("not-json", f"JSON has no value for {number}", node.at, place=place)
            return Constant(None, node.at)
        case value:
            return Constant(value, node.at)


def _list(node: Node, items: list[Node], scope: Scope, findings: Findings, place: str) -> Shape:
    dots = [number for number, item in enumerate(items) if item.value == ELLIPSIS]
    if dots and (dots != [1] or len(items) > 3):
        findings.error(
            "misplaced-ellipsis",
            "'...' stands after the first of a list, and at most one item follows it",
            items[dots[0] if dots != [1] else 1].at,
            place=place,
            hint="[a, ...] is any number of a; [a, ..., b] any number of a and then b",
        )
        items = [item for item in items if item.value != ELLIPSIS]
        dots = []
    if not dots:
        shapes = (parse_shape(item, scope, findings, f"{place}[{number}]") for number, item in enumerate(items))
        return List(tuple(shapes), node.at)
    repeated = parse_shape(items[0], scope, findings, f"{place}[...]", repeated=True)
    last = tuple(parse_shape(item, scope, findings, f"{place}[0]") for item in items[2:])
    return List(last, node.at, repeated)


def _text(text: str, at: Position, scope: Scope, findings: Findings, place: str, *, repeated: bool) -> Shape:
    if "$" not in text:
        return Constant(text, at)
    if whole := _HOLE.fullmatch(text):
        return _hole(whole, at, scope, findings, place, repeated=repeated)
    parts: list[str | Hole] = []
    for piece in _PIECE.finditer(text):
        inner = piece["inner"]
        part: str | Hole
        if inner is not None and (found := _HOLE.fullmatch(f"${inner}")):
            part = _hole(found, at, scope, findings, place)
        elif inner is not None or piece[0] == "$":
            findings.error(
                "not-a-hole",
                f"{text!r} has a dollar that starts no hole",
                at,
                place=place,
                hint="a hole is $name, inside text ${name}; a dollar of the vendor's is written $$",
            )
            return Constant(text, at)
        else:
            part = "$" if piece[0] == "$$" else piece[0]
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return Constant("".join(map(str, parts)), at) if all(isinstance(p, str) for p in parts) else Text(tuple(parts), at)


def _hole(
    match: re.Match[str], at: Position, scope: Scope, findings: Findings, place: str, *, repeated: bool = False
) -> Hole:
    mark = match["mark"]
    hole = Hole(match["name"], at, match["label"], bool(match["json"]), mark == "+", mark == "!")
    if not scope.knows(hole.name):
        _unknown(hole, scope, findings, place)
        return hole
    labels = scope.labels(hole.name)
    if hole.label and labels is not None and hole.label not in labels:
        words = f"; there is {', '.join(labels)}{nearest(hole.label, labels)}" if labels else ""
        message = f"{hole}: {hole.label!r} is no label of ${hole.name} in {scope.called}{words}"
        findings.error("unknown-label", message, at, place=place)
    if hole.name in scope.many and not repeated:
        message = f"{hole} is any number of values in {scope.called}, but stands in the place of one"
        findings.error("misplaced-hole", message, at, place=place, hint=f"write [{hole}, ...]")
    if hole.json and not scope.json(hole.name):
        message = f"{hole}: |json has no meaning for ${hole.name}, which is not an object of Amplifier's"
        findings.error("misplaced-mark", message, at, place=place)
    if hole.fragment and not scope.fragment:
        message = f"{hole}: '+' appends fragments, which only the events of a stream have"
        findings.error("misplaced-mark", message, at, place=place, hint=f"write {str(hole)[:-1]}")
    if hole.needed and not scope.needed:
        message = f"{hole}: '!' chooses among block and message shapes and has no meaning in {scope.called}"
        findings.error("misplaced-mark", message, at, place=place, hint=f"write {str(hole)[:-1]}")
    return hole


def _unknown(hole: Hole, scope: Scope, findings: Findings, place: str) -> None:
    known = scope.offered()
    there = f"; there is {known}" if known else "; no hole has one there"
    guess = nearest(hole.name, scope.words)
    findings.error(
        "unknown-word",
        f"${hole.name} has no meaning in {scope.called}{there}{guess}",
        hole.at,
        place=place,
        hint=_elsewhere(hole.name),
    )


def _elsewhere(name: str) -> str | None:
    places = [scope.called for scope in SCOPES.values() if name in scope.words]
    return f"${name} belongs in {', '.join(places)}" if places else None


def shape_value(shape: Shape) -> Any:
    """Return the plain value (as in YAML or JSON) that reads as this shape."""
    match shape:
        case Constant(value=str(text)):
            return text.replace("$", "$$")
        case Constant(value=value):
            return value
        case Hole():
            return str(shape)
        case Text(parts=parts):
            return "".join(f"${{{str(p)[1:]}}}" if isinstance(p, Hole) else p.replace("$", "$$") for p in parts)
        case Object(entries=entries):
            return {entry.key: shape_value(entry.shape) for entry in entries}
        case List(items=items, repeated=None):
            return [shape_value(item) for item in items]
        case List(items=items, repeated=repeated):
            assert repeated is not None
            return [shape_value(repeated), ELLIPSIS, *(shape_value(item) for item in items)]
