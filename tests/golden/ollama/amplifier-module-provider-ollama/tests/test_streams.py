"""Streams: the same answer however the bytes are cut, and the events that tell of it."""

import pytest
from amplifier_core.llm_errors import LLMError

from amplifier_module_provider_ollama import ndjson, response
from amplifier_module_provider_ollama.answer import Answer
from amplifier_module_provider_ollama.http import TooLargeError, decode_event
from amplifier_module_provider_ollama.provider import NAME
from amplifier_module_provider_ollama.stream import apply
from tests.cases import Case, asking, cases, differences, example, failure, seen
from tests.conftest import Make
from tests.listener import Listener, requested, told_of
from tests.server import Reply, Server, in_pieces

KIND = "application/x-ndjson"


def decoded(*pieces: bytes) -> list[str]:
    """Return the events in these pieces of a stream."""
    decoder = ndjson.Decoder()
    found = [event for piece in pieces for event in decoder.feed(piece)]
    return [*found, *decoder.end()]


def folded(events: list[str]) -> Answer:
    """Return the answer that events tell."""
    answer = Answer(NAME)
    for event in events:
        apply(decode_event(event), answer)
        answer.drain()
    return answer


@pytest.mark.parametrize("case", [*cases("stream"), *cases("stream at once")], ids=str)
def test_a_stream_becomes_an_answer(case: Case) -> None:
    try:
        answer = folded(decoded(case.stream()))
        found = seen(answer.response(response.FINISH_REASONS))
    except LLMError as error:
        found = failure(error)
    assert differences(case.expect, found) == []


@pytest.mark.parametrize("case", cases("stream"), ids=str)
def test_a_stream_may_be_cut_at_every_byte(case: Case) -> None:
    content, texts = case.stream(), case.texts()
    for cut in range(len(content)):
        assert decoded(content[:cut], content[cut:]) == texts


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("case", cases("stream"), ids=str)
def test_a_stream_may_come_byte_by_byte(case: Case, newline: str) -> None:
    content = case.stream(newline, spread=True)
    assert decoded(*in_pieces(content, 1)) == case.texts(spread=True)


FRAMES: dict[bytes, list[str]] = {
    b'{"a":1}\n{"b":2}\n': ['{"a":1}', '{"b":2}'],
    b'{"a":1}\r\n\r\n \n{"b":2}': ['{"a":1}', '{"b":2}'],
    '\ufeff{"ü":"🚀"}\n'.encode(): ['{"ü":"🚀"}'],
    b'{"a":"\xff"}\n': ['{"a":"\ufffd"}'],
    b"": [],
}


@pytest.mark.parametrize(("content", "events"), FRAMES.items())
def test_events_are_the_same_however_the_bytes_arrive(content: bytes, events: list[str]) -> None:
    assert decoded(*in_pieces(content, 1)) == events
    for cut in range(len(content) + 1):
        assert decoded(content[:cut], content[cut:]) == events


def test_a_line_is_given_as_soon_as_it_ends() -> None:
    decoder = ndjson.Decoder()
    assert list(decoder.feed(b'{"a":1}')) == []
    assert list(decoder.feed(b'\n{"b"')) == ['{"a":1}']


def test_a_line_has_an_end() -> None:
    for pieces, fits in (
        ((b"12345", b"67890"), True),
        ((b"12345", b"678901"), False),
        ((b"12345", b"6\n", b"12345", b"67890"), True),
        ((b"12345678901",), False),
    ):
        assert _fits(ndjson.Decoder(limit=10), *pieces) is fits, pieces


def _fits(decoder: ndjson.Decoder, *pieces: bytes) -> bool:
    """Return whether all pieces are taken."""
    try:
        for piece in pieces:
            list(decoder.feed(piece))
    except TooLargeError as error:
        assert "longer than 10 bytes" in str(error)
        return False
    return True


@pytest.mark.asyncio
@pytest.mark.parametrize("case", cases("stream", fails=False), ids=str)
async def test_a_stream_over_a_socket_tells_its_story(case: Case, make: Make, listener: Listener) -> None:
    async with Server(Reply(in_pieces(case.stream(), 97), headers={"content-type": KIND})) as server:
        answered = await make(server.url).complete(asking())
    assert differences(case.expect, seen(answered)) == []
    request, told = requested(listener)
    assert (request["streaming"], told["status"]) == (True, "ok")
    told_of(listener, answered)


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 21, 34, 55, 1000])
async def test_a_stream_over_a_socket_may_come_in_pieces(size: int, make: Make, listener: Listener) -> None:
    shown = example("stream of a text")
    async with Server(Reply(in_pieces(shown.stream(), size), headers={"content-type": KIND})) as server:
        answered = await make(server.url).complete(asking())
    assert differences(shown.expect, seen(answered)) == []
    told_of(listener, answered)


@pytest.mark.asyncio
@pytest.mark.parametrize("case", cases("stream", fails=True), ids=str)
async def test_a_stream_over_a_socket_fails_once(case: Case, make: Make, listener: Listener) -> None:
    async with Server(case.reply()) as server:
        with pytest.raises(LLMError) as caught:
            await make(server.url).complete(asking())
    assert differences(case.expect, failure(caught.value)) == []
    assert case.data.get("said", "") in str(caught.value)
    _, told = requested(listener)
    assert told["status"] == "error"
    begun = "llm:stream_block_delta" in listener.names
    assert listener.names.count("llm:stream_aborted") == begun
