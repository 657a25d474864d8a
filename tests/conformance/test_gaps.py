"""What no hand-written package does (peer_defects.py), on generated ones: P37 to P50."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from amplifier_core.llm_errors import ConfigurationError
from amplifier_core.message_models import ImageBlock, Message, ResponseFormatJsonSchema, TextBlock
from amplifier_core.models import ModelInfo

from tests.conformance.bench import TOOLS, Bench, chat, failed, in_time
from tests.conformance.observed import Observed
from tests.conformance.subject import NOBODY
from tests.conformance.test_tools import SCHEMA, sentences
from tests.support.replay import Exchange, reply


async def test_p37_stop_is_sent(bench: Bench) -> None:
    for config, fields in (({}, {"stop": ["HALT"]}), ({"stop": ["HALT"]}, {})):
        assert await _sent_to_a_model(bench, "HALT", config, fields)


async def test_p38_top_p_is_sent(bench: Bench) -> None:
    for config, fields in (({}, {"top_p": 0.625}), ({"top_p": "0.625"}, {})):
        assert await _sent_to_a_model(bench, 0.625, config, fields)


async def test_p39_the_requests_timeout_counts(bench: Bench) -> None:
    async with in_time():
        error = await bench.fails(Exchange(end="hang"), request=chat(timeout=0.05))
    assert failed(error) == ("LLMTimeoutError", True)


async def test_p40_tool_choice_is_sent(bench: Bench) -> None:
    unset = await bench.body(chat(tools=TOOLS))
    for choice in ("none", "required", "get_time"):
        assert await bench.body(chat(tools=TOOLS, tool_choice=choice)) != unset
        assert await bench.body(chat(tools=TOOLS), tool_choice=choice) != unset


async def test_p41_response_format_is_sent(bench: Bench) -> None:
    await bench.ask(request=chat(response_format=ResponseFormatJsonSchema(json_schema=SCHEMA)))
    assert "word_of_schema" in bench.wire


async def test_p42_what_was_done_instead_is_told(bench: Bench) -> None:
    wanted = ResponseFormatJsonSchema(json_schema=SCHEMA)
    for model in [*bench.subject.known, "some-model"][-8:]:
        response = await bench.ask(request=chat(response_format=wanted), config={"default_model": model})
        in_words = "word_of_schema" in "".join(sentences(bench))
        assert (response.degradation is not None) == in_words, model


async def test_p43_every_class_of_error_is_used(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    classes = set()
    for status in (400, 401, 402, 403, 404, 408, 413, 418, 429, 500):
        classes.add(type(await bench.fails(reply({}, status=status))).__name__)
    classes |= {type(await bench.fails(case)).__name__ for case in bench.subject.of("error")}
    classes.add(type(await bench.fails(Exchange(end="truncate", chunks=(b"{",)))).__name__)
    with pytest.raises(ConfigurationError):
        await bench.provider("ftp://example.com").complete(chat())
    if bench.subject.needs_key:
        for name in bench.subject.info.credential_env_vars:
            monkeypatch.delenv(name, raising=False)
        with pytest.raises(ConfigurationError):
            await bench.subject.bare(base_url=NOBODY).complete(chat())
    assert classes >= {
        "InvalidRequestError",
        "AuthenticationError",
        "QuotaExceededError",
        "AccessDeniedError",
        "NotFoundError",
        "LLMTimeoutError",
        "ContextLengthError",
        "LLMError",
        "RateLimitError",
        "ProviderUnavailableError",
        "StreamError",
    }


async def test_p44_a_failed_connection_is_told_with_its_cause(bench: Bench) -> None:
    for url in (NOBODY, "http://no-such-host.invalid"):
        with pytest.raises(Exception) as caught:
            await bench.provider(url).complete(chat())
        assert failed(caught.value) == ("NetworkError", True)
        assert caught.value.__cause__ is not None and str(caught.value)


async def test_p45_retry_after_may_be_a_date(bench: Bench) -> None:
    for seconds, least in ((40, 30), (-40, 0)):
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        error = await bench.fails(reply({}, status=429, headers={"retry-after": date}))
        assert error.retry_after is not None and least <= error.retry_after <= max(seconds, 0)


async def test_p46_images_by_address_are_sent(bench: Bench) -> None:
    image = ImageBlock(source={"type": "url", "url": "https://example.com/word-image.png"})
    said = Message(role="user", content=[TextBlock(text="See:"), image])
    await bench.ask(request=chat(said), config={"default_model": bench.subject.seer or "some-model"})
    assert "https://example.com/word-image.png" in bench.wire


async def test_p47_cancellation_ends_what_was_shown(bench: Bench) -> None:
    shown = bench.subject.case("stream of a text").answer(upto=-1, end="hang")
    async with in_time(), bench.serving(shown) as server:
        task = asyncio.create_task(bench.provider(server.url).complete(chat(stream=True)))
        await bench.told.arrival("llm:stream_block_delta").wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert bench.told.names[-2:] == ["llm:stream_aborted", "llm:response"]


async def test_p48_tokens_of_thinking_are_told(observed: Observed) -> None:
    counted = [seen for seen in observed if "reasoning_tokens" in (seen.case.expect.get("usage") or {})]
    assert counted
    for seen in counted:
        expected = seen.case.expect["usage"]["reasoning_tokens"]
        assert seen.told.only("llm:response")["usage"].get("reasoning_tokens") == expected, seen


async def test_p49_a_retry_tells_how_long_the_vendor_asked_to_wait(bench: Bench) -> None:
    limited = reply({}, status=429, headers={"retry-after-ms": "1"})
    await bench.ask(limited, "a text", config={"max_retries": 1})
    assert bench.told.only("provider:retry")["retry_after"] == 0.001


async def test_p50_prices_of_models_are_told(bench: Bench) -> None:
    if "pricing" not in ModelInfo.model_fields:
        pytest.skip("this kernel has no prices")
    for name, entry in bench.subject.families.items():
        prices = bench.subject.listed(default_model=name)[name].pricing
        assert (prices is not None) == ("prices" in entry), name
        assert prices is None or (prices.input_per_million, prices.output_per_million) == (
            float(entry["prices"]["input"]),
            float(entry["prices"]["output"]),
        )


async def _sent_to_a_model(bench: Bench, value: Any, config: dict[str, Any], fields: dict[str, Any]) -> bool:
    """Return whether a value reaches the vendor; not every model takes everything."""
    for model in [*bench.subject.known, *bench.subject.families, "some-model"]:
        await bench.ask(request=chat(**fields), config={**config, "default_model": model})
        if bench.sends(value):
            return True
    return False
