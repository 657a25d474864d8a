"""Histories whose tool sequences are broken: what the vendor gets, what is reported, and how often."""

import logging
from typing import Any

import pytest
from amplifier_core import ChatRequest
from amplifier_core.message_models import Message

from tests.session.vendors import VENDORS, Vendor
from tests.session.wire import Said, conversation_of
from tests.support.replay import Replay
from tests.support.sessions import ORCHESTRATORS, conversation

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.usefixtures("packages", "without_keys"),
    pytest.mark.parametrize("vendor", VENDORS, ids=str),
]

by_orchestrator = pytest.mark.parametrize("orchestrator", ORCHESTRATORS)

PARIS, ROME = {"city": "Paris"}, {"city": "Rome"}
REPAIRED = "provider:tool_sequence_repaired"
REMINDER = "<system-reminder>Two tasks are open.</system-reminder>"


def called(*ids_and_cities: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Return an assistant's message with calls of the weather."""
    return {
        "role": "assistant",
        "content": [
            {"type": "tool_call", "id": id_, "name": "get_weather", "input": city} for id_, city in ids_and_cities
        ],
        "tool_calls": [{"id": id_, "tool": "get_weather", "arguments": city} for id_, city in ids_and_cities],
    }


def answered(id_: str, text: str) -> dict[str, Any]:
    """Return a tool's message."""
    return {"role": "tool", "tool_call_id": id_, "content": text}


def asked_for(text: str) -> dict[str, Any]:
    """Return a user's message."""
    return {"role": "user", "content": text}


BROKEN = [asked_for("Compare."), called(("call_1", PARIS), ("call_2", ROME)), answered("call_2", "rain")]


def assert_stands_in(said: Said, city: dict[str, Any]) -> None:
    """Check that a result was made up for the call of this city, and says so."""
    assert said[:2] == ("result", city)
    assert "missing" in said[2]


@by_orchestrator
async def test_a_lost_result_is_made_up_on_every_call_and_reported_once(
    vendor: Vendor, orchestrator: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        Replay(*vendor.answers(*["stream-text"] * 3)) as server,
        conversation(orchestrator, [vendor.entry(server)], history=BROKEN) as talk,
    ):
        await talk.say("Go on.")
        await talk.say("And on.")
        wires = [conversation_of(vendor, asked) for asked in server.asked]
        assert talk.recorder.of(REPAIRED) == talk.recorder.of(REPAIRED)[:1]
        assert talk.recorder.names(REPAIRED, "llm:request")[:2] == [REPAIRED, "llm:request"]

        context = talk.session.coordinator.get("context")
        await context.add_message(called(("call_3", ROME)))
        await talk.say("Well?")
        wires.append(conversation_of(vendor, server.asked[-1]))
        first, second = talk.recorder.of(REPAIRED)
        stored = await talk.messages()

    for wire in wires:
        user, paris, rome, made_up, rain, bridge, *_ = wire
        assert (user, paris, rome) == (
            ("user", "Compare."),
            ("call", "get_weather", PARIS),
            ("call", "get_weather", ROME),
        )
        assert_stands_in(made_up, PARIS)
        assert (rain, bridge[0]) == (("result", ROME, "rain"), "assistant")
    assert [wire[6] for wire in wires] == [("user", "Go on.")] * 3
    assert_stands_in(wires[2][-3], ROME)
    assert wires[2][-1] == ("user", "Well?")

    assert (first["provider"], first["repair_count"]) == (vendor.id, 1)
    assert first["repairs"] == [{"tool_call_id": "call_1", "tool_name": "get_weather"}]
    assert second["repairs"] == [{"tool_call_id": "call_3", "tool_name": "get_weather"}]
    warnings = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert [("call_1" in text, "call_3" in text) for text in warnings] == [(True, False), (False, True)]
    assert stored[: len(BROKEN)] == BROKEN


async def test_each_instance_reports_what_it_repairs(vendor: Vendor) -> None:
    async with Replay(*vendor.answers(*["stream-text"] * 2)) as server:
        for _ in range(2):
            async with conversation("loop-basic", [vendor.entry(server)], history=BROKEN) as talk:
                await talk.say("Go on.")
            assert len(talk.recorder.of(REPAIRED)) == 1
    assert server.asked[0].json() == server.asked[1].json()


@by_orchestrator
async def test_a_result_without_a_call_is_left_out_with_a_warning(
    vendor: Vendor, orchestrator: str, caplog: pytest.LogCaptureFixture
) -> None:
    history = [
        answered("call_0", "lost in compaction"),
        asked_for("Compare."),
        called(("call_1", PARIS)),
        answered("call_1", "sunny"),
        answered("call_1", "sunny again"),
        answered("call_9", "nobody asked"),
    ]
    async with (
        Replay(*vendor.answers(*["stream-text"] * 2)) as server,
        conversation(orchestrator, [vendor.entry(server)], history=history) as talk,
    ):
        await talk.say("Go on.")
        await talk.say("And on.")
        wires = [conversation_of(vendor, asked) for asked in server.asked]

    expected = [
        ("user", "Compare."),
        ("call", "get_weather", PARIS),
        ("result", PARIS, "sunny"),
        ("user", "Go on."),
    ]
    assert [wire[:4] for wire in wires] == [expected] * 2
    (warning,) = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert ("call_0" in warning, "call_9" in warning) == (True, True)
    assert not talk.recorder.of(REPAIRED)


@by_orchestrator
async def test_a_result_behind_a_reminder_goes_to_its_call(vendor: Vendor, orchestrator: str) -> None:
    history = [asked_for("Weather?"), called(("call_1", PARIS)), asked_for(REMINDER), answered("call_1", "sunny")]
    async with (
        Replay(vendor.answer("stream-text")) as server,
        conversation(orchestrator, [vendor.entry(server)], history=history) as talk,
    ):
        await talk.say("Go on.")
        wire = conversation_of(vendor, server.asked[0])

    assert wire == [
        ("user", "Weather?"),
        ("call", "get_weather", PARIS),
        ("result", PARIS, "sunny"),
        ("user", REMINDER),
        ("user", "Go on."),
    ]
    assert not talk.recorder.of(REPAIRED)


@pytest.mark.parametrize(("text", "bridges"), [("Never mind.", 1), (REMINDER, 0)], ids=["user", "reminder"])
async def test_a_reminder_is_no_turn_of_the_user(vendor: Vendor, text: str, bridges: int) -> None:
    messages = [asked_for("Weather?"), called(("call_1", PARIS)), asked_for(text)]
    async with (
        Replay(vendor.answer("stream-text")) as server,
        conversation("loop-basic", [vendor.entry(server)]) as talk,
    ):
        request = ChatRequest(messages=[Message.model_validate(message) for message in messages])
        before = request.model_dump()
        await talk.providers[vendor.id].complete(request)
        wire = conversation_of(vendor, server.asked[0])

    assert request.model_dump() == before
    assert_stands_in(wire[2], PARIS)
    assert [said[0] for said in wire[3:]] == ["assistant"] * bridges + ["user"]
    (event,) = talk.recorder.of(REPAIRED)
    assert event.get("synthetic_assistant_count", 0) == bridges
