"""Connections that fail, servers that fall silent, callers that give up."""

import asyncio

import pytest
from amplifier_core.llm_errors import LLMError, LLMTimeoutError, NetworkError, ProviderUnavailableError, StreamError

from amplifier_module_provider_gemini.provider import NAME
from tests.cases import asking, example
from tests.conftest import MODEL, NOBODY, Make
from tests.listener import Listener, requested
from tests.server import Reply, Server, in_json

pytestmark = pytest.mark.asyncio
ANSWER = example("a text")
JUNK = (b"", b"null", b"[]", b"{", b"7", b'"text"', b"<html></html>", b"\xff\x00", b"[" * 100_000)
SHOWN = example("stream of a text")
CONTENT = SHOWN.stream()
HEADERS = SHOWN.reply().headers


def failed(listener: Listener, error: LLMError) -> None:
    """Check that the failure was told, once."""
    assert (error.provider, error.model) == (NAME, MODEL)
    assert error.__cause__ is not None
    _, told = requested(listener)
    assert (told["status"], told["error"]) == ("error", str(error))
    assert str(error)


async def test_nobody_answers(make: Make, listener: Listener) -> None:
    with pytest.raises(NetworkError) as caught:
        await make(NOBODY).complete(asking())
    assert caught.value.retryable
    failed(listener, caught.value)


async def test_the_connection_is_reset(make: Make, listener: Listener) -> None:
    async with Server(Reply(status=0, end="reset")) as server:
        with pytest.raises(NetworkError) as caught:
            await make(server.url).complete(asking())
    failed(listener, caught.value)


@pytest.mark.parametrize("streaming", [True, False])
async def test_a_caller_waits_no_longer_than_it_wants(make: Make, listener: Listener, streaming: bool) -> None:
    async with Server(Reply(status=0, end="silence")) as server:
        with pytest.raises(LLMTimeoutError) as caught:
            await make(server.url).complete(asking(stream=streaming, timeout=0.05))
        async with asyncio.timeout(5):
            await server.left.wait()
    assert caught.value.retryable
    failed(listener, caught.value)


async def test_the_configured_timeout_covers_all_attempts(make: Make) -> None:
    async with Server(Reply(status=0, end="silence")) as server:
        with pytest.raises(LLMTimeoutError):
            await make(server.url, timeout="0.05", max_retries=50).complete(asking())
        assert len(server.asked) <= 1


@pytest.mark.parametrize("content", JUNK)
async def test_an_answer_that_is_no_json_object(content: bytes, make: Make, listener: Listener) -> None:
    reply = Reply((content,) if content else (), headers={"content-type": "application/json"})
    async with Server(reply) as server:
        with pytest.raises(LLMError) as caught:
            await make(server.url).complete(asking(stream=False))
    failed(listener, caught.value)


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize("body", [{}, {"nothing": "of it"}])
async def test_a_reply_that_holds_no_answer(
    body: dict[str, str], streaming: bool, make: Make, listener: Listener
) -> None:
    async with Server(in_json(body)) as server:
        with pytest.raises(ProviderUnavailableError) as caught:
            await make(server.url).complete(asking(stream=streaming))
    assert (caught.value.retryable, caught.value.status_code) == (True, 200)
    failed(listener, caught.value)


async def test_an_answer_that_breaks_off(make: Make, listener: Listener) -> None:
    [content] = ANSWER.reply().pieces
    async with Server(Reply((content[:-5],), headers=ANSWER.reply().headers, end="closed")) as server:
        with pytest.raises(LLMError) as caught:
            await make(server.url).complete(asking(stream=False))
    assert caught.value.retryable
    failed(listener, caught.value)


@pytest.mark.parametrize("end", ["closed", "reset"])
@pytest.mark.parametrize("part", [1, 2, 3])
async def test_a_stream_that_breaks_off(end: str, part: int, make: Make, listener: Listener) -> None:
    async with Server(Reply((CONTENT[: len(CONTENT) * part // 4],), headers=HEADERS, end=end)) as server:  # type: ignore[arg-type]
        with pytest.raises((StreamError, NetworkError)) as caught:
            await make(server.url).complete(asking())
    assert caught.value.retryable
    failed(listener, caught.value)
    aborted = listener.payloads("llm:stream_aborted")
    assert len(aborted) == ("llm:stream_block_delta" in listener.names)
    assert all(payload["error"]["msg"] for payload in aborted)


async def test_a_stream_that_ends_before_the_answer(make: Make, listener: Listener) -> None:
    async with Server(Reply((CONTENT[: len(CONTENT) // 3],), headers=HEADERS)) as server:
        with pytest.raises(StreamError) as caught:
            await make(server.url).complete(asking())
    failed(listener, caught.value)


async def test_a_stream_that_falls_silent(make: Make, listener: Listener) -> None:
    async with Server(Reply((CONTENT[: len(CONTENT) // 2],), headers=HEADERS, end="silence")) as server:
        with pytest.raises(LLMTimeoutError) as caught:
            await make(server.url, idle_timeout=0.05).complete(asking())
    failed(listener, caught.value)


@pytest.mark.parametrize("content", [item for item in JUNK if item])
async def test_an_event_that_is_no_json_object(content: bytes, make: Make, listener: Listener) -> None:
    async with Server(Reply((b"data: " + content + b"\n\n", CONTENT), headers=HEADERS)) as server:
        with pytest.raises(LLMError) as caught:
            await make(server.url).complete(asking())
    failed(listener, caught.value)


async def test_a_caller_that_gives_up_a_stream(make: Make, listener: Listener) -> None:
    begun = CONTENT[: len(CONTENT) * 2 // 3]
    async with Server(Reply((begun,), headers=HEADERS, end="silence")) as server:
        call = asyncio.create_task(make(server.url, max_retries=3).complete(asking()))
        async with asyncio.timeout(5):
            await listener.delta.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(5):
            await server.left.wait()
        assert len(server.asked) == 1
    _, told = requested(listener)
    assert told["status"] == "cancelled"
    assert "error" not in told
    assert listener.names[-2] == "llm:stream_aborted"


async def test_a_caller_that_gives_up(make: Make, listener: Listener) -> None:
    async with Server(Reply(status=0, end="silence")) as server:
        call = asyncio.create_task(make(server.url).complete(asking(stream=False)))
        async with asyncio.timeout(5):
            while not server.asked:
                await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(5):
            await server.left.wait()
    assert listener.names == ["llm:request", "llm:response"]
    _, told = requested(listener)
    assert told["status"] == "cancelled"
    assert "error" not in told


async def test_closing_ends_no_later_call(make: Make) -> None:
    async with Server(ANSWER.reply()) as server:
        provider = make(server.url)
        for _ in range(2):
            await provider.complete(asking(stream=False))
            await provider.close()
