"""What users write, and what the set-up asks."""

import json
from types import ModuleType
from typing import Any

import pytest
from amplifier_core.models import ProviderInfo

QUIET = {"default_model": "acme-1"}


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ACME_API_KEY", "ACME_KEY", "ACME_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_only_what_is_read_is_known(acme: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    """The vendor takes neither stops nor tool choices, and caches nothing."""
    acme.AcmeProvider(config={"stop": "x", "tool_choice": "auto", "cache": "1h", "enable_prompt_caching": True})
    assert [record.getMessage().split("'")[1] for record in caplog.records] == [
        "cache",
        "enable_prompt_caching",
        "stop",
        "tool_choice",
    ]


def test_environment_stands_in(acme: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_KEY", "second")
    monkeypatch.setenv("ACME_BASE_URL", "https://proxy.example/")
    assert acme.AcmeProvider(api_key="", config={}).settings.api_key == "second"
    assert acme.AcmeProvider().settings.base_url == "https://proxy.example/"
    monkeypatch.setenv("ACME_API_KEY", "first")
    assert acme.AcmeProvider(config={"api_key": ""}).settings.api_key == "first"
    assert acme.AcmeProvider(config={"api_key": "written"}).settings.api_key == "written"
    assert acme.AcmeProvider("given", config={"api_key": "written"}).settings.api_key == "given"


def test_the_set_up_makes_instances_in_its_own_ways(acme: ModuleType) -> None:
    ways: list[dict[str, Any]] = [
        {"api_key": "", "config": {}},
        {"base_url": "", "api_key": "", "config": {}},
        {"base_url": "x", "config": {}},
        {"config": {}},
        {},
    ]
    for arguments in ways:
        assert isinstance(acme.AcmeProvider(**arguments).get_info(), ProviderInfo)


def test_what_the_provider_says_of_itself(acme: ModuleType) -> None:
    info = acme.AcmeProvider(config={**QUIET, "api_key": "hidden-key"}).get_info()
    assert (info.id, info.display_name) == ("acme", "Acme")
    assert info.credential_env_vars == ["ACME_API_KEY", "ACME_KEY"]
    assert info.capabilities == ["tools", "streaming", "thinking"]
    assert info.defaults == {
        "model": "acme-1",
        "max_tokens": 1000,
        "timeout": 600.0,
        "context_window": 200_000,
        "max_output_tokens": 8_000,
    }
    json.dumps(info.defaults)
    assert "hidden-key" not in info.model_dump_json()


def test_the_limits_are_those_of_the_configured_model(acme: ModuleType) -> None:
    assert acme.AcmeProvider(config={"default_model": "acme-next"}).get_info().defaults["context_window"] == 100_000
    assert "context_window" not in acme.AcmeProvider(config={"default_model": "other"}).get_info().defaults


def test_what_the_set_up_asks(acme: ModuleType) -> None:
    fields = {field.id: field for field in acme.AcmeProvider().get_info().config_fields}
    assert list(fields) == ["api_key", "base_url", "reasoning_effort"]
    assert (fields["api_key"].field_type, fields["api_key"].env_var) == ("secret", "ACME_API_KEY")
    assert (fields["base_url"].env_var, fields["base_url"].default) == ("ACME_BASE_URL", "https://api.acme.example")
    assert (fields["base_url"].required, fields["reasoning_effort"].requires_model) == (False, True)
    assert "high" in fields["reasoning_effort"].choices


def test_what_may_be_seen_of_an_instance(acme: ModuleType) -> None:
    made = acme.AcmeProvider(config={**QUIET, "api_key": "hidden-key", "priority": 3})
    assert made.config == {"default_model": "acme-1", "priority": 3}
    assert "hidden-key" not in f"{made!r} {made.settings!r} {made.config!r}"
    assert (made.name, made.default_model, made.priority) == ("acme", "acme-1", 3)
    assert not hasattr(made, "stream")
    assert not hasattr(made, "model")
