"""A package made from the vendor's published document does what the one from our own document does."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.proof.behaviour import behaviour, expected
from tests.proof.conftest import Make
from tests.proof.packages import Package
from tests.support.cases import SPECS, VENDORS, cases
from tests.support.peers import USED, Peer
from tests.support.replay import Replay
from tests.support.tools import run_own_tests


def behaviours(made: Package, vendor: str) -> dict[str, dict[str, Any]]:
    """Return what comes of each case of the vendor."""

    async def run() -> dict[str, dict[str, Any]]:
        async with Replay() as server:
            return {case.name: await behaviour(made, case, server) for case in cases() if case.vendor == vendor}

    return asyncio.run(run())


def own(vendor: str) -> Path:
    """Return our own document of a vendor."""
    return SPECS / vendor / "openapi.yaml"


@pytest.mark.parametrize("vendor", VENDORS)
def test_cases_come_out_as_they_should(vendor: str, make: Make) -> None:
    seen = behaviours(make(vendor, own(vendor)), vendor)

    mine = [case for case in cases() if case.vendor == vendor]
    wrong = {case.name: seen[case.name] for case in mine if not expected(case, seen[case.name])}
    assert wrong == {}


@pytest.mark.parametrize("peer", USED, ids=str)
def test_cases_come_out_the_same_from_the_published_document(peer: Peer, make: Make) -> None:
    document = peer.document
    wanted, seen = (behaviours(make(peer.vendor, found), peer.vendor) for found in (own(peer.vendor), document))

    assert {name: seen[name] for name in wanted if seen[name] != wanted[name]} == {}
    assert len(seen) > 40


@pytest.mark.parametrize("peer", USED, ids=str)
def test_its_own_tests_pass(peer: Peer, make: Make, tmp_path: Path) -> None:
    made = make(peer.vendor, peer.document)

    assert " passed" in run_own_tests(made.folder, tmp_path)


def test_a_case_that_comes_out_otherwise_is_seen() -> None:
    case = next(case for case in cases("response") if case.expect.get("text"))

    assert not expected(case, {"text": "something else"})
