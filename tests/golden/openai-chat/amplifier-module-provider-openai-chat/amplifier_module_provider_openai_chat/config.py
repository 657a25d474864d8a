"""How the provider for OpenAI Chat Completions is configured."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amplifier_core.models import ConfigField

from .options import Options
from .retry import RetryPolicy

__all__ = ["ENV", "SECRETS", "Settings", "config_fields", "read_settings"]

log = logging.getLogger(__name__)

ENV: dict[str, tuple[str, ...]] = {
    "api_key": ("OPENAI_API_KEY",),
    "base_url": ("OPENAI_BASE_URL",),
}
SECRETS: frozenset[str] = frozenset(("api_key",))
_KNOWN = (
    "api_key",
    "base_url",
    "connect_timeout",
    "debug",
    "default_model",
    "idle_timeout",
    "instance_id",
    "max_output_tokens",
    "max_retries",
    "max_retry_delay",
    "max_tokens",
    "min_retry_delay",
    "priority",
    "raw",
    "raw_debug",
    "reasoning_effort",
    "retry_jitter",
    "stop",
    "temperature",
    "timeout",
    "tool_choice",
    "top_p",
    "use_streaming",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration, typed; None means undecided.

    `timeout` bounds a whole call with its retries, `idle_timeout` the wait for the next byte of a stream,
    `connect_timeout` the wait for a connection, in seconds; None bounds nothing. `cache` is how long cache breakpoints
    live. `config` holds the options that only this vendor has.
    """

    api_key: str | None = field(repr=False)
    base_url: str
    default_model: str | None
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] | None = None
    reasoning_effort: str | None = None
    tool_choice: str | None = None
    cache: str | None = None
    use_streaming: bool = False
    timeout: float | None = None
    idle_timeout: float | None = None
    connect_timeout: float | None = None
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    raw: bool = False
    priority: int = 100
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)


def read_settings(
    config: Mapping[str, Any],
    *,
    api_key: str | None = None,
    base_url: str | None = None,
) -> Settings:
    """Return the settings that a configuration means, with environment variables for what it leaves open.

    A value that is of no use is told in the log and left out.
    """
    options = Options(config, ENV, log)
    options.warn_unknown(_KNOWN)
    return Settings(
        api_key=(api_key or "").strip() or options.text("api_key", None),
        base_url=(base_url or "").strip() or options.address("base_url", "https://api.openai.com/v1"),
        default_model=options.text("default_model", "gpt-5.2"),
        max_output_tokens=options.integer("max_output_tokens", options.integer("max_tokens", None, least=1), least=1),
        temperature=options.number("temperature", None, least=0),
        top_p=options.number("top_p", None, least=0),
        stop=options.texts("stop", None),
        reasoning_effort=options.choice(
            "reasoning_effort", ("minimal", "low", "medium", "high", "xhigh", "max", "none"), None
        ),
        tool_choice=options.choice("tool_choice", ("auto", "none", "required"), None),
        use_streaming=options.flag("use_streaming", True),
        timeout=options.number("timeout", 600, least=0) or None,
        idle_timeout=options.number("idle_timeout", 300, least=0) or None,
        connect_timeout=options.number("connect_timeout", 30, least=0) or None,
        retry=RetryPolicy(
            max_retries=options.integer("max_retries", 3, least=0, most=1000),
            min_delay=options.number("min_retry_delay", 1, least=0),
            max_delay=options.number("max_retry_delay", 60, least=0),
            jitter=options.flag("retry_jitter", True),
        ),
        raw=options.flag("raw", False),
        priority=options.integer("priority", 100),
    )


def config_fields() -> list[ConfigField]:
    """Return what the set-up of the provider asks for."""
    return [
        ConfigField(
            id="api_key",
            display_name="API key",
            field_type="secret",
            prompt="API key of OpenAI Chat Completions",
            env_var="OPENAI_API_KEY",
            required=True,
        ),
        ConfigField(
            id="base_url",
            display_name="Base URL",
            field_type="text",
            prompt="Base URL of OpenAI Chat Completions",
            env_var="OPENAI_BASE_URL",
            required=False,
            default="https://api.openai.com/v1",
        ),
        ConfigField(
            id="reasoning_effort",
            display_name="Reasoning effort",
            field_type="choice",
            prompt="How hard the model shall think",
            choices=["minimal", "low", "medium", "high", "xhigh", "max", "none"],
            required=False,
            requires_model=True,
        ),
    ]
