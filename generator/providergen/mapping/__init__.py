"""Mappings: which places of a vendor's JSON carry Amplifier's values."""

from providergen.mapping.bundled import Dialect, dialects
from providergen.mapping.catalog import Catalog, load_catalog
from providergen.mapping.load import flattened, load_mapping
from providergen.mapping.model import Mapping
from providergen.mapping.schema import json_schema

__all__ = ["Catalog", "Dialect", "Mapping", "dialects", "flattened", "json_schema", "load_catalog", "load_mapping"]
