"""A plan becomes text."""
