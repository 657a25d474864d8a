"""What a test works with: a server, providers that talk to it, and everything that was asked and told."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from amplifier_core import HookRegistry
from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatRequest, Message, ToolSpec

from tests.conformance.case import MEDIA_TYPES, Case
from tests.conformance.subject import NOBODY, Subject, leaves
from tests.support.replay import Asked, Exchange, Replay

__all__ = ["STREAM", "TOOLS", "Bench", "Told", "chat", "failed", "in_time", "message", "variants"]

STREAM = ("llm:stream_block_start", "llm:stream_block_delta", "llm:stream_block_end", "llm:stream_aborted")
TOOLS = [
    ToolSpec(name="get_weather", description="The weather", parameters={"type": "object", "properties": {}}),
    ToolSpec(name="get_time", description="The time", parameters={}),
]


class Told:
    """Hooks as the kernel has them, which also remember every event; what JSON cannot hold is refused as there."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._hooks = HookRegistry()
        self._arrivals: dict[str, asyncio.Event] = {}

    async def emit(self, name: str, payload: dict[str, Any]) -> Any:
        """Remember an event, then pass it on to the kernel's own hooks."""
        text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
        text.encode()
        self.events.append((name, json.loads(text)))
        self.arrival(name).set()
        return await self._hooks.emit(name, payload)

    def arrival(self, name: str) -> asyncio.Event:
        """Return what is set when an event of this name comes."""
        return self._arrivals.setdefault(name, asyncio.Event())

    @property
    def names(self) -> list[str]:
        """The names of all events, in order."""
        return [name for name, _ in self.events]

    def of(self, *names: str) -> list[dict[str, Any]]:
        """Return the payloads of the events of these names."""
        return [payload for name, payload in self.events if name in names]

    def only(self, name: str) -> dict[str, Any]:
        """Return the payload of the one event of this name."""
        (payload,) = self.of(name)
        return payload

    def text(self) -> str:
        """Return everything told, as text."""
        return json.dumps(self.events, ensure_ascii=False)


def message(role: Any, content: Any = "", **extra: Any) -> Message:
    """Return a message, with whatever attributes histories have."""
    return Message(role=role, content=content, **extra)


def chat(*messages: str | Message, stream: bool = False, **fields: Any) -> ChatRequest:
    """Return a request; a text is a user's message. Only `stream` False says anything about streaming."""
    said = [Message(role="user", content=one) if isinstance(one, str) else one for one in messages]
    metadata = None if stream else {"stream": False}
    return ChatRequest(messages=said or [Message(role="user", content="Hello.")], **{"metadata": metadata, **fields})


class Bench:
    """One test's bench.

    `told` has the events of all providers made here, `asked` the requests that the server of the last `ask` got.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.told = Told()
        self.asked: list[Asked] = []
        self._made: list[Any] = []

    def provider(self, url: str = NOBODY, *, coordinator: Any = ..., **config: Any) -> Any:
        """Return a provider for this address that never tries twice, unless the configuration says otherwise."""
        hooked = SimpleNamespace(hooks=self.told) if coordinator is ... else coordinator
        self._made.append(self.subject.provider(config=self.subject.configured(url, **config), coordinator=hooked))
        return self._made[-1]

    @asynccontextmanager
    async def serving(self, *answers: str | Case | Exchange) -> AsyncIterator[Replay]:
        """Give a server that gives these answers, cases being named or given; `asked` is what it is asked."""
        async with Replay(*(self.exchange(answer) for answer in answers)) as server:
            self.asked = server.asked
            yield server

    def exchange(self, answer: str | Case | Exchange) -> Exchange:
        """Return what is sent for a case."""
        case = self.subject.case(answer) if isinstance(answer, str) else answer
        return case.answer() if isinstance(case, Case) else case

    async def ask(
        self,
        *answers: str | Case | Exchange,
        request: ChatRequest | None = None,
        config: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return what a new provider makes of the request and of these answers, "a text" if none is given."""
        async with self.serving(*(answers or ("a text",))) as server:
            provider = self.provider(server.url, **(config or {}))
            return await provider.complete(request or chat(stream=_streamed(answers)), **kwargs)

    async def fails(self, *answers: str | Case | Exchange, **how: Any) -> LLMError:
        """Return the error that these answers lead to; arguments as in `ask`."""
        with pytest.raises(LLMError) as caught:
            await self.ask(*answers, **how)
        return caught.value

    async def body(
        self, request: ChatRequest | None = None, config: dict[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Return the body that a request becomes, with the path it goes to."""
        await self.ask(request=request, config=config, **kwargs)
        return {"": self.asked[-1].path, **self.asked[-1].json()}

    @property
    def wire(self) -> str:
        """The last request as the vendor reads it: address and body, with nothing escaped."""
        last = self.asked[-1]
        return f"{unquote(last.target)}\n{json.dumps(last.json(), ensure_ascii=False)}"

    def sends(self, value: Any) -> bool:
        """Return whether the last request holds this very value."""
        return any(found == value and type(found) is type(value) for found in leaves(self.asked[-1].json()))

    async def close(self) -> None:
        """Close the providers."""
        for provider in self._made:
            await provider.close()


def _streamed(answers: Sequence[str | Case | Exchange]) -> bool:
    """Return whether the first answer is a stream."""
    match answers[:1]:
        case [Case(kind=kind)]:
            return kind == "stream"
        case [Exchange(headers=headers)]:
            return headers.get("content-type") in MEDIA_TYPES.values()
        case [str(name)]:
            return name.startswith("stream")
    return False


def failed(error: Exception) -> tuple[str, bool]:
    """Return the class of an LLMError and whether it may pass."""
    assert isinstance(error, LLMError), error
    return type(error).__name__, error.retryable


@asynccontextmanager
async def in_time(seconds: float = 10) -> AsyncIterator[None]:
    """Fail a test that would hang."""
    try:
        async with asyncio.timeout(seconds) as limit:
            yield
    except TimeoutError:
        assert not limit.expired(), f"took longer than {seconds:g} s"
        raise


def variants(value: Any, wrong: Sequence[Any]) -> Iterator[Any]:
    """Yield a JSON value with each of its parts in turn replaced by each of the wrong ones."""
    yield from wrong
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        for changed in variants(item, wrong):
            copy = value.copy()
            copy[key] = changed
            yield copy
