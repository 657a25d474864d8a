"""Streams: the same answer however the bytes are cut, and the events that tell of it."""

import json

import pytest
from amplifier_core.llm_errors import LLMError

from amplifier_module_provider_gemini import response, sse
from amplifier_module_provider_gemini.answer import Answer
from amplifier_module_provider_gemini.http import TooLargeError, decode_event
from amplifier_module_provider_gemini.provider import NAME, TOTALS
from amplifier_module_provider_gemini.stream import apply
from tests.cases import Case, asking, bare, cases, differences, example, failure, seen
from tests.conftest import Make
from tests.listener import Listener, requested, told_of
from tests.server import Reply, Server, in_pieces

KIND = "text/event-stream"


def decoded(*pieces: bytes) -> list[str]:
    """Return the events in these pieces of a stream."""
    decoder = sse.Decoder()
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
        found = seen(answer.response(response.FINISH_REASONS, totals=TOTALS))
    except LLMError as error:
        found = failure(error)
    assert differences(case.expect, found) == []


@pytest.mark.parametrize("case", cases("stream"), ids=str)
def test_a_stream_may_be_cut_at_every_byte(case: Case) -> None:
    content, texts = case.stream(), case.texts()
    for cut in range(len(content)):
        assert decoded(content[:cut], content[cut:]) == texts


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("case", cases("stream"), ids=str)
def test_a_stream_may_come_byte_by_byte(case: Case, newline: str) -> None:
    content = case.stream(newline, spread=True)
    assert decoded(*in_pieces(content, 1)) == case.texts(spread=True)


FRAMES: dict[bytes, list[str]] = {
    b'data: {"a":1}\n\ndata: {"b":2}\n\n': ['{"a":1}', '{"b":2}'],
    b"data:no blank\r\n\r\ndata:  two blanks\r\n\r\n": ["no blank", " two blanks"],
    b"data: one\r\ndata: two\r\n\r\n": ["one\ntwo"],
    b"data: return\r\rdata: only\r\r": ["return", "only"],
    b"data: one\n\ndata: \xef\xbb\xbf\n\n": ["one", "\ufeff"],
    b"\xef\xbb\xbfdata: after a mark\n\n": ["after a mark"],
    b"\xef\xbb\xbf\xef\xbb\xbfdata: two marks\n\ndata: x\n\n": ["x"],
    b"event: x\nid: 7\nretry: 10\ndata: one\ndata: two:2\ndata\n: remark\n\n": ["one\ntwo:2\n"],
    "data: Grüße 🚀\n\n".encode(): ["Grüße 🚀"],
    b": ping\n\n\n\nevent: no data\n\ndata: x\n\n": ["x"],
    b"\n\xef\xbb\xbfdata: no mark any more\n\ndata: x\n\n": ["x"],
    b"data: both\r\n\ndata: ends\n\r\n": ["both", "ends"],
    b"data: whole line\n": ["whole line"],
    b"data: whole\n\ndata: cut o": ["whole"],
    b"data: \xff\n\n": ["\ufffd"],
    b"": [],
}


@pytest.mark.parametrize(("content", "events"), FRAMES.items())
def test_events_are_the_same_however_the_bytes_arrive(content: bytes, events: list[str]) -> None:
    assert decoded(*in_pieces(content, 1)) == events
    for cut in range(len(content) + 1):
        assert decoded(content[:cut], content[cut:]) == events


def test_an_event_is_given_as_soon_as_its_blank_line_is_there() -> None:
    decoder = sse.Decoder()
    assert list(decoder.feed(b"data: 1\r")) == []
    assert list(decoder.feed(b"\n\r")) == ["1"]
    assert list(decoder.feed(b"\ndata: 2\n\n")) == ["2"]


def test_an_event_has_an_end() -> None:
    """Its data are counted, and a line that is not whole; lines that are no data are not."""
    for pieces, fits in (
        ((b"data:123456", b"7890\n", b"\n"), False),
        ((b"data:1", b"234\n", b"\n"), True),
        ((b"data:12345\n", b"data:67890\n", b"\n", b"data:12345\n\n"), True),
        ((b"data:12345\n", b"data:678901\n"), False),
        ((b"data:12345\n", b"data:6"), False),
        ((b"data:12345\n", b"id:1", b"2\n", b"data:"), True),
        ((b"data:12345\n", b"id:1", b"2\n", b"data:6"), False),
        ((b": a long remark that is whole\n", b"data:1\n"), True),
        ((b"id:1", b"2345\n", b"id:12", b"345\n"), True),
        ((b"data:12345\n\n", b"data:12345"), True),
        ((b"data:", b"12", b"345", b"6"), False),
    ):
        assert _fits(sse.Decoder(limit=10), *pieces) is fits, pieces


def _fits(decoder: sse.Decoder, *pieces: bytes) -> bool:
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


def test_an_error_of_a_stream_may_be_a_bare_text() -> None:
    case = example("stream that fails")
    with pytest.raises(LLMError) as caught:
        apply(bare(case.data["events"][-1], case.data["said"]), Answer(NAME))
    assert json.loads(str(caught.value)) == {"error": {"message": case.data["said"]}}


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
