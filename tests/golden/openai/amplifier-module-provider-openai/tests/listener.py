"""A listener for what the provider tells of its calls."""

import asyncio
import json
from typing import Any

from amplifier_core.message_models import ChatResponse

__all__ = ["Listener", "requested", "told_of"]

STREAM = ("llm:stream_block_start", "llm:stream_block_delta", "llm:stream_block_end", "llm:stream_aborted")


class Listener:
    """Amplifier's hooks, as far as a provider knows them: remembers every event, and takes only what JSON can hold."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.delta = asyncio.Event()

    async def emit(self, name: str, payload: dict[str, Any]) -> None:
        """Remember an event."""
        text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
        text.encode()
        self.events.append((name, json.loads(text)))
        if name == "llm:stream_block_delta":
            self.delta.set()

    @property
    def names(self) -> list[str]:
        """The names of all events, in order."""
        return [name for name, _ in self.events]

    def payloads(self, *names: str) -> list[dict[str, Any]]:
        """Return the payloads of the events of these names."""
        return [payload for name, payload in self.events if name in names]


def requested(listener: Listener) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the payloads of the one request and the one response; everything told has the id of the request."""
    [request], [response] = listener.payloads("llm:request"), listener.payloads("llm:response")
    ids = {payload["request_id"] for name, payload in listener.events if name != "provider:tool_sequence_repaired"}
    assert ids == {request["request_id"]}
    assert (listener.names[0], listener.names[-1]) == ("llm:request", "llm:response")
    assert {response["provider"], request["provider"]} == {"openai"}
    assert response["model"] == request["model"]
    assert isinstance(response["duration_ms"], int)
    return request, response


def told_of(listener: Listener, response: ChatResponse) -> None:
    """Check that the events of the stream tell the answer: its blocks in their places, their text in order."""
    shown = {"text": "text", "thinking": "thinking", "redacted_thinking": "thinking", "tool_call": "tool_use"}
    blocks = response.model_dump(mode="json")["content"]
    kinds = {index: shown.get(block["type"], "text") for index, block in enumerate(blocks) if block.get("text") != ""}
    starts = listener.payloads("llm:stream_block_start")
    assert {start["block_index"]: start["block_type"] for start in starts} == kinds
    assert [start["block_index"] for start in starts] == sorted(kinds)
    assert sorted(end["block_index"] for end in listener.payloads("llm:stream_block_end")) == sorted(kinds)
    for start in starts:
        block = blocks[start["block_index"]]
        assert start.get("name") == block.get("name")
        same = [payload for payload in listener.payloads(*STREAM) if payload["block_index"] == start["block_index"]]
        first, *deltas, last = same
        assert first == start
        assert last in listener.payloads("llm:stream_block_end")
        assert [delta["sequence"] for delta in deltas] == list(range(len(deltas)))
        assert all(delta["text"] for delta in deltas)
        whole = block.get(block["type"]) if block["type"] in ("text", "thinking") else ""
        assert "".join(delta["text"] for delta in deltas) == whole
