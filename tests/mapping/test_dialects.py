"""The bundled dialects, the mappings of specs/, and the JSON Schema that describes them all."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from providergen.diagnostics import Findings
from providergen.mapping import dialects, flattened, json_schema, load_mapping
from providergen.mapping._files import read_tree
from providergen.mapping._tree import plain
from tests.published import folder

ROOT = Path(__file__).parents[2]
OURS = [*(dialect.path for dialect in dialects()), *sorted(ROOT.glob("specs/*/mapping.yaml"))]
WORKED_EXAMPLES = sorted((folder().parent / "mappings").glob("*.yaml"))  # of more vendors, beside their documents


def name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def values(path: Path) -> Any:
    tree = read_tree(path, Findings())
    assert tree is not None
    return plain(tree)


def test_dialects_have_a_name_a_title_and_a_line() -> None:
    assert [dialect.name for dialect in dialects()] == [
        "anthropic-messages",
        "chat-completions",
        "gemini-generate-content",
        "ollama-chat",
        "openai-responses",
    ]
    assert all(dialect.title and dialect.summary and dialect.path.is_file() for dialect in dialects())


@pytest.mark.parametrize("path", [*OURS, *WORKED_EXAMPLES], ids=name)
def test_a_mapping_loads_without_complaint(path: Path) -> None:
    findings = Findings()
    assert load_mapping(path, findings) is not None
    assert [str(one) for one in findings.found if one.code != "no-default-model"] == []


@pytest.mark.parametrize("path", [*OURS, *WORKED_EXAMPLES], ids=name)
def test_a_mapping_fits_the_schema_for_editors(path: Path, validator: Draft202012Validator) -> None:
    assert [error.message for error in validator.iter_errors(values(path))] == []


@pytest.mark.parametrize("path", OURS, ids=name)
def test_a_flattened_mapping_stands_alone(path: Path) -> None:
    mapping = load_mapping(path, Findings())
    assert mapping is not None
    flat = flattened(mapping)
    assert "extends" not in flat
    flat["request"]["new"] = 1
    assert "new" not in flattened(mapping)["request"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"streem": {}},
        {"request": {"model": "$modl"}},
        {"request": {"a": {"b": ["x ${modl}"]}}},
        {"request": "text"},
        {"chat": {"operaton": "POST /x"}},
        {"block": {"txt": {}}},
        {"block": {"text": "$thinking"}},
        {"finish_reason": {"stopp": "end"}},
        {"tool_choice": {"auto": "$name"}},
        {"for_model": {"a*": {"vendor": {}}}},
        {"for_model": {"a*": {"request": {"model": "$modl"}}}},
        {"hooks": ["boddy"]},
        {"response": "$text+"},
    ],
)
def test_the_schema_refuses_what_means_nothing(wrong: dict[str, Any], validator: Draft202012Validator) -> None:
    assert not validator.is_valid(wrong)


@pytest.mark.parametrize(
    "right",
    [
        {"request": {"max": None}},
        {"stream": None},
        {"chat": "POST /x"},
        {"chat": {"query": {"v": "$config.v"}}},
        {"message": {"merge": True, "user": {"a": "$text", "b": "$metadata.c"}}},
        {"block": {"assistant.text.refusal": {"r": "$text"}}},
        {"tool_choice": {"tool": {"name": "$name"}}},
        {"reasoning_effort.effort": {"low": "low"}},
        {"response": {"price": "$$5"}},
        {"for_model": {"a*": {"request": None}}},
    ],
)
def test_the_schema_takes_what_a_thin_file_may_say(right: dict[str, Any], validator: Draft202012Validator) -> None:
    assert [error.message for error in validator.iter_errors(right)] == []


def test_everything_in_the_schema_is_described() -> None:
    def undescribed(schema: dict[str, Any], place: str) -> list[str]:
        found = [] if "description" in schema or "$ref" in schema else [place]
        for key, below in schema.get("properties", {}).items():
            found += undescribed(below, f"{place}.{key}")
        for branch in schema.get("anyOf", []):
            found += [
                one
                for key, below in branch.get("properties", {}).items()
                for one in undescribed(below, f"{place}.{key}")
            ]
        return found

    assert undescribed(json_schema(), "mapping") == []
