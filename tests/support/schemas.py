"""Validators of vendor JSON made from OpenAPI documents, repaired where published ones are not JSON Schema."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from providergen.diagnostics import Findings
from providergen.document import load_document
from tests.support.cases import SPECS, Case

_PREFIX = "#/components/schemas/"
_NOT_VALIDATING = {"example", "examples", "default", "discriminator", "xml", "externalDocs", "readOnly", "writeOnly"}


@dataclass(frozen=True, slots=True)
class Names:
    """The component schemas of a vendor's operations; None where a document has none."""

    request: str
    response: str
    stream: str
    models: str
    error: str | None


@dataclass(frozen=True)
class Contract:
    """The schemas of one document: which payloads it allows.

    Schemas named by the caller may be made `closed`: then a key that they do not name is refused.
    """

    path: Path
    names: Names
    loosened: frozenset[tuple[str, str]] = frozenset()  # (schema, key): not required though the document says so

    @cached_property
    def schemas(self) -> dict[str, Any]:
        """The component schemas as published."""
        root = _root(self.path)
        found: dict[str, Any] = root["components"]["schemas"]
        return found

    def refusal(self, name: str, payload: Any, *, closed: bool = False) -> str | None:
        """Return why the schema refuses the payload, None if it does not."""
        errors = self._validator(name, closed).iter_errors(payload)
        worst: ValidationError | None = best_match(errors)
        return f"{worst.json_path}: {worst.message[:300]}" if worst else None

    def accepts(self, name: str, payload: Any, *, closed: bool = False) -> bool:
        """Return whether the schema allows the payload; quicker than to ask why not."""
        return self._validator(name, closed).is_valid(payload)

    @cached_property
    def _validators(self) -> dict[tuple[str, bool], Draft202012Validator]:
        return {}

    def _validator(self, name: str, closed: bool) -> Draft202012Validator:
        if (name, closed) not in self._validators:
            reached = {found: _repaired(self.schemas[found]) for found in _reached(self.schemas, name)}
            for schema, key in self.loosened:
                if schema in reached:
                    reached[schema]["required"].remove(key)
            if closed:
                _close(reached)
            top = {"$ref": _PREFIX + name, "components": {"schemas": reached}}
            self._validators[name, closed] = Draft202012Validator(top)
        return self._validators[name, closed]


OURS = {
    "openai-chat": Contract(
        SPECS / "openai-chat" / "openapi.yaml",
        Names(
            "CreateChatCompletionRequest",
            "CreateChatCompletionResponse",
            "ChatCompletionStreamEvent",
            "ListModelsResponse",
            "ErrorResponse",
        ),
    ),
    "anthropic": Contract(
        SPECS / "anthropic" / "openapi.yaml",
        Names("CreateMessageParams", "Message", "MessageStreamEvent", "ListResponse_ModelInfo_", "ErrorResponse"),
    ),
    "gemini": Contract(
        SPECS / "gemini" / "openapi.yaml",
        Names(
            "GenerateContentRequest", "GenerateContentResponse", "StreamEvent", "ListModelsResponse", "ErrorResponse"
        ),
    ),
    "openai": Contract(
        SPECS / "openai" / "openapi.yaml",
        Names("CreateResponse", "Response", "ResponseStreamEvent", "ListModelsResponse", "ErrorResponse"),
    ),
    "ollama": Contract(
        SPECS / "ollama" / "openapi.yaml",
        Names("ChatRequest", "ChatResponse", "ChatStreamLine", "ListResponse", "ErrorResponse"),
    ),
}


def refusals(case: Case, contract: Contract) -> list[str]:
    """Return why the schemas of a document, closed, refuse the JSON of a case; [] if they allow all of it."""
    found = (contract.refusal(name, payload, closed=True) for name, payload in payloads(case, contract.names))
    return [refusal for refusal in found if refusal]


def payloads(case: Case, names: Names) -> Iterator[tuple[str, Any]]:
    """Yield each JSON of the vendor in a case with the name of its schema; error pages and unnamed kinds have none."""
    match case.kind:
        case "response":
            yield names.response, case.data["reply"]
        case "stream" | "stream at once":
            for event in case.data["events"]:
                yield names.stream, event
        case "request":
            yield names.request, case.expect["body"]
        case "models":
            yield names.models, case.data["reply"]
        case "error" if names.error and isinstance(case.data["body"], dict):
            yield names.error, case.data["body"]


@cache
def _root(path: Path) -> dict[str, Any]:
    findings = Findings()
    document = load_document(path, findings)
    if document is None:
        raise AssertionError([str(finding) for finding in findings.found])
    return document.root


def _reached(schemas: Mapping[str, Any], name: str) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        found = waiting.pop()
        if found not in reached:
            reached.add(found)
            waiting.extend(_references(schemas[found]))
    return reached


def _references(node: Any) -> Iterator[str]:
    match node:
        case {"$ref": str(reference), **rest}:
            yield reference.removeprefix(_PREFIX)
            yield from _references(rest)
        case dict():
            for value in node.values():
                yield from _references(value)
        case list():
            for value in node:
                yield from _references(value)


def _repaired(schema: Any) -> Any:
    """Return a schema as JSON Schema reads it: `nullable` as a null, overlapping oneOf as anyOf."""
    match schema:
        case list():
            return [_repaired(item) for item in schema]
        case dict():
            kept = {key: value for key, value in schema.items() if key not in _NOT_VALIDATING}
            nullable = kept.pop("nullable", False) is True
            result: dict[str, Any] = {}
            for key, value in kept.items():
                if key in ("$recursiveRef", "$recursiveAnchor"):
                    continue
                if key == "properties":
                    result[key] = {name: _unwrapped(_repaired(inner)) for name, inner in value.items()}
                elif key == "items":
                    result[key] = _unwrapped(_repaired(value))
                elif key in ("enum", "const", "required"):
                    result[key] = json.loads(json.dumps(value))
                else:
                    result["anyOf" if key == "oneOf" else key] = _repaired(value)
            return {"anyOf": [result, {"type": "null"}]} if nullable else result
    return schema


def _unwrapped(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the only part of an allOf that says nothing else: what it names can be closed."""
    if schema.keys() <= {"allOf", "description"} and len(schema.get("allOf", ())) == 1:
        part: dict[str, Any] = schema["allOf"][0]
        return part
    return schema


def _close(schemas: dict[str, Any]) -> None:
    """Refuse unnamed keys wherever a schema names some and says nothing of others.

    What is a part of an allOf stays open; the whole that it is a part of is closed.
    """
    parts = {name for schema in schemas.values() for name in _allof_names(schema)}
    for name, schema in schemas.items():
        _close_one(schema, is_part=name in parts)


def _allof_names(node: Any) -> Iterator[str]:
    for inner in _dicts(node):
        for part in inner.get("allOf", ()) if isinstance(inner.get("allOf"), list) else ():
            yield from ([part["$ref"].removeprefix(_PREFIX)] if "$ref" in part else [])


def _dicts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    if isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from _dicts(value)


def _close_one(schema: Any, *, is_part: bool) -> None:
    if not isinstance(schema, dict):
        return
    parts: Iterable[Any] = schema.get("allOf", ())
    for key, value in schema.items():
        if key == "properties":
            for inner in value.values():
                _close_one(inner, is_part=False)
        elif key == "allOf":
            for inner in parts:
                _close_one(inner, is_part=True)
        elif isinstance(value, list):
            for inner in value:
                _close_one(inner, is_part=is_part and key == "anyOf")
        else:
            _close_one(value, is_part=False)
    names_keys = "properties" in schema or "allOf" in schema
    if names_keys and not is_part and "additionalProperties" not in schema:
        schema["unevaluatedProperties"] = False
