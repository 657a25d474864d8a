"""The table of faults: what the server does, and what the call must come to, for every framing."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from tests.faults.outcomes import (
    ANSWER,
    BROKEN,
    GIVEN_UP,
    SAME,
    SILENT,
    TOO_LARGE,
    UNAVAILABLE,
    UNREACHED,
    Outcome,
)
from tests.faults.server import Line, head
from tests.faults.subjects import Subject

Play = Callable[[Line, Subject], Awaitable[None]]
Place = Literal["here", "nowhere", "tls to plain", "tls to none", "untrusted"]

MEGABYTE = 1024 * 1024
PAGE = b"<!DOCTYPE html><html><head><title>Just a moment</title></head><body>\n\n<p>data</p></body></html>\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """One row: `patience` are the seconds that the provider is configured to wait for the next byte.

    `memory` are the megabytes that a call may take with a reply that is so large; 0 is not measured.
    """

    name: str
    outcome: Outcome
    play: Play
    place: Place = "here"
    patience: float = 10.0
    timeout: float = 20.0
    memory: int = 0


async def well(line: Line, subject: Subject) -> None:
    """Send the recorded stream."""
    await line.head(subject.framing.media_type)
    await line.send(*subject.frames())
    await line.finish()


async def _never(line: Line, subject: Subject) -> None:
    raise AssertionError("nothing can be asked")


async def _close(line: Line, subject: Subject) -> None:
    """Close without a word."""


async def _reset(line: Line, subject: Subject) -> None:
    line.reset()


async def _silence(line: Line, subject: Subject) -> None:
    await line.silence()


def _after(data: Callable[[Subject], bytes], then: Play) -> Play:
    """Send bytes that may be no HTTP at all, then do something."""

    async def play(line: Line, subject: Subject) -> None:
        await line.raw(data(subject))
        await then(line, subject)

    return play


def _whole_head(subject: Subject) -> bytes:
    return head(subject.framing.media_type)


def _half_head(subject: Subject) -> bytes:
    return head(subject.framing.media_type)[:40]


def _begun(subject: Subject) -> bytes:
    """Return the head and the stream up to the middle of an event that shows text."""
    index, _ = subject.text
    frames = subject.frames()
    shown = b"".join(frames[: index + 1]) + frames[index + 1][:20]
    return _whole_head(subject) + b"%x\r\n%b\r\n" % (len(shown), shown)


async def _slow_head(line: Line, subject: Subject) -> None:
    for byte in _whole_head(subject):
        await line.raw(bytes([byte]))
        await asyncio.sleep(0)
    await line.send(*subject.frames())
    await line.finish()


async def _endless_head(line: Line, subject: Subject) -> None:
    await line.raw(b"HTTP/1.1 200 Scripted\r\n")
    while True:
        await line.raw(b"x-more: more\r\n" * 100)


async def _informed_first(line: Line, subject: Subject) -> None:
    await line.raw(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
    await well(line, subject)


async def _empty(line: Line, subject: Subject) -> None:
    await line.head(subject.framing.media_type)
    await line.finish()


async def _silent_after_all(line: Line, subject: Subject) -> None:
    await line.head(subject.framing.media_type)
    await line.send(*subject.frames())
    await line.silence()


def _body(
    media_type: str | None, body: Callable[[Subject], bytes], encoding: str = "identity", status: int = 200
) -> Play:
    """Send a whole body under this content type."""

    async def play(line: Line, subject: Subject) -> None:
        await line.head(media_type or subject.framing.media_type, status, {"content-encoding": encoding})
        await line.send(body(subject))
        await line.finish()

    return play


def _stream(subject: Subject) -> bytes:
    return b"".join(subject.frames())


def _bytewise(subject: Subject) -> list[bytes]:
    return [bytes([byte]) for byte in _stream(subject)]


async def _byte_by_byte(line: Line, subject: Subject) -> None:
    await line.head(subject.framing.media_type)
    await line.send(*_bytewise(subject))
    await line.finish()


async def _with_filler(line: Line, subject: Subject) -> None:
    await line.head(subject.framing.media_type)
    for frame in subject.frames():
        await line.send(subject.framing.filler(100), frame)
    await line.finish()


async def _untyped(line: Line, subject: Subject) -> None:
    await line.head(None)
    await line.send(*subject.frames())
    await line.finish()


async def _long_line(line: Line, subject: Subject) -> None:
    index, _ = subject.text
    frames = subject.frames(
        (*subject.events[: index + 1], subject.saying("x" * (10 * MEGABYTE)), *subject.events[index + 1 :])
    )
    await line.head(subject.framing.media_type)
    for frame in frames:
        await line.send(*(frame[start : start + MEGABYTE] for start in range(0, len(frame), MEGABYTE)))
    await line.finish()


async def _endless_line(line: Line, subject: Subject) -> None:
    await line.head(subject.framing.media_type)
    await line.send(subject.framing.frame(b'{"text":"').rstrip())
    piece = b"x" * MEGABYTE
    while True:
        await line.send(piece)


async def _endless_filler(line: Line, subject: Subject) -> None:
    await line.head(subject.framing.media_type)
    piece = subject.framing.filler(MEGABYTE)
    while True:
        await line.send(piece)


async def _endless_text(line: Line, subject: Subject) -> None:
    index, _ = subject.text
    await line.head(subject.framing.media_type)
    await line.send(*subject.frames(subject.events[:index])[:index])
    [piece, *_] = subject.frames((subject.saying("x" * MEGABYTE),))
    while True:
        await line.send(piece)


async def _bomb(line: Line, subject: Subject) -> None:
    """Send a little that becomes 200 MB when it is decompressed."""
    [piece, *_] = subject.frames((subject.saying("x" * MEGABYTE),))
    await line.head(subject.framing.media_type, headers={"content-encoding": "gzip"})
    packer = zlib.compressobj(wbits=31)
    await line.send(b"".join((*(packer.compress(piece) for _ in range(200)), packer.flush())))
    await line.silence()


async def _bomb_of_lines(line: Line, subject: Subject) -> None:
    """Send a little that becomes 60 million lines with nothing in them."""
    await line.head(subject.framing.media_type, headers={"content-encoding": "gzip"})
    await line.send(gzip.compress(b"\n" * (60 * MEGABYTE), 1))
    await line.silence()


async def _broken_error(line: Line, subject: Subject) -> None:
    await line.head("application/json", 503)
    await line.send(b'{"error": {"mess')


async def _endless_error(line: Line, subject: Subject) -> None:
    await line.head("text/plain", 503)
    piece = b"x" * MEGABYTE
    while True:
        await line.send(piece)


TABLE = (
    # The connection
    Fault("connection refused", UNREACHED, _never, place="nowhere"),
    Fault("closed without a reply", UNREACHED, _close),
    Fault("reset without a reply", UNREACHED, _reset),
    Fault("TLS to a server that speaks none", UNREACHED, _never, place="tls to plain"),
    Fault("TLS that is never answered", SILENT, _never, place="tls to none", patience=0.1),
    Fault("TLS with an untrusted certificate", UNREACHED, _never, place="untrusted"),
    Fault("no reply", SILENT, _silence, patience=0.1),
    Fault("no reply, and the caller's time is up", GIVEN_UP, _silence, timeout=0.2),
    # The head
    Fault("not HTTP", UNREACHED, _after(lambda _: b"220 mail.example ESMTP\r\n\r\n", _close)),
    Fault("half a head, then silence", SILENT, _after(_half_head, _silence), patience=0.1),
    Fault("half a head, then closed", UNREACHED, _after(_half_head, _close)),
    Fault("half a head, then reset", UNREACHED, _after(_half_head, _reset)),
    Fault("slow headers", SAME, _slow_head),
    Fault("endless headers", UNREACHED, _endless_head),
    Fault("an informational head first", SAME, _informed_first),
    Fault("header only, then silence", SILENT, _after(_whole_head, _silence), patience=0.1),
    Fault("header only, then closed", BROKEN, _after(_whole_head, _close)),
    Fault("header only, then reset", BROKEN, _after(_whole_head, _reset)),
    Fault("header only, then the proper end", BROKEN, _empty),
    # The body breaks off
    Fault("closed in the middle of an event", BROKEN, _after(_begun, _close)),
    Fault("reset in the middle of an event", BROKEN, _after(_begun, _reset)),
    Fault("silence in the middle of an event", SILENT, _after(_begun, _silence), patience=0.1),
    Fault("the caller's time is up in the middle of an event", GIVEN_UP, _after(_begun, _silence), timeout=0.3),
    Fault("silence after the last event", SILENT, _silent_after_all, patience=0.1),
    # The body comes otherwise
    Fault("bytewise", SAME, _byte_by_byte),
    Fault("in one piece", SAME, _body(None, _stream)),
    Fault("filler between the events", SAME, _with_filler),
    Fault("gzip", SAME, _body(None, lambda subject: gzip.compress(_stream(subject)), "gzip")),
    Fault("gzip that breaks off", BROKEN, _body(None, lambda subject: gzip.compress(_stream(subject))[:60], "gzip")),
    Fault("gzip that is none", BROKEN, _body(None, _stream, "gzip")),
    Fault("an encoding that nobody knows", SAME, _body(None, _stream, "unheard-of")),
    # The wrong thing comes
    Fault("content type text/plain", SAME, _body("text/plain; charset=latin-1", _stream)),
    Fault("content type application/octet-stream", SAME, _body("application/octet-stream", _stream)),
    Fault("content type of nonsense", SAME, _body(";;;", _stream)),
    Fault("no content type", SAME, _untyped),
    Fault("content type application/json", UNAVAILABLE, _body("application/json", _stream)),
    Fault("200 with HTML", UNAVAILABLE, _body("text/html", lambda _: PAGE)),
    Fault("200 with HTML called a stream", BROKEN, _body(None, lambda _: PAGE)),
    Fault("200 with an empty object", UNAVAILABLE, _body("application/json", lambda _: b"{}")),
    Fault("200 with an object of another kind", UNAVAILABLE, _body("application/json", lambda _: b'{"detail": "No."}')),
    Fault("nothing but the end of a stream", BROKEN, _body(None, lambda subject: b"".join(subject.frames(())))),
    Fault("200 with another protocol's bytes", BROKEN, _body(None, lambda _: bytes(range(256)) * 10)),
    Fault("503 with HTML", UNAVAILABLE, _body("text/html", lambda _: PAGE, status=503)),
    Fault("503 that breaks off", UNAVAILABLE, _broken_error),
    # Too much comes
    Fault("a line of 10 MB", ANSWER, _long_line, memory=80),
    Fault("an endless line", TOO_LARGE, _endless_line, memory=40),
    Fault("an endless stream of text", TOO_LARGE, _endless_text, memory=140),
    Fault("an endless stream of nothing", TOO_LARGE, _endless_filler, memory=20),
    Fault("gzip that becomes 200 MB", TOO_LARGE, _bomb, memory=140),
    Fault("gzip that becomes 60 million lines", GIVEN_UP, _bomb_of_lines, timeout=0.5, memory=140),
    Fault("503 with an endless body", UNAVAILABLE, _endless_error, memory=20),
)
