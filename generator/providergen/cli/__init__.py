"""The command line: `providergen new | generate | check | dialects | schema`."""

from providergen.cli.app import main

__all__ = ["main"]
