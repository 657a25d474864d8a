"""Any request that Amplifier can make, as a strategy: odd ones too, as sessions that went wrong leave them."""

from typing import Any

from hypothesis import strategies as st

from tests.proof.corpus import PNG

_TEXTS = st.sampled_from(["", "Hi", "  ", "\x00\x1b", "ü€", "a\nb"])
_IDS = st.sampled_from(["call_1", "call_2", "call_3"])
_NAMES = st.sampled_from(["get_weather", "get_time", ""])
_SOURCES = st.sampled_from(
    [
        {"type": "base64", "media_type": "image/png", "data": PNG},
        {"type": "base64", "data": PNG},
        {"type": "url", "url": "https://example.com/cat.png"},
        {"type": "url", "url": f"data:image/png;base64,{PNG}"},
        {"type": "elsewhere"},
        {},
    ]
)
_OUTPUTS = st.sampled_from(["", "Snow.", {"a": 1}, [1], [{"type": "text", "text": "Snow."}], None])
_BLOCKS = st.one_of(
    st.fixed_dictionaries({"type": st.just("text"), "text": _TEXTS}),
    st.fixed_dictionaries(
        {"type": st.just("thinking"), "thinking": _TEXTS, "signature": st.sampled_from(["c2ln", "", None])}
    ),
    st.fixed_dictionaries({"type": st.just("redacted_thinking"), "data": st.just("c2VjcmV0")}),
    st.fixed_dictionaries(
        {
            "type": st.just("tool_call"),
            "id": _IDS,
            "name": _NAMES,
            "input": st.sampled_from([{}, {"city": "Oslo"}]),
        }
    ),
    st.fixed_dictionaries({"type": st.just("tool_result"), "tool_call_id": _IDS, "output": _OUTPUTS}),
    st.fixed_dictionaries({"type": st.just("image"), "source": _SOURCES}),
    st.just({"type": "reasoning", "content": ["Hm."], "summary": []}),
)
_CONTENT = st.one_of(_TEXTS, st.lists(_BLOCKS, max_size=4))
_MESSAGES = st.one_of(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["system", "developer", "user", "assistant", "assistant"]), "content": _CONTENT}
    ),
    st.fixed_dictionaries(
        {"role": st.just("tool"), "content": _CONTENT},
        optional={"tool_call_id": _IDS, "name": st.sampled_from(["get_weather", None])},
    ),
)
_SCHEMA = {"type": "object", "properties": {"answer": {"type": "integer"}}}
_FORMATS = st.sampled_from(
    [
        {"type": "json"},
        {"type": "text"},
        {"type": "json_schema", "json_schema": _SCHEMA, "strict": True},
        {"type": "json_schema", "json_schema": {}},
    ]
)
_TOOLS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["get_weather", "get_time"]),
            "description": st.sampled_from([None, "", "Current weather."]),
            "parameters": st.sampled_from([{}, _SCHEMA]),
        }
    ),
    max_size=3,
)


def requests() -> st.SearchStrategy[dict[str, Any]]:
    """Return requests as JSON, without a model; each says something."""
    start = {"role": "user", "content": "Hello?"}
    return st.fixed_dictionaries(
        {
            "messages": st.lists(_MESSAGES, max_size=6).map(lambda messages: [start, *messages]),
            "metadata": st.sampled_from([{"stream": True}, {"stream": False}]),
        },
        optional={
            "tools": _TOOLS,
            "tool_choice": st.sampled_from(["auto", "none", "required", "get_weather", "no_such_tool"]),
            "response_format": _FORMATS,
            "temperature": st.sampled_from([0, 0.5, 1]),
            "top_p": st.sampled_from([0.5, 1]),
            "stop": st.sampled_from([[], ["END"], [""]]),
            "max_output_tokens": st.sampled_from([1, 100, 1_000_000]),
            "reasoning_effort": st.sampled_from(["none", "minimal", "low", "medium", "high", "xhigh", "max"]),
            "conversation_id": st.just("conversation-1"),
        },
    )
