"""What a hole means when a request is written: where its value comes from, when there is one, and its type."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from providergen.mapping.model import BlockShape
from providergen.mapping.shape import Hole, holes
from providergen.mapping.vocabulary import LABELLED_TABLES
from providergen.plan import code, wire
from providergen.plan.listed import listed
from providergen.plan.names import variable
from providergen.plan.writing.kinds import KINDS, Attribute
from providergen.plan.writing.returned import keys_taken
from providergen.plan.writing.tables import Tables
from providergen.plan.writing.values import Scope, Value

if TYPE_CHECKING:
    from providergen.plan.writing.blocks import Blocks
    from providergen.plan.writing.messages import Messages

__all__ = ["BlockScope", "CallScope", "OptionScope", "PathScope", "ResultScope", "ToolScope", "TurnScope"]

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


def _from_mapping(source: str, key: str) -> Value:
    """Return the value of `$config.x` or `$metadata.x`: any JSON, if it is there."""
    local = variable(key)
    test = code.Present(code.Walrus(local, code.Get(code.Name(source), key), "Any"))
    return Value(code.Name(local), wire.ANY, (test,))


def _takes_blocks(hole: Hole) -> bool:
    return hole.name == "block" or hole.name in KINDS


def _blocks_of(hole: Hole, local: str) -> tuple[str | None, str]:
    """Return the kind of the blocks that a hole takes, None for any, and where a variable has them."""
    kind = None if hole.name == "block" else hole.name
    return kind, f"{local}.{KINDS[kind].slot if kind else 'blocks'}"


@dataclass(slots=True)
class CallScope(Scope):
    """Holes of the request, of its path, query and headers: `call` has the values."""

    tables: Tables
    messages: "Messages"
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
        if hole.name in LABELLED_TABLES and (words := listed(self.tables.writer.schemas(path))):
            return self._one_of(hole.name, words, path)
        if hole.name == "reasoning_effort":
            asked = code.Absent(code.Equal(value, ("none",)))
            return Value(value, type_, (code.All((code.Given(value), asked)),))
        default = self.tables.mapping.defaults.get(hole.name)
        if test is code.Present and default is not None:
            return Value(self._enough(hole, code.Either((value, code.Literal(default))), path), type_)
        return Value(self._enough(hole, value, path), type_, () if test is None else (test(value),))

    def _one_of(self, word: str, words: tuple[str, ...], path: str) -> Value:
        """Return a choice if the document lists it at that place; another is not sent."""
        allowed = tuple(known for known in words if known != "none" or word != "reasoning_effort")
        constant = self.tables.writer.functions.constant(f"{word}s", "Final", code.Literal(allowed))
        local = variable(path.rpartition(".")[2], "call")
        asked = (code.Literal(word), code.Name(f"call.{word}"), code.Name(constant))
        found = code.Walrus(local, code.Invoke("one_of", asked), "str")
        return Value(code.Name(local), wire.STRING, (code.Present(found),))

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
            return self.messages.listed(path)
        if hole.name == "tool":
            name, type_ = self.messages.tool()
            item = code.Invoke(name, (code.Name("tool"),))
            tools = code.Name("call.tools")
            return Value(code.Collect(item, (("tool", tools),)), wire.array(type_), (code.Given(tools),))
        return Scope.repeated(self, hole, path)


@dataclass(frozen=True, slots=True)
class PathScope(Scope):
    """Holes of a path, which cannot do without what they say; `config` is the variable with the options."""

    config: str
    variables: tuple[tuple[str, str], ...] = ()

    def hole(self, hole: Hole, path: str) -> Value | None:  # noqa: ARG002
        """Return the model, or an option that has to be configured."""
        _, _, option = hole.name.partition(".")
        if not option:
            return Value(code.Name(f"call.{hole.name}"), wire.STRING)
        return Value(code.Invoke("needed", (code.Name(self.config), code.Literal(option))), wire.STRING)


@dataclass(frozen=True, slots=True)
class OptionScope(Scope):
    """Holes of the query and the headers for models: `config` has the options, and nothing else is known."""

    variables: tuple[tuple[str, str], ...] = (("config", "Mapping[str, Any]"),)

    def hole(self, hole: Hole, path: str) -> Value | None:  # noqa: ARG002
        """Return an option, None for `$next`."""
        _, _, option = hole.name.partition(".")
        return _from_mapping("config", option) if option else None


@dataclass(slots=True)
class TurnScope(Scope):
    """Holes of a message: `turn` has its blocks; those with one of the `labels` have holes of their own."""

    blocks: "Blocks"
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
        if not _takes_blocks(hole):
            return Scope.repeated(self, hole, path)
        return self.blocks.listed(path, self.role, *_blocks_of(hole, self.local), self.labels)


@dataclass(slots=True)
class ResultScope(Scope):
    """Holes of what a tool answered, in a variable `local`."""

    blocks: "Blocks"
    local: str = "result"
    role: str = "result"

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        """The one variable."""
        return ((self.local, "ToolResult"),)

    def hole(self, hole: Hole, path: str) -> Value | None:
        """Return what a hole of a tool result writes; its text is always there, if only as ""."""
        value = code.Name(f"{self.local}.{hole.name}")
        match hole.name:
            case "text" | "tool_call_id":
                return Value(value, wire.STRING)
            case "name":
                return Value(value, wire.STRING, (code.Present(value),))
            case "is_error":
                return self.blocks.is_error(value)
            case "content":
                return self.blocks.content(self, path)
        return None

    def repeated(self, hole: Hole, path: str) -> Value | None:
        """Return the list of the blocks that the tool answered with."""
        if not _takes_blocks(hole):
            return Scope.repeated(self, hole, path)
        return self.blocks.listed(path, self.role, *_blocks_of(hole, self.local))


@dataclass(slots=True)
class BlockScope(Scope):
    """Holes of a block: the pattern of its case has bound the fields, `extra` has the vendor's own values."""

    blocks: "Blocks"
    block: BlockShape

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        """The fields of the block and the vendor's own values; a tool result is one variable."""
        if self.block.kind == "tool_result":
            return (("block", "ToolResult"),)
        fields = KINDS[self.block.kind].attributes.values()
        return (
            *((variable(field.name), wire.annotation(field.type) + self._optional(field)) for field in fields),
            ("extra", "Mapping[str, Any]"),
        )

    def _optional(self, attribute: Attribute) -> str:
        return "" if attribute.always or self.guarded(attribute.name) else " | None"

    def guarded(self, name: str) -> bool:
        """Tell whether the shape does not apply without this field."""
        attribute = KINDS[self.block.kind].attributes[name]
        if attribute.pattern is None:
            return False
        uses = [hole for hole in holes(self.block.shape) if hole.name == name]
        return any(hole.needed or self.block.kind == "image" for hole in uses)

    def hole(self, hole: Hole, path: str) -> Value | None:
        """Return what a hole of a block writes."""
        if hole.name.startswith("_"):
            extra, key = code.Name("extra"), hole.name[1:]
            when: tuple[code.Test, ...] = () if hole.needed else (code.Contains(extra, key),)
            return Value(self._taken_back(code.Item(extra, key), key, path), wire.ANY, when)
        if self.block.kind == "tool_result":
            return self._result.hole(hole, path)
        attribute = KINDS[self.block.kind].attributes.get(hole.name)
        if attribute is None:
            return None
        value = code.Name(variable(hole.name))
        if hole.name == "media_type" and self.blocks.tables.has("media_type"):
            return self.blocks.tables.lookup("media_type", value, "format")
        if hole.json:
            dumped = code.Invoke("json.dumps", (value,), (("ensure_ascii", code.Literal(False)),))
            return Value(dumped, wire.STRING)
        when = () if attribute.always or self.guarded(hole.name) else (code.Present(value),)
        return Value(value, attribute.type, when)

    def repeated(self, hole: Hole, path: str) -> Value | None:
        """Return a list of the one value; of a tool result, the list of its blocks."""
        if self.block.kind == "tool_result" and not hole.name.startswith("_"):
            return self._result.repeated(hole, path)
        return Scope.repeated(self, hole, path)

    def _taken_back(self, value: code.Expr, name: str, path: str) -> code.Expr:
        """Return a value that the vendor sent without what its requests do not allow."""
        keys = keys_taken(self.blocks.writer.schemas(path))
        if keys is None:
            return value
        functions = self.blocks.writer.functions
        constant = functions.constant(f"{variable(name)}_keys", "Final[dict[str, Any]]", code.Literal(keys))
        return code.Invoke("only_keys", (value, code.Name(constant)))

    @property
    def _result(self) -> ResultScope:
        return ResultScope(self.blocks, "block")


@dataclass(slots=True)
class ToolScope(Scope):
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
