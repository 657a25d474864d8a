"""Vendor documents: loading, the normalised view of their schemas, overlays, pruning."""
