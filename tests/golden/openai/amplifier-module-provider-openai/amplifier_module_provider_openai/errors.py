"""What goes wrong at OpenAI, in Amplifier's words."""

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
        "too_many_requests": "rate_limit",
        "content_filter": "content_filter",
        "image_content_policy_violation": "content_filter",
        "bio_policy": "content_filter",
        "invalid_api_key": "authentication",
        "model_not_found": "not_found",
        "server_error": "provider_unavailable",
        "vector_store_timeout": "timeout",
        "invalid_prompt": "invalid_request",
        "data_residency_mismatch": "invalid_request",
        "invalid_image": "invalid_request",
        "invalid_image_format": "invalid_request",
        "invalid_base64_image": "invalid_request",
        "invalid_image_url": "invalid_request",
        "invalid_image_mode": "invalid_request",
        "image_too_large": "invalid_request",
        "image_too_small": "invalid_request",
        "image_parse_error": "invalid_request",
        "image_file_too_large": "invalid_request",
        "image_file_not_found": "invalid_request",
        "empty_image_file": "invalid_request",
        "unsupported_image_media_type": "invalid_request",
        "failed_to_download_image": "invalid_request",
    },
    types={
        "insufficient_quota": "quota_exceeded",
        "too_many_requests": "rate_limit",
        "server_error": "provider_unavailable",
    },
    patterns=(
        (
            re.compile("maximum context length|context window|too many tokens|prompt is too long", re.IGNORECASE),
            "context_length",
        ),
        (
            re.compile("content management policy|content filter|violating our usage policy", re.IGNORECASE),
            "content_filter",
        ),
    ),
)


def status_error(failure: StatusError, detail: ErrorDetail) -> LLMError:
    """Return the error for a reply with another status than 2xx, `detail` being what its body says."""
    return error_of_status(failure, detail, _WORDS)


def stream_error(detail: ErrorDetail) -> LLMError:
    """Return the error that a reply reports although its status was 200."""
    return error_of_stream(detail, _WORDS)
