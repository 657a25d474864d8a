"""Plan `request.py`: the body of one call, and where it goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.shape import Constant, List, Object, Shape
from providergen.plan import code
from providergen.plan.code import Function
from providergen.plan.functions import Functions, names_used, reachable, rewritten
from providergen.plan.names import class_name, variable
from providergen.plan.wire import Types
from providergen.plan.writing.blocks import Blocks
from providergen.plan.writing.caching import cache_marks, cache_values
from providergen.plan.writing.endpoint import Endpoint
from providergen.plan.writing.messages import Join, Turns
from providergen.plan.writing.scopes import CallScope
from providergen.plan.writing.shapes import Variant, Writer
from providergen.plan.writing.tables import Tables

__all__ = ["RequestPlan", "plan_request"]


@dataclass(frozen=True, slots=True)
class RequestPlan:
    """Everything `request.py` defines."""

    body_type: str
    functions: tuple[Function, ...]
    constants: tuple[code.Constant, ...]
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
    address = Endpoint(writer, _scope(writer)[0])
    roots = [name, *address.functions()]
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
        (*address.constants(), *(constant for name, constant in functions.constants.items() if name in used)),
        turns.join,
    )


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
        puts.append(code.If(((code.any_of(value.when), (put,)),)) if value.when else put)
    if puts:
        yield code.If(((code.Given(code.Name("call.streaming")), tuple(puts)),))


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
        if mark.element is not None:
            call = code.Invoke("append_to", (code.Name("body"), path, _element(mark.element)))
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


def _element(shape: Shape) -> code.Expr:
    """Return what marks the end of what may be cached by itself; its holes are the vendor's value of the lifetime."""
    match shape:
        case Object(entries=entries):
            return code.Make(tuple((entry.key, _element(entry.shape)) for entry in entries))
        case List(items=items):
            return code.Sequence(tuple(_element(item) for item in items))
        case Constant(value=value):
            return code.Literal(value)
    return code.Name("control")
