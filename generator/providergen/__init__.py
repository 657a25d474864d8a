"""Generate Amplifier provider packages from a vendor's API document and a mapping."""
