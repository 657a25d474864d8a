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


def test_nothing_is_configured(acme: ModuleType) -> None:
    settings = acme.AcmeProvider().settings
    assert settings.api_key is None
    assert settings.base_url == "https://api.acme.example"
    assert settings.default_model is None
    assert settings.max_output_tokens == 1000
    assert (settings.timeout, settings.use_streaming, settings.raw, settings.priority) == (600, True, False, 100)


@pytest.mark.parametrize(
    ("written", "attribute", "value"),
    [
        ({"use_streaming": "false"}, "use_streaming", False),
        ({"use_streaming": ""}, "use_streaming", True),
        ({"use_streaming": "perhaps"}, "use_streaming", True),
        ({"raw": "TRUE"}, "raw", True),
        ({"raw": 1}, "raw", True),
        ({"temperature": "0"}, "temperature", 0),
        ({"temperature": 0.0}, "temperature", 0),
        ({"temperature": "warm"}, "temperature", None),
        ({"temperature": True}, "temperature", None),
        ({"temperature": "nan"}, "temperature", None),
        ({"max_tokens": "4096"}, "max_output_tokens", 4096),
        ({"max_output_tokens": 7, "max_tokens": 8}, "max_output_tokens", 7),
        ({"max_tokens": "many"}, "max_output_tokens", 1000),
        ({"max_tokens": 0}, "max_output_tokens", 1000),
        ({"max_output_tokens": "1e400"}, "max_output_tokens", 1000),
        ({"max_tokens": 1.5}, "max_output_tokens", 1000),
        ({"timeout": "30.5"}, "timeout", 30.5),
        ({"timeout": 0}, "timeout", None),
        ({"timeout": -1}, "timeout", 600),
        ({"priority": "5"}, "priority", 5),
        ({"priority": None}, "priority", 100),
        ({"priority": "first"}, "priority", 100),
        ({"default_model": "  "}, "default_model", None),
        ({"default_model": ["x"]}, "default_model", None),
        ({"base_url": ""}, "base_url", "https://api.acme.example"),
        ({"base_url": "http://localhost:8000/"}, "base_url", "http://localhost:8000/"),
        ({"base_url": "acme.example:8000"}, "base_url", "https://acme.example:8000"),
        ({"api_key": " k\n"}, "api_key", "k"),
        ({"reasoning_effort": "high"}, "reasoning_effort", "high"),
        ({"reasoning_effort": "enormous"}, "reasoning_effort", None),
    ],
)
def test_values_are_made_sure_of(acme: ModuleType, written: dict[str, Any], attribute: str, value: Any) -> None:
    assert getattr(acme.AcmeProvider(config=written).settings, attribute) == value


def test_retries(acme: ModuleType) -> None:
    policy = acme.AcmeProvider(
        config={"max_retries": "0", "min_retry_delay": "0.5", "max_retry_delay": 9, "retry_jitter": "false"}
    ).settings.retry
    assert (policy.max_retries, policy.min_delay, policy.max_delay, policy.jitter) == (0, 0.5, 9, False)


def test_wrong_and_unknown_values_are_told_without_the_value(
    acme: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    acme.AcmeProvider(config={"temperature": "hot-secret", "tempereture": 1, "flavour": "x", "debug": True})
    told = [record.getMessage() for record in caplog.records]
    assert any("'temperature' is not a number" in text for text in told)
    assert any("'tempereture' is not known" in text and "did you mean 'temperature'?" in text for text in told)
    assert any("'flavour' is not known and is ignored" in text and "mean" not in text for text in told)
    assert len(told) == 3
    assert "hot-secret" not in caplog.text


def test_unknown_keys_are_told_once(acme: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):  # the kernel mounts a provider twice, the first time to look at it
        acme.AcmeProvider(config={"flavor": "x", "taste": "y"})
    assert caplog.text.count("'flavor' is not known") == caplog.text.count("'taste' is not known") == 1
    acme.AcmeProvider(config={"flavor": "x"})
    assert caplog.text.count("'flavor' is not known") == 2


def test_only_what_is_read_is_known(acme: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    """The vendor takes neither stops nor tool choices, and caches nothing."""
    acme.AcmeProvider(config={"stop": "x", "tool_choice": "auto", "cache": "1h", "enable_prompt_caching": True})
    assert [record.getMessage().split("'")[1] for record in caplog.records] == [
        "cache",
        "enable_prompt_caching",
        "stop",
        "tool_choice",
    ]


def test_more_retries_than_the_kernel_can_count_are_refused(acme: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    assert acme.AcmeProvider(config={"max_retries": "5000000000"}).settings.retry.max_retries == 3
    assert "'max_retries' is not at most 1000" in caplog.text


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
