from decimal import Decimal
from pathlib import Path

import pytest

from providergen.diagnostics import Findings
from providergen.mapping import Catalog, load_catalog

CATALOG = """\
models:
  - match: big-*
    display_name: Big
    context_window: 1000
    max_output_tokens: 100
    capabilities: [tools, thinking]
    prices: {input: "2.50", output: "10", cache_read: "0.25"}
    source: https://acme.example/models
  - {match: "*", source: "https://acme.example/all"}
"""


def load(folder: Path, text: str) -> tuple[Catalog | None, list[str]]:
    path, findings = folder / "catalog.yaml", Findings()
    path.write_text(text)
    return load_catalog(path, findings), [str(one).removeprefix(f"{path}:") for one in findings.found]


def test_the_first_pattern_that_fits_tells_the_facts(tmp_path: Path) -> None:
    catalog, found = load(tmp_path, CATALOG)
    assert catalog is not None
    assert found == []
    big, other = catalog.find("big-2"), catalog.find("small")
    assert big is not None
    assert (big.display_name, big.context_window, big.max_output_tokens) == ("Big", 1000, 100)
    assert big.capabilities == ("tools", "thinking")
    assert big.prices is not None
    assert (big.prices.input, big.prices.cache_read, big.prices.cache_write) == (Decimal("2.50"), Decimal("0.25"), None)
    assert other is not None
    assert (other.capabilities, other.prices, other.context_window) == (None, None, None)
    assert str(big.at).endswith(":2:12")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (
            "display_name: Big",
            "dispaly_name: Big",
            "3:5: unknown-key models[0].dispaly_name: there is no key 'dispaly_name'; did you mean 'display_name'?",
        ),
        ("    source: https://acme.example/models\n", "", "2:5: missing-key models[0]: the key 'source' is missing"),
        ('"2.50"', "2.50", "7:21: wrong-type models[0].prices.input: the number 2.5 stands where a decimal in quotes"),
        ('"2.50"', '"-1"', "7:21: wrong-value models[0].prices.input: '-1' is not a decimal in quotes"),
        (
            "thinking]",
            "reasoning]",
            "6:27: unknown-word models[0].capabilities[1]: 'reasoning' is not one of tools, streaming",
        ),
        ("1000", "0", "4:21: wrong-value models[0].context_window: 0 is not between 1 and"),
        ("https://acme.example/models", "a book", "8:13: wrong-value models[0].source: 'a book' is not an address"),
        ("models:", "model:", "1:1: unknown-section model: there is no section 'model'; did you mean 'models'?"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, old: str, new: str, error: str) -> None:
    catalog, found = load(tmp_path, CATALOG.replace(old, new, 1))
    assert catalog is None
    assert len(found) == 1
    assert found[0].startswith(error)


def test_a_pattern_that_is_never_reached_is_a_warning(tmp_path: Path) -> None:
    catalog, found = load(tmp_path, CATALOG + '  - {match: big-3, source: "https://acme.example/3"}\n')
    assert catalog is not None
    assert found == [
        "10:13: hidden-entry models[2].match: 'big-3' is never reached: 'big-*' in line 2 fits all its models"
    ]
