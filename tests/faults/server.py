"""A server on loopback that plays one script per request, down to single bytes, and sees when its client is gone."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Self

Script = Callable[["Line"], Awaitable[None]]


class Line:
    """The connection as a script sees it, after the request was read."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
        self._reader = reader
        self._writer = writer
        self.request = request
        self.reusable = False

    async def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    async def head(self, media_type: str | None, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Send the status and the headers of a chunked reply."""
        await self.raw(head(media_type, status, headers))

    async def send(self, *pieces: bytes) -> None:
        """Send pieces of the body, each by itself."""
        for piece in pieces:
            if piece:
                await self.raw(b"%x\r\n%b\r\n" % (len(piece), piece))

    async def finish(self) -> None:
        """End the reply as one ends it; the connection can serve the next request."""
        await self.raw(b"0\r\n\r\n")
        self.reusable = True

    def reset(self) -> None:
        """Reset the connection, so that what is under way is lost."""
        endpoint: socket.socket = self._writer.get_extra_info("socket")
        endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def silence(self) -> None:
        """Say nothing until the client is gone."""
        await self._reader.read()


class ScriptServer:
    """Plays `scripts` in their order, one per request, the last one again and again.

    Use it as an async context manager; `url` has no slash at the end. With `context` it speaks TLS. `refusal` is said
    to whoever comes with something else than HTTP.
    """

    def __init__(self, *scripts: Script, context: ssl.SSLContext | None = None) -> None:
        self.scripts = list(scripts)
        self.asked: list[bytes] = []
        self.url = ""
        self.refusal: bytes | None = None
        self._context = context
        self._tasks: set[asyncio.Task[None]] = set()
        self._playing = 0
        self._rest = asyncio.Event()
        self._rest.set()

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        scheme = "https" if self._context else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening and drop the connections."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def left(self) -> None:
        """Wait until no script is being played: one that waits for its client ends when that is gone."""
        await self._rest.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._play(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client went away, as it may, or the server is stopped
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if (start := await reader.readexactly(1)) not in (b"P", b"G"):
            if self.refusal:
                writer.write(self.refusal)
                return False
            await reader.read()
        request = await _read(reader, start)
        self.asked.append(request)
        line = Line(reader, writer, request)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        self._playing += 1
        self._rest.clear()
        try:
            await script(line)
        finally:
            self._playing -= 1
            if not self._playing:
                self._rest.set()
        return line.reusable


def head(media_type: str | None, status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
    """Return the head of a chunked reply."""
    named = {"content-type": media_type} if media_type else {}
    named |= {"transfer-encoding": "chunked", **(headers or {})}
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


async def _read(reader: asyncio.StreamReader, start: bytes) -> bytes:
    """Read the rest of one request and return its body."""
    lines = (start + await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
    return await reader.readexactly(length)
