"""How many misspellings a check catches: every word of our mappings, one at a time.

Against our own documents at least 95 % of the vendor's keys, 75 % of the constants and all words of ours are refused,
and 90 % of the constants refused or noted. Against the published ones the same is not asked, for `unchecked` covers
more of them. What is left is listed here, with the reason.
"""

import json
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from providergen.check import check
from providergen.diagnostics import Diagnostic, Findings, Severity
from providergen.document import Document, load_document
from providergen.mapping import flattened, load_mapping
from tests.check.misspelling import Word, mutant, words
from tests.published import ROOT, published

VENDORS = {
    "openai-chat": "openai/openapi.yaml",
    "anthropic": "anthropic/openapi.tryagi-2026-05.yaml",
    "gemini": "google/generativelanguage.openapi3-2025-12.json",
}

# Words of which a misspelling is not refused: pattern and reason. A key with null deletes, so it gets a warning.
OPEN = {
    "openai-chat": {
        "constant *.json_schema.name:*": "a free name for the schema",
        "constant error_code.*": "the document has a free string",
        "constant error_type.*": "the document has a free string",
        "key for_model.*.request.*": "deletes a key; that it deletes none is a warning",
    },
    "anthropic": {
        "key for_model.claude-[*].request.*": "deletes a key; that it deletes none is a warning",
    },
    "gemini": {
        "key block.tool_result.functionResponse.response.result": "an open object",
        "constant response_format.*": "the document has a free string",
        "key stream.query.alt": "documents leave out query parameters: a note",
    },
}
UNCHECKED = {
    "openai-chat": {
        "key stream.events.error.error.*": "the published event has no error",
    },
    "anthropic": {
        "constant *.headers.anthropic-version:*": "the document has a free string",
        "* stream.events.error.*": "unchecked: the error event is described in prose only",
        "* response_format.json_schema.*": "unchecked: output_config is newer than the document",
        "* for_model.*.output_config.*": "unchecked: output_config is newer than the document",
        "* for_model.*.reasoning_effort.*": "unchecked: adaptive thinking is newer than the document",
        "constant finish_reason.length.*": "newer than the document",
    },
    "gemini": {
        "constant message.*.role:*": "the document has a free string",
        "constant finish_reason.*": "newer than the document",
        "constant stream.query.alt:*": "the document has no such parameter",
        "key stream.events.error.*": "unchecked: the document does not describe errors",
        "key error.*": "unchecked: the document does not describe errors",
        "constant error_type.*": "unchecked: the document does not describe errors",
    },
}


class _Measured:
    """One mapping against one document: what a check says of each misspelling."""

    def __init__(self, vendor: str, document: Path, *, without_unchecked: bool) -> None:
        findings = Findings()
        mapping = load_mapping(ROOT / "specs" / vendor / "mapping.yaml", findings)
        loaded = load_document(document, findings)
        assert mapping is not None, findings.found
        assert loaded is not None, findings.found
        self._document: Document = loaded
        self._flat = flattened(mapping)
        self._flat.pop("extends", None)
        if without_unchecked:
            self._flat.pop("unchecked", None)
        else:
            self._excuse_what_was_inherited()
        self._usual: dict[str, set[tuple[str, ...]]] = {}
        self.results = {word: self._result(word) for word in words(self._flat)}

    def _excuse_what_was_inherited(self) -> None:
        """Flattened, what the vendor lacks of its dialect is an error; it was a note."""
        errors = [finding for finding in self._found(self._flat) if finding.severity is Severity.ERROR]
        self._flat.setdefault("unchecked", {}).update({str(finding.place): "inherited" for finding in errors})

    def _result(self, word: Word) -> str:
        flat, glob = self._with_one_overlay(word)
        if glob not in self._usual:
            self._usual[glob] = {_key(finding) for finding in self._found(flat)}
            assert not any(key[0] == Severity.ERROR for key in self._usual[glob]), self._usual[glob]
        new = [finding for finding in self._found(mutant(flat, word)) if _key(finding) not in self._usual[glob]]
        if any(finding.severity is Severity.ERROR for finding in new):
            return "refused"
        return "noted" if new else "missed"

    def _with_one_overlay(self, word: Word) -> tuple[dict[str, Any], str]:
        """Return the mapping with the overlay that the word is in, or else its last one: the others cost time only."""
        overlays = self._flat.get("for_model")
        if not overlays:
            return self._flat, ""
        glob = str(word.path[1]) if word.path[0] == "for_model" and len(word.path) > 1 else list(overlays)[-1]
        return {**self._flat, "for_model": {glob: overlays[glob]}}, glob

    def _found(self, flat: dict[str, Any]) -> list[Diagnostic]:
        findings = Findings()
        mapping = load_mapping(Path("mapping.yaml"), findings, text=json.dumps(flat))
        if mapping is not None:
            check(mapping, self._document, findings)
        return findings.found

    def counted(self) -> Counter[tuple[str, str]]:
        return Counter((word.kind, result) for word, result in self.results.items())

    def unexplained(self, reasons: dict[str, str]) -> list[str]:
        left = [str(word) for word, result in self.results.items() if result != "refused"]
        return [word for word in left if not any(fnmatchcase(word, pattern) for pattern in reasons)]


def _key(finding: Diagnostic) -> tuple[str, ...]:
    return finding.severity, finding.code, finding.place or "", finding.message


def test_misspellings_are_refused_unless_our_document_is_open() -> None:
    own = {name: _Measured(name, ROOT / "specs" / name / "openapi.yaml", without_unchecked=True) for name in VENDORS}
    assert [word for name, measured in own.items() for word in measured.unexplained(OPEN[name])] == []
    total = sum((measured.counted() for measured in own.values()), Counter[tuple[str, str]]())

    def share(kind: str, *results: str) -> float:
        of_kind = sum(count for (one, _), count in total.items() if one == kind)
        return sum(total[kind, result] for result in results) / of_kind

    assert total.total() > 800
    assert share("key", "refused") >= 0.95
    assert share("word", "refused") == 1
    assert share("constant", "refused") >= 0.75
    assert share("constant", "refused", "noted") >= 0.90


@pytest.mark.parametrize("vendor", VENDORS)
def test_misspellings_are_refused_unless_the_published_document_is_open_or_unchecked(vendor: str) -> None:
    measured = _Measured(vendor, published(VENDORS[vendor]), without_unchecked=False)
    assert measured.unexplained(OPEN[vendor] | UNCHECKED[vendor]) == []
