"""The command line: `providergen new | generate | check | conformance | dialects | schema`."""

from providergen.cli.app import main

__all__ = ["main"]
