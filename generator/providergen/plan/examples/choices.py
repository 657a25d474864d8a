"""Examples of requests: what each word that a call may choose becomes in the body, for each group of models."""

from collections.abc import Iterator, Sequence
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
_NOBODYS_MODEL = "some-model"

_Path = tuple[str, ...]


def choices(mapping: Mapping, layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield a case for each row of the tables by which choices are written, for each group of models.

    A case has the model, the fields of the call, the path in the body, and the value that must be there, if any.
    """
    globs = [glob for glob, _ in mapping.for_model]
    for glob, variant in ((None, mapping), *mapping.for_model):
        model = _model(glob, globs)
        for path, hole in _placed(variant.request) if model else ():
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


def _placed(shape: Shape, path: _Path = ()) -> Iterator[tuple[_Path, Hole]]:
    """Yield the holes of choices, with the keys that lead to each."""
    match shape:
        case Hole(name=name) if name in _CHOSEN:
            yield path, shape
        case Object(entries=entries):
            for entry in entries:
                yield from _placed(entry.shape, (*path, entry.key))


def _asked(name: str, word: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields of a call that makes a choice, and what the holes in its row say then."""
    match name, word:
        case "tool_choice", "tool":
            return {name: word, "chosen_tool": _TOOL}, {"name": _TOOL}
        case "response_format", "json_schema":
            return {name: word, **_FORMAT}, dict(_FORMAT)
    return {name: word}, {}
