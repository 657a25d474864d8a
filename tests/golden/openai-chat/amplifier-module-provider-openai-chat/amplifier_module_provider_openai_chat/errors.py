"""What goes wrong at OpenAI Chat Completions, in Amplifier's words."""

import re

from amplifier_core.llm_errors import LLMError

from .failures import ErrorDetail, ErrorWords, error_of_status, error_of_stream
from .http import StatusError

__all__ = ["ErrorDetail", "status_error", "stream_error"]

_WORDS = ErrorWords(
    codes={
        "context_length_exceeded": "context_length",
        "insufficient_quota": "quota_exceeded",
        "rate_limit_exceeded": "rate_limit",
        "content_filter": "content_filter",
        "invalid_api_key": "authentication",
        "model_not_found": "not_found",
    },
    types={
        "insufficient_quota": "quota_exceeded",
        "server_error": "provider_unavailable",
    },
    patterns=(
        (
            re.compile("maximum context length|context window|too many tokens|prompt is too long", re.IGNORECASE),
            "context_length",
        ),
        (re.compile("content management policy|content filter", re.IGNORECASE), "content_filter"),
    ),
)


def status_error(failure: StatusError, detail: ErrorDetail) -> LLMError:
    """Return the error for a reply with another status than 2xx, `detail` being what its body says."""
    return error_of_status(failure, detail, _WORDS)


def stream_error(detail: ErrorDetail) -> LLMError:
    """Return the error that a reply reports although its status was 200."""
    return error_of_stream(detail, _WORDS)
