"""Requests as Amplifier makes them: everything that a body may have to carry, in no vendor's terms."""

import base64
from typing import Any

# A picture of one pixel.
PNG = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e366"
        "0000000049454e44ae426082"
    )
).decode()

# Models of each vendor, one for every way in which its mapping distinguishes them.
MODELS = {
    "openai-chat": (
        "gpt-5.2",
        "gpt-5.1",
        "gpt-5-mini",
        "gpt-5.4",
        "gpt-6-luna",
        "gpt-6-astra",
        "gpt-4o",
        "o3",
        "gpt-5-chat-latest",
    ),
    "anthropic": (
        "claude-3-5-haiku-20241022",
        "claude-opus-4-1",
        "claude-sonnet-4-5",
        "claude-sonnet-4-6",
        "claude-opus-4-8",
        "claude-opus-5-5",
        "claude-fable-5",
        "claude-sonnet-5-5",
    ),
    "gemini": ("gemini-3.8-flash", "gemini-3-flash-preview", "gemini-2.5-flash", "gemini-2.5-pro"),
    "openai": (
        "gpt-6.1-terra",
        "gpt-6-astra",
        "gpt-5-pro",
        "gpt-5.5-pro",
        "gpt-5-chat-latest",
        "gpt-5.1",
        "gpt-4o",
        "o3",
    ),
    "ollama": ("gpt-oss:20b", "gemma4"),
}

_WEATHER = {
    "name": "get_weather",
    "description": "Current weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
_TIME = {"name": "get_time", "parameters": {}}
_TOOLS = [_WEATHER, _TIME]
_SCHEMA = {"type": "object", "properties": {"answer": {"type": "integer"}}, "required": ["answer"]}


def _said(role: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def _called(identifier: str, name: str = "get_weather", **arguments: Any) -> dict[str, Any]:
    return {"type": "tool_call", "id": identifier, "name": name, "input": arguments}


def _result(identifier: str, content: Any, name: str = "get_weather") -> dict[str, Any]:
    return _said("tool", content, tool_call_id=identifier, name=name)


_HELLO = _said("user", "Hello?")
_TEXT = {"type": "text", "text": "Let me look."}
_IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
_LINK = {"type": "image", "source": {"type": "url", "url": "https://example.com/cat.png"}}
_THOUGHT = {"type": "thinking", "thinking": "Two cities, so two calls.", "signature": "c2lnbmVk"}
_ASKED = _said("user", "Weather in Oslo?")
_CALL = _said("assistant", [_TEXT, _called("call_1", city="Oslo")])

# name: what the ChatRequest has, beside the model
REQUESTS: dict[str, dict[str, Any]] = {
    "one line": {"messages": [_HELLO]},
    "streamed": {"messages": [_HELLO], "metadata": {"stream": True}},
    "blocks of text": {"messages": [_said("user", [_TEXT, {"type": "text", "text": "And then?"}])]},
    "system and developer": {
        "messages": [_said("system", "Be brief."), _said("developer", "# notes.md\nOslo is cold."), _HELLO]
    },
    "system twice": {"messages": [_said("system", "Be brief."), _said("system", "Be kind."), _HELLO]},
    "developer in between": {
        "messages": [_HELLO, _said("assistant", "Hi."), _said("developer", "Now it rains."), _said("user", "Well?")]
    },
    "turns": {"messages": [_HELLO, _said("assistant", "Hi."), _said("user", "How are you?")]},
    "turns of one role": {"messages": [_HELLO, _said("user", "Anyone?"), _said("assistant", "Yes."), _HELLO]},
    "an image": {"messages": [_said("user", [{"type": "text", "text": "What is it?"}, _IMAGE])]},
    "an image by its address": {"messages": [_said("user", [_LINK, {"type": "text", "text": "What is it?"}])]},
    "tools": {"messages": [_ASKED], "tools": _TOOLS},
    "tools, free to choose": {"messages": [_ASKED], "tools": _TOOLS, "tool_choice": "auto"},
    "tools, none to be used": {"messages": [_ASKED], "tools": _TOOLS, "tool_choice": "none"},
    "tools, one required": {"messages": [_ASKED], "tools": _TOOLS, "tool_choice": "required"},
    "a named tool": {"messages": [_ASKED], "tools": _TOOLS, "tool_choice": "get_weather"},
    "a call and its result": {"messages": [_ASKED, _CALL, _result("call_1", "Snow.")], "tools": _TOOLS},
    "a result in blocks": {
        "messages": [_ASKED, _CALL, _result("call_1", [{"type": "text", "text": "Snow."}])],
        "tools": _TOOLS,
    },
    "an empty result": {"messages": [_ASKED, _CALL, _result("call_1", "")], "tools": _TOOLS},
    "an image in a result": {
        "messages": [_ASKED, _CALL, _result("call_1", [{"type": "text", "text": "Seen:"}, _IMAGE])],
        "tools": _TOOLS,
    },
    "a failed call": {
        "messages": [_ASKED, _CALL, _result("call_1", '{"error": {"message": "no such city"}}')],
        "tools": _TOOLS,
    },
    "calls at once": {
        "messages": [
            _ASKED,
            _said("assistant", [_called("call_1", city="Oslo"), _called("call_2", "get_time")]),
            _result("call_1", "Snow."),
            _result("call_2", "Noon.", "get_time"),
            _said("user", "Thanks."),
        ],
        "tools": _TOOLS,
    },
    "a call that was never answered": {"messages": [_ASKED, _CALL, _said("user", "Never mind.")], "tools": _TOOLS},
    "signed thinking": {
        "messages": [
            _ASKED,
            _said("assistant", [_THOUGHT, _TEXT, _called("call_1", city="Oslo")]),
            _result("call_1", "Snow."),
        ],
        "tools": _TOOLS,
        "reasoning_effort": "high",
    },
    "unsigned thinking": {
        "messages": [_HELLO, _said("assistant", [_THOUGHT | {"signature": None}, _TEXT]), _said("user", "Go on.")]
    },
    "redacted thinking": {
        "messages": [
            _HELLO,
            _said("assistant", [{"type": "redacted_thinking", "data": "c2VjcmV0"}, _TEXT]),
            _said("user", "Go on."),
        ],
        "reasoning_effort": "low",
    },
    "what another vendor's model said": {
        "messages": [
            _HELLO,
            _said(
                "assistant",
                [
                    _TEXT | {"elsewhere": {"signature": "Zm9yZWlnbg==", "phase": 2}},
                    {"type": "reasoning", "content": ["Hm."], "summary": ["Hm."]},
                ],
            ),
            _said("user", "Go on."),
        ]
    },
    "an answer without content": {"messages": [_HELLO, _said("assistant", ""), _said("user", "Nothing?")]},
    "a schema for the answer": {
        "messages": [_HELLO],
        "response_format": {"type": "json_schema", "json_schema": _SCHEMA, "strict": True},
    },
    "a wrapped schema for the answer": {
        "messages": [_HELLO],
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": _SCHEMA}},
    },
    "JSON for the answer": {"messages": [_HELLO], "response_format": {"type": "json"}},
    "text for the answer": {"messages": [_HELLO], "response_format": {"type": "text"}},
    "sampling": {
        "messages": [_HELLO],
        "temperature": 0,
        "top_p": 0.5,
        "stop": ["END", "STOP"],
        "max_output_tokens": 64,
    },
    **{
        f"thinking: {effort}": {"messages": [_HELLO], "reasoning_effort": effort}
        for effort in ("none", "minimal", "low", "medium", "high", "xhigh", "max")
    },
    "thinking and sampling": {"messages": [_ASKED], "reasoning_effort": "high", "temperature": 0.5, "tools": _TOOLS},
    "a conversation": {"messages": [_HELLO], "conversation_id": "conversation-1"},
}
