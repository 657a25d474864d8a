"""A server on loopback that gives canned answers byte for byte, faults included, and remembers what it was asked."""

import asyncio
import json
import socket
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

End = Literal["complete", "truncate", "reset", "hang"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer.

    `chunks` are sent as the chunks of a chunked body, so a client reads them with exactly these cuts. `end` tells what
    follows the last one: the proper end, a closed connection before it, a TCP reset, or silence until the client goes.
    With `hold`, the end waits for that event, so that a fault comes after the client has read the chunks. `head` stands
    in for the status line and all headers, with the empty line after them, whatever it is.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: tuple[bytes, ...] = ()
    end: End = "complete"
    hold: asyncio.Event | None = None
    head: bytes | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        """The decoded query."""
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def reply(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Exchange:
    """Answer with `body`: text as it is, anything else as JSON."""
    kind = "text/plain; charset=utf-8" if isinstance(body, str) else "application/json"
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Exchange(status=status, headers={"content-type": kind, **(headers or {})}, chunks=(text.encode(),))


def sse(
    events: Iterable[Any],
    *,
    done: str | None = None,
    named: bool = False,
    newline: str = "\n",
    cut: int | Sequence[int] | None = None,
    end: End = "complete",
    hold: asyncio.Event | None = None,
) -> Exchange:
    """Answer with server-sent events.

    Args:
        events: The data of each event, as JSON; text is sent as it is.
        done: A closing marker such as `[DONE]`.
        named: Send the `type` of each event as its `event:` name too.
        newline: The line ending.
        cut: The size of the chunks in bytes, or the offsets at which to cut; None sends one chunk per event.
        end: What follows the last chunk.
        hold: What the end waits for.
    """
    texts = []
    for event in events:
        name = f"event: {event['type']}{newline}" if named and isinstance(event, Mapping) else ""
        data = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
        texts.append(f"{name}data: {data}{newline}{newline}")
    if done is not None:
        texts.append(f"data: {done}{newline}{newline}")
    chunks = _cut([text.encode() for text in texts], cut)
    return Exchange(headers={"content-type": "text/event-stream"}, chunks=chunks, end=end, hold=hold)


def ndjson(
    objects: Iterable[Any],
    *,
    cut: int | Sequence[int] | None = None,
    end: End = "complete",
    hold: asyncio.Event | None = None,
) -> Exchange:
    """Answer with one JSON object per line; `cut`, `end` and `hold` as in `sse`."""
    lines = [json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in objects]
    return Exchange(headers={"content-type": "application/x-ndjson"}, chunks=_cut(lines, cut), end=end, hold=hold)


def _cut(parts: Sequence[bytes], cut: int | Sequence[int] | None) -> tuple[bytes, ...]:
    """Return the parts cut anew: into pieces of one size, at given offsets, or not at all."""
    if cut is None:
        return tuple(parts)
    whole = b"".join(parts)
    offsets = [0, *(range(cut, len(whole), cut) if isinstance(cut, int) else sorted(set(cut))), len(whole)]
    return tuple(whole[start:stop] for start, stop in pairwise(offsets) if start < stop)


class Replay:
    """The server: answers requests in the order of `exchanges`, then with status 599.

    Use it as an async context manager; `url` has no path and no slash at the end, `asked` grows with each request, of
    which `arrived` tells.
    """

    def __init__(self, *exchanges: Exchange) -> None:
        self._exchanges = list(exchanges)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.asked: list[Asked] = []
        self.arrived = asyncio.Event()
        self.url = ""

    def add(self, *exchanges: Exchange) -> None:
        """Append answers for later requests."""
        self._exchanges.extend(exchanges)

    async def left(self) -> None:
        """Wait until clients have closed all their connections."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and drop the connections that are still open."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, as it may, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection can take another."""
        self.asked.append(await _read(reader))
        self.arrived.set()
        exchange = self._exchanges.pop(0) if self._exchanges else Exchange(status=599)
        headers = {"transfer-encoding": "chunked", **exchange.headers}
        lines = [f"HTTP/1.1 {exchange.status} Canned", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write(exchange.head or "\r\n".join([*lines, "", ""]).encode("latin-1"))
        for chunk in exchange.chunks:
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            await writer.drain()
        if exchange.hold is not None:
            await exchange.hold.wait()
        match exchange.end:
            case "complete":
                writer.write(b"0\r\n\r\n")
                await writer.drain()
                return True
            case "reset":
                endpoint: socket.socket = writer.get_extra_info("socket")
                endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            case "hang":
                await reader.read()
        return False


async def _read(reader: asyncio.StreamReader) -> Asked:
    """Read one request.

    Raises:
        asyncio.IncompleteReadError: The client closed the connection before the end of it.
    """
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, target, headers, body)
