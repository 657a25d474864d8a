"""Stdlib-only launcher."""
