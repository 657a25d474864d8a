"""What is no translation: the provider's options, address, models and words for errors."""

from providergen.plan.provider.options import efforts, words
from providergen.plan.provider.provider import KnownModel, ModelsPlan, ProviderPlan, plan_provider

__all__ = ["KnownModel", "ModelsPlan", "ProviderPlan", "efforts", "plan_provider", "words"]
