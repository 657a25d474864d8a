"""Server-sent events: bytes in any pieces to the data of each event.

Follows the event stream format of the WHATWG HTML standard. The client's own EventSource is not used: it insists on one
content type, which not every server of a stream sends, takes a byte order mark for text, and drops a last event whose
blank line never came.
"""

from collections.abc import Iterator

from .http import TooLargeError

__all__ = ["MAX_EVENT_BYTES", "Decoder"]

MAX_EVENT_BYTES = 16 * 1024 * 1024  # an image in base64 fits
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Decoder:
    r"""Takes the bytes of one stream and gives the data of its events, the lines of each joined by "\n".

    Args:
        limit: bytes that one event may have.
    """

    def __init__(self, limit: int = MAX_EVENT_BYTES) -> None:
        self._limit = limit
        self._line: list[bytes] = []  # pieces of a line that has no end yet
        self._line_size = 0
        self._data: list[bytes] = []  # lines of an event that has no end yet
        self._data_size = 0
        self._started = False
        self._after_return = False  # a "\n" that comes next belongs to the "\r" before it

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Yield the events that end within these bytes.

        Raises:
            TooLargeError: an event is longer than the limit.
        """
        if self._after_return and chunk:
            chunk, self._after_return = chunk.removeprefix(b"\n"), False
        if not chunk:
            return
        lines = chunk.splitlines()
        rest = b"" if chunk.endswith((b"\n", b"\r")) else lines.pop()
        self._after_return = chunk.endswith(b"\r")
        for line in lines:
            if self._line:
                line = b"".join((*self._line, line))
                self._line, self._line_size = [], 0
            event = self._take(line)
            if event is not None:
                yield event
        if rest:
            self._line.append(rest)
            self._line_size += len(rest)
            self._check(self._line_size + self._data_size)

    def end(self) -> Iterator[str]:
        """Yield the event that misses only its blank line; one cut off within a line is dropped."""
        event = self._take(b"")
        if event is not None:
            yield event

    def _take(self, line: bytes) -> str | None:
        """Return the data of the event that this line ends, if it ends one."""
        if not self._started:
            line, self._started = line.removeprefix(_BYTE_ORDER_MARK), True
        if not line:
            data, self._data, self._data_size = self._data, [], 0
            return b"\n".join(data).decode("utf-8", "replace") if data else None
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
            self._data_size += len(value)
            self._check(self._data_size)
        return None

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise TooLargeError(f"an event of the stream is longer than {self._limit} bytes")
