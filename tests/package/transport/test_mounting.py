"""How the kernel gets a provider."""

import inspect
from types import ModuleType

import pytest
from amplifier_core.message_models import ChatResponse, TextBlock, ToolCallBlock
from amplifier_core.testing import MockCoordinator
from amplifier_core.validation import ProviderValidator

pytestmark = pytest.mark.asyncio


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_API_KEY", "from-the-environment")


async def test_a_provider_is_mounted_under_its_name(acme: ModuleType, key: str) -> None:
    coordinator = MockCoordinator()  # type: ignore[no-untyped-call]
    cleanup = await acme.mount(coordinator)
    [(name, provider)] = coordinator.get("providers").items()
    assert name == provider.name == "acme"
    await cleanup()
    await cleanup()


async def test_without_a_key_nothing_is_mounted(
    acme: ModuleType, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    coordinator = MockCoordinator()  # type: ignore[no-untyped-call]
    assert await acme.mount(coordinator, {"api_key": ""}) is None
    assert not coordinator.get("providers")
    assert "ACME_API_KEY" in caplog.text


async def test_what_is_contributed(acme: ModuleType, key: str) -> None:
    coordinator = MockCoordinator()  # type: ignore[no-untyped-call]
    await acme.mount(coordinator, {})
    [names] = await coordinator.collect_contributions("observability.events")
    assert {name.rpartition("_")[2] for name in names} == {"start", "delta", "end", "aborted"}
    assert not await coordinator.collect_contributions("session.cost")


async def test_the_face_of_the_package(acme: ModuleType) -> None:
    assert sorted(acme.__all__) == ["AcmeProvider", "mount"]
    assert acme.__amplifier_module_type__ == "provider"
    assert inspect.iscoroutinefunction(acme.mount)


async def test_the_validator_of_the_kernel(acme: ModuleType, key: str) -> None:
    result = await ProviderValidator().validate(acme.__path__[0])
    assert [check.name for check in result.checks if not check.passed] == []
    assert len(result.checks) == 9


async def test_calls_are_read_from_any_response(acme: ModuleType) -> None:
    provider = acme.AcmeProvider()
    assert provider.parse_tool_calls(ChatResponse(content=[TextBlock(text="Hello")])) == []
    call = ToolCallBlock(id="c1", name="look", input={})
    response = ChatResponse(content=[call, call, ToolCallBlock(id="c2", name="go", input={"a": 1})])
    calls = provider.parse_tool_calls(response)
    assert [(found.id, found.name, found.arguments) for found in calls] == [("c1", "look", {}), ("c2", "go", {"a": 1})]
    assert provider.parse_tool_calls(response) == calls
