"""What goes wrong at Anthropic, in Amplifier's words."""

import re

from amplifier_core.llm_errors import LLMError

from .failures import ErrorDetail, ErrorWords, error_of_status, error_of_stream
from .http import StatusError

__all__ = ["ErrorDetail", "status_error", "stream_error"]

_WORDS = ErrorWords(
    types={
        "rate_limit_error": "rate_limit",
        "overloaded_error": "provider_unavailable",
        "api_error": "provider_unavailable",
        "authentication_error": "authentication",
        "permission_error": "access_denied",
        "not_found_error": "not_found",
        "billing_error": "quota_exceeded",
        "timeout_error": "timeout",
        "invalid_request_error": "invalid_request",
    },
    patterns=(
        (re.compile("credit balance is too low", re.IGNORECASE), "quota_exceeded"),
        (re.compile("prompt is too long|exceed context limit", re.IGNORECASE), "context_length"),
        (re.compile("content filtering policy", re.IGNORECASE), "content_filter"),
    ),
)


def status_error(failure: StatusError, detail: ErrorDetail) -> LLMError:
    """Return the error for a reply with another status than 2xx, `detail` being what its body says."""
    return error_of_status(failure, detail, _WORDS)


def stream_error(detail: ErrorDetail) -> LLMError:
    """Return the error that a reply reports although its status was 200."""
    return error_of_stream(detail, _WORDS)
