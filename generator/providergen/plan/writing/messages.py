"""Compile message and tool shapes: what one turn of the conversation, and one tool, is on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass

from providergen.mapping.shape import Hole, List, Object, Shape, holes
from providergen.plan import code, wire
from providergen.plan.names import class_name
from providergen.plan.writing.blocks import Blocks
from providergen.plan.writing.scopes import ResultScope, ToolScope, TurnScope
from providergen.plan.writing.shapes import Writer
from providergen.plan.writing.values import Scope, Value, unbound

__all__ = ["Join", "Messages"]

_PER_MESSAGE = frozenset({"block", "tool_result"})


@dataclass(frozen=True, slots=True)
class Join:
    """How neighbouring messages become one: lists are joined where all other keys are equal.

    `sure` are the keys that every message has.
    """

    type: str
    equal: tuple[str, ...]
    lists: tuple[str, ...]
    sure: frozenset[str]


@dataclass(slots=True)
class Messages:
    """The messages and tools of one mapping."""

    writer: Writer
    blocks: Blocks
    join: Join | None = None

    def listed(self, path: str) -> Value | None:
        """Return the list of messages; it is always there."""
        types: list[wire.Json] = []
        cases = [
            code.Case((code.Literal(role),), tuple(self._case(role, shape, types)))
            for role, shape in self.writer.mapping.message.items()
        ]
        members = list({str(type_): type_ for type_ in types}.values())
        type_ = members[0]
        if len(members) > 1:
            name = self.writer.types.name(("messages", path), self.writer.items(path), "RequestMessage")
            type_ = self.writer.types.union(name, members)
        returned = wire.annotation(type_)
        function = self.writer.functions.add(
            "write_turn",
            (("turn", "Turn"),),
            f"Iterator[{returned}]",
            "Yield the messages that one turn is on the wire.",
            (code.Match(code.Name("turn.role"), tuple(cases)),),
        )
        turns = "call.turns" if "system" in self.writer.mapping.message else "call.history"
        loops = (("turn", code.Name(turns)), ("message", code.Invoke(function, (code.Name("turn"),))))
        merge = self.writer.mapping.merge
        collected: code.Expr = code.Collect(code.Name("message"), loops, lazy=merge)
        if merge:
            self.join = Join(returned if len(members) == 1 else "Any", *self._keys())
            collected = code.Invoke("join_turns", (collected,))
        return Value(collected, wire.array(type_))

    def tool(self) -> tuple[str, wire.Json]:
        """Return the function that writes one tool, and what it returns."""
        shape = self.writer.mapping.tool
        if not isinstance(shape, Object):
            raise AssertionError("the loader lets no request have tools without a tool shape")
        scope, context = ToolScope(), "Tool"
        type_ = wire.reference(self.writer.class_of("tool", context))
        body = self._built(shape, "tool", scope, context, "written")
        doc = "Return one tool as the model is told of it."
        name = self.writer.functions.add("write_tool", scope.variables, wire.annotation(type_), doc, tuple(body))
        return name, type_

    def _case(self, role: str, shape: Shape, types: list[wire.Json]) -> Sequence[code.Statement]:
        path, context = f"message.{role}", class_name(role, "Message")
        if isinstance(shape, List):
            return self._spliced(role, shape, path, types)
        if not isinstance(shape, Object):
            raise AssertionError(f"{path} is neither an object nor a list")
        types.append(wire.reference(self.writer.class_of(path, context)))
        if role == "tool" and not _PER_MESSAGE & _list_holes(shape):
            scope: Scope = ResultScope(self.blocks)
            yielded = self._yielded(shape, path, scope, context)
            return (code.For("result", code.Name("turn.tool_results"), tuple(yielded)),)
        return self._yielded(shape, path, TurnScope(self.blocks, role, _labels(shape)), context)

    def _yielded(self, shape: Object, path: str, scope: Scope, context: str) -> Sequence[code.Statement]:
        """Return statements that yield a message if it says anything."""
        alive = self.writer.alive(shape, path, scope, context)
        make: code.Expr | None = self.writer.simple(shape, path, scope, context)
        if make is None:
            role = path.rpartition(".")[2]
            body = self._built(shape, path, scope, context, "message")
            returned = wire.annotation(wire.reference(self.writer.class_of(path, context)))
            doc = f"Return {'an' if role == 'assistant' else 'a'} {role} message."
            wished = "write_result" if role == "tool" else f"write_{role}"  # a tool is what is offered
            name = self.writer.functions.add(wished, scope.variables, returned, doc, tuple(body))
            make = code.Invoke(name, tuple(code.Name(variable) for variable, _ in scope.variables))
            alive = unbound(alive)
        statement = code.Yield(make)
        return (code.If(((code.any_of(alive), (statement,)),)),) if alive else (statement,)

    def _built(self, shape: Object, path: str, scope: Scope, context: str, name: str) -> list[code.Statement]:
        make = self.writer.simple(shape, path, scope, context)
        if make is not None and not self.writer.alive(shape, path, scope, context):
            return [code.Return(make)]
        return [*self.writer.statements(shape, path, scope, context, name), code.Return(code.Name(name))]

    def _spliced(self, role: str, shape: List, path: str, types: list[wire.Json]) -> Sequence[code.Statement]:
        """Return statements for a message that is several items of the conversation."""
        if not isinstance(shape.repeated, Hole):
            raise AssertionError(f"{path}: a spliced message is a list of blocks")
        return self.blocks.spliced(f"{path}[...]", role, "turn.blocks", types)

    def _keys(self) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
        """Return the keys of messages that are compared, those that are lists in all of them, and those all have."""
        shapes = [shape for shape in self.writer.mapping.message.values() if isinstance(shape, Object)]
        entries = [entry for shape in shapes for entry in shape.entries]
        others = dict.fromkeys(entry.key for entry in entries if not isinstance(entry.shape, List))
        lists = dict.fromkeys(entry.key for entry in entries if entry.key not in others)
        sure = frozenset.intersection(*(frozenset(entry.key for entry in shape.entries) for shape in shapes))
        return tuple(others), tuple(lists), sure


def _labels(shape: Object) -> tuple[str, ...]:
    """Return the labels that have holes of their own in a message."""
    return tuple(dict.fromkeys(hole.label for hole in holes(shape) if hole.label is not None))


def _list_holes(shape: Object) -> set[str]:
    """Return the names of the holes that take blocks in a message."""
    found = set()
    for entry in shape.entries:
        match entry.shape:
            case Object():
                found |= _list_holes(entry.shape)
            case List(repeated=Hole(name=name)) | Hole(name=name):
                found.add(name)
    return found
