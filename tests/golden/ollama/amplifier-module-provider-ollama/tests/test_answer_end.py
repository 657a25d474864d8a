"""How answers end: the reason, what was used, what it cost."""

from decimal import Decimal

import pytest
from amplifier_core.llm_errors import ProviderUnavailableError
from amplifier_core.message_models import Usage

from amplifier_module_provider_ollama.answer import Answer

REASONS = {"end": "stop", "calls": "tool_calls", "cut": "length", "blocked": "content_filter", "broken": "error"}


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
        made = answer.response(REASONS)
        assert made.finish_reason == expected
        assert (made.metadata or {}).get("acme:finish_reason") == word


def test_a_word_for_the_end_makes_an_answer() -> None:
    answer = Answer("acme")
    answer.finish(None)
    assert answer.is_empty
    answer.finish("end")
    assert not answer.is_empty
    assert answer.response(REASONS).finish_reason == "stop"


def test_the_first_word_of_one_report_counts_and_the_last_report() -> None:
    answer = Answer("acme")
    answer.finish(None, "", "cut", "end")
    answer.finish(None, "")
    assert answer.response(REASONS).finish_reason == "length"
    answer.finish("blocked")
    assert answer.response(REASONS).finish_reason == "content_filter"


def test_an_error_with_nothing_to_show_is_raised() -> None:
    answer = Answer("acme", model="m")
    answer.finish("broken")
    with pytest.raises(ProviderUnavailableError, match=r"acme.*broken") as caught:
        answer.response(REASONS)
    assert (caught.value.provider, caught.value.model, caught.value.retryable) == ("acme", "m", True)


def test_usage_is_whole_and_silent_on_what_was_not_reported() -> None:
    answer = Answer("acme")
    answer.add_text("a")
    answer.count(input_tokens=10, output_tokens=1, total_tokens=99, cache_read_tokens=0)
    answer.count(input_tokens=None, output_tokens=5)
    usage = Usage(input_tokens=10, output_tokens=5, total_tokens=15, cache_read_tokens=0)
    assert answer.response(REASONS).usage == answer.usage() == usage


def test_the_vendors_total_counts_where_a_part_is_not_reported() -> None:
    answer = Answer("acme")
    answer.count(input_tokens=10, total_tokens=15)
    assert answer.usage() == Usage(input_tokens=10, output_tokens=5, total_tokens=15)


def test_usage_has_every_kind_of_token() -> None:
    answer = Answer("acme")
    answer.count(
        input_tokens=10, output_tokens=5, reasoning_tokens=2, cache_read_tokens=3, cache_write_tokens=4, cost_usd="0.5"
    )
    assert answer.usage() == Usage(
        input_tokens=10,
        output_tokens=5,
        total_tokens=15,
        reasoning_tokens=2,
        cache_read_tokens=3,
        cache_write_tokens=4,
        cost_usd=Decimal("0.5"),
    )


def test_totals_are_sums_of_what_was_reported() -> None:
    totals = {"input_tokens": ("input_tokens", "cache_read_tokens")}
    answer = Answer("acme")
    answer.add_text("a")
    answer.count(input_tokens=10, output_tokens=2, cache_read_tokens=5)
    expected = Usage(input_tokens=15, output_tokens=2, total_tokens=17, cache_read_tokens=5)
    assert answer.response(REASONS, totals=totals).usage == answer.usage(totals) == expected


@pytest.mark.parametrize(("reported", "cost"), [("0.25", "0.25"), (0, "0"), ("much", "27"), (None, "27")])
def test_a_reported_cost_beats_the_computed_one(reported: object, cost: str) -> None:
    answer = Answer("acme")
    answer.count(input_tokens=3, output_tokens=1, cost_usd=reported)
    usage = answer.response({}, price=lambda usage: Decimal(9) * usage.input_tokens).usage
    assert usage is not None
    assert usage.cost_usd == Decimal(cost)


def test_an_unknown_price_is_no_price() -> None:
    answer = Answer("acme")
    answer.count(input_tokens=1, output_tokens=1)
    usage = answer.response({}, price=lambda _: None).usage
    assert usage is not None
    assert usage.cost_usd is None
