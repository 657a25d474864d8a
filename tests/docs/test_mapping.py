"""docs/mapping.md: every example is loaded, checked, generated and run, and comes to what the page says."""

import json
from pathlib import Path
from typing import Any

import pytest

from providergen.mapping import vocabulary
from providergen.mapping._sections import FILE
from tests.docs.examples import BESIDE, PAGE, Example, Tried, examples, shown, told
from tests.docs.pages import ROOT, has_lines

GIVEN = ("request", "reply", "events", "failure", "models")


@pytest.mark.parametrize("example", examples(), ids=str)
def test_every_example_comes_to_what_the_page_says(example: Example, tmp_path: Path) -> None:
    tried = Tried(example, tmp_path)
    if not any(claim.info == ("text", "findings") for claim in example.claims):
        assert tried.faults() == []
    result: Any = None
    for claim in example.claims:
        language, name = claim.info[0], claim.info[-1]
        if claim.info in BESIDE:
            continue
        if claim.info == ("text", "findings"):
            assert set(_findings(claim.text)) <= set(tried.findings()), f"line {claim.line}: {tried.findings()}"
        elif language == "python":
            assert has_lines(tried.module(name), claim.text), f"line {claim.line}:\n{tried.module(name)}"
        elif name in GIVEN:
            given = json.loads(claim.text)
            result = tried.asked(given) if name == "request" else told(tried.read(name, given))
        elif name in ("body", "headers", "target"):
            expected = claim.text.strip() if language == "text" else json.loads(claim.text)
            got = result[name]
            assert (shown(got, expected) if name == "headers" else got) == expected, f"line {claim.line}"
        else:
            assert name in ("answer", "error", "listed"), f"line {claim.line}: a block {' '.join(claim.info)}"
            expected = json.loads(claim.text)
            assert shown(result, expected) == expected, f"line {claim.line}"


def _findings(text: str) -> list[str]:
    """Return the findings of a block, each with the indented lines below it."""
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith(" "):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def test_the_page_names_every_section_word_and_value() -> None:
    page = (ROOT / PAGE).read_text("utf-8")
    sections = [f"`{name}`" for name in FILE.fields]
    words = [f"`${word}`" for scope in vocabulary.SCOPES.values() for word in scope.words]
    kinds = [f"`{kind}`" for kind in (*vocabulary.ROLES, *vocabulary.BLOCK_KINDS, *vocabulary.HOOKS)]
    values = [f"`{value}`" for values in vocabulary.TABLES.values() for value in values or ()]

    assert [name for name in dict.fromkeys([*sections, *words, *kinds, *values]) if name not in page] == []
