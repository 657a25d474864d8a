"""Examples of requests: what each choice of a call becomes in the body, for each group of models."""

from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from providergen.mapping import Mapping
from providergen.mapping.shape import Hole, Object, Shape
from providergen.plan.examples.layout import ABSENT, Layout, Values
from providergen.plan.examples.models import model_like

__all__ = ["choices"]

_CHOSEN = ("tool_choice", "response_format", "reasoning_effort")
_TOOL = "look"
_FORMAT = {"schema": {"type": "object", "properties": {"city": {"type": "string"}}}, "strict": True}
_NUMBERS = {"temperature": 0.25, "top_p": 0.5}
_NOBODYS_MODEL = "some-model"

_Path = tuple[str, ...]


def choices(mapping: Mapping, layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield a case for each row of the tables by which choices are written, and for numbers, for each group of models.

    A case has the model, the fields of the call, the path in the body, and the value that must be there, if any.
    """
    globs = [glob for glob, _ in mapping.for_model]
    variants = ((None, mapping), *mapping.for_model)
    numbers = {path: hole.name for _, variant in variants for path, hole in _placed(variant.request, _NUMBERS)}
    for glob, variant in variants:
        model = _model(glob, globs)
        taken = {path for path, _ in _placed(variant.request, _NUMBERS)}
        for path, name in numbers.items() if model else ():
            value = _NUMBERS[name]
            yield {
                "name": f"${name} for {model}",
                "kind": "choice",
                "model": model,
                "call": {name: value},
                "at": list(path),
                "expect": {"value": value} if path in taken else {},
            }
        for path, hole in _placed(variant.request, _CHOSEN) if model else ():
            table = variant.table(hole)
            for row in table.rows if table else ():
                asked, said = _asked(hole.name, row.key)
                value = layout.laid(row.values[0], f"{variant.table_name(hole)}.{row.key}", Values(said))
                yield {
                    "name": f"{hole} {row.key} for {model}",
                    "kind": "choice",
                    "model": model,
                    "call": asked,
                    "at": list(path),
                    "expect": {} if value is ABSENT else {"value": value},
                }


def _model(glob: str | None, globs: Sequence[str]) -> str | None:
    """Return the name of a model for which this glob decides (None: no glob does), None if there is no such model."""
    name = _NOBODYS_MODEL if glob is None else model_like(glob)
    decides = next((other for other in globs if fnmatchcase(name, other)), None)
    return name if decides == glob else None


def _placed(shape: Shape, names: Collection[str], path: _Path = ()) -> Iterator[tuple[_Path, Hole]]:
    """Yield the holes of these names, with the keys that lead to each."""
    match shape:
        case Hole(name=name) if name in names:
            yield path, shape
        case Object(entries=entries):
            for entry in entries:
                yield from _placed(entry.shape, names, (*path, entry.key))


def _asked(name: str, word: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields of a call that makes a choice, and what the holes in its row say then."""
    match name, word:
        case "tool_choice", "tool":
            return {name: word, "chosen_tool": _TOOL}, {"name": _TOOL}
        case "response_format", "json_schema":
            return {name: word, **_FORMAT}, dict(_FORMAT)
    return {name: word}, {}
