"""Plan `request.py`: the body, the endpoint and the headers of one call."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import Call
from providergen.mapping.shape import Constant, Entry
from providergen.plan import code
from providergen.plan.blocks import Blocks
from providergen.plan.caching import cache_marks, cache_values
from providergen.plan.code import Function
from providergen.plan.functions import Functions, names_used, reachable, rewritten
from providergen.plan.names import class_name, variable
from providergen.plan.scopes import CallScope
from providergen.plan.tables import Tables
from providergen.plan.turns import Join, Turns
from providergen.plan.wire import Types
from providergen.plan.writing import Variant, Writer, any_of

__all__ = ["RequestPlan", "plan_request"]


@dataclass(frozen=True, slots=True)
class RequestPlan:
    """Everything `request.py` defines."""

    body_type: str
    functions: tuple[Function, ...]
    constants: tuple[code.Constant, ...]
    headers: bool
    join: Join | None


def plan_request(mapping: Mapping, checked: Checked, types: Types) -> RequestPlan:
    """Return the plan of `request.py`, and tell `types` what is written."""
    functions = Functions()
    variants = []
    for glob, variant in mapping.for_model:
        inner = Writer(variant, checked, types, functions.variant(_suffix(glob)), f"for_model.{glob}.")
        variants.append(Variant(glob, inner, _scope(inner)[0]))
    writer = Writer(mapping, checked, types, functions, variants=tuple(variants))
    name, body_type, turns = _body(writer)
    functions.add("endpoint", (("call", "Call"),), "str", _ENDPOINT_DOC, tuple(_endpoint(mapping, writer, turns)))
    roots = [name, "endpoint"]
    if mapping.chat.headers:
        roots.append(_headers(mapping, writer, turns))
    ambiguous = types.ambiguous()

    def plain(node: Any) -> Any:
        if isinstance(node, code.Make) and node.type is not None and node.type.removeprefix("wire.") not in ambiguous:
            return replace(node, type=None)
        return node

    kept = tuple(rewritten(function, plain) for function in reachable(functions, roots))
    used = names_used(kept)
    return RequestPlan(
        body_type,
        kept,
        tuple(constant for name, constant in functions.constants.items() if name in used),
        bool(mapping.chat.headers),
        turns.join,
    )


_ENDPOINT_DOC = "Return where the call goes, below the base URL."


def _suffix(glob: str) -> str:
    """Return what tells names for some models from the general ones."""
    return variable(re.sub(r"\W+", "_", glob)).strip("_")


def _scope(writer: Writer) -> tuple[CallScope, Turns]:
    tables = Tables(writer)
    turns = Turns(writer, Blocks(writer, tables))
    return CallScope(tables, turns), turns


def _body(writer: Writer) -> tuple[str, str, Turns]:
    mapping = writer.mapping
    scope, turns = _scope(writer)
    made = writer.class_of("request", "RequestBody")
    body = writer.statements(mapping.request, "request", scope, "RequestBody", "body")
    if writer.variants and isinstance(body[-1], code.If) and len(body[-1].branches) + bool(body[-1].otherwise) > 1:
        parameters = (("body", f"wire.{made}"), ("call", "Call"))
        doc = "Add what depends on the model."
        function = writer.functions.add("add_for_model", parameters, "None", doc, (body[-1],))
        body[-1] = code.Do(code.Invoke(function, (code.Name("body"), code.Name("call"))))
    body += _streaming(writer, scope, made)
    body[:0] = _dropped(mapping)
    body += _kept_below(mapping)
    if _marks(writer, made):
        mark = code.Do(code.Invoke("mark_cache", (code.Name("body"), code.Name("call.cache"))))
        body.append(code.If(((code.Given(code.Name("call.cache")), (mark,)),)))
    body.append(code.Return(code.Name("body")))
    name = writer.functions.add(
        "body",
        (("call", "Call"),),
        f"wire.{made}",
        f"Return the body of `{mapping.chat.operation}` for one call.",
        tuple(body),
    )
    return name, made, turns


def _streaming(writer: Writer, scope: CallScope, made: str) -> Iterator[code.Statement]:
    """Yield what a streamed call adds to the body."""
    stream = writer.mapping.stream
    if stream is None or stream.own is None or stream.request is None:
        return
    puts: list[code.Statement] = []
    for entry in stream.own.entries:
        merged = stream.request.get(entry.key)
        if merged is None:
            continue
        path = f"stream.request.{entry.key}"
        value = writer.value(merged, path, scope, class_name(made, entry.key))
        if value is None:
            continue
        writer.types.key(made, entry.key, value.type)
        put = code.Put(code.Name("body"), entry.key, value.expr)
        puts.append(code.If(((any_of(value.when), (put,)),)) if value.when else put)
    if puts:
        yield code.If(((code.Given(code.Name("call.streaming")), tuple(puts)),))


def _endpoint(mapping: Mapping, writer: Writer, turns: Turns) -> Iterator[code.Statement]:
    """Yield the statements of `endpoint`."""
    scope = CallScope(Tables(writer), turns)
    calls = [mapping.chat]
    if mapping.stream is not None and mapping.stream.call is not None:
        calls.append(mapping.stream.call)
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


def _url(call: Call, writer: Writer, scope: CallScope) -> Iterator[code.Statement]:
    """Yield the statements that return path and query of an operation."""
    path = _path(call, writer.checked)
    parts: list[str | code.Expr] = []
    for literal, name in re.findall(r"([^{]*)(?:\{([^}]*)\})?", path):
        parts += [literal] if literal else []
        parts += [code.Name(variable(name, "call"))] if name else []
    fixed = {entry.key: entry.shape.value for entry in call.query if isinstance(entry.shape, Constant)}
    query = urlencode({key: _text(value) for key, value in fixed.items()}, quote_via=quote)
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


def _asked(asked: list[Entry], fixed: dict[str, Any], writer: Writer, scope: CallScope) -> Iterator[code.Statement]:
    """Yield statements that make a query which depends on the call."""
    literal = tuple((key, code.Literal(_text(value))) for key, value in fixed.items())
    yield code.Assign("parameters", code.Make(literal), "dict[str, str]")
    for entry in asked:
        value = writer.value(entry.shape, f"chat.query.{entry.key}", scope, "Query")
        if value is None:
            continue
        put = code.Put(code.Name("parameters"), entry.key, code.Invoke("str", (value.expr,)))
        yield code.If(((any_of(value.when), (put,)),)) if value.when else put
    yield code.Assign("query", code.Invoke("urlencode", (code.Name("parameters"),)))


def _headers(mapping: Mapping, writer: Writer, turns: Turns) -> str:
    scope = CallScope(Tables(writer), turns)
    always: list[tuple[str, code.Expr]] = []
    puts: list[code.Statement] = []
    for entry in mapping.chat.headers:
        value = writer.value(entry.shape, f"chat.headers.{entry.key}", scope, "Headers")
        if value is None:
            continue
        expr = value.expr if isinstance(value.expr, code.Literal) else code.Invoke("str", (value.expr,))
        if value.when:
            put = code.Put(code.Name("headers"), entry.key, expr)
            puts.append(code.If(((any_of(value.when), (put,)),)))
        else:
            always.append((entry.key, expr))
    make = code.Make(tuple(always))
    body: tuple[code.Statement, ...] = (code.Return(make),)
    if puts:
        made = code.Assign("headers", make, "dict[str, str]")
        body = (made, *puts, code.Return(code.Name("headers")))
    doc = "Return the vendor's own headers of one call."
    return writer.functions.add("headers", (("call", "Call"),), "dict[str, str]", doc, body)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dropped(mapping: Mapping) -> Iterator[code.Statement]:
    """Yield statements that leave out of the call what the vendor refuses beside something else in it."""
    for limit in mapping.limits:
        if limit.condition is None:
            continue
        idle = code.Equal(code.Name(f"call.{limit.condition}"), (None, "none"))
        names = tuple(code.Literal(name) for name in limit.drop)
        call = code.Invoke("call.without", names, (("reason", code.Literal(limit.reason)),))
        yield code.If(((code.Absent(idle), (code.Assign("call", call),)),))


def _kept_below(mapping: Mapping) -> Iterator[code.Statement]:
    """Yield statements that keep one number of the body below another."""
    for limit in mapping.limits:
        if limit.lower:
            args = (code.Name("body"), code.Literal(limit.lower), code.Literal(limit.upper))
            yield code.Do(code.Invoke("keep_below", (*args, code.Name("call.output_limit"))))


def _marks(writer: Writer, made: str) -> bool:
    """Plan `mark_cache`; tell whether the mapping marks anything."""
    mapping = writer.mapping
    statements: list[code.Statement] = []
    for mark in cache_marks(mapping):
        path = code.Literal(mark.path)
        if mark.key is None:
            call = code.Invoke("append_to", (code.Name("body"), path, code.Literal(mark.element)))
        else:
            never = (("never", code.Literal(mark.refused)),) if mark.refused else ()
            call = code.Invoke(
                "mark_last", (code.Name("body"), path, code.Literal(mark.key), code.Name("control")), never
            )
        statements.append(code.Do(call))
    if not statements:
        return False
    constant = writer.functions.constant("cache", "Final[dict[str, Any]]", code.Literal(cache_values(mapping)))
    control = code.Invoke(f"{constant}.get", (code.Name("lifetime"), code.Literal(True)))
    assigned = code.Assign("control", control)
    body = (assigned, *statements) if "control" in names_used(tuple(statements)) else tuple(statements)
    parameters = (("body", f"wire.{made}"), ("lifetime", "str"))
    doc = "Say where what may be cached ends: the last system text, the last tool, the last block of the conversation."
    writer.functions.add("mark_cache", parameters, "None", doc, body)
    return True
