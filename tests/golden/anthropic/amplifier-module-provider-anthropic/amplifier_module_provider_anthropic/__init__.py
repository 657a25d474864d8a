"""Amplifier provider for Anthropic."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from .events import STREAM_EVENTS
from .provider import AnthropicProvider

__all__ = ["AnthropicProvider", "mount"]

__amplifier_module_type__ = "provider"

log = logging.getLogger(__name__)


async def mount(coordinator: Any, config: dict[str, Any] | None = None) -> Callable[[], Awaitable[None]] | None:
    """Mount the provider and return its cleanup; without a key nothing is mounted and None returned."""
    provider = AnthropicProvider(config=config, coordinator=coordinator)
    if provider.settings.api_key is None:
        log.warning(
            "provider-anthropic is not mounted: %s", "no API key: set ANTHROPIC_API_KEY or api_key in the configuration"
        )
        return None
    await coordinator.mount("providers", provider, name="anthropic")
    if contribute := getattr(coordinator, "register_contributor", None):
        contribute("observability.events", "provider-anthropic", lambda: list(STREAM_EVENTS))
        contribute("session.cost", "provider-anthropic", provider.session_cost)
    return provider.close
