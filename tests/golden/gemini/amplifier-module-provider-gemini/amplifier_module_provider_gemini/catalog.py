"""What is known of Google Gemini's models beyond what its API tells."""

from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from amplifier_core import models as kernel_models
from amplifier_core.message_models import Usage

__all__ = ["MODELS", "UNKNOWN", "ModelFacts", "Prices", "cost", "facts", "pricing"]

_PER_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens; None where the price is not known."""

    input: Decimal
    output: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Facts of the models whose id fits `match` (shell wildcards); None means unknown. `source` is where they stand."""

    match: str
    source: str
    display_name: str | None = None
    context_window: int | None = None
    max_output_tokens: int | None = None
    capabilities: frozenset[str] | None = None
    prices: Prices | None = None

    @property
    def is_one_model(self) -> bool:
        """Whether `match` is the id of a model, without wildcards."""
        return not set("*?[") & set(self.match)


UNKNOWN = ModelFacts(match="*", source="")

MODELS: tuple[ModelFacts, ...] = (
    ModelFacts(
        match="gemini-4-hydrogen*",
        source="https://docs.laozhang.ai/announcements/gemini-4-hydrogen-2026-11.md",
        display_name="Gemini 4 Hydrogen",
        context_window=1048576,
        max_output_tokens=65536,
        capabilities=frozenset(
            ("tools", "streaming", "thinking", "vision", "json_mode", "fast", "audio", "long_context")
        ),
        prices=Prices(
            input=Decimal("1.50"),
            output=Decimal("7.50"),
            cache_read=Decimal("0.075"),
        ),
    ),
    ModelFacts(
        match="gemini-4-carbon*",
        source="https://docs.laozhang.ai/en/announcements/gemini-4-carbon-2026-11",
        display_name="Gemini 4 Carbon",
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("10"),
        ),
    ),
    ModelFacts(
        match="gemini-4-argon*",
        source="https://ai.google.dev/gemini-api/docs/generate-content/latest-model",
        display_name="Gemini 4 Argon",
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("10"),
        ),
    ),
    ModelFacts(
        match="gemini-3.8-flash*",
        source="https://github.com/BerriAI/litellm/discussions/39357",
        display_name="Gemini 3.8 Flash",
        context_window=1048576,
        max_output_tokens=65536,
        capabilities=frozenset(
            ("tools", "streaming", "thinking", "vision", "json_mode", "fast", "audio", "long_context")
        ),
        prices=Prices(
            input=Decimal("0.75"),
            output=Decimal("3.75"),
            cache_read=Decimal("0.075"),
        ),
    ),
    ModelFacts(
        match="gemini-3.7-flash*",
        source="https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/guides/gemini-3-8-flash",
        display_name="Gemini 3.7 Flash",
        context_window=1048576,
        max_output_tokens=65536,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "fast", "audio", "long_context")),
    ),
    ModelFacts(
        match="gemini-3.6-flash*",
        source="https://github.com/simstudioai/sim/pull/5812",
        display_name="Gemini 3.6 Flash",
        prices=Prices(
            input=Decimal("1.50"),
            output=Decimal("7.50"),
            cache_read=Decimal("0.15"),
        ),
    ),
    ModelFacts(
        match="gemini-3.5-flash-lite*",
        source="https://github.com/simstudioai/sim/pull/5812",
        display_name="Gemini 3.5 Flash-Lite",
        prices=Prices(
            input=Decimal("0.30"),
            output=Decimal("2.50"),
            cache_read=Decimal("0.03"),
        ),
    ),
    ModelFacts(
        match="gemini-3.5-flash*",
        source="https://github.com/api-evangelist/deepmind/blob/47a9772bdb46163b5e5560285bbc88bb11b86073/plans/deepmind-plans-pricing.yml",
        display_name="Gemini 3.5 Flash",
        prices=Prices(
            input=Decimal("1.50"),
            output=Decimal("9"),
        ),
    ),
    ModelFacts(
        match="gemini-3.1-pro*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="Gemini 3.1 Pro",
        context_window=1048576,
        max_output_tokens=65536,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "audio", "long_context")),
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("12"),
            cache_read=Decimal("0.20"),
        ),
    ),
    ModelFacts(
        match="gemini-3.1-flash-lite*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="Gemini 3.1 Flash-Lite",
        context_window=1048576,
        max_output_tokens=65536,
        capabilities=frozenset(
            ("tools", "streaming", "thinking", "vision", "json_mode", "fast", "audio", "long_context")
        ),
        prices=Prices(
            input=Decimal("0.25"),
            output=Decimal("1.50"),
            cache_read=Decimal("0.025"),
        ),
    ),
    ModelFacts(
        match="gemini-3-flash*",
        source="https://factquire.com/models/google/gemini-3-flash-preview.json",
        display_name="Gemini 3 Flash",
        context_window=1048576,
        max_output_tokens=65536,
        capabilities=frozenset(
            ("tools", "streaming", "thinking", "vision", "json_mode", "fast", "audio", "long_context")
        ),
        prices=Prices(
            input=Decimal("0.50"),
            output=Decimal("3"),
            cache_read=Decimal("0.05"),
        ),
    ),
    ModelFacts(
        match="gemini-2.5-*-image*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
    ),
    ModelFacts(
        match="gemini-2.5-*-audio*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
    ),
    ModelFacts(
        match="gemini-2.5-pro*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="Gemini 2.5 Pro",
        context_window=1048576,
        max_output_tokens=65535,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "audio", "long_context")),
        prices=Prices(
            input=Decimal("1.25"),
            output=Decimal("10"),
            cache_read=Decimal("0.125"),
        ),
    ),
    ModelFacts(
        match="gemini-2.5-flash-lite*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="Gemini 2.5 Flash-Lite",
        context_window=1048576,
        max_output_tokens=65535,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "fast", "long_context")),
        prices=Prices(
            input=Decimal("0.10"),
            output=Decimal("0.40"),
            cache_read=Decimal("0.01"),
        ),
    ),
    ModelFacts(
        match="gemini-2.5-flash*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="Gemini 2.5 Flash",
        context_window=1048576,
        max_output_tokens=65535,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "fast", "long_context")),
        prices=Prices(
            input=Decimal("0.30"),
            output=Decimal("2.50"),
            cache_read=Decimal("0.03"),
        ),
    ),
)


def facts(model: str) -> ModelFacts | None:
    """Return what is known of a model: the first entry that fits, None if none does."""
    return next((known for known in MODELS if fnmatchcase(model, known.match)), None)


def cost(model: str, usage: Usage) -> Decimal | None:
    """Return what an answer cost in US dollars, None if a price that it takes is not known."""
    known = facts(model)
    if known is None or known.prices is None:
        return None
    prices = known.prices
    from_cache = usage.cache_read_tokens or 0
    priced = (
        (max(usage.input_tokens - from_cache, 0), prices.input),
        (from_cache, prices.cache_read),
        (usage.cache_write_tokens or 0, prices.cache_write),
        (usage.output_tokens, prices.output),
    )
    total = Decimal(0)
    for tokens, price in priced:
        if not tokens:
            continue
        if price is None:
            return None
        total += tokens * price
    return total / _PER_MILLION


def pricing(known: ModelFacts) -> dict[str, Any]:
    """Return the argument `pricing` for ModelInfo; {} without known prices, or for a core that has no such thing."""
    kind = getattr(kernel_models, "Pricing", None)
    prices = known.prices
    if kind is None or prices is None:
        return {}
    return {
        "pricing": kind(
            input_per_million=float(prices.input),
            output_per_million=float(prices.output),
            cache_read_per_million=None if prices.cache_read is None else float(prices.cache_read),
            cache_write_per_million=None if prices.cache_write is None else float(prices.cache_write),
        )
    }
