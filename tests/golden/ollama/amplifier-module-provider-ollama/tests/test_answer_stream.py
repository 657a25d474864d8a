"""Answers, from the events of a stream, and what listeners are told."""

import pytest

from amplifier_module_provider_ollama.answer import Answer
from amplifier_module_provider_ollama.history import label, opaque
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
