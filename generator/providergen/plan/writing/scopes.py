"""What a hole means when a request is written: where its value comes from, when there is one, and its type."""

from dataclasses import dataclass
from typing import Protocol

from providergen.mapping.shape import Hole
from providergen.plan import code, wire
from providergen.plan.names import variable
from providergen.plan.writing.blocks import Blocks
from providergen.plan.writing.kinds import KINDS
from providergen.plan.writing.shapes import Value
from providergen.plan.writing.tables import Tables

__all__ = ["CallScope", "Lists", "ToolScope", "TurnScope"]

_REQUEST: dict[str, tuple[wire.Json, type[code.Given] | type[code.Present] | None]] = {
    "model": (wire.STRING, None),
    "system": (wire.STRING, code.Given),
    "temperature": (wire.NUMBER, code.Present),
    "top_p": (wire.NUMBER, code.Present),
    "max_output_tokens": (wire.INTEGER, code.Present),
    "stop": (wire.array(wire.STRING), code.Given),
    "reasoning_effort": (wire.STRING, code.Given),
    "conversation_id": (wire.STRING, code.Given),
    "schema": (wire.OBJECT, code.Present),
    "strict": (wire.BOOLEAN, code.Present),
    "response_format": (wire.STRING, code.Given),
    "tool_choice": (wire.STRING, code.Given),
}


class Lists(Protocol):
    """What fills the two lists of a request."""

    def messages(self, path: str) -> Value | None:
        """Return the list of messages."""

    def tool(self) -> tuple[str, wire.Json]:
        """Return the function that writes one tool, and what it returns."""


def _from_mapping(source: str, key: str) -> Value:
    """Return the value of `$config.x` or `$metadata.x`: any JSON, if it is there."""
    local = variable(key)
    test = code.Present(code.Walrus(local, code.Get(code.Name(source), key)))
    return Value(code.Name(local), wire.ANY, (test,))


@dataclass(slots=True)
class CallScope:
    """Holes of the request, of its path, query and headers: `call` has the values."""

    tables: Tables
    lists: "Lists"
    variables: tuple[tuple[str, str], ...] = (("call", "Call"),)

    def hole(self, hole: Hole, path: str) -> Value | None:
        """Return what a hole of the request writes."""
        if hole.name == "cache":
            return None
        source, _, key = hole.name.partition(".")
        if key:
            return _from_mapping(f"call.{source}", key)
        table = self.tables.mapping.table_name(hole)
        if self.tables.has(table):
            return self.tables.value(table, path, self)
        type_, test = _REQUEST[hole.name]
        value: code.Expr = code.Name(f"call.{hole.name}")
        if hole.name == "reasoning_effort":
            asked = code.Absent(code.Equal(value, ("none",)))
            return Value(value, type_, (code.All((code.Given(value), asked)),))
        default = self.tables.mapping.defaults.get(hole.name)
        if test is code.Present and default is not None:
            return Value(self._enough(hole, code.Either((value, code.Literal(default))), path), type_)
        return Value(self._enough(hole, value, path), type_, () if test is None else (test(value),))

    def _enough(self, hole: Hole, value: code.Expr, path: str) -> code.Expr:
        """Return a bound on the answer that is not below the least that the vendor takes."""
        if hole.name != "max_output_tokens":
            return value
        bounds = [schema.minimum for schema in self.tables.writer.schemas(path) if schema.minimum is not None]
        if not bounds or min(bounds) <= 1:
            return value
        return code.Invoke("max", (value, code.Literal(int(min(bounds)))))

    def repeated(self, hole: Hole, path: str) -> Value | None:
        """Return the messages or the tools."""
        if hole.name == "message":
            return self.lists.messages(path)
        if hole.name == "tool":
            name, type_ = self.lists.tool()
            item = code.Invoke(name, (code.Name("tool"),))
            tools = code.Name("call.tools")
            return Value(code.Collect(item, (("tool", tools),)), wire.array(type_), (code.Given(tools),))
        one = self.hole(hole, path)
        return one and Value(code.Sequence((one.expr,)), wire.array(one.type), one.when)


@dataclass(slots=True)
class TurnScope:
    """Holes of a message: `turn` has its blocks; those with one of the `labels` have holes of their own."""

    blocks: Blocks
    role: str
    labels: tuple[str, ...] = ()
    local: str = "turn"
    variables: tuple[tuple[str, str], ...] = (("turn", "Turn"),)

    def hole(self, hole: Hole, path: str) -> Value | None:
        """Return what a hole of a message writes."""
        source, _, key = hole.name.partition(".")
        if key:
            return _from_mapping(f"turn.{source}", key)
        match hole.name:
            case "text" | "thinking" if hole.label:
                text: code.Expr = code.Invoke(f"{self.local}.labelled_{hole.name}", (code.Literal(hole.label),))
                local = variable(hole.label)
                return Value(code.Name(local), wire.STRING, (code.Given(code.Walrus(local, text)),))
            case "text" | "thinking":
                text = code.Name(f"{self.local}.{hole.name}")
                return Value(text, wire.STRING, (code.Given(text),))
            case "content":
                return self.blocks.content(self, path)
            case "name":
                name = code.Name(f"{self.local}.name")
                return Value(name, wire.STRING, (code.Present(name),))
        return None

    def repeated(self, hole: Hole, path: str) -> Value | None:
        """Return the list of the blocks that a hole takes."""
        kind = None if hole.name == "block" else hole.name
        source = f"{self.local}.{KINDS[kind].slot if kind else 'blocks'}"
        return self.blocks.listed(path, self.role, kind, source, self.labels)


@dataclass(slots=True)
class ToolScope:
    """Holes of a tool: `tool` has it."""

    variables: tuple[tuple[str, str], ...] = (("tool", "ToolSpec"),)

    def hole(self, hole: Hole, path: str) -> Value | None:  # noqa: ARG002 - the protocol's
        """Return what a hole of a tool writes."""
        match hole.name:
            case "name":
                return Value(code.Name("tool.name"), wire.STRING)
            case "parameters":
                return Value(code.Name("tool.parameters"), wire.OBJECT)
            case "description":
                value = code.Name("tool.description")
                return Value(value, wire.STRING, (code.Given(value),))
        return None

    def repeated(self, hole: Hole, path: str) -> Value | None:  # noqa: ARG002 - the protocol's
        """Return nothing: a tool has no lists."""
        return None
