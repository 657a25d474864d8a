"""From the merged tree to the typed mapping: the shapes are parsed here, each with the words of its section."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from providergen.diagnostics import Findings
from providergen.mapping._tree import Node, describe, laid_over, plain
from providergen.mapping.grammar import parse_shape
from providergen.mapping.model import (
    Auth,
    BlockShape,
    Call,
    ConfigField,
    Default,
    Event,
    Limit,
    Models,
    Row,
    Stream,
    Table,
    Unchecked,
    Vendor,
)
from providergen.mapping.pattern import is_pattern, pattern_fault
from providergen.mapping.shape import Constant, Entry, Object, Scalar, Shape
from providergen.mapping.vocabulary import BLOCK_KINDS, ROLES, SCOPES, TABLES

__all__ = ["Builder"]

_CONSTANT_TABLES = ("finish_reason", "media_type", "is_error", "error_type", "error_code", "error_status")
_PATTERN_TABLES = ("error_type", "error_code")


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds the parts of a mapping from a tree whose structure has been checked; adds the faults of its shapes."""

    tree: Node
    findings: Findings

    def shape(self, *keys: str, scope: str) -> Shape | None:
        """Return the shape under these keys, None if there is none."""
        node = self.tree.get(*keys)
        return None if node is None else parse_shape(node, SCOPES[scope], self.findings, ".".join(keys))

    def request(self) -> Object:
        """Return the body of the request; it has to hold the messages."""
        return cast("Object", self.shape("request", scope="request"))

    def vendor(self) -> Vendor:
        """Return who answers."""
        node = cast("Node", self.tree.get("vendor"))
        return Vendor(
            str(plain(node.entries["id"])),
            str(plain(node.entries["name"])),
            node.key_at,
            base_url=self.shape("vendor", "base_url", scope="address"),
            base_url_env=_texts(node.get("base_url_env")),
            auth=self._auth(node.get("auth")),
        )

    def _auth(self, node: Node | None) -> Auth | None:
        if node is None:
            return None
        kinds = [kind for kind in ("bearer", "header", "query", "scheme") if kind in node.entries]
        if len(kinds) != 1:
            found = " and ".join(kinds) or "none of them"
            message = f"one of bearer, header, query or scheme says how the key is sent; found {found}"
            self.findings.error("wrong-value", message, node.at, place="vendor.auth")
            return None
        kind = kinds[0]
        env = node.get("bearer" if kind == "bearer" else "env")
        if env is None and kind != "scheme":
            message = f"with {kind}, env names the environment variable of the key"
            self.findings.error("missing-key", message, node.at, place="vendor.auth")
        options = {key: str(plain(child)) for key, child in node.entries.items() if key == "service"}
        return Auth(
            kind,
            None if kind == "bearer" else str(plain(node.entries[kind])),
            tuple(str(item.value) for item in env.items) if env else (),
            options,
            node.key_at,
            optional=_flag(node.get("optional")) or False,
        )

    def call(self, section: str, scopes: Sequence[str] = ("path", "request", "request")) -> Call:
        """Return an operation and its parameters; `scopes` are those of path, query and headers."""
        node = cast("Node", self.tree.get(section))
        operation = node.get("operation")
        chat = self.tree.get("chat") if operation is None else None
        operation = operation or cast("Node", chat).entries["operation"]
        parts = zip(("path", "query", "headers"), scopes, strict=True)
        path, query, headers = (self._entries(section, part, scope) for part, scope in parts)
        return Call(str(operation.value), operation.at, path, query, headers)

    def _entries(self, section: str, part: str, scope: str) -> tuple[Entry, ...]:
        shape = self.shape(section, part, scope=scope)
        return shape.entries if isinstance(shape, Object) else ()

    def defaults(self) -> dict[str, Default]:
        """Return the defaults of request holes."""
        node = self.tree.get("defaults")
        return {word: _default(child) for word, child in node.entries.items()} if node else {}

    def message(self) -> dict[str, Shape]:
        """Return the shape of each role's message."""
        node = cast("Node", self.tree.get("message"))
        scopes = {"tool": "message.tool"}
        shapes = {role: self.shape("message", role, scope=scopes.get(role, "message")) for role in node.entries}
        return {role: shape for role, shape in shapes.items() if role in ROLES and shape is not None}

    def merge(self) -> bool:
        """Tell whether neighbouring messages are joined."""
        return _flag(self.tree.get("message", "merge")) or False

    def blocks(self) -> tuple[BlockShape, ...]:
        """Return the forms of blocks, in the order of the file."""
        node = self.tree.get("block")
        found = []
        for key, child in node.entries.items() if node else ():
            role, _, rest = key.partition(".") if key.partition(".")[0] in ROLES else (None, "", key)
            kind, _, label = rest.partition(".")
            assert kind in BLOCK_KINDS
            shape = parse_shape(child, SCOPES[f"block.{kind}"], self.findings, f"block.{key}")
            found.append(BlockShape(role, kind, label or None, shape, child.key_at))
        return tuple(found)

    def tables(self) -> dict[str, Table]:
        """Return the tables that are there."""
        nodes = {key: node for key, node in self.tree.entries.items() if key.partition(".")[0] in TABLES}
        return {name: self._table(name, node) for name, node in nodes.items()}

    def _table(self, name: str, node: Node) -> Table:
        rows = []
        for key, child in node.entries.items():
            values = [self._value(name, key, item, f"{name}.{key}") for item in child.items]
            rows.append(Row(key, tuple(values), child.key_at))
        return Table(tuple(rows), node.key_at)

    def _value(self, table: str, key: str, node: Node, place: str) -> Shape:
        if table in _CONSTANT_TABLES and isinstance(node.value, dict | list):
            found = describe(node.value)
            message = f"{found} stands where a value is expected; this table compares values"
            self.findings.error("wrong-type", message, node.at, place=place)
        if is_pattern(node.value):
            return self._pattern(table, node, place)
        scope = SCOPES.get(f"{table.partition('.')[0]}.{key}", SCOPES["value"])
        return parse_shape(node, scope, self.findings, place)

    def _pattern(self, table: str, node: Node, place: str) -> Constant:
        pattern = str(node.value)
        if table not in _PATTERN_TABLES:
            message = f"{pattern!r} is a /pattern/, which only {' and '.join(_PATTERN_TABLES)} may use"
            self.findings.error("unsafe-pattern", message, node.at, place=place)
        elif fault := pattern_fault(pattern[1:-1]):
            self.findings.error("unsafe-pattern", f"{pattern!r}: {fault}", node.at, place=place)
        return Constant(pattern, node.at)

    def totals(self) -> dict[str, tuple[str, ...]]:
        """Return the usage fields that are sums, with the words that are added."""
        node = self.tree.get("totals")
        return (
            {word: tuple(re.findall(r"\w+", str(child.value))) for word, child in node.entries.items()} if node else {}
        )

    def stream(self) -> Stream | None:
        """Return the streamed form of the call; its body and parameters are merged with those of the chat call."""
        node = self.tree.get("stream")
        if node is None:
            return None
        events = tuple(
            Event(name, parse_shape(child, SCOPES["events"], self.findings, f"stream.events.{name}"), child.key_at)
            for name, child in node.entries["events"].entries.items()
        )
        return Stream(
            str(plain(node.entries["framing"])),
            events,
            node.key_at,
            done=_text(node.get("done")),
            call=self._stream_call(node),
            schema=_text(node.get("schema")),
            request=self._stream_request(),
            own=cast("Object | None", self.shape("stream", "request", scope="request")),
        )

    def _stream_call(self, node: Node) -> Call | None:
        if not any(key in node.entries for key in ("operation", "path", "query", "headers")):
            return None
        chat, own = self.call("chat"), self.call("stream")
        pairs = ((chat.path, own.path), (chat.query, own.query), (chat.headers, own.headers))
        path, query, headers = (
            tuple({entry.key: entry for entry in (*below, *above)}.values()) for below, above in pairs
        )
        return Call(own.operation, own.at, path, query, headers)

    def _stream_request(self) -> Object | None:
        below, above = self.tree.get("request"), self.tree.get("stream", "request")
        if below is None or above is None:
            return None
        merged = laid_over(below, above)
        # What is wrong in either part is found where that part is parsed.
        return cast("Object", parse_shape(merged, SCOPES["request"], Findings(), "stream.request"))

    def models(self) -> Models | None:
        """Return the list of models."""
        node = self.tree.get("models")
        if node is None:
            return None
        return Models(
            self.call("models", ("models.path", "models.query", "models.headers")),
            cast("Shape", self.shape("models", "response", scope="models")),
            node.key_at,
            include=_texts(node.get("include")),
            exclude=_texts(node.get("exclude")),
        )

    def unchecked(self) -> dict[str, Unchecked]:
        """Return the places that are not held against the document."""
        node = self.tree.get("unchecked")
        return {key: Unchecked(str(child.value), child.key_at) for key, child in node.entries.items()} if node else {}

    def config(self) -> dict[str, ConfigField]:
        """Return what is said about configuration fields."""
        node = self.tree.get("config")
        return {name: _config(child) for name, child in node.entries.items()} if node else {}

    def limits(self) -> tuple[Limit, ...]:
        """Return the rules across fields."""
        node = self.tree.get("limits")
        return tuple(self._limits(node)) if node else ()

    def _limits(self, node: Node) -> Iterator[Limit]:
        for number, item in enumerate(node.items):
            keys, place = set(item.entries), f"limits[{number}]"
            reason = str(plain(item.entries["reason"]))
            if keys == {"while", "drop", "reason"}:
                yield Limit(reason, item.at, condition=_text(item.get("while")), drop=_texts(item.get("drop")))
            elif keys == {"below", "reason"} and len(item.entries["below"].entries) == 1:
                ((lower, upper),) = item.entries["below"].entries.items()
                yield Limit(reason, item.at, lower=tuple(lower.split(".")), upper=tuple(str(upper.value).split(".")))
            else:
                message = (
                    "a limit is either {while: hole, drop: [holes], reason: ...} or {below: {path: path}, reason: ...}"
                )
                self.findings.error("wrong-value", message, item.at, place=place)

    def eject(self) -> tuple[str, ...]:
        """Return the paths of the files that the user has taken over."""
        return _texts(self.tree.get("eject"))

    def hooks(self) -> tuple[str, ...]:
        """Return the names of the user's functions."""
        return _texts(self.tree.get("hooks"))


def _text(node: Node | None) -> str | None:
    return None if node is None else str(node.value)


def _texts(node: Node | None) -> tuple[str, ...]:
    return () if node is None else tuple(str(item.value) for item in node.items)


def _flag(node: Node | None) -> bool | None:
    return None if node is None else bool(node.value)


def _scalar(node: Node) -> Scalar:
    assert not isinstance(node.value, dict | list)
    return node.value


def _default(node: Node) -> Default:
    return tuple(map(_scalar, node.value)) if isinstance(node.value, list) else _scalar(node)


def _config(node: Node) -> ConfigField:
    choices, default = node.get("choices"), node.get("default")
    return ConfigField(
        node.key_at,
        prompt=_text(node.get("prompt")),
        env=_text(node.get("env")),
        choices=tuple(map(_scalar, choices.items)) if choices else (),
        default=_default(default) if default else None,
        required=_flag(node.get("required")),
        secret=_flag(node.get("secret")),
    )
