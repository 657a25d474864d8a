"""What is told of one call, payload by payload."""

import logging
import time
from types import SimpleNamespace
from typing import Any

import pytest
from amplifier_core.llm_errors import LLMError, RateLimitError
from amplifier_core.message_models import ChatResponse, TextBlock, Usage

from amplifier_module_provider_openai.answer import BlockDelta, BlockEnd, BlockStart
from amplifier_module_provider_openai.events import CallEvents
from amplifier_module_provider_openai.redaction import Redactor
from amplifier_module_provider_openai.repair import MissingResult, Repairs
from tests.listener import Listener

pytestmark = pytest.mark.asyncio
SECRET = "kept-to-ourselves"
ANSWER = ChatResponse(content=[TextBlock(text="Hi.")])
ERROR = RateLimitError("slow down", provider="acme", retry_after=3.0)


def telling(listener: Any, *, raw: bool = False) -> CallEvents:
    return CallEvents(SimpleNamespace(hooks=listener), "acme", "m", Redactor((SECRET,)), raw=raw)


def outcome(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the payload of a response without the time that it took."""
    assert payload["duration_ms"] == round(payload["duration"] * 1000)
    assert 0 <= payload["duration"] < 60
    return {name: value for name, value in payload.items() if name not in ("duration", "duration_ms")}


async def test_a_request_is_told_with_its_facts_and_its_body_only_if_wanted(listener: Listener) -> None:
    for raw in (False, True):
        await telling(listener, raw=raw).requested({"text": f"Hi. {SECRET}"}, message_count=2)
    (name, quiet), (_, loud) = listener.events
    assert name == "llm:request"
    assert quiet.keys() == {"provider", "model", "request_id", "message_count"}
    assert (quiet["provider"], quiet["model"], quiet["message_count"]) == ("acme", "m", 2)
    assert "Hi." in str(loud["raw"])
    assert SECRET not in str(loud)
    assert loud["request_id"] != quiet["request_id"]


async def test_an_answer_is_told_with_what_it_used(listener: Listener) -> None:
    usage = Usage(input_tokens=3, output_tokens=2, total_tokens=5, cache_read_tokens=0, reasoning_tokens=1)
    for response in (ANSWER, ANSWER.model_copy(update={"usage": usage, "finish_reason": "stop"})):
        events = telling(listener)
        await events.requested({})
        await events.answered(response)
    (request, bare), (_, full) = zip(listener.payloads("llm:request"), listener.payloads("llm:response"), strict=True)
    assert outcome(bare) == {**request, "status": "ok"}
    del full["request_id"]
    counts = {"input_tokens": 3, "output_tokens": 2, "reasoning_tokens": 1, "cache_read_tokens": 0, "cost_usd": None}
    told = {"provider": "acme", "model": "m", "status": "ok", "usage": counts, "finish_reason": "stop"}
    assert outcome(full) == told


async def test_how_long_it_took_is_told_in_seconds_and_in_thousandths(listener: Listener) -> None:
    events = telling(listener)
    await events.requested({})
    begun = time.monotonic()
    while time.monotonic() - begun < 0.03:
        pass
    await events.answered(ANSWER)
    (told,) = listener.payloads("llm:response")
    assert 0.03 <= told["duration"] < 60
    assert told["duration_ms"] == round(told["duration"] * 1000)


async def test_an_answer_itself_is_told_only_if_wanted(listener: Listener) -> None:
    for raw in (False, True):
        events = telling(listener, raw=raw)
        await events.requested(None)
        await events.answered(ANSWER)
    assert [payload.get("raw") is not None for _, payload in listener.events] == [False, False, False, True]
    assert "Hi." in str(listener.events[-1][1]["raw"])


async def test_there_is_one_response_for_one_request(listener: Listener) -> None:
    events = telling(listener)
    await events.cancelled()
    assert listener.events == []
    await events.requested({})
    await events.failed(ERROR)
    await events.cancelled()
    assert listener.names == ["llm:request", "llm:response"]


async def test_a_failure_is_told_and_logged_without_secrets(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    events = telling(listener)
    await events.requested({})
    await events.failed(LLMError(f"no such thing as {SECRET}", provider="acme"))
    told = outcome(listener.payloads("llm:response")[0])
    assert (told["status"], told["error_type"]) == ("error", "LLMError")
    assert told["error"].startswith("no such thing as ")
    (record,) = caplog.records
    assert (record.levelno, record.message) == (logging.ERROR, f"[PROVIDER] acme API error: {told['error']}")
    assert SECRET not in record.message


async def test_a_retry_is_told_with_its_reason(listener: Listener) -> None:
    events = telling(listener)
    await events.requested({})
    await events.retrying(4, 2, 1.5, ERROR)
    (request,) = listener.payloads("llm:request")
    assert listener.payloads("provider:retry") == [
        {
            **request,
            "attempt": 2,
            "max_retries": 4,
            "delay": 1.5,
            "retry_after": 3.0,
            "error_type": "RateLimitError",
            "error_message": "slow down",
        }
    ]


async def test_a_repair_is_told_with_its_calls(listener: Listener) -> None:
    missing = MissingResult("c1", "look"), MissingResult("c2", "find")
    for repairs in (Repairs(), Repairs(orphans=("x",)), Repairs(missing[:1]), Repairs(missing, bridges=2)):
        await telling(listener).repaired(repairs)
    first = {"tool_call_id": "c1", "tool_name": "look"}
    second = {"tool_call_id": "c2", "tool_name": "find"}
    assert listener.events == [
        ("provider:tool_sequence_repaired", {"provider": "acme", "repair_count": 1, "repairs": [first]}),
        (
            "provider:tool_sequence_repaired",
            {"provider": "acme", "repair_count": 2, "repairs": [first, second], "synthetic_assistant_count": 2},
        ),
    ]


async def test_a_listener_that_fails_is_logged_and_harms_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        async def emit(self, name: str, payload: dict[str, Any]) -> None:
            raise RuntimeError(f"{name}: {SECRET}")

    with caplog.at_level(logging.DEBUG):
        await telling(Broken()).requested({})
    assert "llm:request" in caplog.text
    assert SECRET not in caplog.text


async def test_a_stream_is_told_block_by_block(listener: Listener) -> None:
    events = telling(listener)
    await events.streamed([BlockStart(0, "text"), BlockDelta(0, "text", 0, "Hi."), BlockEnd(0, "text")])
    await events.streamed([BlockStart(1, "tool_use", "look")])
    id_ = listener.events[0][1]["request_id"]
    text = {"request_id": id_, "block_index": 0, "block_type": "text"}
    call = {"request_id": id_, "block_index": 1, "block_type": "tool_use", "name": "look"}
    assert listener.events == [
        ("llm:stream_block_start", text),
        ("llm:stream_block_delta", {**text, "sequence": 0, "text": "Hi."}),
        ("llm:stream_block_end", text),
        ("llm:stream_block_start", call),
    ]


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        ("retried", {"type": "RateLimitError", "msg": "slow down"}),
        ("failed", {"type": "RateLimitError", "msg": "slow down"}),
        ("cancelled", {"type": "Cancelled", "msg": "the call was cancelled"}),
    ],
)
async def test_what_was_shown_of_an_answer_is_taken_back_once(
    outcome: str, error: dict[str, str], listener: Listener
) -> None:
    events = telling(listener)
    await events.requested({})
    await events.streamed([BlockStart(0, "text"), BlockDelta(0, "text", 0, "Hi.")])
    for _ in range(2):
        match outcome:
            case "retried":
                await events.retrying(4, 2, 1.5, ERROR)
            case "failed":
                await events.failed(ERROR)
            case _:
                await events.cancelled()
    (request,) = listener.payloads("llm:request")
    aborted = {"request_id": request["request_id"], "error": error}
    assert listener.payloads("llm:stream_aborted") == [aborted]
    assert listener.names[3] == "llm:stream_aborted"


async def test_an_answer_of_which_nothing_was_shown_is_not_taken_back(listener: Listener) -> None:
    events = telling(listener)
    await events.requested({})
    await events.streamed([BlockStart(0, "text"), BlockEnd(0, "text")])
    await events.retrying(4, 2, 1.5, ERROR)
    await events.failed(ERROR)
    assert "llm:stream_aborted" not in listener.names
