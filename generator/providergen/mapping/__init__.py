"""Mappings: which places of a vendor's JSON carry Amplifier's values."""

from providergen.mapping.bundled import Dialect, dialects
from providergen.mapping.load import flattened, load_mapping
from providergen.mapping.model import Mapping

__all__ = ["Dialect", "Mapping", "dialects", "flattened", "load_mapping"]
