"""REFERENCE.md: what a user looks up, and nothing that a vendor could make of it."""

from pathlib import Path

import pytest

from providergen.diagnostics import Findings
from providergen.generate import build
from tests.package.generated.vendors import DOCUMENT, MAPPINGS
from tests.support.cases import SPECS, VENDORS


def page(mapping: Path, document: Path) -> str:
    findings = Findings()
    built = build(mapping, document, findings)
    assert built is not None, findings.found
    return built.owned["REFERENCE.md"].decode()


def rows(text: str) -> dict[str, list[str]]:
    """Return the cells of all tables by the first of their row."""
    lines = [line.replace("\\|", "/").strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return {line[0].strip("`"): [cell.strip() for cell in line[1:]] for line in lines}


@pytest.fixture(scope="module")
def anthropic() -> str:
    return page(SPECS / "anthropic" / "mapping.yaml", SPECS / "anthropic" / "openapi.yaml")


def test_it_lists_the_configuration_with_defaults_and_variables(anthropic: str) -> None:
    found = rows(anthropic)

    assert found["api_key"] == ["the key", "", "`ANTHROPIC_API_KEY`"]
    assert found["base_url"][1:] == ["`https://api.anthropic.com`", "`ANTHROPIC_BASE_URL`"]
    assert found["max_output_tokens"][1] == "`8192`"
    assert "`medium`" in found["reasoning_effort"][0]
    assert found["priority"][1] == "`100`"


def test_it_lists_the_models_with_prices_and_sources(anthropic: str) -> None:
    name, context, output, *prices, source = rows(anthropic)["claude-sonnet-4-5*"]

    assert (name, context, output, prices) == ("Claude Sonnet 4.5", "200000", "64000", ["3", "15", "0.30", "3.75"])
    assert source.startswith("<https://")


def test_it_tells_which_models_take_what(anthropic: str) -> None:
    table = anthropic.split("What a request can ask of them")[1].split("##")[0]
    columns = next(line for line in table.splitlines() if line.startswith("| id")).strip("| ").split(" | ")[1:]
    found = {name: dict(zip(columns, cells, strict=True)) for name, cells in rows(table).items()}

    assert found["claude-3*"]["`temperature`"] == "yes"
    assert found["claude-*"]["`temperature`"] == ""
    assert "`high`" in found["claude-*"]["`reasoning_effort`"]


def test_it_tells_what_is_not_mapped(anthropic: str) -> None:
    assert "`server_tool_use`" in anthropic.split("## What is not read")[1]
    assert "`conversation_id`" in anthropic.split("## What does not go out")[1]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_configuration_key_is_told(vendor: str) -> None:
    findings = Findings()
    built = build(SPECS / vendor / "mapping.yaml", SPECS / vendor / "openapi.yaml", findings)
    assert built is not None
    config = next(text for path, text in built.owned.items() if path.endswith("/config.py")).decode()
    read = {
        line.split('"')[1] for line in config.replace("(\n", "(").splitlines() if "=options." in line and '"' in line
    }

    assert read - rows(built.owned["REFERENCE.md"].decode()).keys() == {"max_tokens"} & read


def test_a_vendor_without_anything_has_a_page_too() -> None:
    text = page(MAPPINGS / "least.yaml", DOCUMENT)

    assert "does not list its models" in text
    assert "api_key" not in text


def test_words_of_a_mapping_are_no_markup(tmp_path: Path) -> None:
    text = (MAPPINGS / "lines.yaml").read_text("utf-8")
    prompt = "a|b <script>`x`</script> [link](https://evil.example) \\n# head"
    (tmp_path / "mapping.yaml").write_text(f'{text}\nconfig: {{region: {{prompt: "{prompt}"}}}}\n')
    cells = rows(page(tmp_path / "mapping.yaml", DOCUMENT))["region"]

    assert cells[0].startswith("a")
    assert not {"<script>", "`x`", "[link]"} & set(cells[0].split())
    assert "\\<script\\>\\`x\\`" in cells[0]
