"""One request, the caller's arguments and the configuration, weighed against each other."""

import copy
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from amplifier_core.llm_errors import ConfigurationError
from amplifier_core.message_models import ChatRequest, Message, ToolSpec
from hypothesis import given
from hypothesis import strategies as st

from amplifier_module_provider_anthropic.call import Call, Facts, prepare
from amplifier_module_provider_anthropic.repair import MissingResult


@dataclass(frozen=True)
class Config:
    default_model: str | None = "m-default"
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: list[str] | None = None
    timeout: float | None = None
    reasoning_effort: str | None = None
    tool_choice: str | None = None
    use_streaming: bool = True
    cache: str | None = None
    config: dict[str, Any] = field(default_factory=dict)


def configured(name: str, value: Any) -> Config:
    return replace(Config(), **{name: value})


@dataclass(frozen=True)
class Known:
    max_output_tokens: int | None = None
    capabilities: frozenset[str] | None = None


THINKS = Known(capabilities=frozenset({"thinking", "tools", "vision"}))
DOES_NOT = Known(capabilities=frozenset({"tools"}))


def call(
    request: dict[str, Any] | None = None,
    kwargs: dict[str, Any] | None = None,
    config: Config | None = None,
    facts: Facts | None = None,
) -> Call:
    body = {"messages": [{"role": "user", "content": "hi"}], **(request or {})}
    return prepare(ChatRequest.model_validate(body), kwargs or {}, config or Config(), lambda _: facts, vendor="acme")


@pytest.mark.parametrize(
    ("request_", "kwargs", "model"),
    [
        ({"model": "r"}, {"model": "k"}, "k"),
        ({"model": "r"}, {}, "r"),
        ({}, {}, "m-default"),
        ({}, {"model": ""}, "m-default"),
    ],
)
def test_the_model_is_the_callers_then_the_requests_then_the_configured(
    request_: dict[str, Any], kwargs: dict[str, Any], model: str
) -> None:
    assert call(request_, kwargs).model == model


def test_the_facts_are_those_of_the_chosen_model() -> None:
    asked: list[str] = []
    request = ChatRequest(messages=[], model="r")
    prepare(request, {}, Config(), lambda model: asked.append(model), vendor="acme")
    assert asked == ["r"]


def test_without_any_model_the_call_cannot_be_made() -> None:
    with pytest.raises(ConfigurationError) as caught:
        call(config=Config(default_model=None))
    assert str(caught.value) == "No model was chosen: set default_model, or name one in the request"
    assert caught.value.provider == "acme"


def test_a_bare_request_leaves_everything_open() -> None:
    bare = call()
    for field_name in (
        "system",
        "tool_choice",
        "chosen_tool",
        "response_format",
        "schema",
        "strict",
        "temperature",
        "top_p",
        "max_output_tokens",
        "stop",
        "reasoning_effort",
        "conversation_id",
        "cache",
        "timeout",
    ):
        assert getattr(bare, field_name) is None, field_name
    assert (bare.tools, bare.streaming, bare.metadata, bool(bare.repairs)) == ((), True, {}, False)


@pytest.mark.parametrize("field", ["temperature", "top_p", "timeout"])
def test_numbers_are_the_callers_then_the_requests_then_the_configured_and_0_counts(field: str) -> None:
    config = configured(field, 0.5)
    assert getattr(call({field: 0.25}, {field: 0}, config), field) == 0
    assert getattr(call({field: 0.0}, {field: None}, config), field) == 0
    assert getattr(call({}, {}, config), field) == 0.5
    assert getattr(call({}, {}, configured(field, 0.0)), field) == 0


@pytest.mark.parametrize("value", [True, "warm", float("nan"), float("inf"), [1], "1e999"])
def test_a_number_that_is_none_is_passed_over(value: object, caplog: pytest.LogCaptureFixture) -> None:
    assert call({"temperature": 0.25}, {"temperature": value}).temperature == 0.25
    assert "ignored" in caplog.text


def test_numbers_written_as_text_are_read() -> None:
    assert call({}, {"temperature": "0.3", "max_tokens": "256"}).temperature == 0.3
    assert call({}, {"max_tokens": "256"}).max_output_tokens == 256


def test_the_limit_of_tokens_is_the_requests_then_the_callers_then_the_configured() -> None:
    config = Config(max_output_tokens=8192)
    assert call({"max_output_tokens": 1}, {"max_output_tokens": 2, "max_tokens": 3}, config).max_output_tokens == 1
    assert call({}, {"max_output_tokens": 2, "max_tokens": 3}, config).max_output_tokens == 2
    assert call({}, {"max_tokens": 3}, config).max_output_tokens == 3
    assert call({}, {}, config).max_output_tokens == 8192
    assert call({}, {"max_tokens": 0}, config).max_output_tokens == 8192


def test_the_configured_limit_goes_no_further_than_the_model() -> None:
    facts = Known(max_output_tokens=4096)
    assert call({}, {}, Config(max_output_tokens=8192), facts).max_output_tokens == 4096
    assert call({"max_output_tokens": 8192}, {}, Config(), facts).max_output_tokens == 8192
    assert call({}, {}, Config(), facts).max_output_tokens is None


def test_stop_may_be_one_text() -> None:
    assert call({"stop": ["a", ""]}, {"stop": "b"}).stop == ["b"]
    assert call({"stop": ["a", ""]}).stop == ["a"]
    assert call({"stop": []}, {}, Config(stop=["c"])).stop == ["c"]


@pytest.mark.parametrize(
    ("extended", "asked", "configured", "effort"),
    [
        (False, "high", "high", "none"),
        (False, None, None, "none"),
        (True, None, None, "medium"),
        (True, None, "high", "high"),
        (True, "low", "high", "low"),
        (True, "none", "none", "medium"),
        (None, "low", "high", "low"),
        (None, "HIGH", None, "high"),
        (None, None, "high", "high"),
        (None, "none", "high", "none"),
        (None, None, None, None),
    ],
)
def test_thinking(extended: bool | None, asked: str | None, configured: str | None, effort: str | None) -> None:
    kwargs = {} if extended is None else {"extended_thinking": extended}
    config = Config(reasoning_effort=configured)
    assert call({"reasoning_effort": asked}, kwargs, config, THINKS).reasoning_effort == effort
    assert call({}, {**kwargs, "reasoning_effort": asked}, config, THINKS).reasoning_effort == effort
    assert call({"reasoning_effort": asked}, kwargs, config, DOES_NOT).reasoning_effort is None


def test_the_callers_effort_beats_the_requests() -> None:
    assert call({"reasoning_effort": "low"}, {"reasoning_effort": "high"}, facts=THINKS).reasoning_effort == "high"


def test_an_effort_that_is_not_sent_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    call({"reasoning_effort": "none"}, facts=DOES_NOT)
    call({}, {"extended_thinking": False}, facts=DOES_NOT)
    assert not caplog.text
    call({"reasoning_effort": "high"}, facts=DOES_NOT)
    assert "does not think" in caplog.text


def test_a_model_not_in_the_catalog_thinks_only_if_asked() -> None:
    config = Config(reasoning_effort="high")
    assert call({"model": "new"}, {}, config).reasoning_effort is None
    assert call({"model": "new"}, {"extended_thinking": True}, config).reasoning_effort == "high"
    assert call({"model": "new", "reasoning_effort": "low"}, {}, config).reasoning_effort == "low"
    assert call({}, {}, config).reasoning_effort == "high"


@pytest.mark.parametrize(
    ("request_", "configured", "streaming"),
    [
        ({}, True, True),
        ({"stream": False}, True, True),
        ({"stream": True}, False, False),
        ({"metadata": {"stream": False}}, True, False),
        ({"metadata": {"stream": 0}}, True, True),
        ({"metadata": {"stream": True}}, False, False),
    ],
)
def test_streaming(request_: dict[str, Any], configured: bool, streaming: bool) -> None:
    assert call(request_, {}, Config(use_streaming=configured)).streaming is streaming


TOOLS = [{"name": "look", "parameters": {}}, {"name": "find", "parameters": {"type": "object"}}]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (None, (None, None)),
        ("auto", ("auto", None)),
        ("none", ("none", None)),
        ("required", ("required", None)),
        ("look", ("tool", "look")),
        ("unknown", (None, None)),
        ({"type": "tool", "name": "find"}, ("tool", "find")),
        ({"type": "function", "function": {"name": "find"}}, ("tool", "find")),
        ({"type": "allowed", "mode": "x"}, ({"type": "allowed", "mode": "x"}, None)),
        ({"name": "unknown"}, (None, None)),
        ({"type": "function", "function": {"name": "unknown"}}, (None, None)),
    ],
)
def test_tool_choice(choice: Any, expected: tuple[Any, Any]) -> None:
    for made in (call({"tools": TOOLS, "tool_choice": choice}), call({"tools": TOOLS}, {"tool_choice": choice})):
        assert (made.tool_choice, made.chosen_tool) == expected
    assert call({"tool_choice": choice}).tool_choice is None


def test_the_callers_tool_choice_beats_the_requests() -> None:
    made = call({"tools": TOOLS, "tool_choice": "auto"}, {"tool_choice": {"type": "any"}})
    assert made.tool_choice == {"type": "any"}


def test_the_configured_tool_choice_is_for_requests_that_make_none() -> None:
    required = Config(tool_choice="required")
    assert call({"tools": TOOLS}, config=required).tool_choice == "required"
    assert call({"tools": TOOLS, "tool_choice": "none"}, config=required).tool_choice == "none"
    assert call({"tools": TOOLS}, {"tool_choice": "auto"}, required).tool_choice == "auto"
    assert call(config=required).tool_choice is None


def test_what_a_tool_takes_is_an_object_also_if_its_schema_does_not_say_so() -> None:
    (tool,) = call({"tools": [{"name": "look", "parameters": {"properties": {"a": {}}}}]}).tools
    assert tool.parameters == {"type": "object", "properties": {"a": {}}}


def test_a_tool_without_parameters_takes_an_empty_object(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    for tools in (TOOLS, [{**tool, "type": "function"} for tool in TOOLS]):
        assert call({"tools": tools}).tools[0].parameters == {"type": "object", "properties": {}}
    assert not caplog.records


def test_what_cannot_be_sent_is_stripped_of_tools_choices_and_formats() -> None:
    tool = {"name": "look", "description": "See\x1b.", "parameters": {"title": "a\x1bb"}}
    format_ = {"type": "json_schema", "json_schema": {"type": "object", "title": "a\x1bb"}}
    made = call({"tools": [tool], "tool_choice": {"type": "a\x1bb"}, "response_format": format_})
    assert (made.tools[0].description, made.tools[0].parameters["title"]) == ("See.", "ab")
    assert (made.tool_choice, made.schema) == ({"type": "ab"}, {"type": "object", "title": "ab"})
    wrapped = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"title": "a\x1bb"}}}
    assert call({"response_format": wrapped}).schema == {"title": "ab"}


def test_a_native_tool_is_offered_as_a_function(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    (tool,) = call({"tools": [{"name": "sh", "parameters": {}, "type": "bash_2025", "strict": True}]}).tools
    assert tool == ToolSpec(name="sh", parameters={"type": "object", "properties": {}})
    assert "bash_2025" in caplog.text


def test_a_tool_is_offered_once(caplog: pytest.LogCaptureFixture) -> None:
    look, find = TOOLS
    assert [tool.name for tool in call({"tools": [look, look, find]}).tools] == ["look", "find"]
    assert "twice" in caplog.text


SCHEMA = {"type": "object", "properties": {"schema": {"type": "string"}}}
# Schemas with an unknown keyword that a schema with a name would have.
ODD = [
    {keyword: value, "schema": {"an": "unknown keyword"}}
    for keyword, value in {"type": "object", "properties": {}, "$ref": "#/$defs/a", "anyOf": [{}]}.items()
]


@pytest.mark.parametrize(
    ("given_", "kind", "schema", "strict"),
    [
        ({"type": "text"}, "text", None, None),
        ({"type": "json"}, "json", None, None),
        ({"type": "json_schema", "json_schema": SCHEMA}, "json_schema", SCHEMA, None),
        ({"type": "json_schema", "json_schema": SCHEMA, "strict": False}, "json_schema", SCHEMA, False),
        *(({"type": "json_schema", "json_schema": odd}, "json_schema", odd, None) for odd in ODD),
        ({"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}}, "json_schema", SCHEMA, None),
        (
            {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA, "strict": True}},
            "json_schema",
            SCHEMA,
            True,
        ),
        (
            {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA, "strict": "yes"}},
            "json_schema",
            SCHEMA,
            None,
        ),
        (
            {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA, "strict": True}, "strict": False},
            "json_schema",
            SCHEMA,
            False,
        ),
    ],
)
def test_response_format(given_: dict[str, Any], kind: str, schema: dict[str, Any] | None, strict: bool | None) -> None:
    made = call({"response_format": given_})
    assert (made.response_format, made.schema, made.strict) == (kind, schema, strict)


def test_an_unknown_response_format_of_the_caller_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    assert (
        call({"response_format": {"type": "json"}}, {"response_format": {"type": "json_object"}}).response_format
        == "json"
    )
    assert "response format" in caplog.text


def test_system_and_history_are_one_conversation() -> None:
    made = call({"messages": [{"role": "user", "content": "hi"}, {"role": "system", "content": "be kind"}]})
    assert (made.system, [turn.role for turn in made.history]) == ("be kind", ["user"])
    assert [(turn.role, turn.text) for turn in made.turns] == [("system", "be kind"), ("user", "hi")]
    assert call().turns == call().history


def test_the_history_is_repaired_and_the_repairs_are_told() -> None:
    content = [{"type": "tool_call", "id": "a", "name": "look", "input": {}}]
    made = call({"messages": [{"role": "assistant", "content": content}]})
    assert [turn.role for turn in made.history] == ["assistant", "tool"]
    assert made.repairs.missing == (MissingResult("a", "look"),)


def test_images_become_words_for_a_model_that_cannot_see(caplog: pytest.LogCaptureFixture) -> None:
    image = {"type": "image", "source": {"type": "url", "url": "https://x.test/a.png"}}
    messages = [
        {"role": "assistant", "content": [{"type": "tool_call", "id": "a", "name": "look", "input": {}}]},
        {"role": "tool", "tool_call_id": "a", "content": [image]},
        {"role": "user", "content": [image]},
    ]
    seeing, unknown = (call({"messages": messages}, facts=facts) for facts in (THINKS, None))
    assert not caplog.records
    blind = call({"messages": messages}, facts=DOES_NOT)
    assert "m-default takes no images" in caplog.text
    assert not blind.history[1].tool_results[0].images
    instead = "[an image, which this model cannot see]"
    assert (blind.history[1].tool_results[0].text, blind.history[2].text) == (instead, instead)
    assert seeing.history[2].images == unknown.history[2].images != ()


def test_unknown_arguments_change_nothing() -> None:
    assert call({}, {"colour": "red", "stream": False, "provider": {}}) == call()


def test_the_rest_of_the_request_is_carried() -> None:
    asked = {"conversation_id": "c", "metadata": {"purpose": "test"}}
    made = call(asked, {}, Config(cache="5m", config={"tier": "fast"}), Known(max_output_tokens=7))
    assert (made.config, made.output_limit, call().output_limit) == ({"tier": "fast"}, 7, None)
    assert (made.conversation_id, made.metadata, made.cache) == ("c", {"purpose": "test"}, "5m")
    assert call(asked, {"conversation_id": "d"}).conversation_id == "d"


def test_fields_that_a_model_lacks_are_left_out_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    made = Call("m", temperature=0.5, tool_choice="required")
    assert made.without("temperature", "top_p", reason="it thinks") == replace(made, temperature=None)
    assert [record.message for record in caplog.records] == ["m: left out temperature: it thinks"]


def test_one_value_of_a_field_may_be_left_out(caplog: pytest.LogCaptureFixture) -> None:
    made = Call("m", tool_choice="required")
    assert made.without("tool_choice.required", reason="it thinks").tool_choice is None
    caplog.clear()
    assert made.without("tool_choice.none", "temperature", reason="it thinks") is made
    assert not caplog.records


junk = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.text(), max_size=2)
    | st.dictionaries(st.sampled_from(["type", "name", "schema", "function"]), st.text(), max_size=2)
)
words = [
    "model",
    "tool_choice",
    "response_format",
    "temperature",
    "top_p",
    "max_tokens",
    "stop",
    "reasoning_effort",
    "timeout",
    "extended_thinking",
    "conversation_id",
]


@given(st.dictionaries(st.sampled_from(words), junk))
def test_whatever_the_caller_says_the_call_is_made_and_nothing_is_changed(kwargs: dict[str, Any]) -> None:
    request = ChatRequest(
        messages=[Message(role="user", content="hi")], tools=[ToolSpec(name="look", parameters={})], metadata={"a": 1}
    )
    before, kwargs_before = request.model_dump(), copy.deepcopy(kwargs)
    made = prepare(request, kwargs, Config(), lambda _: THINKS, vendor="acme")
    assert request.model_dump() == before
    assert repr(kwargs) == repr(kwargs_before)
    assert made.model
    assert made.tool_choice != "tool" or made.chosen_tool == "look"
