"""Which of Amplifier's errors a failure is: by the vendor's words first, then by the status, then by the cause."""

import json
import re
from typing import Any

import httpx2
import pytest
from amplifier_core import llm_errors as kernel
from amplifier_core.llm_errors import LLMError

from amplifier_module_provider_openai_chat.failures import (
    ErrorDetail,
    ErrorWords,
    error_of_cause,
    error_of_status,
    error_of_stream,
    in_full,
)
from amplifier_module_provider_openai_chat.http import BrokenReplyError, NoAnswerError, StatusError, TooLargeError
from amplifier_module_provider_openai_chat.redaction import Redactor

WORDS = ErrorWords(
    codes={"too_many_words": "context_length", "no_funds": "quota_exceeded", 17: "not_found"},
    types={"slow_down": "rate_limit", "invalid": "invalid_request", "overloaded_error": "provider_unavailable"},
    patterns=((re.compile("no such (model|engine)", re.IGNORECASE), "not_found"),),
    statuses={498: "provider_unavailable"},
)
PAGE = "<!DOCTYPE html><html><head><title> Just a moment... </title></head><body>Checking</body></html>"
LONGEST = 4096  # characters of a message


def of_status(status: int, detail: ErrorDetail | None = None, body: object = "", **headers: str) -> LLMError:
    """Return the error for a reply with this body: JSON, or text that is none."""
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return error_of_status(StatusError(status, named, text.encode()), detail or ErrorDetail(), WORDS)


def of_stream(**said: Any) -> LLMError:
    return error_of_stream(ErrorDetail(**said), WORDS)


STATUSES = [
    (400, kernel.InvalidRequestError, False),
    (401, kernel.AuthenticationError, False),
    (402, kernel.QuotaExceededError, False),
    (403, kernel.AccessDeniedError, False),
    (404, kernel.NotFoundError, False),
    (405, LLMError, False),
    (408, kernel.LLMTimeoutError, True),
    (409, kernel.InvalidRequestError, False),
    (413, kernel.ContextLengthError, False),
    (422, kernel.InvalidRequestError, False),
    (429, kernel.RateLimitError, True),
    (498, kernel.ProviderUnavailableError, True),
    (499, LLMError, False),
    (500, kernel.ProviderUnavailableError, True),
    (503, kernel.ProviderUnavailableError, True),
    (529, kernel.ProviderUnavailableError, True),
    (599, kernel.ProviderUnavailableError, True),
]


@pytest.mark.parametrize(("status", "kind", "retryable"), STATUSES)
@pytest.mark.parametrize(
    "detail", [ErrorDetail(), ErrorDetail(message="no"), ErrorDetail(message=7, type=["slow_down"])]
)
def test_a_status_decides_where_the_vendor_says_nothing_better(
    status: int, kind: type[LLMError], retryable: bool, detail: ErrorDetail
) -> None:
    error = of_status(status, detail)
    assert (type(error), error.retryable, error.status_code) == (kind, retryable, status)


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (400, {"code": "too_many_words"}, kernel.ContextLengthError),
        (500, {"code": 17}, kernel.NotFoundError),
        (429, {"code": "no_funds"}, kernel.QuotaExceededError),
        (400, {"type": "slow_down"}, kernel.RateLimitError),
        (400, {"code": "too_many_words", "type": "slow_down"}, kernel.ContextLengthError),
        (500, {"kind": "timeout", "code": "too_many_words"}, kernel.LLMTimeoutError),
        (500, {"message": "There is no such model: x"}, kernel.NotFoundError),
        (498, {"message": "There is no such model: x"}, kernel.NotFoundError),
        (400, {"message": "NO SUCH ENGINE", "type": "invalid"}, kernel.NotFoundError),
        (400, {"message": "no such model", "type": "slow_down"}, kernel.RateLimitError),
        (418, {"message": "no", "type": "invalid"}, kernel.InvalidRequestError),
        (503, {"message": "no", "type": "invalid"}, kernel.ProviderUnavailableError),
        (401, {"message": "no", "type": "invalid"}, kernel.AuthenticationError),
        (400, {"message": "prompt is too long: 9 > 8", "type": "invalid"}, kernel.ContextLengthError),
        (400, {"message": "exceeds the context window of this model"}, kernel.ContextLengthError),
        (400, {"message": "This model's maximum context length is 8192 tokens"}, kernel.ContextLengthError),
        (400, {"message": "The input token count (9) exceeds the maximum"}, kernel.ContextLengthError),
        (400, {"message": "max_tokens is too large: at most 8 completion tokens"}, kernel.InvalidRequestError),
        (400, {"message": "unknown field safety_identifier"}, kernel.InvalidRequestError),
        (400, {"message": "filtered by the content_filter"}, kernel.ContentFilterError),
        (422, {"message": "Blocked for safety."}, kernel.ContentFilterError),
        (429, {"message": "You exceeded your current quota, check your billing"}, kernel.QuotaExceededError),
        (429, {"message": "You exceeded your current quota", "retry_after": "20s"}, kernel.RateLimitError),
        (429, {"type": "insufficient_quota"}, kernel.QuotaExceededError),
        (429, {"code": "insufficient_quota"}, kernel.QuotaExceededError),
        (400, {"message": "Your credit balance is too low", "type": "invalid"}, kernel.QuotaExceededError),
        (500, {"message": "The billing service is down"}, kernel.ProviderUnavailableError),
        (401, {"message": "prompt is too long"}, kernel.AuthenticationError),
        (418, {"message": "prompt is too long"}, LLMError),
        (418, {"message": "rate limit, busy, billing"}, LLMError),
        (400, {"message": "rate limit, busy"}, kernel.InvalidRequestError),
    ],
)
def test_the_vendors_words_decide_before_the_status(status: int, said: dict[str, Any], kind: type[LLMError]) -> None:
    body = {"error": said}
    error = of_status(status, ErrorDetail(**said), body)
    assert (type(error), error.status_code) == (kind, status)
    assert json.loads(str(error)) == body


def test_words_are_looked_for_in_a_body_that_says_nothing_in_its_own_way() -> None:
    assert type(of_status(400, None, "The prompt is too long.")) is kernel.ContextLengthError
    assert type(of_status(400, None, {"detail": "The prompt is too long."})) is kernel.ContextLengthError
    hint = {"type": "invalid", "see": "what to do if the prompt is too long"}
    assert type(of_status(400, ErrorDetail(type="invalid"), hint)) is kernel.InvalidRequestError


def test_words_are_looked_for_at_the_beginning_of_a_long_text() -> None:
    assert type(of_status(400, None, "x" * 4000 + " prompt is too long")) is kernel.ContextLengthError
    assert type(of_status(400, None, "x" * 5000 + " prompt is too long")) is kernel.InvalidRequestError


def test_no_message_has_no_words() -> None:
    any_word = ErrorWords(patterns=((re.compile("."), "not_found"),))
    reply, said = StatusError(400, {}, b'{"type": "odd"}'), ErrorDetail(type="odd")
    assert type(error_of_status(reply, said, any_word)) is kernel.InvalidRequestError
    assert type(error_of_stream(said, any_word)) is LLMError


@pytest.mark.parametrize(
    ("said", "kind", "status"),
    [
        ({"code": "too_many_words"}, kernel.ContextLengthError, 400),
        ({"type": "slow_down"}, kernel.RateLimitError, 429),
        ({"type": "invalid"}, kernel.InvalidRequestError, 400),
        ({"code": "no_funds"}, kernel.QuotaExceededError, 429),
        ({"code": 17}, kernel.NotFoundError, 404),
        ({"kind": "authentication"}, kernel.AuthenticationError, 401),
        ({"kind": "access_denied"}, kernel.AccessDeniedError, 403),
        ({"kind": "timeout"}, kernel.LLMTimeoutError, 408),
        ({"kind": "stream"}, kernel.StreamError, None),
        ({"kind": "network"}, kernel.NetworkError, None),
        ({"message": "x", "code": 503}, kernel.ProviderUnavailableError, 503),
        ({"message": "x", "code": "404"}, kernel.NotFoundError, 404),
        ({"message": "x", "status": "429", "code": 500}, kernel.RateLimitError, 429),
        ({"message": "x", "status": "BAD", "code": 500}, kernel.ProviderUnavailableError, 500),
        ({"message": "x", "code": 400}, kernel.InvalidRequestError, 400),
        ({"message": "x", "code": 599}, kernel.ProviderUnavailableError, 599),
        ({"message": "x", "code": 399}, LLMError, None),
        ({"message": "x", "code": 600}, LLMError, None),
        ({"message": "x", "code": "0404"}, LLMError, None),
        ({"message": "x", "code": "4" * 5000}, LLMError, None),
        ({"message": "x", "code": 498}, kernel.ProviderUnavailableError, 498),
        ({"message": "who knows"}, LLMError, None),
        ({"message": "no such model"}, kernel.NotFoundError, 404),
        ({"message": "This model's maximum context length is 8192 tokens"}, kernel.ContextLengthError, 400),
        ({"message": "Blocked for safety."}, kernel.ContentFilterError, 400),
        ({"message": "You exceeded your current quota, check your billing"}, kernel.QuotaExceededError, 429),
        ({"message": "Rate limit reached."}, kernel.RateLimitError, 429),
        ({"message": "x", "type": "too_many_requests"}, kernel.RateLimitError, 429),
        ({"message": "x", "code": "too_many_requests"}, kernel.RateLimitError, 429),
        ({"message": "The server is busy."}, kernel.ProviderUnavailableError, 503),
        ({"message": "x", "type": "temporarily unavailable"}, kernel.ProviderUnavailableError, 503),
        ({"message": "The model is currently overloaded."}, kernel.ProviderUnavailableError, 529),
        ({"message": "The model is overloaded", "code": "400"}, kernel.InvalidRequestError, 400),
        ({"message": "x", "type": "overloaded_error"}, kernel.ProviderUnavailableError, 529),
    ],
)
def test_an_error_within_a_good_reply_is_known_by_its_words(
    said: dict[str, Any], kind: type[LLMError], status: int | None
) -> None:
    error = of_stream(**said)
    assert (type(error), error.status_code) == (kind, status)
    assert isinstance(error.__cause__, RuntimeError)


@pytest.mark.parametrize(
    ("error", "patience"),
    [
        (of_status(529), 10.0),
        (of_status(503, ErrorDetail(message="Overloaded, sorry")), 10.0),
        (of_status(503, ErrorDetail(code="OVERLOADED")), 10.0),
        (of_stream(type="overloaded_error"), 10.0),
        (of_status(529, None, "", retry_after="3"), 1.0),
        (of_status(503), 1.0),
        (of_status(400, ErrorDetail(message="overloaded")), 1.0),
    ],
)
def test_an_overloaded_vendor_gets_more_time_unless_it_says_how_much(error: LLMError, patience: float) -> None:
    assert error.delay_multiplier == patience


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (of_status(429, None, "", retry_after="3"), 3.0),
        (of_status(503, None, "", retry_after_ms="1500"), 1.5),
        (of_status(429, ErrorDetail(retry_after="20s"), "", retry_after="3"), 3.0),
        (of_status(429, ErrorDetail(retry_after="20s"), "", retry_after="0"), 0.0),
        (of_status(503, ErrorDetail(message="x", retry_after=12)), 12.0),
        (of_status(429, ErrorDetail(message="Please try again in 6.5s.")), 6.5),
        (of_status(429, ErrorDetail(message="try again in 9s", retry_after=2)), 2.0),
        (of_status(429, None, "Try again in 7s"), 7.0),
        (of_status(503, ErrorDetail(message="Please try again in 6.5s.")), None),
        (of_status(403, None, PAGE, retry_after="5"), 5.0),
        (of_stream(type="slow_down", retry_after="1m"), 60.0),
        (of_stream(message="Rate limit: try again in 2s"), 2.0),
        (of_stream(message="x"), None),
    ],
)
def test_the_vendor_says_when_to_try_again(error: LLMError, seconds: float | None) -> None:
    assert error.retry_after == seconds


def test_a_status_is_told_with_the_whole_body() -> None:
    body = '{"error": {"message": "Grüße"}, "id": 7}'
    assert str(of_status(500, ErrorDetail(message="Grüße"), body)) == body
    assert str(of_status(500, ErrorDetail(message="Grüße"), f"[{body}, 7]")) == body


def test_of_a_very_long_body_the_vendors_own_words_are_told() -> None:
    detail = ErrorDetail(message="ü" * 5000, type="slow_down", code=["of", "no", "use"])
    body = {"error": "x", "padding": ""}
    room = LONGEST - len(json.dumps(body))
    for padding, whole in ((room, True), (room + 1, False)):
        told = str(of_status(500, detail, body | {"padding": "x" * padding}))
        short = json.dumps({"error": {"message": "ü" * LONGEST, "type": "slow_down"}}, ensure_ascii=False)
        assert told == (json.dumps(body | {"padding": "x" * padding}) if whole else short)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "HTTP status 502: no body"),
        ("  ", "HTTP status 502: no body"),
        ("[]", "HTTP status 502: []"),
        ("Sorry.", "HTTP status 502: Sorry."),
        ("x" * 1000, "HTTP status 502: " + "x" * 300),
        (PAGE, "HTTP status 502 with a web page instead of an answer: Just a moment..."),
        ("<html>Oops</html>", "HTTP status 502 with a web page instead of an answer: without a title"),
    ],
)
def test_a_body_that_is_no_json_is_told_in_short(body: str, told: str) -> None:
    assert str(of_status(502, None, body)) == told


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PAGE, "text/html"),
        (f"<!-- edge 7 -->\n{PAGE}", "text/plain"),
        ('<?xml version="1.0"?><html><title>Just a moment...</title></html>', "application/xml"),
        ("\ufeff<BODY>Checking</BODY>", "text/plain"),
        ("Checking your browser", "Text/HTML; charset=utf-8"),
    ],
)
def test_a_bot_check_is_no_missing_permission(body: str, kind: str) -> None:
    error = of_status(403, None, body, content_type=kind)
    assert (type(error), error.retryable, error.status_code) == (kernel.ProviderUnavailableError, True, 403)
    assert "web page" in str(error)
    assert type(of_status(401, None, body, content_type=kind)) is kernel.AuthenticationError


@pytest.mark.parametrize("body", [{"error": "<html> is not allowed"}, "", "Forbidden", "x" * 2000 + PAGE])
def test_a_missing_permission_is_no_bot_check(body: object) -> None:
    kind = {"content_type": "text/html"} if not isinstance(body, str) or not body else {}
    assert type(of_status(403, None, body, **kind)) is kernel.AccessDeniedError


def test_an_error_within_a_good_reply_is_told_in_the_vendors_words() -> None:
    error = of_stream(message="Grüße", type="slow_down", code=17, status=["odd"])
    assert str(error) == '{"error": {"message": "Grüße", "type": "slow_down", "code": 17}}'
    assert str(of_stream(kind="rate_limit", message=["odd"])) == (
        '{"error": {"message": "the vendor reported an error without saying which"}}'
    )


def broken(status: int | None, error: type[Exception], *said: str) -> Exception:
    made = error(*said)
    if status is not None:
        made.status = status  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    ("cause", "kind", "status", "told"),
    [
        (TimeoutError(), kernel.LLMTimeoutError, None, "No answer in time (TimeoutError)"),
        (httpx2.ReadTimeout(""), kernel.LLMTimeoutError, None, "No answer in time (ReadTimeout)"),
        (httpx2.ConnectTimeout("slow"), kernel.LLMTimeoutError, None, "No answer in time (ConnectTimeout: slow)"),
        (broken(200, BrokenReplyError, "it broke"), kernel.StreamError, 200, "it broke"),
        (broken(None, BrokenReplyError), kernel.StreamError, None, "BrokenReplyError"),
        (broken(201, NoAnswerError, "nothing"), kernel.ProviderUnavailableError, 201, "nothing"),
        (broken(200, TooLargeError, "too large"), LLMError, 200, "too large"),
        (httpx2.UnsupportedProtocol("ftp"), kernel.ConfigurationError, None, "ftp"),
        (httpx2.LocalProtocolError("bad header"), kernel.ConfigurationError, None, "bad header"),
        (httpx2.InvalidURL("odd"), kernel.ConfigurationError, None, "odd"),
        (httpx2.ConnectError("refused"), kernel.NetworkError, None, "ConnectError: refused"),
        (httpx2.RemoteProtocolError("hm"), kernel.NetworkError, None, "RemoteProtocolError: hm"),
        (KeyError("x"), LLMError, None, "KeyError: 'x'"),
    ],
    ids=repr,
)
def test_a_failure_without_an_error_of_the_vendor(
    cause: Exception, kind: type[LLMError], status: int | None, told: str
) -> None:
    error = error_of_cause(cause)
    assert (type(error), error.status_code, str(error)) == (kind, status, told)


SECRET = "a-secret-of-the-user"


def test_an_error_is_told_in_full_and_without_secrets() -> None:
    cause = ValueError(f"caused by {SECRET}")
    error = in_full(LLMError(f"the key {SECRET} is wrong"), cause, "acme", "m-1", Redactor([SECRET]))
    assert (error.provider, error.model, str(error)) == ("acme", "m-1", "the key [REDACTED] is wrong")
    assert error.__cause__ is cause
    assert str(cause) == "caused by [REDACTED]"


def test_what_an_error_says_of_itself_stays() -> None:
    error = LLMError("", provider="other", model="m-2")
    told = in_full(error, None, "acme", "m-1", Redactor())
    assert told is error
    assert (told.provider, told.model, str(told), told.__cause__) == ("other", "m-2", "LLMError", None)


class StubbornError(Exception):
    def __str__(self) -> str:
        return f"always {SECRET}"


def test_nothing_that_led_to_an_error_shows_a_secret() -> None:
    first, second, third = StubbornError(), ValueError(f"then {SECRET}"), ValueError("harmless", 7)
    third.__context__, third.__cause__, second.__cause__ = first, second, third
    second.__context__ = fourth = ValueError(SECRET)
    in_full(LLMError("x"), third, "acme", None, Redactor([SECRET]))
    assert (str(second), str(fourth)) == ("then [REDACTED]", "[REDACTED]")
    assert third.args == ("harmless", 7)
    assert isinstance(third.__context__, RuntimeError)
    assert str(third.__context__) == "StubbornError: always [REDACTED]"
