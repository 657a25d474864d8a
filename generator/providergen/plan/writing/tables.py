"""Compile value tables in the direction Amplifier to vendor: a constant to look up, or a function for objects."""

from dataclasses import dataclass
from typing import Any

from providergen.mapping import Mapping
from providergen.mapping.model import Row
from providergen.mapping.shape import Constant, Hole
from providergen.plan import code, wire
from providergen.plan.names import class_name, variable
from providergen.plan.writing.shapes import Writer
from providergen.plan.writing.values import Scope, Value

__all__ = ["Tables"]

_KEYS: dict[str, Any] = {"true": True, "false": False}


@dataclass(slots=True)
class Tables:
    """The tables of one mapping that requests are written with."""

    writer: Writer

    @property
    def mapping(self) -> Mapping:
        """The mapping whose tables these are."""
        return self.writer.mapping

    def has(self, name: str) -> bool:
        """Tell whether the mapping has a table for a hole."""
        return name in self.mapping.tables

    def value(self, name: str, path: str, scope: Scope) -> Value:
        """Return what a hole of the request writes through its table; values that are not listed are not sent."""
        local = variable(path.rpartition(".")[2].partition("[")[0], "call")
        rows = self.mapping.tables[name].rows
        if _word(name) != "tool_choice" and all(isinstance(row.values[0], Constant) for row in rows):
            return self.lookup(name, code.Name(f"call.{_word(name)}"), local)
        made = self._function(name, path, rows, scope)
        call = code.Invoke(made.name, (code.Name("call"),))
        found = code.Walrus(local, call, wire.annotation(made.type))
        return Value(code.Name(local), made.type, (code.Present(found),))

    def lookup(self, name: str, key: code.Expr, local: str) -> Value:
        """Return what a table of constants writes for a value that may not be listed."""
        constants = {
            _KEYS.get(row.key, row.key) if name == "is_error" else row.key: value.value
            for row in self.mapping.tables[name].rows
            if isinstance(value := row.values[0], Constant)
        }
        type_ = _type_of(list(constants.values()))
        keys = "bool | None" if name == "is_error" else "str | None"
        annotated = f"Final[dict[{keys}, {wire.annotation(type_)}]]"
        constant = self.writer.functions.constant(_identifier(name).upper(), annotated, code.Literal(constants))
        found = code.Walrus(local, code.Invoke(f"{constant}.get", (key,)), wire.annotation(type_))
        return Value(code.Name(local), type_, (code.Present(found),))

    def _function(self, name: str, path: str, rows: tuple[Row, ...], scope: Scope) -> "_Made":
        inner = _RowScope(scope)
        context = class_name(name)
        written = [
            (row, value)
            for row in rows
            if (value := self.writer.value(row.values[0], f"{name}.{row.key}", inner, class_name(context, row.key)))
        ]
        type_, returned = self._result(path, [value for _, value in written])
        cases: list[code.Case] = []
        for row, value in written:
            body = (value.written(code.Return(value.expr)),)
            same = cases.pop().patterns if cases and cases[-1].body == body else ()
            cases.append(code.Case((*same, code.Literal(row.key)), body))
        if _word(name) == "tool_choice":
            cast = code.Invoke("cast", (code.Literal(returned), code.Name("call.tool_choice")))
            cases.append(code.Case((code.Pattern("dict"),), (code.Return(cast),)))
        statements = (code.Match(code.Name(f"call.{_word(name)}"), tuple(cases)), code.Return(code.Literal(None)))
        words = _word(name).replace("_", " ")
        doc = f"Return the {words} in the vendor's words, None if none was asked for that the vendor has."
        function = self.writer.functions.add(
            f"write_{_identifier(name)}", (("call", "Call"),), f"{returned} | None", doc, statements
        )
        return _Made(function, type_)

    def _result(self, path: str, values: list[Value]) -> tuple[wire.Json, str]:
        """Return the type of what a table writes, for the wire and as annotation."""
        members = list({str(value.type): value.type for value in values}.values())
        if len(members) == 1 and "enum" not in members[0]:
            return members[0], wire.annotation(members[0])
        name = self.writer.types.name(("table", path), (), class_name(path.rpartition(".")[2]), suffix="Value")
        type_ = self.writer.types.union(name, members)
        return type_, wire.annotation(type_)


@dataclass(frozen=True, slots=True)
class _Made:
    name: str
    type: wire.Json


@dataclass(slots=True)
class _RowScope(Scope):
    """Holes inside a row: `$name` is the tool that was chosen, the rest are the request's."""

    outer: Scope

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        return self.outer.variables

    def hole(self, hole: Hole, path: str) -> Value | None:
        if hole.name == "name":
            return Value(code.Name("call.chosen_tool"), wire.STRING, (code.Present(code.Name("call.chosen_tool")),))
        return self.outer.hole(hole, path)


def _word(table: str) -> str:
    """Return the word of the request that a table is for; a label names a second table for it."""
    return table.partition(".")[0]


def _identifier(table: str) -> str:
    return table.replace(".", "_").replace("-", "_")


def _type_of(values: list[Any]) -> wire.Json:
    names = {bool: "boolean", int: "integer", float: "number", str: "string"}
    types = sorted({names[type(value)] for value in values})
    return wire.any_of([{"type": name} for name in types])
