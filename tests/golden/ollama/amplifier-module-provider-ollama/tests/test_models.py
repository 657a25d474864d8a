"""Which models there are, and what Amplifier is told of them."""

import json

import pytest
from amplifier_core.llm_errors import LLMError
from amplifier_core.models import ModelInfo

from amplifier_module_provider_ollama import catalog
from amplifier_module_provider_ollama.catalog import ModelFacts
from amplifier_module_provider_ollama.listing import ModelCard
from amplifier_module_provider_ollama.models import known_models, model_info
from tests.cases import Case, cases, example
from tests.conftest import Make
from tests.server import Server, in_json

CAPABILITIES: list[str] = ["json_mode", "streaming", "tools"]


@pytest.fixture
def catalogued(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a catalog that stays the same whatever models come and go."""
    made_up = (
        ModelFacts("m-one", "here", "Model One", 300, 200, frozenset({"vision", "tools"})),
        ModelFacts("m-*", "here"),
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
    )
    assert model_info(ModelCard("m-one", "One", 30, 20)) == ModelInfo(
        id="m-one", display_name="One", context_window=30, max_output_tokens=20, capabilities=["tools", "vision"]
    )


def test_of_a_model_that_nobody_knows_only_what_is_sure_is_told(catalogued: None) -> None:
    assert model_info(ModelCard("other")) == ModelInfo(
        id="other", display_name="other", context_window=0, max_output_tokens=0, capabilities=CAPABILITIES
    )
    assert model_info(ModelCard("other", "Other", 30, 20)) == ModelInfo(
        id="other", display_name="Other", context_window=30, max_output_tokens=20, capabilities=CAPABILITIES
    )


@pytest.mark.asyncio
async def test_models_are_asked_for_where_the_vendor_lists_them(make: Make) -> None:
    async with Server(example("models").reply()) as server:
        await make(server.url).list_models()
        [asked] = server.asked
    assert (asked.method, asked.target.partition("?")[0]) == ("GET", "/api/tags")


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
