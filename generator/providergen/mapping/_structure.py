"""What a part of a mapping may look like, said once: it checks a file and describes it to editors (JSON Schema)."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from providergen.diagnostics import Findings
from providergen.mapping._tree import Node, describe
from providergen.mapping.grammar import nearest

__all__ = ["Entries", "Fields", "Flag", "Items", "Number", "Part", "ShapeOf", "Value", "Word", "wrong_type"]


_Types = tuple[type, ...]
_SCALARS: _Types = (str, int, float, bool, type(None))
# What a shape is where not all JSON will do: the types of its node, of JSON Schema, and in words.
_JSON_KINDS: dict[str, tuple[_Types, tuple[str, ...], str]] = {
    "object": ((dict,), ("object",), "a map (the keys of the vendor's JSON object)"),
    "container": ((dict, list), ("object", "array"), "a map or a list (the vendor's JSON)"),
    "value": (_SCALARS, ("string", "number", "boolean"), "one value (a hole, a text, a number, true or false)"),
    "any": ((dict, list, *_SCALARS), (), "a shape"),
}


class Part(Protocol):
    """One kind of value; `told` describes it to the person who writes a mapping."""

    @property
    def told(self) -> str:
        """What it is for."""

    def check(self, node: Node, findings: Findings, place: str) -> None:
        """Add what is wrong with a value to the findings."""

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""


def wrong_type(node: Node, expected: str, findings: Findings, place: str) -> None:
    """Add the finding for a value of the wrong type."""
    findings.error("wrong-type", f"{describe(node.value)} stands where {expected} is expected", node.at, place=place)


@dataclass(frozen=True, slots=True)
class Word:
    """A text: one of `choices`, or one that `pattern` fits; `means` names it in messages."""

    told: str
    means: str = "a text"
    choices: tuple[str, ...] = ()
    pattern: str | None = None

    def check(self, node: Node, findings: Findings, place: str) -> None:
        text = node.value
        if not isinstance(text, str):
            return wrong_type(node, self.means, findings, place)
        if self.choices and text not in self.choices:
            message = f"{text!r} is not one of {', '.join(self.choices)}{nearest(text, self.choices)}"
            findings.error("unknown-word", message, node.at, place=place)
        if self.pattern and not re.fullmatch(self.pattern, text, re.ASCII):
            findings.error("wrong-value", f"{describe(text)} is not {self.means}", node.at, place=place)
        return None

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string", "description": self.told}
        if self.choices:
            schema["enum"] = list(self.choices)
        if self.pattern:
            schema["pattern"] = f"^(?:{self.pattern})$"
        return schema


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    told: str

    def check(self, node: Node, findings: Findings, place: str) -> None:
        if not isinstance(node.value, bool):
            wrong_type(node, "true or false", findings, place)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean", "description": self.told}


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two bounds, both allowed."""

    told: str
    low: float
    high: float
    whole: bool = True

    def check(self, node: Node, findings: Findings, place: str) -> None:
        number = node.value
        if isinstance(number, bool) or not isinstance(number, int if self.whole else (int, float)):
            return wrong_type(node, "a whole number" if self.whole else "a number", findings, place)
        if not self.low <= number <= self.high:
            message = f"{number} is not between {self.low:g} and {self.high:g}"
            findings.error("wrong-value", message, node.at, place=place)
        return None

    def schema(self) -> dict[str, Any]:
        kind = "integer" if self.whole else "number"
        return {"type": kind, "minimum": self.low, "maximum": self.high, "description": self.told}


@dataclass(frozen=True, slots=True)
class Value:
    """A value that goes through as it is: a text, a number, true or false, where `listed` also a list of them."""

    told: str
    listed: bool = False

    def check(self, node: Node, findings: Findings, place: str) -> None:
        items = node.value if isinstance(node.value, list) and self.listed else [node]
        for item in items:
            if isinstance(item.value, dict | list):
                wrong_type(item, "a text, a number, true or false", findings, place)

    def schema(self) -> dict[str, Any]:
        scalar: dict[str, Any] = {"type": ["string", "number", "boolean"]}
        if self.listed:
            return {"anyOf": [scalar, {"type": "array", "items": scalar}], "description": self.told}
        return {**scalar, "description": self.told}


@dataclass(frozen=True, slots=True)
class ShapeOf:
    """A shape with the holes of a scope; its words are checked when it is parsed.

    `kind` is what JSON it may be: an `object`, a `container` (an object or a list), a `value` (neither), or `any`.
    `holes` are those that may stand in its place.
    """

    told: str
    scope: str
    kind: str = "any"
    holes: tuple[str, ...] = ()

    def check(self, node: Node, findings: Findings, place: str) -> None:
        types, _, means = _JSON_KINDS[self.kind]
        if not isinstance(node.value, types) and node.value not in self.holes:
            expected = " or ".join([means, *self.holes[:1]])
            wrong_type(node, expected, findings, place)

    def schema(self) -> dict[str, Any]:
        reference = {"$ref": f"#/$defs/{self.scope}", "description": self.told}
        names = _JSON_KINDS[self.kind][1]
        if not names:
            return reference
        typed = {**reference, "type": list(names) if len(names) > 1 else names[0]}
        return {"anyOf": [typed, {"enum": list(self.holes)}], "description": self.told} if self.holes else typed


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `lone`: one value may stand for a list of itself."""

    told: str
    item: Part
    lone: bool = False

    def check(self, node: Node, findings: Findings, place: str) -> None:
        if not isinstance(node.value, list) and not self.lone:
            return wrong_type(node, "a list", findings, place)
        if not node.items:
            findings.error("wrong-value", "the list is empty", node.at, place=place)
        for number, item in enumerate(node.items):
            self.item.check(item, findings, f"{place}[{number}]" if isinstance(node.value, list) else place)
        return None

    def schema(self) -> dict[str, Any]:
        items = {"type": "array", "items": self.item.schema(), "minItems": 1}
        if not self.lone:
            return {**items, "description": self.told}
        return {"anyOf": [self.item.schema(), items], "description": self.told}


@dataclass(frozen=True, slots=True)
class Fields:
    """A map with known keys; `required` are those it cannot do without. `called` names a key in messages.

    Keys of `labelled` may stand again with a label behind a dot.
    """

    told: str
    fields: Mapping[str, Part]
    required: tuple[str, ...] = ()
    called: str = "key"
    labelled: tuple[str, ...] = ()

    def check(self, node: Node, findings: Findings, place: str) -> None:
        if not isinstance(node.value, dict):
            return wrong_type(node, f"a map with {', '.join(self.fields)}", findings, place)
        misspelt: list[str] = []
        for key, child in node.value.items():
            below = f"{place}.{key}" if place else key
            if part := self.part(key):
                part.check(child, findings, below)
            else:
                words = tuple(self.fields)
                message = f"there is no {self.called} {key!r}{nearest(key, words)}"
                hint = f"known: {', '.join(words)}"
                findings.error(f"unknown-{self.called}", message, child.key_at, place=below, hint=hint)
                misspelt += difflib.get_close_matches(key, words, 1)
        for key in self.required:
            if key not in node.value and key not in misspelt:
                message = f"the {self.called} {key!r} is missing"
                hint = self.fields[key].told
                findings.error(f"missing-{self.called}", message, node.at, place=place or None, hint=hint)
        return None

    def part(self, key: str) -> Part | None:
        """Return what a key may hold, None if there is no such key."""
        name, dot, label = key.partition(".")
        known = name in self.labelled and re.fullmatch(r"\w+", label, re.ASCII) if dot else True
        return self.fields.get(name) if known else None

    def schema(self) -> dict[str, Any]:
        fields = {key: _nullable(part.schema()) for key, part in self.fields.items()}
        schema = {"type": "object", "properties": fields, "additionalProperties": False, "description": self.told}
        if self.labelled:
            schema["patternProperties"] = {rf"^{key}\.\w+$": fields[key] for key in self.labelled}
        return schema


@dataclass(frozen=True, slots=True)
class Entries:
    """A map with keys of the writer's choice: one of `words` if given, else one that `pattern` fits.

    `special` are the keys whose value is of another kind than `value`; `called` names a key in messages.
    """

    told: str
    value: Part
    words: tuple[str, ...] = ()
    pattern: str | None = None
    special: tuple[tuple[str, Part], ...] = ()
    called: str = "a name"

    def check(self, node: Node, findings: Findings, place: str) -> None:
        if not isinstance(node.value, dict):
            return wrong_type(node, "a map", findings, place)
        special = dict(self.special)
        known = tuple(dict.fromkeys([*self.words, *special]))
        for key, child in node.value.items():
            below = f"{place}.{key}"
            if self.words and key not in known:
                message = f"{key!r} is not one of {', '.join(known)}{nearest(key, known)}"
                findings.error("unknown-word", message, child.key_at, place=below)
            elif self.pattern and not re.fullmatch(self.pattern, key, re.ASCII):
                findings.error("wrong-value", f"{describe(key)} is not {self.called}", child.key_at, place=below)
            else:
                special.get(key, self.value).check(child, findings, below)
        return None

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "object", "description": self.told}
        value = _nullable(self.value.schema())
        special = {key: _nullable(part.schema()) for key, part in self.special}
        if self.words:
            properties = dict.fromkeys(self.words, value) | special
            return schema | {"properties": properties, "additionalProperties": False}
        if special:
            schema["properties"] = special
        if self.pattern:
            return schema | {"patternProperties": {f"^(?:{self.pattern})$": value}, "additionalProperties": False}
        return schema | {"additionalProperties": value}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Allow the null by which an extending file deletes an inherited entry."""
    described = {"description": schema.pop("description")}
    return {"anyOf": [schema, {"type": "null"}], **described}
