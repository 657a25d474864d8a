"""complete: what goes out: C65 to C75."""

import dataclasses
import json
from decimal import Decimal
from typing import Any

import pytest
from amplifier_core.content_models import ContentBlock
from amplifier_core.message_models import ChatResponse, TextBlock, ToolCall

from tests.conformance.bench import Bench, chat
from tests.conformance.observed import Observed
from tests.support.sessions import conversation

WORDS = {"stop", "tool_calls", "length", "content_filter"}


async def test_c65_a_reply_has_at_least_one_block(observed: Observed) -> None:
    assert observed
    for seen in observed:
        assert isinstance(seen.response, ChatResponse)
        assert seen.response.content, seen


async def test_c66_calls_are_blocks_and_calls(observed: Observed) -> None:
    assert [seen for seen in observed if seen.blocks("tool_call")]
    for seen in observed:
        blocks = [(block.id, block.name, block.input) for block in seen.blocks("tool_call")]
        calls = [(call.id, call.name, call.arguments) for call in seen.response.tool_calls or []]
        assert blocks == calls, seen


async def test_c67_no_argument_call_survives_loop_basic(bench: Bench) -> None:
    streamed = "stream of " if bench.subject.streams else ""
    async with bench.serving(f"{streamed}a call without arguments", f"{streamed}a text") as server:
        entry = {"module": f"provider-{bench.subject.name}", "config": bench.subject.configured(server.url)}
        async with conversation("loop-basic", [entry]) as session:
            answer = await session.say("What time is it?")
            (ran,) = session.recorder.of("tool:post")
    assert answer == bench.subject.case("a text").expect["text"]
    assert (ran["tool_name"], ran["tool_input"]) == ("get_time", {})
    assert "12:00" in bench.wire


async def test_c68_display_blocks_are_dataclasses(observed: Observed) -> None:
    for seen in observed:
        shown = seen.response.content_blocks
        assert shown is None or len(shown) == len(seen.response.content)
        for block in shown or []:
            assert dataclasses.is_dataclass(block) and isinstance(block, ContentBlock)
            assert isinstance(block.type.value, str)
            assert json.dumps(block.to_dict(), allow_nan=False)


async def test_c69_text_is_what_is_visible(observed: Observed) -> None:
    for seen in observed:
        visible = [block.text for block in seen.blocks("text") if block.text]
        assert seen.response.text == seen.case.expect.get("text", seen.response.text)
        assert (seen.response.text is None) == (not visible), seen
        assert all(text in (seen.response.text or "") for text in visible), seen
        assert not [
            one for one in seen.blocks("thinking") if one.thinking and one.thinking in (seen.response.text or "")
        ]


async def test_c70_usage_counts_whole_prompts(observed: Observed) -> None:
    generated = [seen for seen in observed if " " in seen.case.name]  # whose expectations are complete
    assert generated
    for seen in observed:
        usage = seen.response.usage
        if usage is not None:
            assert usage.total_tokens == usage.input_tokens + usage.output_tokens, seen
            counted = [usage.reasoning_tokens, usage.cache_read_tokens, usage.cache_write_tokens]
            assert {type(count) for count in counted} <= {int, type(None)}
    for seen in generated:
        for name in ("input_tokens", "output_tokens", "reasoning_tokens", "cache_read_tokens", "cache_write_tokens"):
            assert getattr(seen.response.usage, name) == seen.case.expect["usage"].get(name), (seen, name)


async def test_c71_cost_is_decimal_or_unknown(bench: Bench) -> None:
    cases = bench.subject.of("response", fails=False)
    found = [
        (await bench.ask(case, config={"default_model": model})).usage
        for model in [*list(bench.subject.known)[:4], bench.subject.priced or "some-model", "unheard-of-model"]
        for case in cases
    ]
    costs = [usage and usage.cost_usd for usage in found]
    assert {type(cost) for cost in costs} <= {Decimal, type(None)}
    assert not any(costs[-len(cases) :])
    if bench.subject.priced:
        assert any(cost and cost > 0 for cost in costs)
        priced, unpriced = {"default_model": bench.subject.priced}, {"default_model": "unheard-of-model"}
        alone = await bench.ask(config=priced)
        named = await bench.ask(request=chat(model=bench.subject.priced), config=unpriced)
        assert named.usage.cost_usd == alone.usage.cost_usd  # the price is that of the model that answers
        stranger = await bench.ask(request=chat(model="unheard-of-model"), config=priced)
        assert stranger.usage.cost_usd is None


async def test_c72_finish_reason_is_one_of_four(observed: Observed) -> None:
    for seen in observed:
        assert seen.response.finish_reason in WORDS, seen
        assert not seen.response.tool_calls or seen.response.finish_reason == "tool_calls", seen


async def test_c73_everything_is_json(observed: Observed) -> None:
    for seen in observed:
        assert json.loads(seen.response.model_dump_json())["content"], seen
        for extra in (seen.response.metadata, *(block.model_dump() for block in seen.response.content)):
            assert json.dumps(extra, allow_nan=False).encode(), seen
        again = type(seen.response.content[0]).model_validate_json(seen.response.content[0].model_dump_json())
        assert again == seen.response.content[0], seen


async def test_c74_an_answer_cut_short_says_so(observed: Observed) -> None:
    cut = [seen for seen in observed if seen.case.name.endswith("cut short")]
    assert cut
    for seen in cut:
        assert seen.response.finish_reason == "length"
        assert seen.response.text == seen.case.expect["text"]


async def test_c75_request_budget_estimates(bench: Bench) -> None:
    budget = bench.provider().request_budget(chat("Hello."), context_estimate=100)
    assert budget is None or isinstance(budget, dict)


async def test_c76_calls_are_found_synchronously(bench: Bench, observed: Observed) -> None:
    provider = bench.provider()
    assert provider.parse_tool_calls(_response(text="Hello")) == []
    for seen in observed:
        found = provider.parse_tool_calls(seen.response)
        assert isinstance(found, list) and len(found) == len(seen.blocks("tool_call"))
        assert provider.parse_tool_calls(seen.response) == found


async def test_c77_calls_keep_arguments_and_ids(bench: Bench, observed: Observed) -> None:
    provider = bench.provider()
    for seen in observed:
        found = [(call.id, call.name, call.arguments) for call in provider.parse_tool_calls(seen.response)]
        assert found == [(block.id, block.name, block.input) for block in seen.blocks("tool_call")], seen
        assert found == [(call.id, call.name, call.arguments) for call in seen.response.tool_calls or []], seen
        assert len({id_ for id_, _, _ in found if id_}) == len(found), seen
    (empty,) = {seen.case.name: seen for seen in observed}["a call without arguments"].response.tool_calls
    assert empty.arguments == {}
    for case in (bench.subject.case("two calls"),):
        response = await bench.ask(case.answer(parts=[_without_ids(case.data["reply"])]))
        ids = [call.id for call in provider.parse_tool_calls(response)]
        assert len(set(ids)) == 2 and all(ids)
        assert ids == [block.id for block in response.content] == [call.id for call in response.tool_calls]


async def test_c78_a_call_is_not_returned_twice(bench: Bench) -> None:
    call = ToolCall(id="one", name="look", arguments={})
    response = _response(calls=[call, call, ToolCall(id="two", name="look", arguments={})])
    assert [found.id for found in bench.provider().parse_tool_calls(response)] == ["one", "two"]


async def test_c79_broken_arguments_are_no_json_error(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    for case, parts in bench.subject.with_broken_arguments():
        error = await bench.fails(case.answer(parts=parts), request=chat(stream=case.kind == "stream"))
        assert (type(error).__name__, error.retryable) == ("InvalidToolCallError", False)
        assert "get_weather" in str(error)


def _response(*, text: str = "", calls: list[ToolCall] | None = None) -> ChatResponse:
    """Return a response that no provider made."""
    return ChatResponse(content=[TextBlock(text=text)], tool_calls=calls)


def _without_ids(value: Any) -> Any:
    """Return a reply whose calls have lost their ids."""
    if isinstance(value, dict):
        return {key: _without_ids(item) for key, item in value.items() if item not in ("call_1", "call_2")}
    return [_without_ids(item) for item in value] if isinstance(value, list) else value
