"""Answers, from whole replies."""

import json
from typing import Any

import pytest
from amplifier_core.content_models import ContentBlockType, TextContent, ThinkingContent, ToolCallContent
from amplifier_core.llm_errors import InvalidToolCallError
from amplifier_core.message_models import (
    ChatResponse,
    Message,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
)
from hypothesis import given
from hypothesis import strategies as st

from amplifier_module_provider_openai.answer import Answer
from amplifier_module_provider_openai.history import opaque, read_history
from amplifier_module_provider_openai.reply import ProviderResponse

REASONS = {"end": "stop", "calls": "tool_calls", "cut": "length", "blocked": "content_filter", "broken": "error"}


def response(answer: Answer, **options: Any) -> ProviderResponse:
    made = answer.response(REASONS, **options)
    json.loads(made.model_dump_json())
    return made


def test_blocks_stand_in_the_order_in_which_they_came() -> None:
    answer = Answer("acme")
    answer.add_thinking("hm", "sig")
    answer.add_text("hello")
    answer.add_tool_call("a", "look", {"x": 1})
    answer.add_text("there")
    made = response(answer)
    assert made.content == [
        ThinkingBlock(thinking="hm", signature="sig", acme={}),  # type: ignore[call-arg]
        TextBlock(text="hello"),
        ToolCallBlock(id="a", name="look", input={"x": 1}),
        TextBlock(text="there"),
    ]
    assert made.content_blocks == [
        ThinkingContent(text="hm"),
        TextContent(text="hello"),
        ToolCallContent(id="a", name="look", arguments={"x": 1}),
        TextContent(text="there"),
    ]
    assert made.content_blocks[-1].type is ContentBlockType.TEXT
    assert made.text == "hellothere"


def test_an_answer_is_a_response_of_the_kernel_and_never_empty() -> None:
    answer = Answer("acme")
    assert answer.is_empty
    made = response(answer)
    assert isinstance(made, ChatResponse)
    assert made.content == [TextBlock(text="")]
    assert (made.tool_calls, made.content_blocks, made.text) == (None, None, None)
    assert (made.usage, made.metadata, made.finish_reason) == (None, None, None)


def test_text_is_all_that_is_visible_and_nothing_else() -> None:
    answer = Answer("acme")
    answer.add_text("a")
    answer.add_thinking("hidden")
    answer.add_text("b", label="refusal")
    assert response(answer).text == "ab"
    assert not answer.is_empty


def test_empty_blocks_are_dropped() -> None:
    answer = Answer("acme")
    answer.add_text("")
    answer.add_text(None)
    answer.add_text("", opaque={"id": "m1"})
    answer.add_thinking("", "")
    answer.add_tool_call("a", "", {})
    assert answer.blocks == []
    assert answer.is_empty


def test_thinking_that_only_the_vendor_can_read_is_kept() -> None:
    answer = Answer("acme")
    answer.add_thinking("", opaque={"id": "r1", "encrypted": "zzz"})
    (block,) = answer.blocks
    assert opaque(block, "acme") == {"id": "r1", "encrypted": "zzz"}


def test_a_block_may_come_in_parts_each_of_which_replaces_what_it_has() -> None:
    answer = Answer("acme")
    answer.add_thinking("hm", "s1", at=0, label="plan", opaque={"id": "r1", "status": "begun"})
    answer.add_text("a", at=1)
    answer.add_thinking(None, "s2", at=0, opaque={"id": "", "status": "done"})
    thought, text = answer.blocks
    assert isinstance(thought, ThinkingBlock)
    assert (thought.thinking, thought.signature) == ("hm", "s2")
    assert opaque(thought, "acme") == {"id": "r1", "status": "done", "label": "plan"}
    assert opaque(text, "acme") == {}


@pytest.mark.parametrize("junk", [None, 1, 2.5, True, [], ["a"], {}, {"a": 1}, b"a"])
def test_values_of_a_wrong_type_are_ignored(junk: object) -> None:
    answer = Answer("acme")
    answer.add_text(junk)
    answer.add_thinking(junk, junk)
    answer.add_tool_call(junk, junk, junk)
    answer.finish(junk)
    assert response(answer).content == [TextBlock(text="")]


def called(answer: Answer) -> list[ToolCallBlock]:
    return [block for block in answer.blocks if isinstance(block, ToolCallBlock)]


@pytest.mark.parametrize("arguments", [None, "", " ", "null", "{}", {}, "[]", '""', []])
def test_a_call_without_arguments_has_empty_ones(arguments: object) -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", arguments)
    made = response(answer)
    assert made.content == [ToolCallBlock(id="a", name="look", input={})]
    assert made.tool_calls is not None
    assert (made.tool_calls[0].arguments, made.tool_calls[0].get("arguments")) == ({}, {})  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "arguments",
    ["{", '{"a": NaN}', "[1]", "3", "false", '"text"', [1], "[" * 100_000],
    ids=lambda arguments: repr(arguments)[:20],
)
def test_arguments_that_cannot_be_read_are_an_error(arguments: object) -> None:
    answer = Answer("acme", model="m")
    answer.add_text("I will look")
    answer.add_tool_call("a", "look", arguments)
    with pytest.raises(InvalidToolCallError, match="look") as caught:
        answer.response(REASONS)
    assert caught.value.tool_name == "look"
    assert caught.value.raw_arguments == (arguments if isinstance(arguments, str) else json.dumps(arguments))
    assert (caught.value.provider, caught.value.model, caught.value.retryable) == ("acme", "m", False)


def test_arguments_are_as_deep_as_an_answer_can_be_stored() -> None:
    def with_lists(levels: int) -> Answer:
        answer = Answer("acme")
        answer.add_tool_call("a", "look", '{"x": ' + "[" * levels + "]" * levels + "}")
        return answer

    assert json.dumps(called(with_lists(99))[0].input).count("[") == 99
    response(with_lists(99))
    with pytest.raises(InvalidToolCallError, match="deep"):
        response(with_lists(100))


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


def test_an_empty_object_does_not_replace_arguments() -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", '{"x": 1}', at=0)
    answer.add_tool_call("a", "look", {}, at=0)
    answer.add_tool_call("b", "look", {"y": 1}, at=1)
    answer.add_tool_call("b", "look", {"y": 2}, at=1)
    assert [call.input for call in called(answer)] == [{"x": 1}, {"y": 2}]


def test_calls_that_share_an_address_are_told_apart_by_their_ids() -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", {"x": 1}, at=0)
    answer.add_tool_call("b", "find", {"y": 2}, at=0)
    answer.add_tool_call(None, None, {"y": 3}, at=0)
    assert [(call.id, call.name, call.input) for call in called(answer)] == [
        ("a", "look", {"x": 1}),
        ("b", "find", {"y": 3}),
    ]


@pytest.mark.parametrize("arguments", ["{}", '{"x": 1}', {"x": 1}])
def test_a_call_that_came_whole_before_the_limit_is_kept(arguments: Any) -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", arguments)
    answer.finish_word = "cut"
    assert [call.name for call in response(answer).tool_calls or []] == ["look"]


@pytest.mark.parametrize("arguments", ['{"x": "ab', '{"x"', "", None, "[1]"])
def test_a_call_that_the_limit_cuts_off_is_left_out(arguments: str | None, caplog: pytest.LogCaptureFixture) -> None:
    answer = Answer("acme")
    answer.add_text("I look.")
    answer.add_tool_call("a", "look", '{"x": 1}')
    answer.add_tool_call("b", "find", arguments)
    answer.finish_word = "cut"
    made = response(answer)
    assert (made.text, made.finish_reason) == ("I look.", "length")
    assert [(call.name, call.arguments) for call in made.tool_calls or []] == [("look", {"x": 1})]
    assert [block.type for block in made.content] == ["text", "tool_call"]
    assert len(made.content_blocks or []) == 2
    assert "find" in caplog.text


@pytest.mark.parametrize("word", ["end", "calls", "blocked", None])
def test_arguments_without_their_end_are_an_error_where_no_limit_was_met(word: str | None) -> None:
    answer = Answer("acme")
    answer.add_text("I look.")
    answer.add_tool_call("a", "look", '{"x": "ab')
    answer.finish_word = word
    with pytest.raises(InvalidToolCallError):
        response(answer)


def test_arguments_that_are_broken_before_the_last_call_are_an_error_at_the_limit_too() -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", '{"x": "ab')
    answer.add_tool_call("b", "find", "{}")
    answer.finish_word = "cut"
    with pytest.raises(InvalidToolCallError):
        response(answer)


def test_own_values_and_labels_survive_storage_and_come_back() -> None:
    answer = Answer("acme-1")
    annotations = {"id": "m1", "at": 1, "annotations": [{"a": 1}], "empty": "", "null": None}
    answer.add_text("no", label="refusal", opaque=annotations)
    answer.add_tool_call("a", "look", {}, opaque={"id": "fc1", "signature": "s\ud800"})
    stored = [block.model_dump(mode="json") for block in response(answer).content]
    (turn, *_) = read_history([Message.model_validate({"role": "assistant", "content": stored})], "acme-1").turns
    assert opaque(turn.blocks[0], "acme-1") == {"id": "m1", "at": 1, "annotations": [{"a": 1}], "label": "refusal"}
    assert opaque(turn.blocks[1], "acme-1") == {"id": "fc1", "signature": "s"}


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


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=8,
)


@given(json_values)
def test_arguments_are_the_same_as_text_and_as_an_object(value: Any) -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", {"value": value})
    answer.add_tool_call("b", "look", json.dumps({"value": value}))
    assert [block.input for block in called(answer)] == [{"value": value}] * 2
