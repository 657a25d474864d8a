"""What is known of Anthropic's models beyond what its API tells."""

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
        match="claude-fable-5-2*",
        source="https://docs.laozhang.ai/announcements/claude-fable-5-2-2026-11.md",
        display_name="Claude Fable 5.2",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("8"),
            output=Decimal("40"),
            cache_read=Decimal("0.20"),
            cache_write=Decimal("10"),
        ),
    ),
    ModelFacts(
        match="claude-fable-5-1*",
        source="https://platform.claude.com/docs/en/about-claude/pricing?ref=optimizesmart.com",
        display_name="Claude Fable 5.1",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("10"),
            output=Decimal("50"),
            cache_read=Decimal("0.25"),
            cache_write=Decimal("12.50"),
        ),
    ),
    ModelFacts(
        match="claude-fable-5*",
        source="https://platform.claude.com/docs/en/about-claude/pricing?ref=optimizesmart.com",
        display_name="Claude Fable 5",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("10"),
            output=Decimal("50"),
            cache_read=Decimal("1"),
            cache_write=Decimal("12.50"),
        ),
    ),
    ModelFacts(
        match="claude-opus-5-5*",
        source="https://platform.claude.com/docs/zh-CN/models/opus-5-5/overview",
        display_name="Claude Opus 5.5",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("4"),
            output=Decimal("20"),
            cache_read=Decimal("0.20"),
            cache_write=Decimal("5"),
        ),
    ),
    ModelFacts(
        match="claude-opus-5*",
        source="https://platform.claude.com/docs/models/opus-5/overview",
        display_name="Claude Opus 5",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("5"),
            output=Decimal("25"),
            cache_read=Decimal("0.50"),
            cache_write=Decimal("6.25"),
        ),
    ),
    ModelFacts(
        match="claude-sonnet-5-5*",
        source="https://platform.claude.com/docs/zh-CN/models/sonnet-5-5/overview",
        display_name="Claude Sonnet 5.5",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("10"),
            cache_read=Decimal("0.20"),
            cache_write=Decimal("2.50"),
        ),
    ),
    ModelFacts(
        match="claude-sonnet-5*",
        source="https://platform.claude.com/docs/zh-CN/models/sonnet-5/overview",
        display_name="Claude Sonnet 5",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("10"),
            cache_read=Decimal("0.20"),
            cache_write=Decimal("2.50"),
        ),
    ),
    ModelFacts(
        match="claude-haiku-5-5*",
        source="https://platform.claude.com/docs/en/models/haiku-5-5/overview.md",
        display_name="Claude Haiku 5.5",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "fast", "long_context")),
    ),
    ModelFacts(
        match="claude-opus-4-8*",
        source="https://platform.claude.com/docs/en/about-claude/pricing?ref=optimizesmart.com",
        display_name="Claude Opus 4.8",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("5"),
            output=Decimal("25"),
            cache_read=Decimal("0.50"),
            cache_write=Decimal("6.25"),
        ),
    ),
    ModelFacts(
        match="claude-opus-4-7*",
        source="https://platform.claude.com/docs/en/about-claude/pricing?ref=optimizesmart.com",
        display_name="Claude Opus 4.7",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("5"),
            output=Decimal("25"),
            cache_read=Decimal("0.50"),
            cache_write=Decimal("6.25"),
        ),
    ),
    ModelFacts(
        match="claude-opus-4-6*",
        source="https://platform.claude.com/docs/en/about-claude/pricing?ref=optimizesmart.com",
        display_name="Claude Opus 4.6",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("5"),
            output=Decimal("25"),
            cache_read=Decimal("0.50"),
            cache_write=Decimal("6.25"),
        ),
    ),
    ModelFacts(
        match="claude-sonnet-4-6*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="Claude Sonnet 4.6",
        context_window=1000000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("3"),
            output=Decimal("15"),
            cache_read=Decimal("0.30"),
            cache_write=Decimal("3.75"),
        ),
    ),
    ModelFacts(
        match="claude-opus-4-5*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="Claude Opus 4.5",
        context_window=200000,
        max_output_tokens=64000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode")),
        prices=Prices(
            input=Decimal("5"),
            output=Decimal("25"),
            cache_read=Decimal("0.50"),
            cache_write=Decimal("6.25"),
        ),
    ),
    ModelFacts(
        match="claude-sonnet-4-5*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="Claude Sonnet 4.5",
        context_window=200000,
        max_output_tokens=64000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode")),
        prices=Prices(
            input=Decimal("3"),
            output=Decimal("15"),
            cache_read=Decimal("0.30"),
            cache_write=Decimal("3.75"),
        ),
    ),
    ModelFacts(
        match="claude-haiku-4-5*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="Claude Haiku 4.5",
        context_window=200000,
        max_output_tokens=64000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "fast")),
        prices=Prices(
            input=Decimal("1"),
            output=Decimal("5"),
            cache_read=Decimal("0.10"),
            cache_write=Decimal("1.25"),
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
