"""Hold a mapping against a vendor's document: every shape along the schemas of its place."""

from providergen.check.checker import check
from providergen.check.result import Checked, Coverage, Operations, Variants

__all__ = ["Checked", "Coverage", "Operations", "Variants", "check"]
