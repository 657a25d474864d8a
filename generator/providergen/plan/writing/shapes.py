"""Compile shapes in the direction Amplifier to vendor (docs/mapping.md, "Writing")."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from providergen.check import Checked
from providergen.document import Schema
from providergen.mapping import Mapping
from providergen.mapping.shape import Constant, Hole, List, Object, Shape, Text, holes
from providergen.plan import code, wire
from providergen.plan.functions import Functions, names_used
from providergen.plan.names import class_name, variable
from providergen.plan.wire import Json, Types

__all__ = ["Scope", "Value", "Variant", "Writer", "unbound"]


@dataclass(frozen=True, slots=True)
class Value:
    """What a shape writes: an expression, its type on the wire, and when there is one (`when` empty: always)."""

    expr: code.Expr
    type: Json
    when: tuple[code.Test, ...] = ()


class Scope(Protocol):
    """What holes mean in one section: where Amplifier's values come from."""

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        """Names and annotations of the variables that hold them."""

    def hole(self, hole: Hole, path: str) -> Value | None:
        """Return what a hole writes, None if nothing is ever written for it."""

    def repeated(self, hole: Hole, path: str) -> Value | None:
        """Return the list that `[$hole, ...]` writes."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The same mapping for the models whose id fits a glob; of several the first that fits is used."""

    glob: str
    writer: "Writer"
    scope: Scope


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    value: Value
    optional: bool
    holds: bool
    """Whether the entry has a hole, and so keeps its object alive."""
    origin: tuple[code.Test, ...]

    @property
    def delegates(self) -> bool:
        """Whether the value is made by a function of its own."""
        found = self.value.expr
        for test in self.value.when:
            if isinstance(test, code.Given) and isinstance(test.value, code.Walrus):
                found = test.value.value
        return isinstance(found, code.Invoke)


@dataclass(slots=True)
class Writer:
    """Compiles the writing shapes of one mapping into functions and types."""

    mapping: Mapping
    checked: Checked
    types: Types
    functions: Functions
    prefix: str = ""
    variants: "tuple[Variant, ...]" = ()
    _open: set[str] = field(default_factory=set)

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
        entries = self._entries(shape, path, scope, made)
        others = self._others(path, made, entries)
        differing = _differing(entries, [found for _, found in others])
        common = [entry for entry in entries if entry.key not in differing]
        self._register(made, path, common)
        always = tuple((entry.key, entry.value.expr) for entry in common if not entry.optional)
        body: list[code.Statement] = [code.Assign(name, code.Make(always), f"wire.{made}")]
        body += [_put(name, entry) for entry in common if entry.optional]
        if differing:
            body += self._by_model(differing, entries, others, made, name)
        return body

    def _others(self, path: str, made: str, known: "Sequence[_Entry]") -> "list[tuple[str, dict[str, _Entry]]]":
        """Return the entries that the object of the request at this place has for some models, by glob and key.

        Of an inner object that has a function of its own the general entry is taken: that function knows the models.
        """
        base = _at(self.mapping.request, path)
        if not isinstance(base, Object):
            return []
        delegated = {entry.key: entry for entry in known if isinstance(base.get(entry.key), Object) and entry.delegates}
        others = []
        for variant in self.variants:
            shape = _at(variant.writer.mapping.request, path)
            found = variant.writer._entries(shape, path, variant.scope, made) if isinstance(shape, Object) else []
            others.append((variant.glob, {entry.key: delegated.get(entry.key, entry) for entry in found}))
        return others

    def _alive_for_any(self, path: str, made: str, entries: "Sequence[_Entry]") -> tuple[code.Test, ...]:
        """Return when an object of the request is written for at least one model; empty: always."""
        families = [entries, *(tuple(found.values()) for _, found in self._others(path, made, entries))]
        tests = [_alive(family) for family in families]
        return () if () in tests else tuple(dict.fromkeys(test for found in tests for test in found))

    def _by_model(
        self,
        differing: set[str],
        entries: "Sequence[_Entry]",
        others: "Sequence[tuple[str, dict[str, _Entry]]]",
        made: str,
        name: str,
    ) -> list[code.Statement]:
        """Return statements that put what differs between models into the object."""
        general = {entry.key: entry for entry in entries}
        branches: list[tuple[list[str], list[code.Statement]]] = []
        for glob, found in [*others, ("", general)]:
            chosen = [found[key] for key in (*general, *found) if key in differing and key in found]
            chosen = list({entry.key: entry for entry in chosen}.values())
            for entry in chosen:
                self.types.key(made, entry.key, entry.value.type)
            body = [_put(name, entry) for entry in chosen]
            if branches and branches[-1][1] == body:
                branches[-1][0].append(glob)
            else:
                branches.append(([glob], body))
        last = branches.pop()
        tests = [code.any_of([_fits(glob) for glob in globs]) for globs, _ in branches]
        pairs = tuple((test, tuple(body)) for test, (_, body) in zip(tests, branches, strict=True))
        return [code.If(pairs, tuple(last[1]))]

    def alive(self, shape: Object, path: str, scope: Scope, context: str) -> tuple[code.Test, ...]:
        """Return the tests of which one must hold for the object to be written; empty: it always is."""
        return _alive(self._entries(shape, path, scope, self.class_of(path, context)))

    def simple(self, shape: Object, path: str, scope: Scope, context: str) -> code.Make | None:
        """Return the object as one expression if none of its keys is optional once it is written."""
        made = self.class_of(path, context)
        entries = self._entries(shape, path, scope, made)
        if any(entry.optional and entry.value.when != _alive(entries) for entry in entries):
            return None
        self._register(made, path, [_always(entry) for entry in entries])
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
            return self._fixed(written)
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
        type_ = types[0] if len(types) == 1 else {"anyOf": types}
        return Value(code.Sequence(tuple(item.expr for item in items)), wire.array(type_), when)

    def _object(self, shape: Object, path: str, scope: Scope, context: str) -> Value | None:
        made = self.class_of(path, context)
        entries = self._entries(shape, path, scope, made)
        if not entries:
            return Value(code.Make((), None), wire.OBJECT)
        type_ = wire.reference(made)
        alive = _alive(entries)
        if all(not entry.optional or entry.value.when == alive for entry in entries):
            self._register(made, path, [_always(entry) for entry in entries])
            make = code.Make(tuple((entry.key, entry.value.expr) for entry in entries), f"wire.{made}")
            return Value(make, type_, alive)
        name = self._function(shape, path, scope, context, entries)
        used = [parameter for parameter, _ in self.functions.get(name).parameters]
        call = code.Invoke(name, tuple(code.Name(parameter) for parameter in used))
        if not alive:
            return Value(call, type_)
        local = variable(path.rpartition(".")[2])
        return Value(code.Name(local), type_, (code.Given(code.Walrus(local, call)),))

    def _function(self, shape: Object, path: str, scope: Scope, context: str, entries: Sequence[_Entry]) -> str:
        made = self.class_of(path, context)
        key = path.rpartition(".")[2].partition("[")[0]
        local = variable(key, *(name for name, _ in scope.variables))
        alive = self._alive_for_any(path, made, entries)
        kept = [entry for entry in entries if not entry.optional]
        body: list[code.Statement] = []
        if alive and kept:
            body.append(code.If(((code.Absent(code.any_of(unbound(alive))), (code.Return(code.Literal(None)),)),)))
        body += self.statements(shape, path, scope, context, local)
        result: code.Expr = code.Name(local)
        if alive and not kept:
            result = code.Either((result, code.Literal(None)))
        body.append(code.Return(result))
        used = names_used(tuple(body))
        return self.functions.add(
            f"write_{variable(key).rstrip('_')}",
            [(name, annotation) for name, annotation in scope.variables if name in used],
            f"wire.{made} | None" if alive else f"wire.{made}",
            f"Return `{key}` of the request" + (", None if nothing of it is asked for." if alive else "."),
            tuple(body),
        )

    def _entries(self, shape: Object, path: str, scope: Scope, made: str) -> list[_Entry]:
        entries = []
        for entry in shape.entries:
            value = self.value(entry.shape, f"{path}.{entry.key}", scope, class_name(made, entry.key))
            if value is None:
                continue
            has_hole = any(hole.name != "cache" for hole in holes(entry.shape))
            entries.append(_Entry(entry.key, value, bool(value.when), has_hole, value.when))
        fills = self.checked.fills.get(f"{self.prefix}{path}", self.checked.fills.get(path, {}))
        alive = _alive(entries)
        return [
            replace(entry, value=_filled(entry.value, fills[entry.key]), optional=False)
            if entry.key in fills and entry.optional and entry.origin != alive
            else entry
            for entry in entries
        ]

    def _register(self, made: str, path: str, entries: Sequence[_Entry]) -> None:
        """Tell the types what this shape writes; a shape that is compiled twice is told once."""
        if f"{self.prefix}{path}" in self._open:
            return
        self._open.add(f"{self.prefix}{path}")
        schemas = self.schemas(path)
        required = frozenset.intersection(*(schema.required for schema in schemas)) if schemas else frozenset()
        self.types.shape(made, required)
        for entry in entries:
            self.types.key(made, entry.key, entry.value.type, always=not entry.optional)


def _differing(entries: "Sequence[_Entry]", others: "Sequence[dict[str, _Entry]]") -> set[str]:
    """Return the keys whose entry is not the same for all models."""
    general = {entry.key: entry for entry in entries}
    keys = {*general, *(key for found in others for key in found)}
    return {key for key in keys if any(found.get(key) != general.get(key) for found in others)}


def _put(name: str, entry: _Entry) -> code.Statement:
    put = code.Put(code.Name(name), entry.key, entry.value.expr)
    return code.If(((code.any_of(entry.value.when), (put,)),)) if entry.optional else put


def _fits(glob: str) -> code.Test:
    return code.Given(code.Invoke("fnmatchcase", (code.Name("call.model"), code.Literal(glob))))


def _at(shape: Shape, path: str) -> Shape | None:
    """Return the shape at a place of the request, None if there is none."""
    if path.partition(".")[0] != "request":
        return None
    for key in path.split(".")[1:]:
        inner = shape.get(key) if isinstance(shape, Object) else None
        if inner is None:
            return None
        shape = inner
    return shape


def unbound(tests: Sequence[code.Test]) -> tuple[code.Test, ...]:
    """Return tests without the names they would give to what they look at."""
    return tuple(
        replace(test, value=test.value.value)
        if isinstance(test, code.Given | code.Present) and isinstance(test.value, code.Walrus)
        else test
        for test in tests
    )


def _always(entry: _Entry) -> _Entry:
    return replace(entry, optional=False)


def _alive(entries: Sequence[_Entry]) -> tuple[code.Test, ...]:
    """Return when an object is written: always if it has no hole or one that is always there."""
    holding = [entry for entry in entries if entry.holds]
    if not holding or any(not entry.origin for entry in holding):
        return ()
    return tuple(dict.fromkeys(test for entry in holding for test in entry.origin))


def _filled(value: Value, fill: object) -> Value:
    """Return a value that stands in for itself with the emptiest one the vendor allows."""
    if fill == "" and isinstance(value.expr, code.Name) and value.when == (code.Given(value.expr),):
        always = value.expr.dotted.endswith(".text")
        return Value(value.expr if always else code.Either((value.expr, code.Literal(""))), value.type)
    types = [value.type] if fill == [] else [value.type, wire.constant(fill)]
    expr: code.Expr = code.When(code.any_of(value.when), value.expr, code.Literal(fill))
    match value.when, value.expr:
        case (code.Contains(value=code.Name(dotted=of), key=key),), code.Item(of=code.Name(dotted=same)) if of == same:
            expr = code.Invoke(f"{of}.get", (code.Literal(key), code.Literal(fill)))
    return Value(expr, types[0] if len(types) == 1 else {"anyOf": types})


def _item_types(type_: Json) -> list[Json]:
    return [type_["items"]] if "items" in type_ else []
