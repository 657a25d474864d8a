"""Plan REFERENCE.md: what a user of the package wants to look up and its mapping decides."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from providergen.check import Checked, Coverage
from providergen.mapping import Mapping
from providergen.mapping.model import Default, Limit
from providergen.mapping.requests import request_words
from providergen.mapping.vocabulary import BLOCK_KINDS, REQUEST_WORDS
from providergen.plan.provider import ProviderPlan, efforts
from providergen.plan.texts import as_text

__all__ = ["Differing", "ReferencePlan", "Setting", "plan_reference"]

_PLAIN = frozenset({"model", "message", "system", "tool", "schema", "strict"})
_NEVER_SENT = frozenset({"cache"})
_MEANINGS = {
    "max_output_tokens": "most tokens of an answer; max_tokens means the same",
    "temperature": "sampling temperature",
    "top_p": "nucleus sampling",
    "stop": "texts that end an answer",
    "reasoning_effort": "how hard the model thinks",
    "tool_choice": "whether the model calls tools where the caller does not say",
    "cache": "how long the vendor keeps what it has cached",
    "enable_prompt_caching": "whether the vendor may cache what stays the same between requests",
    "use_streaming": "whether answers are streamed",
    "timeout": "seconds for a whole call with its retries, 0 for no limit",
    "idle_timeout": "seconds without a byte after which a stream is given up, 0 for no limit",
    "connect_timeout": "seconds to wait for a connection, 0 for no limit",
    "max_retries": "attempts after the first",
    "min_retry_delay": "seconds before the second attempt; doubled for each further one",
    "max_retry_delay": "most seconds between two attempts",
    "retry_jitter": "whether the delays vary a little",
    "raw": "whether events hold what was sent and received, without secrets, long texts cut",
    "priority": "the provider with the lowest answers first",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the configuration; `choices` are empty where any value will do."""

    key: str
    meaning: str
    default: str
    env: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Differing:
    """What models with ids like `match` take of a request; of models that fit several globs the first is meant."""

    match: str
    takes: frozenset[str]
    efforts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferencePlan:
    """The tables of REFERENCE.md.

    `by_model` is empty where all models take the same; `columns` are the words that some of them take. `unsent` are
    words of a request, `unsent_blocks` kinds of blocks that the vendor has no place for. `unchecked` pairs places with
    the mapping's reasons.
    """

    settings: tuple[Setting, ...]
    columns: tuple[str, ...]
    by_model: tuple[Differing, ...]
    unsent: tuple[str, ...]
    unsent_blocks: tuple[str, ...]
    limits: tuple[Limit, ...]
    unchecked: tuple[tuple[str, str], ...]
    coverage: Coverage


def plan_reference(
    mapping: Mapping, checked: Checked, provider: ProviderPlan, written_kinds: frozenset[str]
) -> ReferencePlan:
    """Return the plan; `written_kinds` are the kinds of blocks that messages can hold."""
    variants = (*mapping.for_model, ("*", replace(mapping, for_model=())))
    differing = tuple(
        Differing(glob, request_words(variant) - _PLAIN, efforts(variant, checked)) for glob, variant in variants
    )
    alike = len({(one.takes, one.efforts) for one in differing}) == 1
    every = frozenset[str]().union(*(one.takes for one in differing))
    carried = written_kinds | {"cache"} | ({"tool_result"} if "tool" in mapping.message else set())
    return ReferencePlan(
        settings=tuple(_settings(mapping, provider)),
        columns=tuple(word for word in REQUEST_WORDS if word in every - _NEVER_SENT),
        by_model=() if alike else differing,
        unsent=tuple(word for word in REQUEST_WORDS if word not in provider.taken | _PLAIN | _NEVER_SENT),
        unsent_blocks=tuple(kind for kind in BLOCK_KINDS if kind not in carried),
        limits=mapping.limits,
        unchecked=tuple((place, said.reason) for place, said in mapping.unchecked.items()),
        coverage=checked.coverage,
    )


def _settings(mapping: Mapping, provider: ProviderPlan) -> Iterator[Setting]:
    env = dict(provider.env)
    if provider.auth is not None:
        yield Setting("api_key", "the key", "", env.get("api_key", ()))
    yield Setting("base_url", "where the vendor answers", provider.address.fixed or "", env.get("base_url", ()))
    for option in provider.options:
        said = mapping.config.get(option.key)
        meaning = (said.prompt if said else None) or "an option of the vendor's own"
        yield Setting(option.key, meaning, _shown(option.default), env.get(option.key, ()), option.choices)
    yield Setting("default_model", "the model of requests that name none", provider.default_model or "")
    choices = {
        "reasoning_effort": provider.efforts,
        "tool_choice": provider.tool_choices,
        "cache": provider.cache_ttls,
    }
    for key, meaning in _MEANINGS.items():
        if key not in provider.known_keys:
            continue
        default = provider.default(key, provider.cache_ttls[0] if key == "cache" else None)
        yield Setting(key, meaning, _shown(default), env.get(key, ()), choices.get(key, ()))


def _shown(default: Default) -> str:
    return "" if default is None else as_text(default)
