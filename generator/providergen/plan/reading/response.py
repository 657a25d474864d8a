"""Plan `response.py`: how a whole reply, an error and a page of models are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from providergen.mapping import Mapping
from providergen.mapping.shape import Constant, List, Shape, holes
from providergen.plan import code
from providergen.plan.functions import pruned, reachable
from providergen.plan.reading.classes import Place
from providergen.plan.reading.gathered import Gathered
from providergen.plan.reading.shapes import Reader, as_object

__all__ = ["ResponsePlan", "plan_response"]


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """Everything `response.py` defines.

    `public` are the functions that other modules may call, `finish_reasons` pairs (vendor's word, Amplifier's).
    """

    functions: tuple[code.Function, ...]
    public: tuple[str, ...]
    finish_reasons: tuple[tuple[Any, str], ...]


def plan_response(reader: Reader) -> ResponsePlan:
    """Return the plan of `response.py`."""
    mapping = reader.mapping
    planner = _Planner(reader)
    roots = ["read", *planner.reply()]
    if mapping.error is not None:
        planner.error(mapping.error)
        roots.append("read_error")
    if mapping.models is not None:
        planner.models(mapping.models.response)
        roots.append("read_models")
    return ResponsePlan(
        tuple(reachable(reader.functions, roots)),
        tuple(sorted({*roots, *reader.known.values()})),
        tuple(_finish_reasons(mapping)),
    )


def _finish_reasons(mapping: Mapping) -> Iterable[tuple[Any, str]]:
    table = mapping.tables.get("finish_reason")
    for row in table.rows if table else ():
        yield from ((value.value, row.key) for value in row.values if isinstance(value, Constant))


@dataclass(slots=True)
class _Planner:
    """Plans the functions of `response.py`."""

    reader: Reader

    def reply(self) -> list[str]:
        """Plan `read`, with what an event can also hold of a response in functions of their own."""
        add = self.reader.functions.add
        roots = []
        if self.reader.mapping.usage is not None:
            roots.append(self._usage(self.reader.mapping.usage))
        name = self.reader.whole("response")
        place = Place(code.Name("reply"), name, "response")
        parameters = (("reply", f"wire.{name}"), ("answer", "Answer"))
        shape = as_object(self.reader.mapping.response)
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
        events = self.reader.mapping.stream.events if self.reader.mapping.stream else ()
        return any(hole.name == "response" for event in events for hole in holes(event.shape))

    def _usage(self, shape: Shape) -> str:
        name = self.reader.whole("usage")
        gathered = self.reader.gather(as_object(shape), Place(code.Name("usage"), name, "usage"))
        body = (*gathered.binds, *gathered.effects())
        parameters = (("usage", f"wire.{name}"), ("answer", "Answer"))
        doc = "Fold the count of tokens into the answer."
        return self.reader.functions.add("read_usage", parameters, "None", doc, body)

    def error(self, shape: Shape) -> None:
        """Plan `read_error`."""
        name = self.reader.classes.place("error", "error", "ErrorReply", root=True)
        gathered = self.reader.gather(as_object(shape), Place(code.Name("body"), name, "error"))
        body = (*gathered.binds, code.Return(gathered.detail()))
        doc = "Return what the body of an error says."
        self.reader.functions.add("read_error", (("body", f"wire.{name}"),), "ErrorDetail", doc, body)

    def models(self, shape: Shape) -> None:
        """Plan `read_models`."""
        name = self.reader.classes.place("models", "models.response", "ModelList")
        gathered = Gathered(cards=True)
        reply, doc = code.Name("reply"), "Return one page of the list of models."
        if isinstance(shape, List):
            item = as_object(shape.repeated)
            card = self.reader.classes.place(("models", "item"), "models.response[...]", "ModelListItem")
            source: code.Expr = code.Invoke("objects", (reply,))
            annotated = f"list[wire.{card}]"
            self.reader.card(item, source, card, "models.response[...]", gathered)
        else:
            annotated = f"wire.{name}"
            self.reader.walk(as_object(shape), Place(reply, name, "models.response"), gathered)
        named = [(key, gathered.fields[key]) for key in ("models", "next", "more") if key in gathered.fields]
        page = code.Return(code.Invoke("ModelPage", (), tuple(named)))
        body = (*gathered.binds, page)
        self.reader.functions.add("read_models", (("reply", annotated),), "ModelPage", doc, body)
