"""What few vendors ask of an answer; the rest is tested in every package (template/tests/test_answer.py.jinja)."""

import json
import time
from decimal import Decimal

from amplifier_core.message_models import RedactedThinkingBlock
from package.answer import Answer, BlockEnd, BlockStart
from package.history import opaque


def test_metadata_holds_json_only() -> None:
    answer = Answer("acme")
    answer.meta(a={"x": (1, Decimal("0.1"), float("nan"), b"A", {2})}, b=None, c="\ud800x", self=1)
    answer.meta(d=1)
    made = answer.response({})
    json.loads(made.model_dump_json())
    assert made.metadata == {"a": {"x": [1, "0.1", None, "QQ==", [2]]}, "c": "x", "self": 1, "d": 1}


def test_redacted_thinking_in_fragments_is_shown_as_thinking_without_a_delta() -> None:
    answer = Answer("acme")
    answer.extend_redacted_thinking("ab")
    answer.extend_redacted_thinking("c")
    answer.close()
    assert answer.drain() == [BlockStart(0, "thinking"), BlockEnd(0, "thinking")]
    assert answer.blocks == [RedactedThinkingBlock(data="abc", acme={})]  # type: ignore[call-arg]


def test_own_values_are_put_on_blocks_that_exist_and_never_open_one() -> None:
    answer = Answer("acme")
    answer.set_opaque({"lost": 1})
    answer.set_opaque({"lost": 1}, at=0)
    answer.extend_text("a", at=0)
    answer.set_opaque({"signature": "s", "note": "x"}, at=0)
    answer.set_opaque({"signature": "t", "note": ""})
    answer.extend_thinking("b", at=1)
    answer.set_opaque({"lost": 1}, at=2)
    answer.set_opaque({"id": "r1"})
    assert [dict(opaque(block, "acme")) for block in answer.blocks] == [{"signature": "t", "note": "x"}, {"id": "r1"}]


def test_a_call_takes_own_values_by_its_address() -> None:
    answer = Answer("acme")
    answer.add_tool_call("a", "look", {}, at=3)
    answer.extend_text("a", at=1)
    answer.set_opaque({"signature": "s"}, at=3)
    assert [dict(opaque(block, "acme")) for block in answer.blocks] == [{"signature": "s"}, {}]


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
