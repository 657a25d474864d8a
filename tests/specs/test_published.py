"""The cases hold what the vendors' published documents allow, except where those are wrong or silent."""

from fnmatch import fnmatchcase

import pytest

from tests.support.cases import Case, cases
from tests.support.peers import PEERS, Peer
from tests.support.schemas import payloads

PAIRS = [(peer, case) for peer in PEERS for case in cases() if case.vendor == peer.vendor]


def refusals(peer: Peer, case: Case) -> list[str]:
    """Return why the document refuses payloads of the case."""
    contract = peer.contract
    closed = peer.current or case.kind == "request"
    found = (contract.refusal(name, payload, closed=closed) for name, payload in payloads(case, peer.names))
    return [refusal for refusal in found if refusal]


@pytest.mark.parametrize(("peer", "case"), PAIRS, ids=[f"{peer.path}-{case}" for peer, case in PAIRS])
def test_payloads_fit_the_published_document(peer: Peer, case: Case) -> None:
    reason = next((why for pattern, why in peer.refuses.items() if fnmatchcase(case.name, pattern)), None)

    refused = refusals(peer, case)

    if reason is None:
        assert refused == []
    else:
        assert refused, f"the document has learnt: {reason}"


@pytest.mark.parametrize("peer", PEERS, ids=str)
def test_excuses_are_needed(peer: Peer) -> None:
    names = [case.name for case in cases() if case.vendor == peer.vendor]

    assert [pattern for pattern in peer.refuses if not any(fnmatchcase(name, pattern) for name in names)] == []
    assert [key for schema, key in peer.loosened if key not in peer.contract.schemas[schema]["required"]] == []


@pytest.mark.parametrize("peer", PEERS, ids=str)
def test_bodies_that_must_be_refused_are(peer: Peer) -> None:
    contract, name = peer.contract, peer.names.request
    good = next(
        case.expect["body"] for case in cases() if (case.vendor, case.name) == (peer.vendor, "request-named-tool")
    )
    turns = next(key for key in ("messages", "contents", "input") if key in good)
    wrong = {
        "no conversation": {key: value for key, value in good.items() if key != turns},
        "conversation of a wrong type": good | {turns: 7},
        "unknown key": good | {"temprature": 1},
        "turn of a wrong type": good | {turns: [7]},
        "unknown key of a turn": good | {turns: [good[turns][0] | {"rol": "user"}]},
        "tools of a wrong type": good | {"tools": "get_weather"},
        "unknown key of a tool": good | {"tools": [good["tools"][0] | {"functionn": {}}]},
    }
    if turns not in contract.schemas[name].get("required", ()):
        del wrong["no conversation"]

    assert contract.accepts(name, good, closed=True)
    assert [what for what, body in wrong.items() if contract.accepts(name, body, closed=True)] == []
