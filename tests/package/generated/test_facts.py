"""The facts that decide which checks of the contract a package can be held to."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from providergen.diagnostics import Findings
from providergen.generate import Build, build
from providergen.plan.package import plan_package
from tests.package.generated.vendors import DOCUMENT, MAPPINGS, checked
from tests.support.cases import SPECS

EVERYTHING = ["image_data", "image_url", "stop", "tool_choice", "top_p"]


def facts(mapping: Path, document: Path) -> Mapping[str, Any]:
    """Return those of the package for a mapping and a document."""
    return plan_package(*checked(mapping, document), None).checks.facts


@pytest.mark.parametrize(
    ("vendor", "expected"),
    [
        ("anthropic", {"framing": "sse", "key": "needed", "takes": EVERYTHING}),
        ("ollama", {"framing": "ndjson", "key": "optional", "takes": ["image_data", "stop", "top_p"]}),
        ("openai", {"framing": "sse", "key": "needed", "takes": [word for word in EVERYTHING if word != "stop"]}),
    ],
)
def test_they_say_what_the_api_has(vendor: str, expected: dict[str, Any]) -> None:
    found = facts(SPECS / vendor / "mapping.yaml", SPECS / vendor / "openapi.yaml")
    assert {key: found[key] for key in expected} == expected


def test_of_an_api_that_has_next_to_nothing_they_say_so() -> None:
    found = facts(MAPPINGS / "least.yaml", DOCUMENT)

    assert {key: found[key] for key in ("framing", "key", "takes")} == {"framing": None, "key": None, "takes": []}


def test_they_say_what_the_set_up_asks() -> None:
    anthropic = facts(SPECS / "anthropic" / "mapping.yaml", SPECS / "anthropic" / "openapi.yaml")

    key, address, effort, caching = anthropic["setup"]
    assert key == {
        "id": "api_key",
        "display_name": "API key",
        "field_type": "secret",
        "prompt": "API key of Anthropic",
        "env_var": "ANTHROPIC_API_KEY",
        "required": True,
        "requires_model": False,
    }
    assert (address["id"], address["default"]) == ("base_url", "https://api.anthropic.com")
    assert effort["choices"] == ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
    assert (caching["field_type"], caching["default"]) == ("boolean", "true")
    assert [asked["id"] for asked in facts(MAPPINGS / "least.yaml", DOCUMENT)["setup"]] == ["base_url"]


def test_they_travel_with_the_package() -> None:
    built = build(SPECS / "ollama" / "mapping.yaml", SPECS / "ollama" / "openapi.yaml", Findings())

    assert isinstance(built, Build)
    assert json.loads(built.owned["tests/facts.json"])["framing"] == "ndjson"
