"""A caller that gives up, at any point: the connection is closed, listeners are told, and the same error comes out."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from tests.conftest import Generated
from tests.faults.outcomes import Event, Listener
from tests.faults.packages import asking, module_of, provider_of
from tests.faults.server import Line, Script, ScriptServer
from tests.faults.subjects import SUBJECTS, Subject

pytestmark = [pytest.mark.asyncio, pytest.mark.parametrize("subject", SUBJECTS, ids=str)]

MOST_POINTS = 2000
LAST_POINTS = 20  # that many without anything new are after the last piece
HANDLED = ("llm:request", "llm:stream_block_start", "llm:stream_block_delta", "llm:stream_block_end", "llm:response")


def told_of_the_end(events: list[Event]) -> None:
    """Check that a call that began was told to be cancelled, and that nothing stays on display."""
    names = [name for name, _ in events]
    if not names:
        return
    assert names.count("llm:request") == names.count("llm:response") == 1
    assert (names[0], names[-1]) == ("llm:request", "llm:response")
    assert events[-1][1]["status"] == "cancelled"
    assert "error" not in events[-1][1]
    shown = "llm:stream_block_delta" in names
    assert names.count("llm:stream_aborted") == int(shown)
    assert not shown or names[-2] == "llm:stream_aborted"


def slow(subject: Subject) -> Script:
    """Send the recorded stream in small pieces, without its end."""
    data = b"".join(subject.frames()[: subject.text[0] + 2])

    async def script(line: Line) -> None:
        await line.head(subject.framing.media_type)
        for start in range(0, len(data), 40):
            await line.send(data[start : start + 40])
            await asyncio.sleep(0)
        await line.silence()

    return script


async def test_at_every_turn_of_the_event_loop(subject: Subject, generated: Generated) -> None:
    generated(subject.vendor)
    module = module_of(subject.vendor)
    seen: Counter[tuple[str, ...]] = Counter()
    async with asyncio.timeout(60), ScriptServer(slow(subject)) as server:
        for point in range(MOST_POINTS):
            listener = Listener()
            provider = provider_of(module, server.url, listener, max_retries="3")
            call = asyncio.create_task(provider.complete(asking()))
            for _ in range(point):
                await asyncio.sleep(0)
            call.cancel(f"point {point}")
            with pytest.raises(asyncio.CancelledError) as caught:
                await call
            # While it connects, the client's library puts a word of its own in the place of the caller's.
            assert caught.value.args == (f"point {point}",) or str(caught.value).startswith(
                "Cancelled via cancel scope"
            )
            assert call.cancelled()
            await server.left()
            told_of_the_end(listener.events)
            await provider.close()
            names = tuple(dict.fromkeys(name for name, _ in listener.events))
            seen[names] += 1
            if seen[names] >= LAST_POINTS and "llm:stream_aborted" in names:
                break
    assert {(), ("llm:request", "llm:response"), names} <= seen.keys()
    assert "llm:stream_aborted" in names


class Noticing(Listener):
    """Sets `reached` when an event of this name comes."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.reached = asyncio.Event()

    async def emit(self, name: str, payload: dict[str, object]) -> None:
        await super().emit(name, payload)
        if name == self.name:
            self.reached.set()


class Waiting(Noticing):
    """Waits within the first event of a name, as a handler may, and remembers the error that ends the wait."""

    error: asyncio.CancelledError | None = None

    async def emit(self, name: str, payload: dict[str, object]) -> None:
        first = not self.reached.is_set()
        await super().emit(name, payload)
        if name == self.name and first:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError as error:
                self.error = error
                raise


@pytest.mark.parametrize("name", HANDLED)
async def test_within_a_handler(name: str, subject: Subject, generated: Generated) -> None:
    generated(subject.vendor)

    async def script(line: Line) -> None:
        await line.head(subject.framing.media_type)
        await line.send(*subject.frames())
        if name == "llm:response":
            await line.finish()
        else:
            await line.silence()

    listener = Waiting(name)
    raised: list[BaseException] = []

    async def calling() -> None:
        try:
            await provider.complete(asking())
        except asyncio.CancelledError as error:
            raised.append(error)
            raise

    async with asyncio.timeout(30), ScriptServer(script) as server:
        provider = provider_of(module_of(subject.vendor), server.url, listener)
        call = asyncio.create_task(calling())
        await listener.reached.wait()
        call.cancel("enough")
        await asyncio.gather(call, return_exceptions=True)
        await server.left()
        await provider.close()
    assert call.cancelled()
    assert [id(error) for error in raised] == [id(listener.error)]
    if name == "llm:response":
        assert [payload["status"] for event, payload in listener.events if event == name] == ["ok"]
    else:
        told_of_the_end(listener.events)


async def _nothing(line: Line, subject: Subject) -> None:
    """Send nothing."""


async def _head(line: Line, subject: Subject) -> None:
    await line.head(subject.framing.media_type)


async def _half_an_event(line: Line, subject: Subject) -> None:
    await _head(line, subject)
    await line.send(subject.frames()[0][:20])


async def _an_event(line: Line, subject: Subject) -> None:
    await _head(line, subject)
    await line.send(*subject.frames()[: subject.text[0] + 1])


async def _an_error(line: Line, subject: Subject) -> None:
    await line.head("text/plain", 503)
    await line.finish()


@pytest.mark.parametrize("start", [_nothing, _head, _half_an_event, _an_event])
async def test_while_nothing_comes(
    start: Callable[[Line, Subject], Awaitable[None]], subject: Subject, generated: Generated
) -> None:
    generated(subject.vendor)

    async def script(line: Line) -> None:
        await start(line, subject)
        sent.set()
        await line.silence()

    sent = asyncio.Event()
    listener = Listener()
    async with asyncio.timeout(30), ScriptServer(script) as server:
        provider = provider_of(module_of(subject.vendor), server.url, listener)
        call = asyncio.create_task(provider.complete(asking()))
        await sent.wait()
        call.cancel("enough")
        with pytest.raises(asyncio.CancelledError, match="enough"):
            await call
        await server.left()
        await provider.close()
    told_of_the_end(listener.events)


async def test_while_it_waits_to_try_again(subject: Subject, generated: Generated) -> None:
    generated(subject.vendor)

    async def script(line: Line) -> None:
        await _an_error(line, subject)

    listener = Noticing("provider:retry")
    async with asyncio.timeout(30), ScriptServer(script) as server:
        config = {"max_retries": "3", "min_retry_delay": "50"}
        provider = provider_of(module_of(subject.vendor), server.url, listener, **config)
        call = asyncio.create_task(provider.complete(asking()))
        await listener.reached.wait()
        call.cancel("enough")
        with pytest.raises(asyncio.CancelledError, match="enough"):
            await call
        assert len(server.asked) == 1
        await provider.close()
    told_of_the_end(listener.events)
