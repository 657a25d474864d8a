"""What the set-up of a provider asks its user for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from providergen.mapping import Mapping
from providergen.mapping.model import ConfigField, Default
from providergen.mapping.vocabulary import COMMON_CONFIG
from providergen.plan.provider.options import Option, said_of, text_choices
from providergen.plan.provider.words import efforts, words
from providergen.plan.texts import as_text

__all__ = ["Field", "asked"]

_FLAGS = frozenset({"enable_prompt_caching", "raw", "retry_jitter", "use_streaming"})
_ASKED_ANYWAY = frozenset({"api_key", "base_url", "reasoning_effort", "default_model"})
"""Common keys that have questions of their own, or none: the application asks for the model."""

Kind = Literal["text", "secret", "choice", "boolean"]


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the set-up; all values are text, as the command line wants them."""

    id: str
    display_name: str
    type: Kind
    prompt: str
    env: str | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    default: str | None = None
    requires_model: bool = False


def asked(mapping: Mapping, own: tuple[Option, ...], base_url: str | None, base_url_env: str) -> tuple[Field, ...]:
    """Return what the set-up asks, the key first."""
    common = (
        _common_field(key, said)
        for key, said in mapping.config.items()
        if key in COMMON_CONFIG and key not in _ASKED_ANYWAY
    )
    return (
        *_key(mapping),
        *(_own_field(mapping, option) for option in own),
        _address(mapping, base_url, base_url_env),
        *_words(mapping),
        *common,
    )


def _key(mapping: Mapping) -> Iterator[Field]:
    auth = mapping.vendor.auth
    if auth is not None and auth.kind != "scheme":
        prompt = said_of(mapping, "api_key").prompt or f"API key of {mapping.vendor.name}"
        env = auth.env[0] if auth.env else None
        yield Field("api_key", "API key", "secret", prompt, env, required=not auth.optional)


def _address(mapping: Mapping, base_url: str | None, env: str) -> Field:
    said = said_of(mapping, "base_url")
    prompt = said.prompt or f"Base URL of {mapping.vendor.name}"
    return Field("base_url", "Base URL", "text", prompt, env, required=bool(said.required), default=base_url)


def _words(mapping: Mapping) -> Iterator[Field]:
    """Yield the questions about words of a request, as far as the vendor takes them."""
    taken = words(mapping)
    if "reasoning_effort" in taken:
        said = said_of(mapping, "reasoning_effort")
        yield Field(
            "reasoning_effort",
            "Reasoning effort",
            "choice",
            said.prompt or "How hard the model shall think",
            said.env,
            efforts(mapping),
            default=_default(said.default if said.default is not None else mapping.defaults.get("reasoning_effort")),
            requires_model=True,
        )
    if "cache" in taken:
        prompt = "Let the vendor cache what stays the same between requests?"
        yield Field("enable_prompt_caching", "Prompt caching", "boolean", prompt, default="true")


def _own_field(mapping: Mapping, option: Option) -> Field:
    types: dict[str, Kind] = {"choice": "choice", "flag": "boolean"}
    type_ = "secret" if option.secret else types.get(option.reader, "text")
    return _field(option.key, said_of(mapping, option.key), type_, option.choices, option.default)


def _common_field(key: str, said: ConfigField) -> Field:
    choices = text_choices(said)
    type_: Kind = "choice" if choices else "boolean" if key in _FLAGS else "text"
    return _field(key, said, type_, choices, said.default)


def _field(key: str, said: ConfigField, type_: Kind, choices: tuple[str, ...], default: Default) -> Field:
    label = key.replace("_", " ").capitalize()
    prompt = said.prompt or label
    return Field(key, label, type_, prompt, said.env, choices, bool(said.required), _default(default))


def _default(value: Default) -> str | None:
    return None if value is None else as_text(value)
