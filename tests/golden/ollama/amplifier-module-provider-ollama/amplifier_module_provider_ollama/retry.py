"""How often and when to try again."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from amplifier_core.llm_errors import LLMError
from amplifier_core.utils import RetryConfig, retry_with_backoff

__all__ = ["RetryPolicy", "retry_after", "seconds", "wait_told", "with_retries"]

T = TypeVar("T")

_PART = r"(\d+(?:\.\d+)?) ?(days?|d|hours?|h|minutes?|mins?|m|seconds?|secs?|s|milliseconds?|ms)(?![a-z])"
_PARTS = re.compile(_PART, re.IGNORECASE)
_DURATION = re.compile(rf"(?:{_PART},? ?(?:and )?)+", re.IGNORECASE)
_TRY_AGAIN = re.compile(rf"(?:try again|retry) (?:in|after) ({_DURATION.pattern})", re.IGNORECASE)
_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_LONGEST = 10.0**9
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Tries after the first one, and the seconds between them: `min_delay` doubled each time, up to `max_delay`."""

    max_retries: int = 3
    min_delay: float = 1.0
    max_delay: float = 60.0
    jitter: bool = True


async def with_retries(
    attempt: Callable[[], Awaitable[T]],
    policy: RetryPolicy,
    on_retry: Callable[[int, float, LLMError], Awaitable[None]],
) -> T:
    """Return what the first successful attempt returns; `on_retry(attempt, delay, error)` is told before each wait.

    A vendor that asks for a longer wait than the policy allows is not asked again.

    Raises:
        LLMError: the last attempt's, or the first that is not retryable.
    """

    async def once() -> T:
        try:
            return await attempt()
        except LLMError as error:
            if error.retry_after is not None and error.retry_after > policy.max_delay:
                error.retryable = False
            raise

    config = RetryConfig(
        max_retries=policy.max_retries,
        initial_delay=policy.min_delay,
        max_delay=policy.max_delay,
        jitter=policy.jitter,
    )
    return await retry_with_backoff(once, config, on_retry=on_retry)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a reply asks to wait, None if it does not say.

    Read are `retry-after-ms` and `x-ms-retry-after-ms` (milliseconds) and `retry-after` (seconds or an HTTP date,
    RFC 9110 section 10.2.3).
    """
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        milliseconds = seconds(headers.get(name))
        if milliseconds is not None:
            return milliseconds / 1000
    text = headers.get("retry-after")
    if text is None:
        return None
    return _until(text) if (wait := seconds(text)) is None else wait


def seconds(value: object) -> float | None:
    """Return seconds from a number or a duration such as "20s", "6m0s" or "2 minutes", None if it is neither."""
    match value:
        case bool():
            return None
        case int() | float():
            return float(value) if 0 <= value <= _LONGEST else None
        case str():
            text = value.strip()
            if _NUMBER.fullmatch(text):
                return seconds(float(text))
            if _DURATION.fullmatch(text):
                return seconds(sum(float(count) * _unit(word.lower()) for count, word in _PARTS.findall(text)))
    return None


def wait_told(message: str) -> float | None:
    """Return the seconds after which a message says to try again, None if it does not."""
    found = _TRY_AGAIN.search(message)
    return seconds(found[1]) if found else None


def _unit(word: str) -> float:
    return 0.001 if word.startswith(("ms", "milli")) else _UNITS[word[0]]


def _until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
