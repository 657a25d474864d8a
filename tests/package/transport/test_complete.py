"""What complete() returns, sends and tells when all goes well."""

import asyncio
import json
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from amplifier_core.message_models import ChatRequest, Message, ToolCallBlock
from amplifier_core.testing import EventRecorder

from tests.package.transport.conftest import KEY, Make, asking, whole
from tests.support.replay import Replay, reply, sse

pytestmark = pytest.mark.asyncio

ANSWER = {"text": "Hi.", "finish": "stop", "usage": {"in": 1000, "out": 100, "cached": 400}}
STREAM = [{"text": "H"}, {"text": "i."}, {"finish": "stop"}, {"usage": {"in": 1000, "out": 100}}]


def names(recorder: EventRecorder) -> list[str]:
    return [name for name, _ in recorder.events]


async def test_a_whole_answer(provider: Make, recorder: EventRecorder) -> None:
    async with Replay(reply(ANSWER)) as server:
        response = await provider(server.url).complete(whole())
    assert (response.text, response.finish_reason) == ("Hi.", "stop")
    assert names(recorder) == ["llm:request", "llm:response"]
    request, answer = (payload for _, payload in recorder.events)
    assert request["provider"] == "acme"
    assert request["model"] == answer["model"] == "acme-1"
    assert request["message_count"] == 1
    assert request["request_id"] == answer["request_id"]
    assert answer["status"] == "ok"
    assert isinstance(answer["duration_ms"], int)
    assert answer["usage"] == {
        "input_tokens": 1000,
        "output_tokens": 100,
        "cache_read_tokens": 400,
        "cost_usd": "0.00342",
    }
    assert "error" not in answer
    assert "raw" not in request
    assert "raw" not in answer


async def test_the_request_goes_out_with_key_and_headers(provider: Make) -> None:
    async with Replay(reply(ANSWER)) as server:
        await provider(server.url).complete(whole(), temperature=0, nonsense=1)
        [asked] = server.asked
    assert (asked.method, asked.target) == ("POST", "/v1/chat")
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["acme-version"] == "7"
    assert asked.headers["content-type"] == "application/json"
    assert asked.json() == {
        "model": "acme-1",
        "messages": [{"role": "user", "content": "Hello?"}],
        "stream": False,
        "max_tokens": 1000,
        "temperature": 0,
    }


async def test_a_streamed_answer_is_told_as_it_comes(provider: Make, recorder: EventRecorder) -> None:
    async with Replay(sse(STREAM, done="[DONE]", cut=1)) as server:
        response = await provider(server.url).complete(asking())
    assert response.text == "Hi."
    assert response.usage.cost_usd == Decimal("0.0045")
    assert names(recorder) == [
        "llm:request",
        "llm:stream_block_start",
        "llm:stream_block_delta",
        "llm:stream_block_delta",
        "llm:stream_block_end",
        "llm:response",
    ]
    told = [payload for name, payload in recorder.events if "stream" in name]
    assert {payload["request_id"] for payload in told} == {recorder.events[0][1]["request_id"]}
    assert [payload["text"] for payload in told[1:3]] == ["H", "i."]
    assert [payload["sequence"] for payload in told[1:3]] == [0, 1]
    assert {(payload["block_index"], payload["block_type"]) for payload in told} == {(0, "text")}


async def test_a_streamed_call_has_a_name_from_the_start(provider: Make, recorder: EventRecorder) -> None:
    call = [
        {"call": {"index": 0, "id": "c1", "name": "look", "arguments": ""}},
        {"call": {"index": 0, "arguments": "{}"}},
        {"finish": "tool_calls"},
    ]
    async with Replay(sse(call, done="[DONE]")) as server:
        made = provider(server.url)
        response = await made.complete(asking())
    [called] = made.parse_tool_calls(response)
    assert (called.id, called.name, called.arguments) == ("c1", "look", {})
    [start] = [payload for name, payload in recorder.events if name == "llm:stream_block_start"]
    assert (start["block_type"], start["name"]) == ("tool_use", "look")
    assert "llm:stream_block_delta" not in names(recorder)


async def test_the_end_marker_may_be_missing_if_the_answer_is_finished(provider: Make) -> None:
    async with Replay(sse(STREAM)) as server:
        assert (await provider(server.url).complete(asking())).text == "Hi."


async def test_a_connection_serves_the_next_request_after_a_stream(provider: Make) -> None:
    async with Replay(sse(STREAM, done="[DONE]"), sse(STREAM, done="[DONE]")) as server:
        made = provider(server.url)
        await made.complete(asking())
        await made.complete(asking())
        assert len(server.asked) == 2
        assert len(server._tasks) == 1


async def test_a_vendor_that_does_not_stream_after_all_is_understood(provider: Make) -> None:
    async with Replay(reply(ANSWER)) as server:
        assert (await provider(server.url).complete(asking())).text == "Hi."


async def test_calls_at_the_same_time_do_not_meet(provider: Make, recorder: EventRecorder) -> None:
    async with Replay(*[sse(STREAM, done="[DONE]", cut=3) for _ in range(5)]) as server:
        made = provider(server.url)
        answers = await asyncio.gather(*(made.complete(asking(str(number))) for number in range(5)))
    assert [answer.text for answer in answers] == ["Hi."] * 5
    ids = {payload["request_id"] for name, payload in recorder.events if name == "llm:request"}
    assert len(ids) == 5


async def test_raw_payloads_are_told_if_the_user_wants_them(provider: Make, recorder: EventRecorder) -> None:
    async with Replay(reply(ANSWER)) as server:
        await provider(server.url, raw="true").complete(whole())
    request, answer = (payload for _, payload in recorder.events)
    assert request["raw"]["messages"] == [{"role": "user", "content": "Hello?"}]
    assert answer["raw"]["content"][0]["text"] == "Hi."
    assert KEY not in str(recorder.events)


async def test_a_repair_is_told_once(provider: Make, recorder: EventRecorder) -> None:
    call = ToolCallBlock(id="c1", name="look", input={})
    request = ChatRequest(
        messages=[Message(role="assistant", content=[call]), Message(role="user", content="Go on.")],
        metadata={"stream": False},
    )
    before = request.model_dump()
    async with Replay(reply(ANSWER), reply(ANSWER)) as server:
        made = provider(server.url)
        await made.complete(request)
        await made.complete(request)
    [told] = [payload for name, payload in recorder.events if name == "provider:tool_sequence_repaired"]
    assert told["repair_count"] == 1
    assert told["repairs"] == [{"tool_call_id": "c1", "tool_name": "look"}]
    assert request.model_dump() == before


async def test_listeners_that_fail_do_not_disturb(provider: Make, recorder: EventRecorder, acme: ModuleType) -> None:
    class Deaf:
        async def emit(self, name: str, payload: Any) -> None:
            raise RuntimeError("no")

    async with Replay(reply(ANSWER)) as server:
        made = provider(server.url)
        made.coordinator.hooks = Deaf()
        assert (await made.complete(whole())).text == "Hi."
        alone = acme.AcmeProvider(KEY, base_url=server.url, config={"default_model": "m"})
        server.add(reply(ANSWER))
        assert (await alone.complete(whole())).text == "Hi."


async def test_what_answers_cost_adds_up(provider: Make) -> None:
    async with Replay(reply(ANSWER), reply(ANSWER), reply(ANSWER)) as server:
        made = provider(server.url)
        assert made.session_cost() is None
        await made.complete(whole())
        await made.complete(whole())
        assert made.session_cost() == {"cost_usd": "0.00684"}
        await made.complete(whole(model="unheard-of"))
        assert made.session_cost() == {"cost_usd": "0.00684", "unpriced_models": ["unheard-of"]}


async def test_of_a_large_request_no_more_is_told_than_is_worth_it(provider: Make, recorder: EventRecorder) -> None:
    async with Replay(reply(ANSWER)) as server:
        await provider(server.url, raw="true").complete(whole(text="long words " * 500_000))
        assert len(server.asked[0].body) > 5_000_000
    request, answer = (payload for _, payload in recorder.events)
    assert len(json.dumps(request)) < 300_000
    assert request["raw"]["messages"][0]["content"].startswith("long words long words")
    assert request["raw"]["model"] == "acme-1"
    assert answer["raw"]["content"][0]["text"] == "Hi."


async def test_what_is_streamed_is_told_whole(provider: Make, recorder: EventRecorder) -> None:
    long = "iVBORw0K" * 10_000
    async with Replay(sse([{"text": long}, {"finish": "stop"}], done="[DONE]")) as server:
        await provider(server.url).complete(asking())
    assert [payload["text"] for name, payload in recorder.events if name.endswith("delta")] == [long]
