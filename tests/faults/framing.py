"""How the events of a stream become bytes: all that the matrix has to know of a framing."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Framing:
    """One framing.

    Attributes:
        name: Its name in mappings.
        media_type: The content type that goes with it.
        frame: Makes bytes of the text of one event.
        filler: Makes about so many bytes that say nothing and may come between events.
        spare: Bytes at the end of a frame without which its event still counts where the body ends.
        drops_rest: Whether a part of a frame is nothing where the body ends; else it is an event that is no JSON.
    """

    name: str
    media_type: str
    frame: Callable[[bytes], bytes]
    filler: Callable[[int], bytes]
    spare: int
    drops_rest: bool


SSE = Framing(
    name="sse",
    media_type="text/event-stream",
    frame=lambda text: b"data: " + text + b"\n\n",
    filler=lambda size: b": " + b"x" * size + b"\n\n",
    spare=1,
    drops_rest=True,
)
NDJSON = Framing(
    name="ndjson",
    media_type="application/x-ndjson",
    frame=lambda text: text + b"\n",
    filler=lambda size: b" " * size + b"\n",
    spare=1,
    drops_rest=False,
)
