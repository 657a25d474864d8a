"""What goes wrong at Ollama, in Amplifier's words."""

import re

from amplifier_core.llm_errors import LLMError

from .failures import ErrorDetail, ErrorWords, error_of_status, error_of_stream
from .http import StatusError

__all__ = ["ErrorDetail", "status_error", "stream_error"]

_WORDS = ErrorWords(
    patterns=(
        (
            re.compile(
                "exceeds the context length|exceeds the available context size|prompt is too long", re.IGNORECASE
            ),
            "context_length",
        ),
        (re.compile("model .* not found", re.IGNORECASE), "not_found"),
        (re.compile("usage limit", re.IGNORECASE), "quota_exceeded"),
        (re.compile("too many requests", re.IGNORECASE), "rate_limit"),
        (
            re.compile(
                "server busy|error was encountered while running the model|runner has unexpectedly stopped",
                re.IGNORECASE,
            ),
            "provider_unavailable",
        ),
        (re.compile("does not support", re.IGNORECASE), "invalid_request"),
    ),
)


def status_error(failure: StatusError, detail: ErrorDetail) -> LLMError:
    """Return the error for a reply with another status than 2xx, `detail` being what its body says."""
    return error_of_status(failure, detail, _WORDS)


def stream_error(detail: ErrorDetail) -> LLMError:
    """Return the error that a reply reports although its status was 200."""
    return error_of_stream(detail, _WORDS)
