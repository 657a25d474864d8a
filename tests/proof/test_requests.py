"""Every body that a provider sends is one that the vendor's published document allows."""

import asyncio
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

import pytest
from amplifier_core.message_models import ChatRequest
from hypothesis import given, settings
from hypothesis import strategies as st

from providergen.mapping import Mapping
from providergen.mapping.shape import Hole, List, Object, Shape
from tests.proof.behaviour import plain_answer
from tests.proof.conftest import Make
from tests.proof.corpus import MODELS, REQUESTS
from tests.proof.odd import requests
from tests.proof.packages import Package
from tests.support.peers import USED, Peer
from tests.support.replay import Replay
from tests.support.spoiling import misspelt, mistyped, reworded

Bodies = dict[tuple[str, str], dict[str, Any]]

# Where there are keys that a document does not know: it is a year old, or never told of them.
LATE = {
    "anthropic/openapi.tryagi-2026-05.yaml": {"thinking"},
    "anthropic/openapi.stainless-2025-12.yaml": {"output_config", "thinking"},
    "ollama/openapi.yaml": {"messages"},
}

# What a document leaves open: Google's tells the roles in prose, Ollama's servers differ in their options.
OPEN = {
    "google/generativelanguage.openapi3-2025-12.json": {"constant ('contents', 'role')"},
    "ollama/openapi.yaml": {f"key ('options', '{key}')" for key in ("num_predict", "temperature", "top_p", "stop")},
}

by_peer = pytest.mark.parametrize("peer", USED, ids=str)


async def sent(made: Package, vendor: str) -> Bodies:
    """Return the body of each request of the corpus, for each model, as it arrives."""
    bodies: Bodies = {}
    async with Replay() as server:
        provider = made.provider(server.url)
        for model in MODELS[vendor]:
            for name, fields in REQUESTS.items():
                request = ChatRequest.model_validate({"metadata": {"stream": False}, **fields, "model": model})
                streaming = (request.metadata or {}).get("stream") is True
                server.add(plain_answer(made, vendor, streaming=streaming))
                await provider.complete(request)
                bodies[model, name] = server.asked[-1].json()
        await provider.close()
    return bodies


def unchecked(mapping: Mapping, model: str) -> set[tuple[str, ...]]:
    """Return the places of a body, as paths of keys, that the mapping does not hold against the document."""
    overlay = next(((glob, found) for glob, found in mapping.for_model if fnmatchcase(model, glob)), None)
    used = overlay[1] if overlay else mapping
    prefix = f"for_model.{overlay[0]}." if overlay else None
    places: set[tuple[str, ...]] = set()
    for path in mapping.unchecked:
        rest = path.removeprefix(prefix) if prefix and path.startswith(prefix) else path
        if rest.startswith("for_model."):
            continue
        word, _, label = rest.partition(".")
        if word == "message":
            places |= {(*path, *label.split(".")[1:]) for path in holes_of(used.request, word, None)}
        elif word == "request":
            places.add(tuple(re.sub(r"\[[^]]*\]", "", label).split(".")))
        else:
            places |= set(holes_of(used.request, word, label or None))
    return places


def holes_of(shape: Shape, word: str, label: str | None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield where a request has the hole of a table."""
    match shape:
        case Hole(name=name) if name == word and shape.label == label:
            yield path
        case Object(entries=entries):
            yield from chain(*(holes_of(entry.shape, word, label, (*path, entry.key)) for entry in entries))
        case List(items=items, repeated=repeated):
            every = (*items, *(() if repeated is None else (repeated,)))
            yield from chain(*(holes_of(item, word, label, path) for item in every))


def without(body: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return a body without the value at a path, where it has one; the path leads through every item of a list."""
    key, *rest = path
    if key not in body:
        return body
    if rest and isinstance(body[key], dict):
        return body | {key: without(body[key], tuple(rest))}
    if rest and isinstance(body[key], list):
        return body | {key: [without(item, tuple(rest)) if isinstance(item, dict) else item for item in body[key]]}
    return {name: value for name, value in body.items() if name != key}


def refusal(peer: Peer, mapping: Mapping, body: dict[str, Any], model: str) -> tuple[str | None, set[str]]:
    """Return why a document refuses a body, and the unchecked keys that had to be set aside to find out."""
    reason, aside = peer.contract.refusal(peer.names.request, body, closed=True), set()
    if reason:
        for place in unchecked(mapping, model):
            if without(body, place) != body:
                aside.add(place[0])
                body = without(body, place)
        reason = peer.contract.refusal(peer.names.request, body, closed=True)
    return reason, aside


@by_peer
def test_bodies_are_allowed(peer: Peer, make: Make) -> None:
    made = make(peer.vendor, peer.document)
    refused, excused = {}, set()
    for (model, name), body in asyncio.run(sent(made, peer.vendor)).items():
        reason, aside = refusal(peer, made.mapping, body, model)
        excused |= aside
        if reason:
            refused[model, name] = reason

    assert refused == {}
    assert excused == LATE.get(peer.path, set())


@by_peer
def test_bodies_of_odd_requests_are_allowed(peer: Peer, make: Make) -> None:
    made = make(peer.vendor, peer.document)
    prepare, write, facts = made.part("call").prepare, made.part("request").body, made.part("catalog").facts
    settings_ = made.provider("http://127.0.0.1").settings

    @given(fields=requests(), model=st.sampled_from(MODELS[peer.vendor]))
    @settings(max_examples=150, deadline=None, derandomize=True)
    def allowed(fields: dict[str, Any], model: str) -> None:
        request = ChatRequest.model_validate({**fields, "model": model})
        body = json.loads(json.dumps(write(prepare(request, {}, settings_, facts, vendor=peer.vendor))))
        assert refusal(peer, made.mapping, body, model)[0] is None, body

    allowed()


@by_peer
def test_what_is_required_wrongly_is_unchecked(peer: Peer, make: Make) -> None:
    made = make(peer.vendor, peer.document)
    waived = {(key,) for schema, key in peer.loosened if schema == peer.names.request}

    assert waived <= unchecked(made.mapping, "any")


@by_peer
def test_bodies_that_are_wrong_in_one_place_are_refused(peer: Peer, make: Make) -> None:
    made = make(peer.vendor, peer.document)
    name, seen = peer.names.request, dict[str, bool]()
    for body in asyncio.run(sent(made, peer.vendor)).values():
        for where, spoilt in chain(misspelt(body), mistyped(body), reworded(body)):
            place = re.sub(r"\b\d+, ", "", where)
            if place not in seen:
                seen[place] = peer.contract.accepts(name, spoilt, closed=True)

    accepted = {place for place, passed in seen.items() if passed}
    assert accepted == OPEN.get(peer.path, set())
    assert len(seen) > 40
