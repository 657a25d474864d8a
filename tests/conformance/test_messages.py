"""complete: what comes in. The conversation: C49 to C59."""

import base64
import json
import logging
from typing import Any

import pytest
from amplifier_core.message_models import (
    ImageBlock,
    Message,
    ReasoningBlock,
    RedactedThinkingBlock,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
    ToolResultBlock,
)

from tests.conformance.bench import Bench, chat, message
from tests.conformance.subject import leaves
from tests.conformance.test_tools import sentences

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(120))).decode()
IMAGE = {"type": "base64", "media_type": "image/png", "data": PIXEL}
TRACES: dict[str, Any] = {
    "metadata": {"timestamp": "trace-1", "note": "trace-2"},
    "timestamp": "trace-3",
    "thinking_block": {"type": "thinking", "thinking": "trace-4", "signature": "trace-5"},
    "_truncated": True,
    "_stubbed": "trace-6",
    "visibility": "internal",
}


def user(content: Any, **extra: Any) -> Message:
    """Return a user's message."""
    return message("user", content, **extra)


def called(*ids: str, content: Any = "", **extra: Any) -> Message:
    """Return an assistant's message whose calls an orchestrator stored beside the content."""
    calls = [{"id": id_, "tool": f"tool_{id_}", "arguments": {"of": f"argument-{id_}"}} for id_ in ids]
    return message("assistant", content, tool_calls=calls, **extra)


def result(id_: str, content: Any = None, **extra: Any) -> Message:
    """Return a tool's message, "result-" and the id if nothing else."""
    return message("tool", content or f"result-{id_}", tool_call_id=id_, **extra)


async def test_c49_all_six_roles_are_converted(bench: Bench) -> None:
    said = [
        Message(role="system", content="word-system"),
        user("word-user"),
        Message(role="assistant", content="word-assistant"),
        called("one"),
        result("one", "word-tool"),
        called("two"),
        Message(role="function", tool_call_id="two", name="tool_two", content="word-function"),
        Message(role="developer", content="word-developer"),
        Message(role="function", name="lonely", content="word-lonely"),
        Message(role="system", content=[TextBlock(text="word-late")]),
    ]
    await bench.ask(request=chat(*said))
    for word in ("system", "user", "assistant", "tool", "function", "developer", "lonely", "late"):
        assert bench.wire.count(f"word-{word}") == 1
    assert bench.wire.index("word-developer") < bench.wire.index("word-user")


async def test_c50_all_seven_blocks_pass(bench: Bench) -> None:
    blocks = [
        TextBlock(text="word-text"),
        ThinkingBlock(thinking="secret-thinking"),
        RedactedThinkingBlock(data="secret-redacted"),
        ReasoningBlock(content=["secret-reasoning"], summary=["secret-summary"]),
        ImageBlock(source=IMAGE),
    ]
    call = ToolCallBlock(id="one", name="look", input={"at": "word-argument"})
    answer = ToolResultBlock(tool_call_id="one", output={"found": "word-result"})
    async with bench.serving("a text", "a text") as server:
        provider = bench.provider(server.url, default_model=bench.subject.seer or "some-model")
        await provider.complete(chat(user(blocks), message("assistant", [*blocks, call]), user([answer])))
        for word, times in (("word-text", 2), ("word-argument", 1), ("word-result", 1)):
            assert bench.wire.count(word) == times
        await provider.complete(chat(user([*blocks, call, answer]), message("developer", [*blocks, call])))


async def test_c51_what_the_vendor_signed_returns_unchanged(bench: Bench) -> None:
    for case in bench.subject.of("response", "stream", fails=False):
        response = await bench.ask(case)
        kinds = ("thinking", "redacted_thinking", "reasoning")
        signed = [block.model_dump() for block in response.content if block.type in kinds]
        stored = Message.model_validate_json(Message(role="assistant", content=response.content).model_dump_json())
        await bench.ask(request=chat("Hello.", stored, "Go on."))
        for block in signed:
            own = {key: one for key, one in (block.get(bench.subject.name) or {}).items() if key != "label"}
            if not (block.get("signature") or block.get("data") or own.keys() - {"id"}):
                continue  # an id alone proves nothing, and is of no use to a vendor that stored nothing
            opaque = [block.get("signature"), block.get("data"), *leaves(own)]
            for value in opaque:
                assert not value or bench.sends(value), f"{case}: {value} was lost"


async def test_c52_calls_come_from_both_places_once(bench: Bench) -> None:
    block = ToolCallBlock(id="one", name="tool_one", input={"of": "argument-one"})
    await bench.ask(
        request=chat("Hello.", called("one", "two", content=[block]), result("one"), result("two"), "Go on.")
    )
    for word in ("argument-one", "argument-two", "result-one", "result-two"):
        assert bench.wire.count(word) == 1
    assert bench.wire.index("argument-one") < bench.wire.index("argument-two") < bench.wire.index("result-one")


async def test_c53_calls_beside_empty_text_are_converted(bench: Bench) -> None:
    await bench.ask(request=chat("Hello.", called("one", content=""), result("one"), "Go on."))
    for word in ("argument-one", "result-one"):
        assert bench.wire.count(word) == 1
    assert "tool_one" in bench.wire


async def test_c54_traces_of_storage_are_not_sent(bench: Bench) -> None:
    said = [
        user("Hello.", name="trace-8", **TRACES),
        called("one", content=[TextBlock(text="Well.", visibility="internal")], **TRACES),
        result("one", **TRACES),
        message("assistant", "Yes.", **TRACES),
        user([{"type": "text", "text": "Go on.", "visibility": "internal", "_stubbed": True}]),
    ]
    await bench.ask(request=chat(*said))
    assert "trace-" not in bench.wire
    assert not [key for key in TRACES if f'"{key}"' in bench.wire and key != "metadata"]


async def test_c55_content_of_tools_in_every_form(bench: Bench) -> None:
    rich = [TextBlock(text="word-block"), ImageBlock(source=IMAGE)]
    plain = [{"type": "text", "text": "word-dict"}]
    said = [
        called("one", "two", "three", "four", "five"),
        result("one", "word-text"),
        result("two", rich),
        user([ToolResultBlock(tool_call_id="three", output={"key": ["word-json", 1, None]})]),
        user([ToolResultBlock(tool_call_id="four", output=plain), ToolResultBlock(tool_call_id="five", output="")]),
    ]
    await bench.ask(request=chat("Hello.", *said), config={"default_model": bench.subject.seer or "some-model"})
    for word in ("word-text", "word-block", "word-json", "word-dict"):
        assert bench.wire.count(word) == 1


async def test_c56_broken_sequences_are_repaired_and_told_once(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    request = chat("Hello.", called("lost", "kept"), result("kept"), "Go on.", result("stray"))
    async with bench.serving("a text", "a text") as server:
        provider = bench.provider(server.url)
        for _ in range(2):
            await provider.complete(request)
    assert bench.asked[0].body == bench.asked[1].body
    assert "argument-lost" in bench.wire and "result-kept" in bench.wire and "result-stray" not in bench.wire
    assert bench.wire.index("argument-lost") < bench.wire.index("missing") < bench.wire.index("Go on.")
    told = bench.told.only("provider:tool_sequence_repaired")
    assert told["repairs"] == [{"tool_call_id": "lost", "tool_name": "tool_lost"}]
    assert len(_warnings(caplog, "stray")) == 1
    twice = [called("one"), result("one", "word-first"), result("one", "word-second"), user("Go on.")]
    await bench.ask(request=chat("Hello.", *twice))
    assert "word-first" in bench.wire and "word-second" not in bench.wire
    assert len(_warnings(caplog, "one")) == 1
    spoken = []
    for said in ("Go on now.", "<system-reminder>Go on now.</system-reminder>"):
        await bench.ask(request=chat("Hello.", called("lost"), said))
        spoken.append(len(sentences(bench)))
    assert spoken[0] == spoken[1] + 1  # between the made-up result and a person something is said, not before a hook


def _warnings(caplog: pytest.LogCaptureFixture, word: str) -> list[str]:
    """Return the warnings that have a word in them."""
    told = (record.getMessage() for record in caplog.records if record.levelno == logging.WARNING)
    return [line for line in told if word in line.replace(",", " ").split()]


async def test_c57_the_request_is_not_changed(bench: Bench) -> None:
    request = chat("Hello.", called("lost", "kept"), result("kept"), user([ImageBlock(source=IMAGE)]), result("stray"))
    before = request.model_dump_json()
    messages = list(request.messages)
    await bench.ask(request=request)
    assert request.model_dump_json() == before
    assert all(one is other for one, other in zip(request.messages, messages, strict=True))


async def test_c58_images_as_data(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    config = {"default_model": bench.subject.seer or "some-model"}
    untyped = ImageBlock(source={"type": "base64", "data": PIXEL})
    await bench.ask(request=chat(user([TextBlock(text="See:"), ImageBlock(source=IMAGE), untyped])), config=config)
    assert bench.wire.count(PIXEL) == 2
    caplog.clear()
    for source in ({"type": "file", "file_id": "file-1"}, {}, {"type": "base64"}, {"type": 7, "data": 7}):
        await bench.ask(request=chat(user([TextBlock(text="See:"), ImageBlock(source=source)])), config=config)
        assert "image" in caplog.text and "file-1" not in bench.wire
        caplog.clear()


async def test_c59_images_by_address(bench: Bench) -> None:
    image = ImageBlock(source={"type": "url", "url": "https://example.com/word-image.png"})
    config = {"default_model": bench.subject.seer or "some-model"}
    await bench.ask(request=chat(user([TextBlock(text="See:"), image])), config=config)
    assert bench.wire.count("https://example.com/word-image.png") == 1
    assert json.loads(bench.asked[-1].body)
