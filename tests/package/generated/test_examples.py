"""The cases that follow from a mapping and its document: one of every kind, and each what the vendor would send."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from providergen.diagnostics import Findings
from providergen.generate import Build, build
from providergen.plan.examples import examples
from tests.package.generated.vendors import DOCUMENT, MAPPINGS, checked
from tests.support.cases import SPECS, VENDORS, Case
from tests.support.schemas import OURS, refusals


@cache
def made(vendor: str) -> tuple[Case, ...]:
    """Return the cases of a vendor."""
    mapping, found = checked(SPECS / vendor / "mapping.yaml", SPECS / vendor / "openapi.yaml")
    return tuple(Case(vendor, case["name"], case) for case in examples(mapping, found))


ALL = [case for vendor in VENDORS for case in made(vendor)]


@pytest.mark.parametrize("case", ALL, ids=str)
def test_they_are_what_the_document_allows(case: Case) -> None:
    assert refusals(case, OURS[case.vendor]) == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_there_is_one_for_every_kind(vendor: str) -> None:
    kinds = [case.kind for case in made(vendor)]
    names = {case.name for case in made(vendor)}

    assert set(kinds) - {"stream at once"} == {"response", "stream", "error", "models", "choice"}
    assert {"a text", "a call", "two calls", "a call without arguments", "a text and a call"} <= names
    assert {f"stream of {name}" for name in names if _case(vendor, name).kind == "response"} <= names
    assert "stream that fails" in names
    assert kinds.count("error") > 4


@pytest.mark.parametrize(
    ("vendor", "names"),
    [
        ("anthropic", {"thinking", "hidden thinking"}),
        ("gemini", {"thinking"}),
        ("openai-chat", {"a refusal"}),
    ],
)
def test_there_is_one_for_what_only_some_vendors_say(vendor: str, names: set[str]) -> None:
    said = {case.name for case in made(vendor)}
    every = {"thinking", "hidden thinking", "a refusal"}

    assert said & every == names


def test_they_expect_the_whole_usage() -> None:
    usage = {vendor: made(vendor)[0].expect["usage"] for vendor in VENDORS}

    assert usage["anthropic"]["input_tokens"] == 31 + 8  # the vendor counts what it read from the cache apart
    assert usage["gemini"]["output_tokens"] == 17 + 5  # and this one the thoughts
    assert usage["openai-chat"]["output_tokens"] == 17
    assert all(one["total_tokens"] == one["input_tokens"] + one["output_tokens"] for one in usage.values())


def test_a_stream_says_it_piece_by_piece() -> None:
    for vendor in VENDORS:
        said = _case(vendor, "a text").expect["text"]
        pieces = [text for text in _strings(_case(vendor, "stream of a text").data["events"]) if text in said]

        assert "".join(piece for piece in pieces if piece != said) == said
        assert len([piece for piece in pieces if piece not in ("", said)]) == 3


def test_where_events_have_addresses_blocks_grow_at_once() -> None:
    assert {vendor for vendor in VENDORS if "stream at once" in {case.kind for case in made(vendor)}} == {
        "anthropic",
        "openai",
        "openai-chat",
    }
    events = [event for event in _case("anthropic", "blocks that grow at once").data["events"] if "delta" in event]
    order = [event["index"] for event in events if "text" in event["delta"]]
    assert order == [2, 3, 2, 3, 2, 3]


def test_what_the_document_requires_beside_the_mapping_is_made_of_its_examples(tmp_path: Path) -> None:
    answer = {
        "type": "object",
        "required": ["content", "id", "kind", "made", "nothing", "parts", "size"],
        "properties": {
            "content": {"type": "string"},
            "id": {"type": "string", "examples": ["answer-7"]},
            "kind": {"type": "string", "enum": ["answer"]},
            "made": {"type": "string", "format": "date-time"},
            "nothing": {"type": ["object", "null"]},
            "parts": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["n"], "properties": {}}},
            "size": {"type": "integer", "minimum": 3},
            "unneeded": {"type": "string", "examples": ["never"]},
        },
    }
    document = json.loads(json.dumps(yaml.safe_load(DOCUMENT.read_text("utf-8"))))
    content = document["paths"]["/v1/chat"]["post"]["responses"]["200"]["content"]
    content["application/json"]["schema"] = answer
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    cases = examples(*checked(MAPPINGS / "least.yaml", tmp_path / "openapi.json"))

    [reply] = [case["reply"] for case in cases if case["name"] == "a text"]
    assert reply == {
        "content": "Paris is sunny, 21 °C.",
        "id": "answer-7",
        "kind": "answer",
        "made": "2026-01-01T00:00:00Z",
        "nothing": None,
        "parts": [{}],
        "size": 3,
    }


@pytest.mark.parametrize(("name", "streams"), [("least", 0), ("lines", 8), ("items", 8)])
def test_vendors_of_other_manners_have_them_too(name: str, streams: int) -> None:
    cases = examples(*checked(MAPPINGS / f"{name}.yaml", DOCUMENT))

    assert {"response"} <= {case["kind"] for case in cases}
    assert len([case for case in cases if case["kind"] == "stream"]) == streams


def test_they_travel_with_the_package() -> None:
    findings = Findings()
    built = build(SPECS / "gemini" / "mapping.yaml", SPECS / "gemini" / "openapi.yaml", findings)

    assert isinstance(built, Build)
    assert b'"name": "a text"' in built.owned["tests/examples.json"]
    assert "tests/test_own.py" in built.seeds
    assert "tests/test_own.py" not in built.owned


def _case(vendor: str, name: str) -> Case:
    return next(case for case in made(vendor) if case.name == name)


def _strings(value: Any) -> list[str]:
    """Return the strings in a value, in order."""
    match value:
        case str():
            return [value]
        case dict():
            return [text for item in value.values() for text in _strings(item)]
        case list():
            return [text for item in value for text in _strings(item)]
    return []
