"""Failures of any vendor as Amplifier's errors: by the vendor's own words first, then by status, then by cause."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from amplifier_core.llm_errors import (
    AccessDeniedError,
    AuthenticationError,
    ConfigurationError,
    ContentFilterError,
    ContextLengthError,
    InvalidRequestError,
    LLMError,
    LLMTimeoutError,
    NetworkError,
    NotFoundError,
    ProviderUnavailableError,
    QuotaExceededError,
    RateLimitError,
    StreamError,
)

from .http import BrokenReplyError, NoAnswerError, ReplyError, StatusError
from .redaction import Redactor
from .retry import retry_after, seconds, wait_told

__all__ = ["ErrorDetail", "ErrorWords", "error_of_cause", "error_of_status", "error_of_stream", "in_full"]

_CLASSES: Mapping[str, type[LLMError]] = {
    "access_denied": AccessDeniedError,
    "authentication": AuthenticationError,
    "content_filter": ContentFilterError,
    "context_length": ContextLengthError,
    "error": LLMError,
    "invalid_request": InvalidRequestError,
    "network": NetworkError,
    "not_found": NotFoundError,
    "provider_unavailable": ProviderUnavailableError,
    "quota_exceeded": QuotaExceededError,
    "rate_limit": RateLimitError,
    "stream": StreamError,
    "timeout": LLMTimeoutError,
}
_KINDS_BY_STATUS: Mapping[int, str] = {
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
}
_STATUSES_OF_KINDS: Mapping[str, int] = {
    "access_denied": 403,
    "authentication": 401,
    "content_filter": 400,
    "context_length": 400,
    "invalid_request": 400,
    "not_found": 404,
    "provider_unavailable": 503,
    "quota_exceeded": 429,
    "rate_limit": 429,
    "timeout": 408,
}
_OVERLOADED = 529
_OVERLOADED_PATIENCE = 10.0  # times the usual wait

_TOO_LONG = re.compile(
    r"context[ _-]?(?:length|window)|maximum context|too many (?:input |prompt )?tokens|"
    r"(?:prompt|input) is too long|input token(?:s| count)[^.]{0,60}exceed",
    re.IGNORECASE,
)
_FILTERED = re.compile(r"content[ _-]?(?:filter|policy|management)|\bsafety\b|\bblocked\b|\bflagged\b", re.IGNORECASE)
_NO_FUNDS = re.compile(
    r"insufficient[ _](?:quota|balance|credits?|funds)|exceeded your (?:current|monthly) quota|\bbilling\b|"
    r"credit balance|out of credits",
    re.IGNORECASE,
)
_TOO_OFTEN = re.compile(r"rate[ _-]?limit|too[ _]many[ _]requests", re.IGNORECASE)
_TOO_BUSY = re.compile(r"overloaded|at capacity|\bbusy\b|temporarily unavailable", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,100}>([^<]{1,200})", re.IGNORECASE)

_READ_FOR_PATTERNS = 4096
_LONGEST_MESSAGE = 4096
_EXCERPT = 300


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """What the vendor's JSON says about a failure, as found; a value of a wrong type counts as absent.

    `kind` is one of Amplifier's words for errors where the vendor's key alone decides; `retry_after` is in seconds, or
    a duration such as "20s".
    """

    message: object = None
    type: object = None
    code: object = None
    status: object = None
    retry_after: object = None
    kind: str | None = None

    def __bool__(self) -> bool:
        return any(value is not None for value in (self.message, self.type, self.code, self.kind))


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """A vendor's words for what goes wrong, and Amplifier's for them: exact codes and types, texts, statuses."""

    codes: Mapping[str | int, str] = field(default_factory=dict)
    types: Mapping[str | int, str] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    statuses: Mapping[int, str] = field(default_factory=dict)


def error_of_status(failure: StatusError, detail: ErrorDetail, words: ErrorWords) -> LLMError:
    """Return the error for a reply whose status is not 2xx; `detail` is what its body says."""
    status = failure.status
    if failure.is_html and status == 403:  # a bot check, not the vendor: it may let the next request pass
        error: LLMError = ProviderUnavailableError(_page(failure), status_code=status)
        error.retry_after = retry_after(failure.headers)
        return error
    wait = retry_after(failure.headers)
    return _error(detail, words, status, _message(failure, detail), failure.text if not detail else "", wait)


def error_of_stream(detail: ErrorDetail, words: ErrorWords) -> LLMError:
    """Return the error that a reply reports although its status was 200."""
    error = _error(detail, words, _status(detail), json.dumps(_envelope(detail), ensure_ascii=False), "", None)
    error.__cause__ = RuntimeError("reported within a reply that began well")
    return error


def error_of_cause(cause: Exception) -> LLMError:
    """Return the error for a failure of the connection, or of this provider."""
    message = str(cause) or type(cause).__name__
    match cause:
        case TimeoutError() | httpx2.TimeoutException():
            return LLMTimeoutError(f"No answer in time ({type(cause).__name__}{f': {cause}' if str(cause) else ''})")
        case BrokenReplyError(status=status):
            return StreamError(message, status_code=status)
        case NoAnswerError(status=status):
            return ProviderUnavailableError(message, status_code=status)
        case ReplyError(status=status):
            return LLMError(message, status_code=status)
        case httpx2.UnsupportedProtocol() | httpx2.LocalProtocolError() | httpx2.InvalidURL():
            return ConfigurationError(message)
        case httpx2.HTTPError():
            return NetworkError(f"{type(cause).__name__}: {cause}")
    return LLMError(f"{type(cause).__name__}: {message}")


def in_full(
    error: LLMError, cause: BaseException | None, provider: str, model: str | None, redactor: Redactor
) -> LLMError:
    """Return the error with its cause and the names of provider and model, its message neither empty nor secret.

    Nor is there a secret in what a traceback shows of those that led to it.
    """
    error.provider = error.provider or provider
    error.model = error.model or model
    error.args = (redactor.text(str(error)) or type(error).__name__,)
    error.__cause__ = cause
    _hide_before(error, redactor, set())
    return error


def _hide_before(error: BaseException, redactor: Redactor, seen: set[int]) -> None:
    """Hide secrets in the errors that led to this one; one that words itself anew gives way to its redacted words."""
    seen.add(id(error))
    for link in ("__cause__", "__context__"):
        earlier = getattr(error, link)
        if earlier is None or id(earlier) in seen:
            continue
        _hide_before(earlier, redactor, seen)
        told = redactor.text(str(earlier))
        if told != str(earlier):
            earlier.args = (told,)
        if redactor.text(str(earlier)) != str(earlier):
            setattr(error, link, RuntimeError(f"{type(earlier).__name__}: {told}"))


def _error(
    detail: ErrorDetail, words: ErrorWords, status: int | None, message: str, text: str, wait: float | None
) -> LLMError:
    said = (str(detail.message or "") or text)[:_READ_FOR_PATTERNS]
    wait = wait if wait is not None else seconds(detail.retry_after)
    kind = _kind(detail, words, status, said, waits=wait is not None)
    if wait is None and kind == "rate_limit":
        wait = wait_told(said)
    overloaded = status == _OVERLOADED or (
        kind == "provider_unavailable" and "overloaded" in f"{detail.type} {detail.code} {said}".lower()
    )
    code = status or (_OVERLOADED if overloaded else _STATUSES_OF_KINDS.get(kind))
    error = _CLASSES[kind](message, status_code=code)
    error.retry_after = wait
    if overloaded and wait is None:
        error.delay_multiplier = _OVERLOADED_PATIENCE
    return error


def _kind(detail: ErrorDetail, words: ErrorWords, status: int | None, said: str, *, waits: bool) -> str:
    """Return Amplifier's word; the vendor's exact words count most, but "invalid request" is said of anything."""
    kind = detail.kind or _word(words.codes, detail.code) or _word(words.types, detail.type)
    if kind in (None, "invalid_request"):
        told = next((word for pattern, word in words.patterns if pattern.search(said)), None)
        kind = told or words.statuses.get(status or 0) or _kind_of_status(status, kind)
    unknown = kind == "error" and status is None
    if kind == "invalid_request" or unknown:
        if _TOO_LONG.search(said):
            return "context_length"
        if _FILTERED.search(said):
            return "content_filter"
    whole = f"{detail.type} {detail.code} {said}"
    if (kind in ("invalid_request", "rate_limit") or unknown) and not waits and _NO_FUNDS.search(whole):
        return "quota_exceeded"
    if unknown and _TOO_OFTEN.search(whole):
        return "rate_limit"
    if unknown and _TOO_BUSY.search(whole):
        return "provider_unavailable"
    return kind


def _kind_of_status(status: int | None, kind: str | None) -> str:
    if status is not None and status >= 500:
        return "provider_unavailable"
    return _KINDS_BY_STATUS.get(status or 0) or kind or "error"


def _word(table: Mapping[str | int, str], value: object) -> str | None:
    return table.get(value) if isinstance(value, str | int) else None


def _status(detail: ErrorDetail) -> int | None:
    """Return the status that an error within a reply names; some vendors repeat it as the code."""
    for value in (detail.status, detail.code):
        number = int(value) if isinstance(value, str) and value.isdecimal() and len(value) == 3 else value
        if isinstance(number, int) and 400 <= number <= 599:
            return number
    return None


def _message(failure: StatusError, detail: ErrorDetail) -> str:
    """Return the body as JSON, in which the command line looks for the vendor's words, or what can be said without."""
    body = failure.fields
    if body:
        whole = json.dumps(body, ensure_ascii=False)
        return whole if len(whole) <= _LONGEST_MESSAGE else json.dumps(_envelope(detail), ensure_ascii=False)
    if failure.is_html:
        return _page(failure)
    return f"HTTP status {failure.status}: {failure.text[:_EXCERPT] or 'no body'}"


def _page(failure: StatusError) -> str:
    found = _TITLE.search(failure.text)
    title = found[1].strip() if found else "without a title"
    return f"HTTP status {failure.status} with a web page instead of an answer: {title}"


def _envelope(detail: ErrorDetail) -> dict[str, Any]:
    named = {"message": detail.message, "type": detail.type, "code": detail.code}
    said = {name: _short(value) for name, value in named.items() if isinstance(value, str | int)}
    return {"error": said or {"message": "the vendor reported an error without saying which"}}


def _short(value: str | int) -> str | int:
    return value[:_LONGEST_MESSAGE] if isinstance(value, str) else value
