"""A vendor on loopback: answers each request with what the test laid out, byte for byte, faults included."""

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

__all__ = ["Asked", "Reply", "Server", "in_json", "in_pieces"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came; names of headers in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: each of `pieces` is sent by itself; `status` 0 sends nothing at all.

    `end` is what follows the last piece: the proper end, a closed connection, a reset one, or silence.
    """

    pieces: tuple[bytes, ...] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    end: Literal["proper", "closed", "reset", "silence"] = "proper"


def in_json(body: Any, *, status: int = 200, **headers: str) -> Reply:
    """Return an answer with a JSON body; `_` in the name of a header is `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply((json.dumps(body).encode(),), status, {"content-type": "application/json", **named})


def in_pieces(content: bytes, size: int) -> tuple[bytes, ...]:
    """Return bytes cut into pieces of one size."""
    return tuple(content[start : start + size] for start in range(0, len(content), size))


class Server:
    """Give answers in their order, the last one again and again; an answer may depend on what is asked.

    Use it as an async context manager. `url` has no slash at the end, `asked` are the requests so far, `connections`
    counts what they came by, `left` is set when a client has gone away.
    """

    def __init__(self, *replies: Reply | Callable[[Asked], Reply]) -> None:
        self._replies = list(replies)
        self._tasks: set[asyncio.Task[None]] = set()
        self.asked: list[Asked] = []
        self.connections = 0
        self.left = asyncio.Event()
        self.url = ""

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening and drop the connections."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            self.left.set()  # the client went away, as it may
        except asyncio.CancelledError:
            pass  # the server stops
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection can take another."""
        asked = await _read(reader)
        self.asked.append(asked)
        found = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        reply = found(asked) if callable(found) else found
        if reply.status:
            headers = {"transfer-encoding": "chunked", **reply.headers}
            lines = [f"HTTP/1.1 {reply.status} Laid out", *(f"{name}: {value}" for name, value in headers.items())]
            writer.write("\r\n".join([*lines, "", ""]).encode())
        for piece in reply.pieces:
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
        match reply.end:
            case "proper":
                writer.write(b"0\r\n\r\n")
                await writer.drain()
                return True
            case "reset":
                endpoint: socket.socket = writer.get_extra_info("socket")
                endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            case "silence":
                await reader.read()
                self.left.set()
        return False


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, target, headers, body)
