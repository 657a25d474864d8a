from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tests.package.transport.conftest import Part


def decoded(decoder: Any, chunks: Iterable[bytes]) -> list[str]:
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [*events, *decoder.end()]


def cuts(data: bytes) -> Iterator[list[bytes]]:
    """Every way to part the bytes in two, and all bytes one by one."""
    yield [data]
    yield [data[index : index + 1] for index in range(len(data))]
    yield from ([data[:index], data[index:]] for index in range(1, len(data)))


SSE = {
    b'data: {"a":1}\n\ndata: {"b":2}\n\n': ['{"a":1}', '{"b":2}'],
    b"data:no blank\r\n\r\ndata:  two blanks\r\n\r\n": ["no blank", " two blanks"],
    b"data: one\r\ndata: two\r\n\r\n": ["one\ntwo"],
    b"data: return\r\rdata: only\r\r": ["return", "only"],
    b"\xef\xbb\xbfdata: after a mark\n\n": ["after a mark"],
    b"event: x\nid: 7\nretry: 10\ndata: one\ndata: two\ndata\n: remark\n\n": ["one\ntwo\n"],
    "data: Grüße 🚀\n\n".encode(): ["Grüße 🚀"],
    b": ping\n\n\n\nevent: no data\n\ndata: x\n\n": ["x"],
    b"data: whole line\n": ["whole line"],
    b"data: whole\n\ndata: cut o": ["whole"],
    b"data: \xff\n\n": ["\ufffd"],
    b"": [],
}


@pytest.mark.parametrize(("data", "events"), SSE.items())
def test_server_sent_events_are_the_same_however_the_bytes_arrive(part: Part, data: bytes, events: list[str]) -> None:
    for chunks in cuts(data):
        assert decoded(part("sse").Decoder(), chunks) == events


def test_an_event_is_given_as_soon_as_its_blank_line_is_there(part: Part) -> None:
    decoder = part("sse").Decoder()
    assert list(decoder.feed(b"data: 1\r")) == []
    assert list(decoder.feed(b"\n\r")) == ["1"]
    assert list(decoder.feed(b"\ndata: 2\n\n")) == ["2"]


NDJSON = {
    b'{"a":1}\n{"b":2}\n': ['{"a":1}', '{"b":2}'],
    b'{"a":1}\r\n\r\n \n{"b":2}': ['{"a":1}', '{"b":2}'],
    '\ufeff{"ü":"🚀"}\n'.encode(): ['{"ü":"🚀"}'],
    b"": [],
}


@pytest.mark.parametrize(("data", "lines"), NDJSON.items())
def test_lines_of_json_are_the_same_however_the_bytes_arrive(part: Part, data: bytes, lines: list[str]) -> None:
    for chunks in cuts(data):
        assert decoded(part("ndjson").Decoder(), chunks) == lines


@pytest.mark.parametrize("framing", ["sse", "ndjson"])
def test_a_line_without_end_is_given_up_at_the_limit(part: Part, framing: str) -> None:
    decoder = part(framing).Decoder(limit=100)
    with pytest.raises(part("http").TooLargeError):
        for _ in range(30):
            list(decoder.feed(b"data: 123456"))


def test_an_event_of_endless_lines_is_given_up_at_the_limit(part: Part) -> None:
    decoder = part("sse").Decoder(limit=100)
    with pytest.raises(part("http").TooLargeError):
        for _ in range(30):
            list(decoder.feed(b"data: 123456\n"))
