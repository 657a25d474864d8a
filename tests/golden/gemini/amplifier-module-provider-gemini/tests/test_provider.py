"""What a provider says of itself, and what it does beside answering."""

import asyncio
import traceback
from typing import Any

import pytest
from amplifier_core.llm_errors import LLMError, LLMTimeoutError, ProviderUnavailableError
from amplifier_core.message_models import ChatRequest, ChatResponse, Message, ToolCallBlock, ToolSpec

from amplifier_module_provider_gemini import catalog
from amplifier_module_provider_gemini.config import ENV, config_fields
from amplifier_module_provider_gemini.models import known_models
from amplifier_module_provider_gemini.provider import CAPABILITIES, NAME, GeminiProvider
from tests.cases import asking, example, seen
from tests.conftest import KEY, MODEL, Make
from tests.listener import Listener
from tests.server import Reply, Server, in_json

ANSWER = example("a text")
SAID = ANSWER.expect["text"]
PATIENCE = 10  # seconds for what takes none


def test_it_says_what_it_is() -> None:
    info = GeminiProvider().get_info()
    assert (info.id, info.display_name) == (NAME, "Google Gemini")
    assert info.credential_env_vars == list(ENV["api_key"])
    assert info.capabilities == list(CAPABILITIES)
    assert info.config_fields == config_fields()


@pytest.mark.parametrize("model", [MODEL, "a-model-nobody-knows"])
def test_it_says_what_it_does_by_default(model: str) -> None:
    config = {"default_model": model, "max_output_tokens": "123", "temperature": "0.5", "timeout": "7"}
    provider = GeminiProvider(config=config)
    settings = provider.settings
    expected = {
        "model": model,
        "max_tokens": settings.max_output_tokens,
        "temperature": settings.temperature,
        "timeout": 7.0,
    }
    if facts := catalog.facts(model):
        expected |= {"context_window": facts.context_window, "max_output_tokens": facts.max_output_tokens}
    told = provider.get_info().defaults
    assert told == {name: value for name, value in expected.items() if value is not None}


def test_it_shows_its_model_and_no_secret() -> None:
    config = {"default_model": MODEL, "nonsense": 1, "api_key": KEY}
    provider = GeminiProvider(config=config)
    assert repr(provider) == f"GeminiProvider(default_model={MODEL!r})"
    assert provider.config == {"default_model": MODEL, "nonsense": 1}
    assert provider.default_model == MODEL
    assert GeminiProvider(config={"priority": "7"}).priority == 7


def test_what_it_is_made_with_stands_in_for_what_is_configured() -> None:
    config = {"api_key": "configured-0123", "base_url": "https://configured.example"}
    settings = GeminiProvider("given-0123", base_url="https://given.example", config=config).settings
    assert (settings.api_key, settings.base_url) == ("given-0123", "https://given.example")
    settings = GeminiProvider(config=config).settings
    assert (settings.api_key, settings.base_url) == ("configured-0123", "https://configured.example")


@pytest.mark.parametrize("with_calls", [True, False])
def test_calls_are_given_once_whoever_has_them(with_calls: bool, make: Make) -> None:
    blocks: list[Any] = [
        ToolCallBlock(id=id_, name="look", input={"at": at}) for id_, at in (("a", 1), ("b", 2), ("a", 3))
    ]
    response = ChatResponse(content=blocks)
    if with_calls:
        response = ChatResponse(content=[], tool_calls=make().parse_tool_calls(response))
    calls = make().parse_tool_calls(response)
    assert [(call.id, call.name, call.arguments) for call in calls] == [
        ("a", "look", {"at": 1}),
        ("b", "look", {"at": 2}),
    ]
    assert make().parse_tool_calls(ChatResponse(content=[])) == []


@pytest.mark.asyncio
async def test_a_request_is_described_as_it_is(make: Make, listener: Listener) -> None:
    plain, words = (
        asking(stream=False),
        [Message(role="system", content="Be kind."), Message(role="user", content="Hi")],
    )
    full = ChatRequest(messages=words, tools=[ToolSpec(name="look", parameters={})], metadata={"stream": False})
    async with Server(ANSWER.reply()) as server:
        provider = make(server.url)
        for request in (plain, full):
            await provider.complete(request)
        assert server.connections == 1
    told = listener.payloads("llm:request")
    facts = ("message_count", "tool_count", "has_system", "streaming")
    assert [[payload[fact] for fact in facts] for payload in told] == [[1, 0, False, False], [2, 1, True, False]]


@pytest.mark.asyncio
async def test_whether_it_thinks_is_told(make: Make, listener: Listener) -> None:
    async with Server(ANSWER.reply()) as server:
        provider = make(server.url, default_model="a-model-nobody-knows")
        for effort in ("high", "none", None):
            await provider.complete(asking(stream=False, reasoning_effort=effort))
    assert [payload["thinking_enabled"] for payload in listener.payloads("llm:request")] == [True, False, False]


@pytest.mark.asyncio
@pytest.mark.parametrize("seconds", [0, -1, 500])
async def test_no_time_at_all_is_no_limit(seconds: float, make: Make) -> None:
    async with Server(ANSWER.reply()) as server:
        assert seen(await make(server.url).complete(asking(stream=False, timeout=seconds)))["text"] == SAID


@pytest.mark.asyncio
async def test_a_whole_answer_may_take_its_time(make: Make) -> None:
    async with Server(Reply(status=0, end="silence")) as server:
        with pytest.raises(LLMTimeoutError) as caught:
            await make(server.url, idle_timeout=0.05).complete(asking(stream=False, timeout=0.3))
    assert type(caught.value.__cause__) is TimeoutError  # of the call, not of the connection


@pytest.mark.asyncio
@pytest.mark.parametrize("streaming", [True, False])
async def test_a_page_for_people_is_no_answer(streaming: bool, make: Make) -> None:
    page = Reply((b"<html><title>Sign in</title></html>",), headers={"content-type": "text/html"})
    async with Server(page) as server:
        with pytest.raises(ProviderUnavailableError, match="Sign in") as caught:
            await make(server.url).complete(asking(stream=streaming))
    assert (caught.value.status_code, caught.value.model) == (200, MODEL)


@pytest.mark.asyncio
async def test_a_reply_without_an_answer_is_shown(make: Make) -> None:
    async with Server(Reply((b'{"nothing": "of it"}',), headers={"content-type": "application/json"})) as server:
        with pytest.raises(ProviderUnavailableError) as caught:
            await make(server.url).complete(asking(stream=False))
    assert str(caught.value) == 'the reply holds no answer: {"nothing": "of it"}'


@pytest.mark.asyncio
async def test_a_request_that_cannot_be_made_is_told_before_any_event(make: Make, listener: Listener) -> None:
    for provider in (make("http://"), make("http://127.0.0.1:9/?a=1")):
        with pytest.raises(LLMError) as caught:
            await provider.complete(asking())
        assert (caught.value.provider, caught.value.model) == (NAME, MODEL)
    assert listener.events == []


class Leak(dict[str, Any]):
    """What cannot be read and tells a secret instead."""

    def items(self) -> Any:
        raise LeakError


class LeakError(ValueError):
    def __str__(self) -> str:
        return f"the key is {KEY}"


@pytest.mark.asyncio
async def test_nothing_that_led_to_an_error_of_a_call_shows_a_secret(make: Make) -> None:
    tool = ToolSpec(name="look", parameters={"type": "object", "properties": Leak(place={})})
    with pytest.raises(LLMError, match="the key is") as caught:
        await make("http://127.0.0.1:9").complete(asking(tools=[tool]))
    assert KEY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.asyncio
async def test_closing_ends_the_calls_under_way_and_no_later_one(make: Make) -> None:
    async with Server(Reply(status=0, end="silence"), ANSWER.reply()) as server:
        provider = make(server.url, max_retries=3)
        await provider.close()
        call = asyncio.create_task(provider.complete(asking(stream=False)))
        async with asyncio.timeout(PATIENCE):
            while not server.asked:
                await asyncio.sleep(0)
            await provider.close()
            with pytest.raises(LLMError):
                await call
        assert len(server.asked) == 1
        assert seen(await provider.complete(asking(stream=False)))["text"] == SAID


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["refused", "missing", "silent", "no address"])
async def test_the_known_models_are_listed_where_nobody_can_be_asked(
    how: str, make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("amplifier_module_provider_gemini.provider.LISTING_SECONDS", 0.1)
    known = [card.id for card in known_models(MODEL)]
    async with Server(in_json({}, status=404) if how == "missing" else Reply(status=0, end="silence")) as server:
        addresses: dict[str, Any] = {"refused": "http://127.0.0.1:9", "no address": "nowhere"}
        async with asyncio.timeout(PATIENCE):
            models = await make(addresses.get(how, server.url)).list_models()
    assert [model.id for model in models] == known
    assert known[0] == MODEL
    assert caplog.records


@pytest.mark.asyncio
async def test_a_failing_list_of_models_is_told(make: Make) -> None:
    async with Server(in_json({}, status=503)) as server:
        with pytest.raises(ProviderUnavailableError) as caught:
            await make(server.url).list_models()
    assert (caught.value.provider, caught.value.model, caught.value.status_code) == (NAME, None, 503)
