"""Cases: JSON of the vendor's, and what Amplifier must make of it.

Those in examples.json follow from the mapping and are written anew with the package; those in cases/, one file each,
are yours. A case has a `kind`, what belongs to the kind, and `expect`, of which a key that is left out is not compared:

- `response`: `reply`, expects `blocks`, `finish_reason`, `usage`, `text`; or `error` with `retryable` and the like
- `stream`: `events`, expects the same
- `error`: `status`, `headers`, `body` (JSON, or text that is none), expects `error` with `retryable`, `retry_after`
- `request`: `request`, `kwargs`, `config`, expects `body`
- `choice`: `model` and `call` (fields of a Call), expects `value` at a place in the body, nothing there if left out
- `models`: `reply`, expects `models`, and `next` and `more` of the page; `listed` are the ids that are kept
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatRequest, ChatResponse, Message

from tests.server import Reply

__all__ = ["Case", "asking", "cases", "differences", "example", "failure", "seen"]

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One case."""

    name: str
    data: dict[str, Any]

    @property
    def expect(self) -> dict[str, Any]:
        """What must come out."""
        expected: dict[str, Any] = self.data["expect"]
        return expected

    @property
    def fails(self) -> bool:
        """Whether an error must come out."""
        return "error" in self.expect

    def reply(self) -> Reply:
        """Return what the vendor answers."""
        match self.data:
            case {"kind": "error", "status": status, "headers": headers, "body": body}:
                content = body if isinstance(body, str) else json.dumps(body)
                return Reply((content.encode(),), status, headers)
            case {"kind": "stream"}:
                return Reply((self.stream(),), headers={"content-type": "text/event-stream"})
        return Reply((json.dumps(self.data["reply"]).encode(),), headers={"content-type": "application/json"})

    def texts(self, *, spread: bool = False) -> list[str]:
        """Return the text of each event; `spread` over several lines, if the framing allows that."""
        indent = 1 if spread else None
        return [json.dumps(event, ensure_ascii=False, indent=indent) for event in self.data["events"]]

    def stream(self, newline: str = "\n", *, spread: bool = False) -> bytes:
        """Return the events as the bytes of a stream."""
        events = [[f"data: {line}" for line in text.split("\n")] for text in self.texts(spread=spread)]
        return "".join(newline.join((*lines, "", "")) for lines in events).encode()

    def __str__(self) -> str:
        return self.name


def cases(kind: str, *, fails: bool | None = None) -> list[Case]:
    """Return the cases of a kind; only those that must fail, or must not, if that is said."""
    return [found for found in _all() if found.data["kind"] == kind and fails in (None, found.fails)]


def example(name: str) -> Case:
    """Return the case of this name."""
    return next(found for found in _all() if found.name == name)


@cache
def _all() -> tuple[Case, ...]:
    made = [Case(data["name"], data) for data in json.loads((HERE / "examples.json").read_text("utf-8"))]
    files = sorted((HERE / "cases").glob("*.json"))
    return (*made, *(Case(file.stem, json.loads(file.read_text("utf-8"))) for file in files))


def asking(text: str = "What is the weather in Paris?", *, stream: bool = True, **fields: Any) -> ChatRequest:
    """Return a request with one message."""
    return ChatRequest(messages=[Message(role="user", content=text)], metadata={"stream": stream}, **fields)


def seen(response: ChatResponse) -> dict[str, Any]:
    """Return a response in the form in which cases expect it."""
    whole = response.model_dump(mode="json")
    return {"blocks": whole["content"], **{key: whole[key] for key in ("finish_reason", "usage", "text")}}


def failure(error: LLMError) -> dict[str, Any]:
    """Return an error in the form in which cases expect it."""
    facts = {key: getattr(error, key) for key in ("retryable", "retry_after", "status_code")}
    return {"error": type(error).__name__, **facts}


def bare(error: Any, said: str) -> Any:
    """Return an error with these words of it in the place of the object that holds them."""
    if not isinstance(error, dict):
        return error
    return said if said in error.values() else {key: bare(value, said) for key, value in error.items()}


def differences(expected: Any, found: Any, at: str = "") -> list[str]:
    """Return where what was found is not as expected; an answer without blocks is one empty text."""
    if at == ".blocks" and expected == []:
        expected = [{"type": "text", "text": ""}]
    match expected, found:
        case dict(), dict():
            missing = [f"{at}.{key} is missing" for key in expected.keys() - found.keys() if expected[key] is not None]
            shared = [key for key in expected if key in found]
            return missing + [line for key in shared for line in differences(expected[key], found[key], f"{at}.{key}")]
        case list(), list() if len(expected) == len(found):
            pairs = enumerate(zip(expected, found, strict=True))
            return [line for place, (one, other) in pairs for line in differences(one, other, f"{at}[{place}]")]
    return [] if expected == found else [f"{at}: expected {expected!r}, found {found!r}"]
