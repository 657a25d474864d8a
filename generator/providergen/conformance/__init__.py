"""The conformance suite, run on finished packages: every check of docs/contract.md, and what became of it."""

from providergen.conformance.run import MissingError, Result, SuiteError, UnknownCheckError, conform
from providergen.conformance.table import as_markdown, as_text, failed

__all__ = ["MissingError", "Result", "SuiteError", "UnknownCheckError", "as_markdown", "as_text", "conform", "failed"]
