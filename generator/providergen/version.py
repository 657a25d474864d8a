"""What this generator is called and which version of it runs."""

import importlib.metadata

__all__ = ["DISTRIBUTION", "generator_version"]

DISTRIBUTION = "amplifier-provider-generator"


def generator_version() -> str:
    """Return the version of the installed generator."""
    return importlib.metadata.version(DISTRIBUTION)
