"""The packages that the matrix breaks streams of: one recorded stream each, and what is particular about it."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

from tests.faults.framing import NDJSON, SSE, Framing

SPECS = Path(__file__).parents[2] / "specs"
Key = str | int


@dataclass(frozen=True, slots=True)
class Subject:
    """A vendor and its recorded stream.

    Attributes:
        vendor: A folder of specs/, of which the package is made.
        framing: Of its streams.
        events: The recorded stream.
        blocks: The answer's blocks that it means.
        ending: The index, from the end, of the event with the word for the end: without it there is no answer.
        text: Where a fragment of text stands: the index of the event, and the keys within it.
        error: What the vendor sends within a stream when it cannot go on (a ProviderUnavailableError).
        done: The text that ends the stream, if any.
        heavy: Whether it stands for its framing where a reply is so large that one subject must do.
    """

    vendor: str
    framing: Framing
    events: tuple[Any, ...]
    blocks: tuple[dict[str, Any], ...]
    ending: int
    text: tuple[int, tuple[Key, ...]]
    error: dict[str, Any]
    done: bytes | None = None
    heavy: bool = False

    def __str__(self) -> str:
        return f"{self.vendor} ({self.framing.name})"

    def frames(self, events: tuple[Any, ...] | None = None) -> tuple[bytes, ...]:
        """Return the frames of events, of the recorded ones if none are given, with the end of the stream."""
        texts = [encoded(event) for event in (self.events if events is None else events)]
        return tuple(map(self.framing.frame, [*texts, *([self.done] if self.done else [])]))

    @property
    def fragment(self) -> str:
        """The fragment of text that begins the text."""
        index, path = self.text
        found: str = reduce(getitem, path, self.events[index])
        return found

    def saying(self, text: str) -> Any:
        """Return an event with this fragment of text."""
        index, path = self.text
        return replaced(self.events[index], path, text)


def encoded(event: Any) -> bytes:
    """Return the JSON of an event, as short as vendors send it."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def replaced(event: Any, path: tuple[Key, ...], value: Any) -> Any:
    """Return the event with another value in one place."""
    changed = copy.deepcopy(event)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return changed


def places(node: Any, path: tuple[Key, ...] = ()) -> Iterator[tuple[tuple[Key, ...], Any]]:
    """Yield every place below a JSON value, with what stands there."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        yield (*path, key), value
        yield from places(value, (*path, key))


def _recorded(vendor: str, case: str) -> dict[str, Any]:
    data = json.loads((SPECS / vendor / "cases" / f"{case}.json").read_text("utf-8"))
    return {"vendor": vendor, "events": tuple(data["events"]), "blocks": tuple(data["expect"]["blocks"])}


SUBJECTS = (
    Subject(
        **_recorded("anthropic", "stream-tool-call"),
        framing=SSE,
        ending=-2,
        text=(2, ("delta", "text")),
        error={"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        heavy=True,
    ),
    Subject(
        **_recorded("openai-chat", "stream-text-then-call"),
        framing=SSE,
        ending=-2,
        text=(1, ("choices", 0, "delta", "content")),
        error={"error": {"message": "The server had an error.", "type": "server_error", "param": None, "code": None}},
        done=b"[DONE]",
    ),
    Subject(
        **_recorded("gemini", "stream-tool-call"),
        framing=SSE,
        ending=-1,
        text=(0, ("candidates", 0, "content", "parts", 0, "text")),
        error={"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}},
    ),
    Subject(
        **_recorded("openai", "stream-text-then-call"),
        framing=SSE,
        ending=-1,
        text=(4, ("delta",)),
        error={"type": "error", "code": "server_error", "message": "The server had an error.", "param": None},
    ),
    Subject(
        **_recorded("ollama", "stream-text-then-call"),
        framing=NDJSON,
        ending=-1,
        text=(0, ("message", "content")),
        error={"error": "an error was encountered while running the model: out of memory"},
        heavy=True,
    ),
)
