"""Amplifier provider for Ollama."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from .events import STREAM_EVENTS
from .provider import OllamaProvider

__all__ = ["OllamaProvider", "mount"]

__amplifier_module_type__ = "provider"

log = logging.getLogger(__name__)


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> Callable[[], Awaitable[None]] | None:
    """Mount the provider and return its cleanup."""
    provider = OllamaProvider(config=config, coordinator=coordinator)
    await coordinator.mount("providers", provider, name="ollama")
    if contribute := getattr(coordinator, "register_contributor", None):
        contribute("observability.events", "provider-ollama", lambda: list(STREAM_EVENTS))
        contribute("session.cost", "provider-ollama", provider.session_cost)
    return provider.close
