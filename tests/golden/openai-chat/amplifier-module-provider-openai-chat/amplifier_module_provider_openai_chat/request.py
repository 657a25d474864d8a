"""Requests to OpenAI Chat Completions: the body of one call, written from Amplifier's terms."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final, cast

from amplifier_core.message_models import (
    TextBlock,
    ToolCallBlock,
    ToolSpec,
)

from . import wire
from .call import Call
from .history import Block, Image, Turn

__all__ = [
    "ENDPOINT",
    "body",
]

ENDPOINT: Final = "/chat/completions"
REASONING_EFFORT: Final[dict[str | None, str]] = {
    "minimal": "minimal",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
}
REASONING_EFFORT_O_1_9: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}
REASONING_EFFORT_GPT_5_1: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
    "none": "none",
}
REASONING_EFFORT_GPT_5_23: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "xhigh",
    "none": "none",
}
REASONING_EFFORT_GPT_6_ASTRA: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "xhigh",
    "none": "low",
}
REASONING_EFFORT_GPT_6_12_SOL: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "xhigh",
    "none": "low",
}
REASONING_EFFORT_GPT_5: Final[dict[str | None, str]] = {
    "minimal": "minimal",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
    "none": "minimal",
}


def body(call: Call) -> wire.CreateChatCompletionRequest:
    """Return the body of `POST /chat/completions` for one call."""
    body: wire.CreateChatCompletionRequest = {
        "model": call.model,
        "messages": [message for turn in call.turns for message in write_turn(turn)],
    }
    if call.tools:
        body["tools"] = [write_tool(tool) for tool in call.tools]
    if (tool_choice := write_tool_choice(call)) is not None:
        body["tool_choice"] = tool_choice
    if (response_format := write_response_format(call)) is not None:
        body["response_format"] = response_format
    if call.max_output_tokens is not None:
        body["max_completion_tokens"] = call.max_output_tokens
    add_for_model(body, call)
    if call.streaming:
        body["stream"] = True
        body["stream_options"] = {"include_usage": True}
    return body


def write_turn(turn: Turn) -> Iterator[wire.ChatCompletionRequestMessage]:
    """Yield the messages that one turn is on the wire."""
    match turn.role:
        case "system":
            if turn.text:
                yield wire.ChatCompletionRequestSystemMessage(role="system", content=turn.text)
        case "developer":
            if turn.text:
                yield wire.ChatCompletionRequestDeveloperMessage(role="developer", content=turn.text)
        case "user":
            if content := write_user_content(turn):
                yield wire.ChatCompletionRequestUserMessage(role="user", content=content)
        case "assistant":
            if turn.text or turn.tool_calls or turn.labelled_text("refusal"):
                yield write_assistant(turn)
        case "tool":
            for result in turn.tool_results:
                yield wire.ChatCompletionRequestToolMessage(
                    role="tool", tool_call_id=result.tool_call_id, content=result.text
                )


def write_user_content(turn: Turn) -> str | list[wire.ChatCompletionRequestUserMessageContentPart]:
    """Return bare text where there is nothing else, else the list of parts."""
    if turn.only_text:
        return turn.text
    return [part for block in turn.blocks if (part := write_user_block(block)) is not None]


def write_user_block(block: Block) -> wire.ChatCompletionRequestUserMessageContentPart | None:
    """Return one block of a user message, None where the vendor has no place for it."""
    match block:
        case TextBlock(text=text):
            return wire.ChatCompletionRequestMessageContentPartText(type="text", text=text)
        case Image(media_type=str(media_type), data=str(data)):
            return wire.ChatCompletionRequestMessageContentPartImage(
                type="image_url", image_url={"url": f"data:{media_type};base64,{data}"}
            )
        case Image(url=str(url)):
            return wire.ChatCompletionRequestMessageContentPartImage(type="image_url", image_url={"url": url})
    return None


def write_assistant(turn: Turn) -> wire.ChatCompletionRequestAssistantMessage:
    """Return an assistant message."""
    message: wire.ChatCompletionRequestAssistantMessage = {"role": "assistant"}
    if turn.text:
        message["content"] = turn.text
    if turn.tool_calls:
        message["tool_calls"] = [write_tool_call(block) for block in turn.tool_calls]
    if refusal := turn.labelled_text("refusal"):
        message["refusal"] = refusal
    return message


def write_tool_call(block: ToolCallBlock) -> wire.ChatCompletionMessageToolCall:
    """Return one tool call."""
    return {
        "id": block.id,
        "type": "function",
        "function": {"name": block.name, "arguments": json.dumps(block.input, ensure_ascii=False)},
    }


def write_tool(tool: ToolSpec) -> wire.ChatCompletionTool:
    """Return one tool as the model is told of it."""
    return {"type": "function", "function": write_function(tool)}


def write_function(tool: ToolSpec) -> wire.FunctionObject:
    """Return `function` of the request."""
    function: wire.FunctionObject = {"name": tool.name, "parameters": tool.parameters}
    if tool.description:
        function["description"] = tool.description
    return function


def write_tool_choice(call: Call) -> wire.ToolChoice | None:
    """Return the tool choice in the vendor's words, None if none was asked for that the vendor has."""
    match call.tool_choice:
        case "auto":
            return "auto"
        case "none":
            return "none"
        case "required":
            return "required"
        case "tool":
            if call.chosen_tool is not None:
                return {"type": "function", "function": {"name": call.chosen_tool}}
        case dict():
            return cast("wire.ToolChoice", call.tool_choice)
    return None


def write_response_format(call: Call) -> wire.ResponseFormat | None:
    """Return the response format in the vendor's words, None if none was asked for that the vendor has."""
    match call.response_format:
        case "text":
            return wire.ResponseFormatText(type="text")
        case "json":
            return wire.ResponseFormatJsonObject(type="json_object")
        case "json_schema":
            if json_schema := write_json_schema(call):
                return wire.ResponseFormatJsonSchema(type="json_schema", json_schema=json_schema)
    return None


def write_json_schema(call: Call) -> wire.ResponseFormatJsonSchemaJsonSchema | None:
    """Return `json_schema` of the request, None if nothing of it is asked for."""
    if call.schema is None and call.strict is None:
        return None
    json_schema: wire.ResponseFormatJsonSchemaJsonSchema = {"name": "response"}
    if call.schema is not None:
        json_schema["schema"] = call.schema
    if call.strict is not None:
        json_schema["strict"] = call.strict
    return json_schema


def add_for_model(body: wire.CreateChatCompletionRequest, call: Call) -> None:
    """Add what depends on the model."""
    if fnmatchcase(call.model, "o[1-9]*"):
        if (reasoning_effort := REASONING_EFFORT_O_1_9.get(call.reasoning_effort)) is not None:
            body["reasoning_effort"] = reasoning_effort
    elif fnmatchcase(call.model, "gpt-5*-chat*"):
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.top_p is not None:
            body["top_p"] = call.top_p
        if call.stop:
            body["stop"] = call.stop
    elif fnmatchcase(call.model, "gpt-5.1*"):
        if (reasoning_effort := REASONING_EFFORT_GPT_5_1.get(call.reasoning_effort)) is not None:
            body["reasoning_effort"] = reasoning_effort
    elif fnmatchcase(call.model, "gpt-5.[23]*"):
        if (reasoning_effort := REASONING_EFFORT_GPT_5_23.get(call.reasoning_effort)) is not None:
            body["reasoning_effort"] = reasoning_effort
    elif fnmatchcase(call.model, "gpt-5.4*"):
        pass
    elif fnmatchcase(call.model, "gpt-6*-astra*"):
        if (reasoning_effort := REASONING_EFFORT_GPT_6_ASTRA.get(call.reasoning_effort)) is not None:
            body["reasoning_effort"] = reasoning_effort
    elif fnmatchcase(call.model, "gpt-6.[12]-sol*"):
        if (reasoning_effort := REASONING_EFFORT_GPT_6_12_SOL.get(call.reasoning_effort)) is not None:
            body["reasoning_effort"] = reasoning_effort
    elif fnmatchcase(call.model, "gpt-5.*") or fnmatchcase(call.model, "gpt-6*"):
        body["reasoning_effort"] = "none"
    elif fnmatchcase(call.model, "gpt-5*"):
        if (reasoning_effort := REASONING_EFFORT_GPT_5.get(call.reasoning_effort)) is not None:
            body["reasoning_effort"] = reasoning_effort
    elif fnmatchcase(call.model, "gpt-[34]*"):
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.top_p is not None:
            body["top_p"] = call.top_p
        if call.stop:
            body["stop"] = call.stop
    else:
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.top_p is not None:
            body["top_p"] = call.top_p
        if call.stop:
            body["stop"] = call.stop
        if (reasoning_effort := REASONING_EFFORT.get(call.reasoning_effort)) is not None:
            body["reasoning_effort"] = reasoning_effort
