"""Which error leaves complete(), whatever the vendor or the network does."""

import asyncio
import json
import logging
import socket
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any

import amplifier_core.llm_errors as kernel
import pytest
from amplifier_core.message_models import ChatRequest, Message
from amplifier_core.testing import EventRecorder

from tests.package.transport.conftest import KEY, Make, asking, whole
from tests.support.replay import Exchange, Replay, reply, sse

pytestmark = pytest.mark.asyncio


def vendor_says(message: Any = None, kind: Any = None, code: Any = None, **more: Any) -> Any:
    return {"error": {"message": message, "type": kind, "code": code, **more}}


async def failure(provider: Make, exchange: Exchange, request: Any = None, **config: Any) -> kernel.LLMError:
    """Return the error of a call that is tried once."""
    async with Replay(exchange) as server:
        with pytest.raises(kernel.LLMError) as caught:
            await provider(server.url, **{"max_retries": 0, **config}).complete(request or whole())
    error = caught.value
    assert error.provider == "acme"
    assert error.model == "acme-1"
    assert str(error)
    assert error.__cause__ is not None
    return error


WORDS = [
    (400, vendor_says("x", code="context_length_exceeded"), kernel.ContextLengthError),
    (429, vendor_says("x", code="no_funds"), kernel.QuotaExceededError),
    (400, vendor_says("x", "slow_down"), kernel.RateLimitError),
    (500, vendor_says("There is no such model: x"), kernel.NotFoundError),
    (400, vendor_says("NO SUCH ENGINE", "invalid_request_error"), kernel.NotFoundError),
    (498, vendor_says("x"), kernel.ProviderUnavailableError),
    (429, vendor_says("You exceeded your current quota", retry_after="20s"), kernel.RateLimitError),
]


@pytest.mark.parametrize(("status", "body", "kind"), WORDS)
async def test_the_vendors_words_decide_before_the_status(
    provider: Make, status: int, body: Any, kind: type[kernel.LLMError]
) -> None:
    error = await failure(provider, reply(body, status=status))
    assert (type(error), error.status_code) == (kind, status)
    assert json.loads(str(error)) == body


@pytest.mark.parametrize("make", [lambda body: sse([{"text": "H"}, body]), lambda body: sse([body]), reply])
async def test_an_error_within_a_good_status_is_the_same_error(provider: Make, make: Callable[[Any], Exchange]) -> None:
    error = await failure(provider, make(vendor_says("Too many", "overloaded_error")), asking())
    assert type(error) is kernel.ProviderUnavailableError
    assert (error.status_code, error.delay_multiplier, error.retryable) == (529, 10, True)
    assert "Too many" in str(error)


PAGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>"


@pytest.mark.parametrize("text", [PAGE, "", '{"text": "H', "[1]", "null"])
async def test_a_good_status_without_an_answer_is_told(provider: Make, text: str) -> None:
    error = await failure(provider, reply(text))
    assert (type(error), error.status_code) == (kernel.ProviderUnavailableError, 200)


NOTHING: list[Any] = [
    {},
    {"detail": "Not authenticated"},
    {"object": "error", "message": "out of order"},
    {"text": "", "finish": None},
    {"usage": {"in": 1, "out": 0}},
]


@pytest.mark.parametrize("body", NOTHING)
@pytest.mark.parametrize("request_", [asking(), whole()])
async def test_a_reply_that_holds_no_answer_is_an_error(provider: Make, body: Any, request_: ChatRequest) -> None:
    error = await failure(provider, reply(body, status=201), request_)
    assert (type(error), error.status_code) == (kernel.ProviderUnavailableError, 201)
    assert json.dumps(body) in str(error)


async def test_what_holds_no_answer_is_asked_again(provider: Make) -> None:
    async with Replay(reply({}), sse([], done="[DONE]"), reply({"text": "Hi.", "finish": "stop"})) as server:
        assert (await provider(server.url).complete(asking())).text == "Hi."


@pytest.mark.parametrize(
    ("answer", "text", "reason"),
    [
        (reply({"text": "", "finish": "stop"}), None, "stop"),
        (sse([{"finish": "stop"}]), None, "stop"),
        (reply({"text": "Hi."}), "Hi.", None),
        (sse([{"text": "Hi."}], done="[DONE]"), "Hi.", None),
        (sse([{"call": {"name": "look"}}], done="[DONE]"), None, "tool_calls"),
    ],
)
async def test_an_answer_has_a_word_for_its_end_or_content_that_is_all_there(
    provider: Make, answer: Exchange, text: str | None, reason: str | None
) -> None:
    async with Replay(answer) as server:
        response = await provider(server.url, max_retries=0).complete(asking())
    assert (response.text, response.finish_reason) == (text, reason)


async def test_an_end_mark_alone_ends_no_answer(provider: Make) -> None:
    error = await failure(provider, sse([{"usage": {"in": 1, "out": 0}}], done="[DONE]"), asking())
    assert (type(error), error.retryable, error.status_code) == (kernel.StreamError, True, 200)


@pytest.mark.parametrize("end", ["truncate", "reset"])
async def test_a_whole_reply_that_breaks_off(provider: Make, end: Any) -> None:
    broken = Exchange(headers={"content-type": "application/json"}, chunks=(b'{"text": "Hi.",',), end=end)
    assert type(await failure(provider, broken)) is kernel.StreamError


@pytest.mark.parametrize("end", ["complete", "truncate", "reset"])
async def test_a_stream_that_ends_before_the_answer(provider: Make, recorder: EventRecorder, end: Any) -> None:
    error = await failure(provider, sse([{"text": "H"}], end=end), asking())
    assert (type(error), error.status_code) == (kernel.StreamError, 200)
    names = [name for name, _ in recorder.events]
    assert names[-2:] == ["llm:stream_aborted", "llm:response"]
    assert recorder.events[-2][1]["error"]["type"] == "StreamError"
    assert recorder.events[-2][1]["request_id"] == recorder.events[0][1]["request_id"]
    assert recorder.events[-1][1]["status"] == "error"
    assert recorder.events[-1][1]["error"] == str(error)


@pytest.mark.parametrize("event", ["{", "[]", "null", "text"])
async def test_an_event_that_is_no_object_breaks_the_stream(provider: Make, event: str) -> None:
    assert type(await failure(provider, sse([{"text": "H"}, event]), asking())) is kernel.StreamError


async def test_arguments_that_are_no_json(provider: Make, recorder: EventRecorder) -> None:
    call = {"call": {"index": 0, "id": "c1", "name": "look", "arguments": "{oops"}}
    error = await failure(provider, sse([call, {"finish": "tool_calls"}]), asking(), max_retries=3)
    assert type(error) is kernel.InvalidToolCallError
    assert recorder.events[-1][1]["status"] == "error"


async def test_nobody_listens(provider: Make) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(kernel.NetworkError) as caught:
            await provider(url, max_retries=0).complete(whole())
    assert caught.value.__cause__ is not None
    assert caught.value.status_code is None


async def test_a_server_that_speaks_something_else(provider: Make) -> None:
    async with Replay(Exchange(status=0)) as server:
        with pytest.raises(kernel.NetworkError):
            await provider(server.url, max_retries=0).complete(whole())


@pytest.mark.parametrize("key", ["with\nnewline", "späße", "nul\0"])
async def test_a_key_that_no_header_can_carry(acme: ModuleType, key: str) -> None:
    made = acme.AcmeProvider(key, base_url="http://127.0.0.1:9", config={"default_model": "m"})
    with pytest.raises(kernel.ConfigurationError) as caught:
        await made.complete(whole())
    assert key not in str(caught.value)


@pytest.mark.parametrize("url", ["ftp://x.example", "x.example", "https://", "https://x.example/?a=1", "http://"])
async def test_a_base_url_that_is_none(provider: Make, recorder: EventRecorder, url: str) -> None:
    with pytest.raises(kernel.ConfigurationError):
        await provider(url).complete(whole())
    assert recorder.events == []


async def test_what_cannot_be_asked_is_told_before_any_event(
    acme: ModuleType, provider: Make, recorder: EventRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    with pytest.raises(kernel.ConfigurationError, match="ACME_API_KEY"):
        await acme.AcmeProvider(config={"default_model": "m"}).complete(whole())
    with pytest.raises(kernel.ConfigurationError, match="default_model"):
        await provider("http://127.0.0.1:9", default_model="").complete(whole())
    assert recorder.events == []


async def test_an_empty_request_is_an_error_of_ours_or_an_answer(provider: Make) -> None:
    async with Replay(reply({"text": "?", "finish": "stop"})) as server:
        await provider(server.url).complete(ChatRequest(messages=[Message(role="system", content="")]))


async def test_the_key_never_shows(provider: Make, recorder: EventRecorder, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    said = vendor_says(f"Incorrect API key provided: {KEY}. Also sk-abcdefghijklmnopqrstuvwx, Bearer abcdefghijkl")
    error = await failure(provider, reply(said, status=401))
    told = f"{error!r} {recorder.events} {caplog.text}"
    assert KEY not in told
    assert "sk-abc" not in told
    assert "abcdefghijkl" not in told
    assert "Incorrect API key" in str(error)


async def _misspoken(said: bytes) -> asyncio.Server:
    """Return a server that answers every request with these bytes."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", 0)


def raw(head: str, body: str) -> bytes:
    return f"{head}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


ECHOES = [
    raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream", f"data: no JSON but {KEY}\n\n"),
    raw("HTTP/1.1 200 OK\r\ncontent-type: application/json", f"the key {KEY} is no JSON"),
    raw("HTTP/1.1 200 OK\r\ncontent-type: application/json", f'["{KEY}"]'),
    raw("HTTP/1.1 200 OK\r\ncontent-type: application/json", f'{{"said": "{KEY}"}}'),
    raw("HTTP/1.1 401 Nope\r\ncontent-type: application/json", f'{{"error": {{"message": "{KEY}"}}}}'),
    raw("HTTP/1.1 500 Oops\r\ncontent-type: text/html", f"<html><title>{KEY}</title></html>"),
    raw(f"HTTP/1.1 2OO {KEY}", ""),
    raw(f"HTTP/1.1 200 OK\r\nillegal header {KEY}", "{}"),
]


@pytest.mark.parametrize("said", ECHOES)
@pytest.mark.parametrize("call", ["complete", "list_models"])
async def test_the_key_is_in_no_traceback(
    provider: Make, caplog: pytest.LogCaptureFixture, said: bytes, call: str
) -> None:
    server = await _misspoken(said)
    host, port = server.sockets[0].getsockname()
    made = provider(f"http://{host}:{port}", max_retries=1)
    try:
        await (made.complete(asking()) if call == "complete" else made.list_models())
    except kernel.LLMError as error:
        logging.getLogger("caller").exception("The turn failed")
        shown = "".join(traceback.format_exception(error))
        assert KEY not in shown
        assert error.__cause__ is not None
        assert call == "list_models" or "[REDACTED]" in shown
    finally:
        server.close()
        await made.close()
    assert KEY not in caplog.text


async def test_a_secret_that_comes_back_in_a_header_stays_out_of_the_log(
    provider: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    echo = {"www-authenticate": f"Bearer {KEY}", "location": f"https://x.example/?key={KEY}"}
    async with Replay(reply({}, status=401, headers=echo)) as server:
        with pytest.raises(kernel.AuthenticationError):
            await provider(server.url).complete(whole())
    assert "www-authenticate" in caplog.text
    assert KEY not in caplog.text
