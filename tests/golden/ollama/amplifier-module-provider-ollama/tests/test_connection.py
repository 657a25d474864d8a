"""The connection: what is sent, how much is read, what a bad reply is called, and what of it all is logged."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from amplifier_core.llm_errors import ConfigurationError, InvalidRequestError, LLMError

from amplifier_module_provider_ollama import http
from amplifier_module_provider_ollama.http import (
    BrokenReplyError,
    Http,
    NoAnswerError,
    Reply,
    StatusError,
    TooLargeError,
    decode_event,
    encode,
    excerpt,
    joined,
)
from tests import server as vendor
from tests.server import Server, in_json, in_pieces

JSON = {"content-type": "application/json"}
PATIENCE = 10  # seconds for what takes none


async def ask(connection: Http, path: str = "/chat") -> object:
    """Return the JSON of a reply."""
    async with asyncio.timeout(PATIENCE), connection.open("POST", path, content=b"{}") as reply:
        return await reply.json()


@asynccontextmanager
async def replied(reply: vendor.Reply, idle_timeout: float | None = None) -> AsyncIterator[Reply]:
    """Give a reply as the package reads it."""
    async with Server(reply) as server:
        connection = Http(server.url)
        try:
            async with asyncio.timeout(PATIENCE), connection.open("GET", "/", idle_timeout=idle_timeout) as read:
                yield read
        finally:
            await connection.close()


async def refused(reply: vendor.Reply) -> StatusError:
    """Return the error of a reply whose status is not 2xx."""
    with pytest.raises(StatusError) as caught:
        async with replied(reply):
            pass
    return caught.value


@pytest.mark.asyncio
async def test_a_request_is_sent_as_it_was_made() -> None:
    async with Server(in_json({})) as server:
        connection = Http(f"{server.url}/v1/", headers={"x-own": "1"}, query={"key": "a b"}, connect_timeout=5)
        async with connection.open("PUT", "/v1/chat?x=1", content=b'{"a":1}', headers={"x-more": "2"}) as reply:
            assert (reply.status, reply.media_type, await reply.json()) == (200, "application/json", {})
        await connection.close()
    [asked] = server.asked
    assert (asked.method, asked.target, asked.body) == ("PUT", "/v1/chat?x=1&key=a+b", b'{"a":1}')
    sent = {name: asked.headers[name] for name in ("x-own", "x-more", "content-type")}
    assert sent == {"x-own": "1", "x-more": "2", **JSON}


@pytest.mark.asyncio
async def test_a_connection_serves_one_request_after_the_other() -> None:
    async with Server(in_json({})) as server:
        connection = Http(server.url)
        for _ in range(3):
            await ask(connection)
        assert server.connections == 1
        await connection.close()


@pytest.mark.asyncio
async def test_what_follows_the_part_that_was_read_does_not_cost_the_connection() -> None:
    async with Server(vendor.Reply((b"1", b"2", b"3"))) as server:
        connection = Http(server.url)
        for _ in range(2):
            async with connection.open("GET", "/") as reply:
                assert await anext(reply.chunks())
        assert server.connections == 1
        await connection.close()


@pytest.mark.asyncio
async def test_what_does_not_follow_soon_is_not_waited_for() -> None:
    async with replied(vendor.Reply((b"1",), end="silence")) as reply:
        assert await anext(reply.chunks()) == b"1"


@pytest.mark.asyncio
@pytest.mark.parametrize("end", ["closed", "reset"])
async def test_what_breaks_off_after_the_part_that_was_read_is_no_matter(end: str) -> None:
    async with replied(vendor.Reply((b"1",), end=end)) as reply:  # type: ignore[arg-type]
        assert await anext(reply.chunks()) == b"1"


@pytest.mark.asyncio
async def test_any_number_of_requests_are_under_way_at_once() -> None:
    async with Server(vendor.Reply(end="silence")) as server:
        connection = Http(server.url)
        calls = [asyncio.create_task(ask(connection)) for _ in range(120)]
        async with asyncio.timeout(PATIENCE):
            while len(server.asked) < len(calls):
                await asyncio.sleep(0)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await connection.close()


@pytest.mark.asyncio
async def test_a_connection_may_be_used_in_one_event_loop_after_the_other() -> None:
    async with Server(in_json({"a": 1})) as server:
        connection = Http(server.url)
        for _ in range(2):
            assert await asyncio.to_thread(lambda: asyncio.run(ask(connection))) == {"a": 1}


@pytest.mark.asyncio
async def test_closing_ends_the_connections_and_takes_no_more_requests() -> None:
    async with Server(in_json({})) as server:
        connection = Http(server.url)
        await ask(connection)
        await connection.close()
        async with asyncio.timeout(PATIENCE):
            await server.left.wait()
        with pytest.raises(LLMError, match=r"^the provider was closed$"):
            await ask(connection)
        await connection.close()
        assert len(server.asked) == 1


@pytest.mark.asyncio
async def test_closing_goes_on_while_it_is_cancelled() -> None:
    async with Server(in_json({})) as server:
        connection = Http(server.url)
        await ask(connection)
        closing = asyncio.create_task(connection.close())
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.wait([closing])
        async with asyncio.timeout(PATIENCE):
            await server.left.wait()


@pytest.mark.parametrize("url", ["", "x.example", "ftp://x.example", "https://", "http://x.example:port"])
def test_a_base_url_must_be_one(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^base_url (must|is) "):
        Http(url)


@pytest.mark.parametrize("url", ["https://x.example/?a=1", "https://x.example/#a"])
def test_a_base_url_has_neither_query_nor_fragment(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^base_url must have neither a query nor a fragment$"):
        Http(url)


@pytest.mark.asyncio
@pytest.mark.parametrize("value", ["späße", "with\nnewline", "nul\0", "delete\x7f"])
async def test_a_header_must_be_one(value: str) -> None:
    with pytest.raises(ConfigurationError, match="the header x-own") as caught:
        Http("http://127.0.0.1:9", headers={"x-fine": "~ \t", "x-own": value})
    assert value not in str(caught.value)
    with pytest.raises(ConfigurationError, match="the header x-own"):
        async with Http("http://127.0.0.1:9").open("GET", "/", headers={"x-own": value}):
            pass


@pytest.mark.parametrize(
    ("base_url", "path", "url"),
    [
        ("https://x.example", "/v1/chat", "https://x.example/v1/chat"),
        ("https://x.example/v1", "/v1/chat", "https://x.example/v1/chat"),
        ("https://x.example/api/v1", "/v1/chat", "https://x.example/api/v1/chat"),
        ("https://x.example/v1", "/v2/chat", "https://x.example/v1/v2/chat"),
        ("https://x.example/api/v1", "/api/v1/chat", "https://x.example/api/v1/chat"),
        ("https://x.example/v1/v1", "/v1/v1/chat", "https://x.example/v1/v1/chat"),
        ("https://x.example/api/v1", "/api/chat", "https://x.example/api/v1/api/chat"),
        ("https://x.example/v1/chat", "/v1/chat", "https://x.example/v1/chat"),
        ("https://v1", "/v1/chat", "https://v1/v1/chat"),
        ("https://x.example", "/", "https://x.example/"),
    ],
)
def test_a_base_url_and_a_path_share_what_both_have(base_url: str, path: str, url: str) -> None:
    assert joined(base_url, path) == url


def test_a_body_is_sent_as_short_json() -> None:
    assert encode({"a": [1, "Grüße"], "b": None}) == '{"a":[1,"Grüße"],"b":null}'.encode()
    assert encode({"a": "lone \ud83d"}) == b'{"a":"lone ?"}'


@pytest.mark.parametrize("body", [{"a": object()}, {"a": float("nan")}, {"a": float("inf")}])
def test_what_is_no_json_is_not_sent(body: object) -> None:
    with pytest.raises(InvalidRequestError, match=r"the request is no JSON: .+") as caught:
        encode(body)
    assert isinstance(caught.value.__cause__, TypeError | ValueError)


def test_a_body_is_shown_by_its_beginning() -> None:
    assert excerpt({"a": "Grüße"}) == '{"a": "Grüße"}'
    assert len(excerpt(["x" * 1000])) == 300


def test_an_event_is_a_json_object() -> None:
    assert decode_event('{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "not JSON: {"), ("[1]", "not a JSON object: [1]"), ("[" * 100_000, "not JSON: " + "[" * 300)],
    ids=["cut", "list", "deep"],
)
def test_an_event_that_is_none_is_shown(text: str, said: str) -> None:
    with pytest.raises(BrokenReplyError) as caught:
        decode_event(text)
    assert str(caught.value) == f"an event of the stream is {said}"
    assert isinstance(caught.value.__cause__, ValueError)


@pytest.mark.asyncio
async def test_a_reply_is_read_whole_in_whatever_pieces() -> None:
    content = b'\xef\xbb\xbf{"a": "' + b"x" * 1000 + b'", "b": "\xff"}'
    async with replied(vendor.Reply(in_pieces(content, 100), 201, JSON)) as reply:
        assert reply.status == 201
        assert await reply.json() == {"a": "x" * 1000, "b": "\ufffd"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("content", "headers", "said"),
    [
        (b"", {}, "HTTP status 200, no content type: not JSON: empty"),
        (b"  ", JSON, "HTTP status 200, application/json: not JSON: empty"),
        (b" [1] ", {"content-type": "Text/Plain; charset=x"}, "HTTP status 200, text/plain: not a JSON object: [1]"),
        (b"x" * 1000, JSON, "HTTP status 200, application/json: not JSON: " + "x" * 300),
    ],
    ids=["empty", "blank", "list", "text"],
)
async def test_a_reply_that_is_no_json_object_is_shown(content: bytes, headers: dict[str, str], said: str) -> None:
    with pytest.raises(NoAnswerError) as caught:
        async with replied(vendor.Reply((content,) if content else (), headers=headers)) as reply:
            await reply.json()
    assert (str(caught.value), caught.value.status) == (said, 200)
    assert isinstance(caught.value.__cause__, ValueError)


@pytest.mark.asyncio
@pytest.mark.parametrize("end", ["closed", "reset"])
async def test_a_reply_that_breaks_off_says_so(end: str) -> None:
    with pytest.raises(BrokenReplyError) as caught:
        async with replied(vendor.Reply((b'{"a":',), 202, JSON, end=end)) as reply:  # type: ignore[arg-type]
            await reply.json()
    cause = caught.value.__cause__
    assert isinstance(cause, httpx2.HTTPError)
    assert str(caught.value) == f"the reply broke off: {str(cause) or type(cause).__name__}"
    assert caught.value.status == 202


@pytest.mark.asyncio
async def test_a_reply_that_cannot_be_unpacked_is_broken() -> None:
    with pytest.raises(BrokenReplyError):
        async with replied(vendor.Reply((b"no gzip",), headers={"content-encoding": "gzip"})) as reply:
            await reply.json()


@pytest.mark.asyncio
async def test_a_reply_that_falls_silent_is_given_up() -> None:
    with pytest.raises(httpx2.ReadTimeout):
        async with replied(vendor.Reply((b"{",), end="silence"), idle_timeout=0.05) as reply:
            await reply.json()


@pytest.mark.asyncio
async def test_a_reply_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_BODY_BYTES", 1000)
    content = b'{"a": "' + b"x" * 991 + b'"}'
    async with replied(vendor.Reply(in_pieces(content, 100))) as reply:
        assert await reply.json() == {"a": "x" * 991}
    with pytest.raises(TooLargeError, match="longer than 1000 bytes") as caught:
        async with replied(vendor.Reply(in_pieces(content + b" ", 100))) as reply:
            await reply.json()
    assert caught.value.status == 200


@pytest.mark.asyncio
async def test_a_little_that_unpacks_to_a_lot_lets_others_have_their_turn() -> None:
    size, turns = 8 * 1024 * 1024, 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    packed = gzip.compress(bytes(size))
    async with replied(vendor.Reply((packed,), headers={"content-encoding": "gzip"})) as reply:
        task = asyncio.create_task(others())
        pieces = [len(chunk) async for chunk in reply.chunks()]
        task.cancel()
    assert sum(pieces) == size
    assert max(pieces) <= 128 * 1024
    assert turns >= size // (128 * 1024) - 10


@pytest.mark.asyncio
async def test_a_refusal_has_status_headers_and_body() -> None:
    content = ' {"error": "Grüße"} '.encode()
    reply = vendor.Reply(in_pieces(content, 5), 429, {"Retry-After": "7"})
    failure = await refused(reply)
    assert (failure.status, failure.headers["retry-after"]) == (429, "7")
    assert (failure.text, failure.fields) == ('{"error": "Grüße"}', {"error": "Grüße"})
    assert str(failure) == "HTTP status 429"
    assert (await refused(vendor.Reply((b"\xff",), 500))).text == "\ufffd"


@pytest.mark.asyncio
async def test_of_a_long_refusal_the_beginning_is_read() -> None:
    most = 256 * 1024
    async with asyncio.timeout(PATIENCE):
        failure = await refused(vendor.Reply(in_pieces(b"x" * (most + 9), 10_000), 500, end="silence"))
    assert failure.text == "x" * most


@pytest.mark.asyncio
@pytest.mark.parametrize("end", ["closed", "reset", "silence"])
async def test_a_refusal_counts_though_its_body_does_not_end(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_ERROR_SECONDS", 0.05)
    failure = await refused(vendor.Reply((b"begun",), 503, end=end))  # type: ignore[arg-type]
    assert failure.status == 503
    assert failure.text in ("begun", "")


@pytest.mark.asyncio
async def test_the_query_is_in_no_log_though_the_request_is(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "httpx2")
    async with Server(in_json({})) as server:
        connection = Http(server.url, query={"key": "k-0123456789"})
        await ask(connection, "/v1/chat")
        await connection.close()
    [asked] = server.asked
    assert asked.target == "/v1/chat?key=k-0123456789"
    [line] = [record.getMessage() for record in caplog.records if record.name == "httpx2"]
    assert f"POST {server.url}/v1/chat " in line
    assert "200" in line
    assert "k-0123456789" not in caplog.text


@pytest.mark.asyncio
async def test_headers_of_replies_are_logged_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with Server(in_json({}, x_echo="Bearer abcdefghijkl")) as server:
        connection = Http(server.url)
        await ask(connection)
        await connection.close()
    told = [record.getMessage() for record in caplog.records if record.name == "httpcore2.http11"]
    assert any("Bearer [REDACTED]" in line for line in told)
    assert "abcdefghijkl" not in caplog.text
