"""What all tests share: an environment of their own, a listener, and providers that talk to loopback only."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck
from hypothesis import settings as examples

from amplifier_module_provider_openai import OpenaiProvider
from amplifier_module_provider_openai.config import ENV
from tests.listener import Listener

KEY = "test-key-0123456789abcdef"
MODEL = "gpt-6.1-terra"
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there

# A machine that is busy is no failure.
examples.register_profile("patient", examples.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("patient")

Make = Callable[..., OpenaiProvider]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a key and an address where nobody answers, whatever the machine has set."""
    for names in ENV.values():
        for name in names:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(ENV["api_key"][0], KEY)
    monkeypatch.setenv(ENV["base_url"][0], NOBODY)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def module_path() -> Path:
    """Say where the package is: amplifier-core's plugin finds it only in a folder of the right name."""
    return Path(__file__).parents[1] / "amplifier_module_provider_openai"


@pytest.fixture
def listener() -> Listener:
    """Give hooks that remember what they were told."""
    return Listener()


@pytest_asyncio.fixture
async def make(listener: Listener) -> AsyncIterator[Make]:
    """Give a function from an address and configuration to a provider that does not wait between its attempts."""
    made: list[OpenaiProvider] = []

    def provider(base_url: str = NOBODY, **config: Any) -> OpenaiProvider:
        settings = {"default_model": MODEL, "max_retries": 0, "min_retry_delay": 0, "retry_jitter": False, **config}
        coordinator = SimpleNamespace(hooks=listener)
        made.append(OpenaiProvider(base_url=base_url, config=settings, coordinator=coordinator))
        return made[-1]

    yield provider
    for one in made:
        await one.close()
