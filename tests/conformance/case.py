"""The cases of a package's own tests: what its vendor sends, and what must come of it."""

import json
from dataclasses import dataclass
from typing import Any

from tests.support.replay import End, Exchange

__all__ = ["MEDIA_TYPES", "Case"]

MEDIA_TYPES = {"sse": "text/event-stream", "ndjson": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the package's own tests (examples.json, cases/): vendor JSON, and what must come of it."""

    name: str
    data: dict[str, Any]
    framing: str | None

    @property
    def kind(self) -> str:
        """What is tested: response, stream, error, request or models."""
        return str(self.data["kind"])

    @property
    def expect(self) -> dict[str, Any]:
        """What must come out."""
        expected: dict[str, Any] = self.data["expect"]
        return expected

    @property
    def fails(self) -> bool:
        """Whether an error must come out."""
        return "error" in self.expect

    @property
    def parts(self) -> list[Any]:
        """The JSON values that the vendor sends, in order."""
        return list(self.data["events"]) if self.kind == "stream" else [self.data["reply"]]

    def answer(self, *, end: End = "complete", upto: int | None = None, parts: list[Any] | None = None) -> Exchange:
        """Return what the vendor answers: a stream by its events (the first `upto` only), all else as a whole.

        `parts` are sent in the place of the case's own.
        """
        if self.kind == "error":
            body = self.data["body"]
            text = body if isinstance(body, str) else json.dumps(body)
            return Exchange(self.data["status"], self.data["headers"], (text.encode(),))
        texts = [json.dumps(part) for part in (parts or self.parts)[:upto]]
        if self.kind != "stream":
            return Exchange(headers={"content-type": "application/json"}, chunks=(texts[0].encode(),), end=end)
        framed = [f"data: {text}\n\n" if self.framing == "sse" else f"{text}\n" for text in texts]
        kind = {"content-type": MEDIA_TYPES[str(self.framing)]}
        return Exchange(headers=kind, chunks=tuple(text.encode() for text in framed), end=end)

    def __str__(self) -> str:
        return self.name
