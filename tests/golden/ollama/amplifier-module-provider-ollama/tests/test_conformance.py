"""What Amplifier's kernel, orchestrators and command line expect of the package."""

import json
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from amplifier_core.events import ALL_EVENTS
from amplifier_core.message_models import ChatResponse, TextBlock, ToolCall, ToolCallBlock
from amplifier_core.testing import MockCoordinator
from amplifier_core.validation.behavioral import ProviderBehaviorTests
from amplifier_core.validation.structural import ProviderStructuralTests

import amplifier_module_provider_ollama as package
from amplifier_module_provider_ollama import OllamaProvider, mount
from tests.conftest import KEY, MODEL, NOBODY, Make

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))


class TestBehavior(ProviderBehaviorTests):
    """The kernel's own tests of what a provider does."""


class TestStructure(ProviderStructuralTests):
    """The kernel's own tests of how a provider is built."""


def test_the_kernel_finds_the_module() -> None:
    entry_points = PROJECT["project"]["entry-points"]["amplifier.modules"]
    assert entry_points == {"provider-ollama": "amplifier_module_provider_ollama:mount"}
    assert PROJECT["project"]["name"] == "amplifier-module-provider-ollama"
    assert package.__amplifier_module_type__ == "provider"
    assert [name for name in package.__all__ if name.endswith("Provider")] == ["OllamaProvider"]


@pytest.mark.asyncio
async def test_mounting_puts_the_provider_where_sessions_look() -> None:
    coordinator = MockCoordinator()  # type: ignore[no-untyped-call]
    cleanup = await mount(coordinator, None)
    assert cleanup is not None
    [(name, provider)] = coordinator.mount_points["providers"].items()
    assert name == provider.name == "ollama"
    assert provider.coordinator is coordinator  # its hooks hear of the calls
    await cleanup()
    await cleanup()


@pytest.mark.asyncio
async def test_mounting_tells_what_to_observe_and_what_it_costs() -> None:
    told: dict[str, Any] = {}

    class Coordinator:
        async def mount(self, point: str, module: Any, name: str) -> None:
            told["mounted"] = (point, name)

        def register_contributor(self, channel: str, name: str, callback: Any) -> None:
            told[channel] = (name, callback())

    await mount(Coordinator(), {})
    assert told["mounted"] == ("providers", "ollama")
    name, events = told["observability.events"]
    assert name == "provider-ollama"
    assert events
    assert not set(events) & set(ALL_EVENTS)
    assert told["session.cost"] == ("provider-ollama", None)


@pytest.mark.asyncio
async def test_a_coordinator_may_have_no_use_for_contributions() -> None:
    class Bare:
        def __init__(self) -> None:
            self.mounted: list[str] = []

        async def mount(self, point: str, module: Any, name: str) -> None:
            self.mounted.append(f"{point} {name} {module.name} {module.priority}")

    bare = Bare()
    assert await mount(bare, {"priority": "5"})
    assert bare.mounted == ["providers ollama ollama 5"]


def test_instances_share_nothing() -> None:
    one = OllamaProvider(config={"default_model": "one", "priority": "5"})
    other = OllamaProvider(config={"base_url": "https://example.com", "priority": "high"})
    assert (one.default_model, one.priority, other.priority) == ("one", 5, 100)
    assert one.settings.base_url != other.settings.base_url


def test_configuration_comes_as_text_and_with_strangers() -> None:
    config = {"use_streaming": "false", "max_retries": "0", "timeout": "", "temperature": "warm", "nonsense": object()}
    settings = OllamaProvider(config=config).settings
    assert (settings.use_streaming, settings.retry.max_retries, settings.temperature) == (False, 0, None)
    assert settings.timeout == OllamaProvider().settings.timeout


def test_what_orchestrators_read_off_an_instance() -> None:
    provider = OllamaProvider(api_key="", config={})
    assert isinstance(provider.priority, int)
    assert isinstance(provider.default_model, str)
    assert isinstance(provider.config, dict)
    assert not hasattr(provider, "stream")  # loop-streaming would call it in place of complete()
    assert not hasattr(provider, "model")


def test_info_needs_neither_key_nor_network() -> None:
    info = OllamaProvider(api_key="", config={}).get_info()
    assert info.id == "ollama"
    assert json.dumps(info.defaults)
    assert info.credential_env_vars == ["OLLAMA_API_KEY"]
    secrets = [field for field in info.config_fields if field.field_type == "secret"]
    assert all(field.env_var is None or field.env_var in info.credential_env_vars for field in secrets[:1])
    assert not {"model", "default_model"} & {field.id for field in info.config_fields}


def test_the_key_is_never_shown() -> None:
    provider = OllamaProvider(api_key=KEY, config={"api_key": KEY})
    for shown in (repr(provider), repr(provider.settings), str(provider.config), provider.get_info().model_dump_json()):
        assert KEY not in shown


@pytest.mark.asyncio
async def test_models_are_listed_without_network(make: Make) -> None:
    models = await make(NOBODY).list_models()
    assert MODEL in [model.id for model in models]
    assert all(isinstance(model.context_window, int) for model in models)


@pytest.mark.asyncio
async def test_closing_needs_no_connection_and_can_be_repeated() -> None:
    provider = OllamaProvider(coordinator=SimpleNamespace())
    await provider.close()
    await provider.close()


def test_calls_are_found_in_any_response() -> None:
    provider = OllamaProvider()
    block = ToolCallBlock(id="1", name="look", input={})
    call = ToolCall(id="1", name="look", arguments={})
    assert provider.parse_tool_calls(ChatResponse(content=[TextBlock(text="Hello")])) == []
    for response in (ChatResponse(content=[block]), ChatResponse(content=[block], tool_calls=[call, call])):
        [found] = provider.parse_tool_calls(response)
        assert (found.id, found.name, found.arguments) == ("1", "look", {})
        assert provider.parse_tool_calls(response) == [found]
