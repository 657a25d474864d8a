"""The facts that decide which checks of the contract a package can be held to."""

import json
from typing import Any

import pytest

from providergen.diagnostics import Findings
from providergen.generate import Build, build
from providergen.plan.examples import facts
from tests.package.generated.vendors import DOCUMENT, MAPPINGS, checked
from tests.support.cases import SPECS

EVERYTHING = ["image_data", "image_url", "stop", "tool_choice", "top_p"]


@pytest.mark.parametrize(
    ("vendor", "expected"),
    [
        ("anthropic", {"framing": "sse", "key": "needed", "takes": EVERYTHING}),
        ("ollama", {"framing": "ndjson", "key": "optional", "takes": ["image_data", "stop", "top_p"]}),
        ("openai", {"framing": "sse", "key": "needed", "takes": [word for word in EVERYTHING if word != "stop"]}),
    ],
)
def test_they_say_what_the_api_has(vendor: str, expected: dict[str, Any]) -> None:
    assert facts(*checked(SPECS / vendor / "mapping.yaml", SPECS / vendor / "openapi.yaml")) == expected


def test_of_an_api_that_has_next_to_nothing_they_say_so() -> None:
    found = facts(*checked(MAPPINGS / "least.yaml", DOCUMENT))

    assert found == {"framing": None, "key": None, "takes": []}


def test_they_travel_with_the_package() -> None:
    built = build(SPECS / "ollama" / "mapping.yaml", SPECS / "ollama" / "openapi.yaml", Findings())

    assert isinstance(built, Build)
    assert json.loads(built.owned["tests/facts.json"])["framing"] == "ndjson"
