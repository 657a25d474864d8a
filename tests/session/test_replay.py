"""The replay server sends exactly the bytes, cuts and faults that a test asks for."""

import asyncio

import httpx2
import pytest

from tests.support.replay import Replay, ndjson, reply, sse

pytestmark = pytest.mark.asyncio

EVENTS = [{"type": "start", "text": "é"}, {"type": "end"}]


async def chunks(server: Replay) -> list[bytes]:
    async with httpx2.AsyncClient(trust_env=False) as client, client.stream("POST", server.url) as response:
        return [chunk async for chunk in response.aiter_raw()]


async def test_answers_come_in_order_and_requests_are_remembered() -> None:
    limited = reply({"a": "é"}, status=429, headers={"retry-after": "7"})
    async with Replay(limited, reply("plain")) as server, httpx2.AsyncClient(trust_env=False) as client:
        first = await client.post(f"{server.url}/v1/chat?alt=sse", json={"q": 1}, headers={"X-Key": "k"})
        second = await client.get(f"{server.url}/v1/models")
        beyond = await client.get(f"{server.url}/v1/models")

    assert (first.status_code, first.json(), first.headers["retry-after"]) == (429, {"a": "é"}, "7")
    assert (second.text, beyond.status_code) == ("plain", 599)
    asked = server.asked[0]
    assert (asked.method, asked.path, asked.query, asked.json()) == ("POST", "/v1/chat", {"alt": ["sse"]}, {"q": 1})
    assert asked.headers["x-key"] == "k"


@pytest.mark.parametrize("cut", [1, 7, [3, 20], None])
async def test_a_stream_arrives_with_the_cuts_asked_for(cut: int | list[int] | None) -> None:
    whole = (
        'event: start\ndata: {"type": "start", "text": "é"}\n\nevent: end\ndata: {"type": "end"}\n\ndata: [DONE]\n\n'
    )
    async with Replay(sse(EVENTS, named=True, done="[DONE]", cut=cut)) as server:
        received = await chunks(server)

    assert b"".join(received) == whole.encode()
    sizes = [len(chunk) for chunk in received]
    match cut:
        case int():
            assert set(sizes[:-1]) == {cut}
        case list():
            assert sizes[:2] == [3, 17]
        case None:
            assert len(sizes) == 3


async def test_lines_end_with_one_newline_each() -> None:
    async with Replay(ndjson([{"a": 1}, {"b": 2}])) as server:
        assert await chunks(server) == [b'{"a": 1}\n', b'{"b": 2}\n']


async def test_a_truncated_body_is_a_protocol_error() -> None:
    async with Replay(sse(EVENTS, end="truncate")) as server:
        with pytest.raises(httpx2.RemoteProtocolError):
            await chunks(server)


async def test_a_reset_comes_after_what_was_read() -> None:
    read = asyncio.Event()
    received = b""
    async with Replay(sse(EVENTS, end="reset", hold=read)) as server:
        with pytest.raises(httpx2.ReadError):
            async with httpx2.AsyncClient(trust_env=False) as client, client.stream("GET", server.url) as response:
                async for chunk in response.aiter_raw():
                    received += chunk
                    if received.count(b"\n\n") == len(EVENTS):
                        read.set()

    assert b'"start"' in received


async def test_a_hanging_server_waits_for_the_client_to_give_up() -> None:
    async with Replay(sse(EVENTS, end="hang")) as server:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await chunks(server)
