"""Providers of the vendor that does not exist, and listeners for what they tell."""

import importlib
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from amplifier_core.message_models import ChatRequest, Message
from amplifier_core.testing import EventRecorder

from tests.package.transport.packages import imported, plan, write

Make = Callable[..., Any]
Part = Callable[[str], Any]

KEY = "acme-key-0123456789"


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Give the package."""
    folder = tmp_path_factory.mktemp("acme")
    return imported(write(plan(folder), folder))


@pytest.fixture(scope="session")
def part(acme: ModuleType) -> Part:
    """Give a function from a name to a module of the package."""
    return lambda name: importlib.import_module(f"{acme.__name__}.{name}")


@pytest.fixture
def recorder() -> EventRecorder:
    """Give a listener for events."""
    return EventRecorder()  # type: ignore[no-untyped-call]


@pytest.fixture
def provider(acme: ModuleType, recorder: EventRecorder) -> Make:
    """Give a function from configuration to a provider whose events are recorded; it retries at once."""

    def make(base_url: str, **config: Any) -> Any:
        quick = {"default_model": "acme-1", "min_retry_delay": 0, "retry_jitter": False, "max_retries": 2}
        coordinator = SimpleNamespace(hooks=recorder)
        return acme.AcmeProvider(KEY, base_url=base_url, config={**quick, **config}, coordinator=coordinator)

    return make


def asking(text: str = "Hello?", **fields: Any) -> ChatRequest:
    """Return a request with one message."""
    return ChatRequest(messages=[Message(role="user", content=text)], **fields)


def whole(**fields: Any) -> ChatRequest:
    """Return a request that is not to be streamed."""
    return asking(metadata={"stream": False}, **fields)
