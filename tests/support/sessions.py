"""Real kernel sessions whose events a test can look at."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amplifier_core import AmplifierSession, HookResult
from amplifier_core.events import ALL_EVENTS

STAND_INS = Path(__file__).parent / "stand_ins"
ORCHESTRATORS = ("loop-basic", "loop-streaming")


@dataclass(slots=True)
class Recorder:
    """The events of a session in the order of their emission: (name, payload)."""

    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def __call__(self, event: str, data: dict[str, Any]) -> HookResult:
        """Take down one event."""
        self.events.append((event, data))
        return HookResult(action="continue")

    def of(self, *names: str) -> list[dict[str, Any]]:
        """Return the payloads of the events with one of these names."""
        return [data for event, data in self.events if event in names]

    def names(self, *prefixes: str) -> list[str]:
        """Return the names of the events that start with one of the prefixes, all without any."""
        return [event for event, _ in self.events if event.startswith(prefixes or "")]


@dataclass(slots=True)
class Conversation:
    """A running session and its events."""

    session: Any
    recorder: Recorder

    async def say(self, prompt: str) -> str:
        """Complete one turn and return the answer's text."""
        answer: str = await self.session.execute(prompt)
        return answer

    async def orchestrate(self, prompt: str) -> str:
        """Complete one turn in the caller's own task: the kernel's `execute` does not pass its cancellation on."""
        coordinator = self.session.coordinator
        answer: str = await coordinator.get("orchestrator").execute(
            prompt=prompt,
            context=coordinator.get("context"),
            providers=self.providers,
            tools=coordinator.get("tools"),
            hooks=coordinator.hooks,
        )
        return answer

    @property
    def providers(self) -> dict[str, Any]:
        """The mounted providers by mount name."""
        return dict(self.session.coordinator.get("providers") or {})

    async def contributions(self, channel: str) -> list[Any]:
        """Return what modules contribute to a channel of the coordinator."""
        found: list[Any] = await self.session.coordinator.collect_contributions(channel)
        return found

    async def messages(self) -> list[dict[str, Any]]:
        """Return the stored history."""
        messages: list[dict[str, Any]] = await self.session.coordinator.get("context").get_messages()
        return messages


@asynccontextmanager
async def conversation(
    orchestrator: str,
    providers: Sequence[dict[str, Any]] = (),
    *,
    settings: dict[str, Any] | None = None,
    history: Sequence[dict[str, Any]] = (),
    parent: Conversation | None = None,
) -> AsyncIterator[Conversation]:
    """Open a session of the stand-ins (which must be installed) with these provider entries of a mount plan.

    Args:
        orchestrator: One of `ORCHESTRATORS`.
        providers: Entries `{"module": ..., "config": {...}}`, loaded by entry point.
        settings: Configuration of the orchestrator.
        history: Messages of the conversation so far.
        parent: The session that this one is a sub-session of.
    """
    session = AmplifierSession(
        {
            "session": {
                "orchestrator": {"module": orchestrator, "config": settings or {}},
                "context": {"module": "context-list", "config": {"messages": list(history)}},
            },
            "providers": list(providers),
            "tools": [{"module": "tool-weather"}],
        },
        parent_id=parent.session.session_id if parent else None,
    )
    recorder = Recorder()
    for event in ALL_EVENTS:
        session.coordinator.hooks.register(event, recorder, name=f"recorder-{event}")
    await session.initialize()
    try:
        talk = Conversation(session, recorder)
        contributed = {event for names in await talk.contributions("observability.events") for event in names}
        for event in contributed:
            session.coordinator.hooks.register(event, recorder, name=f"recorder-{event}")
        yield talk
    finally:
        await session.cleanup()
