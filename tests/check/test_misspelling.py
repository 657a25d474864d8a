"""How many misspellings a check catches: every word of our mappings, one at a time.

Of the vendor's keys at least 95 % are refused, of the constants 75 %, of our own words all; 90 % of the constants are
refused or noted. That holds for our own documents and for the published ones, with `unchecked` in force. What is left
is listed here, with the reason.
"""

import json
from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from providergen.check import check
from providergen.diagnostics import Diagnostic, Findings, Severity
from providergen.document import load_document
from providergen.mapping import flattened, load_mapping
from tests.check.misspelling import Word, mutant, words
from tests.published import ROOT, folder, published

OWN = {name: f"specs/{name}/openapi.yaml" for name in ("openai-chat", "anthropic", "gemini")}
PUBLISHED = {
    "openai/openapi.yaml": "openai-chat",
    "anthropic/openapi.tryagi-2026-05.yaml": "anthropic",
    "anthropic/openapi.stainless-2025-12.yaml": "anthropic",
    "google/generativelanguage.openapi3-2025-12.json": "gemini",
}

# Words of which a misspelling is not refused: pattern and reason.
OPEN = {
    "openai-chat": {
        "constant *.json_schema.name:*": "a free name for the schema",
        "constant error_code.*": "the document has a free string",
        "constant error_type.*": "the document has a free string",
    },
    "anthropic": {},
    "gemini": {
        "key block.tool_result.functionResponse.response.result": "an open object",
        "constant response_format.*": "the document has a free string",
        "key stream.query.alt": "documents leave out query parameters: a note",
    },
}
_ANTHROPIC = {
    "constant *.headers.anthropic-version:*": "the document has a free string",
    "constant finish_reason.length.*": "newer than the document",
}
UNCHECKED = {
    "openai/openapi.yaml": {},
    "anthropic/openapi.tryagi-2026-05.yaml": _ANTHROPIC,
    "anthropic/openapi.stainless-2025-12.yaml": _ANTHROPIC
    | {
        "* response_format.json_schema.*": "unchecked: output_config is newer than the document",
        "key for_model.*.output_config.*": "unchecked: output_config is newer than the document",
        "constant *reasoning_effort.effort.*": "unchecked: output_config is newer than the document",
        "constant reasoning_effort.adaptive.*": "unchecked: adaptive thinking is newer than the document",
    },
    "google/generativelanguage.openapi3-2025-12.json": {
        "constant finish_reason.*": "newer than the document",
        "constant stream.query.alt:*": "the document has no such parameter",
        "constant error_type.*": "the document does not describe errors",
    },
}


class _Measured:
    """One mapping against several documents: what a check says of each misspelling."""

    def __init__(self, vendor: str, documents: dict[str, Path]) -> None:
        findings = Findings()
        mapping = load_mapping(ROOT / "specs" / vendor / "mapping.yaml", findings)
        loaded = {name: load_document(path, findings) for name, path in documents.items()}
        assert mapping is not None, findings.found
        self._documents = {name: document for name, document in loaded.items() if document is not None}
        assert self._documents.keys() == documents.keys(), findings.found
        self._flat = flattened(mapping)
        self._flat.pop("extends", None)
        self._excuse_what_was_inherited()
        self._usual: dict[str, dict[str, set[tuple[str, ...]]]] = {}
        self.results: dict[str, dict[Word, str]] = {name: {} for name in documents}
        for word in words(self._flat):
            for name, result in self._result(word).items():
                self.results[name][word] = result

    def _excuse_what_was_inherited(self) -> None:
        """Flattened, what the vendor lacks of its dialect is an error; it was a note."""
        found = [finding for findings in self._found(self._flat).values() for finding in findings]
        errors = [finding for finding in found if finding.severity is Severity.ERROR]
        self._flat.setdefault("unchecked", {}).update({str(finding.place): "inherited" for finding in errors})

    def _result(self, word: Word) -> dict[str, str]:
        flat, glob = self._with_one_overlay(word)
        if glob not in self._usual:
            usual = {name: {_key(finding) for finding in found} for name, found in self._found(flat).items()}
            assert not any(key[0] == Severity.ERROR for keys in usual.values() for key in keys), usual
            self._usual[glob] = usual
        return {
            name: _judged(finding for finding in found if _key(finding) not in self._usual[glob][name])
            for name, found in self._found(mutant(flat, word)).items()
        }

    def _with_one_overlay(self, word: Word) -> tuple[dict[str, Any], str]:
        """Return the mapping with the overlay that the word is in, or else its last one: the others cost time only."""
        overlays = self._flat.get("for_model")
        if not overlays:
            return self._flat, ""
        glob = str(word.path[1]) if word.path[0] == "for_model" and len(word.path) > 1 else list(overlays)[-1]
        return {**self._flat, "for_model": {glob: overlays[glob]}}, glob

    def _found(self, flat: dict[str, Any]) -> dict[str, list[Diagnostic]]:
        """Return what is found, by document; the mapping is loaded once for all."""
        loading = Findings()
        mapping = load_mapping(Path("mapping.yaml"), loading, text=json.dumps(flat))
        found = {}
        for name, document in self._documents.items():
            findings = Findings([*loading.found])
            if mapping is not None:
                check(mapping, document, findings)
            found[name] = findings.found
        return found

    def counted(self, document: str) -> Counter[tuple[str, str]]:
        return Counter((word.kind, result) for word, result in self.results[document].items())

    def unexplained(self, document: str, reasons: dict[str, str]) -> list[str]:
        left = [str(word) for word, result in self.results[document].items() if result != "refused"]
        return [word for word in left if not any(fnmatchcase(word, pattern) for pattern in reasons)]


def _key(finding: Diagnostic) -> tuple[str, ...]:
    return finding.severity, finding.code, finding.place or "", finding.message


def _judged(new: Iterable[Diagnostic]) -> str:
    severities = {finding.severity for finding in new}
    return "refused" if Severity.ERROR in severities else "noted" if severities else "missed"


@cache
def _measured(vendor: str) -> _Measured:
    """Measure a mapping against our document and those published ones that are there; once for all tests."""
    theirs = {name: folder() / name for name, one in PUBLISHED.items() if one == vendor}
    present = {name: path for name, path in theirs.items() if path.is_file()}
    return _Measured(vendor, {"own": ROOT / OWN[vendor], **present})


def _enough(counts: Iterable[Counter[tuple[str, str]]]) -> None:
    total = sum(counts, Counter[tuple[str, str]]())

    def share(kind: str, *results: str) -> float:
        of_kind = sum(count for (one, _), count in total.items() if one == kind)
        return sum(total[kind, result] for result in results) / of_kind

    assert total.total() > 800
    assert share("key", "refused") >= 0.95
    assert share("word", "refused") == 1
    assert share("constant", "refused") >= 0.75
    assert share("constant", "refused", "noted") >= 0.90


@pytest.mark.parametrize("vendor", OWN)
def test_a_misspelling_is_refused_unless_our_document_is_open(vendor: str) -> None:
    assert _measured(vendor).unexplained("own", OPEN[vendor]) == []


@pytest.mark.parametrize(("document", "vendor"), PUBLISHED.items(), ids=PUBLISHED)
def test_a_misspelling_is_refused_unless_the_published_document_is_open_or_unchecked(
    document: str, vendor: str
) -> None:
    published(document)
    assert _measured(vendor).unexplained(document, OPEN[vendor] | UNCHECKED[document]) == []


def test_enough_misspellings_are_refused_with_our_documents() -> None:
    _enough(_measured(vendor).counted("own") for vendor in OWN)


def test_enough_misspellings_are_refused_with_the_published_documents() -> None:
    for document in PUBLISHED:
        published(document)
    _enough(_measured(vendor).counted(document) for document, vendor in PUBLISHED.items())
