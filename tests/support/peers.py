"""What vendors publish about the APIs of specs/, and where that is wrong or silent."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.published import published
from tests.support.schemas import Contract, Names


@dataclass(frozen=True)
class Peer:
    """A published document: the vendor it speaks of, its schemas, and what it refuses though the vendor does not.

    `loosened` are keys it requires wrongly; `refuses` maps patterns of case names to the reason. What vendors answer
    may hold keys that a document which is not `current` does not name.
    """

    vendor: str
    path: str
    names: Names
    refuses: dict[str, str]
    loosened: frozenset[tuple[str, str]] = frozenset()
    current: bool = True

    def __str__(self) -> str:
        return self.path

    @property
    def document(self) -> Path:
        """Where the document lies; the test is skipped if it is absent."""
        return published(self.path)

    @cached_property
    def contract(self) -> Contract:
        """Its schemas."""
        return Contract(self.document, self.names, self.loosened)


OPENAI = Names(
    "CreateChatCompletionRequest",
    "CreateChatCompletionResponse",
    "CreateChatCompletionStreamResponse",
    "ListModelsResponse",
    "ErrorResponse",
)
ANTHROPIC = Names("CreateMessageParams", "Message", "MessageStreamEvent", "ListResponse_ModelInfo_", "ErrorResponse")
GEMINI = Names(
    "GenerateContentRequest", "GenerateContentResponse", "GenerateContentResponse", "ListModelsResponse", None
)
RESPONSES = Names("CreateResponse", "Response", "ResponseStreamEvent", "ListModelsResponse", "ErrorResponse")
OLLAMA = Names("ChatRequest", "ChatResponse", "ChatStreamEvent", "ListResponse", "ErrorResponse")
PEERS = (
    Peer("openai-chat", "openai/openapi.yaml", OPENAI, {"stream-error-*": "no error in a stream"}),
    Peer(
        "openai-chat",
        "openai/openapi.manual_spec-2025-04.yaml",
        OPENAI,
        {"stream-error-*": "no error in a stream", "request-effort-*": "older than these words"},
        current=False,
    ),
    Peer(
        "anthropic",
        "anthropic/openapi.tryagi-2026-05.yaml",
        ANTHROPIC,
        {
            "context-window-full": "the stop reason is told in prose only",
            "error-request-too-large": "the type is told in prose only",
            "stream-error-*": "the error event is told in prose only",
            "request-thinking-between-tools": "older than thinking between tools",
        },
    ),
    Peer(
        "anthropic",
        "anthropic/openapi.stainless-2025-12.yaml",
        ANTHROPIC,
        {
            "context-window-full": "the stop reason is told in prose only",
            "error-request-too-large": "the type is told in prose only",
            "stream-error-*": "the error event is told in prose only",
            "stream-text": "pings are told in prose only",
            "request-json-schema": "older than output_config",
            "request-thinking-adaptive*": "older than adaptive thinking",
            "request-thinking-always*": "older than output_config",
            "request-thinking-between-tools": "older than thinking between tools",
        },
        current=False,
    ),
    Peer("gemini", "google/gemini.tryagi-2026-08.json", GEMINI, {"stream-error-*": "no error in a stream"}),
    Peer(
        "gemini",
        "google/generativelanguage.openapi3-2025-12.json",
        GEMINI,
        {"stream-error-*": "no error in a stream"},
        frozenset({("GenerateContentRequest", "model"), ("Model", "baseModelId")}),
    ),
    Peer(
        "openai",
        "openai/openapi.yaml",
        RESPONSES,
        {
            "stream-error-rate-limit": "the fields of an error stand beside its type",
            "stream-error-too-many-requests": "the fields of an error stand beside its type",
            "stream-failed-context-length": "a code that it does not list",
        },
    ),
    Peer(
        "ollama",
        "ollama/openapi.yaml",
        OLLAMA,
        {
            "request-tools-and-results": "no tool_name",
            "request-calls-without-content": "no tool_name",
            "request-image-in-result": "no tool_name",
            "request-thinking-history": "neither tool_name nor thoughts of messages",
            "stream-[lt]*": "the last piece's reason and counts stand in whole replies only",
            "stream-error-*": "an error in a stream is told in prose only",
        },
    ),
)

# Those that packages are made from. Left out: gemini's of 2026 has other operations, with the whole path of a model in
# their addresses; openai's of 2025-04 is older than half the words for how hard a model thinks.
USED = tuple(peer for peer in PEERS if not re.search(r"gemini.tryagi-2026-08|manual_spec-2025-04", peer.path))
