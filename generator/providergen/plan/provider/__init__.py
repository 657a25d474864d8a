"""What is no translation: a provider's options, its vendor's address, models and words for errors."""

from providergen.plan.provider.errors import vendor_words
from providergen.plan.provider.models import KnownModel, ModelsPlan
from providergen.plan.provider.provider import ProviderPlan, plan_provider
from providergen.plan.provider.words import efforts

__all__ = ["KnownModel", "ModelsPlan", "ProviderPlan", "efforts", "plan_provider", "vendor_words"]
