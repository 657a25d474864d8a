"""What the set-up of a provider asks its user for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import Default
from providergen.mapping.requests import missing_for
from providergen.mapping.vocabulary import COMMON_CONFIG
from providergen.plan.provider.address import AddressPlan
from providergen.plan.provider.options import COMMON_DEFAULTS, Option, said_of, text_choices
from providergen.plan.provider.words import cache_ttls, efforts, tool_choices
from providergen.plan.texts import as_text

__all__ = ["Field", "asked"]

_PROMPTS = {
    "reasoning_effort": "How hard the model shall think",
    "enable_prompt_caching": "Let the vendor cache what stays the same between requests?",
}
"""Common keys that are asked for even if the mapping says nothing of them."""
_LABELS = {"enable_prompt_caching": "Prompt caching"}
_APART = frozenset({"api_key", "base_url", "default_model"})
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


def asked(mapping: Mapping, checked: Checked, own: tuple[Option, ...], address: AddressPlan) -> tuple[Field, ...]:
    """Return what the set-up asks, the key first, and nothing twice."""
    found: dict[str, Field] = {}
    options = (_own_field(mapping, option) for option in own)
    for field in (*_key(mapping), *options, _address(mapping, address), *_common(mapping, checked)):
        found.setdefault(field.id, field)
    return tuple(found.values())


def _key(mapping: Mapping) -> Iterator[Field]:
    auth = mapping.vendor.auth
    if auth is not None and auth.kind != "scheme":
        prompt = said_of(mapping, "api_key").prompt or f"API key of {mapping.vendor.name}"
        env = auth.env[0] if auth.env else None
        yield Field("api_key", "API key", "secret", prompt, env, required=not auth.optional)


def _address(mapping: Mapping, address: AddressPlan) -> Field:
    said = said_of(mapping, "base_url")
    prompt = said.prompt or f"Base URL of {mapping.vendor.name}"
    required = bool(said.required)
    return Field("base_url", "Base URL", "text", prompt, address.env[0], required=required, default=address.fixed)


def _common(mapping: Mapping, checked: Checked) -> Iterator[Field]:
    """Yield the questions about keys that providers have in common, as far as they count for this one."""
    choices = {
        "reasoning_effort": efforts(mapping, checked),
        "tool_choice": tool_choices(mapping, checked),
        "cache": cache_ttls(mapping),
    }
    defaults = {**COMMON_DEFAULTS, **mapping.defaults}
    for key in dict.fromkeys((*_PROMPTS, *mapping.config)):
        if key in COMMON_CONFIG and key not in _APART and missing_for(mapping, key) is None:
            yield _field(mapping, key, choices.get(key, ()), defaults.get(key), isinstance(defaults.get(key), bool))


def _own_field(mapping: Mapping, option: Option) -> Field:
    field = _field(mapping, option.key, option.choices, option.default, option.reader == "flag", option.secret)
    return replace(field, required=field.required or option.needed)


def _field(
    mapping: Mapping, key: str, choices: tuple[str, ...], default: Default, flag: bool, secret: bool = False
) -> Field:
    said = said_of(mapping, key)
    choices = text_choices(said) or choices
    label = _LABELS.get(key, key.replace("_", " ").capitalize())
    given = default if said.default is None else said.default
    return Field(
        key,
        label,
        "secret" if secret else "choice" if choices else "boolean" if flag else "text",
        said.prompt or _PROMPTS.get(key, label),
        said.env,
        choices,
        bool(said.required),
        None if given is None else as_text(given),
        requires_model=key == "reasoning_effort",
    )
