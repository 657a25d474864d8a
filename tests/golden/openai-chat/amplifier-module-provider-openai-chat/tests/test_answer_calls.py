"""Calls of tools, from the fragments of a stream."""

import pytest
from amplifier_core.llm_errors import InvalidToolCallError

from amplifier_module_provider_openai_chat.answer import Answer
from amplifier_module_provider_openai_chat.history import opaque
from tests.progress import content, told


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


def test_another_id_begins_another_call_without_addresses_too() -> None:
    answer = Answer("acme")
    answer.extend_tool_call("{}", id="a", name="look")
    answer.extend_tool_call('{"y"', id="b")
    answer.extend_tool_call(": 2}", id="b", name="find")
    assert content(answer) == [("a", "look", {}), ("b", "find", {"y": 2})]


def test_an_id_may_come_before_the_name_and_the_name_be_repeated() -> None:
    answer = Answer("acme")
    answer.extend_tool_call(id="a", at=0)
    assert told(answer) == []
    answer.extend_tool_call('{"x"', name="look", at=0, opaque={"signature": "s"})
    answer.extend_tool_call(": 1}", id="a", name="look", at=0)
    assert told(answer) == ["0 start tool_use look"]
    assert content(answer) == [("a", "look", {"x": 1})]
    assert opaque(answer.blocks[0], "acme") == {"signature": "s"}


def test_fragments_of_blocks_that_nobody_reads_open_nothing() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"query": "x"}', at=0)
    answer.extend_tool_call('{"query": "x"}')
    answer.add_tool_call("a", "look", {}, at=1)
    answer.extend_tool_call('{"x": 1}', at=1)
    answer.close()
    assert told(answer) == ["0 start tool_use look", "0 end tool_use"]
    assert content(answer) == [("a", "look", {"x": 1})]


def test_a_call_that_comes_twice_shifts_nothing(caplog: pytest.LogCaptureFixture) -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x": 1}', id="a", name="look", at=0)
    answer.extend_tool_call('{"x": 1}', id="a", name="look", at=1)
    answer.extend_tool_call("garbage", at=1)
    answer.extend_text("ok")
    assert told(answer) == ["0 start tool_use look", "0 end tool_use", "1 start text", "1 text 0 ok"]
    assert content(answer) == [("a", "look", {"x": 1}), "ok"]
    assert sum("came twice" in record.message for record in caplog.records) == 1


def test_a_whole_call_replaces_fragments_but_nothing_replaces_nothing() -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", "", at=1)
    answer.extend_tool_call('{"x"', at=1)
    answer.add_tool_call("a", "look", '{"x": 1}', at=1)
    answer.add_tool_call("a", None, None, at=1)
    answer.add_tool_call("a", None, {}, at=1)
    answer.close()
    assert told(answer) == ["0 start tool_use look", "0 end tool_use"]
    assert content(answer) == [("a", "look", {"x": 1})]


@pytest.mark.parametrize("junk", [7, True, ["a"], 2.5])
def test_fragments_of_arguments_that_are_no_text_are_ignored(junk: object) -> None:
    answer = Answer("acme")
    answer.extend_tool_call(junk, id="a", name="look", at=0)
    answer.extend_tool_call('{"x": 1}', at=0)
    answer.extend_tool_call(junk, at=0)
    assert content(answer) == [("a", "look", {"x": 1})]


def test_an_object_replaces_fragments() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x"', id="a", name="look", at=0)
    answer.extend_tool_call({"y": 1}, at=0)
    assert content(answer) == [("a", "look", {"y": 1})]


def test_a_whole_call_at_the_address_of_a_nameless_one_is_its_own() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"skipped": 1}', at=0)
    answer.add_tool_call("a", "look", {}, at=0)
    answer.extend_tool_call('{"x": 1}', id="b", at=1)
    answer.add_tool_call("b", "find", None, at=1)
    assert content(answer) == [("a", "look", {}), ("b", "find", {"x": 1})]


def test_the_end_of_a_call_cut_short_comes_before_its_error() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x', id="a", name="look")
    answer.close()
    assert told(answer) == ["0 start tool_use look", "0 end tool_use"]
    with pytest.raises(InvalidToolCallError):
        answer.response({})


def test_arguments_that_cannot_be_read_are_shown_as_they_came() -> None:
    answer = Answer("acme")
    answer.extend_tool_call('{"x', id="a", name="look")
    answer.extend_tool_call('": 1')
    with pytest.raises(InvalidToolCallError) as caught:
        answer.response({})
    assert caught.value.raw_arguments == '{"x": 1'
