"""What goes wrong at Google Gemini, in Amplifier's words."""

import re

from amplifier_core.llm_errors import LLMError

from .failures import ErrorDetail, ErrorWords, error_of_status, error_of_stream
from .http import StatusError

__all__ = ["ErrorDetail", "status_error", "stream_error"]

_WORDS = ErrorWords(
    types={
        "RESOURCE_EXHAUSTED": "rate_limit",
        "UNAVAILABLE": "provider_unavailable",
        "INTERNAL": "provider_unavailable",
        "UNAUTHENTICATED": "authentication",
        "PERMISSION_DENIED": "access_denied",
        "NOT_FOUND": "not_found",
        "DEADLINE_EXCEEDED": "timeout",
        "INVALID_ARGUMENT": "invalid_request",
        "FAILED_PRECONDITION": "invalid_request",
    },
    patterns=(
        (re.compile("API key not valid", re.IGNORECASE), "authentication"),
        (re.compile("exceeds the maximum number of tokens", re.IGNORECASE), "context_length"),
    ),
)


def status_error(failure: StatusError, detail: ErrorDetail) -> LLMError:
    """Return the error for a reply with another status than 2xx, `detail` being what its body says."""
    return error_of_status(failure, detail, _WORDS)


def stream_error(detail: ErrorDetail) -> LLMError:
    """Return the error that a reply reports although its status was 200."""
    return error_of_stream(detail, _WORDS)
