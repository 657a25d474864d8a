"""The pinned document stands for the whole one: the same files are generated from it."""

from pathlib import Path

import pytest

from providergen.diagnostics import Findings, Severity
from providergen.generate import build
from providergen.sources import PINNED_NAME
from tests.support.cases import SPECS, VENDORS
from tests.support.peers import USED, Peer


def assert_pinned(vendor: str, document: Path, folder: Path) -> None:
    """Check that a package generated from its pinned document is the same to the byte."""
    mapping = SPECS / vendor / "mapping.yaml"
    first = build(mapping, document, Findings())
    assert first is not None
    pinned = folder / PINNED_NAME
    pinned.write_bytes(first.owned[PINNED_NAME])
    findings = Findings()
    again = build(mapping, pinned, findings)
    assert again is not None, findings.found
    assert [path for path in first.owned | again.owned if first.owned.get(path) != again.owned.get(path)] == []
    assert pinned.stat().st_size < document.stat().st_size * 4
    assert not [found for found in findings.found if found.severity is Severity.ERROR]


@pytest.mark.parametrize("vendor", VENDORS)
def test_our_documents(vendor: str, tmp_path: Path) -> None:
    assert_pinned(vendor, SPECS / vendor / "openapi.yaml", tmp_path)


@pytest.mark.parametrize("peer", USED, ids=str)
def test_published_documents(peer: Peer, tmp_path: Path) -> None:
    assert_pinned(peer.vendor, peer.document, tmp_path)
