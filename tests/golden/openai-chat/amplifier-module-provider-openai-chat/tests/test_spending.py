"""What answers have cost so far."""

from decimal import Decimal

from amplifier_core.message_models import Usage

from amplifier_module_provider_openai_chat.spending import Spending


def usage(cost: str | None = None) -> Usage:
    return Usage(input_tokens=1, output_tokens=1, total_tokens=2, cost_usd=None if cost is None else Decimal(cost))


def test_before_the_first_answer_there_is_nothing_to_report() -> None:
    assert Spending().report() is None


def test_costs_add_up_without_a_rounding() -> None:
    spending = Spending()
    for cost in ("0.1", "0.2", "0"):
        spending.add("m", usage(cost))
    assert spending.report() == {"cost_usd": "0.3"}


def test_an_answer_may_cost_nothing() -> None:
    spending = Spending()
    spending.add("m", usage("0"))
    assert spending.report() == {"cost_usd": "0"}


def test_models_without_a_known_price_are_named_once() -> None:
    spending = Spending()
    for model, used in (("b", usage()), ("a", None), ("b", None)):
        spending.add(model, used)
    assert spending.report() == {"cost_usd": None, "unpriced_models": ["a", "b"]}
    spending.add("c", usage("0.25"))
    assert spending.report() == {"cost_usd": "0.25", "unpriced_models": ["a", "b"]}
