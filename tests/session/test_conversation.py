"""Generated providers in real sessions: both orchestrators, streaming and not, against a server nobody here wrote."""

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from amplifier_core import ChatRequest
from amplifier_core.message_models import Message

from tests.conftest import Generated
from tests.session.conftest import Aimock
from tests.session.vendors import NOT_BY_AIMOCK, THINKING, VENDORS, Vendor
from tests.support.installation import installed
from tests.support.sessions import ORCHESTRATORS, STAND_INS, Conversation, Recorder, conversation

pytestmark = pytest.mark.asyncio

by_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=str)
by_orchestrator = pytest.mark.parametrize("orchestrator", ORCHESTRATORS)
by_mode = pytest.mark.parametrize("streaming", [True, False], ids=["streaming", "whole"])


def by_vendor_with(what: str, vendors: tuple[Vendor, ...] = VENDORS) -> pytest.MarkDecorator:
    """Parametrize a test with vendors; it is skipped for those of whom aimock answers this otherwise than they do."""
    reasons = [NOT_BY_AIMOCK.get((vendor.id, what)) for vendor in vendors]
    marks = [[pytest.mark.skip(reason)] if reason else [] for reason in reasons]
    params = [pytest.param(vendor, marks=mark) for vendor, mark in zip(vendors, marks, strict=True)]
    return pytest.mark.parametrize("vendor", params, ids=str)


@pytest.fixture(scope="module", autouse=True)
def stand_ins() -> Iterator[None]:
    with installed(STAND_INS):
        yield


@pytest.fixture(autouse=True)
def provider(vendor: Vendor, generated: Generated, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's package is installed, and the environment has no key for it."""
    generated(vendor.id)
    monkeypatch.delenv(vendor.key_variable, raising=False)


def blocks_shown(recorder: Recorder) -> list[list[dict[str, Any]]]:
    """Return the blocks of each reply as the orchestrator showed them."""
    replies: list[list[dict[str, Any]]] = []
    for event in recorder.of("content_block:end"):
        if event["block_index"] == 0:
            replies.append([])
        replies[-1].append(event["block"])
    return replies


def blocks_streamed(recorder: Recorder) -> list[list[tuple[str, str]]]:
    """Return the type and text of each streamed block by reply, after checking their events one by one."""
    replies: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for name, event in recorder.events:
        if not name.startswith("llm:stream_block"):
            continue
        blocks, index = replies[event["request_id"]], event["block_index"]
        if name == "llm:stream_block_start":
            assert index == len(blocks)
            blocks[index] = {"type": event["block_type"], "name": event.get("name"), "texts": [], "open": True}
            continue
        block = blocks[index]
        assert (event["block_type"], block["open"]) == (block["type"], True)
        if name == "llm:stream_block_delta":
            assert event["block_type"] != "tool_use"
            assert event["sequence"] == len(block["texts"])
            assert event["text"]
            block["texts"].append(event["text"])
        else:
            block["open"] = False
    assert not [block for blocks in replies.values() for block in blocks.values() if block["open"]]
    return [
        [(block["type"], block["name"] or "".join(block["texts"])) for block in blocks.values()]
        for blocks in replies.values()
    ]


def told(blocks: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return shown blocks in the terms of streamed ones."""
    return [
        ("tool_use", block["name"]) if block["type"] == "tool_call" else (block["type"], block["text"])
        for block in blocks
    ]


def assert_accounted(talk: Conversation, vendor: Vendor, calls: int, *, streaming: bool) -> None:
    """Check that each call has one request and one response, with the keys of the contract."""
    requests, responses = talk.recorder.of("llm:request"), talk.recorder.of("llm:response")
    assert [event["status"] for event in responses] == ["ok"] * calls
    assert [event["request_id"] for event in requests] == [event["request_id"] for event in responses]
    assert len({event["request_id"] for event in requests}) == calls
    assert talk.recorder.names("llm:request", "llm:response") == ["llm:request", "llm:response"] * calls
    for event in [*requests, *responses]:
        assert event["provider"] == vendor.id
        assert event["model"]
        assert "raw" not in event
        assert "error" not in event
    for event in responses:
        assert isinstance(event["duration_ms"], int)
        assert {"input_tokens", "output_tokens", "cost_usd"} <= event["usage"].keys()
    assert bool(talk.recorder.names("llm:stream_block")) == streaming
    assert not talk.recorder.of("llm:stream_aborted", "provider:error", "provider:tool_sequence_repaired")


@by_mode
@by_orchestrator
@by_vendor
async def test_a_turn_with_a_tool_call_and_its_result(
    vendor: Vendor, orchestrator: str, streaming: bool, aimock: Aimock
) -> None:
    entry = vendor.entry(aimock, use_streaming=str(streaming).lower())
    async with conversation(orchestrator, [entry]) as talk:
        assert list(talk.providers) == [vendor.id]
        answer = await talk.say("What is the weather in Oslo?")
        user, call, result, final = await talk.messages()

    assert answer == "It is sunny in Oslo, as the tool says."
    assert [message["role"] for message in (user, call, result, final)] == ["user", "assistant", "tool", "assistant"]
    assert [block["type"] for block in call["content"]] == [*["thinking"] * vendor.sealed, "text", "tool_call"]
    (stored,) = call["tool_calls"]
    assert (stored["tool"], stored["arguments"]) == ("get_weather", {"city": "Oslo"})
    assert stored["id"] == call["content"][-1]["id"] == result["tool_call_id"]
    json.dumps([user, call, result, final])

    assert_accounted(talk, vendor, 2, streaming=streaming)
    usage = talk.recorder.of("llm:response")[0]["usage"]
    counts = (0, 0) if (vendor.id, "counts") in NOT_BY_AIMOCK else (21, 9)
    assert (usage["input_tokens"], usage["output_tokens"]) == counts
    shown = [told(blocks) for blocks in blocks_shown(talk.recorder)]
    opening = [("thinking", "")] * vendor.sealed
    assert shown == [
        [*opening, ("text", "Let me look at the sky over Oslo."), ("tool_use", "get_weather")],
        [*opening, ("text", "It is sunny in Oslo, as the tool says.")],
    ]
    assert blocks_streamed(talk.recorder) == (shown if streaming else [])
    assert aimock.key not in json.dumps(talk.recorder.events)


@by_mode
@by_orchestrator
@by_vendor
async def test_a_tool_without_arguments(vendor: Vendor, orchestrator: str, streaming: bool, aimock: Aimock) -> None:
    async with conversation(orchestrator, [vendor.entry(aimock, use_streaming=streaming)]) as talk:
        assert await talk.say("What time is it?") == "It is noon."
    assert_accounted(talk, vendor, 2, streaming=streaming)


@by_mode
@by_orchestrator
@by_vendor
async def test_two_calls_at_once_keep_their_results_apart(
    vendor: Vendor, orchestrator: str, streaming: bool, aimock: Aimock
) -> None:
    async with conversation(orchestrator, [vendor.entry(aimock, use_streaming=streaming)]) as talk:
        assert await talk.say("Compare both cities.") == "Sunny in both."
        _user, call, first, second, _final = await talk.messages()
    ids = [stored["id"] for stored in call["tool_calls"]]
    assert len(set(ids)) == 2
    assert [first["tool_call_id"], second["tool_call_id"]] == ids
    assert ("Oslo" in first["content"], "Rome" in second["content"]) == (True, True)


@by_mode
@by_orchestrator
@by_vendor_with("thinking", THINKING)
async def test_thinking_is_shown_stored_and_sent_back(
    vendor: Vendor, orchestrator: str, streaming: bool, aimock: Aimock
) -> None:
    async with conversation(orchestrator, [vendor.entry(aimock, use_streaming=streaming)]) as talk:
        assert await talk.say("Please ponder this.") == "Forty-two."
        assert await talk.say("Well, hello.") == "Hello from a server that nobody here wrote."
        thinking, text = (await talk.messages())[1]["content"]
    assert thinking["thinking"] == "What could the answer be, all things considered?"
    assert text["text"] == "Forty-two."
    shown = [told(blocks) for blocks in blocks_shown(talk.recorder)]
    assert shown[0] == [("thinking", thinking["thinking"]), ("text", "Forty-two.")]
    assert blocks_streamed(talk.recorder) == (shown if streaming else [])


@by_orchestrator
@by_vendor
async def test_a_second_turn_sends_the_whole_history(vendor: Vendor, orchestrator: str, aimock: Aimock) -> None:
    async with conversation(orchestrator, [vendor.entry(aimock)]) as talk:
        await talk.say("What is the weather in Oslo?")
        assert await talk.say("Well, hello.") == "Hello from a server that nobody here wrote."
    assert talk.recorder.of("llm:request")[-1]["message_count"] == 5
    understood = aimock.requests()[-1]["body"]["messages"]
    assert [role for role, _ in groupby(message["role"] for message in understood)] == [
        *("user", "assistant", "tool", "assistant", "user")
    ]


@by_mode
@by_orchestrator
@by_vendor
async def test_a_rate_limit_ends_the_turn_with_its_class(
    vendor: Vendor, orchestrator: str, streaming: bool, aimock: Aimock
) -> None:
    async with conversation(orchestrator, [vendor.entry(aimock, use_streaming=streaming)]) as talk:
        with pytest.raises(RuntimeError, match=r"RateLimitError.*Slow down, please"):
            await talk.say("Is there a limit?")
    (response,) = talk.recorder.of("llm:response")
    assert (response["status"], "Slow down" in response["error"]) == ("error", True)
    (error,) = talk.recorder.of("provider:error")
    assert (error["error"]["type"], error["retryable"], error["status_code"]) == ("RateLimitError", True, 429)
    assert not talk.recorder.names("llm:stream_", "provider:retry")


@by_vendor
async def test_a_wait_longer_than_allowed_is_not_waited(vendor: Vendor, aimock: Aimock) -> None:
    entry = vendor.entry(aimock, max_retries=3, max_retry_delay="2")  # the server asks for 7 seconds
    async with conversation("loop-basic", [entry]) as talk:
        with pytest.raises(RuntimeError, match="RateLimitError"):
            await talk.say("Is there a limit?")
    assert not talk.recorder.of("provider:retry")
    assert talk.recorder.of("provider:error")[0]["retryable"] is False


@by_mode
@by_vendor_with("length")
async def test_a_truncated_answer_says_so(vendor: Vendor, streaming: bool, aimock: Aimock) -> None:
    async with conversation("loop-basic", [vendor.entry(aimock, use_streaming=streaming)]) as talk:
        request = ChatRequest(messages=[Message(role="user", content="A long story, please.")])
        response = await talk.providers[vendor.id].complete(request)
    assert (response.text, response.finish_reason, response.tool_calls) == ("Once upon a", "length", None)
    assert json.loads(response.model_dump_json())["finish_reason"] == "length"


@by_vendor
async def test_a_wrong_key_is_an_authentication_error(vendor: Vendor, aimock: Aimock) -> None:
    async with conversation("loop-basic", [vendor.entry(aimock, api_key="sk-wrong-0123456789abcdef")]) as talk:
        with pytest.raises(RuntimeError, match="AuthenticationError"):
            await talk.say("hello")
    assert "sk-wrong" not in json.dumps(talk.recorder.events)


@by_vendor
async def test_payloads_are_shown_on_demand_without_the_key(vendor: Vendor, aimock: Aimock) -> None:
    async with conversation("loop-basic", [vendor.entry(aimock, raw=True, use_streaming=False)]) as talk:
        await talk.say("hello")
    (request,), (response,) = talk.recorder.of("llm:request"), talk.recorder.of("llm:response")
    assert "hello" in json.dumps(request["raw"])
    assert "nobody here wrote" in json.dumps(response["raw"])
    assert aimock.key not in json.dumps(talk.recorder.events)


@by_vendor
async def test_two_instances_live_side_by_side(vendor: Vendor, aimock: Aimock) -> None:
    entries = [
        vendor.entry(aimock, api_key="sk-wrong-0123456789abcdef", priority="7"),
        vendor.entry(aimock, instance="spare", priority="5"),
    ]
    async with conversation("loop-streaming", entries) as talk:
        assert sorted(talk.providers) == sorted([vendor.id, "spare"])
        assert await talk.say("hello") == "Hello from a server that nobody here wrote."
        assert [provider.priority for provider in talk.providers.values()].count(5) == 1


@by_vendor
async def test_without_a_key_only_what_needs_none_is_mounted(vendor: Vendor, aimock: Aimock) -> None:
    async with conversation("loop-basic", [vendor.entry(aimock, api_key="")]) as talk:
        assert list(talk.providers) == [vendor.id] * vendor.keyless
