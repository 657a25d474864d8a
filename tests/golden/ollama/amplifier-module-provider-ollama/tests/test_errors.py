"""What goes wrong at the vendor, as Amplifier's errors."""

import json
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from amplifier_core import llm_errors
from amplifier_core.llm_errors import LLMError, ProviderUnavailableError, RateLimitError

from amplifier_module_provider_ollama.http import StatusError
from amplifier_module_provider_ollama.provider import NAME
from tests.cases import Case, asking, cases, differences, example, failure, seen
from tests.conftest import KEY, MODEL, Make
from tests.listener import Listener, requested, told_of
from tests.server import Reply, Server, in_json

pytestmark = pytest.mark.asyncio
ANSWER = example("a text")
STATUSES = {
    400: "InvalidRequestError",
    401: "AuthenticationError",
    402: "QuotaExceededError",
    403: "AccessDeniedError",
    404: "NotFoundError",
    408: "LLMTimeoutError",
    409: "InvalidRequestError",
    413: "ContextLengthError",
    422: "InvalidRequestError",
    429: "RateLimitError",
    500: "ProviderUnavailableError",
    502: "ProviderUnavailableError",
    503: "ProviderUnavailableError",
    529: "ProviderUnavailableError",
}
RETRYABLE = {"RateLimitError", "ProviderUnavailableError", "LLMTimeoutError", "NetworkError", "StreamError"}


async def fails(make: Make, reply: Reply, **config: Any) -> LLMError:
    """Return the error of a call that is answered so."""
    async with Server(reply) as server:
        with pytest.raises(LLMError) as caught:
            await make(server.url, **config).complete(asking(stream=False))
    return caught.value


@pytest.mark.parametrize("case", cases("error"), ids=str)
async def test_errors(case: Case, make: Make, listener: Listener) -> None:
    error = await fails(make, case.reply())
    assert differences(case.expect, failure(error)) == []
    assert (error.provider, error.model, error.status_code) == (NAME, MODEL, case.data["status"])
    assert isinstance(error.__cause__, StatusError)
    _, told = requested(listener)
    assert (told["status"], told["error"]) == ("error", str(error))
    assert str(error)


async def test_an_error_in_a_reply_with_a_good_status_is_one(make: Make) -> None:
    case = next(case for case in cases("error") if "said" in case.data)
    error = await fails(make, in_json(case.data["body"]))
    assert differences(case.expect, failure(error)) == []
    assert case.data["said"] in str(error)


@pytest.mark.parametrize(("status", "name"), STATUSES.items(), ids=str)
async def test_a_status_says_enough(status: int, name: str, make: Make) -> None:
    bodies = (b"", b"{}", b"null", b"[]", b"Sorry.", b"\xff\xfe", b'{"error": 7}')
    async with Server(*(Reply((body,) if body else (), status) for body in bodies)) as server:
        provider = make(server.url)
        for _ in bodies:
            with pytest.raises(LLMError) as caught:
                await provider.complete(asking(stream=False))
            error = caught.value
            assert (type(error), error.status_code) == (getattr(llm_errors, name), status)
            assert (error.retryable, error.retry_after) == (name in RETRYABLE, None)
            assert (error.provider, error.model) == (NAME, MODEL)
            assert str(error)


async def test_a_page_for_people_is_no_refusal(make: Make) -> None:
    headers = {"content-type": "text/html", "retry-after": "7"}
    error = await fails(make, Reply((b"<!DOCTYPE html><title>Just a moment...</title>",), 403, headers))
    assert isinstance(error, ProviderUnavailableError)
    assert (error.retryable, error.retry_after) == (True, 7.0)
    assert "Just a moment" in str(error)


async def test_an_overloaded_vendor_gets_more_time(make: Make) -> None:
    assert (await fails(make, in_json({}, status=529))).delay_multiplier == 10.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry_after": "7"}, 7.0), ({"retry_after_ms": "1500"}, 1.5), ({"x_ms_retry_after_ms": "250"}, 0.25)],
)
async def test_the_vendor_says_when_to_try_again(headers: dict[str, str], seconds: float, make: Make) -> None:
    error = await fails(make, in_json({}, status=429, **headers))
    assert (type(error), error.retry_after, error.retryable) == (RateLimitError, seconds, True)


@pytest.mark.parametrize(("status", "seconds"), [(429, 62.5), (503, None)])
async def test_the_vendor_says_in_words_when_the_limit_ends(status: int, seconds: float | None, make: Make) -> None:
    error = await fails(make, in_json({"error": {"message": "Please try again in 1m2.5s."}}, status=status))
    assert error.retry_after == seconds


async def test_the_vendor_says_when_to_try_again_as_a_date(make: Make) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    error = await fails(make, in_json({}, status=429, retry_after=date))
    assert error.retry_after is not None
    assert 20 < error.retry_after <= 30


async def test_a_wait_that_is_too_long_is_not_waited_for(make: Make) -> None:
    async with Server(in_json({}, status=429, retry_after="90")) as server:
        with pytest.raises(RateLimitError) as caught:
            await make(server.url, max_retries=5, max_retry_delay=60).complete(asking(stream=False))
        assert len(server.asked) == 1
    assert (caught.value.retry_after, caught.value.retryable) == (90.0, False)


async def test_no_retries_means_one_attempt(make: Make, listener: Listener) -> None:
    async with Server(in_json({}, status=503)) as server:
        with pytest.raises(ProviderUnavailableError):
            await make(server.url, max_retries="0").complete(asking(stream=False))
        assert len(server.asked) == 1
    assert listener.names == ["llm:request", "llm:response"]


async def test_what_may_pass_is_tried_again(make: Make, listener: Listener) -> None:
    async with Server(in_json({}, status=503), in_json({}, status=429, retry_after="0"), ANSWER.reply()) as server:
        response = await make(server.url, max_retries=2).complete(asking(stream=False))
        assert len({asked.body for asked in server.asked}) == 1
    assert differences(ANSWER.expect, seen(response)) == []
    requested(listener)
    first, second = listener.payloads("provider:retry")
    assert (first["attempt"], first["max_retries"], first["error_type"]) == (1, 2, "ProviderUnavailableError")
    assert (second["attempt"], second["retry_after"], second["error_type"]) == (2, 0.0, "RateLimitError")
    assert {"provider", "model", "delay", "error_message"} <= first.keys()


async def test_what_cannot_pass_is_not_tried_again(make: Make) -> None:
    async with Server(in_json({}, status=401)) as server:
        with pytest.raises(LLMError):
            await make(server.url, max_retries=5).complete(asking(stream=False))
        assert len(server.asked) == 1


async def test_a_stream_that_breaks_is_begun_again(make: Make, listener: Listener) -> None:
    shown = example("stream of a text")
    content = shown.stream()
    broken = Reply((content[: len(content) * 2 // 3],), headers=shown.reply().headers, end="closed")
    async with Server(broken, shown.reply()) as server:
        response = await make(server.url, max_retries=1).complete(asking())
    assert differences(shown.expect, seen(response)) == []
    requested(listener)
    again = listener.names.index("provider:retry")
    assert listener.names[again - 1] == "llm:stream_aborted"
    listener.events = listener.events[again:]
    told_of(listener, response)


async def test_the_key_is_in_no_error_no_event_and_no_log(
    make: Make, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    echo = {"error": {"message": f"the key {KEY} is wrong", "type": KEY, "code": KEY}, "message": f"?key={KEY}"}
    async with Server(in_json(echo, status=500), in_json(echo, status=401)) as server:
        provider = make(server.url, max_retries=1, raw=True)
        with caplog.at_level("DEBUG"), pytest.raises(LLMError) as caught:
            await provider.complete(asking(f"My key is {KEY}.", stream=False))
    assert "the key" in str(caught.value)
    for shown in (str(caught.value), json.dumps(listener.events), caplog.text, repr(provider)):
        assert KEY not in shown


@pytest.mark.parametrize("streaming", [True, False])
async def test_the_key_is_in_no_traceback(streaming: bool, make: Make) -> None:
    async with Server(Reply((f"the key {KEY} is no JSON".encode(),), headers={"content-type": "text/html"})) as server:
        with pytest.raises(LLMError) as caught:
            await make(server.url).complete(asking(stream=streaming))
    assert "the key" in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))


async def test_a_refused_list_of_models_is_an_error(make: Make) -> None:
    async with Server(in_json({}, status=401)) as server:
        with pytest.raises(llm_errors.AuthenticationError):
            await make(server.url).list_models()
