"""The stand-ins for the stock modules do what docs/contract.md says of these, told from a provider's side."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from amplifier_core import ChatRequest, ChatResponse, TextContent, ToolCall, ToolCallContent
from amplifier_core.llm_errors import RateLimitError
from amplifier_core.message_models import TextBlock, ThinkingBlock, ToolCallBlock, Usage

from tests.support.installation import installed
from tests.support.sessions import ORCHESTRATORS, STAND_INS, conversation

pytestmark = [pytest.mark.asyncio, pytest.mark.parametrize("orchestrator", ORCHESTRATORS)]


class Reply(ChatResponse):
    content_blocks: list[Any] | None = None
    text: str | None = None


class Call(ToolCall):
    """A call that survives loop-basic's look at empty arguments."""

    def get(self, key: str, default: Any = None) -> Any:
        return {"id": self.id, "tool": self.name, "arguments": self.arguments}.get(key, default)


class Provider:
    """A provider of canned replies, as small as the kernel allows."""

    name = "canned"
    priority = 100

    def __init__(self, *replies: ChatResponse | Exception) -> None:
        self._replies = list(replies)
        self.asked: list[tuple[ChatRequest, dict[str, Any]]] = []

    async def complete(self, request: ChatRequest, **kwargs: Any) -> ChatResponse:
        self.asked.append((request, kwargs))
        reply = self._replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def parse_tool_calls(self, response: ChatResponse) -> list[ToolCall]:
        return list(response.tool_calls or [])


def text(words: str) -> Reply:
    return Reply(content=[TextBlock(text=words)], content_blocks=[TextContent(text=words)], text=words)


def call(name: str, arguments: dict[str, Any], *, kind: Callable[..., ToolCall] = Call) -> Reply:
    return Reply(
        content=[ThinkingBlock(thinking="hm", signature="s"), ToolCallBlock(id="c1", name=name, input=arguments)],
        content_blocks=[ToolCallContent(id="c1", name=name, arguments=arguments)],
        tool_calls=[kind(id="c1", name=name, arguments=arguments)],
        usage=Usage(input_tokens=3, output_tokens=2, total_tokens=5),
        metadata={"canned:id": "r1"},
    )


@pytest.fixture(scope="module", autouse=True)
def stand_ins() -> Iterator[None]:
    with installed(STAND_INS):
        yield


async def test_a_turn_with_a_tool_call_stores_the_history_as_the_stock_loops_do(orchestrator: str) -> None:
    provider = Provider(call("get_weather", {"city": "Oslo"}), text("Sunny."))
    async with conversation(orchestrator) as talk:
        await talk.session.coordinator.mount("providers", provider, name="canned")
        assert await talk.say("Weather in Oslo?") == "Sunny."
        user, assistant, result, _final = await talk.messages()

    assert user["content"] == "Weather in Oslo?"
    assert [block["type"] for block in assistant["content"]] == ["thinking", "tool_call"]
    assert assistant["tool_calls"] == [{"id": "c1", "tool": "get_weather", "arguments": {"city": "Oslo"}}]
    assert assistant["metadata"]["canned:id"] == "r1"
    assert (result["role"], result["tool_call_id"]) == ("tool", "c1")
    assert '"sky": "sunny"' in result["content"]
    assert ("thinking_block" in assistant, result.get("name")) == (
        (True, "get_weather") if orchestrator == "loop-streaming" else (False, None)
    )


async def test_a_request_has_only_messages_tools_and_effort(orchestrator: str) -> None:
    provider = Provider(text("Hi."))
    async with conversation(orchestrator, settings={"reasoning_effort": "low", "extended_thinking": True}) as talk:
        await talk.session.coordinator.mount("providers", provider, name="canned")
        await talk.say("Hello")

    ((request, kwargs),) = provider.asked
    assert (request.stream, request.metadata, request.model) == (False, None, None)
    assert request.reasoning_effort == "low"
    assert [tool.name for tool in request.tools or []] == ["get_weather", "get_time", "take_picture"]
    assert kwargs == {"extended_thinking": True}


async def test_blocks_are_shown_in_order_with_the_usage_at_the_last(orchestrator: str) -> None:
    provider = Provider(call("get_weather", {"city": "Oslo"}), text("Sunny."))
    async with conversation(orchestrator) as talk:
        await talk.session.coordinator.mount("providers", provider, name="canned")
        await talk.say("Weather?")

    starts, ends = talk.recorder.of("content_block:start"), talk.recorder.of("content_block:end")
    assert [(event["block_type"], event["block_index"], event["total_blocks"]) for event in starts] == [
        ("tool_call", 0, 1),
        ("text", 0, 1),
    ]
    assert ends[0]["block"]["arguments"] == {"city": "Oslo"}
    assert ends[0]["usage"]["total_tokens"] == 5


async def test_a_plain_tool_call_without_arguments_breaks_the_basic_loop_only(orchestrator: str) -> None:
    provider = Provider(call("get_time", {}, kind=ToolCall), text("Noon."))
    async with conversation(orchestrator) as talk:
        await talk.session.coordinator.mount("providers", provider, name="canned")
        if orchestrator == "loop-basic":
            with pytest.raises(RuntimeError, match="AttributeError"):
                await talk.say("What time is it?")
        else:
            assert await talk.say("What time is it?") == "Noon."


async def test_rich_tool_content_reaches_the_provider_as_blocks(orchestrator: str) -> None:
    provider = Provider(call("take_picture", {}), text("A pixel."))
    async with conversation(orchestrator) as talk:
        await talk.session.coordinator.mount("providers", provider, name="canned")
        await talk.say("Take a picture")

    content = provider.asked[1][0].messages[-1].content
    assert [block.type for block in content if not isinstance(block, str)] == ["text", "image"]


async def test_an_unknown_tool_is_answered_with_an_error_text(orchestrator: str) -> None:
    provider = Provider(call("zzz", {"a": 1}), text("Sorry."))
    async with conversation(orchestrator) as talk:
        await talk.session.coordinator.mount("providers", provider, name="canned")
        await talk.say("Do it")

    assert provider.asked[1][0].messages[-1].content == "Error: Tool 'zzz' not found"


async def test_an_error_is_reported_and_ends_the_turn(orchestrator: str) -> None:
    provider = Provider(RateLimitError("slow down", status_code=429, retryable=True))
    async with conversation(orchestrator) as talk:
        await talk.session.coordinator.mount("providers", provider, name="canned")
        with pytest.raises(RuntimeError, match="RateLimitError: slow down"):
            await talk.say("Hello")

    (error,) = talk.recorder.of("provider:error")
    assert error["error"] == {"type": "RateLimitError", "msg": "slow down"}
    assert (error["retryable"], error["status_code"]) == (True, 429)


async def test_a_provider_with_a_stream_attribute_is_refused_by_the_streaming_loop(orchestrator: str) -> None:
    provider = Provider(text("Hi."))
    provider.__dict__["stream"] = None
    async with conversation(orchestrator) as talk:
        await talk.session.coordinator.mount("providers", provider, name="canned")
        if orchestrator == "loop-streaming":
            with pytest.raises(RuntimeError, match="stream"):
                await talk.say("Hello")
        else:
            assert await talk.say("Hello") == "Hi."


async def test_empty_content_makes_the_basic_loop_ask_again(orchestrator: str) -> None:
    provider = Provider(Reply(content=[]), text("Now."))
    async with conversation(orchestrator) as talk:
        await talk.session.coordinator.mount("providers", provider, name="canned")
        answer = await talk.say("Hello")

    assert (answer, len(provider.asked)) == (("Now.", 2) if orchestrator == "loop-basic" else ("", 1))
