"""What the holes of one scope give when it is read, and the statements that hand it to the answer."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain

from providergen.mapping.shape import Hole
from providergen.mapping.vocabulary import BLOCK_NEEDS, USAGE_WORDS
from providergen.plan import code
from providergen.plan.names import variable

__all__ = ["FIELDS", "LOOSE", "Gathered", "rank"]

FIELDS = {kind: tuple(chain.from_iterable(groups)) for kind, groups in BLOCK_NEEDS.items()}
"""The fields without which a vendor's object is no block of a kind."""

_KINDS = {
    "text": "text",
    "thinking": "thinking",
    "signature": "thinking",
    "data": "redacted_thinking",
    "id": "tool_call",
    "name": "tool_call",
    "input": "tool_call",
}
LOOSE = frozenset((*_KINDS, "index", "end", "finish_reason", "usage", "block", "content", "tool_call", "image"))
"""Holes that make an item of a list a scope of its own."""

_ORDER = ("thinking", "redacted_thinking", "text", "tool_call")
_ANSWER = "answer"
_Body = tuple[code.Statement, ...]


@dataclass(slots=True)
class Gathered:
    """The values of a scope: a reply, an event, an item of a list, or (`kind`) one block.

    `statements` are of inner scopes, with a rank: what comes from separate keys has no order in JSON, so thinking comes
    before text and text before calls.
    """

    kind: str | None = None
    fragments: bool = False
    names: set[str] = field(default_factory=lambda: {"answer", "at"})
    cards: bool = False
    only_blocks: bool = False
    known: dict[tuple[str, ...], code.Name] = field(default_factory=dict)
    binds: list[code.Statement] = field(default_factory=list)
    fields: dict[str, code.Expr] = field(default_factory=dict)
    loose: dict[tuple[str, str | None], dict[str, tuple[code.Expr, Hole]]] = field(default_factory=dict)
    opaque: dict[str, code.Expr] = field(default_factory=dict)
    grows: bool = False
    index: code.Expr | None = None
    end: code.Expr | None = None
    finish: list[code.Expr] = field(default_factory=list)
    usage: dict[str, code.Expr] = field(default_factory=dict)
    metadata: dict[str, code.Expr] = field(default_factory=dict)
    error: dict[str, code.Expr] = field(default_factory=dict)
    statements: list[tuple[int, Sequence[code.Statement]]] = field(default_factory=list)
    later: list[Callable[[code.Expr | None], _Body]] = field(default_factory=list)
    last: list[code.Statement] = field(default_factory=list)

    def fresh(self, text: str) -> str:
        """Return a variable name that the function does not have yet."""
        name = variable(text, *self.names)
        self.names.add(name)
        return name

    def bind(self, key: str, value: code.Expr) -> code.Name:
        """Give a value a name, once; `known` are names that the code around has already given."""
        for keys, given in self.known.items():
            if value == _access(keys, self.known):
                return given
        for statement in self.binds:
            if isinstance(statement, code.Assign) and statement.value == value:
                return code.Name(statement.name)
        name = self.fresh(key)
        self.binds.append(code.Assign(name, value))
        return code.Name(name)

    def take(self, hole: Hole, value: code.Expr) -> None:
        """Take the value of a hole; of the same hole twice the first that is present wins."""
        source, _, key = hole.name.partition(".")
        if source == "metadata":
            self.metadata[key] = value
        elif hole.name.startswith("_"):
            self.opaque[hole.name[1:]] = value
            self.grows |= hole.fragment
        elif hole.name == "finish_reason":
            self.finish.append(value)
        elif hole.name in USAGE_WORDS:
            self.usage[hole.name] = _first(self.usage.get(hole.name), value)
        elif source == "error" and (key or hole.label):
            self.error["message"] = value
            self.error["kind"] = code.Literal(key or hole.label)
        elif hole.name in ("error", "error_type", "error_code", "retry_after"):
            name = {"error": "message", "error_type": "type", "error_code": "code"}.get(hole.name, hole.name)
            self.error[name] = _first(self.error.get(name), value)
        elif hole.name == "index":
            self.index = value
        elif hole.name == "end":
            self.end = value
        elif self.kind is not None or self.cards:
            self.fields[hole.name] = _first(self.fields.get(hole.name), value)
        elif hole.name in _KINDS:
            loose = self.loose.setdefault((_KINDS[hole.name], hole.label), {})
            loose[hole.name] = (value, hole)

    def block(self, kind: str, label: str | None, at: code.Expr | None) -> list[code.Statement]:
        """Return the statements that give the answer one block of a kind, made of `fields`."""
        call = _update(kind, self.fields, label, at, self.opaque, fragment=self.fragments and kind != "tool_call")
        return [*self.binds, *([code.Do(call)] if call is not None else [])]

    def printed(self, tests: Sequence[code.Test]) -> _Body:
        """Return all statements of the scope, behind the tests of its constants."""
        body = (*self.binds, *self.effects())
        if not tests:
            return body
        return (code.If(((code.all_of(tests), body),)),)

    def effects(self) -> _Body:
        """Return what is done with the values; `binds` come before."""
        address = self.index if self.index is not None else self.end
        ranked: list[tuple[int, Sequence[code.Statement]]] = list(self.statements)
        blocks = sorted(self.loose.items(), key=lambda item: _ORDER.index(item[0][0]))
        own = self.opaque if len(blocks) == 1 and not self.grows else {}
        for (kind, label), values in blocks:
            fragment = self.fragments or any(hole.fragment for _, hole in values.values())
            fields = {name: value for name, (value, _) in values.items()}
            call = _update(kind, fields, label, address, own, fragment=fragment)
            if call is not None:
                ranked.append((rank({kind}), (code.Do(call),)))
        ranked += [(1, statements(address)) for statements in self.later]
        body = [statement for _, statements in sorted(ranked, key=lambda item: item[0]) for statement in statements]
        if self.opaque and not own and not self.only_blocks:
            body.append(code.Do(self._loose_opaque(address)))
        if not self.only_blocks:
            body += self.closing()
        if self.end is not None:
            body.append(code.Do(code.Invoke(f"{_ANSWER}.end", (self.end,))))
        return tuple(body)

    @property
    def has_more(self) -> bool:
        """Whether the scope has values beside those of an error."""
        return bool(
            self.loose or self.finish or self.usage or self.metadata or self.last or self.statements or self.later
        )

    def detail(self) -> code.Invoke:
        """Return what the error holes say."""
        return code.Invoke("ErrorDetail", (), tuple(self.error.items()))

    def failure(self) -> list[code.Statement]:
        """Return the statements that raise what a reply with a good status says went wrong."""
        return [self.failing()] if self.error else []

    def failing(self) -> code.Statement:
        """Return the statement that raises the error if there is one."""
        test = code.Given(code.Walrus("failure", self.detail()))
        return code.If(((test, (code.Raise(code.Invoke("stream_error", (code.Name("failure"),))),)),))

    def closing(self) -> list[code.Statement]:
        """Return the statements for usage, finish reason and metadata."""
        body: list[code.Statement] = list(self.last)
        if self.usage:
            body.append(code.Do(code.Invoke(f"{_ANSWER}.count", (), tuple(self.usage.items()))))
        if self.finish:
            body.append(code.Do(code.Invoke(f"{_ANSWER}.finish", tuple(self.finish))))
        if self.metadata:
            body.append(code.Do(code.Invoke(f"{_ANSWER}.meta", (), tuple(self.metadata.items()))))
        return body

    def _loose_opaque(self, address: code.Expr | None) -> code.Invoke:
        method = "extend_opaque" if self.grows else "set_opaque"
        named = () if address is None else (("at", address),)
        return code.Invoke(f"{_ANSWER}.{method}", (code.Make(tuple(self.opaque.items())),), named)


def rank(kinds: Set[str]) -> int:
    """Return where blocks of these kinds come in an answer: thinking before text and text before calls."""
    return 2 if kinds == {"tool_call"} else 0 if kinds <= {"thinking", "redacted_thinking"} else 1


def _access(keys: tuple[str, ...], known: dict[tuple[str, ...], code.Name]) -> code.Expr:
    """Return the access to an inner object of an event that has the given names."""
    owner = known.get(keys[:-1], code.Name("event"))
    return code.Invoke("fields", (code.Get(owner, keys[-1]),))


def _first(known: code.Expr | None, value: code.Expr) -> code.Expr:
    return value if known is None else code.Either((known, value))


def _update(
    kind: str,
    fields: dict[str, code.Expr],
    label: str | None,
    at: code.Expr | None,
    opaque: dict[str, code.Expr],
    *,
    fragment: bool,
) -> code.Invoke | None:
    """Return the call of the answer's method for one block, None where the kind has no fields here."""
    named: list[tuple[str, code.Expr]] = []
    if label is not None:
        named.append(("label", code.Literal(label)))
    if at is not None:
        named.append(("at", at))
    if opaque:
        named.append(("opaque", code.Make(tuple(opaque.items()))))
    verb = "extend" if fragment and kind != "image" else "add"
    args: tuple[code.Expr, ...] = ()
    match kind:
        case "text" | "redacted_thinking" if not fields.keys() & set(FIELDS[kind]):
            return None
        case "text":
            args = (fields["text"],)
        case "thinking":
            args = (fields["thinking"],) if "thinking" in fields else ()
            named = [*((name, fields[name]) for name in ("signature",) if name in fields), *named]
        case "redacted_thinking":
            args = (fields["data"],)
        case "tool_call" if fragment:
            args = (fields["input"],) if "input" in fields else ()
            named = [*((name, fields[name]) for name in ("id", "name") if name in fields), *named]
        case "tool_call":
            args = tuple(fields.get(name, code.Literal(None)) for name in ("id", "name", "input"))
        case "image":
            named = [*((name, fields[name]) for name in ("media_type", "data", "url") if name in fields), *named]
        case _:
            return None
    return code.Invoke(f"{_ANSWER}.{verb}_{kind}", args, tuple(named))
