"""Replies of servers that speak a vendor's language with an accent, and what the packages make of them."""

import copy
import json
from typing import Any

import amplifier_core.llm_errors as kernel
import pytest
from amplifier_core.message_models import ChatResponse

from tests.conftest import Generated
from tests.faults.packages import asking, module_of, provider_of
from tests.support.cases import SPECS
from tests.support.replay import Exchange, Replay, ndjson, reply, sse

pytestmark = pytest.mark.asyncio


def recorded(vendor: str, case: str = "stream-text") -> list[Any]:
    """Return the events of a case."""
    events: list[Any] = json.loads((SPECS / vendor / "cases" / f"{case}.json").read_text("utf-8"))["events"]
    return events


async def asked(generated: Generated, vendor: str, answer: Exchange, **metadata: Any) -> ChatResponse:
    """Return what the package of a vendor makes of an answer, without trying again."""
    generated(vendor)
    async with Replay(answer) as server:
        provider = provider_of(module_of(vendor), server.url)
        try:
            response: ChatResponse = await provider.complete(asking(**metadata))
        finally:
            await provider.close()
    return response


ERRORS: list[tuple[str, Any, type[kernel.LLMError], int | None]] = [
    ("openai-chat", {"error": "upstream crashed"}, kernel.LLMError, None),
    ("openai-chat", {"error": "maximum context length is 8192 tokens"}, kernel.ContextLengthError, 400),
    ("openai-chat", {"object": "error", "message": "crashed", "code": 50001}, kernel.LLMError, None),
    ("openai-chat", {"object": "error", "message": "too long", "code": 503}, kernel.ProviderUnavailableError, 503),
    ("openai", {"type": "error", "error": "The server is overloaded"}, kernel.ProviderUnavailableError, 529),
    ("anthropic", {"type": "error", "error": "too many requests"}, kernel.RateLimitError, 429),
    ("gemini", {"error": {"code": 429, "message": "Slow down."}}, kernel.RateLimitError, 429),
    ("gemini", {"error": {"code": 503, "message": "No."}}, kernel.ProviderUnavailableError, 503),
    ("gemini", {"error": "maximum context length exceeded"}, kernel.ContextLengthError, 400),
    ("ollama", {"error": "You exceeded your current quota"}, kernel.QuotaExceededError, 429),
    ("ollama", {"error": "rate limit reached, try again in 1m"}, kernel.RateLimitError, 429),
]


@pytest.mark.parametrize(("vendor", "event", "kind", "status"), ERRORS)
async def test_an_error_within_a_stream_is_one_whatever_its_shape(
    generated: Generated, vendor: str, event: Any, kind: type[kernel.LLMError], status: int | None
) -> None:
    events = [*recorded(vendor)[:-1][:3], event]
    stream = ndjson(events) if vendor == "ollama" else sse(events, done="[DONE]" if vendor == "openai-chat" else None)
    with pytest.raises(kernel.LLMError) as caught:
        await asked(generated, vendor, stream)
    assert (type(caught.value), caught.value.status_code) == (kind, status)


async def test_an_answer_without_a_word_for_its_end_is_whole_with_the_end_mark_alone(generated: Generated) -> None:
    events = [event for event in recorded("openai-chat") if (event["choices"] or [{}])[0].get("finish_reason") is None]
    response = await asked(generated, "openai-chat", sse(events, done="[DONE]"))
    assert (response.text, response.finish_reason) == ("Paris is the capital.", None)  # type: ignore[attr-defined]
    with pytest.raises(kernel.StreamError):
        await asked(generated, "openai-chat", sse(events))


@pytest.mark.parametrize("streaming", [True, False])
async def test_of_several_choices_the_first_is_the_answer(generated: Generated, streaming: bool) -> None:
    first = recorded("openai-chat")
    second = copy.deepcopy(first)
    for event in second:
        for choice in event["choices"]:
            choice["index"] = 1
            if choice["delta"].get("content"):
                choice["delta"]["content"] = "Not that."
    mixed = sse([event for pair in zip(second, first, strict=True) for event in pair], done="[DONE]")
    choices = [
        {"index": index, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        for index, text in ((1, "Not that."), (0, "Paris is the capital."))
    ]
    whole = reply({"choices": choices})
    response = await asked(generated, "openai-chat", mixed if streaming else whole, stream=streaming)
    assert (response.text, response.finish_reason) == ("Paris is the capital.", "stop")  # type: ignore[attr-defined]


async def test_an_answer_that_the_limit_cuts_within_a_call_keeps_all_else(
    generated: Generated, caplog: pytest.LogCaptureFixture
) -> None:
    call = {"index": 0, "id": "a", "type": "function", "function": {"name": "look", "arguments": '{"x": "ab'}}
    events = [
        {"choices": [{"index": 0, "delta": {"content": "I look."}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]},
        {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 256, "total_tokens": 265}},
    ]
    response = await asked(generated, "openai-chat", sse(events, done="[DONE]"))
    assert (response.text, response.finish_reason) == ("I look.", "length")  # type: ignore[attr-defined]
    assert response.tool_calls is None
    assert response.usage is not None
    assert (response.usage.total_tokens, response.usage.cost_usd is None) == (265, False)
    assert "look" in caplog.text


@pytest.mark.parametrize("streaming", [True, False])
async def test_an_end_without_a_reason_is_one(generated: Generated, streaming: bool) -> None:
    begun = {"model": "m", "message": {"role": "assistant", "content": "Hi."}, "done": False}
    ended = {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True}
    answer = ndjson([begun, ended]) if streaming else reply({**begun, "done": True})
    response = await asked(generated, "ollama", answer, stream=streaming)
    assert (response.text, response.finish_reason) == ("Hi.", "stop")  # type: ignore[attr-defined]
    assert response.metadata == {"ollama:finish_reason": "done"}
    with pytest.raises(kernel.StreamError):
        await asked(generated, "ollama", ndjson([begun]))
