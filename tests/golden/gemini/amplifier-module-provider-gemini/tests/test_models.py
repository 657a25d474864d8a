"""Which models there are, and what Amplifier is told of them."""

import json
from decimal import Decimal
from typing import Any

import pytest
from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import Usage
from amplifier_core.models import ModelInfo, Pricing

from amplifier_module_provider_gemini import catalog
from amplifier_module_provider_gemini.catalog import ModelFacts, Prices, cost, pricing
from amplifier_module_provider_gemini.listing import ModelCard
from amplifier_module_provider_gemini.models import known_models, model_info
from tests.cases import Case, cases, example
from tests.conftest import Make
from tests.server import Server, in_json

CAPABILITIES: list[str] = ["json_mode", "streaming", "tools"]


@pytest.fixture
def catalogued(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a catalog that stays the same whatever models come and go."""
    made_up = (
        ModelFacts(
            "m-one",
            "here",
            "Model One",
            300,
            200,
            frozenset({"vision", "tools"}),
            Prices(Decimal(3), Decimal(15), Decimal("0.3"), Decimal("3.75")),
        ),
        ModelFacts("m-*", "here", prices=Prices(Decimal(2), Decimal(4))),
        ModelFacts("m-two", "never reached"),
    )
    monkeypatch.setattr(catalog, "MODELS", made_up)


def test_the_first_entry_that_fits_says_what_is_known(catalogued: None) -> None:
    found = [catalog.facts(model) for model in ("m-one", "m-two", "M-one", "other")]
    assert [known and known.match for known in found] == ["m-one", "m-*", None, None]


def test_known_models_are_the_configured_one_and_those_with_a_name(catalogued: None) -> None:
    assert known_models("mine") == [ModelCard("mine"), ModelCard("m-one"), ModelCard("m-two")]
    assert known_models("m-one") == known_models("") == [ModelCard("m-one"), ModelCard("m-two")]


def test_what_the_api_says_comes_before_the_catalog(catalogued: None) -> None:
    assert model_info(ModelCard("m-one")) == ModelInfo(
        id="m-one",
        display_name="Model One",
        context_window=300,
        max_output_tokens=200,
        capabilities=["tools", "vision"],
        **pricing(catalog.MODELS[0]),
    )
    assert model_info(ModelCard("m-one", "One", 30, 20)) == ModelInfo(
        id="m-one",
        display_name="One",
        context_window=30,
        max_output_tokens=20,
        capabilities=["tools", "vision"],
        **pricing(catalog.MODELS[0]),
    )


def test_of_a_model_that_nobody_knows_only_what_is_sure_is_told(catalogued: None) -> None:
    assert model_info(ModelCard("other")) == ModelInfo(
        id="other", display_name="other", context_window=0, max_output_tokens=0, capabilities=CAPABILITIES
    )
    assert model_info(ModelCard("other", "Other", 30, 20)) == ModelInfo(
        id="other", display_name="Other", context_window=30, max_output_tokens=20, capabilities=CAPABILITIES
    )


def test_prices_are_told_as_far_as_they_are_known(catalogued: None) -> None:
    one, two, free = catalog.MODELS
    assert pricing(one) == {
        "pricing": Pricing(
            input_per_million=3.0,
            output_per_million=15.0,
            cache_read_per_million=0.3,
            cache_write_per_million=3.75,
        )
    }
    assert pricing(two) == {"pricing": Pricing(input_per_million=2.0, output_per_million=4.0)}
    assert pricing(free) == {}


def test_a_core_without_prices_is_told_none(catalogued: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("amplifier_core.models.Pricing")
    assert pricing(catalog.MODELS[0]) == {}


@pytest.mark.parametrize(
    ("model", "counts", "dollars"),
    [
        ("m-one", {"input_tokens": 1000, "output_tokens": 100}, "0.0045"),
        ("m-one", {"input_tokens": 1000, "output_tokens": 0, "cache_read_tokens": 400}, "0.00192"),
        ("m-one", {"input_tokens": 0, "output_tokens": 0, "cache_write_tokens": 400}, "0.0015"),
        ("m-one", {"input_tokens": 100, "output_tokens": 0, "cache_read_tokens": 400}, "0.00012"),
        ("m-one", {"input_tokens": 0, "output_tokens": 0}, "0"),
        ("m-two", {"input_tokens": 1, "output_tokens": 1, "cache_read_tokens": 0, "cache_write_tokens": 0}, "0.000006"),
        ("m-two", {"input_tokens": 1000, "output_tokens": 0, "cache_read_tokens": 1}, None),
        ("m-two", {"input_tokens": 1000, "output_tokens": 0, "cache_write_tokens": 1}, None),
        ("other", {"input_tokens": 1000, "output_tokens": 0}, None),
    ],
)
def test_an_answer_costs_what_its_tokens_do(
    model: str, counts: dict[str, Any], dollars: str | None, catalogued: None
) -> None:
    usage = Usage(**counts, total_tokens=0)
    assert cost(model, usage) == (None if dollars is None else Decimal(dollars))


def test_a_model_without_prices_costs_nobody_knows_what(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "MODELS", (ModelFacts("m", "here"),))
    assert cost("m", Usage(input_tokens=1, output_tokens=1, total_tokens=2)) is None


@pytest.mark.asyncio
async def test_models_are_asked_for_where_the_vendor_lists_them(make: Make) -> None:
    async with Server(example("models").reply()) as server:
        await make(server.url).list_models()
        [asked] = server.asked
    assert (asked.method, asked.target.partition("?")[0]) == ("GET", "/v1beta/models")


@pytest.mark.asyncio
async def test_a_page_that_is_followed_by_itself_is_the_last(make: Make) -> None:
    async with Server(example("models, and more").reply()) as server:
        await make(server.url).list_models()
        assert len(server.asked) == 2


SAID = "could not be served"
MISSED = ("LLMTimeoutError", "NotFoundError")  # whoever cannot be asked does not refuse
REFUSALS = [
    case for case in cases("error") if SAID in json.dumps(case.data["body"]) and case.expect["error"] not in MISSED
]


@pytest.mark.asyncio
@pytest.mark.parametrize("case", REFUSALS, ids=str)
async def test_an_error_in_place_of_a_list_is_one_whatever_its_status(case: Case, make: Make) -> None:
    async with Server(in_json(case.data["body"])) as server:
        with pytest.raises(LLMError) as caught:
            await make(server.url).list_models()
    assert type(caught.value).__name__ == case.expect["error"]
    assert SAID in str(caught.value)


@pytest.mark.asyncio
@pytest.mark.parametrize("case", REFUSALS, ids=str)
async def test_a_list_is_one_whatever_else_it_says(case: Case, make: Make) -> None:
    shown = example("models")
    async with Server(in_json({**case.data["body"], **shown.data["reply"]})) as server:
        assert [model.id for model in await make(server.url).list_models()] == shown.expect["listed"]
