"""Errors: C94 to C100."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from amplifier_core import llm_errors
from amplifier_core.llm_errors import LLMError

from tests.conformance.bench import Bench, chat, failed, in_time, variants
from tests.support.replay import Exchange, reply

STATUSES = {
    400: ("InvalidRequestError", False),
    401: ("AuthenticationError", False),
    403: ("AccessDeniedError", False),
    404: ("NotFoundError", False),
    408: ("LLMTimeoutError", True),
    409: ("InvalidRequestError", False),
    413: ("ContextLengthError", False),
    418: ("LLMError", False),
    422: ("InvalidRequestError", False),
    429: ("RateLimitError", True),
    500: ("ProviderUnavailableError", True),
    502: ("ProviderUnavailableError", True),
    503: ("ProviderUnavailableError", True),
    529: ("ProviderUnavailableError", True),
}
OVERLOADED = reply({}, status=503)
STRANGE = (
    reply(""),
    reply("null"),
    reply("[1, 2"),
    reply([]),
    reply("<!DOCTYPE html><html><title>Welcome</title></html>", headers={"content-type": "text/html"}),
    Exchange(headers={"content-encoding": "gzip"}, chunks=(b"no gzip",)),
    Exchange(end="reset"),
    Exchange(end="truncate"),
    Exchange(chunks=(b'{"half', b"\xff\xfe"), end="truncate"),
    Exchange(status=302, headers={"location": "/elsewhere"}),
    Exchange(status=204),
)
NO_ANSWERS: tuple[dict[str, Any], ...] = (
    {},
    {"detail": "Not authenticated"},
    {"object": "error", "message": "model overloaded"},
    {"choices": [], "content": [], "candidates": [], "output": []},
)
PADDING = b" " * 2**20
WRONG: tuple[Any, ...] = (None, 7, -0.5, "word", True, [], {}, [None], {"type": 7}, [[]])


async def test_c94_errors_follow_the_table(bench: Bench) -> None:
    for case in bench.subject.of("error"):
        error = await bench.fails(case, config={"default_model": "some-model"})
        assert type(error).__name__ == case.expect["error"], case
        assert error.retryable is case.expect.get("retryable", error.retryable), case
        assert error.retry_after == case.expect.get("retry_after", error.retry_after), case
        assert (error.provider, error.model) == (bench.subject.name, "some-model"), case
        assert (error.status_code, error.__cause__ is not None, bool(str(error))) == (case.data["status"], True, True)
    for status, expected in STATUSES.items():
        for body in (b"", b"{}", b"Sorry.", b"\xff", b'{"error": []}'):
            error = await bench.fails(Exchange(status, chunks=(body,) if body else ()))
            assert (failed(error), error.status_code) == (expected, status), body
            assert error.provider and error.model and error.__cause__ and str(error)
    page = reply("<html><title>Just a moment...</title></html>", status=403, headers={"content-type": "text/html"})
    assert failed(await bench.fails(page)) == ("ProviderUnavailableError", True)


async def test_c95_only_llm_errors_leave(bench: Bench) -> None:
    case = bench.subject.case("a text and a call")
    streams = [one for one in bench.subject.of("stream", fails=False)[:1] for _ in STRANGE]
    answers = [*STRANGE, *(case.answer(parts=[changed]) for changed in variants(case.data["reply"], WRONG))]
    requests = [chat() for _ in answers] + [chat(stream=True) for _ in streams]
    for stream, strange in zip(streams, STRANGE, strict=False):
        answers.append(
            Exchange(strange.status, {**stream.answer().headers, **strange.headers}, strange.chunks, strange.end)
        )
    async with in_time(120), bench.serving(*answers) as server:
        provider = bench.provider(server.url)
        for request in requests:
            try:
                response = await provider.complete(request)
            except LLMError as error:
                assert str(error) and error.provider and error.model
            else:
                assert response.content and response.model_dump_json()
    assert len(bench.told.of("llm:response")) == len(requests)
    for body in NO_ANSWERS:
        for streamed in (False, True):
            failure = await bench.fails(reply(body), request=chat(stream=streamed))
            assert failure.status_code == 200, body
    for stream in streams[:1]:
        await bench.fails(Exchange(headers=stream.answer().headers), request=chat(stream=True))
    text = bench.subject.case("a text").answer().chunks
    async with in_time(30):  # more than any memory should hold of one reply
        await bench.fails(Exchange(headers={"content-type": "application/json"}, chunks=(PADDING,) * 80 + text))


async def test_c96_retries_are_counted_and_paced_as_configured(bench: Bench) -> None:
    for answer in (OVERLOADED, Exchange(end="reset")):
        await bench.fails(answer, answer, config={"max_retries": "0"})
        assert len(bench.asked) == 1
    assert not bench.told.of("provider:retry")
    paced = {"max_retries": "3", "min_retry_delay": "0.001", "max_retry_delay": "0.003", "retry_jitter": "false"}
    await bench.fails(*[OVERLOADED] * 5, config=paced)
    assert len(bench.asked) == 4
    assert [told["delay"] for told in bench.told.of("provider:retry")] == pytest.approx([0.001, 0.002, 0.003])
    await bench.fails(*[reply({}, status=400)] * 2, config=paced)
    assert len(bench.asked) == 1


async def test_c97_the_vendor_says_when_to_try_again(bench: Bench) -> None:
    for headers, seconds in (
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"x-ms-retry-after-ms": "250"}, 0.25),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "-5"}, None),
    ):
        error = await bench.fails(reply({}, status=429, headers=headers))
        assert (error.retry_after, error.retryable) == (seconds, True)
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    error = await bench.fails(reply({}, status=503, headers={"retry-after": date}))
    assert 20 < (error.retry_after or 0) <= 30
    patient = {"max_retries": 5, "max_retry_delay": "60"}
    error = await bench.fails(*[reply({}, status=429, headers={"retry-after": "61"})] * 2, config=patient)
    assert (error.retry_after, error.retryable, len(bench.asked)) == (61.0, False, 1)


async def test_c98_the_requests_time_beats_the_configured_one(bench: Bench) -> None:
    silent = Exchange(end="hang")
    for configured, asked in (("0.05", None), (500, 0.05)):
        async with in_time():
            error = await bench.fails(silent, request=chat(timeout=asked), config={"timeout": configured})
        assert failed(error) == ("LLMTimeoutError", True) and str(error)
    async with in_time():
        assert await bench.ask(request=chat(timeout=9), config={"timeout": "0.000001"})
    assert isinstance(error, llm_errors.LLMTimeoutError)
    async with in_time():
        assert failed(await bench.fails(silent, request=chat(timeout=500), timeout=0.05)) == ("LLMTimeoutError", True)
        assert await bench.ask(request=chat(timeout=0.000001), timeout=9)


async def test_c99_cancellation_passes_as_it_is(bench: Bench) -> None:
    silent = Exchange(end="hang")
    moments = [(silent, "llm:request")]
    if bench.subject.streams:
        moments.append((bench.subject.case("stream of a text").answer(upto=-1, end="hang"), "llm:stream_block_delta"))
    for answer, moment in moments:
        own = Bench(bench.subject)
        async with in_time(), own.serving(answer) as server:
            task = asyncio.create_task(own.provider(server.url, max_retries=3).complete(chat(stream=True)))
            await server.arrived.wait()
            await own.told.arrival(moment).wait()
            task.cancel("enough")
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert caught.value.args == ("enough",)
            await server.left()  # hangs if the connection stayed open
        told = own.told.only("llm:response")
        assert told["status"] == "cancelled" and "error" not in told and told["provider"] and told["model"]
        assert ("llm:stream_aborted" in own.told.names) == (moment == "llm:stream_block_delta")
        await own.close()


async def test_c100_a_stream_that_breaks_begins_again_at_0(bench: Bench) -> None:
    shown = bench.subject.case("stream of a text")
    for end in ("reset", "truncate", "complete"):
        error = await bench.fails(shown.answer(upto=-1, end=end))
        assert type(error).__name__ in ("StreamError", "NetworkError") and error.retryable, end
    again = Bench(bench.subject)
    response = await again.ask(shown.answer(upto=-1, end="truncate"), shown, config={"max_retries": 1})
    assert response.text == shown.expect["text"]
    retry = again.told.names.index("provider:retry")
    assert again.told.names[retry - 1] == "llm:stream_aborted"
    names = ("llm:stream_block_start", "llm:stream_block_delta")
    afterwards = [payload for name, payload in again.told.events[retry:] if name in names]
    assert {payload["block_index"] for payload in afterwards} == {0}
    assert "".join(payload.get("text", "") for payload in afterwards) == response.text
    await again.close()
