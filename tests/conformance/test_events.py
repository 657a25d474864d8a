"""Events: C80 to C93."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from amplifier_core.events import ALL_EVENTS

from tests.conformance.bench import STREAM, Bench, Told, chat, in_time
from tests.conformance.observed import Observed, Seen
from tests.conformance.test_tools import lost
from tests.support.replay import Exchange, reply

OTHERS = ("provider:request", "provider:response", "provider:error", "provider:resolve")
OTHER_FAMILIES = ("content_block:", "tool:", "prompt:")
SHOWN = {"text": "text", "thinking": "thinking", "redacted_thinking": "thinking", "tool_call": "tool_use"}
OVERLOADED = reply({}, status=503)


async def test_c80_one_request_before_the_first_attempt(bench: Bench, observed: Observed) -> None:
    for seen in observed:
        assert seen.told.names[0] == "llm:request" and seen.told.names.count("llm:request") == 1
    async with bench.serving(OVERLOADED, "a text") as server:
        provider = bench.provider(server.url, max_retries=1, default_model="some-model")
        await provider.complete(chat("One.", "Two."))
    assert bench.told.names == ["llm:request", "provider:retry", "llm:response"]
    told = bench.told.only("llm:request")
    assert (told["provider"], told["model"], told["message_count"]) == (bench.subject.name, "some-model", 2)


async def test_c81_one_response_whatever_happened(bench: Bench, observed: Observed) -> None:
    for seen in observed:
        assert seen.told.names[-1] == "llm:response" and seen.told.only("llm:response")["status"] == "ok"
    for answer in (OVERLOADED, reply("no JSON"), Exchange(end="reset"), Exchange(end="truncate")):
        own = Bench(bench.subject)
        await own.fails(answer)
        assert (own.told.names, own.told.only("llm:response")["status"]) == (["llm:request", "llm:response"], "error")
        await own.close()
    async with in_time(), bench.serving(Exchange(end="hang")) as server:
        task = asyncio.create_task(bench.provider(server.url).complete(chat()))
        await server.arrived.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert bench.told.names == ["llm:request", "llm:response"]
    assert bench.told.only("llm:response")["status"] == "cancelled"


async def test_c82_a_good_response_tells_its_usage(observed: Observed) -> None:
    for seen in observed:
        told, usage = seen.told.only("llm:response"), seen.response.usage
        assert {"provider", "model", "status", "duration_ms"} <= told.keys() and "error" not in told
        assert type(told["duration_ms"]) is int
        assert told.get("finish_reason", seen.response.finish_reason) == seen.response.finish_reason
        if usage is not None:
            named = {name: count for name, count in told["usage"].items() if name != "cost_usd"}
            optional = ("cache_read_tokens", "cache_write_tokens", "reasoning_tokens")
            known = {name: getattr(usage, name) for name in optional if getattr(usage, name) is not None}
            assert named == {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, **known}


async def test_c83_a_failure_is_told_in_full(bench: Bench) -> None:
    for answer in (OVERLOADED, reply("", status=500), reply({}, status=418), Exchange(end="reset")):
        own = Bench(bench.subject)
        error = await own.fails(answer)
        told = own.told.only("llm:response")
        assert (told["status"], told["provider"], told["error"]) == ("error", bench.subject.name, str(error))
        assert told["error"].strip() and told["model"] and type(told["duration_ms"]) is int
        assert told["error_type"] == type(error).__name__
        await own.close()


async def test_c84_cost_is_told_as_text(bench: Bench) -> None:
    for model in [*bench.subject.known, "unheard-of-model"][-6:]:
        cost = (await bench.ask(config={"default_model": model})).usage.cost_usd
        told = bench.told.of("llm:response")[-1]["usage"]
        assert told["cost_usd"] == (None if cost is None else str(cost))


async def test_c85_raw_only_if_configured(bench: Bench, observed: Observed) -> None:
    for seen in observed:
        assert not [name for name in seen.told.names if name.endswith((":debug", ":raw"))]
        assert not [payload for _, payload in seen.told.events if "raw" in payload]
    await bench.ask(request=chat("Word of request."), config={"raw": "true"})
    assert "Word of request." in json.dumps(bench.told.only("llm:request")["raw"])
    assert bench.subject.case("a text").expect["text"] in json.dumps(
        bench.told.only("llm:response")["raw"], ensure_ascii=False
    )


async def test_c86_stream_events_have_their_form(observed: Observed) -> None:
    keys = {"request_id", "block_index", "block_type"}
    for seen in _streamed(observed):
        ids = {payload["request_id"] for payload in seen.told.of(*STREAM)}
        assert len(ids) <= 1 and all(UUID(id_).version == 4 for id_ in ids)
        for start in seen.told.of("llm:stream_block_start"):
            assert start.keys() - {"name"} == keys and start["block_type"] in ("text", "thinking", "tool_use")
            deltas = [
                one for one in seen.told.of("llm:stream_block_delta") if one["block_index"] == start["block_index"]
            ]
            assert [delta["sequence"] for delta in deltas] == list(range(len(deltas))), seen
            assert all(delta["text"] and delta["block_type"] == start["block_type"] for delta in deltas), seen
        assert all(delta.keys() == {*keys, "sequence", "text"} for delta in seen.told.of("llm:stream_block_delta"))
        assert all(end.keys() == keys for end in seen.told.of("llm:stream_block_end"))


async def test_c87_block_index_is_the_place_in_the_answer(observed: Observed) -> None:
    for seen in _streamed(observed):
        blocks = dict(enumerate(block for block in seen.dumped["content"] if block.get("text") != ""))
        starts, ends = (seen.told.of(f"llm:stream_block_{word}") for word in ("start", "end"))
        assert {start["block_index"]: start["block_type"] for start in starts} == {
            index: SHOWN.get(block["type"], "text") for index, block in blocks.items()
        }, seen
        assert sorted(end["block_index"] for end in ends) == sorted(blocks)
        for index, block in blocks.items():
            (start,) = (start for start in starts if start["block_index"] == index)
            assert start.get("name") == block.get("name")
            told = [one["text"] for one in seen.told.of("llm:stream_block_delta") if one["block_index"] == index]
            assert "".join(told) == (block[block["type"]] if block["type"] in ("text", "thinking") else ""), seen


async def test_c88_aborted_only_after_a_fragment(bench: Bench) -> None:
    shown = bench.subject.case("stream of a text")
    await bench.fails(shown.answer(upto=-1, end="reset"))
    assert bench.told.names[-2:] == ["llm:stream_aborted", "llm:response"]
    aborted = bench.told.only("llm:stream_aborted")
    assert aborted.keys() == {"request_id", "error"} and aborted["error"].keys() == {"type", "msg"}
    own = Bench(bench.subject)
    await own.fails(Exchange(headers=shown.answer().headers, end="reset"), request=chat(stream=True))
    assert own.told.names == ["llm:request", "llm:response"]
    await own.close()


async def test_c89_one_id_for_the_whole_call(bench: Bench) -> None:
    async with bench.serving(OVERLOADED, reply({}, status=429, headers={"retry-after": "0"}), "a text") as server:
        await bench.provider(server.url, max_retries=2).complete(chat())
    assert bench.told.names == ["llm:request", "provider:retry", "provider:retry", "llm:response"]
    assert len({payload["request_id"] for _, payload in bench.told.events}) == 1


async def test_c90_a_retry_is_told_before_its_wait(bench: Bench) -> None:
    async with in_time(), bench.serving(reply({}, status=429, headers={"retry-after": "41"}), "a text") as server:
        provider = bench.provider(server.url, max_retries=3, default_model="some-model")
        task = asyncio.create_task(provider.complete(chat()))
        await bench.told.arrival("provider:retry").wait()
        assert len(server.asked) == 1 and not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    told = bench.told.only("provider:retry")
    expected = {"provider": bench.subject.name, "model": "some-model", "attempt": 1, "max_retries": 3, "delay": 41.0}
    assert expected.items() <= told.items()
    assert (told["retry_after"], told["error_type"]) == (41.0, "RateLimitError") and told["error_message"]


async def test_c91_a_repair_is_told_with_its_calls(bench: Bench) -> None:
    await bench.ask(request=chat("Hello.", lost("one"), lost("two"), "Go on."))
    told = bench.told.only("provider:tool_sequence_repaired")
    assert (told["provider"], told["repair_count"]) == (bench.subject.name, 2)
    assert told["repairs"] == [{"tool_call_id": id_, "tool_name": "look"} for id_ in ("one", "two")]


async def test_c92_events_of_orchestrators_are_left_to_them(bench: Bench, observed: Observed) -> None:
    await bench.fails(OVERLOADED)
    names = {name for seen in observed for name in seen.told.names} | set(bench.told.names)
    assert not [name for name in names if name in OTHERS or name.startswith(OTHER_FAMILIES)]
    assert all(name in ALL_EVENTS or name.startswith(("llm:stream_", "provider:")) for name in names)


async def test_c93_failing_hooks_harm_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Told):
        async def emit(self, name: str, payload: dict[str, Any]) -> Any:
            await super().emit(name, payload)
            raise RuntimeError("nobody is there")

    hooks = Broken()
    case = bench.subject.case("stream of a text" if bench.subject.streams else "a text")
    async with bench.serving(OVERLOADED, case) as server:
        provider = bench.provider(server.url, coordinator=SimpleNamespace(hooks=hooks), max_retries=1)
        assert (await provider.complete(chat(stream=True))).text == case.expect["text"]
    assert (hooks.names[0], hooks.names[-1]) == ("llm:request", "llm:response")
    whole = bench.subject.case("a text")
    odd = [{**whole.data["reply"], "odd": float("nan"), "text": "\ud800"}]
    await bench.ask(whole.answer(parts=odd), request=chat("\ud800", metadata={"stream": False, "x": float("inf")}))
    assert bench.told.names == ["llm:request", "llm:response"]


def _streamed(observed: Observed) -> list[Seen]:
    found = [seen for seen in observed if seen.case.kind == "stream"]
    assert found
    return found
