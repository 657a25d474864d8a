"""Answers, from whole replies."""

import json
from decimal import Decimal
from typing import Any

import pytest
from amplifier_core.content_models import ContentBlockType, TextContent, ThinkingContent, ToolCallContent
from amplifier_core.llm_errors import InvalidToolCallError, ProviderUnavailableError
from amplifier_core.message_models import (
    ChatResponse,
    ImageBlock,
    Message,
    RedactedThinkingBlock,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
    Usage,
)
from hypothesis import given
from hypothesis import strategies as st
from package.answer import Answer
from package.history import opaque, read_history
from package.reply import ProviderResponse

REASONS = {"end": "stop", "calls": "tool_calls", "cut": "length", "blocked": "content_filter", "broken": "error"}


def response(answer: Answer, **options: Any) -> ProviderResponse:
    made = answer.response(REASONS, **options)
    json.loads(made.model_dump_json())
    return made


def called(answer: Answer) -> list[ToolCallBlock]:
    return [block for block in answer.blocks if isinstance(block, ToolCallBlock)]


def test_blocks_stand_in_the_order_in_which_they_came() -> None:
    answer = Answer("acme")
    answer.add_thinking("hm", "sig")
    answer.add_text("hello")
    answer.add_tool_call("a", "look", {"x": 1})
    answer.add_redacted_thinking("xxx")
    answer.add_image("image/gif", "QQ==")
    answer.add_image(None, "QQ==")
    answer.add_image(url="https://x.test/a.png")
    made = response(answer)
    assert made.content == [
        ThinkingBlock(thinking="hm", signature="sig", acme={}),  # type: ignore[call-arg]
        TextBlock(text="hello"),
        ToolCallBlock(id="a", name="look", input={"x": 1}),
        RedactedThinkingBlock(data="xxx", acme={}),  # type: ignore[call-arg]
        ImageBlock(source={"type": "base64", "media_type": "image/gif", "data": "QQ=="}),
        ImageBlock(source={"type": "base64", "media_type": "image/png", "data": "QQ=="}),
        ImageBlock(source={"type": "url", "url": "https://x.test/a.png"}),
    ]
    assert made.content_blocks == [
        ThinkingContent(text="hm"),
        TextContent(text="hello"),
        ToolCallContent(id="a", name="look", arguments={"x": 1}),
        ThinkingContent(),
        TextContent(),
        TextContent(),
        TextContent(),
    ]
    assert [block.type.value for block in made.content_blocks][:3] == ["thinking", "text", "tool_call"]
    assert made.content_blocks[0].type is ContentBlockType.THINKING
    assert made.text == "hello"


def test_an_answer_is_a_response_of_the_kernel_and_never_empty() -> None:
    made = response(Answer("acme"))
    assert isinstance(made, ChatResponse)
    assert made.content == [TextBlock(text="")]
    assert (made.tool_calls, made.content_blocks, made.text, made.usage, made.metadata) == (
        None,
        None,
        None,
        None,
        None,
    )


def test_text_is_all_that_is_visible_and_nothing_else() -> None:
    answer = Answer("acme")
    answer.add_text("a")
    answer.add_thinking("hidden")
    answer.add_text("b", label="refusal")
    assert response(answer).text == "ab"


def test_empty_blocks_are_dropped() -> None:
    answer = Answer("acme")
    answer.add_text("")
    answer.add_text(None)
    answer.add_thinking("", "")
    answer.add_redacted_thinking("")
    answer.add_image("image/png", "")
    answer.add_tool_call("a", "", {})
    answer.add_text("", opaque={"id": "m1"})
    assert answer.blocks == []


def test_thinking_that_only_the_vendor_can_read_is_kept() -> None:
    answer = Answer("acme")
    answer.add_thinking("", opaque={"id": "r1", "encrypted": "zzz"})
    (block,) = answer.blocks
    assert opaque(block, "acme") == {"id": "r1", "encrypted": "zzz"}


@pytest.mark.parametrize("junk", [None, 1, 2.5, True, [], ["a"], {}, {"a": 1}, b"a"])
def test_values_of_a_wrong_type_are_ignored(junk: object) -> None:
    answer = Answer("acme")
    answer.add_text(junk)
    answer.add_thinking(junk, junk)
    answer.add_redacted_thinking(junk)
    answer.add_tool_call(junk, junk, junk)
    answer.add_image(junk, junk, junk)
    answer.extend_text(junk, at=junk)
    answer.extend_thinking(junk, junk, at=junk)
    answer.extend_redacted_thinking(junk, at=junk)
    answer.extend_tool_call(junk, id=junk, name=junk, at=junk)
    answer.end(junk)
    answer.finish(junk)
    answer.set_opaque({"x": 1}, at=junk)
    assert response(answer).content == [TextBlock(text="")]


@pytest.mark.parametrize("arguments", [None, "", " ", "null", "{}", {}, "[]", '""', []])
def test_a_call_without_arguments_has_empty_ones(arguments: object) -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", arguments)
    made = response(answer)
    assert made.content == [ToolCallBlock(id="a", name="look", input={})]
    assert made.tool_calls is not None
    assert (made.tool_calls[0].arguments, made.tool_calls[0].get("arguments")) == ({}, {})  # type: ignore[attr-defined]


def test_a_called_tool_reads_like_a_dictionary_too() -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", '{"x": 1}')
    (call,) = response(answer).tool_calls or []
    keys = ("id", "name", "tool", "arguments", "colour")
    assert [call.get(key) for key in keys] == ["a", "look", "look", {"x": 1}, None]  # type: ignore[attr-defined]
    assert call.get("colour", 3) == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("arguments", ["{", '{"a": NaN}', "[1]", "3", "false", '"text"', [1], "[" * 100_000])
def test_arguments_that_cannot_be_read_are_an_error(arguments: object) -> None:
    answer = Answer("acme", model="m")
    answer.add_text("I will look")
    answer.add_tool_call("a", "look", arguments)
    with pytest.raises(InvalidToolCallError) as caught:
        answer.response(REASONS)
    assert caught.value.tool_name == "look"
    assert caught.value.raw_arguments == (arguments if isinstance(arguments, str) else json.dumps(arguments))
    assert (caught.value.provider, caught.value.model, caught.value.retryable) == ("acme", "m", False)


def test_a_line_end_inside_a_string_is_forgiven() -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", '{"x": "a\nb"}')
    assert called(answer)[0].input == {"x": "a\nb"}


def test_a_call_without_id_gets_one_for_good() -> None:
    answer = Answer("acme")
    answer.add_tool_call(None, "look", {})
    answer.add_tool_call("", "look", {})
    made = response(answer)
    ids = [block.id for block in called(answer)]
    assert ids == [call.id for call in made.tool_calls or []]
    assert ids == [block.id for block in made.content_blocks or [] if isinstance(block, ToolCallContent)]
    assert len(set(ids)) == 2
    assert all(ids)


def test_a_call_that_comes_twice_is_one(caplog: pytest.LogCaptureFixture) -> None:
    answer = Answer("acme")
    for id_ in ("a", "b", "a"):
        answer.add_tool_call(id_, "look", {})
    assert [call.id for call in response(answer).tool_calls or []] == ["a", "b"]
    assert "came twice" in caplog.text


@pytest.mark.parametrize(
    ("word", "plain", "with_call"),
    [
        ("end", "stop", "tool_calls"),
        ("calls", "tool_calls", "tool_calls"),
        ("cut", "length", "length"),
        ("blocked", "content_filter", "content_filter"),
        ("broken", "stop", "tool_calls"),
        ("never heard of", "stop", "tool_calls"),
        (None, None, "tool_calls"),
    ],
)
def test_finish_reasons(word: str | None, plain: str | None, with_call: str) -> None:
    for calls, expected in ((False, plain), (True, with_call)):
        answer = Answer("acme")
        answer.add_text("a")
        answer.finish(word)
        if calls:
            answer.add_tool_call("a", "look", {})
        made = response(answer)
        assert made.finish_reason == expected
        assert (made.metadata or {}).get("acme:finish_reason") == word


@pytest.mark.parametrize("arguments", ['{"x": "ab', '{"x"', "", None])
def test_a_call_that_the_limit_cuts_off_is_left_out(arguments: str | None, caplog: pytest.LogCaptureFixture) -> None:
    answer = Answer("acme")
    answer.add_text("I look.")
    answer.extend_tool_call('{"x": 1}', id="a", name="look", at=0)
    answer.extend_tool_call(arguments, id="b", name="find", at=1)
    answer.count(input_tokens=9, output_tokens=256)
    answer.finish("cut")
    made = response(answer)
    assert (made.text, made.finish_reason, made.usage and made.usage.output_tokens) == ("I look.", "length", 256)
    assert [(call.name, call.arguments) for call in made.tool_calls or []] == [("look", {"x": 1})]
    assert [block.type for block in made.content] == ["text", "tool_call"]
    assert len(made.content_blocks or []) == 2
    assert "find" in caplog.text


@pytest.mark.parametrize("arguments", ["{}", '{"x": 1}', {"x": 1}])
def test_a_call_that_came_whole_before_the_limit_is_kept(arguments: Any) -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", arguments)
    answer.finish("cut")
    assert [call.name for call in response(answer).tool_calls or []] == ["look"]


@pytest.mark.parametrize("word", ["end", "calls", "blocked", None])
def test_arguments_without_their_end_are_an_error_where_no_limit_was_met(word: str | None) -> None:
    answer = Answer("acme")
    answer.add_text("I look.")
    answer.extend_tool_call('{"x": "ab', id="a", name="look")
    answer.finish(word)
    with pytest.raises(InvalidToolCallError):
        response(answer)


def test_arguments_that_are_broken_before_the_last_call_are_an_error_at_the_limit_too() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x": "ab', id="a", name="look")
    answer.extend_tool_call("{}", id="b", name="find")
    answer.finish("cut")
    with pytest.raises(InvalidToolCallError):
        response(answer)


def test_the_first_word_of_one_report_counts_and_the_last_report() -> None:
    answer = Answer("acme")
    answer.finish(None, "", "cut", "end")
    answer.finish(None, "")
    assert response(answer).finish_reason == "length"
    answer.finish("blocked")
    assert response(answer).finish_reason == "content_filter"


def test_an_error_with_nothing_to_show_is_raised() -> None:
    answer = Answer("acme", model="m")
    answer.finish("broken")
    with pytest.raises(ProviderUnavailableError, match="broken") as caught:
        answer.response(REASONS)
    assert (caught.value.provider, caught.value.model, caught.value.retryable) == ("acme", "m", True)


def test_usage_is_whole_and_silent_on_what_was_not_reported() -> None:
    answer = Answer("acme")
    answer.add_text("a")
    answer.count(input_tokens=10, output_tokens=1, total_tokens=99, cache_read_tokens=0)
    answer.count(input_tokens=None, output_tokens=5)
    assert response(answer).usage == Usage(input_tokens=10, output_tokens=5, total_tokens=15, cache_read_tokens=0)


def test_totals_are_made_of_what_was_reported() -> None:
    answer = Answer("acme")
    answer.count(input_tokens=10, output_tokens=2, cache_read_tokens=5, cache_write_tokens=7)
    usage = answer.usage(
        {"input_tokens": ("input_tokens", "cache_read_tokens"), "output_tokens": ("output_tokens", "reasoning_tokens")}
    )
    assert usage == Usage(input_tokens=15, output_tokens=2, total_tokens=17, cache_read_tokens=5, cache_write_tokens=7)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"total_tokens": 9}, (9, 0, 9)),
        ({"total_tokens": 9, "output_tokens": 4}, (5, 4, 9)),
        ({"total_tokens": 9, "input_tokens": 4}, (4, 5, 9)),
        ({"output_tokens": 4}, (0, 4, 4)),
        ({"input_tokens": 4.0}, (4, 0, 4)),
    ],
)
def test_a_missing_half_follows_from_the_total(counts: dict[str, Any], expected: tuple[int, int, int]) -> None:
    answer = Answer("acme")
    answer.count(**counts)
    usage = answer.usage()
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == expected


@pytest.mark.parametrize("count", [None, "12", True, -1, float("nan"), float("inf"), [1], {}])
def test_counts_that_count_nothing_are_not_reported(count: object) -> None:
    answer = Answer("acme")
    answer.count(input_tokens=count, output_tokens=count, reasoning_tokens=count, cost_usd=3)
    assert answer.usage() is None


@pytest.mark.parametrize(
    ("reported", "cost"),
    [(0.1, "0.1"), ("0.25", "0.25"), (0, "0"), (True, "9"), ("much", "9"), (float("nan"), "9"), (-1, "9"), (None, "9")],
)
def test_a_reported_cost_beats_the_computed_one(reported: object, cost: str) -> None:
    answer = Answer("acme")
    answer.count(input_tokens=1, output_tokens=1, cost_usd=reported)
    usage = response(answer, price=lambda usage: Decimal(9) * usage.input_tokens).usage
    assert usage is not None
    assert usage.cost_usd == Decimal(cost)


def test_an_unknown_price_is_no_price() -> None:
    answer = Answer("acme")
    answer.count(input_tokens=1, output_tokens=1)
    assert response(answer, price=lambda _: None).usage.cost_usd is None  # type: ignore[union-attr]


def test_metadata_holds_json_only() -> None:
    answer = Answer("acme")
    answer.meta(a={"x": (1, Decimal("0.1"), float("nan"), b"A", {2})}, b=None, c="\ud800x", self=1)
    answer.meta(d=1)
    assert response(answer).metadata == {"a": {"x": [1, "0.1", None, "QQ==", [2]]}, "c": "x", "self": 1, "d": 1}


def test_own_values_and_labels_survive_storage_and_come_back() -> None:
    answer = Answer("acme-1")
    answer.add_text(
        "no", label="refusal", opaque={"id": "m1", "at": 1, "annotations": [{"a": 1}], "empty": "", "null": None}
    )
    answer.add_tool_call("a", "look", {}, opaque={"id": "fc1", "signature": "s"})
    answer.add_thinking("t", "sig")
    stored = [block.model_dump(mode="json") for block in response(answer).content]
    (turn, *_) = read_history([Message.model_validate({"role": "assistant", "content": stored})], "acme-1").turns
    assert opaque(turn.blocks[0], "acme-1") == {"id": "m1", "at": 1, "annotations": [{"a": 1}], "label": "refusal"}
    assert turn.labelled_text("refusal") == "no"
    assert opaque(turn.blocks[1], "acme-1") == {"id": "fc1", "signature": "s"}
    assert turn.thinking == "t"


def test_lone_surrogates_are_removed_and_control_characters_kept() -> None:
    answer = Answer("acme")
    answer.add_text("a\ud800\x1b")
    answer.add_tool_call("a", "write", '{"x": "\\ud83d\\u001b"}')
    answer.add_tool_call("b", "write", {"x": ["\udc00"]}, opaque={"y": "\udc00"})
    made = response(answer)
    assert [made.text, *(block.input for block in called(answer))] == ["a\x1b", {"x": "\x1b"}, {"x": [""]}]


def test_asking_twice_gives_the_same() -> None:
    answer = Answer("acme")
    answer.add_tool_call(None, "look", "{}")
    assert response(answer) == response(answer)
    assert answer.blocks == answer.blocks


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(codec="utf-8")),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
        max_leaves=8,
    )
)
def test_arguments_are_the_same_as_text_and_as_an_object(value: Any) -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", {"value": value})
    answer.add_tool_call("b", "look", json.dumps({"value": value}))
    assert [block.input for block in called(answer)] == [{"value": value}] * 2
