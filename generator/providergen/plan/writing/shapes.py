"""Compile shapes in the direction Amplifier to vendor (docs/mapping.md, "Writing")."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from providergen.check import Checked
from providergen.document import Schema
from providergen.mapping import Mapping
from providergen.mapping.shape import Constant, Hole, List, Object, Shape, Text, holes
from providergen.plan import code, wire
from providergen.plan.functions import Functions, names_used
from providergen.plan.names import class_name, variable
from providergen.plan.wire import Json, Types
from providergen.plan.writing.by_model import Variant, alive_for_any, branches, differing, others
from providergen.plan.writing.values import Entry, Scope, Value, alive, filled, unbound

__all__ = ["Writer"]


@dataclass(slots=True)
class Writer:
    """Compiles the writing shapes of one mapping into functions and types."""

    mapping: Mapping
    checked: Checked
    types: Types
    functions: Functions
    prefix: str = ""
    variants: tuple[Variant, ...] = ()
    _told: set[str] = field(default_factory=set)

    def schemas(self, path: str) -> tuple[Schema, ...]:
        """Return the schemas that a place of the mapping lies on."""
        return self.checked.written.get(f"{self.prefix}{path}", self.checked.written.get(path, ()))

    def items(self, path: str) -> list[Schema]:
        """Return the named schemas of what stands in the list at a place."""
        lists = self.schemas(path.removesuffix("[...]"))
        return [schema.items for schema in lists if schema.items is not None and schema.items.name]

    def class_of(self, path: str, *context: str) -> str:
        """Return the name of the class that the object at a place is."""
        schemas = [schema for schema in self.schemas(path) if not schema.open]
        identity = frozenset(schema.pointer for schema in schemas) or path
        return self.types.name(("request", identity), schemas, *context)

    def value(self, shape: Shape, path: str, scope: Scope, context: str) -> Value | None:
        """Return what a shape writes, None if never anything."""
        match shape:
            case Constant(value=value):
                return Value(code.Literal(value), wire.constant(value))
            case Hole():
                return scope.hole(shape, path)
            case Text():
                return self._text(shape, path, scope)
            case List():
                return self._list(shape, path, scope, context)
            case Object():
                return self._object(shape, path, scope, context)

    def statements(self, shape: Object, path: str, scope: Scope, context: str, name: str) -> list[code.Statement]:
        """Return statements that make the object in a variable `name`; the caller knows that it is to be written."""
        made = self.class_of(path, context)
        entries = self.entries(shape, path, scope, made)
        elsewhere = others(self, path, made, entries)
        keys = differing(entries, elsewhere)
        common = [entry for entry in entries if entry.key not in keys]
        self._register(made, path, common)
        always = tuple((entry.key, entry.value.expr) for entry in common if not entry.optional)
        body: list[code.Statement] = [code.Assign(name, code.Make(always), f"wire.{made}")]
        body += [entry.put(name) for entry in common if entry.optional]
        return [*body, *branches(keys, entries, elsewhere, made, name, self.types)] if keys else body

    def entries(self, shape: Object, path: str, scope: Scope, made: str) -> list[Entry]:
        """Return what an object of the class `made` has; keys that the vendor requires are filled where it says so."""
        found = []
        for entry in shape.entries:
            value = self.value(entry.shape, f"{path}.{entry.key}", scope, class_name(made, entry.key))
            if value is None:
                continue
            has_hole = any(hole.name != "cache" for hole in holes(entry.shape))
            found.append(Entry(entry.key, value, has_hole, value.when))
        fills = self.checked.fills.get(f"{self.prefix}{path}", self.checked.fills.get(path, {}))
        written = alive(found)
        return [
            replace(entry, value=filled(entry.value, fills[entry.key]))
            if entry.key in fills and entry.optional and entry.origin != written
            else entry
            for entry in found
        ]

    def alive(self, shape: Object, path: str, scope: Scope, context: str) -> tuple[code.Test, ...]:
        """Return the tests of which one must hold for the object to be written; empty: it always is."""
        return alive(self.entries(shape, path, scope, self.class_of(path, context)))

    def simple(self, shape: Object, path: str, scope: Scope, context: str) -> code.Make | None:
        """Return the object as one expression if none of its keys is optional once it is written."""
        made = self.class_of(path, context)
        return self._simple(made, path, self.entries(shape, path, scope, made))

    def _simple(self, made: str, path: str, entries: Sequence[Entry]) -> code.Make | None:
        written = alive(entries)
        if any(entry.optional and entry.value.when != written for entry in entries):
            return None
        self._register(made, path, entries, whole=True)
        return code.Make(tuple((entry.key, entry.value.expr) for entry in entries), f"wire.{made}")

    def _text(self, shape: Text, path: str, scope: Scope) -> Value | None:
        parts: list[str | code.Expr] = []
        tests: list[code.Test] = []
        for part in shape.parts:
            if isinstance(part, str):
                parts.append(part)
                continue
            value = scope.hole(part, path)
            if value is None:
                return None
            parts.append(value.expr)
            if value.when:
                tests.append(code.any_of(value.when))
        when = (code.all_of(tests),) if tests else ()
        return Value(code.Format(tuple(parts)), wire.STRING, when)

    def _list(self, shape: List, path: str, scope: Scope, context: str) -> Value | None:
        items = [self.value(item, f"{path}[{index}]", scope, context) for index, item in enumerate(shape.items)]
        written = [item for item in items if item is not None]
        if shape.repeated is None:
            return self._fixed(written) if written or shape.items else Value(code.Sequence(()), wire.array(wire.ANY))
        repeated = (
            scope.repeated(shape.repeated, f"{path}[...]")
            if isinstance(shape.repeated, Hole)
            else self._single(shape.repeated, f"{path}[...]", scope, context)
        )
        if repeated is None or not written:
            return repeated
        spread = code.Sequence((code.Spread(repeated.expr), *(item.expr for item in written)))
        types = _item_types(repeated.type) + [item.type for item in written]
        return Value(spread, wire.array({"anyOf": types}), repeated.when)

    def _single(self, item: Shape, path: str, scope: Scope, context: str) -> Value | None:
        """Return `[x, ...]` of a value that is one in Amplifier: a list of one, none where its text is empty."""
        value = self.value(item, path, scope, context)
        if value is None:
            return None
        texts = [written for hole in holes(item) if (written := scope.hole(hole, path)) and not written.when]
        when = value.when or tuple(code.Given(text.expr) for text in texts[:1])
        return Value(code.Sequence((value.expr,)), wire.array(value.type), when)

    def _fixed(self, items: Sequence[Value]) -> Value | None:
        if not items:
            return None
        tests = {item.when for item in items if item.when}
        when = () if any(not item.when for item in items) or len(tests) != 1 else next(iter(tests))
        types = [item.type for item in items]
        return Value(code.Sequence(tuple(item.expr for item in items)), wire.array(wire.any_of(types)), when)

    def _object(self, shape: Object, path: str, scope: Scope, context: str) -> Value | None:
        made = self.class_of(path, context)
        entries = self.entries(shape, path, scope, made)
        if not entries:
            return Value(code.Make((), None), wire.OBJECT)
        type_, written = wire.reference(made), alive(entries)
        make = self._simple(made, path, entries)
        if make is not None:
            return Value(make, type_, written)
        name = self._function(shape, path, scope, context, entries)
        used = [parameter for parameter, _ in self.functions.get(name).parameters]
        call = code.Invoke(name, tuple(code.Name(parameter) for parameter in used))
        if not written:
            return Value(call, type_)
        local = variable(path.rpartition(".")[2])
        found = code.Walrus(local, call, wire.annotation(type_))
        return Value(code.Name(local), type_, (code.Given(found),))

    def _function(self, shape: Object, path: str, scope: Scope, context: str, entries: Sequence[Entry]) -> str:
        made = self.class_of(path, context)
        key = path.rpartition(".")[2].partition("[")[0]
        local = variable(key, *(name for name, _ in scope.variables))
        written = alive_for_any(entries, others(self, path, made, entries))
        kept = [entry for entry in entries if not entry.optional]
        body: list[code.Statement] = []
        if written and kept:
            body.append(code.If(((code.Absent(code.any_of(unbound(written))), (code.Return(code.Literal(None)),)),)))
        body += self.statements(shape, path, scope, context, local)
        result: code.Expr = code.Name(local)
        if written and not kept:
            result = code.Either((result, code.Literal(None)))
        body.append(code.Return(result))
        used = names_used(tuple(body))
        return self.functions.add(
            f"write_{variable(key).rstrip('_')}",
            [(name, annotation) for name, annotation in scope.variables if name in used],
            f"wire.{made} | None" if written else f"wire.{made}",
            f"Return `{key}` of the request" + (", None if nothing of it is asked for." if written else "."),
            tuple(body),
        )

    def _register(self, made: str, path: str, entries: Sequence[Entry], *, whole: bool = False) -> None:
        """Tell the types what this shape writes; `whole`: it never leaves out a key.

        A shape that is compiled twice is told once.
        """
        if f"{self.prefix}{path}" in self._told:
            return
        self._told.add(f"{self.prefix}{path}")
        schemas = self.schemas(path)
        required = frozenset.intersection(*(schema.required for schema in schemas)) if schemas else frozenset()
        self.types.shape(made, required)
        for entry in entries:
            self.types.key(made, entry.key, entry.value.type, always=whole or not entry.optional)


def _item_types(type_: Json) -> list[Json]:
    return [type_["items"]] if "items" in type_ else []
