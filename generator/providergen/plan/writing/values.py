"""What a shape writes: a value with the tests that tell whether there is one, and the entries of an object."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from providergen.mapping.shape import Hole
from providergen.plan import code, wire
from providergen.plan.wire import Json

__all__ = ["Entry", "Scope", "Value", "alive", "filled", "unbound"]


@dataclass(frozen=True, slots=True)
class Value:
    """What a shape writes: an expression, its type on the wire, and when there is one (`when` empty: always)."""

    expr: code.Expr
    type: Json
    when: tuple[code.Test, ...] = ()

    @property
    def made(self) -> code.Expr:
        """The expression, or the one that a test gives a name if that test is where the value is made."""
        for test in reversed(self.when):
            if isinstance(test, code.Given) and isinstance(test.value, code.Walrus):
                return test.value.value
        return self.expr

    def written(self, statement: code.Statement) -> code.Statement:
        """Return a statement that uses the value, behind the tests of it."""
        return code.If(((code.any_of(self.when), (statement,)),)) if self.when else statement


class Scope(Protocol):
    """What holes mean in one section: where Amplifier's values come from."""

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        """Names and annotations of the variables that hold them."""

    def hole(self, hole: Hole, path: str) -> Value | None:
        """Return what a hole writes, None if nothing is ever written for it."""

    def repeated(self, hole: Hole, path: str) -> Value | None:
        """Return the list that `[$hole, ...]` writes: of the one value, where Amplifier has one."""
        one = self.hole(hole, path)
        return one and Value(code.Sequence((one.expr,)), wire.array(one.type), one.when)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of an object that is written."""

    key: str
    value: Value
    holds: bool
    """Whether the entry has a hole, and so keeps its object alive."""
    origin: tuple[code.Test, ...]
    """When there is a value of Amplifier's; `value` may stand in for it with an empty one."""

    @property
    def optional(self) -> bool:
        """Whether the key may be left out of an object that is written."""
        return bool(self.value.when)

    @property
    def delegates(self) -> bool:
        """Whether the value is made by a function of its own."""
        return isinstance(self.value.made, code.Invoke)

    def put(self, name: str) -> code.Statement:
        """Return the statement that sets the key of the object in a variable, if there is a value."""
        return self.value.written(code.Put(code.Name(name), self.key, self.value.expr))


def alive(entries: Sequence[Entry]) -> tuple[code.Test, ...]:
    """Return the tests of which one must hold for an object to be written; empty: it always is.

    It always is if it has no hole, or one that is always there.
    """
    holding = [entry for entry in entries if entry.holds]
    if not holding or any(not entry.origin for entry in holding):
        return ()
    return tuple(dict.fromkeys(test for entry in holding for test in entry.origin))


def unbound(tests: Sequence[code.Test]) -> tuple[code.Test, ...]:
    """Return tests without the names they would give to what they look at."""
    return tuple(
        replace(test, value=test.value.value)
        if isinstance(test, code.Given | code.Present) and isinstance(test.value, code.Walrus)
        else test
        for test in tests
    )


def filled(value: Value, fill: object) -> Value:
    """Return a value that is always there: where it would not be, the emptiest one that the vendor allows stands."""
    if fill == "" and isinstance(value.expr, code.Name) and value.when == (code.Given(value.expr),):
        always = value.expr.dotted.endswith(".text")
        return Value(value.expr if always else code.Either((value.expr, code.Literal(""))), value.type)
    types = [value.type] if fill == [] else [value.type, wire.constant(fill)]
    expr: code.Expr = code.When(code.any_of(value.when), value.expr, code.Literal(fill))
    match value.when, value.expr:
        case (code.Contains(value=code.Name(dotted=of), key=key),), code.Item(of=code.Name(dotted=same)) if of == same:
            expr = code.Invoke(f"{of}.get", (code.Literal(key), code.Literal(fill)))
    return Value(expr, wire.any_of(types))
