"""Amplifier provider for OpenAI."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from .events import STREAM_EVENTS
from .provider import OpenaiProvider

__all__ = ["OpenaiProvider", "mount"]

__amplifier_module_type__ = "provider"

log = logging.getLogger(__name__)


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> Callable[[], Awaitable[None]] | None:
    """Mount the provider and return its cleanup; without a key nothing is mounted and None returned."""
    provider = OpenaiProvider(config=config, coordinator=coordinator)
    if provider.settings.api_key is None:
        log.warning(
            "provider-openai is not mounted: %s", "no API key: set OPENAI_API_KEY or api_key in the configuration"
        )
        return None
    await coordinator.mount("providers", provider, name="openai")
    if contribute := getattr(coordinator, "register_contributor", None):
        contribute("observability.events", "provider-openai", lambda: list(STREAM_EVENTS))
        contribute("session.cost", "provider-openai", provider.session_cost)
    return provider.close
