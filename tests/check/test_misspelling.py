"""How many misspellings a check catches: every word of our mappings, one at a time, against every document of theirs.

What is not refused is listed in survivors.yaml with the reason, and nothing else is listed there. Over all mappings
that leaves, against our own documents and against published ones with `unchecked` in force, at least 95 % of the
vendor's keys refused, 75 % of the constants, and all of our own words; 90 % of the constants are refused or noted.
"""

import json
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from providergen.check import check
from providergen.diagnostics import Diagnostic, Findings, Severity
from providergen.document import load_document
from providergen.mapping import flattened, load_mapping
from tests.check.misspelling import Word, mutant, words
from tests.published import ROOT, published

SURVIVORS: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
    Path(__file__).with_name("survivors.yaml").read_text("utf-8")
)
PAIRS = [(vendor, document) for vendor, documents in SURVIVORS.items() for document in documents]

# What a check may say of a misspelling, the worst last.
_RESULTS = ("refused", "noted", "missed")
_Key = tuple[str, ...]


class _Measured:
    """A mapping against a document: what a check says of the misspellings that it does not refuse (`left`)."""

    def __init__(self, vendor: str, document: Path) -> None:
        findings = Findings()
        loaded = load_document(document, findings)
        assert loaded is not None, findings.found
        self._document = loaded
        self._flat = _flat(vendor)
        self._overlays = self._flat.pop("for_model", {})
        self._excuse_what_was_inherited()
        self._usual: dict[tuple[str, ...], set[_Key]] = {}
        every = words(self._with(*self._overlays))
        self.left = {word: result for word in every if (result := self._result(word)) != "refused"}

    def _with(self, *globs: str) -> dict[str, Any]:
        """Return the mapping with these of its overlays."""
        overlays = {glob: self._overlays[glob] for glob in globs}
        return {**self._flat, "for_model": overlays} if overlays else self._flat

    def _excuse_what_was_inherited(self) -> None:
        """Flattened, what the vendor lacks of its dialect is an error; it was a note."""
        found = self._found(self._with(*self._overlays))
        errors = [finding for finding in found if finding.severity is Severity.ERROR]
        self._flat.setdefault("unchecked", {}).update({str(finding.place): "inherited" for finding in errors})

    def _result(self, word: Word) -> str:
        """Return the best result with as few overlays as matter: the others cost time only.

        A word of an overlay needs that one; any other word mostly none, but perhaps one that uses what the word is in.
        """
        last = list(self._overlays)[-1:]
        if word.path[0] == "for_model":
            return self._judged(word, *map(str, word.path[1:2] or last))
        result = self._judged(word)
        return min(result, self._judged(word, *last), key=_RESULTS.index) if last and result != "refused" else result

    def _judged(self, word: Word, *globs: str) -> str:
        flat = self._with(*globs)
        if globs not in self._usual:
            self._usual[globs] = {_key(finding) for finding in self._found(flat)}
            assert not any(severity == Severity.ERROR for severity, *_ in self._usual[globs]), self._usual
        new = [finding for finding in self._found(mutant(flat, word)) if _key(finding) not in self._usual[globs]]
        severities = {finding.severity for finding in new}
        return "refused" if Severity.ERROR in severities else "noted" if severities else "missed"

    def _found(self, flat: dict[str, Any]) -> list[Diagnostic]:
        findings = Findings()
        mapping = load_mapping(Path("mapping.yaml"), findings, text=json.dumps(flat))
        if mapping is not None:
            check(mapping, self._document, findings)
        return findings.found


def _flat(vendor: str) -> dict[str, Any]:
    """Return a mapping of specs/ with what it extends."""
    findings = Findings()
    mapping = load_mapping(ROOT / "specs" / vendor / "mapping.yaml", findings)
    assert mapping is not None, findings.found
    flat = flattened(mapping)
    flat.pop("extends", None)
    return flat


def _key(finding: Diagnostic) -> _Key:
    return finding.severity, finding.code, finding.place or "", finding.message


def _listed(word: Word, patterns: dict[str, str]) -> str:
    """Return what is listed for a word."""
    return next(
        (result for result in _RESULTS[1:] if any(fnmatchcase(f"{result} {word}", pattern) for pattern in patterns)),
        "refused",
    )


def test_every_mapping_is_measured_against_our_own_document() -> None:
    mapped = {path.parent.name for path in ROOT.glob("specs/*/mapping.yaml")}
    assert {vendor for vendor, document in PAIRS if document == "own"} == mapped


@pytest.mark.parametrize(("vendor", "document"), PAIRS, ids=map(" against ".join, PAIRS))
def test_a_misspelling_is_refused_but_for_those_listed(vendor: str, document: str) -> None:
    path = ROOT / "specs" / vendor / "openapi.yaml" if document == "own" else published(document)
    patterns = SURVIVORS[vendor][document]
    left = [f"{result} {word}" for word, result in _Measured(vendor, path).left.items()]
    unlisted = [one for one in left if not any(fnmatchcase(one, pattern) for pattern in patterns)]
    needless = [pattern for pattern in patterns if not any(fnmatchcase(one, pattern) for one in left)]
    assert (unlisted, needless) == ([], [])


@pytest.mark.parametrize("own", [True, False], ids=["our own documents", "published ones"])
def test_those_listed_leave_enough_refused(own: bool) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for vendor, document in PAIRS:
        if (document == "own") is own:
            counts.update((word.kind, _listed(word, SURVIVORS[vendor][document])) for word in words(_flat(vendor)))

    def share(kind: str, *results: str) -> float:
        return sum(counts[kind, result] for result in results) / sum(counts[kind, result] for result in _RESULTS)

    assert counts.total() > 1500
    assert share("key", "refused") >= 0.95
    assert share("word", "refused") == 1
    assert share("constant", "refused") >= 0.75
    assert share("constant", "refused", "noted") >= 0.90
