"""What complete() may come to, and what has to be true of it whatever it comes to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Event = tuple[str, dict[str, Any]]

_LONGEST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one call, which may try twice.

    Attributes:
        error: The class of the error; None is an answer.
        retried: Whether it tried again.
        same: Whether the answer is the recorded one.
    """

    error: str | None = None
    retried: bool = False
    same: bool = False

    def __str__(self) -> str:
        return f"{self.error or 'answer'}{', retried' if self.retried else ''}"


SAME = Outcome(same=True)
ANSWER = Outcome()
BROKEN = Outcome("StreamError", retried=True)
UNREACHED = Outcome("NetworkError", retried=True)
SILENT = Outcome("LLMTimeoutError", retried=True)
GIVEN_UP = Outcome("LLMTimeoutError")
UNAVAILABLE = Outcome("ProviderUnavailableError", retried=True)
TOO_LARGE = Outcome("LLMError")
BAD_CALL = Outcome("InvalidToolCallError")


class Listener:
    """Amplifier's hooks: takes only what JSON can hold; remembers every event, of long texts only how long they are."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    async def emit(self, name: str, payload: dict[str, Any]) -> None:
        """Remember an event."""
        json.dumps(payload, allow_nan=False, ensure_ascii=False).encode()
        kept = {
            key: len(value) if isinstance(value, str) and len(value) > _LONGEST_KEPT else value
            for key, value in payload.items()
        }
        self.events.append((name, kept))

    def take(self) -> list[Event]:
        """Return what came since the last time."""
        events, self.events = self.events, []
        return events


def misleading(events: Sequence[Event], error: BaseException | None) -> str | None:
    """Return what is wrong with the events of one call, None if they are right."""
    names = [name for name, _ in events]
    if names[:1] != ["llm:request"] or names.count("llm:request") != 1:
        return "not one llm:request, first"
    if names[-1:] != ["llm:response"] or names.count("llm:response") != 1:
        return "not one llm:response, last"
    if len({payload["request_id"] for _, payload in events}) != 1:
        return "more than one request_id"
    status = events[-1][1]["status"]
    if status != ("ok" if error is None else "error"):
        return f"status {status}"
    if error is not None and not events[-1][1]["error"]:
        return "an error without a word"
    attempts: list[list[Event]] = [[]]
    for name, payload in events[1:-1]:
        if name == "provider:retry":
            attempts.append([])
        else:
            attempts[-1].append((name, payload))
    failed = [*([True] * (len(attempts) - 1)), error is not None]
    return next(filter(None, map(_misleading_attempt, attempts, failed)), None)


def _misleading_attempt(events: Sequence[Event], failed: bool) -> str | None:
    """Return what is wrong with the stream events of one attempt."""
    names = [name for name, _ in events]
    shown = "llm:stream_block_delta" in names
    if names.count("llm:stream_aborted") != (1 if failed and shown else 0):
        return "stream_aborted does not follow deltas that came to nothing"
    if "llm:stream_aborted" in names and names[-1] != "llm:stream_aborted":
        return "stream_aborted is not the last"
    open_blocks: dict[int, int] = {}
    begun = 0
    for name, payload in events:
        index = payload.get("block_index", -1)
        match name.removeprefix("llm:stream_"):
            case "block_start":
                if index != begun:
                    return f"block {index} begins as the {begun}th"
                begun += 1
                open_blocks[index] = 0
            case "block_delta":
                if open_blocks.get(index) != payload["sequence"] or not payload["text"]:
                    return f"block {index}: a delta out of order, empty or outside of its block"
                open_blocks[index] += 1
            case "block_end":
                if open_blocks.pop(index, None) is None:
                    return f"block {index} ends, but was not open"
            case "aborted":
                pass
            case _:
                return f"unknown event {name}"
    return "a block without an end" if open_blocks and not failed else None
