"""What loops and their helpers ask for by request, metadata and keywords, seen from the vendor; and giving up."""

import asyncio
from typing import Any

import pytest
from amplifier_core import ChatRequest, HookResult
from amplifier_core.message_models import Message

from tests.session.vendors import VENDORS, Vendor
from tests.session.wire import conversation_of, model_of, streams, thinks
from tests.support.replay import Replay
from tests.support.sessions import ORCHESTRATORS, conversation

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.usefixtures("packages", "without_keys"),
    pytest.mark.parametrize("vendor", VENDORS, ids=str),
]

by_orchestrator = pytest.mark.parametrize("orchestrator", ORCHESTRATORS)


def asking(**fields: Any) -> ChatRequest:
    """Return a request of one message."""
    return ChatRequest(messages=[Message(role="user", content="Hello.")], **fields)


async def test_only_metadata_turns_streaming_off_and_for_one_call_only(vendor: Vendor) -> None:
    answers = vendor.answers("stream-text", "answer", "stream-text", "stream-text")
    async with Replay(*answers) as server, conversation("loop-basic", [vendor.entry(server)]) as talk:
        provider = talk.providers[vendor.id]
        texts = [
            (await provider.complete(asking(**fields))).text
            for fields in ({"stream": False}, {"metadata": {"stream": False}}, {"metadata": {"stream": 0}}, {})
        ]
        asked = [streams(vendor, one) for one in server.asked]
        for one in server.asked:
            conversation_of(vendor, one)

    assert asked == [True, False, True, True]
    assert texts[1] == vendor.case("answer").expect["text"]
    assert {texts[0], texts[2], texts[3]} == {vendor.case("stream-text").expect["text"]}
    whole = talk.recorder.of("llm:request")[1]["request_id"]
    assert whole not in {event["request_id"] for event in talk.recorder.of("llm:stream_block_start")}
    assert [event["status"] for event in talk.recorder.of("llm:response")] == ["ok"] * 4


async def test_a_helper_of_a_loop_asks_another_model_briefly_and_without_thinking(vendor: Vendor) -> None:
    entry = vendor.entry(Replay(), reasoning_effort="high")
    async with Replay(*vendor.answers("answer", "answer")) as server:
        entry["config"]["base_url"] = server.url + vendor.base_path
        async with conversation("loop-basic", [entry]) as talk:
            provider = talk.providers[vendor.id]
            request = asking(model=vendor.thinker, metadata={"stream": False}, max_output_tokens=256)
            await provider.complete(request, extended_thinking=False)
            keywords = {
                "model": vendor.thinker,
                "reasoning_effort": "high",
                "matrix_role": "judge",
                "temperature": None,
            }
            await provider.complete(
                asking(model="ignored", metadata={"stream": False}), **keywords, extended_thinking=False
            )
        for one in server.asked:
            conversation_of(vendor, one)

    assert [model_of(vendor, one) for one in server.asked] == [vendor.thinker] * 2
    assert [thinks(vendor, one) for one in server.asked] == [False, False]
    assert "256" in server.asked[0].body.decode()
    assert not [one for one in server.asked if "judge" in one.body.decode() or "matrix_role" in one.body.decode()]
    assert [event["model"] for event in talk.recorder.of("llm:request")] == [vendor.thinker] * 2


@pytest.mark.parametrize(
    ("settings", "config", "expected"),
    [
        ({}, {}, False),
        ({"extended_thinking": True}, {}, True),
        ({"reasoning_effort": "low"}, {}, True),
        ({}, {"reasoning_effort": "low"}, True),
        ({"reasoning_effort": "none"}, {"reasoning_effort": "high"}, False),
        ({"extended_thinking": True, "reasoning_effort": "high"}, {}, True),
    ],
    ids=["nothing", "keyword", "request", "config", "request-none", "both"],
)
@by_orchestrator
async def test_a_loop_asks_for_thinking(
    vendor: Vendor, orchestrator: str, settings: dict[str, Any], config: dict[str, Any], expected: bool
) -> None:
    async with Replay(vendor.answer("stream-text")) as server:
        entry = vendor.entry(server, default_model=vendor.thinker, **config)
        async with conversation(orchestrator, [entry], settings=settings) as talk:
            await talk.say("Is 17 prime?")
        (asked,) = server.asked
        assert conversation_of(vendor, asked) == [("user", "Is 17 prime?")]
    assert thinks(vendor, asked) is expected
    assert talk.recorder.of("llm:request")[0]["thinking_enabled"] is expected


@by_orchestrator
async def test_a_turn_given_up_midway_is_taken_back_and_the_session_goes_on(vendor: Vendor, orchestrator: str) -> None:
    shown = asyncio.Event()

    async def notice(_event: str, _data: dict[str, Any]) -> HookResult:
        shown.set()
        return HookResult(action="continue")

    events = len(vendor.case("stream-text").data["events"])
    broken_off = vendor.answer("stream-text", upto=events // 2 + 1, end="hang")
    async with (
        Replay(broken_off, vendor.answer("stream-text")) as server,
        conversation(orchestrator, [vendor.entry(server)]) as talk,
    ):
        talk.session.coordinator.hooks.register("llm:stream_block_delta", notice, name="notice")
        turn = asyncio.create_task(talk.orchestrate("Tell me of Paris."))
        async with asyncio.timeout(10):
            await shown.wait()
            turn.cancel()
            with pytest.raises(asyncio.CancelledError):
                await turn
            await server.left()  # the connection is closed, not left to the pool
        (response,) = talk.recorder.of("llm:response")
        (aborted,) = talk.recorder.of("llm:stream_aborted")
        told = talk.recorder.names("llm:", "provider:error")

        assert await talk.say("Go on.") == "Paris is the capital."
        wire = conversation_of(vendor, server.asked[1])

    assert told[-2:] == ["llm:stream_aborted", "llm:response"]
    assert (response["status"], "error" in response, response["request_id"]) == (
        "cancelled",
        False,
        aborted["request_id"],
    )
    assert aborted["error"]["type"] == "Cancelled"
    assert "provider:error" not in told
    assert wire == [("user", "Tell me of Paris."), ("user", "Go on.")]


async def test_a_turn_given_up_before_any_answer_closes_the_connection(vendor: Vendor) -> None:
    silent = vendor.answer("stream-text", upto=0, end="hang")
    async with (
        Replay(silent) as server,
        conversation("loop-basic", [vendor.entry(server)]) as talk,
    ):
        turn = asyncio.create_task(talk.orchestrate("Tell me of Paris."))
        async with asyncio.timeout(10):
            await server.arrived.wait()
            turn.cancel()
            with pytest.raises(asyncio.CancelledError):
                await turn
            await server.left()
    assert [event["status"] for event in talk.recorder.of("llm:response")] == ["cancelled"]
    assert not talk.recorder.names("llm:stream", "provider:error")
