"""How often and when to try again."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from amplifier_core.llm_errors import LLMError
from amplifier_core.utils import RetryConfig, retry_with_backoff

__all__ = ["RetryPolicy", "retry_after", "seconds", "with_retries"]

T = TypeVar("T")

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
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
    """Return seconds from a number or a duration such as "20s", "1.5s", "6m0s" or "300ms", None if it is neither."""
    match value:
        case bool():
            return None
        case int() | float():
            return float(value) if 0 <= value <= _LONGEST else None
        case str():
            text = value.strip()
            if _NUMBER.fullmatch(text):
                return seconds(float(text))
            if text and (found := _DURATION.fullmatch(text)):
                hours, minutes, whole, thousandths = (float(part or 0) for part in found.groups())
                return seconds(hours * 3600 + minutes * 60 + whole + thousandths / 1000)
    return None


def _until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
