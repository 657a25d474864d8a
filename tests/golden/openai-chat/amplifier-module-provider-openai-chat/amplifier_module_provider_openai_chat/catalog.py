"""What is known of OpenAI Chat Completions's models beyond what its API tells."""

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
        match="gpt-*-codex*",
        source="https://developers.openai.com/api/docs/deprecations?translationFallback=pt-BR",
    ),
    ModelFacts(
        match="gpt-*-pro*",
        source="https://developers.openai.com/api/docs/deprecations?translationFallback=pt-BR",
    ),
    ModelFacts(
        match="gpt-*-audio*",
        source="https://developers.openai.com/api/docs/deprecations?translationFallback=pt-BR",
    ),
    ModelFacts(
        match="gpt-*-search*",
        source="https://developers.openai.com/api/docs/deprecations?translationFallback=pt-BR",
    ),
    ModelFacts(
        match="gpt-6.2-astra*",
        source="https://vercel.com/ai-gateway/models/gpt-6.2-astra.md",
        display_name="GPT-6.2 Astra",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("8"),
            output=Decimal("40"),
        ),
    ),
    ModelFacts(
        match="gpt-6.2-sol*",
        source="https://developers.openai.com/api/docs/models/gpt-6.2-sol.md",
        display_name="GPT-6.2 Sol",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("10"),
            cache_read=Decimal("0.10"),
            cache_write=Decimal("2.50"),
        ),
    ),
    ModelFacts(
        match="gpt-6.1-sol*",
        source="https://developers.openai.com/ko-KR/api/docs/models",
        display_name="GPT-6.1 Sol",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("streaming", "thinking", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("10"),
        ),
    ),
    ModelFacts(
        match="gpt-6.1-terra*",
        source="https://developers.openai.com/zh-Hans/api/docs/models/gpt-6.1-terra",
        display_name="GPT-6.1 Terra",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("1"),
            output=Decimal("5"),
            cache_read=Decimal("0.05"),
            cache_write=Decimal("1.25"),
        ),
    ),
    ModelFacts(
        match="gpt-6-astra*",
        source="https://developers.openai.com/ko-KR/api/docs/models",
        display_name="GPT-6 Astra",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("streaming", "thinking", "vision", "long_context")),
        prices=Prices(
            input=Decimal("10"),
            output=Decimal("50"),
            cache_read=Decimal("1"),
            cache_write=Decimal("12.50"),
        ),
    ),
    ModelFacts(
        match="gpt-6-sol*",
        source="https://docs.litellm.ai/blog/gpt_6_sol_luna",
        display_name="GPT-6 Sol",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("10"),
        ),
    ),
    ModelFacts(
        match="gpt-6-luna*",
        source="https://developers.openai.com/ko-KR/api/docs/models",
        display_name="GPT-6 Luna",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "fast", "long_context")),
        prices=Prices(
            input=Decimal("0.10"),
            output=Decimal("0.50"),
            cache_read=Decimal("0.01"),
        ),
    ),
    ModelFacts(
        match="gpt-5.6-terra*",
        source="https://developers.openai.com/de-DE/api/docs/models/gpt-5.6-terra",
        display_name="GPT-5.6 Terra",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("12"),
            cache_read=Decimal("0.20"),
            cache_write=Decimal("2.50"),
        ),
    ),
    ModelFacts(
        match="gpt-5.6-luna*",
        source="https://developers.openai.com/api/docs/models/gpt-5.6-luna",
        display_name="GPT-5.6 Luna",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "vision", "fast", "long_context")),
        prices=Prices(
            input=Decimal("0.20"),
            output=Decimal("1.20"),
            cache_read=Decimal("0.02"),
            cache_write=Decimal("0.25"),
        ),
    ),
    ModelFacts(
        match="gpt-5.6*",
        source="https://developers.openai.com/zh-Hans/api/docs/models",
        display_name="GPT-5.6 Sol",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "vision", "long_context")),
        prices=Prices(
            input=Decimal("4"),
            output=Decimal("20"),
        ),
    ),
    ModelFacts(
        match="gpt-5.5*",
        source="https://github.com/api-evangelist/openai/blob/0047de3a4983ffb66eabe0a20acb12672cba2392/plans/openai-plans-pricing.yml",
        display_name="GPT-5.5",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("5"),
            output=Decimal("30"),
            cache_read=Decimal("0.50"),
        ),
    ),
    ModelFacts(
        match="gpt-5.4-mini*",
        source="https://github.com/api-evangelist/openai/blob/0047de3a4983ffb66eabe0a20acb12672cba2392/plans/openai-plans-pricing.yml",
        display_name="GPT-5.4 mini",
        context_window=400000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "fast")),
        prices=Prices(
            input=Decimal("0.75"),
            output=Decimal("4.50"),
            cache_read=Decimal("0.075"),
        ),
    ),
    ModelFacts(
        match="gpt-5.4-nano*",
        source="https://github.com/api-evangelist/openai/blob/0047de3a4983ffb66eabe0a20acb12672cba2392/plans/openai-plans-pricing.yml",
        display_name="GPT-5.4 nano",
        prices=Prices(
            input=Decimal("0.20"),
            output=Decimal("1.25"),
            cache_read=Decimal("0.02"),
        ),
    ),
    ModelFacts(
        match="gpt-5.4*",
        source="https://github.com/api-evangelist/openai/blob/0047de3a4983ffb66eabe0a20acb12672cba2392/plans/openai-plans-pricing.yml",
        display_name="GPT-5.4",
        context_window=1050000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("2.50"),
            output=Decimal("15"),
            cache_read=Decimal("0.25"),
        ),
    ),
    ModelFacts(
        match="gpt-5.3-chat*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        context_window=128000,
        max_output_tokens=16384,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode")),
        prices=Prices(
            input=Decimal("1.75"),
            output=Decimal("14"),
            cache_read=Decimal("0.175"),
        ),
    ),
    ModelFacts(
        match="gpt-5.2-chat*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        context_window=128000,
        max_output_tokens=16384,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode")),
        prices=Prices(
            input=Decimal("1.75"),
            output=Decimal("14"),
            cache_read=Decimal("0.175"),
        ),
    ),
    ModelFacts(
        match="gpt-5.2*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="GPT-5.2",
        context_window=400000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode")),
        prices=Prices(
            input=Decimal("1.75"),
            output=Decimal("14"),
            cache_read=Decimal("0.175"),
        ),
    ),
    ModelFacts(
        match="gpt-5*-chat*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        context_window=128000,
        max_output_tokens=16384,
        capabilities=frozenset(("streaming", "vision", "json_mode")),
        prices=Prices(
            input=Decimal("1.25"),
            output=Decimal("10"),
            cache_read=Decimal("0.125"),
        ),
    ),
    ModelFacts(
        match="gpt-5.1*",
        source="https://developers.openai.com/zh-Hans/api/docs/models/gpt-5.1",
        display_name="GPT-5.1",
        context_window=400000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode")),
        prices=Prices(
            input=Decimal("1.25"),
            output=Decimal("10"),
            cache_read=Decimal("0.125"),
        ),
    ),
    ModelFacts(
        match="gpt-5-mini*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="GPT-5 mini",
        context_window=400000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "fast")),
        prices=Prices(
            input=Decimal("0.25"),
            output=Decimal("2"),
            cache_read=Decimal("0.025"),
        ),
    ),
    ModelFacts(
        match="gpt-5-nano*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="GPT-5 nano",
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode", "fast")),
        prices=Prices(
            input=Decimal("0.05"),
            output=Decimal("0.40"),
            cache_read=Decimal("0.005"),
        ),
    ),
    ModelFacts(
        match="gpt-5",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="GPT-5",
        context_window=400000,
        max_output_tokens=128000,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode")),
        prices=Prices(
            input=Decimal("1.25"),
            output=Decimal("10"),
            cache_read=Decimal("0.125"),
        ),
    ),
    ModelFacts(
        match="gpt-4.1-mini*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="GPT-4.1 mini",
        context_window=1047576,
        max_output_tokens=32768,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "fast", "long_context")),
        prices=Prices(
            input=Decimal("0.40"),
            output=Decimal("1.60"),
            cache_read=Decimal("0.10"),
        ),
    ),
    ModelFacts(
        match="gpt-4.1*",
        source="https://vercel.com/ai-gateway/models/gpt-4.1/providers",
        display_name="GPT-4.1",
        context_window=1047576,
        max_output_tokens=32768,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "long_context")),
        prices=Prices(
            input=Decimal("2"),
            output=Decimal("8"),
            cache_read=Decimal("0.50"),
        ),
    ),
    ModelFacts(
        match="gpt-4o-mini*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="GPT-4o mini",
        context_window=128000,
        max_output_tokens=16384,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode", "fast")),
        prices=Prices(
            input=Decimal("0.15"),
            output=Decimal("0.60"),
            cache_read=Decimal("0.075"),
        ),
    ),
    ModelFacts(
        match="gpt-4o*",
        source="https://github.com/520118202/model-price-repo/blob/5c75e490f14196bff395087afeebad3bb35c5b8a/model_prices_and_context_window.json",
        display_name="GPT-4o",
        context_window=128000,
        max_output_tokens=16384,
        capabilities=frozenset(("tools", "streaming", "vision", "json_mode")),
        prices=Prices(
            input=Decimal("2.50"),
            output=Decimal("10"),
            cache_read=Decimal("1.25"),
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
