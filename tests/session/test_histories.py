"""Histories as sessions grow and store them, seen from the vendor: tools, compaction, resumption, what hooks inject."""

import json
from typing import Any

import pytest
from amplifier_core import HookResult, ToolResult

from tests.session.vendors import VENDORS, Vendor
from tests.session.wire import conversation_of, entrusted, leaves, system_of
from tests.support.cases import Case, cases
from tests.support.replay import Replay
from tests.support.sessions import ORCHESTRATORS, conversation

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("packages", "without_keys")]

by_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=str)
by_orchestrator = pytest.mark.parametrize("orchestrator", ORCHESTRATORS)

PARIS, ROME = {"city": "Paris"}, {"city": "Rome"}
TRACES = ("_truncated", "_stubbed", "timestamp", "visibility", "thinking_block", "metadata", "original_tokens")


class Unreliable:
    """A weather service that breaks for Paris and has no news of Rome."""

    name = "get_weather"
    description = "Tell the weather of a city"
    input_schema: dict[str, Any] = {"type": "object", "properties": {"city": {"type": "string"}}}

    async def execute(self, input: dict[str, Any]) -> ToolResult:  # noqa: A002  (the kernel's name)
        """Fail."""
        if input == PARIS:
            raise OSError("the wire is cut")
        return ToolResult(success=False, error={"message": "no news"})


@pytest.mark.parametrize("reply", ["tool-calls-parallel", "stream-tool-calls-parallel"])
@by_orchestrator
@by_vendor
async def test_parallel_tools_that_fail_answer_their_own_calls(vendor: Vendor, orchestrator: str, reply: str) -> None:
    streaming = reply.startswith("stream")
    answers = vendor.answers(reply, "stream-text" if streaming else "answer")
    async with (
        Replay(*answers) as server,
        conversation(orchestrator, [vendor.entry(server, use_streaming=streaming)]) as talk,
    ):
        await talk.session.coordinator.mount("tools", Unreliable(), name="get_weather")
        assert (await talk.say("Compare Paris and Rome.")).startswith("Paris is the capital")
        wire = conversation_of(vendor, server.asked[1])

    outcomes = {"Paris": "Error executing tool: the wire is cut", "Rome": "no news", None: "12:00"}
    calls = [block for block in vendor.case(reply).expect["blocks"] if block["type"] == "tool_call"]
    assert wire[0] == ("user", "Compare Paris and Rome.")
    assert [said[1:] for said in wire if said[0] == "call"] == [(call["name"], call["input"]) for call in calls]
    assert [said[1:] for said in wire if said[0] == "result"] == [
        (call["input"], outcomes[call["input"].get("city")]) for call in calls
    ]
    assert not talk.recorder.of("provider:tool_sequence_repaired")


@by_orchestrator
@by_vendor
async def test_a_compacted_history_leaves_no_trace_of_it(vendor: Vendor, orchestrator: str) -> None:
    call = {"id": "call_1", "tool": "get_weather", "arguments": PARIS}
    history: list[dict[str, Any]] = [
        {"role": "system", "content": "Be brief.", "metadata": {"timestamp": "2026-11-22T10:00:00Z"}},
        {"role": "system", "content": "[Summary] They spoke of cities.", "metadata": {"compacted": True}},
        {"role": "user", "content": "[User message compacted]", "_stubbed": True},
        {
            "role": "assistant",
            "content": "",  # the calls stand in the extra alone
            "tool_calls": [call, call],
            "thinking_block": {"type": "thinking", "thinking": "Hm.", "signature": "c2ln", "visibility": "internal"},
            "metadata": {"timestamp": "2026-11-22T10:00:01Z"},
        },
        {
            "role": "tool",
            "tool_call_id": "call_1",
            "name": "get_weather",
            "content": "[truncated: ~2,000 tokens] sunny",
            "_truncated": True,
            "_original_tokens": 2000,
        },
        {"role": "assistant", "content": [{"type": "text", "text": "Sunny.", "visibility": "user"}], "_stubbed": True},
    ]
    async with (
        Replay(vendor.answer("stream-text")) as server,
        conversation(orchestrator, [vendor.entry(server)], history=history) as talk,
    ):
        await talk.say("And what is Paris?")
        (asked,) = server.asked
        wire = conversation_of(vendor, asked)

    assert wire == [
        ("user", "[User message compacted]"),
        ("call", "get_weather", PARIS),
        ("result", PARIS, "[truncated: ~2,000 tokens] sunny"),
        ("assistant", "Sunny."),
        ("user", "And what is Paris?"),
    ]
    said = system_of(vendor, asked)
    assert ("Be brief." in said, "[Summary] They spoke of cities." in said) == (True, True)
    assert [trace for trace in TRACES if trace in asked.body.decode()] == []
    assert not talk.recorder.of("provider:tool_sequence_repaired")


def told_in_full() -> list[Case]:
    """Return the replies with more than plain text: what they hold must survive storage."""
    return [
        case
        for case in cases("response", "stream")
        if case.vendor in {vendor.id for vendor in VENDORS}
        and any(set(block) - {"type", "text"} for block in case.expect.get("blocks", ()))
    ]


def is_sealed(block: dict[str, Any]) -> bool:
    """Return whether thinking can go back: some vendors take only what they have signed or encrypted."""
    values = [value for value in (block, *block.values()) if isinstance(value, dict)]
    return any("signature" in value or "encrypted_content" in value for value in values)


@by_orchestrator
@pytest.mark.parametrize("case", told_in_full(), ids=str)
async def test_a_resumed_session_asks_as_the_first_one_would_have(case: Case, orchestrator: str) -> None:
    vendor = next(vendor for vendor in VENDORS if vendor.id == case.vendor)
    streaming = case.kind == "stream"
    last = vendor.answer("stream-text" if streaming else "answer")
    has_calls = any(block["type"] == "tool_call" for block in case.expect["blocks"])
    async with Replay(vendor.answer(case.name), *[last] * (3 if has_calls else 2)) as server:
        entry = vendor.entry(server, use_streaming=streaming, default_model=vendor.thinker)
        async with conversation(orchestrator, [entry]) as talk:
            await talk.say("What is there to say of Paris?")
            stored = json.dumps(await talk.messages())
            await talk.say("Go on.")
        async with conversation(orchestrator, [entry], history=json.loads(stored)) as resumed:
            await resumed.say("Go on.")
        *_, live, again = server.asked
        wire = conversation_of(vendor, again)

    assert again.json() == live.json()
    returned = [block for block in case.expect["blocks"] if block["type"] != "thinking" or is_sealed(block)]
    assert entrusted(returned) <= set(leaves(again.json()))
    calls = [block for block in case.expect["blocks"] if block["type"] == "tool_call"]
    assert [said[1:] for said in wire if said[0] == "call"] == [(block["name"], block["input"]) for block in calls]
    assert [said[1] for said in wire if said[0] == "result"] == [block["input"] for block in calls]
    assert not resumed.recorder.of("provider:tool_sequence_repaired")


@pytest.mark.parametrize("role", ["system", "user"])
@by_orchestrator
@by_vendor
async def test_what_a_hook_injects_behind_the_last_result_is_no_turn(
    vendor: Vendor, orchestrator: str, role: str
) -> None:
    reminder = "<system-reminder>Two tasks are open.</system-reminder>"

    async def remind(_event: str, _data: dict[str, Any]) -> HookResult:
        return HookResult(
            action="inject_context",
            context_injection=reminder,
            context_injection_role="user" if role == "user" else "system",
            ephemeral=True,
        )

    async with (
        Replay(*vendor.answers("stream-tool-calls-parallel", "stream-text")) as server,
        conversation(orchestrator, [vendor.entry(server)]) as talk,
    ):
        talk.session.coordinator.hooks.register("provider:request", remind, name="reminder")
        await talk.say("Compare Paris and Rome.")
        first, second = server.asked
        asked, wire = conversation_of(vendor, first), conversation_of(vendor, second)
        stored = await talk.messages()

    assert not [message for message in stored if reminder in str(message["content"])]
    assert reminder in (system_of(vendor, second) if role == "system" else wire[-1][1])
    if role == "user":
        assert asked == [("user", "Compare Paris and Rome."), ("user", reminder)]
        assert (wire[-2][0], wire[-1]) == ("result", ("user", reminder))
    else:
        assert (asked, wire[-1][0]) == ([("user", "Compare Paris and Rome.")], "result")
    assert not talk.recorder.of("provider:tool_sequence_repaired")


@by_orchestrator
@by_vendor
async def test_what_a_developer_adds_behind_the_last_result_comes_before_the_conversation(
    vendor: Vendor, orchestrator: str
) -> None:
    async with (
        Replay(*vendor.answers("stream-tool-call", "stream-text")) as server,
        conversation(orchestrator, [vendor.entry(server)]) as talk,
    ):
        context = talk.session.coordinator.get("context")

        async def add(_event: str, _data: dict[str, Any]) -> HookResult:
            await context.add_message({"role": "developer", "content": "Degrees are Celsius."})
            return HookResult(action="continue")

        talk.session.coordinator.hooks.register("tool:post", add, name="developer")
        await talk.say("What is the weather in Paris?")
        wire = conversation_of(vendor, server.asked[1])

    kinds = [said[0] for said in wire if said[0] != "assistant"]
    assert kinds == ["developer" if wire[0][0] == "developer" else "user", "user", "call", "result"]
    assert "Degrees are Celsius." in wire[0][1]
    assert wire[1] == ("user", "What is the weather in Paris?")
    assert not talk.recorder.of("provider:tool_sequence_repaired")
