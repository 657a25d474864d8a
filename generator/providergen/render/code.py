"""Print the code of a plan as Python; layout is left to ruff."""

from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Any

from providergen.plan import code
from providergen.render.literal import python_literal

__all__ = ["constant", "expression", "function"]

_INDENT = "    "


def function(planned: code.Function) -> str:
    """Return the source of a function, with its docstring."""
    parameters = ", ".join(f"{name}: {annotation}" for name, annotation in planned.parameters)
    head = f"def {planned.name}({parameters}) -> {planned.returns}:"
    lines = [head, f'{_INDENT}"""{_docstring(planned.doc)}"""', *_block(planned.body)]
    return "\n".join(lines)


def constant(planned: code.Constant) -> str:
    """Return the source of a module constant."""
    return f"{planned.name}: {planned.annotation} = {expression(planned.value)}"


def _docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', "'")


@singledispatch
def expression(value: Any) -> str:
    """Return the source of an expression or a test."""
    raise TypeError(f"no expression: {value!r}")


@expression.register
def _(value: code.Literal) -> str:
    return python_literal(value.value)


@expression.register
def _(value: code.Name) -> str:
    return value.dotted


@expression.register
def _(value: code.Get) -> str:
    return f"{expression(value.of)}.get({python_literal(value.key)})"


@expression.register
def _(value: code.Item) -> str:
    return f"{expression(value.of)}[{python_literal(value.key)}]"


@expression.register
def _(value: code.Invoke) -> str:
    if len(value.args) == 1 and not value.named and isinstance(value.args[0], code.Collect) and value.args[0].lazy:
        return f"{value.function}{expression(value.args[0])}"
    arguments = [expression(argument) for argument in value.args]
    arguments += [f"{name}={expression(argument)}" for name, argument in value.named]
    return f"{value.function}({', '.join(arguments)})"


@expression.register
def _(value: code.Format) -> str:
    return "f" + python_literal("".join(_format_part(part) for part in value.parts))


def _format_part(part: "str | code.Expr") -> str:
    if isinstance(part, str):
        return part.replace("{", "{{").replace("}", "}}")
    return "{" + expression(part) + "}"


@expression.register
def _(value: code.Make) -> str:
    if value.type is not None:
        named = ", ".join(f"{key}={expression(item)}" for key, item in value.entries)
        return f"{value.type}({named})"
    return "{" + ", ".join(f"{python_literal(key)}: {expression(item)}" for key, item in value.entries) + "}"


@expression.register
def _(value: code.Sequence) -> str:
    return "[" + ", ".join(expression(item) for item in value.items) + "]"


@expression.register
def _(value: code.Spread) -> str:
    return f"*{expression(value.of)}"


@expression.register
def _(value: code.Collect) -> str:
    loops = " ".join(f"for {target} in {expression(source)}" for target, source in value.loops)
    given = f" if {expression(value.given)}" if value.given is not None else ""
    inner = f"{expression(value.item)} {loops}{given}"
    return f"({inner})" if value.lazy else f"[{inner}]"


@expression.register
def _(value: code.Walrus) -> str:
    return f"({value.name} := {expression(value.value)})"


@expression.register
def _(value: code.Either) -> str:
    return " or ".join(expression(item) for item in value.values)


@expression.register
def _(value: code.When) -> str:
    return f"({expression(value.then)} if {expression(value.test)} else {expression(value.otherwise)})"


@expression.register
def _(value: code.Given) -> str:
    return expression(value.value)


@expression.register
def _(value: code.Present) -> str:
    return f"{expression(value.value)} is not None"


@expression.register
def _(value: code.Absent) -> str:
    match value.test:
        case code.Present(value=wanted):
            return f"{expression(wanted)} is None"
        case code.Some(tests=tests):
            return " and ".join(expression(code.Absent(test)) for test in tests)
    inner = expression(value.test)
    if isinstance(value.test, code.Equal):
        for positive, negative in ((" in ", " not in "), (" is ", " is not "), (" == ", " != ")):
            if positive in inner:
                return inner.replace(positive, negative, 1)
    return f"not {inner}" if isinstance(value.test, code.Given | code.Instance) else f"not ({inner})"


@expression.register
def _(value: code.Equal) -> str:
    left = expression(value.value)
    if len(value.constants) > 1:
        return f"{left} in {python_literal(value.constants)}"
    [constant_] = value.constants
    return f"{left} {'is' if isinstance(constant_, bool) or constant_ is None else '=='} {python_literal(constant_)}"


@expression.register
def _(value: code.Contains) -> str:
    return f"{python_literal(value.key)} in {expression(value.value)}"


@expression.register
def _(value: code.Instance) -> str:
    return f"isinstance({expression(value.value)}, {value.type})"


@expression.register
def _(value: code.All) -> str:
    return " and ".join(_grouped(test) for test in value.tests)


@expression.register
def _(value: code.Some) -> str:
    return " or ".join(expression(test) for test in value.tests)


def _grouped(test: code.Test) -> str:
    return f"({expression(test)})" if isinstance(test, code.Some) else expression(test)


def _block(body: Iterable[code.Statement]) -> list[str]:
    return [_INDENT + line for statement in body for line in _lines(statement)] or [f"{_INDENT}pass"]


@singledispatch
def _lines(statement: Any) -> Iterator[str]:
    raise TypeError(f"no statement: {statement!r}")


@_lines.register
def _(statement: code.Assign) -> Iterator[str]:
    annotation = f": {statement.annotation}" if statement.annotation else ""
    yield f"{statement.name}{annotation} = {expression(statement.value)}"


@_lines.register
def _(statement: code.Declare) -> Iterator[str]:
    yield f"{statement.name}: {statement.annotation}"


@_lines.register
def _(statement: code.Put) -> Iterator[str]:
    yield f"{expression(statement.target)}[{python_literal(statement.key)}] = {expression(statement.value)}"


@_lines.register
def _(statement: code.Do) -> Iterator[str]:
    yield expression(statement.value)


@_lines.register
def _(statement: code.Return) -> Iterator[str]:
    yield "return" if statement.value is None else f"return {expression(statement.value)}"


@_lines.register
def _(statement: code.Yield) -> Iterator[str]:
    yield f"yield {'from ' * statement.every}{expression(statement.value)}"


@_lines.register
def _(statement: code.Raise) -> Iterator[str]:
    yield f"raise {expression(statement.value)}"


@_lines.register
def _(statement: code.If) -> Iterator[str]:
    keyword = "if"
    for test, body in statement.branches:
        yield f"{keyword} {expression(test)}:"
        yield from _block(body)
        keyword = "elif"
    if statement.otherwise:
        yield "else:"
        yield from _block(statement.otherwise)


@_lines.register
def _(statement: code.For) -> Iterator[str]:
    yield f"for {statement.target} in {expression(statement.source)}:"
    yield from _block(statement.body)


@_lines.register
def _(statement: code.Match) -> Iterator[str]:
    yield f"match {expression(statement.subject)}:"
    for case in statement.cases:
        given = f" if {expression(case.given)}" if case.given is not None else ""
        patterns = " | ".join(_pattern(pattern) for pattern in case.patterns) or "_"
        yield f"{_INDENT}case {patterns}{given}:"
        yield from (_INDENT + line for line in _block(case.body))


def _pattern(pattern: "code.Literal | code.Pattern") -> str:
    if isinstance(pattern, code.Literal):
        return python_literal(pattern.value)
    fields = (
        f"{attribute}={type_}({variable})" if type_ else f"{attribute}={variable}"
        for attribute, variable, type_ in pattern.fields
    )
    return f"{pattern.type}({', '.join(fields)})"
