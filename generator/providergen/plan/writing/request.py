"""Plan `request.py`: the body of one call, and where it goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.plan import code
from providergen.plan.code import Function
from providergen.plan.functions import Functions, names_used, reachable, rewritten
from providergen.plan.names import class_name, variable
from providergen.plan.wire import Types
from providergen.plan.writing.blocks import Blocks
from providergen.plan.writing.by_model import Variant
from providergen.plan.writing.caching import plan_marks
from providergen.plan.writing.endpoint import Endpoint
from providergen.plan.writing.messages import Join, Messages
from providergen.plan.writing.scopes import CallScope
from providergen.plan.writing.shapes import Writer
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
    scope, messages = _scope(writer)
    name, body_type = _body(writer, scope)
    address = Endpoint(writer, scope)
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
        messages.join,
    )


def _suffix(glob: str) -> str:
    """Return what tells names for some models from the general ones."""
    return variable(re.sub(r"\W+", "_", glob)).strip("_")


def _scope(writer: Writer) -> tuple[CallScope, Messages]:
    tables = Tables(writer)
    messages = Messages(writer, Blocks(writer, tables))
    return CallScope(tables, messages), messages


def _body(writer: Writer, scope: CallScope) -> tuple[str, str]:
    """Define the function `body`; return its name and the class of what it returns."""
    mapping = writer.mapping
    made = writer.class_of("request", "RequestBody")
    body = writer.statements(mapping.request, "request", scope, "RequestBody", "body")
    if writer.variants:
        body = _apart(body, writer, made)
    body += _streaming(writer, scope, made)
    body[:0] = _dropped(mapping)
    body += _kept_below(mapping)
    if plan_marks(writer, made):
        mark = code.Do(code.Invoke("mark_cache", (code.Name("body"), code.Name("call.cache"))))
        body.append(code.If(((code.Given(code.Name("call.cache")), (mark,)),)))
    body.append(code.Return(code.Name("body")))
    doc = f"Return the body of `{mapping.chat.operation}` for one call."
    return writer.functions.add("body", (("call", "Call"),), f"wire.{made}", doc, tuple(body)), made


def _apart(body: list[code.Statement], writer: Writer, made: str) -> list[code.Statement]:
    """Return the statements with branches by model, which come last, in a function of their own."""
    last = body[-1]
    if not isinstance(last, code.If) or len(last.branches) + bool(last.otherwise) == 1:
        return body
    declared = [statement for statement in body if isinstance(statement, code.Declare)]
    common = [statement for statement in body[:-1] if not isinstance(statement, code.Declare)]
    parameters = (("body", f"wire.{made}"), ("call", "Call"))
    name = writer.functions.add(
        "add_for_model", parameters, "None", "Add what depends on the model.", (*declared, last)
    )
    return [*common, code.Do(code.Invoke(name, (code.Name("body"), code.Name("call"))))]


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
        puts.append(value.written(code.Put(code.Name("body"), entry.key, value.expr)))
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
