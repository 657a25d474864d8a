"""Compile block shapes in the direction Amplifier to vendor: one function per set of alternatives of a place."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from providergen.mapping.model import BlockShape
from providergen.mapping.shape import Object, holes
from providergen.plan import code, wire
from providergen.plan.functions import names_used, rewritten
from providergen.plan.names import class_name, singular, variable
from providergen.plan.writing.kinds import KINDS
from providergen.plan.writing.scopes import BlockScope, ResultScope
from providergen.plan.writing.shapes import Writer
from providergen.plan.writing.tables import Tables
from providergen.plan.writing.values import Scope, Value

__all__ = ["Blocks"]


class _Listing(Scope, Protocol):
    """A scope that has blocks in a variable `local`, of a role."""

    local: str
    role: str


@dataclass(slots=True)
class Blocks:
    """The block shapes of one mapping, as functions."""

    writer: Writer
    tables: Tables
    _made: dict[tuple[tuple[str, ...], str], "_Function"] = field(default_factory=dict)

    def listed(self, path: str, role: str, kind: str | None, source: str, labels: tuple[str, ...] = ()) -> Value | None:
        """Return the list of what a place takes of the blocks at `source`; `kind` None stands for `$block`.

        Blocks with one of the `labels` have another place.
        """
        alternatives = self._alternatives(path)
        if not alternatives:
            return None
        made = self._function(alternatives, path, role, kind)
        key = _key(path)
        one = "inner" if source.startswith("block.") else "block"
        call = code.Invoke(made.name, (code.Name(one),))
        loops = ((one, code.Name(source)),)
        if made.total:
            return Value(code.Collect(call, loops), wire.array(made.type), (code.Given(code.Name(source)),))
        item = variable(singular(key) if singular(key) != key else "part")
        written: code.Test = code.Present(code.Walrus(item, call))
        if labels and kind is None:
            own = code.Absent(code.Equal(code.Invoke("label", (code.Name(one), self._vendor)), labels))
            written = code.All((own, written))
        collected = code.Collect(code.Name(item), loops, written)
        local = variable(key)
        return Value(code.Name(local), wire.array(made.type), (code.Given(code.Walrus(local, collected)),))

    def content(self, scope: _Listing, path: str) -> Value | None:
        """Return `$content`: bare text where there is nothing else, else the list of blocks."""
        owner = scope.local
        listed = self.listed(f"{path}[...]", scope.role, None, f"{owner}.blocks")
        text = code.Name(f"{owner}.text")
        if listed is None:
            return Value(text, wire.STRING, (code.Given(text),))
        body = (
            code.If(((code.Given(code.Name(f"{owner}.only_text")), (code.Return(text),)),)),
            code.Return(listed.made),
        )
        type_ = wire.any_of([wire.STRING, listed.type])
        name = self.writer.functions.add(
            f"write_{scope.role}_{variable(_key(path)).rstrip('_')}",
            scope.variables,
            wire.annotation(type_),
            "Return bare text where there is nothing else, else the list of parts.",
            body,
        )
        call = code.Invoke(name, (code.Name(owner),))
        if isinstance(scope, ResultScope):
            return Value(call, type_)
        local = variable(_key(path))
        return Value(code.Name(local), type_, (code.Given(code.Walrus(local, call)),))

    def spliced(self, path: str, role: str, source: str, item_types: list[wire.Json]) -> tuple[code.Statement, ...]:
        """Return statements that yield each block of a message shape that is a list, and collect their types."""
        alternatives = self._alternatives(path)
        if not alternatives:
            return ()
        made = self._function(alternatives, path, role, None)
        item_types.append(made.type)
        call = code.Invoke(made.name, (code.Name("block"),))
        if made.total:
            body: tuple[code.Statement, ...] = (code.Yield(call),)
        else:
            item = f"{role}_item"
            body = (code.If(((code.Present(code.Walrus(item, call)), (code.Yield(code.Name(item)),)),)),)
        return (code.For("block", code.Name(source), body),)

    def is_error(self, value: code.Expr) -> Value:
        """Return whether a tool failed, in the vendor's words if it has any."""
        if self.tables.has("is_error"):
            return self.tables.lookup("is_error", value, "status")
        return Value(value, wire.BOOLEAN, (code.Present(value),))

    def _alternatives(self, path: str) -> tuple[BlockShape, ...]:
        slots = self.writer.checked.slots
        fitting = slots.get(f"{self.writer.prefix}{path}", slots.get(path, ()))
        return tuple(block for block in self.writer.mapping.blocks if block.path in fitting and block.kind != "cache")

    def _function(self, alternatives: Sequence[BlockShape], path: str, role: str, kind: str | None) -> "_Function":
        owner = path.removesuffix("[...]").rpartition(".")[0]
        owner_class = self.writer.class_of(owner, class_name(owner))
        union = self.writer.types.name(("slot", owner_class, _key(path)), self.writer.items(path), owner_class, "Item")
        key = (tuple(block.path for block in alternatives), union)
        if key not in self._made:
            self._made[key] = self._compile(alternatives, role, kind, union)
        return self._made[key]

    def _compile(self, alternatives: Sequence[BlockShape], role: str, kind: str | None, union: str) -> "_Function":
        compiled = {block.path: self._case(block) for block in alternatives}
        cases = [
            compiled[block.path].labelled(code.Equal(self._label(), (block.label,)))
            for block in alternatives
            if block.label and block.kind in _LABELLED
        ]
        closed: set[str] = set()
        taken: set[_Condition] = set()
        for block in alternatives:
            case = compiled[block.path]
            if block.kind not in closed and case.condition not in taken:
                cases.append(case)
                taken.add(case.condition)
                closed |= {block.kind} if case.unconditional else set()
        members = list({str(case.type): case.type for case in compiled.values()}.values())
        bare = kind is not None and len(members) == 1
        type_ = members[0] if bare else self.writer.types.union(union, members)
        total = kind is not None and len(cases) == 1 and cases[0].unconditional
        what = kind.replace("_", " ") if kind else f"block of {_ROLES.get(role, f'a {role} message')}"
        if total:
            body: tuple[code.Statement, ...] = cases[0].alone
            doc = f"Return one {what}."
        else:
            body = (
                code.Match(code.Name("block"), tuple(case.printed for case in cases)),
                code.Return(code.Literal(None)),
            )
            doc = f"Return one {what}, None where the vendor has no place for it."
        function = self.writer.functions.add(
            f"write_{kind or f'{role}_block'}",
            (("block", KINDS[kind].class_name if kind else "Block"),),
            wire.annotation(type_) + ("" if total else " | None"),
            doc,
            body,
        )
        return _Function(function, type_, total)

    def _label(self) -> code.Expr:
        return code.Invoke("label", (code.Name("block"), self._vendor))

    @property
    def _vendor(self) -> code.Literal:
        return code.Literal(self.writer.mapping.vendor.id)

    def _case(self, block: BlockShape) -> "_Case":
        kind = KINDS[block.kind]
        scope = BlockScope(self, block)
        path, context = block.path, class_name(block.kind, block.label or "", "Block")
        opaque = code.Invoke("opaque", (code.Name("block"), self._vendor))
        body: list[code.Statement] = []
        if isinstance(block.shape, Object) and not self.writer.simple(block.shape, path, scope, context):
            type_ = wire.reference(self.writer.class_of(path, context))
            body.append(code.Return(self._delegated(block, scope, type_, context)))
        else:
            if any(hole.name.startswith("_") for hole in holes(block.shape)):
                body.append(code.Assign("extra", opaque))
            value = self.writer.value(block.shape, path, scope, context)
            if value is None:
                raise AssertionError(f"{path} writes nothing")
            body.append(value.written(code.Return(value.expr)))
            type_ = value.type
        used = names_used(tuple(body))
        fields = tuple(
            (name, variable(name), attribute.pattern if scope.guarded(name) else None)
            for name, attribute in kind.attributes.items()
            if kind.name != "tool_result" and variable(name) in used
        )
        fields += tuple(
            (name, "", attribute.pattern)
            for name, attribute in kind.attributes.items()
            if kind.name != "tool_result" and variable(name) not in used and scope.guarded(name)
        )
        needed = dict.fromkeys(hole.name[1:] for hole in holes(block.shape) if hole.name[0] == "_" and hole.needed)
        tests = tuple(code.Contains(opaque, key) for key in needed)
        return _Case(kind.class_name, fields, tests, tuple(body), type_)

    def _delegated(self, block: BlockShape, scope: BlockScope, type_: wire.Json, context: str) -> code.Expr:
        """Return the call of a function that writes one form of a block, part by part."""
        if not isinstance(block.shape, Object):
            raise AssertionError(f"{block.path} has no parts")
        kind = KINDS[block.kind]
        body = self.writer.statements(block.shape, block.path, scope, context, "written")
        if any(hole.name.startswith("_") for hole in holes(block.shape)):
            body.insert(0, code.Assign("extra", code.Invoke("opaque", (code.Name("block"), self._vendor))))
        guarded = [name for name in kind.attributes if block.kind != "tool_result" and scope.guarded(name)]
        kept = [name for name in guarded if variable(name) in names_used(tuple(body))]
        free = {variable(name): f"block.{name}" for name in kind.attributes if name not in kept}
        body = [_renamed(statement, free) for statement in body]
        parameters = [("block", kind.class_name), *((variable(name), "str") for name in kept)]
        what = " ".join(part.replace("_", " ") for part in (block.label, block.kind) if part)
        name = self.writer.functions.add(
            f"write_{block.kind}" + (f"_{variable(block.label)}" if block.label else ""),
            parameters,
            wire.annotation(type_),
            f"Return one {what}.",
            (*body, code.Return(code.Name("written"))),
        )
        return code.Invoke(name, tuple(code.Name(parameter) for parameter, _ in parameters))


_LABELLED = frozenset({"text", "thinking"})
_Condition = tuple[str, frozenset[tuple[str, str]], tuple[code.Test, ...]]
_ROLES = {
    "user": "a user message",
    "assistant": "an assistant message",
    "result": "a tool result",
    "tool": "a tool message",
}


@dataclass(frozen=True, slots=True)
class _Function:
    name: str
    type: wire.Json
    total: bool
    """Whether it never returns None."""


@dataclass(frozen=True, slots=True)
class _Case:
    class_name: str
    fields: tuple[tuple[str, str, str | None], ...]
    tests: tuple[code.Test, ...]
    body: tuple[code.Statement, ...]
    type: wire.Json

    @property
    def unconditional(self) -> bool:
        return not self.tests and not any(pattern for _, _, pattern in self.fields)

    @property
    def condition(self) -> "_Condition":
        """What must hold of a block: two cases of one condition are one case."""
        return self.class_name, frozenset((name, type_) for name, _, type_ in self.fields if type_), self.tests

    @property
    def printed(self) -> code.Case:
        given = None if not self.tests else code.all_of(self.tests)
        return code.Case((code.Pattern(self.class_name, self.fields),), self.body, given)

    @property
    def alone(self) -> tuple[code.Statement, ...]:
        """The body where no pattern has bound anything."""
        bound = {local: f"block.{name}" for name, local, _ in self.fields}
        return tuple(_renamed(statement, bound) for statement in self.body)

    def labelled(self, test: code.Test) -> "_Case":
        return replace(self, tests=(test, *self.tests))


def _renamed(statement: code.Statement, names: dict[str, str]) -> code.Statement:
    """Return a statement that says `block.text` where it said `text`."""

    def change(node: Any) -> Any:
        return code.Name(names[node.dotted]) if isinstance(node, code.Name) and node.dotted in names else node

    changed: code.Statement = rewritten(statement, change)
    return changed


def _key(path: str) -> str:
    return path.removesuffix("[...]").rpartition(".")[2].partition("[")[0]
