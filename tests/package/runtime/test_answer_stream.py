"""Answers, from the events of a stream, and what listeners are told."""

import time
from typing import Any

import pytest
from amplifier_core.llm_errors import InvalidToolCallError
from amplifier_core.message_models import RedactedThinkingBlock, TextBlock, ThinkingBlock, ToolCallBlock
from package.answer import Answer, BlockDelta, BlockEnd, BlockStart, Signal
from package.history import label, opaque


def told(answer: Answer) -> list[str]:
    """The signals so far, one short line each."""
    return [line(signal) for signal in answer.drain()]


def line(signal: Signal) -> str:
    match signal:
        case BlockStart(index, type_, name):
            return f"{index} start {type_}{' ' + name if name else ''}"
        case BlockDelta(index, type_, sequence, text):
            return f"{index} {type_} {sequence} {text}"
        case BlockEnd(index, type_):
            return f"{index} end {type_}"


def content(answer: Answer) -> list[Any]:
    def value(block: Any) -> Any:
        match block:
            case TextBlock():
                return block.text
            case ThinkingBlock():
                return (block.thinking, block.signature)
            case ToolCallBlock():
                return (block.id, block.name, block.input)
        return block.model_dump()

    return [value(block) for block in answer.blocks]


def test_a_block_is_announced_told_and_ended() -> None:
    answer = Answer("acme")
    answer.extend_text("Hel")
    assert told(answer) == ["0 start text", "0 text 0 Hel"]
    answer.extend_text("lo")
    assert told(answer) == ["0 text 1 lo"]
    answer.close()
    answer.close()
    assert told(answer) == ["0 end text"]
    assert content(answer) == ["Hello"]


def test_blocks_that_are_opened_empty_filled_and_ended_by_address() -> None:
    answer = Answer("acme")
    answer.add_thinking("", "", at=0)
    answer.extend_thinking("hm", at=0)
    answer.extend_thinking(signature="s1", at=0)
    answer.extend_thinking(signature="s2", at=0)
    answer.end(0)
    answer.add_text("", at=1)
    answer.end(1)
    answer.add_tool_call("a", "look", {}, at=2)
    answer.extend_tool_call('{"x"', at=2)
    answer.extend_tool_call(": 1}", at=2)
    answer.end(2)
    answer.add_text("", at=3)
    answer.extend_text("done", at=3)
    answer.end(3)
    answer.close()
    assert told(answer) == [
        "0 start thinking",
        "0 thinking 0 hm",
        "0 end thinking",
        "1 start tool_use look",
        "1 end tool_use",
        "2 start text",
        "2 text 0 done",
        "2 end text",
    ]
    assert content(answer) == [("hm", "s1s2"), ("a", "look", {"x": 1}), "done"]


def test_another_block_ends_the_one_before_and_late_fragments_only_accumulate() -> None:
    answer = Answer("acme")
    answer.extend_text("a", at=0)
    answer.extend_text("b", at=1)
    answer.extend_text("c", at=0)
    answer.close()
    assert told(answer) == ["0 start text", "0 text 0 a", "0 end text", "1 start text", "1 text 0 b", "1 end text"]
    assert content(answer) == ["ac", "b"]


def test_calls_have_addresses_of_their_own() -> None:
    answer = Answer("acme")
    answer.extend_text("let me", at=0)
    answer.extend_tool_call("{}", id="a", name="look", at=0)
    answer.extend_text(" see", at=0)
    assert content(answer) == ["let me see", ("a", "look", {})]


def test_interleaved_calls() -> None:
    answer = Answer("acme")
    answer.extend_tool_call("", id="a", name="look", at=0)
    answer.extend_tool_call("", id="b", name="find", at=1)
    answer.extend_tool_call('{"x":', at=0)
    answer.extend_tool_call('{"y":', at=1)
    answer.extend_tool_call("1}", at=0)
    answer.extend_tool_call("2}", at=1)
    assert content(answer) == [("a", "look", {"x": 1}), ("b", "find", {"y": 2})]


def test_a_server_that_numbers_every_call_0_is_told_apart_by_ids() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x": 1}', id="a", name="look", at=0)
    answer.extend_tool_call('{"y": 2}', id="b", name="find", at=0)
    assert content(answer) == [("a", "look", {"x": 1}), ("b", "find", {"y": 2})]


def test_calls_without_addresses() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x"', id="a", name="look")
    answer.extend_tool_call(":", id="a")
    answer.extend_tool_call("1}")
    answer.extend_tool_call(name="find")
    answer.extend_tool_call('{"y": 2}')
    first, (_, *second) = content(answer)
    assert first == ("a", "look", {"x": 1})
    assert second == ["find", {"y": 2}]


def test_an_id_may_come_before_the_name_and_the_name_be_repeated() -> None:
    answer = Answer("acme")
    answer.extend_tool_call(id="a", at=0)
    assert told(answer) == []
    answer.extend_tool_call('{"x"', name="look", at=0)
    answer.extend_tool_call(": 1}", id="a", name="look", at=0)
    assert told(answer) == ["0 start tool_use look"]
    assert content(answer) == [("a", "look", {"x": 1})]


def test_fragments_of_blocks_that_nobody_reads_open_nothing() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"query": "x"}', at=0)
    answer.extend_tool_call('{"query": "x"}')
    answer.end(0)
    answer.add_tool_call("a", "look", {}, at=1)
    answer.extend_tool_call('{"x": 1}', at=1)
    answer.close()
    assert told(answer) == ["0 start tool_use look", "0 end tool_use"]
    assert content(answer) == [("a", "look", {"x": 1})]


def test_a_fragment_that_says_nothing_leaves_the_address_to_its_block() -> None:
    answer = Answer("acme")
    for piece in ("Rain ", "or sun?"):
        answer.extend_text(None, at=0)
        answer.extend_text("", at=0, opaque={"sources": None})
        answer.extend_thinking(piece, at=0)

    assert content(answer) == [("Rain or sun?", None)]


def test_whole_blocks_without_address_are_always_new() -> None:
    answer = Answer("acme")
    answer.add_text("a")
    answer.add_text("b")
    answer.add_tool_call(None, "look", {"x": 1})
    answer.add_tool_call(None, "look", {"x": 1})
    assert [line_ for line_ in told(answer) if "start" in line_] == [
        "0 start text",
        "1 start text",
        "2 start tool_use look",
        "3 start tool_use look",
    ]
    assert [block.type for block in answer.blocks] == ["text", "text", "tool_call", "tool_call"]


def test_a_call_that_comes_twice_shifts_nothing() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x": 1}', id="a", name="look", at=0)
    answer.extend_tool_call('{"x": 1}', id="a", name="look", at=1)
    answer.extend_tool_call("garbage", at=1)
    answer.extend_text("ok")
    assert told(answer) == ["0 start tool_use look", "0 end tool_use", "1 start text", "1 text 0 ok"]
    assert content(answer) == [("a", "look", {"x": 1}), "ok"]


def test_a_whole_value_replaces_fragments_but_nothing_replaces_nothing() -> None:
    answer = Answer("acme")
    answer.add_text("", at=0, opaque={"id": "m1", "status": "in_progress"})
    answer.extend_text("Hel", at=0)
    answer.extend_text("l", at=0)
    answer.add_text("Hello", at=0, label="refusal", opaque={"status": "completed"})
    answer.end(0)
    answer.add_tool_call("a", "look", "", at=1)
    answer.extend_tool_call('{"x"', at=1)
    answer.add_tool_call("a", "look", '{"x": 1}', at=1)
    answer.add_tool_call("a", None, None, at=1)
    answer.end(1)
    answer.add_text("", at=0)
    answer.close()
    assert told(answer) == [
        "0 start text",
        "0 text 0 Hel",
        "0 text 1 l",
        "0 end text",
        "1 start tool_use look",
        "1 end tool_use",
    ]
    assert content(answer) == ["Hello", ("a", "look", {"x": 1})]
    assert opaque(answer.blocks[0], "acme") == {"id": "m1", "status": "completed", "label": "refusal"}


def test_unaddressed_text_goes_on_until_something_else_comes() -> None:
    answer = Answer("acme")
    answer.extend_thinking("h")
    answer.extend_thinking("m")
    answer.extend_text("")
    answer.extend_thinking("!")
    answer.extend_text("a")
    answer.extend_text("b")
    answer.extend_text("c", label="plan")
    answer.extend_text("d", label="plan")
    answer.extend_tool_call("{}", id="i", name="look", at=0)
    answer.extend_text("e")
    assert content(answer) == [("hm!", None), "ab", "cd", ("i", "look", {}), "e"]
    assert [label(block, "acme") for block in answer.blocks] == [None, None, "plan", None, None]


def test_a_signature_alone_is_a_thinking_block_without_a_delta() -> None:
    answer = Answer("acme")
    answer.extend_thinking(signature="s")
    answer.close()
    assert told(answer) == ["0 start thinking", "0 end thinking"]
    assert content(answer) == [("", "s")]


def test_redacted_thinking_is_shown_as_thinking_without_a_delta() -> None:
    answer = Answer("acme")
    answer.extend_redacted_thinking("ab")
    answer.extend_redacted_thinking("c")
    answer.close()
    assert told(answer) == ["0 start thinking", "0 end thinking"]
    assert answer.blocks == [RedactedThinkingBlock(data="abc", acme={})]  # type: ignore[call-arg]


def test_own_values_grow_on_blocks_that_exist_and_never_open_one() -> None:
    answer = Answer("acme")
    answer.extend_opaque({"citations": {"a": 1}})
    answer.set_opaque({"signature": "x"}, at=0)
    answer.add_text("", at=0)
    answer.extend_opaque({"citations": {"a": 1}}, at=0)
    answer.extend_text("cited", at=0)
    answer.extend_opaque({"citations": {"a": 2}, "note": "x", "list": [1]}, at=0)
    answer.extend_opaque({"citations": None, "note": "y", "list": [2]}, "text")
    answer.set_opaque({"signature": "s", "note": ""})
    answer.set_opaque({"lost": 1}, "thinking", at=0)
    (block,) = answer.blocks
    assert opaque(block, "acme") == {"citations": [{"a": 1}, {"a": 2}], "note": "xy", "list": [1, 2], "signature": "s"}


def test_a_late_value_finds_the_last_block_of_its_kind() -> None:
    answer = Answer("acme")
    answer.extend_thinking("hm")
    answer.extend_text("a")
    answer.set_opaque({"id": "r1"}, "thinking")
    assert [dict(opaque(block, "acme")) for block in answer.blocks] == [{"id": "r1"}, {}]


def test_a_block_that_gets_content_after_its_end_is_told_at_once() -> None:
    answer = Answer("acme")
    answer.add_text("", at=0)
    answer.end(0)
    answer.extend_text("late", at=0)
    assert told(answer) == ["0 start text", "0 text 0 late", "0 end text"]
    answer.extend_text("r", at=0)
    answer.close()
    assert told(answer) == []
    assert content(answer) == ["later"]


def test_an_end_may_be_of_calls_only() -> None:
    answer = Answer("acme")
    answer.extend_text("a", at=0)
    answer.end(0, "tool_call")
    answer.extend_text("b", at=0)
    answer.end(0, "text")
    answer.extend_text("c", at=0)
    assert told(answer) == ["0 start text", "0 text 0 a", "0 text 1 b", "0 end text"]


def test_a_whole_call_at_the_address_of_a_nameless_one_is_its_own() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"skipped": 1}', at=0)
    answer.add_tool_call("a", "look", {}, at=0)
    answer.extend_tool_call('{"x": 1}', id="b", at=1)
    answer.add_tool_call("b", "find", None, at=1)
    assert content(answer) == [("a", "look", {}), ("b", "find", {"x": 1})]


def test_an_empty_object_does_not_replace_arguments() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x": 1}', id="a", name="look", at=0)
    answer.add_tool_call("a", "look", {}, at=0)
    answer.add_tool_call("b", "look", {"y": 1}, at=1)
    answer.add_tool_call("b", "look", {"y": 2}, at=1)
    assert content(answer) == [("a", "look", {"x": 1}), ("b", "look", {"y": 2})]


def test_fragments_may_bring_own_values() -> None:
    answer = Answer("acme")
    answer.extend_text("a", opaque={"signature": "s1"})
    answer.extend_text("", opaque={"signature": "s2"})
    answer.extend_tool_call(id="i", name="look", opaque={"signature": "s3"})
    answer.add_image(data="QQ==", opaque={"signature": "s4"})
    assert [opaque(block, "acme")["signature"] for block in answer.blocks] == ["s2", "s3", "s4"]


def test_half_a_character_waits_for_the_other_half() -> None:
    answer = Answer("acme")
    answer.extend_text("a\ud83d")
    answer.extend_text("\ude00b")
    answer.extend_text("\ud83d")
    assert told(answer) == ["0 start text", "0 text 0 a", "0 text 1 \U0001f600b"]
    assert content(answer) == ["a\U0001f600b"]


def test_the_end_of_a_call_cut_short_comes_before_its_error() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x', id="a", name="look")
    answer.close()
    assert told(answer) == ["0 start tool_use look", "0 end tool_use"]
    with pytest.raises(InvalidToolCallError):
        answer.response({})


def test_a_long_answer_takes_time_in_proportion() -> None:
    def seconds(fragments: int) -> float:
        answer = Answer("acme")
        begun = time.process_time()
        for _ in range(fragments):
            answer.extend_text("word ", at=0)
            answer.extend_tool_call("1", id="a", name="n", at=0)
        return time.process_time() - begun

    seconds(1_000)
    assert seconds(40_000) < 40 * max(seconds(4_000), 0.001)
