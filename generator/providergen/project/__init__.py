"""A provider package as a whole: made once with its shell, then regenerated in place."""

from providergen.project.create import Request, create
from providergen.project.outcome import Outcome
from providergen.project.provenance import anchor
from providergen.project.regenerate import Regeneration, regenerate

__all__ = ["Outcome", "Regeneration", "Request", "anchor", "create", "regenerate"]
