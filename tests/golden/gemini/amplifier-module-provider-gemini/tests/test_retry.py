"""How long a vendor asks to wait, and whether and when it is asked again."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from amplifier_core.llm_errors import AuthenticationError, LLMError, NetworkError, RateLimitError

from amplifier_module_provider_gemini.retry import RetryPolicy, retry_after, seconds, wait_told, with_retries


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0.0),
        (12, 12.0),
        (0.25, 0.25),
        (10**9, 10.0**9),
        (10**9 + 1, None),
        (-1, None),
        (True, None),
        (float("nan"), None),
        (None, None),
        ([], None),
        ("7", 7.0),
        (" 0.25 ", 0.25),
        ("20s", 20.0),
        ("300ms", 0.3),
        ("300 MS", 0.3),
        ("2 milliseconds", 0.002),
        ("1 millisecond", 0.001),
        ("1m30.5s", 90.5),
        ("2 minutes", 120.0),
        ("2 mins", 120.0),
        ("1 hour and 30 minutes", 5400.0),
        ("1h, 2m, 3.5 secs", 3723.5),
        ("1d0h", 86400.0),
        ("2 Days", 172800.0),
        ("99999d", None),
        ("", None),
        ("-3", None),
        ("nan", None),
        ("1e3", None),
        ("soon", None),
        ("3 months", None),
        ("20s or so", None),
    ],
)
def test_a_wait_is_a_number_or_a_duration(value: object, expected: float | None) -> None:
    assert seconds(value) == (pytest.approx(expected) if expected is not None else None)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Slow down. Please try again in 6.5s.", 6.5),
        ("Please try again in 250ms", 0.25),
        ("Rate limit reached. Please try again in 7m12s. Visit the site.", 432.0),
        ("Retry after 2 minutes, or ask for more.", 120.0),
        ("try again in 1 hour and 30 minutes", 5400.0),
        ("Please try again in 3 months", None),
        ("Please try again later", None),
        ("The limit of 20s is reached", None),
        ("", None),
    ],
)
def test_a_message_tells_a_wait(message: str, expected: float | None) -> None:
    assert wait_told(message) == expected


def in_the_future(zone: timezone = UTC) -> str:
    return format_datetime(datetime.now(zone) + timedelta(hours=1))


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"retry-after": "7"}, 7, 7),
        ({"retry-after": "0"}, 0, 0),
        ({"retry-after-ms": "1500", "x-ms-retry-after-ms": "8", "retry-after": "9"}, 1.5, 1.5),
        ({"x-ms-retry-after-ms": "250", "retry-after": "9"}, 0.25, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9, 9),
        ({"retry-after": in_the_future()}, 1800, 3600),
        ({"retry-after": in_the_future(timezone(timedelta(hours=5)))}, 1800, 3600),
        ({"retry-after": in_the_future().replace("+0000", "-0000")}, 1800, 3600),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}, 0, 0),
        ({"retry-after": "soon"}, None, None),
        ({"retry-after": "-3"}, None, None),
        ({"retry-after": "nan"}, None, None),
        ({}, None, None),
    ],
)
def test_headers_tell_a_wait(headers: dict[str, str], least: float | None, most: float | None) -> None:
    wait = retry_after(headers)
    if least is None or most is None:
        assert wait is None
    else:
        assert wait is not None
        assert least <= wait <= most


class Attempts:
    """Attempts that end so, one after the other; what is told of the waits between them."""

    def __init__(self, *ends: LLMError | str) -> None:
        self._ends = list(ends)
        self.told: list[tuple[int, float, LLMError]] = []

    async def __call__(self) -> str:
        end = self._ends.pop(0)
        if isinstance(end, LLMError):
            raise end
        return end

    async def on_retry(self, attempt: int, delay: float, error: LLMError) -> None:
        self.told.append((attempt, delay, error))

    async def made(self, **policy: Any) -> str:
        values = {"max_retries": 2, "min_delay": 0.0, "max_delay": 60.0, "jitter": False, **policy}
        return await with_retries(self, RetryPolicy(**values), self.on_retry)


@pytest.mark.asyncio
async def test_what_may_pass_is_tried_again() -> None:
    first, second = NetworkError("one"), RateLimitError("two", retry_after=0.01)
    attempts = Attempts(first, second, "done")
    assert await attempts.made() == "done"
    assert attempts.told == [(1, 0.0, first), (2, 0.01, second)]


@pytest.mark.asyncio
async def test_the_last_error_is_the_answer_to_too_many() -> None:
    last = NetworkError("the last")
    attempts = Attempts(NetworkError("one"), NetworkError("two"), last, "too late")
    with pytest.raises(NetworkError) as caught:
        await attempts.made()
    assert caught.value is last
    assert len(attempts.told) == 2


@pytest.mark.asyncio
async def test_each_wait_is_twice_the_one_before_up_to_the_longest() -> None:
    attempts = Attempts(*(NetworkError("no") for _ in range(4)), "done")
    await attempts.made(max_retries=4, min_delay=0.001, max_delay=0.003)
    assert [delay for _, delay, _ in attempts.told] == pytest.approx([0.001, 0.002, 0.003, 0.003])


@pytest.mark.asyncio
async def test_jitter_makes_waits_differ() -> None:
    attempts = Attempts(*(NetworkError("no") for _ in range(6)), "done")
    await attempts.made(max_retries=6, min_delay=0.001, max_delay=0.001, jitter=True)
    assert len({delay for _, delay, _ in attempts.told}) > 1


@pytest.mark.asyncio
async def test_what_cannot_pass_is_not_tried_again() -> None:
    attempts = Attempts(AuthenticationError("no"), "too late")
    with pytest.raises(AuthenticationError):
        await attempts.made()
    assert attempts.told == []


@pytest.mark.asyncio
@pytest.mark.parametrize(("wait", "retried"), [(0.02, True), (0.021, False)])
async def test_a_wait_longer_than_the_longest_is_not_waited_for(wait: float, retried: bool) -> None:
    busy = RateLimitError("busy", retry_after=wait)
    attempts = Attempts(busy, "done")
    if retried:
        assert await attempts.made(max_delay=0.02) == "done"
    else:
        with pytest.raises(RateLimitError):
            await attempts.made(max_delay=0.02)
    assert len(attempts.told) == retried
    assert busy.retryable is retried
