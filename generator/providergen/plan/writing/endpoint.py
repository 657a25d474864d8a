"""Where a call goes, and with which headers of the vendor's own: constants, or functions of the call."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import Call
from providergen.mapping.shape import Constant, Entry, Shape, holes
from providergen.plan import code
from providergen.plan.functions import Functions, reachable
from providergen.plan.names import variable
from providergen.plan.texts import as_text
from providergen.plan.wire import Types
from providergen.plan.writing.scopes import OptionScope, PathScope
from providergen.plan.writing.shapes import Writer
from providergen.plan.writing.values import Scope

__all__ = ["Endpoint", "has_fixed_endpoint", "has_fixed_headers", "listing_functions", "listing_headers"]


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
            found.append(code.Constant("HEADERS", "Final[dict[str, str]]", code.Literal(_fixed(entries))))
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
            body = tuple(_headers("chat", mapping.chat.headers, self.writer, self.scope))
            doc = "Return the vendor's own headers of one call."
            names.append(add("headers", (("call", "Call"),), "dict[str, str]", doc, body))
        return names


def listing_functions(mapping: Mapping, checked: Checked) -> tuple[code.Function, ...]:
    """Return `_path`, `_query` and `_headers` for the list of models, those of them that depend on the configuration.

    The headers are those of calls too, as far as they do not depend on one; `$next` is not in the query.
    """
    if mapping.models is None:
        return ()
    call, parameters = mapping.models.call, OptionScope().variables
    functions = Functions()
    writer = Writer(mapping, checked, Types(), functions)
    if call.path:
        body: list[code.Statement] = [
            *_bound("models", call, writer, PathScope("config")),
            _joined(_parts(call, checked)),
        ]
        functions.add("_path", parameters, "str", "Return where the models are listed.", tuple(body))
    if any(_is_option(entry.shape) for entry in call.query):
        body = [*_asked("models", call.query, writer, OptionScope()), code.Return(code.Name("parameters"))]
        functions.add("_query", parameters, "dict[str, str]", "Return what is asked of every page.", tuple(body))
    entries = listing_headers(mapping)
    if any(_is_option(entry.shape) for entry in entries):
        body = list(_headers("models", entries, writer, OptionScope()))
        functions.add("_headers", parameters, "dict[str, str]", "Return the vendor's own headers.", tuple(body))
    return tuple(reachable(functions, list(functions.functions)))


def listing_headers(mapping: Mapping) -> tuple[Entry, ...]:
    """Return the headers with which models are listed: those of calls too, as far as they do not depend on one."""
    own = mapping.models.call.headers if mapping.models else ()
    shared = (entry for entry in mapping.chat.headers if isinstance(entry.shape, Constant) or _is_option(entry.shape))
    return tuple({entry.key: entry for entry in (*shared, *own)}.values())


def _is_option(shape: Shape) -> bool:
    """Tell whether a value has holes, and all are options of the configuration."""
    names = [hole.name for hole in holes(shape)]
    return bool(names) and all(name.startswith("config.") for name in names)


def _calls(mapping: Mapping) -> list[Call]:
    """Return the call of a whole answer, and that of a streamed one if it is another."""
    streamed = mapping.stream.call if mapping.stream else None
    return [mapping.chat] if streamed is None else [mapping.chat, streamed]


def _endpoint(calls: Sequence[Call], writer: Writer, scope: Scope) -> Iterator[code.Statement]:
    """Yield the statements of `endpoint`."""
    bound: set[str] = set()
    for call in calls:
        for statement in _bound("chat", call, writer, PathScope("call.config")):
            if statement.name not in bound:
                bound.add(statement.name)
                yield statement
    last = calls[-1]
    if len(calls) > 1:
        yield code.If(((code.Given(code.Name("call.streaming")), tuple(_url(last, writer, scope))),))
    yield from _url(calls[0], writer, scope)


def _bound(section: str, call: Call, writer: Writer, scope: Scope) -> Iterator[code.Assign]:
    """Yield statements that give the values in a path their names."""
    for entry in call.path:
        value = writer.value(entry.shape, f"{section}.path.{entry.key}", scope, "Path")
        if value is not None:
            quoted = code.Invoke("quote", (value.expr,), (("safe", code.Literal("")),))
            yield code.Assign(_local(entry.key), quoted)


def _local(parameter: str) -> str:
    return variable(parameter, "call", "config")


def _url(call: Call, writer: Writer, scope: Scope) -> Iterator[code.Statement]:
    """Yield the statements that return path and query of an operation."""
    parts = _parts(call, writer.checked)
    if any(not isinstance(entry.shape, Constant) for entry in call.query):
        yield from _asked("chat", call.query, writer, scope)
        yield code.Assign("query", code.Invoke("urlencode", (code.Name("parameters"),)))
        parts += ["?", code.Name("query")]
    elif call.query:
        parts.append(f"?{urlencode(_fixed(call.query), quote_via=quote)}")
    yield _joined(parts)


def _parts(call: Call, checked: Checked) -> list[str | code.Expr]:
    """Return the path of an operation, with variables for its parameters."""
    parts: list[str | code.Expr] = []
    for literal, name in re.findall(r"([^{]*)(?:\{([^}]*)\})?", _path(call, checked)):
        parts += [literal] if literal else []
        parts += [code.Name(_local(name))] if name else []
    return parts


def _joined(parts: Sequence[str | code.Expr]) -> code.Return:
    if all(isinstance(part, str) for part in parts):
        return code.Return(code.Literal("".join(str(part) for part in parts)))
    return code.Return(code.Format(tuple(parts)))


def _fixed(entries: Sequence[Entry]) -> dict[str, str]:
    """Return the entries that are constant."""
    return {entry.key: as_text(entry.shape.value) for entry in entries if isinstance(entry.shape, Constant)}


def _path(call: Call, checked: Checked) -> str:
    """Return the path of an operation that is named by method and path, or by its id."""
    _, _, path = call.operation.partition(" ")
    operations = (checked.operations.chat, checked.operations.stream, checked.operations.models)
    return path or next((found.path for found in operations if found is not None and found.id == call.operation), "")


def _asked(section: str, entries: Sequence[Entry], writer: Writer, scope: Scope) -> Iterator[code.Statement]:
    """Yield statements that make the parameters of a query of which some are not constant."""
    fixed = _fixed(entries)
    literal = tuple((key, code.Literal(text)) for key, text in fixed.items())
    yield code.Assign("parameters", code.Make(literal), "dict[str, str]")
    for entry in (entry for entry in entries if entry.key not in fixed):
        value = writer.value(entry.shape, f"{section}.query.{entry.key}", scope, "Query")
        if value is not None:
            yield value.written(code.Put(code.Name("parameters"), entry.key, code.Invoke("str", (value.expr,))))


def _headers(section: str, entries: Sequence[Entry], writer: Writer, scope: Scope) -> Iterator[code.Statement]:
    """Yield the statements of a function that returns headers."""
    always: list[tuple[str, code.Expr]] = []
    puts: list[code.Statement] = []
    for entry in entries:
        value = writer.value(entry.shape, f"{section}.headers.{entry.key}", scope, "Headers")
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
