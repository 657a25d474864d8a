"""Our own documents are valid, say what the vendors say, and say it in our words."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from providergen.diagnostics import Findings
from providergen.document import Document, Schema, load_document
from tests.published import published
from tests.support.cases import VENDORS
from tests.support.schemas import OURS

PUBLISHED = {
    "openai-chat": ("openai/openapi.yaml", "openai/openapi.manual_spec-2025-04.yaml"),
    "anthropic": ("anthropic/openapi.tryagi-2026-05.yaml", "anthropic/openapi.stainless-2025-12.yaml"),
    "gemini": ("google/gemini.tryagi-2026-08.json", "google/generativelanguage.openapi3-2025-12.json"),
    "openai": ("openai/openapi.yaml",),
    "ollama": ("ollama/openapi.yaml",),
}
OPERATIONS = {
    "openai-chat": {"POST /chat/completions", "GET /models"},
    "anthropic": {"POST /v1/messages", "GET /v1/models"},
    "gemini": {
        "POST /v1beta/models/{model}:generateContent",
        "POST /v1beta/models/{model}:streamGenerateContent",
        "GET /v1beta/models",
    },
    "openai": {"POST /responses", "GET /models"},
    "ollama": {"POST /api/chat", "GET /api/tags"},
}
# What the published documents lack, or have without a name.
OWN_SCHEMAS = {
    "openai-chat": {"TextOrTextParts", "ChoiceLogprobs", "ChatCompletionStreamEvent"},
    "anthropic": {"CacheControl", "Caller", "ResponseCitation", "ErrorObject", "ThinkingConfigBetweenTools"},
    "gemini": {"StreamEvent", "ErrorResponse", "StatusDetail"},
    "openai": {"ResponseNestedErrorEvent"},
    "ollama": {"ChatStreamLine"},
}
OWN_KEYS = {
    ("gemini", "Status", "status"),
    ("ollama", "ChatMessage", "thinking"),
    ("ollama", "ChatMessage", "tool_name"),
    *(("ollama", "ChatStreamEvent", key) for key in ("done_reason", "prompt_eval_count", "eval_count")),
    *(("ollama", "ChatStreamEvent", f"{part}_duration") for part in ("total", "load", "prompt_eval", "eval")),
}
OWN_VALUES = {
    ("anthropic", "StopReason", "model_context_window_exceeded"),
    ("openai", "ResponseErrorCode", "context_length_exceeded"),
    ("gemini", "HarmCategory", "HARM_CATEGORY_JAILBREAK"),  # the newer document has these words without a name
}
SHARED_WORDS = 7


@cache
def document(path: str) -> Document:
    found = load_document(path, Findings())
    assert found is not None
    return found


def ours(vendor: str) -> Document:
    return document(str(OURS[vendor].path))


def theirs(vendor: str) -> tuple[Document, ...]:
    return tuple(document(str(published(path))) for path in PUBLISHED[vendor])


@pytest.mark.parametrize("vendor", VENDORS)
def test_is_valid_openapi(vendor: str) -> None:
    root = ours(vendor).root

    assert root["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(root).iter_errors()] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_describes_the_mapped_operations_whole(vendor: str) -> None:
    found, names = ours(vendor), OURS[vendor].names

    assert {f"{operation.method} {operation.path}" for operation in found.operations()} == OPERATIONS[vendor]
    assert found.root["servers"]
    assert found.root["security"]
    for operation in found.operations():
        errors = {status: types for status, types in operation.responses.items() if status != "200"}
        assert {"4XX", "5XX"} <= errors.keys()
        assert {types["application/json"].name for types in errors.values()} == {names.error}
        if operation.method == "POST":
            assert operation.request_required
            assert operation.request is not None
            assert operation.request.name == names.request
    whole = {schema.name for operation in found.operations() if (schema := operation.response())}
    assert {names.response, names.models} <= whole


@pytest.mark.parametrize("vendor", VENDORS)
def test_links_the_events_of_a_stream(vendor: str) -> None:
    streams = [found.response(stream=True) for found in ours(vendor).operations()]

    assert [schema.name for schema in streams if schema and schema.name == OURS[vendor].names.stream]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_schema_is_used(vendor: str) -> None:
    schemas = OURS[vendor].schemas
    text = str(ours(vendor).root)

    assert [name for name in schemas if f"'#/components/schemas/{name}'" not in text] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_names_are_the_vendors(vendor: str) -> None:
    known = [found.root["components"]["schemas"] for found in theirs(vendor)]
    invented = {name for name in OURS[vendor].schemas if not any(name in schemas for schemas in known)}

    assert invented == OWN_SCHEMAS[vendor]


@pytest.mark.parametrize("vendor", VENDORS)
def test_keys_and_values_are_the_vendors(vendor: str) -> None:
    invented_keys: set[tuple[str, str, str]] = set()
    invented_values: set[tuple[str, str, str]] = set()
    for name in OURS[vendor].schemas.keys() - OWN_SCHEMAS[vendor]:
        mine = _component(ours(vendor), name)
        peers = [schema for found in theirs(vendor) for schema in _component(found, name)]
        invented_values |= {(vendor, name, value) for value in _values(mine) - _values(peers)}
        for schema in mine:
            if schema.name not in (name, None):
                continue  # a variant of a union, which is compared under its own name
            for key, value in schema.properties.items():
                known = [peer.properties[key] for peer in peers if key in peer.properties]
                if not known:
                    invented_keys.add((vendor, name, key))
                elif value.name is None and (words := _values(known)):
                    invented_values |= {(vendor, f"{name}.{key}", word) for word in _values([value]) - words}

    assert invented_keys == {entry for entry in OWN_KEYS if entry[0] == vendor}
    assert invented_values == {entry for entry in OWN_VALUES if entry[0] == vendor}


def _component(found: Document, name: str) -> tuple[Schema, ...]:
    schema = found.component(name)
    return schema.alternatives if schema else ()


def _values(schemas: Iterable[Schema]) -> set[str]:
    return {
        value
        for schema in schemas
        for alternative in schema.alternatives
        for value in alternative.enum or ()
        if isinstance(value, str)
    }


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_wording_is_taken_from_the_vendor(vendor: str) -> None:
    taken = {shingle for found in theirs(vendor) for text in _texts(found.root) for shingle in _shingles(text)}
    mine = {shingle for text in _texts(ours(vendor).root) for shingle in _shingles(text)}

    assert mine & taken == set()


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("description", "summary", "title") and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9_']+", text.lower())
    return (tuple(words[at : at + SHARED_WORDS]) for at in range(len(words) - SHARED_WORDS + 1))
