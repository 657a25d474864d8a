"""What the model said goes back to it as it was: from Amplifier's blocks to the vendor's message and back."""

import json
from typing import Any

from amplifier_core.message_models import (
    ChatRequest,
    ImageBlock,
    Message,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
)
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from amplifier_module_provider_gemini.answer import Answer
from amplifier_module_provider_gemini.call import prepare
from amplifier_module_provider_gemini.config import read_settings
from amplifier_module_provider_gemini.http import encode
from amplifier_module_provider_gemini.provider import NAME
from amplifier_module_provider_gemini.request import body
from amplifier_module_provider_gemini.response import FINISH_REASONS, read

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def own_values() -> st.SearchStrategy[Any]:
    """Draw a value of the vendor's own."""
    objects = st.dictionaries(texts, texts, min_size=1, max_size=2)
    return texts | st.lists(objects, min_size=1, max_size=2)


def extra(*names: str, label: str | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Draw what a block keeps under the vendor's name: values of its own, and which form of its kind it is."""
    always: dict[str, Any] = {"label": st.just(label)} if label else {}
    optional: dict[str, Any] = dict.fromkeys(names, own_values())
    values = st.fixed_dictionaries(always, optional=optional)
    return values.map(lambda drawn: {NAME: drawn} if drawn else {})


@st.composite
def thinking(draw: st.DrawFn) -> ThinkingBlock:
    """Draw a thinking block."""
    return ThinkingBlock(thinking=draw(texts), signature=draw(texts))


@st.composite
def text(draw: st.DrawFn) -> TextBlock:
    """Draw a text block."""
    return TextBlock(text=draw(texts.filter(str.strip)), **draw(extra("signature")))


@st.composite
def tool_call(draw: st.DrawFn) -> ToolCallBlock:
    """Draw a tool call block."""
    arguments = draw(st.dictionaries(texts, values, max_size=4))
    name = draw(st.from_regex(r"[a-z_]{1,20}", fullmatch=True))
    return ToolCallBlock(id=draw(st.uuids()).hex, name=name, input=arguments, **draw(extra("signature")))


@st.composite
def image(draw: st.DrawFn) -> ImageBlock:
    """Draw a image block."""
    data = draw(st.from_regex(r"[A-Za-z0-9+/]{4,16}", fullmatch=True))
    return ImageBlock(source={"type": "base64", "media_type": "image/png", "data": data})


answers = st.lists(
    st.one_of(
        thinking(),
        text(),
        tool_call(),
        image(),
    ),
    min_size=1,
    max_size=6,
)


@given(answers)
@settings(phases=set(Phase) - {Phase.explain})
def test_an_answer_goes_back_as_it_was(blocks: list[Any]) -> None:
    message = Message(role="assistant", content=blocks)
    stored = Message.model_validate_json(message.model_dump_json())
    request = ChatRequest(model="any", messages=[Message(role="user", content="Go on."), stored])
    call = prepare(request, {}, read_settings({}), lambda _: None, vendor=NAME)
    sent = json.loads(encode(body(call)))["contents"]
    reply: Any = {"candidates": [{"content": sent[1]}]}
    answer = Answer(NAME)
    read(reply, answer)
    assert told(answer.response(FINISH_REASONS).content) == told(blocks)


def told(blocks: list[Any]) -> list[dict[str, Any]]:
    """Return what matters of blocks; values of the vendor's own do not that say nothing, if only by an empty list."""
    dumped = [block.model_dump(mode="json") for block in blocks]
    said = [
        block | {NAME: {key: value for key, value in block.get(NAME, {}).items() if value != []}} for block in dumped
    ]
    return [{key: value for key, value in block.items() if (key, value) != (NAME, {})} for block in said]
