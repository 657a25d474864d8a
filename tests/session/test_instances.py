"""Several providers in one session, and one in several: whose key, whose address, whose totals, whose connections."""

import json
from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from amplifier_core import ChatRequest
from amplifier_core.events import ALL_EVENTS
from amplifier_core.message_models import Message

from tests.session.vendors import KEY, THINKING, VENDORS, Vendor
from tests.session.wire import conversation_of, entrusted, leaves, model_of
from tests.support.replay import Asked, Replay
from tests.support.sessions import ORCHESTRATORS, Conversation, conversation

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("packages", "without_keys")]

by_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=str)
by_priced_vendor = pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if vendor.priced], ids=str)
by_orchestrator = pytest.mark.parametrize("orchestrator", ORCHESTRATORS)

OTHER_KEY = "sk-test-0th3r0th3r0th3r9876543210"


def keys_in(asked: Asked) -> set[str]:
    """Return the keys of these tests that a request shows."""
    shown = json.dumps([dict(asked.headers), asked.target])
    return {key for key in (KEY, OTHER_KEY) if key in shown}


async def costs(talk: Conversation) -> list[dict[str, Any]]:
    """Return what providers say they have cost, as the application collects it."""
    return [cost for cost in await talk.contributions("session.cost") if cost is not None]


def told_costs(talk: Conversation) -> Decimal:
    """Return the sum of what the events of a session say of costs."""
    return sum((Decimal(event["usage"]["cost_usd"]) for event in talk.recorder.of("llm:response")), Decimal(0))


@pytest.mark.parametrize("pair", [*permutations(VENDORS, 2)], ids=lambda pair: "-then-".join(map(str, pair)))
async def test_another_vendor_goes_on_where_the_first_one_stopped(pair: Sequence[Vendor]) -> None:
    first, second = pair
    opening = first.case("stream-thinking" if first in THINKING else "stream-text")
    calling = first.case("stream-tool-calls-parallel")
    answers = first.answers(opening.name, calling.name, "stream-text")
    async with Replay(*answers) as here, Replay(second.answer("stream-text")) as there:
        entries = [first.entry(here, priority="1"), second.entry(there, priority="2", api_key=OTHER_KEY)]
        async with conversation("loop-streaming", entries) as talk:
            await talk.say("Is 17 prime?")
            await talk.say("Compare Paris and Rome.")
            talk.providers[first.id].priority = 3
            assert await talk.say("Go on.") == "Paris is the capital."
            (asked,) = there.asked
            wire = conversation_of(second, asked)

    assert [event["provider"] for event in talk.recorder.of("llm:request")] == [first.id] * 3 + [second.id]
    assert [keys_in(asked) for asked in (*here.asked, *there.asked)] == [{KEY}] * 3 + [{OTHER_KEY}]
    calls = [block for block in calling.expect["blocks"] if block["type"] == "tool_call"]
    assert [said[1:] for said in wire if said[0] == "call"] == [(call["name"], call["input"]) for call in calls]
    assert [said[1] for said in wire if said[0] == "result"] == [call["input"] for call in calls]
    assert [said for said in wire if said[0] == "user"][-1] == ("user", "Go on.")
    assert not [said for said in wire if said[0] == "thinking"]
    assert entrusted([*opening.expect["blocks"], *calls]).isdisjoint(leaves(asked.json()))
    assert not talk.recorder.of("provider:tool_sequence_repaired", "provider:error")


@by_orchestrator
@by_vendor
async def test_two_instances_share_nothing(vendor: Vendor, orchestrator: str) -> None:
    async with (
        Replay(*vendor.answers("stream-text", "stream-text")) as here,
        Replay(vendor.answer("stream-tool-call"), vendor.answer("stream-text")) as there,
    ):
        entries = [
            vendor.entry(here, priority="5", default_model=vendor.thinker),
            vendor.entry(there, instance="spare", priority="7", api_key=OTHER_KEY, default_model=vendor.thinker),
        ]
        async with conversation(orchestrator, entries) as talk:
            await talk.say("Hello.")
            await talk.say("And again.")
            talk.providers["spare"].priority = 1
            await talk.say("Weather?")
            wires = [conversation_of(vendor, asked) for asked in (*here.asked, *there.asked)]

    assert [keys_in(asked) for asked in here.asked] == [{KEY}] * 2
    assert [keys_in(asked) for asked in there.asked] == [{OTHER_KEY}] * 2
    assert [len(wire) for wire in wires] == sorted({len(wire) for wire in wires})


@by_priced_vendor
async def test_each_instance_tells_its_own_costs(vendor: Vendor) -> None:
    async with (
        Replay(*vendor.answers("stream-text", "stream-text")) as here,
        Replay(vendor.answer("stream-thinking" if vendor in THINKING else "stream-text-then-call")) as there,
    ):
        config = {"default_model": vendor.thinker}
        entries = [vendor.entry(here, **config), vendor.entry(there, instance="spare", priority="200", **config)]
        async with conversation("loop-basic", entries, settings={"max_iterations": 1}) as talk:
            assert await costs(talk) == []
            await talk.say("Hello.")
            (own,) = await costs(talk)
            await talk.say("And again.")
            total = told_costs(talk)
            talk.providers["spare"].priority = 1
            await talk.say("Weather?")
            both = await costs(talk)

    assert {type(cost["cost_usd"]) for cost in both} == {str}
    assert Decimal(own["cost_usd"]) * 2 == total == Decimal(both[0]["cost_usd"]) > 0
    assert sum(Decimal(cost["cost_usd"]) for cost in both) == told_costs(talk) > total


@by_vendor
async def test_a_model_without_a_price_is_listed_and_costs_nobody_knows_what(vendor: Vendor) -> None:
    async with (
        Replay(*vendor.answers("stream-text", "stream-text")) as server,
        conversation("loop-basic", [vendor.entry(server, default_model="no-such-model")]) as talk,
    ):
        await talk.say("Hello.")
        assert await costs(talk) == [{"cost_usd": None, "unpriced_models": ["no-such-model"]}]
        assert talk.recorder.of("llm:response")[0]["usage"]["cost_usd"] is None
        request = ChatRequest(messages=[Message(role="user", content="Hello.")], model=vendor.thinker)
        await talk.providers[vendor.id].complete(request)
        (cost,) = await costs(talk)
    unpriced = [] if vendor.priced else [vendor.thinker]
    assert cost["unpriced_models"] == sorted(["no-such-model", *unpriced])
    assert (cost["cost_usd"] is not None) == vendor.priced


@by_orchestrator
@by_vendor
async def test_a_sub_session_with_a_priority_and_a_model_of_its_own(vendor: Vendor, orchestrator: str) -> None:
    other = next(one for one in VENDORS if one != vendor)
    injected = {"priority": 0, "default_model": vendor.thinker, "matrix_role": "fast", "instance_id": None}
    async with (
        Replay(vendor.answer("stream-text")) as below_server,
        Replay(*other.answers("stream-text", "stream-text")) as main,
    ):
        plan = [vendor.entry(below_server, priority="20"), other.entry(main, priority="10")]
        async with conversation(orchestrator, plan) as parent:
            await parent.say("Hello.")
            below = [{**plan[0], "config": {**plan[0]["config"], **injected}}, plan[1]]
            async with conversation(orchestrator, below, parent=parent) as child:
                assert (child.providers[vendor.id].priority, parent.providers[vendor.id].priority) == (0, 20)
                await child.say("Hello from below.")
            await parent.say("Hello again.")
        (asked,) = below_server.asked
        wires = [conversation_of(other, one) for one in main.asked]

    assert model_of(vendor, asked) == vendor.thinker
    assert conversation_of(vendor, asked) == [("user", "Hello from below.")]
    assert [wire[-1] for wire in wires] == [("user", "Hello."), ("user", "Hello again.")]
    (event,) = child.recorder.of("llm:response")
    assert (event["parent_id"], event["provider"]) == (parent.session.session_id, vendor.id)
    assert [event["provider"] for event in parent.recorder.of("llm:response")] == [other.id] * 2


@by_vendor
async def test_all_events_are_known_or_contributed(vendor: Vendor) -> None:
    async with (
        Replay(*vendor.answers("stream-tool-call", "stream-text")) as server,
        conversation("loop-basic", [vendor.entry(server), vendor.entry(server, instance="spare")]) as talk,
    ):
        contributions = await talk.contributions("observability.events")
        await talk.say("Weather?")
    assert len(contributions) == 2
    for names in contributions:
        assert {"llm:stream_block_start", "llm:stream_block_delta", "llm:stream_block_end"} <= set(names)
        assert "llm:stream_aborted" in names
        assert not set(names) & set(ALL_EVENTS)
    requests = {event["request_id"] for event in talk.recorder.of("llm:request")}
    streamed = talk.recorder.of(*contributions[0])
    assert {event["request_id"] for event in streamed} == requests


@by_vendor
async def test_closing_twice_ends_the_connections_once(vendor: Vendor) -> None:
    async with Replay(*vendor.answers("stream-text", "stream-text")) as server:
        async with conversation("loop-basic", [vendor.entry(server)]) as talk:
            await talk.say("Hello.")
            provider = talk.providers[vendor.id]
            await talk.session.cleanup()
            await server.left()  # the first cleanup has closed them
            await provider.close()
        await talk.session.cleanup()
        request = ChatRequest(messages=[Message(role="user", content="Hello.")])
        assert (await provider.complete(request)).text == "Paris is the capital."
        await provider.close()
        await server.left()


@by_vendor
async def test_a_session_that_said_nothing_closes_too(vendor: Vendor) -> None:
    async with Replay() as server:
        async with conversation("loop-basic", [vendor.entry(server)]) as talk:
            assert await talk.contributions("session.cost") in ([], [None])
            await talk.session.cleanup()
        assert server.asked == []
