"""What the configuration means: what counts where it says nothing, what may be written in it, what the set-up asks."""

import json
from pathlib import Path
from typing import Any

import pytest
from amplifier_core.models import ConfigField

from amplifier_module_provider_openai import OpenaiProvider
from amplifier_module_provider_openai.config import ENV, Settings, config_fields, read_settings
from amplifier_module_provider_openai.retry import RetryPolicy

FACTS = json.loads(Path(__file__).with_name("facts.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, environment: None) -> None:
    for names in ENV.values():
        for name in names:
            monkeypatch.delenv(name, raising=False)


def test_the_set_up_asks_what_the_mapping_says() -> None:
    questions = [ConfigField.model_validate(question) for question in FACTS["setup"]]
    assert config_fields() == questions
    assert OpenaiProvider().get_info().config_fields == questions


CHOICES = [
    ("reasoning_effort", "none"),
    ("reasoning_effort", "minimal"),
    ("reasoning_effort", "low"),
    ("reasoning_effort", "medium"),
    ("reasoning_effort", "high"),
    ("reasoning_effort", "xhigh"),
    ("reasoning_effort", "max"),
    ("tool_choice", "auto"),
    ("tool_choice", "none"),
    ("tool_choice", "required"),
]


@pytest.mark.parametrize(("key", "word"), CHOICES)
def test_every_choice_of_the_vendors_can_be_made(key: str, word: str, caplog: pytest.LogCaptureFixture) -> None:
    assert getattr(read_settings({key: word}), key) == word
    assert not caplog.records


def test_what_counts_where_nothing_is_written(caplog: pytest.LogCaptureFixture) -> None:
    assert read_settings({}) == Settings(
        api_key=None,
        base_url="https://api.openai.com/v1",
        default_model="gpt-6.1-terra",
        max_output_tokens=None,
        temperature=None,
        top_p=None,
        reasoning_effort=None,
        tool_choice=None,
        use_streaming=True,
        timeout=600,
        idle_timeout=300,
        connect_timeout=30,
        retry=RetryPolicy(3, 1, 60, True),
        raw=False,
        priority=100,
    )
    assert not caplog.records


def test_every_key_counts_and_may_be_text(caplog: pytest.LogCaptureFixture) -> None:
    written = {
        "api_key": " a-key\n",
        "base_url": "https://proxy.example/v1",
        "default_model": " another-model ",
        "max_output_tokens": "7",
        "max_tokens": "8",
        "temperature": "0.5",
        "top_p": "0.25",
        "reasoning_effort": "max",
        "tool_choice": "required",
        "use_streaming": "false",
        "timeout": "1.5",
        "idle_timeout": "2.5",
        "connect_timeout": "3.5",
        "max_retries": "1000",
        "min_retry_delay": "0.5",
        "max_retry_delay": "4.5",
        "retry_jitter": "no",
        "raw": "yes",
        "priority": "-5",
        "debug": "true",
        "raw_debug": "true",
        "instance_id": "second",
    }
    assert read_settings(written) == Settings(
        api_key="a-key",
        base_url="https://proxy.example/v1",
        default_model="another-model",
        max_output_tokens=7,
        temperature=0.5,
        top_p=0.25,
        reasoning_effort="max",
        tool_choice="required",
        use_streaming=False,
        timeout=1.5,
        idle_timeout=2.5,
        connect_timeout=3.5,
        retry=RetryPolicy(1000, 0.5, 4.5, False),
        raw=True,
        priority=-5,
    )
    assert not caplog.records


def test_max_tokens_means_max_output_tokens() -> None:
    assert read_settings({"max_tokens": "9"}).max_output_tokens == 9
    assert read_settings({"max_output_tokens": 0, "max_tokens": 9}).max_output_tokens == 9


@pytest.mark.parametrize("key", ["timeout", "idle_timeout", "connect_timeout"])
def test_a_wait_of_0_seconds_is_one_without_end(key: str) -> None:
    assert getattr(read_settings({key: 0}), key) is None


@pytest.mark.parametrize(
    ("key", "lowest", "least"),
    [
        ("max_output_tokens", 0, 1),
        ("temperature", -0.5, 0),
        ("top_p", -0.5, 0),
        ("timeout", -0.5, 0.5),
        ("idle_timeout", -0.5, 0.5),
        ("connect_timeout", -0.5, 0.5),
    ],
)
def test_numbers_that_mean_nothing_are_left_out(
    key: str, lowest: float, least: float, caplog: pytest.LogCaptureFixture
) -> None:
    assert getattr(read_settings({key: least}), key) == least
    assert not caplog.records
    assert read_settings({key: lowest}) == read_settings({})
    assert f"'{key}' is not at least" in caplog.text


def test_max_tokens_has_the_same_bound() -> None:
    assert read_settings({"max_tokens": 0}) == read_settings({})
    assert read_settings({"max_tokens": 1}).max_output_tokens == 1


@pytest.mark.parametrize(
    "wrong", [{"max_retries": -1}, {"max_retries": 1001}, {"min_retry_delay": -1}, {"max_retry_delay": -1}]
)
def test_retries_have_bounds(wrong: dict[str, Any]) -> None:
    assert read_settings(wrong) == read_settings({})
    assert read_settings({"max_retries": 0, "min_retry_delay": 0, "max_retry_delay": 0}).retry == RetryPolicy(
        0, 0, 0, True
    )


def test_what_the_caller_gives_comes_before_what_is_written() -> None:
    assert (
        read_settings({"base_url": "https://a.example"}, base_url=" https://b.example ").base_url == "https://b.example"
    )
    assert read_settings({"base_url": "https://a.example"}, base_url=" ").base_url == "https://a.example"
    assert read_settings({"api_key": "written"}, api_key=" given\n").api_key == "given"
    assert read_settings({"api_key": "written"}, api_key=" ").api_key == "written"


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, names in ENV.items() for name in names])
def test_the_environment_counts_where_nothing_is_written(key: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = read_settings({key: "https://x.example"})
    monkeypatch.setenv(name, "https://x.example")
    assert read_settings({key: ""}) == written


def test_a_key_that_nobody_knows_is_told(caplog: pytest.LogCaptureFixture) -> None:
    assert read_settings({"base_urls": "x"}) == read_settings({})
    assert "'base_urls' is not known and is ignored; did you mean 'base_url'?" in caplog.text
