"""A context that keeps every message as a plain dict and adds what stock contexts add to the metadata."""

from datetime import UTC, datetime
from typing import Any

from amplifier_core import ModuleCoordinator


class ListContext:
    """The conversation as a list; nothing is ever compacted."""

    def __init__(self) -> None:
        self._messages: list[dict[str, Any]] = []

    async def add_message(self, message: dict[str, Any]) -> None:
        """Append a message, stamped in its metadata as stored histories are."""
        metadata = (message.get("metadata") or {}) | {"timestamp": datetime.now(UTC).isoformat()}
        self._messages.append({**message, "metadata": metadata})

    async def get_messages_for_request(
        self, token_budget: int | None = None, provider: Any | None = None
    ) -> list[dict[str, Any]]:
        """Return all messages."""
        return list(self._messages)

    async def get_messages(self) -> list[dict[str, Any]]:
        """Return all messages."""
        return list(self._messages)

    async def set_messages(self, messages: list[dict[str, Any]]) -> None:
        """Replace the conversation."""
        self._messages = list(messages)

    async def clear(self) -> None:
        """Forget the conversation."""
        self._messages.clear()


async def mount(coordinator: ModuleCoordinator, config: dict[str, Any] | None = None) -> None:
    """Mount the context, with `config["messages"]` as the conversation so far."""
    context = ListContext()
    await context.set_messages((config or {}).get("messages", []))
    await coordinator.mount("context", context)
