"""Providers of the subjects' packages, and what they are asked."""

import importlib
from types import ModuleType, SimpleNamespace
from typing import Any

from amplifier_core.message_models import ChatRequest, Message

QUICK = {"max_retries": "0", "min_retry_delay": "0", "retry_jitter": "false"}


def module_of(vendor: str) -> ModuleType:
    """Return the package of a vendor, which must be installed."""
    return importlib.import_module(f"amplifier_module_provider_{vendor.replace('-', '_')}")


def provider_of(module: ModuleType, url: str, listener: Any = None, **config: str) -> Any:
    """Return a provider that talks to an address and tells the listener; it tries once unless configured otherwise."""
    [made] = (getattr(module, name) for name in module.__all__ if name.endswith("Provider"))
    coordinator = SimpleNamespace(hooks=listener)
    return made("key-0123456789", base_url=url, config={**QUICK, **config}, coordinator=coordinator)


def asking(text: str = "Weather in Paris?", **metadata: Any) -> ChatRequest:
    """Return a request with one message."""
    return ChatRequest(messages=[Message(role="user", content=text)], metadata=metadata or None)
