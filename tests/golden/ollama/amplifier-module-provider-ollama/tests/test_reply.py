"""What complete() returns, as orchestrators and displays read it."""

from decimal import Decimal
from typing import Any

import pytest
from amplifier_core.content_models import TextContent, ThinkingContent, ToolCallContent
from amplifier_core.message_models import (
    ImageBlock,
    RedactedThinkingBlock,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
    Usage,
)

from amplifier_module_provider_ollama.reply import CalledTool, content_blocks, read_usage, tool_calls

SUMS = {"input_tokens": ("input_tokens", "cache_read_tokens"), "output_tokens": ("output_tokens", "reasoning_tokens")}


def test_a_call_is_read_like_a_dictionary_too() -> None:
    call = CalledTool(id="c1", name="look", arguments={"at": "it"})
    found = [call.get(key) for key in ("id", "name", "tool", "arguments", "type")]
    assert found == ["c1", "look", "look", {"at": "it"}, None]
    assert (call.get("type", "other"), call.get("id", "other")) == ("other", "c1")


def test_calls_are_those_among_the_blocks_in_their_order() -> None:
    blocks = [ToolCallBlock(id=id_, name=f"do_{id_}", input={"n": id_}) for id_ in ("b", "a")]
    calls = tool_calls([TextBlock(text="Well."), *blocks])
    assert calls == [
        CalledTool(id="b", name="do_b", arguments={"n": "b"}),
        CalledTool(id="a", name="do_a", arguments={"n": "a"}),
    ]
    assert {type(call) for call in calls or []} == {CalledTool}
    assert tool_calls([TextBlock(text="Well.")]) is None
    assert tool_calls([]) is None


def test_every_block_has_its_place_in_the_display() -> None:
    shown = content_blocks(
        [
            ThinkingBlock(thinking="Hm.", signature="s"),
            RedactedThinkingBlock(data="d"),
            ImageBlock(source={"type": "url", "url": "https://x.example/a.png"}),
            TextBlock(text="Well."),
            ToolCallBlock(id="c1", name="look", input={"at": "it"}),
        ]
    )
    assert shown == [
        ThinkingContent(text="Hm."),
        ThinkingContent(),
        TextContent(),
        TextContent(text="Well."),
        ToolCallContent(id="c1", name="look", arguments={"at": "it"}),
    ]
    assert content_blocks([]) is None


def used(**counts: Any) -> Usage:
    usage = read_usage(counts, {})
    assert usage is not None
    return usage


def test_usage_is_what_was_reported_and_no_more() -> None:
    assert used(input_tokens=3, output_tokens=2) == Usage(input_tokens=3, output_tokens=2, total_tokens=5)
    everything = {
        "input_tokens": 31,
        "output_tokens": 17,
        "reasoning_tokens": 5,
        "cache_read_tokens": 8,
        "cache_write_tokens": 4,
    }
    assert used(**everything, total_tokens=99, cost_usd="0.5") == Usage(
        **everything, total_tokens=48, cost_usd=Decimal("0.5")
    )
    assert used(input_tokens=0, output_tokens=0, cache_read_tokens=0) == Usage(
        input_tokens=0, output_tokens=0, total_tokens=0, cache_read_tokens=0
    )


@pytest.mark.parametrize(
    ("counts", "sent", "received"),
    [
        ({"input_tokens": 3, "total_tokens": 10}, 3, 7),
        ({"output_tokens": 3, "total_tokens": 10}, 7, 3),
        ({"total_tokens": 10}, 10, 0),
        ({"input_tokens": 3}, 3, 0),
        ({"output_tokens": 3}, 0, 3),
        ({"input_tokens": 0}, 0, 0),
        ({"output_tokens": 0}, 0, 0),
        ({"input_tokens": 10, "total_tokens": 3}, 10, 0),
        ({"output_tokens": 10, "total_tokens": 3}, 0, 10),
    ],
)
def test_what_is_not_reported_follows_from_the_rest(counts: dict[str, int], sent: int, received: int) -> None:
    assert used(**counts) == Usage(input_tokens=sent, output_tokens=received, total_tokens=sent + received)


@pytest.mark.parametrize(
    "counts", [{}, {"reasoning_tokens": 5, "cache_read_tokens": 5, "cost_usd": 1}, {"input_tokens": None}]
)
def test_without_tokens_there_is_no_usage(counts: dict[str, Any]) -> None:
    assert read_usage(counts, {}) is None


def test_sums_are_made_of_what_was_reported() -> None:
    counts = {"input_tokens": 10, "cache_read_tokens": 5, "output_tokens": 2}
    assert read_usage(counts, SUMS) == Usage(input_tokens=15, output_tokens=2, total_tokens=17, cache_read_tokens=5)
    assert read_usage({"cache_read_tokens": 5}, SUMS) == Usage(
        input_tokens=5, output_tokens=0, total_tokens=5, cache_read_tokens=5
    )
    assert read_usage({"cost_usd": 1}, SUMS) is None


@pytest.mark.parametrize(
    ("count", "tokens"),
    [
        (12.0, 12),
        (12.9, 12),
        (0, 0),
        (2**53, 2**53),
        (2**53 + 1, None),
        (-1, None),
        (True, None),
        ("12", None),
        (float("nan"), None),
    ],
)
def test_a_count_is_a_number_that_may_be_one(count: Any, tokens: int | None) -> None:
    assert used(input_tokens=1, cache_read_tokens=count).cache_read_tokens == tokens
    assert type(used(input_tokens=1, cache_read_tokens=count).cache_read_tokens) is type(tokens)


@pytest.mark.parametrize(
    ("cost", "dollars"),
    [
        (0.1, "0.1"),
        ("0.25", "0.25"),
        (Decimal("0.5"), "0.5"),
        (3, "3"),
        (0, "0"),
        (10**9, "1000000000"),
        (10**9 + 1, None),
        (-0.1, None),
        (True, None),
        ("much", None),
        ("nan", None),
        (float("inf"), None),
        ([1], None),
        (None, None),
    ],
)
def test_a_cost_is_an_amount_that_may_be_one(cost: Any, dollars: str | None) -> None:
    assert used(input_tokens=1, cost_usd=cost).cost_usd == (None if dollars is None else Decimal(dollars))
