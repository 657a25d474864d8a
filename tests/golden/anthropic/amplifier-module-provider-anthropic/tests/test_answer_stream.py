"""Answers, from the events of a stream, and what listeners are told."""

import pytest

from amplifier_module_provider_anthropic.answer import Answer
from amplifier_module_provider_anthropic.history import label, opaque
from tests.progress import content, told


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


def test_another_block_ends_the_one_before_and_late_fragments_only_accumulate() -> None:
    answer = Answer("acme")
    answer.extend_text("a", at=0)
    answer.extend_text("b", at=1)
    answer.extend_text("c", at=0)
    answer.close()
    assert told(answer) == ["0 start text", "0 text 0 a", "0 end text", "1 start text", "1 text 0 b", "1 end text"]
    assert content(answer) == ["ac", "b"]


def test_only_numbers_and_words_are_addresses() -> None:
    answer = Answer("acme")
    for at in (0, "msg_1", [1], {"a": 1}, 2.5):
        answer.extend_text("a", at=at)
    answer.extend_text("b", at="msg_1")
    answer.extend_text("c", at=0)
    assert content(answer) == ["ac", "aaaab"]


@pytest.mark.parametrize("junk", [None, 1, 2.5, True, [], ["a"], {}, {"a": 1}, b"a"])
def test_fragments_of_a_wrong_type_are_ignored(junk: object) -> None:
    answer = Answer("acme")
    answer.extend_text(junk, at=junk)
    answer.extend_thinking(junk, junk, at=junk)
    answer.extend_tool_call(junk, id=junk, name=junk, at=junk)
    answer.end(junk)
    assert answer.blocks == []
    assert told(answer) == []


def test_text_of_another_form_is_a_block_of_its_own() -> None:
    answer = Answer("acme")
    answer.extend_text("")
    answer.extend_text("a")
    answer.extend_text("b")
    answer.extend_text("c", label="plan")
    answer.extend_text("d", label="plan")
    answer.extend_text("e")
    assert content(answer) == ["ab", "cd", "e"]
    assert [label(block, "acme") for block in answer.blocks] == [None, "plan", None]


def test_whole_blocks_without_address_are_always_new() -> None:
    answer = Answer("acme")
    answer.add_text("a")
    answer.add_text("b")
    assert [line_ for line_ in told(answer) if "start" in line_] == ["0 start text", "1 start text"]
    assert content(answer) == ["a", "b"]


def test_a_whole_text_replaces_fragments_but_nothing_replaces_nothing() -> None:
    answer = Answer("acme")
    answer.add_text("", at=0, opaque={"id": "m1", "status": "in_progress"})
    answer.extend_text("Hel", at=0)
    answer.extend_text("l", at=0)
    answer.add_text("Hello", at=0, label="refusal", opaque={"status": "completed"})
    answer.add_text("", at=0)
    answer.close()
    assert told(answer) == ["0 start text", "0 text 0 Hel", "0 text 1 l", "0 end text"]
    assert content(answer) == ["Hello"]
    assert opaque(answer.blocks[0], "acme") == {"id": "m1", "status": "completed", "label": "refusal"}


def test_fragments_without_address_go_on_with_a_block_that_was_opened_empty() -> None:
    answer = Answer("acme")
    answer.add_text("", opaque={"id": "m-1"})
    answer.extend_text("a")
    (block,) = answer.blocks
    assert opaque(block, "acme") == {"id": "m-1"}


def test_a_block_of_another_kind_takes_the_address() -> None:
    answer = Answer("acme")
    answer.extend_thinking("hm", at=0)
    answer.extend_text("a", at=0)
    answer.extend_text("b", at=0)
    assert content(answer) == [("hm", None), "ab"]


def test_fragments_may_bring_own_values() -> None:
    answer = Answer("acme")
    answer.extend_text("a", at=0, label="plan", opaque={"signature": "s1", "id": "m1"})
    answer.extend_text("", at=0, opaque={"signature": "s2", "id": None})
    answer.extend_text("", at=1, opaque={"signature": "s3"})
    answer.extend_text("b", at=1)
    assert [dict(opaque(block, "acme")) for block in answer.blocks] == [
        {"signature": "s2", "id": "m1", "label": "plan"},
        {"signature": "s3"},
    ]


@pytest.mark.parametrize("character", ["\U00010000", "\U0001f600", "\U0010ffff"])
def test_half_a_character_waits_for_the_other_half(character: str) -> None:
    high, low = (half.decode("utf-16-le", "surrogatepass") for half in in_halves(character))
    answer = Answer("acme")
    answer.extend_text("ab" + high)
    answer.extend_text(low + "c")
    answer.extend_text(high)
    assert told(answer) == ["0 start text", "0 text 0 ab", f"0 text 1 {character}c"]
    assert content(answer) == [f"ab{character}c"]


def in_halves(character: str) -> tuple[bytes, bytes]:
    whole = character.encode("utf-16-le")
    return whole[:2], whole[2:]


def test_a_fragment_that_says_nothing_leaves_the_address_to_its_block() -> None:
    answer = Answer("acme")
    for piece in ("Rain ", "or sun?"):
        answer.extend_text(None, at=0)
        answer.extend_text("", at=0, opaque={"sources": None, "note": ""})
        answer.extend_thinking(piece, at=0)
    assert content(answer) == [("Rain or sun?", None)]


def test_unaddressed_fragments_go_on_until_something_else_comes() -> None:
    answer = Answer("acme")
    answer.extend_thinking("h")
    answer.extend_thinking("m")
    answer.extend_text("")
    answer.extend_thinking("!")
    answer.extend_text("a")
    answer.extend_text("b")
    answer.extend_thinking("c", label="plan")
    answer.extend_thinking("d", label="plan")
    assert content(answer) == [("hm!", None), "ab", ("cd", None)]
    assert [label(block, "acme") for block in answer.blocks] == [None, None, "plan"]


def test_a_signature_alone_is_a_thinking_block_without_a_delta() -> None:
    answer = Answer("acme")
    answer.extend_thinking(signature="s")
    answer.close()
    assert told(answer) == ["0 start thinking", "0 end thinking"]
    assert content(answer) == [("", "s")]


def test_thinking_may_be_of_nothing_but_own_values() -> None:
    answer = Answer("acme")
    answer.extend_thinking("", at=0, opaque={"id": "r1"})
    answer.extend_thinking(signature="s1", at=0)
    answer.extend_thinking(signature="s2", at=0)
    assert content(answer) == [("", "s1s2")]
    assert [dict(opaque(block, "acme")) for block in answer.blocks] == [{"id": "r1"}]


def test_whole_redacted_thinking_is_shown_as_thinking_without_a_delta() -> None:
    answer = Answer("acme")
    answer.add_redacted_thinking("abc")
    answer.close()
    assert told(answer) == ["0 start thinking", "0 end thinking"]


def test_own_values_grow_on_blocks_that_exist_and_never_open_one() -> None:
    answer = Answer("acme")
    answer.extend_opaque({"citations": {"a": 1}})
    answer.extend_opaque({"citations": {"a": 1}}, at=0)
    answer.add_text("", at=0)
    answer.extend_opaque({"citations": {"a": 1}}, at=0)
    answer.extend_text("cited", at=0)
    answer.extend_opaque({"citations": None, "empty": "", "note": "x", "list": [1]}, at=0)
    answer.extend_opaque({"citations": {"a": 2}, "note": "y", "list": [2]})
    answer.extend_text("not cited", at=1)
    answer.extend_opaque({"note": "z"}, at=0)
    first, second = answer.blocks
    assert opaque(first, "acme") == {"citations": [{"a": 1}, {"a": 2}], "note": "xyz", "list": [1, 2]}
    assert opaque(second, "acme") == {}


def test_own_values_that_grow_into_another_type_begin_anew() -> None:
    answer = Answer("acme")
    answer.extend_text("cited")
    answer.extend_opaque({"note": {"a": 1}, "list": "x"})
    answer.extend_opaque({"note": "text", "list": 7})
    assert opaque(answer.blocks[0], "acme") == {"note": "text", "list": [7]}


def test_own_values_may_be_cut_within_a_character() -> None:
    answer = Answer("acme")
    answer.extend_text("cited")
    answer.extend_opaque({"note": "a\ud83d"})
    answer.extend_opaque({"note": "\ude00\ud83d"})
    assert opaque(answer.blocks[0], "acme") == {"note": "a\U0001f600"}


def test_a_block_ends_at_its_address() -> None:
    answer = Answer("acme")
    answer.extend_text("a", at=0)
    answer.end(1)
    answer.extend_text("b", at=0)
    answer.end(0)
    answer.end(0)
    answer.extend_text("c", at=0)
    answer.close()
    assert told(answer) == ["0 start text", "0 text 0 a", "0 text 1 b", "0 end text"]
    assert content(answer) == ["abc"]


def test_the_end_of_an_empty_block_ends_no_other() -> None:
    answer = Answer("acme")
    answer.extend_text("a", at=0)
    answer.add_text("", at=1)
    answer.end(1)
    assert told(answer) == ["0 start text", "0 text 0 a"]
    answer.close()
    assert told(answer) == ["0 end text"]


def test_a_fragment_without_address_does_not_go_on_with_a_block_that_ended() -> None:
    answer = Answer("acme")
    answer.extend_text("a", at=0)
    answer.end(0)
    answer.extend_text("b")
    assert content(answer) == ["a", "b"]


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
