"""Decisions of generation time: mapping and document become a plan of the package."""
