"""What a translator consists of: the few expressions and statements that compiled shapes need.

A plan holds decisions, so these are values without text; `render.code` prints them. Names are dotted Python identifiers
made by `plan.names`; every string that comes from a document or a mapping is the value of a `Literal`.
"""

from collections import abc
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Absent",
    "All",
    "Assign",
    "Case",
    "Collect",
    "Constant",
    "Contains",
    "Declare",
    "Do",
    "Either",
    "Equal",
    "Expr",
    "For",
    "Format",
    "Function",
    "Get",
    "Given",
    "If",
    "Instance",
    "Invoke",
    "Item",
    "Literal",
    "Make",
    "Match",
    "Name",
    "Pattern",
    "Present",
    "Put",
    "Raise",
    "Return",
    "Sequence",
    "Some",
    "Spread",
    "Statement",
    "Test",
    "Walrus",
    "When",
    "Yield",
    "all_of",
    "any_of",
]


@dataclass(frozen=True, slots=True)
class Literal:
    """A JSON value as Python literal."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, or attributes of one: `call.model`."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Get:
    """`of.get(key)`: a key that may be missing."""

    of: "Expr"
    key: str


@dataclass(frozen=True, slots=True)
class Item:
    """`of[key]`: a key or an index that is there."""

    of: "Expr"
    key: str | int


@dataclass(frozen=True, slots=True)
class Invoke:
    """`function(args, name=value)`."""

    function: str
    args: tuple["Expr", ...] = ()
    named: tuple[tuple[str, "Expr"], ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """Text with values in it."""

    parts: tuple["str | Expr", ...]


@dataclass(frozen=True, slots=True)
class Make:
    """A JSON object; `type` names its TypedDict where the literal alone would leave the type open."""

    entries: tuple[tuple[str, "Expr"], ...]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of exactly these items; a `Spread` stands for all items of another list."""

    items: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """`*of` inside a list."""

    of: "Expr"


@dataclass(frozen=True, slots=True)
class Collect:
    """`[item for target in source if given]`, with any number of loops; `lazy` makes it a generator."""

    item: "Expr | Test"
    loops: tuple[tuple[str, "Expr"], ...]
    given: "Test | None" = None
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Walrus:
    """`(name := value)`; `type` annotates the value where other branches may give the name another."""

    name: str
    value: "Expr"
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Either:
    """The first of the values that is truthy, else the last: `a or b`."""

    values: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class When:
    """`then if test else otherwise`."""

    test: "Test"
    then: "Expr"
    otherwise: "Expr"


Expr = Literal | Name | Get | Item | Invoke | Format | Make | Sequence | Spread | Collect | Walrus | Either | When


@dataclass(frozen=True, slots=True)
class Given:
    """The value is truthy."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Present:
    """The value is not None."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Absent:
    """A test does not hold."""

    test: "Test"


@dataclass(frozen=True, slots=True)
class Equal:
    """The value equals one of these constants."""

    value: Expr
    constants: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """The mapping has the key."""

    value: Expr
    key: str


@dataclass(frozen=True, slots=True)
class Instance:
    """The value is of a Python type."""

    value: Expr
    type: str


@dataclass(frozen=True, slots=True)
class All:
    """Every test holds."""

    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one test holds."""

    tests: tuple["Test", ...]


Test = Given | Present | Absent | Equal | Contains | Instance | All | Some


@dataclass(frozen=True, slots=True)
class Assign:
    """`name: annotation = value`."""

    name: str
    value: Expr
    annotation: str | None = None


@dataclass(frozen=True, slots=True)
class Declare:
    """`name: annotation`."""

    name: str
    annotation: str


@dataclass(frozen=True, slots=True)
class Put:
    """`target[key] = value`."""

    target: Expr
    key: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Do:
    """An expression for its effect."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Return:
    """Leave with a value."""

    value: Expr | None = None


@dataclass(frozen=True, slots=True)
class Yield:
    """Hand out one value, or (`every`) all of another iterable."""

    value: Expr
    every: bool = False


@dataclass(frozen=True, slots=True)
class Raise:
    """Raise an exception."""

    value: Expr


@dataclass(frozen=True, slots=True)
class If:
    """Branches tried in order, then `otherwise`."""

    branches: tuple[tuple[Test, tuple["Statement", ...]], ...]
    otherwise: tuple["Statement", ...] = ()


@dataclass(frozen=True, slots=True)
class For:
    """A loop."""

    target: str
    source: Expr
    body: tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """`Type(attribute=name)` or `Type(attribute=str(name))`: an instance, with what is bound from it.

    `fields` are (attribute, variable or "" if it is only tested, type that must hold or None).
    """

    type: str
    fields: tuple[tuple[str, str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a match: alternatives of constants or one class pattern; no patterns at all is `case _`."""

    patterns: tuple[Literal | Pattern, ...]
    body: tuple["Statement", ...]
    given: Test | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Dispatch on a value."""

    subject: Expr
    cases: tuple[Case, ...]


Statement = Assign | Declare | Put | Do | Return | Yield | Raise | If | For | Match


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a generated module; parameters are (name, annotation)."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    returns: str
    doc: str
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A module constant."""

    name: str
    annotation: str
    value: Expr


def any_of(tests: abc.Sequence[Test]) -> Test:
    """Return the test that holds if one of these does."""
    return tests[0] if len(tests) == 1 else Some(tuple(tests))


def all_of(tests: abc.Sequence[Test]) -> Test:
    """Return the test that holds if all of these do."""
    return tests[0] if len(tests) == 1 else All(tuple(tests))
