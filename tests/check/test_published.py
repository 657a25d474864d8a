"""Documents that vendors published: the check finds what is wrong with them, and nothing else."""

from pathlib import Path

import pytest

from providergen.check import Checked, check
from providergen.diagnostics import Findings, Severity
from providergen.document import load_document
from providergen.mapping import load_mapping
from tests.published import ROOT, published

SPECS = {
    "openai-chat": ("openai/openapi.yaml",),
    "anthropic": ("anthropic/openapi.tryagi-2026-05.yaml", "anthropic/openapi.stainless-2025-12.yaml"),
    "gemini": ("google/generativelanguage.openapi3-2025-12.json",),
    "openai": ("openai/openapi.yaml",),
    "ollama": ("ollama/openapi.yaml",),
}

VENDOR = 'vendor: {id: thin, name: Thin, base_url: "https://thin.example", auth: {bearer: THIN_API_KEY}}\n'

# Thin mappings of vendors that speak chat completions: the document, what the mapping says, and the errors.
THIN = {
    "the document is a stub": (
        "deepseek/chat.api-evangelist.yml",
        """
extends: chat-completions
message: {assistant: {reasoning_content: $thinking}}
""",
        {
            "request.stop": "wrong-type",
            "message.user.content": "content-is-text",
            "message.assistant.reasoning_content": "unknown-key",
            "message.assistant.tool_calls": "unknown-key",
            "message.tool.role": "value-not-allowed",
            "message.tool.tool_call_id": "unknown-key",
            "tool_choice.auto": "wrong-type",
            "tool_choice.none": "wrong-type",
            "tool_choice.required": "wrong-type",
            "response_format.json_schema.json_schema": "unknown-key",
        },
    ),
    "a key is missing though the object is closed, and the event's schema is not linked": (
        "groq/openapi.yaml",
        """
extends: chat-completions
chat: POST /openai/v1/chat/completions
request: {reasoning_effort: $reasoning_effort}
stream: {schema: CreateChatCompletionStreamResponse}
models: {operation: GET /openai/v1/models}
""",
        {"request.stream_options": "unknown-key"},
    ),
    "the events stand in an envelope": (
        "mistral/openapi.yaml",
        """
extends: chat-completions
chat: POST /v1/chat/completions
stream: {request: {stream_options: null}}
models: {operation: GET /v1/models}
""",
        {},
    ),
    "an answered call has the type of a sent one": (
        "together/openapi.yaml",
        """
extends: chat-completions
stream: {request: {stream_options: null}}
models: {response: [{id: $id}, ...]}
""",
        {
            "block.tool_call.index": "required-key",
            "tool_choice.tool.id": "required-key",
            "tool_choice.tool.index": "required-key",
            "tool_choice.tool.function.arguments": "required-key",
        },
    ),
    "the model is in the path, and one alternative answers streams": (
        "azure/aoai-inference-2024-10-21.json",
        """
extends: chat-completions
chat:
  operation: "POST /deployments/{deployment-id}/chat/completions"
  path: {deployment-id: $model}
  query: {api-version: "2024-10-21"}
request: {model: null}
models: null
""",
        {"response_format.json_schema.json_schema.type": "required-key", "request.stream_options": "unknown-key"},
    ),
}


def _checked(mapping: Path, document: Path, text: str | None = None) -> tuple[Findings, Checked]:
    findings = Findings()
    found = load_mapping(mapping, findings, text=text)
    loaded = load_document(document, findings)
    assert found is not None, [str(finding) for finding in findings.found]
    assert loaded is not None, [str(finding) for finding in findings.found]
    return findings, check(found, loaded, findings)


@pytest.mark.parametrize(("vendor", "path"), [(vendor, path) for vendor, paths in SPECS.items() for path in paths])
def test_our_mappings_fit_the_published_documents(vendor: str, path: str) -> None:
    findings, facts = _checked(ROOT / "specs" / vendor / "mapping.yaml", published(path))
    assert [str(finding) for finding in findings.found if finding.severity is Severity.ERROR] == []
    assert facts.coverage.ok > 40


@pytest.mark.parametrize("vendor", SPECS)
def test_our_mappings_fit_our_documents(vendor: str) -> None:
    findings, facts = _checked(ROOT / "specs" / vendor / "mapping.yaml", ROOT / "specs" / vendor / "openapi.yaml")
    assert [str(finding) for finding in findings.found if finding.severity is Severity.ERROR] == []
    assert facts.coverage.ok > 40


@pytest.mark.parametrize(("path", "text", "errors"), THIN.values(), ids=THIN)
def test_what_is_wrong_with_a_published_document_is_found(
    tmp_path: Path, path: str, text: str, errors: dict[str, str]
) -> None:
    findings, _ = _checked(tmp_path / "mapping.yaml", published(path), VENDOR + text)
    found = {str(one.place): one.code for one in findings.found if one.severity is Severity.ERROR}
    assert found == errors
