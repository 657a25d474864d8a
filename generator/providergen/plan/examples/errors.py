"""What a vendor says when a request fails, and what the kernel makes of it."""

import re
from collections.abc import Iterator, Mapping

from providergen.mapping import Mapping as Vendor
from providergen.mapping.pattern import is_pattern
from providergen.mapping.shape import holes
from providergen.plan.provider import vendor_words

__all__ = ["CLASSES", "FAILED", "STATUSES", "vendor_errors"]

# Amplifier's word for an error, the kernel's class with whether a retry may help, and a status that goes with it.
CLASSES: Mapping[str, tuple[str, bool, int]] = {
    "access_denied": ("AccessDeniedError", False, 403),
    "authentication": ("AuthenticationError", False, 401),
    "content_filter": ("ContentFilterError", False, 400),
    "context_length": ("ContextLengthError", False, 400),
    "error": ("LLMError", False, 400),
    "invalid_request": ("InvalidRequestError", False, 400),
    "network": ("NetworkError", True, 502),
    "not_found": ("NotFoundError", False, 404),
    "provider_unavailable": ("ProviderUnavailableError", True, 503),
    "quota_exceeded": ("QuotaExceededError", False, 429),
    "rate_limit": ("RateLimitError", True, 429),
    "stream": ("StreamError", True, 502),
    "timeout": ("LLMTimeoutError", True, 408),
}
# What a status means where the body says nothing.
STATUSES: Mapping[int, str] = {
    400: "invalid_request",
    401: "authentication",
    402: "quota_exceeded",
    403: "access_denied",
    404: "not_found",
    408: "timeout",
    409: "invalid_request",
    413: "context_length",
    422: "invalid_request",
    429: "rate_limit",
    500: "provider_unavailable",
    502: "provider_unavailable",
    503: "provider_unavailable",
    529: "provider_unavailable",
}

FAILED = "The request could not be served."
"""What an error says in words."""

_TABLES = ("error_code", "error_type")
_PLAIN_WORDS = re.compile(r"[\w ,']+")


def vendor_errors(mapping: Vendor) -> Iterator[tuple[str, dict[str, str | int]]]:
    """Yield Amplifier's word for each of the vendor's, and what the error holes say then."""
    named = {hole.name for hole in holes(mapping.error)} if mapping.error is not None else set()
    vague = dict(_vague(mapping, named))
    for table in _TABLES:
        for value, word in vendor_words(mapping, table):
            if not is_pattern(value):
                if table in named:
                    yield word, {table: value}
            elif "error" in named and (text := _text_for(str(value)[1:-1])) is not None:
                yield word, {**vague, "error": f"{FAILED} Reason: {text}."}


def _vague(mapping: Vendor, named: set[str]) -> Iterator[tuple[str, str | int]]:
    """Yield what the vendor says when only the text of an error tells more."""
    for table in _TABLES:
        plain = (
            value for value, word in vendor_words(mapping, table) if word == "invalid_request" and not is_pattern(value)
        )
        if table in named and (value := next(plain, None)) is not None:
            yield table, value


def _text_for(pattern: str) -> str | None:
    """Return a text that a pattern finds: the first of its alternatives that is plain words."""
    return next((part for part in pattern.split("|") if _PLAIN_WORDS.fullmatch(part)), None)
