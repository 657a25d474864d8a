"""Newline-delimited JSON: bytes in any pieces to the text of each line."""

from collections.abc import Iterator

from .http import TooLargeError

__all__ = ["MAX_EVENT_BYTES", "Decoder"]

MAX_EVENT_BYTES = 16 * 1024 * 1024  # an image in base64 fits


class Decoder:
    r"""Takes the bytes of one stream and gives its lines, without the blank ones; the last line needs no "\n".

    Args:
        limit: bytes that one line may have.
    """

    def __init__(self, limit: int = MAX_EVENT_BYTES) -> None:
        self._limit = limit
        self._line: list[bytes] = []  # pieces of a line that has no end yet
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Yield the lines that end within these bytes.

        Raises:
            TooLargeError: a line is longer than the limit.
        """
        *lines, rest = chunk.split(b"\n")
        for line in lines:
            self._line.append(line)
            yield from self.end()
        if rest:
            self._line.append(rest)
            self._size += len(rest)
            if self._size > self._limit:
                raise TooLargeError(f"a line of the stream is longer than {self._limit} bytes")

    def end(self) -> Iterator[str]:
        """Yield the line begun, unless it is blank."""
        text = b"".join(self._line).decode("utf-8-sig", "replace").strip()
        self._line, self._size = [], 0
        if text:
            yield text
