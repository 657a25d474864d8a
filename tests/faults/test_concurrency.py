"""Many calls at once on one instance, and an instance that is closed and mounted again."""

import asyncio
import re
from typing import Any

import pytest
from amplifier_core.llm_errors import LLMError, ProviderUnavailableError
from amplifier_core.message_models import ChatResponse
from amplifier_core.testing import MockCoordinator

from tests.conftest import Generated
from tests.faults.faults import well
from tests.faults.outcomes import Event, Listener, misleading
from tests.faults.packages import asking, module_of, provider_of
from tests.faults.server import Line, Script, ScriptServer
from tests.faults.subjects import SUBJECTS, Subject, encoded

pytestmark = [pytest.mark.asyncio, pytest.mark.parametrize("subject", SUBJECTS, ids=str)]

CALLS = 200
CLOSED_WITHIN = 6.0


def playing(subject: Subject) -> Script:
    async def script(line: Line) -> None:
        await well(line, subject)

    return script


def echoing(subject: Subject, everybody: asyncio.Barrier) -> Script:
    """Answer all calls at once, event by event, each with the word it asked with; every tenth one fails half-way."""
    index, _ = subject.text

    async def script(line: Line) -> None:
        found = re.search(rb"caller-(\d+)-", line.request)
        assert found is not None
        begun = b'"' + subject.fragment.encode()
        frames = tuple(frame.replace(begun, b'"%b %b' % (found[0], begun[1:])) for frame in subject.frames())
        if int(found[1]) % 10 == 0:
            frames = (*frames[: index + 1], subject.framing.frame(encoded(subject.error)))
        await everybody.wait()
        await line.head(subject.framing.media_type)
        for frame in frames:
            await line.send(frame[:15], frame[15:])
            await asyncio.sleep(0)
        await line.finish()

    return script


async def test_calls_at_once_mix_nothing_up(subject: Subject, generated: Generated) -> None:
    generated(subject.vendor)
    listener = Listener()
    async with asyncio.timeout(60), ScriptServer(echoing(subject, asyncio.Barrier(CALLS))) as server:
        provider = provider_of(module_of(subject.vendor), server.url, listener)
        calls = (provider.complete(asking(f"caller-{number}-")) for number in range(CALLS))
        answers = await asyncio.gather(*calls, return_exceptions=True)
        await provider.close()
    told: dict[str, list[Event]] = {}
    for name, payload in listener.events:
        told.setdefault(payload["request_id"], []).append((name, payload))
    assert len(told) == CALLS
    texts = {_shown(events): events for events in told.values()}
    whole = "".join(block["text"] for block in subject.blocks if block["type"] == "text")
    for number, answer in enumerate(answers):
        word = f"caller-{number}- "
        if number % 10 == 0:
            assert isinstance(answer, ProviderUnavailableError)
            assert misleading(texts[word + subject.fragment], answer) is None
        else:
            assert isinstance(answer, ChatResponse)
            assert answer.text == word + whole  # type: ignore[attr-defined]
            assert len(answer.tool_calls or ()) == 1
            assert misleading(texts[answer.text], None) is None  # type: ignore[attr-defined]


def _shown(events: list[Event]) -> str:
    """Return the text that the events of one call show."""
    deltas = (payload for name, payload in events if name == "llm:stream_block_delta")
    return "".join(payload["text"] for payload in deltas if payload["block_type"] == "text")


async def test_a_provider_that_is_mounted_closed_and_mounted_again(subject: Subject, generated: Generated) -> None:
    generated(subject.vendor)
    module = module_of(subject.vendor)
    async with ScriptServer(playing(subject)) as server:
        config = {"api_key": "key-0123456789", "base_url": server.url}
        cleanups: list[Any] = []
        for _ in range(3):
            coordinator = MockCoordinator()  # type: ignore[no-untyped-call]
            cleanups.append(await module.mount(coordinator, config))
            [provider] = coordinator.get("providers").values()
            for _ in range(2):
                assert (await provider.complete(asking())).tool_calls
                await provider.close()
            await asyncio.gather(*(cleanup() for cleanup in cleanups))


async def test_closing_ends_calls_under_way_soon(subject: Subject, generated: Generated) -> None:
    generated(subject.vendor)

    async def silent(line: Line) -> None:
        await line.head(subject.framing.media_type)
        await line.send(subject.frames()[0])
        asked.release()
        await line.silence()

    asked = asyncio.Semaphore(0)
    async with asyncio.timeout(30), ScriptServer(silent) as server:
        provider = provider_of(module_of(subject.vendor), server.url)
        calls = [asyncio.create_task(provider.complete(asking())) for _ in range(5)]
        for _ in calls:
            await asked.acquire()
        async with asyncio.timeout(CLOSED_WITHIN):
            await provider.close()
            await server.left()
        for ended in await asyncio.gather(*calls, return_exceptions=True):
            assert isinstance(ended, LLMError)


async def test_closing_that_is_cancelled_closes_all_the_same(subject: Subject, generated: Generated) -> None:
    generated(subject.vendor)

    async def silent(line: Line) -> None:
        asked.set()
        await line.silence()

    asked = asyncio.Event()
    async with asyncio.timeout(30), ScriptServer(silent) as server:
        provider = provider_of(module_of(subject.vendor), server.url)
        call = asyncio.create_task(provider.complete(asking()))
        await asked.wait()
        closing = asyncio.create_task(provider.close())
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
        await server.left()
        with pytest.raises(LLMError):
            await call
