"""Play a fault against a generated package, and compare what comes of it with the table."""

import asyncio
import socket
import ssl
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from types import ModuleType
from typing import Any

import trustme
from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatResponse

from tests.faults.faults import MEGABYTE, TABLE, Fault, well
from tests.faults.outcomes import SAME, Event, Listener, misleading
from tests.faults.packages import asking, provider_of
from tests.faults.particular import PARTICULAR
from tests.faults.server import Line, Script, ScriptServer
from tests.faults.subjects import Subject
from tests.faults.sweeps import sweeps

MOST_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a cell: its outcome and events in words, what is wrong (None if nothing), seconds, bytes at most."""

    outcome: str
    events: str
    wrong: str | None
    seconds: float
    memory: int | None

    def __str__(self) -> str:
        memory = "" if self.memory is None else f"{self.memory // MEGABYTE} MB"
        return f"{self.outcome:35} {self.seconds:6.3f} s {memory:>7} {self.wrong or 'ok'} [{self.events}]"


def cells(subject: Subject) -> Iterator[Fault]:
    """Yield all faults for a subject, with the outcomes that are its own."""
    own = PARTICULAR.get(subject.vendor, {})
    for fault in (*TABLE, *sweeps(subject)):
        if fault.memory and not subject.heavy:
            continue
        found = next((outcome for pattern, outcome in own.items() if fnmatchcase(fault.name, pattern)), fault.outcome)
        yield replace(fault, outcome=found)


async def play(fault: Fault, subject: Subject, module: ModuleType) -> Seen:
    """Make one call into the fault and, where somebody listens, one after it, and look at everything."""
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await _play(fault, subject, module)
    except TimeoutError:
        return Seen("hangs", "", f"no end after {MOST_SECONDS} s", MOST_SECONDS, None)


async def _play(fault: Fault, subject: Subject, module: ModuleType) -> Seen:
    started = time.perf_counter()
    listener = Listener()
    async with _server(fault, _script(fault.play, subject)) as (server, url):
        provider = provider_of(
            module,
            url,
            listener,
            max_retries="1",
            idle_timeout=str(fault.patience),
            connect_timeout=str(fault.patience),
            timeout=str(fault.timeout),
        )
        error, response, memory = await _measured(provider, bool(fault.memory))
        await server.left()
        events, tries = listener.take(), len(server.asked)
        wrong = _wrong(fault, subject, error, response, events, memory)
        if wrong is None and fault.place == "here" and tries != 1 + _retries(events):
            wrong = f"asked {tries} times"
        if wrong is None and fault.place == "here" and fault.timeout > 1:
            server.scripts[:] = [_script(well, subject)]
            wrong = await _goes_on(provider, subject)
        await provider.close()
    words = type(error).__name__ if error else "answer"
    told = ", ".join(dict.fromkeys(name.removeprefix("llm:").removeprefix("stream_") for name, _ in events))
    outcome = f"{words}{', retried' if _retries(events) else ''}"
    return Seen(outcome, told, wrong, time.perf_counter() - started, memory)


def _script(play: Any, subject: Subject) -> Script:
    async def script(line: Line) -> None:
        await play(line, subject)

    return script


@asynccontextmanager
async def _server(fault: Fault, script: Script) -> AsyncIterator[tuple[ScriptServer, str]]:
    """Run the server of a fault; its URL is one that nobody listens to if the fault is that."""
    context = _untrusted() if fault.place == "untrusted" else None
    async with ScriptServer(script, context=context) as server:
        match fault.place:
            case "nowhere":
                with socket.socket() as deaf:  # bound, so that no other process gets the port; nobody listens
                    deaf.bind(("127.0.0.1", 0))
                    yield server, f"http://127.0.0.1:{deaf.getsockname()[1]}"
            case "tls to plain" | "tls to none":
                server.refusal = b"HTTP/1.1 400 Bad Request\r\n\r\n" if fault.place == "tls to plain" else None
                yield server, server.url.replace("http:", "https:")
            case _:
                yield server, server.url


@cache
def _untrusted() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


async def _called(provider: Any) -> tuple[BaseException | None, ChatResponse | None]:
    try:
        return None, await provider.complete(asking())
    except Exception as error:
        return error, None


async def _measured(provider: Any, heavy: bool) -> tuple[BaseException | None, ChatResponse | None, int | None]:
    """Call, and return how many bytes the call took at most, if it is heavy."""
    if not heavy:
        return *await _called(provider), None
    tracemalloc.start()
    try:
        error, response = await _called(provider)
        return error, response, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def _goes_on(provider: Any, subject: Subject) -> str | None:
    """Return what is wrong with a later call, None if nothing."""
    error, response = await _called(provider)
    if response is None:
        return f"the next call fails: {error!r}"
    return None if _same(response, subject) else "the next call has another answer"


def _wrong(
    fault: Fault,
    subject: Subject,
    error: BaseException | None,
    response: ChatResponse | None,
    events: list[Event],
    memory: int | None,
) -> str | None:
    """Return what is not as the table and the contract say, None if all is."""
    expected = fault.outcome
    if error is not None and (not isinstance(error, LLMError) or not error.provider or not error.model):
        return f"not an LLMError in full: {error!r}"
    name = type(error).__name__ if error else None
    if (name, _retries(events)) != (expected.error, int(expected.retried)):
        return f"{name or 'answer'}{', retried' if _retries(events) else ''} ({error})"[:200]
    if error is not None and not (str(error) and error.__cause__):
        return "an error without a message or a cause"
    if expected is SAME and response is not None and not _same(response, subject):
        return f"another answer: {response.content}"[:200]
    if memory is not None and memory > fault.memory * MEGABYTE:
        return f"took {memory // MEGABYTE} MB"
    return misleading(events, error)


def _retries(events: list[Event]) -> int:
    return sum(name == "provider:retry" for name, _ in events)


def _same(response: ChatResponse, subject: Subject) -> bool:
    """Whether the answer is the recorded one; what the record leaves open (a call's made-up id) may be anything."""
    blocks = response.model_dump(mode="json")["content"]
    return len(blocks) == len(subject.blocks) and all(
        expected.items() <= block.items() for block, expected in zip(blocks, subject.blocks, strict=True)
    )
