"""What the application stored, in neutral form."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from amplifier_core.message_models import ChatRequest, Message, TextBlock, ThinkingBlock, ToolCallBlock
from hypothesis import given
from hypothesis import strategies as st

from amplifier_module_provider_anthropic.history import Image, ToolResult, Turn, label, opaque, read_history


def turns(*messages: dict[str, Any], vendor: str = "acme") -> tuple[Turn, ...]:
    return read_history([Message.model_validate(message) for message in messages], vendor).turns


def only(*messages: dict[str, Any], vendor: str = "acme") -> Turn:
    (turn,) = turns(*messages, vendor=vendor)
    return turn


def call(id_: str, name: str = "look", **arguments: Any) -> dict[str, Any]:
    return {"type": "tool_call", "id": id_, "name": name, "input": arguments}


RESULT = {"role": "tool", "tool_call_id": "c1"}


def test_a_string_is_one_text_block() -> None:
    assert only({"role": "user", "content": "hello"}).blocks == (TextBlock(text="hello"),)


def test_empty_texts_and_messages_without_anything_are_dropped() -> None:
    empty = {"role": "user", "content": ""}
    texts = {"role": "user", "content": [{"type": "text", "text": ""}, {"type": "text", "text": "a"}]}
    assert only(empty, texts).blocks == (TextBlock(text="a"),)


@pytest.mark.parametrize("blank", [" ", "\n\n", "\t \u00a0"])
def test_texts_of_nothing_but_blanks_are_dropped(blank: str) -> None:
    block = {"type": "text", "text": blank}
    said = {"role": "assistant", "content": [block, call("c1")]}
    spoken, answered = turns({"role": "user", "content": blank}, said, {**RESULT, "content": blank})
    assert [type(found) for found in spoken.blocks] == [ToolCallBlock]
    assert answered.tool_results[0].text == ""
    assert read_history([Message(role="system", content=blank)], "acme").system is None
    assert only({"role": "user", "content": f"{blank}a "}).text == f"{blank}a "


def test_a_blank_text_stays_if_the_vendor_wants_something_of_it_back() -> None:
    signed = {"type": "text", "text": " ", "acme": {"signature": "S"}}
    assert only({"role": "assistant", "content": [signed]}).text == " "


def test_system_messages_are_joined_and_developer_messages_come_first() -> None:
    history = read_history(
        [
            Message(role="user", content="1"),
            Message(role="system", content="S1"),
            Message(role="developer", content=[TextBlock(text="D"), TextBlock(text="E")]),
            Message(role="system", content=[TextBlock(text="S2"), TextBlock(text="S3")]),
            Message(role="user", content="2"),
        ],
        "acme",
    )
    assert history.system == "S1\n\nS2\nS3"
    assert [(turn.role, turn.text) for turn in history.turns] == [("developer", "D\nE"), ("user", "1"), ("user", "2")]


def test_a_turn_reads_the_labels_of_its_vendor() -> None:
    messages = [{"role": role, "content": "a"} for role in ("developer", "developer", "user", "function", "assistant")]
    assert [turn.vendor for turn in turns(*messages)] == ["acme"] * len(messages)


@pytest.mark.parametrize("role", ["tool", "function"])
def test_a_blank_text_of_a_result_stays_if_the_vendor_wants_something_of_it_back(role: str) -> None:
    blank = {"type": "text", "text": " ", "acme": {"id": 1}}
    (result,) = only({"role": role, "tool_call_id": "a", "content": [blank]}).tool_results
    assert result.text == " "


def test_values_of_a_vendors_own_may_be_on_images_and_results() -> None:
    for block in (Image(extra={"acme": {"id": 1}}), ToolResult("a", extra={"acme": {"id": 1}})):
        assert (opaque(block, "acme"), opaque(block, "other")) == ({"id": 1}, {})


def test_without_system_messages_the_system_says_nothing() -> None:
    assert read_history([], "acme").system is None
    assert read_history([Message(role="system", content="")], "acme").system is None


def test_stored_calls_are_read_beside_the_content_once_per_id() -> None:
    turn = only(
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "let me"}, call("a", x=1)],
            "tool_calls": [
                {"id": "a", "tool": "look", "arguments": {"x": 1}},
                {"id": "b", "tool": "find", "arguments": {}},
            ],
        }
    )
    assert [(block.id, block.name, block.input) for block in turn.tool_calls] == [
        ("a", "look", {"x": 1}),
        ("b", "find", {}),
    ]
    assert turn.text == "let me"


def test_calls_may_stand_only_beside_an_empty_content() -> None:
    turn = only(
        {"role": "assistant", "content": "", "tool_calls": [{"id": "a", "tool": "look", "arguments": {"x": 1}}]}
    )
    assert turn.blocks == (ToolCallBlock(id="a", name="look", input={"x": 1}),)


def test_stored_calls_may_be_objects_and_their_arguments_text(caplog: pytest.LogCaptureFixture) -> None:
    stored = [
        SimpleNamespace(id="a", name="look", arguments={"x": 1}),
        {"id": "b", "name": "look", "arguments": '{"x": 2}'},
        {"id": "c", "tool": "look", "arguments": "{"},
        {"tool": "look", "arguments": {}},
    ]
    message = Message(role="assistant", content="", tool_calls=stored)  # type: ignore[call-arg]
    (turn,) = read_history([message], "acme").turns
    assert [(block.id, block.input) for block in turn.tool_calls] == [("a", {"x": 1}), ("b", {"x": 2}), ("c", {})]
    assert "without id or name" in caplog.text
    assert "no JSON" in caplog.text


def test_a_tool_message_is_a_result_with_the_name_of_the_call() -> None:
    _, turn = turns(
        {"role": "assistant", "content": [call("a", "look")]},
        {"role": "tool", "tool_call_id": "a", "content": "seen", "name": "something else"},
    )
    (result,) = turn.tool_results
    assert (turn.role, result.tool_call_id, result.name, result.text) == ("tool", "a", "look", "seen")


def test_a_tool_message_may_hold_text_and_images() -> None:
    content = [
        {"type": "text", "text": "a"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QQ=="}},
    ]
    (result,) = only({"role": "tool", "tool_call_id": "a", "content": content}).tool_results
    assert result.text == "a"
    assert result.images == (Image("image/png", "QQ=="),)


def test_an_empty_result_has_an_empty_text() -> None:
    (result,) = only({"role": "tool", "tool_call_id": "a", "content": ""}).tool_results
    assert (result.blocks, result.text) == ((), "")


def test_a_result_inside_a_user_message_is_lifted_before_it(caplog: pytest.LogCaptureFixture) -> None:
    content = [{"type": "text", "text": "and now?"}, {"type": "tool_result", "tool_call_id": "a", "output": "seen"}]
    lifted, rest = turns({"role": "user", "content": content})
    assert not caplog.records
    assert (lifted.role, lifted.tool_results[0].text) == ("tool", "seen")
    assert (rest.role, rest.text, rest.tool_results) == ("user", "and now?", ())


def test_a_result_inside_an_assistant_message_follows_its_call() -> None:
    content = [{"type": "tool_result", "tool_call_id": "a", "output": "seen"}, call("a", "look")]
    assistant, tool = turns({"role": "assistant", "content": content})
    assert (assistant.role, tool.role, tool.tool_results[0].name) == ("assistant", "tool", "look")


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ("as it is", "as it is"),
        (None, ""),
        (" ", ""),
        ({"a\ud800": ["\x1b"]}, '{"a": [""]}'),
        ({"a": [1, "é"]}, '{"a": [1, "é"]}'),
        ([], "[]"),
        ([1, 2], "[1, 2]"),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "a\nb"),
        (float("nan"), "null"),
        (12, "12"),
        ([{"type": "image"}], '[{"type": "image"}]'),
        ([{"type": "text"}], '[{"type": "text"}]'),
    ],
)
def test_outputs_become_text(output: Any, text: str) -> None:
    content = [{"type": "tool_result", "tool_call_id": "a", "output": output}]
    (result,) = only({"role": "tool", "content": content}).tool_results
    assert (result.text, len(result.blocks) > 0) == (text, text != "")


def test_outputs_keep_their_images() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "QQ=="}
    output = [
        SimpleNamespace(type="text", text="a"),
        {"type": "image", "source": source},
        {"type": "text", "text": " "},
    ]
    content = [{"type": "tool_result", "tool_call_id": "a", "output": output}]
    (result,) = only({"role": "user", "content": content}).tool_results
    assert result.blocks == (TextBlock(text="a"), Image("image/png", "QQ=="))


def test_a_result_among_other_blocks_keeps_what_else_its_block_says() -> None:
    block = {"type": "tool_result", "tool_call_id": "a", "output": "no", "is_error": True, "seconds": 3}
    (result,) = only({"role": "user", "content": [block]}).tool_results
    assert (result.is_error, result.extra) == (True, {"is_error": True, "seconds": 3})


def test_a_turn_keeps_what_else_its_message_says() -> None:
    content = [{"type": "text", "text": "a"}, {"type": "tool_result", "tool_call_id": "a", "output": "b"}]
    lifted, user = turns({"role": "user", "content": content, "name": "ann", "metadata": {"n": 1}})
    assert [(turn.name, turn.metadata) for turn in (lifted, user)] == [(None, {"n": 1}), ("ann", {"n": 1})]


def test_only_a_boolean_says_whether_a_result_is_an_error() -> None:
    flagged, silent = turns(
        {"role": "tool", "tool_call_id": "a", "content": "no", "is_error": True},
        {"role": "tool", "tool_call_id": "b", "content": "no", "is_error": "maybe"},
    )
    assert (flagged.tool_results[0].is_error, silent.tool_results[0].is_error) == (True, None)


def test_a_tool_message_without_id_is_dropped_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert turns({"role": "tool", "content": "seen"}) == ()
    assert "without a tool_call_id" in caplog.text


def test_a_function_message_is_a_tools_if_it_has_an_id_else_a_users() -> None:
    assert only({"role": "function", "tool_call_id": "a", "content": "x"}).role == "tool"
    assert only({"role": "function", "content": "x"}).role == "user"


@pytest.mark.parametrize(
    ("source", "image"),
    [
        ({"type": "base64", "media_type": "image/png", "data": "QQ=="}, Image("image/png", "QQ==")),
        ({"type": "base64", "data": "QQ=="}, Image("image/jpeg", "QQ==")),
        ({"type": "base64", "media_type": "", "data": "QQ=="}, Image("image/jpeg", "QQ==")),
        ({"type": "base64", "media_type": 3, "data": "QQ=="}, Image("image/jpeg", "QQ==")),
        ({"type": "url", "url": "https://x.test/a.png"}, Image(url="https://x.test/a.png")),
        ({"type": "url", "url": "data:image/gif;base64,QQ=="}, Image("image/gif", "QQ==")),
        ({"type": "url", "url": "data:image/gif;name=a.gif;base64,QQ=="}, Image("image/gif", "QQ==")),
        ({"type": "url", "url": "data:;base64,QQ=="}, Image("image/jpeg", "QQ==")),
        ({"type": "url", "url": "https://x.test/;base64,QQ=="}, Image(url="https://x.test/;base64,QQ==")),
    ],
)
def test_images_come_as_data_or_as_a_url(source: dict[str, Any], image: Image) -> None:
    assert only({"role": "user", "content": [{"type": "image", "source": source}]}).images == (image,)


@pytest.mark.parametrize(
    "source",
    [
        {"type": "base64", "data": "QQ=="},
        {"type": "url", "url": "https://x.test/a.png"},
        {"type": "url", "url": "data:image/gif;base64,QQ=="},
    ],
)
def test_an_image_keeps_what_else_its_block_says(source: dict[str, Any]) -> None:
    turn = only({"role": "user", "content": [{"type": "image", "source": source, "detail": "low"}]})
    assert [image.extra for image in turn.images] == [{"detail": "low"}]


@pytest.mark.parametrize("source", [{}, {"type": "file", "id": 1}, {"type": "base64", "data": 7}, {"type": "url"}])
def test_an_unknown_image_costs_a_warning(source: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    assert turns({"role": "user", "content": [{"type": "image", "source": source}]}) == ()
    assert "unknown source type" in caplog.text


def test_what_cannot_be_sent_is_stripped() -> None:
    turn = only(
        {"role": "assistant", "content": [{"type": "text", "text": "a\ud800\x00\tb\x1b\n"}, call("i", x="\x07c")]}
    )
    assert turn.text == "a\tb\n"
    assert turn.tool_calls[0].input == {"x": "c"}


def test_signed_thinking_is_sent_to_the_letter() -> None:
    content = [
        {"type": "thinking", "thinking": "a\x1bb\ud800", "signature": "s"},
        {"type": "thinking", "thinking": "a\x1bb"},
    ]
    signed, unsigned = only({"role": "assistant", "content": content}).blocks
    assert (signed, unsigned) == (ThinkingBlock(thinking="a\x1bb", signature="s"), ThinkingBlock(thinking="ab"))


def test_a_text_of_nothing_but_control_characters_is_empty() -> None:
    assert turns({"role": "user", "content": "\x00\ud800"}) == ()


def test_what_the_system_cannot_show_is_left_out_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    image = {"type": "image", "source": {"type": "url", "url": "https://x.test/a.png"}}
    message = Message.model_validate({"role": "system", "content": [image, {"type": "text", "text": "be kind"}]})
    assert read_history([message], "acme").system == "be kind"
    assert "system message" in caplog.text
    caplog.clear()
    read_history(
        [Message(role="system", content=[TextBlock(text="be kind")]), Message(role="system", content="a")], "acme"
    )
    assert not caplog.records


def test_a_block_of_an_unknown_type_is_left_out_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    message = Message.model_construct(role="user", content=[object(), TextBlock(text="a")])
    (turn,) = read_history([message], "acme").turns
    assert turn.blocks == (TextBlock(text="a"),)
    assert "unknown type object" in caplog.text


def test_private_fields_of_the_application_are_in_no_block() -> None:
    message = {
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "t", "signature": "s"}],
        "thinking_block": {"type": "thinking", "thinking": "t", "signature": "s"},
        "metadata": {"timestamp": "now"},
        "_truncated": True,
    }
    turn = only(message)
    assert turn.blocks == (ThinkingBlock(thinking="t", signature="s"),)
    assert turn.metadata == {"timestamp": "now"}


def test_a_vendors_own_values_are_seen_by_that_vendor_only() -> None:
    content = [{"type": "text", "text": "no", "acme": {"label": "refusal", "id": "m1"}}, {"type": "text", "text": "b"}]
    ours, theirs = (
        only({"role": "assistant", "content": content}),
        only({"role": "assistant", "content": content}, vendor="other"),
    )
    assert opaque(ours.blocks[0], "acme") == {"label": "refusal", "id": "m1"}
    assert (ours.text, ours.labelled_text("refusal"), label(ours.blocks[0], "acme")) == ("b", "no", "refusal")
    assert opaque(theirs.blocks[0], "other") == {}
    assert theirs.text == "no\nb"


@pytest.mark.parametrize(
    "block",
    [
        {"type": "thinking", "thinking": "t", "signature": "s"},
        {"type": "redacted_thinking", "data": "d"},
        {"type": "reasoning", "content": [1], "summary": [2]},
    ],
)
def test_thinking_of_another_vendor_is_not_sent(block: dict[str, Any]) -> None:
    message = {"role": "assistant", "content": [{**block, "acme": {}}]}
    assert only(message, vendor="acme").blocks
    assert turns(message, vendor="other") == ()
    assert only({"role": "assistant", "content": [block]}, vendor="other").blocks


def test_thinking_with_nothing_in_it_is_dropped() -> None:
    silent = {"type": "thinking", "thinking": "", "acme": {"id": "r1"}}
    turn = only({"role": "assistant", "content": [{"type": "thinking", "thinking": ""}, silent]})
    assert [opaque(block, "acme") for block in turn.blocks] == [{"id": "r1"}]


blocks = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, st.text()),
    st.builds(
        lambda text, signature: {"type": "thinking", "thinking": text, "signature": signature},
        st.text(),
        st.none() | st.text(),
    ),
    st.builds(lambda data: {"type": "redacted_thinking", "data": data}, st.text()),
    st.builds(lambda id_, name: call(id_, name, x=[name]), st.sampled_from("abc"), st.text()),
    st.builds(
        lambda id_, output: {"type": "tool_result", "tool_call_id": id_, "output": output},
        st.sampled_from("abc"),
        st.recursive(
            st.none() | st.text() | st.integers(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=4,
        ),
    ),
    st.builds(
        lambda source: {"type": "image", "source": source},
        st.dictionaries(st.sampled_from(["type", "data", "url"]), st.sampled_from(["base64", "url", "", 3])),
    ),
)
messages = st.builds(
    lambda role, content, id_, stored: Message.model_validate(
        {"role": role, "content": content, "tool_call_id": id_, "tool_calls": stored}
    ),
    st.sampled_from(["system", "developer", "user", "assistant", "function", "tool"]),
    st.text() | st.lists(blocks, max_size=4),
    st.none() | st.sampled_from("abc"),
    st.none()
    | st.lists(st.fixed_dictionaries({"id": st.sampled_from("abc") | st.integers(), "tool": st.text()}), max_size=2)
    | st.text(),
)


@given(st.lists(messages, max_size=5))
def test_any_history_is_read_and_left_as_it_was(history: list[Message]) -> None:
    logging.disable(logging.WARNING)
    try:
        before = [message.model_dump() for message in history]
        read = read_history(history, "acme")
        assert [message.model_dump() for message in history] == before
        for turn in read.turns:
            assert turn.blocks
            assert bool(turn.tool_results) == (turn.role == "tool")
            assert turn.role != "system"
    finally:
        logging.disable(logging.NOTSET)


def test_a_request_of_the_kernel_is_read() -> None:
    request = ChatRequest(messages=[Message(role="user", content="hi")])
    assert read_history(request.messages, "acme").turns[0].text == "hi"


@pytest.mark.parametrize("role", ["user", "developer"])
def test_what_only_a_model_makes_stands_in_no_other_message(role: str, caplog: pytest.LogCaptureFixture) -> None:
    content = [
        {"type": "thinking", "thinking": "t", "signature": "s"},
        {"type": "redacted_thinking", "data": "d"},
        {"type": "text", "text": "a"},
        call("i"),
    ]
    assert only({"role": role, "content": content}).blocks == (TextBlock(text="a"),)
    assert f"left out of a {role} message" in caplog.text
    assert turns({"role": role, "content": [call("i")]}) == ()


@pytest.mark.parametrize("block", [call("i", ""), call("")])
def test_a_call_that_nobody_can_answer_is_left_out(block: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    assert turns({"role": "assistant", "content": [block]}) == ()
    assert "without id or name" in caplog.text
