"""The cases are well-formed, cover what they must, and hold only what our documents allow."""

import amplifier_core.llm_errors
import pytest
from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatRequest, Message

from tests.support.cases import VENDORS, Case, cases
from tests.support.schemas import OURS, refusals
from tests.support.spoiling import misspelt, mistyped, reworded

KEYS = {
    "response": {"kind", "reply", "expect"},
    "stream": {"kind", "events", "expect"},
    "error": {"kind", "status", "headers", "body", "expect"},
    "request": {"kind", "request", "kwargs", "config", "expect"},
    "models": {"kind", "reply", "expect"},
}
ANSWER = {"blocks", "finish_reason", "usage", "text"}
NEEDED = {
    "answer",
    "content-filter|refusal",
    "length",
    "models",
    "refusal|prompt-blocked",
    "thinking|answer-reasoned-and-cached",
    "tool-call",
    "tool-call-without-arguments",
    "tool-calls-parallel",
    "error-authentication",
    "error-context-length",
    "error-gateway-page",
    "error-model-not-found",
    "error-overloaded",
    "error-permission",
    "error-quota",
    "error-rate-limit",
    "error-server",
    "request-foreign-history",
    "request-image-in-result",
    "request-images",
    "request-json-schema",
    "request-named-tool",
    "request-streamed",
    "request-system-messages-joined",
    "request-text",
    "request-thinking|request-reasoning",
    "request-tools-and-results",
    "stream-content-filter|stream-refusal",
    "stream-error-rate-limit",
    "stream-length",
    "stream-text",
    "stream-thinking|stream-usage-reasoned-and-cached",
    "stream-tool-call",
    "stream-tool-call-without-arguments",
    "stream-tool-calls-parallel",
}

# What a vendor has not.
ABSENT = {"ollama": {"content-filter|refusal", "refusal|prompt-blocked", "stream-content-filter|stream-refusal"}}


@pytest.mark.parametrize("vendor", VENDORS)
def test_cover_what_every_vendor_must_show(vendor: str) -> None:
    names = {case.name for case in cases() if case.vendor == vendor}
    needed = NEEDED - ABSENT.get(vendor, set())

    assert [need for need in sorted(needed) if not names & set(need.split("|"))] == []


@pytest.mark.parametrize("case", cases(), ids=str)
def test_is_well_formed(case: Case) -> None:
    assert case.data.keys() == KEYS[case.kind]
    if "error" in case.expect:
        assert case.expect.keys() <= {"error", "retryable", "retry_after"}
        kind = getattr(amplifier_core.llm_errors, case.expect["error"])
        assert issubclass(kind, LLMError)
    elif case.kind in ("response", "stream"):
        assert case.expect.keys() == ANSWER
    else:
        assert case.expect.keys() == {{"request": "body"}.get(case.kind, case.kind)}


@pytest.mark.parametrize("case", cases("response", "stream"), ids=str)
def test_expects_what_amplifier_can_hold(case: Case) -> None:
    if "error" in case.expect:
        return
    blocks, usage = case.expect["blocks"], case.expect["usage"]
    complete = [{"id": "made-up"} | block if block["type"] == "tool_call" else block for block in blocks]
    message = Message(role="assistant", content=complete)
    texts = "".join(block["text"] for block in blocks if block["type"] == "text")

    assert isinstance(message.content, list)
    assert case.expect["finish_reason"] in {"stop", "tool_calls", "length", "content_filter"}
    assert (case.expect["finish_reason"] == "tool_calls") == any(block["type"] == "tool_call" for block in blocks)
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert usage.get("reasoning_tokens", 0) <= usage["output_tokens"]
    assert usage.get("cache_read_tokens", 0) <= usage["input_tokens"]
    assert case.expect["text"] == (texts or None)


@pytest.mark.parametrize("case", cases("request"), ids=str)
def test_requests_are_the_kernels(case: Case) -> None:
    request = ChatRequest.model_validate(case.data["request"])

    assert not set(case.data["request"]) - set(ChatRequest.model_fields)
    assert request.model_dump(exclude_unset=True)["messages"]


@pytest.mark.parametrize("case", cases(), ids=str)
def test_payloads_fit_our_document_and_its_keys(case: Case) -> None:
    assert refusals(case, OURS[case.vendor]) == []


@pytest.mark.parametrize("case", cases("error"), ids=str)
def test_a_body_that_is_no_json_is_a_page(case: Case) -> None:
    body, html = case.data["body"], case.data["headers"]["content-type"] == "text/html"

    assert html == isinstance(body, str)
    assert not html or body.lstrip().lower().startswith(("<!doctype html", "<html"))


@pytest.mark.parametrize("case", cases("request"), ids=str)
def test_every_misspelt_key_and_wrong_value_of_a_body_is_refused(case: Case) -> None:
    contract, body = OURS[case.vendor], case.expect["body"]
    spoilt = [*misspelt(body), *mistyped(body)]

    assert [wrong for wrong, at in spoilt if contract.accepts(contract.names.request, at, closed=True)] == []
    assert len(spoilt) > 4


@pytest.mark.parametrize("vendor", VENDORS)
def test_misspelt_constants_of_bodies_are_refused(vendor: str) -> None:
    contract = OURS[vendor]
    spoilt = [
        (case.name, where)
        for case in cases("request")
        if case.vendor == vendor
        for where, body in reworded(case.expect["body"])
        if contract.accepts(contract.names.request, body, closed=True)
    ]

    assert spoilt == []
