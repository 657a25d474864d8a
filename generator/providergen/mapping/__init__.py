"""Mappings: which places of a vendor's JSON carry Amplifier's values."""
