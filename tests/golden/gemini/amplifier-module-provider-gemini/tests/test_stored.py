"""Calls and results as applications store them: beside the content of a message, or as the message itself."""

from typing import Any

import pytest
from amplifier_core.message_models import Message, TextBlock

from amplifier_module_provider_gemini.history import Turn, label, read_history


def turns(*messages: dict[str, Any]) -> tuple[Turn, ...]:
    return read_history([Message.model_validate(message) for message in messages], "acme").turns


def called(*stored: object) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the calls that are read from those stored beside the content."""
    read = turns({"role": "assistant", "content": "Well.", "tool_calls": list(stored)})
    return [(call.id, call.name, call.input) for call in read[0].tool_calls]


def answered(*content: dict[str, Any], **fields: Any) -> list[tuple[str, str | None, str]]:
    """Return the results that are read from a tool's message, behind a call "a" of the tool "look"."""
    call = {"type": "tool_call", "id": "a", "name": "look", "input": {}}
    read = turns({"role": "assistant", "content": [call]}, {"role": "tool", "content": list(content), **fields})
    return [(result.tool_call_id, result.name, result.text) for turn in read[1:] for result in turn.tool_results]


SEEN = {"type": "tool_result", "tool_call_id": "a", "output": "seen"}
FOUND = {"type": "tool_result", "tool_call_id": "b", "output": "found"}
SAID = {"type": "text", "text": "said"}


def test_a_tools_message_is_a_turn_with_all_that_was_stored() -> None:
    fields = {"tool_call_id": "z", "name": "look", "metadata": {"n": 1}, "is_error": True}
    (turn,) = turns({"role": "tool", "content": "broken", **fields})
    (result,) = turn.tool_results
    assert (result.tool_call_id, result.name, result.text, result.is_error) == ("z", "look", "broken", True)
    assert (turn.role, turn.name, turn.metadata) == ("tool", "look", {"n": 1})


@pytest.mark.parametrize("flag", [None, "yes", 1])
def test_only_a_flag_says_that_a_result_is_an_error(flag: object) -> None:
    (turn,) = turns({"role": "tool", "tool_call_id": "z", "content": "seen", "is_error": flag})
    assert turn.tool_results[0].is_error is None


def test_a_tools_message_may_hold_results(caplog: pytest.LogCaptureFixture) -> None:
    assert answered(SEEN, FOUND) == [("a", "look", "seen"), ("b", None, "found")]
    assert answered(SEEN, tool_call_id="b") == [("a", "look", "seen")]
    assert answered(FOUND, SAID, tool_call_id="a") == [("b", None, "found"), ("a", "look", "said")]
    assert not caplog.records


def test_a_result_of_no_call_is_left_out_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert answered(SAID) == []
    assert answered() == []
    assert answered(SEEN, SAID) == [("a", "look", "seen")]
    assert ["tool_call_id" in record.message for record in caplog.records] == [True] * 3


def test_stored_calls_have_the_words_of_any_orchestrator() -> None:
    assert called({"id": "a", "tool": "look", "arguments": {"x": 1}}) == [("a", "look", {"x": 1})]
    assert called({"id": "a", "name": "look", "input": {"x": 1}}) == [("a", "look", {"x": 1})]


@pytest.mark.parametrize(("id_", "tool"), [(3, "look"), ("", "look"), (None, "look"), ("a", ""), ("a", 7), ("a", None)])
def test_a_stored_call_needs_an_id_and_a_name(id_: object, tool: object, caplog: pytest.LogCaptureFixture) -> None:
    assert called({"id": id_, "tool": tool, "arguments": {}}, {"id": "b", "tool": "find"}) == [("b", "find", {})]
    assert "without id or name" in caplog.text


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ('{"x": 1}', {"x": 1}),
        ({"x": "a\x00b"}, {"x": "ab"}),
        ('{"x": "a\\u0000b"}', {"x": "ab"}),
        ("", {}),
        ("[1]", {}),
        ("7", {}),
        (7, {}),
        (None, {}),
    ],
)
def test_stored_arguments_are_an_object(stored: object, sent: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    assert called({"id": "a", "tool": "look", "arguments": stored}) == [("a", "look", sent)]
    assert not caplog.records


@pytest.mark.parametrize("stored", ["{", "[" * 100_000], ids=["cut", "deep"])
def test_stored_arguments_that_are_no_json_are_left_out_with_a_warning(
    stored: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert called({"id": "a", "tool": "look", "arguments": stored}) == [("a", "look", {})]
    assert "of look are no JSON" in caplog.text


@pytest.mark.parametrize(("stored", "read"), [("refusal", "refusal"), (7, None), (None, None)])
def test_the_label_of_a_block_is_a_word(stored: object, read: str | None) -> None:
    block = TextBlock.model_validate({"type": "text", "text": "no", "acme": {"label": stored}})
    assert (label(block, "acme"), label(block, "other")) == (read, None)
