"""From Amplifier's terms to the vendor's JSON and back, without a network."""

import copy
import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import (
    ChatRequest,
    ImageBlock,
    Message,
    ReasoningBlock,
    RedactedThinkingBlock,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
    ToolResultBlock,
    ToolSpec,
)

from amplifier_module_provider_ollama import catalog, response
from amplifier_module_provider_ollama.answer import Answer
from amplifier_module_provider_ollama.call import Call, prepare
from amplifier_module_provider_ollama.config import read_settings
from amplifier_module_provider_ollama.http import encode
from amplifier_module_provider_ollama.provider import NAME
from amplifier_module_provider_ollama.request import body
from amplifier_module_provider_ollama.stream import apply
from tests.cases import Case, asking, cases, differences, failure, seen
from tests.conftest import MODEL

JUNK: tuple[Any, ...] = (None, True, -1, 0.5, "", "\ud800", [], [None], {}, {"type": []})
MARK = "must-stay-at-home"


def prepared(request: ChatRequest, config: dict[str, Any] | None = None, **kwargs: Any) -> Call:
    """Return the call that a request means."""
    settings = read_settings({"default_model": MODEL, **(config or {})})
    return prepare(request, kwargs, settings, catalog.facts, vendor=NAME)


def sent(request: ChatRequest, config: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    """Return the body of a request, as it arrives."""
    return json.loads(encode(body(prepared(request, config, **kwargs))))


def read(reply: Any) -> dict[str, Any]:
    """Return what Amplifier sees of a reply, if only an error."""
    answer = Answer(NAME)
    try:
        response.read(reply, answer)
        return seen(answer.response(response.FINISH_REASONS))
    except LLMError as error:
        return failure(error)


@pytest.mark.parametrize("case", cases("request"), ids=str)
def test_requests(case: Case) -> None:
    request = ChatRequest.model_validate(case.data["request"])
    assert sent(request, case.data["config"], **case.data["kwargs"]) == case.expect["body"]


@pytest.mark.parametrize("case", cases("choice"), ids=str)
def test_choices(case: Case) -> None:
    call = Call(case.data["model"], tools=(ToolSpec(name="look", parameters={}),), **case.data["call"])
    found = json.loads(encode(body(call)))
    for key in case.data["at"]:
        found = found.get(key) if isinstance(found, dict) else None
    assert found == case.expect.get("value")


@pytest.mark.parametrize("case", cases("response"), ids=str)
def test_replies(case: Case) -> None:
    assert differences(case.expect, read(case.data["reply"])) == []


@pytest.mark.parametrize("case", cases("models"), ids=str)
def test_lists_of_models(case: Case) -> None:
    page = dataclasses.asdict(response.read_models(case.data["reply"]))
    found = {**page, "models": list(page["models"])}
    expected = {key: case.expect[key] for key in found.keys() & case.expect.keys()}
    assert differences(expected, found) == []


@pytest.mark.parametrize("case", cases("models"), ids=str)
def test_nothing_in_a_list_of_models_is_believed_to_be_there_or_of_its_type(case: Case) -> None:
    for spoilt in spoiled(case.data["reply"]):
        for card in response.read_models(spoilt).models:
            assert isinstance(card.id, str) and card.id
            for size in (card.context_window, card.max_output_tokens):
                assert size is None or (type(size) is int and size > 0)


@pytest.mark.parametrize("case", cases("response"), ids=str)
def test_nothing_in_a_reply_is_believed_to_be_there_or_of_its_type(case: Case) -> None:
    for spoilt in spoiled(case.data["reply"]):
        assert read(spoilt)


@pytest.mark.parametrize("case", cases("stream"), ids=str)
def test_nothing_in_an_event_is_believed_to_be_there_or_of_its_type(case: Case) -> None:
    events = case.data["events"]
    for place, event in enumerate(events):
        for spoilt in spoiled(event):
            answer = Answer(NAME)
            try:
                for item in (*events[:place], spoilt, *events[place + 1 :]):
                    apply(item, answer)
                assert answer.response(response.FINISH_REASONS)
            except LLMError as error:
                assert failure(error)


@pytest.mark.parametrize("case", cases("error"), ids=str)
def test_nothing_in_an_error_is_believed_to_be_there_or_of_its_type(case: Case) -> None:
    for spoilt in spoiled(case.data["body"]):
        if isinstance(spoilt, dict):
            bool(response.read_error(spoilt))  # type: ignore[arg-type]


def test_every_role_and_every_block_can_be_sent() -> None:
    image = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    blocks: list[Any] = [
        TextBlock(text="Look."),
        ThinkingBlock(thinking="Hm."),
        RedactedThinkingBlock(data="c2VjcmV0"),
        ReasoningBlock(content=[], summary=[]),
        ImageBlock(source=image),
        ImageBlock(source={"type": "url", "url": "https://example.com/cat.png"}),
        ImageBlock(source={"type": "unheard of"}),
        ToolCallBlock(id="c1", name="look", input={}),
        ToolResultBlock(tool_call_id="c1", output={"seen": [1, None]}),
    ]
    messages = [Message(role=role, content="Hello.") for role in ("system", "developer", "user", "function")]
    messages += [Message(role=role, content=blocks) for role in ("user", "assistant", "system", "developer")]
    messages.append(
        Message(role="tool", tool_call_id="c1", content=[TextBlock(text="Seen."), ImageBlock(source=image)])
    )
    request = ChatRequest(messages=messages)
    before = request.model_dump_json()
    assert sent(request)
    assert request.model_dump_json() == before


def test_what_is_said_arrives() -> None:
    history = [
        Message(role="system", content="You are terse."),
        Message(role="developer", content=[TextBlock(text="Prefer tables.")]),
        Message(role="user", content="Is it raining in Rome?"),
        Message(
            role="assistant", content=[TextBlock(text="I look."), ToolCallBlock(id="c1", name="look", input={"at": 7})]
        ),
        Message(role="tool", tool_call_id="c1", content="Not a drop."),
    ]
    text = json.dumps(sent(ChatRequest(messages=history)))
    words = ("You are terse.", "Prefer tables.", "raining in Rome?", "I look.", "Not a drop.", "look")
    assert [word for word in words if word not in text] == []


def test_tools_are_offered() -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    tools = [
        ToolSpec(name="get_weather", description="Tells the sky.", parameters=schema),
        ToolSpec(name="bare", parameters={}),
    ]
    text = json.dumps(sent(asking(tools=tools)))
    assert [word for word in ("get_weather", "Tells the sky.", '"city"', "bare") if word not in text] == []
    assert "get_weather" not in json.dumps(sent(asking()))


def test_what_amplifier_stores_beside_the_words_stays_at_home() -> None:
    extra: dict[str, Any] = {"timestamp": MARK, "_truncated": MARK, "thinking_block": {"thinking": MARK}}
    calls = [{"id": "c1", "tool": "look", "arguments": {}}]
    block = {"type": "text", "text": "Hello.", "visibility": "internal", "note": MARK}
    stored: list[dict[str, Any]] = [
        {"role": "user", "content": [block]},
        {"role": "assistant", "content": "", "tool_calls": calls},
        {"role": "tool", "tool_call_id": "c1", "content": "Seen."},
    ]
    messages = [Message.model_validate({**message, **extra, "metadata": extra}) for message in stored]
    text = json.dumps(sent(ChatRequest(messages=messages), nonsense=MARK))
    assert MARK not in text
    assert "Seen." in text


def test_a_broken_history_is_mended_on_every_call() -> None:
    messages = [
        Message(role="user", content="Look."),
        Message(role="assistant", content=[ToolCallBlock(id="lost", name="look", input={})]),
        Message(role="user", content="And?"),
        Message(role="tool", tool_call_id="nobody", content=MARK),
    ]
    request = ChatRequest(messages=messages)
    once = sent(request)
    assert once == sent(request)
    assert MARK not in json.dumps(once)
    assert [missing.tool_call_id for missing in prepared(request).repairs.missing] == ["lost"]


@pytest.mark.parametrize("text", ["a\x00b\x1bc", "half \ud83d a pair", "tab\tand\nline", "é ü 漢 🎈 \u2028"])
def test_any_text_can_be_sent(text: str) -> None:
    request = ChatRequest.model_construct(messages=[Message.model_construct(role="user", content=text)])
    kept = "".join(
        character for character in text if character in "\t\n" or (character >= " " and character != "\ud83d")
    )
    assert json.dumps(kept)[1:-1] in json.dumps(sent(request))


def test_a_model_named_in_the_call_comes_first() -> None:
    named = prepared(asking(model="by-request"), model="by-call")
    assert (named.model, prepared(asking(model="by-request")).model, prepared(asking()).model) == (
        "by-call",
        "by-request",
        MODEL,
    )


def spoiled(value: Any) -> Iterator[Any]:
    """Yield a value once for each thing in it, with junk in the place of that thing."""
    for path in _paths(value):
        for junk in JUNK:
            changed = copy.deepcopy(value)
            parent = changed
            for key in path[:-1]:
                parent = parent[key]
            parent[path[-1]] = copy.deepcopy(junk)
            yield changed


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _paths(item, (*path, key))
