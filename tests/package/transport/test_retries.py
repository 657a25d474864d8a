"""Trying again, giving up, running out of time, being cancelled."""

import asyncio
import time
from typing import Any

import amplifier_core.llm_errors as kernel
import pytest
from amplifier_core.message_models import ChatRequest
from amplifier_core.testing import EventRecorder

from tests.package.transport.conftest import Make, asking, whole
from tests.support.replay import Exchange, Replay, reply, sse

pytestmark = pytest.mark.asyncio

ANSWER = {"text": "Hi.", "finish": "stop"}
BUSY = reply({"error": {"message": "busy"}}, status=503)


def names(recorder: EventRecorder) -> list[str]:
    return [name for name, _ in recorder.events]


async def test_a_failed_attempt_is_made_again(provider: Make, recorder: EventRecorder) -> None:
    async with Replay(BUSY, BUSY, reply(ANSWER)) as server:
        response = await provider(server.url).complete(whole())
        assert len({asked.body for asked in server.asked}) == 1
    assert response.text == "Hi."
    assert names(recorder) == ["llm:request", "provider:retry", "provider:retry", "llm:response"]
    first, second = (payload for name, payload in recorder.events if name == "provider:retry")
    assert first == {
        "provider": "acme",
        "model": "acme-1",
        "request_id": recorder.events[0][1]["request_id"],
        "attempt": 1,
        "max_retries": 2,
        "delay": 0.0,
        "retry_after": None,
        "error_type": "ProviderUnavailableError",
        "error_message": '{"error": {"message": "busy"}}',
    }
    assert second["attempt"] == 2


async def test_the_last_error_is_the_answer_to_too_many(provider: Make, recorder: EventRecorder) -> None:
    async with Replay(BUSY, BUSY, BUSY) as server:
        with pytest.raises(kernel.ProviderUnavailableError):
            await provider(server.url).complete(whole())
    assert names(recorder) == ["llm:request", "provider:retry", "provider:retry", "llm:response"]
    assert recorder.events[-1][1]["status"] == "error"


@pytest.mark.parametrize("retries", [0, "0"])
async def test_no_retries(provider: Make, retries: Any) -> None:
    async with Replay(BUSY, reply(ANSWER)) as server:
        with pytest.raises(kernel.ProviderUnavailableError):
            await provider(server.url, max_retries=retries).complete(whole())
        assert len(server.asked) == 1


async def test_what_will_not_get_better_is_not_tried_again(provider: Make) -> None:
    async with Replay(reply({}, status=400), reply(ANSWER)) as server:
        with pytest.raises(kernel.InvalidRequestError):
            await provider(server.url).complete(whole())
        assert len(server.asked) == 1


async def test_a_stream_that_breaks_is_begun_anew(provider: Make, recorder: EventRecorder) -> None:
    broken = sse([{"text": "Hel"}], end="truncate")
    async with Replay(broken, sse([{"text": "Hi."}, {"finish": "stop"}])) as server:
        assert (await provider(server.url).complete(asking())).text == "Hi."
    told = names(recorder)
    assert told == [
        "llm:request",
        "llm:stream_block_start",
        "llm:stream_block_delta",
        "llm:stream_aborted",
        "provider:retry",
        "llm:stream_block_start",
        "llm:stream_block_delta",
        "llm:stream_block_end",
        "llm:response",
    ]
    assert recorder.events[5][1]["block_index"] == 0
    assert recorder.events[6][1]["sequence"] == 0


async def test_too_long_a_wait_is_an_error_at_once(provider: Make) -> None:
    async with Replay(reply({}, status=429, headers={"retry-after": "61"}), reply(ANSWER)) as server:
        with pytest.raises(kernel.RateLimitError) as caught:
            await provider(server.url).complete(whole())
        assert len(server.asked) == 1
    assert (caught.value.retryable, caught.value.retry_after) == (False, 61)


async def test_too_long_a_wait_that_only_words_tell_is_an_error_at_once(provider: Make) -> None:
    busy = reply({"error": {"message": "Please try again in 7m12s."}}, status=429)
    async with Replay(busy, reply(ANSWER)) as server:
        with pytest.raises(kernel.RateLimitError) as caught:
            await provider(server.url, max_retries=5).complete(whole())
        assert len(server.asked) == 1
    assert (caught.value.retryable, caught.value.retry_after) == (False, 432)


@pytest.mark.parametrize("seconds", [0, -1, -0.5])
async def test_no_time_at_all_is_no_limit(provider: Make, seconds: float) -> None:
    async with Replay(reply(ANSWER)) as server:
        assert (await provider(server.url).complete(whole(timeout=seconds))).text == "Hi."


async def test_the_wait_asked_for_is_kept(provider: Make, recorder: EventRecorder) -> None:
    busy = reply({}, status=429, headers={"retry-after-ms": "50"})
    async with Replay(busy, reply(ANSWER)) as server:
        started = time.monotonic()
        await provider(server.url).complete(whole())
    assert time.monotonic() - started >= 0.05
    [retry] = [payload for name, payload in recorder.events if name == "provider:retry"]
    assert (retry["delay"], retry["retry_after"]) == (0.05, 0.05)


HANG = Exchange(headers={"content-type": "text/event-stream"}, chunks=(b'data: {"text": "H"}\n\n',), end="hang")


@pytest.mark.parametrize(
    ("config", "request_"),
    [({"timeout": 0.2}, asking()), ({"timeout": 500}, asking(timeout=0.2)), ({}, asking(timeout=0.2))],
)
async def test_time_runs_out(
    provider: Make, recorder: EventRecorder, config: dict[str, Any], request_: ChatRequest
) -> None:
    async with Replay(HANG, HANG, HANG) as server:
        with pytest.raises(kernel.LLMTimeoutError) as caught:
            await provider(server.url, **config).complete(request_)
        assert len(server.asked) == 1
    assert (caught.value.provider, caught.value.model, caught.value.retryable) == ("acme", "acme-1", True)
    assert caught.value.__cause__ is not None
    assert names(recorder)[-2:] == ["llm:stream_aborted", "llm:response"]
    assert recorder.events[-1][1]["status"] == "error"


async def test_a_stream_that_falls_silent_is_tried_again(provider: Make) -> None:
    async with Replay(HANG, sse([{"text": "Hi."}, {"finish": "stop"}])) as server:
        assert (await provider(server.url, idle_timeout=0.2).complete(asking())).text == "Hi."


async def test_being_cancelled(provider: Make, recorder: EventRecorder) -> None:
    async with Replay(HANG) as server:
        made = provider(server.url)
        task = asyncio.create_task(made.complete(asking()))
        while "llm:stream_block_delta" not in names(recorder):
            await asyncio.wait({task}, timeout=0.01)
        task.cancel("enough")
        with pytest.raises(asyncio.CancelledError, match="enough"):
            await task
        server.add(reply(ANSWER))
        assert (await made.complete(whole())).text == "Hi."
    at = names(recorder).index("llm:stream_aborted")
    (_, aborted), (name, response) = recorder.events[at : at + 2]
    assert aborted["error"]["type"] == "Cancelled"
    assert (name, response["status"]) == ("llm:response", "cancelled")
    assert "error" not in response


async def test_closing_twice_or_before_anything_and_going_on(provider: Make) -> None:
    async with Replay(reply(ANSWER), reply(ANSWER)) as server:
        made = provider(server.url)
        await made.close()
        await made.complete(whole())
        await made.close()
        await made.close()
        await made.complete(whole())
