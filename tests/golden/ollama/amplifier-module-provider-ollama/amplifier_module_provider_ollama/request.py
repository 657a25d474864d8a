"""Requests to Ollama: the body of one call, written from Amplifier's terms."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from amplifier_core.message_models import (
    ToolCallBlock,
    ToolSpec,
)

from . import wire
from .call import Call
from .history import Image, ToolResult, Turn

__all__ = [
    "ENDPOINT",
    "body",
]

ENDPOINT: Final = "/api/chat"
REASONING_EFFORT: Final[dict[str | None, bool | str]] = {
    "none": False,
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "max",
    "max": "max",
}
REASONING_EFFORT_GPT_OSS: Final[dict[str | None, str]] = {
    "none": "low",
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}


def body(call: Call) -> wire.ChatRequest:
    """Return the body of `POST /api/chat` for one call."""
    body: wire.ChatRequest = {
        "model": call.model,
        "messages": [message for turn in call.turns for message in write_turn(turn)],
        "stream": False,
    }
    if call.tools:
        body["tools"] = [write_tool(tool) for tool in call.tools]
    if (format_ := write_response_format(call)) is not None:
        body["format"] = format_
    if (keep_alive := call.config.get("keep_alive")) is not None:
        body["keep_alive"] = keep_alive
    if options := write_options(call):
        body["options"] = options
    add_for_model(body, call)
    if call.streaming:
        body["stream"] = True
    return body


def write_turn(turn: Turn) -> Iterator[wire.ChatMessage]:
    """Yield the messages that one turn is on the wire."""
    match turn.role:
        case "system":
            if turn.text:
                yield {"role": "system", "content": turn.text}
        case "developer":
            if turn.text:
                yield {"role": "user", "content": f"<context_file>\n{turn.text}\n</context_file>"}
        case "user":
            if turn.text or [image for block in turn.images if (image := write_image(block)) is not None]:
                yield write_user(turn)
        case "assistant":
            if turn.thinking or turn.text or turn.tool_calls:
                yield write_assistant(turn)
        case "tool":
            for result in turn.tool_results:
                yield write_result(result)


def write_image(block: Image) -> str | None:
    """Return one image, None where the vendor has no place for it."""
    match block:
        case Image(data=str(data)):
            return data
    return None


def write_user(turn: Turn) -> wire.ChatMessage:
    """Return a user message."""
    message: wire.ChatMessage = {"role": "user", "content": turn.text}
    if images := [image for block in turn.images if (image := write_image(block)) is not None]:
        message["images"] = images
    return message


def write_assistant(turn: Turn) -> wire.ChatMessage:
    """Return an assistant message."""
    message: wire.ChatMessage = {"role": "assistant", "content": turn.text}
    if turn.thinking:
        message["thinking"] = turn.thinking
    if turn.tool_calls:
        message["tool_calls"] = [write_tool_call(block) for block in turn.tool_calls]
    return message


def write_tool_call(block: ToolCallBlock) -> wire.ToolCallBlock:
    """Return one tool call."""
    return {"function": {"name": block.name, "arguments": block.input}}


def write_result(result: ToolResult) -> wire.ChatMessage:
    """Return a tool message."""
    message: wire.ChatMessage = {"role": "tool", "content": result.text}
    if result.name is not None:
        message["tool_name"] = result.name
    if images := [image for block in result.images if (image := write_image(block)) is not None]:
        message["images"] = images
    return message


def write_tool(tool: ToolSpec) -> wire.ToolDefinition:
    """Return one tool as the model is told of it."""
    return {"type": "function", "function": write_function(tool)}


def write_function(tool: ToolSpec) -> wire.ToolDefinitionFunction:
    """Return `function` of the request."""
    function: wire.ToolDefinitionFunction = {"name": tool.name, "parameters": tool.parameters}
    if tool.description:
        function["description"] = tool.description
    return function


def write_response_format(call: Call) -> wire.Format | None:
    """Return the response format in the vendor's words, None if none was asked for that the vendor has."""
    match call.response_format:
        case "json":
            return "json"
        case "json_schema":
            if call.schema is not None:
                return call.schema
    return None


def write_options(call: Call) -> wire.ModelOptions | None:
    """Return `options` of the request, None if nothing of it is asked for."""
    options: wire.ModelOptions = {}
    if (num_ctx := call.config.get("num_ctx")) is not None:
        options["num_ctx"] = num_ctx
    if call.max_output_tokens is not None:
        options["num_predict"] = call.max_output_tokens
    if call.temperature is not None:
        options["temperature"] = call.temperature
    if call.top_p is not None:
        options["top_p"] = call.top_p
    if call.stop:
        options["stop"] = call.stop
    return options or None


def add_for_model(body: wire.ChatRequest, call: Call) -> None:
    """Add what depends on the model."""
    think: bool | str | None
    if fnmatchcase(call.model, "gpt-oss*"):
        if (think := REASONING_EFFORT_GPT_OSS.get(call.reasoning_effort)) is not None:
            body["think"] = think
    else:
        if (think := REASONING_EFFORT.get(call.reasoning_effort)) is not None:
            body["think"] = think
