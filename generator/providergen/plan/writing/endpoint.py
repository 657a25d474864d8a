"""Where a call goes, and with which headers of the vendor's own: constants, or functions of the call."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import Call
from providergen.mapping.shape import Constant, Entry
from providergen.plan import code
from providergen.plan.names import variable
from providergen.plan.texts import as_text
from providergen.plan.writing.shapes import Writer
from providergen.plan.writing.values import Scope

__all__ = ["Endpoint", "has_fixed_endpoint", "has_fixed_headers"]


def has_fixed_endpoint(mapping: Mapping) -> bool:
    """Tell whether every call goes to the same place: then the package has a constant ENDPOINT."""
    [call, *streamed] = _calls(mapping)
    return not streamed and not call.path and all(isinstance(entry.shape, Constant) for entry in call.query)


def has_fixed_headers(mapping: Mapping) -> bool:
    """Tell whether every call has the same headers of the vendor's own: then the package has a constant HEADERS."""
    return all(isinstance(entry.shape, Constant) for entry in mapping.chat.headers)


@dataclass(slots=True)
class Endpoint:
    """The endpoint and the headers of one mapping's calls."""

    writer: Writer
    scope: Scope

    def constants(self) -> list[code.Constant]:
        """Return the constants ENDPOINT and HEADERS, as far as they are constant."""
        mapping, found = self.writer.mapping, []
        if has_fixed_endpoint(mapping):
            [statement] = _url(mapping.chat, self.writer, self.scope)
            if isinstance(statement, code.Return) and statement.value is not None:
                found.append(code.Constant("ENDPOINT", "Final", statement.value))
        if mapping.chat.headers and has_fixed_headers(mapping):
            entries = mapping.chat.headers
            headers = {entry.key: as_text(entry.shape.value) for entry in entries if isinstance(entry.shape, Constant)}
            found.append(code.Constant("HEADERS", "Final[dict[str, str]]", code.Literal(headers)))
        return found

    def functions(self) -> list[str]:
        """Define the functions `endpoint` and `headers`, as far as they are none; return their names."""
        mapping, add = self.writer.mapping, self.writer.functions.add
        names = []
        if not has_fixed_endpoint(mapping):
            body = tuple(_endpoint(_calls(mapping), self.writer, self.scope))
            doc = "Return where the call goes, below the base URL."
            names.append(add("endpoint", (("call", "Call"),), "str", doc, body))
        if not has_fixed_headers(mapping):
            body = tuple(_headers(mapping.chat, self.writer, self.scope))
            doc = "Return the vendor's own headers of one call."
            names.append(add("headers", (("call", "Call"),), "dict[str, str]", doc, body))
        return names


def _calls(mapping: Mapping) -> list[Call]:
    """Return the call of a whole answer, and that of a streamed one if it is another."""
    streamed = mapping.stream.call if mapping.stream else None
    return [mapping.chat] if streamed is None else [mapping.chat, streamed]


def _endpoint(calls: Sequence[Call], writer: Writer, scope: Scope) -> Iterator[code.Statement]:
    """Yield the statements of `endpoint`."""
    bound: set[str] = set()
    for call in calls:
        for entry in call.path:
            value = writer.value(entry.shape, f"chat.path.{entry.key}", scope, "Path")
            local = variable(entry.key, "call")
            if value is not None and local not in bound:
                bound.add(local)
                quoted = code.Invoke("quote", (value.expr,), (("safe", code.Literal("")),))
                yield code.Assign(local, quoted)
    last = calls[-1]
    if len(calls) > 1:
        yield code.If(((code.Given(code.Name("call.streaming")), tuple(_url(last, writer, scope))),))
    yield from _url(calls[0], writer, scope)


def _url(call: Call, writer: Writer, scope: Scope) -> Iterator[code.Statement]:
    """Yield the statements that return path and query of an operation."""
    path = _path(call, writer.checked)
    parts: list[str | code.Expr] = []
    for literal, name in re.findall(r"([^{]*)(?:\{([^}]*)\})?", path):
        parts += [literal] if literal else []
        parts += [code.Name(variable(name, "call"))] if name else []
    fixed = {entry.key: entry.shape.value for entry in call.query if isinstance(entry.shape, Constant)}
    query = urlencode({key: as_text(value) for key, value in fixed.items()}, quote_via=quote)
    asked = [entry for entry in call.query if entry.key not in fixed]
    if asked:
        yield from _asked(asked, fixed, writer, scope)
        parts += ["?", code.Name("query")]
    elif query:
        parts.append(f"?{query}")
    if all(isinstance(part, str) for part in parts):
        yield code.Return(code.Literal("".join(str(part) for part in parts)))
    else:
        yield code.Return(code.Format(tuple(parts)))


def _path(call: Call, checked: Checked) -> str:
    """Return the path of an operation that is named by method and path, or by its id."""
    _, _, path = call.operation.partition(" ")
    operations = (checked.operations.chat, checked.operations.stream)
    return path or next((found.path for found in operations if found is not None and found.id == call.operation), "")


def _asked(asked: list[Entry], fixed: dict[str, Any], writer: Writer, scope: Scope) -> Iterator[code.Statement]:
    """Yield statements that make a query which depends on the call."""
    literal = tuple((key, code.Literal(as_text(value))) for key, value in fixed.items())
    yield code.Assign("parameters", code.Make(literal), "dict[str, str]")
    for entry in asked:
        value = writer.value(entry.shape, f"chat.query.{entry.key}", scope, "Query")
        if value is None:
            continue
        yield value.written(code.Put(code.Name("parameters"), entry.key, code.Invoke("str", (value.expr,))))
    yield code.Assign("query", code.Invoke("urlencode", (code.Name("parameters"),)))


def _headers(call: Call, writer: Writer, scope: Scope) -> Iterator[code.Statement]:
    """Yield the statements of `headers`."""
    always: list[tuple[str, code.Expr]] = []
    puts: list[code.Statement] = []
    for entry in call.headers:
        value = writer.value(entry.shape, f"chat.headers.{entry.key}", scope, "Headers")
        if value is None:
            continue
        expr = value.expr if isinstance(value.expr, code.Literal) else code.Invoke("str", (value.expr,))
        if value.when:
            puts.append(value.written(code.Put(code.Name("headers"), entry.key, expr)))
        else:
            always.append((entry.key, expr))
    make = code.Make(tuple(always))
    if not puts:
        yield code.Return(make)
        return
    yield code.Assign("headers", make, "dict[str, str]")
    yield from puts
    yield code.Return(code.Name("headers"))
