"""The cases hold what the vendors' published documents allow, except where those are wrong or silent."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

import pytest

from tests.published import folder, published
from tests.specs.cases import Case, cases
from tests.specs.schemas import Contract, Names, payloads


@dataclass(frozen=True, slots=True)
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
PEERS = (
    Peer("openai-chat", "openai/openapi.yaml", OPENAI, {"stream-error-*": "no error in a stream"}),
    Peer(
        "openai-chat",
        "openai/openapi.manual_spec-2025-04.yaml",
        OPENAI,
        {"stream-error-*": "no error in a stream"},
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
)
CONTRACTS = {peer.path: Contract(folder() / peer.path, peer.names, peer.loosened) for peer in PEERS}
PAIRS = [(peer, case) for peer in PEERS for case in cases() if case.vendor == peer.vendor]


def refusals(peer: Peer, case: Case) -> list[str]:
    """Return why the document refuses payloads of the case."""
    published(peer.path)
    contract = CONTRACTS[peer.path]
    closed = peer.current or case.kind == "request"
    found = (contract.refusal(name, payload, closed=closed) for name, payload in payloads(case, peer.names))
    return [refusal for refusal in found if refusal]


@pytest.mark.parametrize(("peer", "case"), PAIRS, ids=[f"{peer.path}-{case}" for peer, case in PAIRS])
def test_payloads_fit_the_published_document(peer: Peer, case: Case) -> None:
    reason = next((why for pattern, why in peer.refuses.items() if fnmatchcase(case.name, pattern)), None)

    refused = refusals(peer, case)

    if reason is None:
        assert refused == []
    else:
        assert refused, f"the document has learnt: {reason}"


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.path)
def test_excuses_are_needed(peer: Peer) -> None:
    published(peer.path)
    names = [case.name for case in cases() if case.vendor == peer.vendor]

    assert [pattern for pattern in peer.refuses if not any(fnmatchcase(name, pattern) for name in names)] == []
    assert [key for schema, key in peer.loosened if key not in CONTRACTS[peer.path].schemas[schema]["required"]] == []


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.path)
def test_bodies_that_must_be_refused_are(peer: Peer) -> None:
    published(peer.path)
    contract, name = CONTRACTS[peer.path], peer.names.request
    good = next(
        case.expect["body"]
        for case in cases()
        if (case.vendor, case.name) == (peer.vendor, "request-tools-and-results")
    )
    turns = "contents" if peer.vendor == "gemini" else "messages"
    wrong = {
        "no conversation": {key: value for key, value in good.items() if key != turns},
        "conversation of a wrong type": good | {turns: "Hi"},
        "unknown key": good | {"temprature": 1},
        "turn of a wrong type": good | {turns: [7]},
        "unknown key of a turn": good | {turns: [good[turns][0] | {"rol": "user"}]},
        "tools of a wrong type": good | {"tools": "get_weather"},
        "unknown key of a tool": good | {"tools": [good["tools"][0] | {"functionn": {}}]},
    }
    if "2026-08" in peer.path:
        del wrong["no conversation"]  # it requires nothing

    assert contract.accepts(name, good, closed=True)
    assert [what for what, body in wrong.items() if contract.accepts(name, body, closed=True)] == []
