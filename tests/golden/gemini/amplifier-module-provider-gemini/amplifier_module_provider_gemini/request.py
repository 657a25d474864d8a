"""Requests to Google Gemini: the body of one call, written from Amplifier's terms."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Final, cast
from urllib.parse import quote

from amplifier_core.message_models import (
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
    ToolSpec,
)

from . import wire
from .call import Call
from .history import Block, Image, ToolResult, Turn, opaque

__all__ = [
    "body",
    "endpoint",
]

RESPONSE_FORMAT: Final[dict[str | None, str]] = {
    "text": "text/plain",
    "json": "application/json",
    "json_schema": "application/json",
}
REASONING_EFFORT: Final[dict[str | None, int]] = {
    "none": 0,
    "minimal": 512,
    "low": 2048,
    "medium": 8192,
    "high": 24576,
    "xhigh": 24576,
    "max": 24576,
}
REASONING_EFFORT_GEMINI_3_FLASH: Final[dict[str | None, str]] = {
    "none": "MINIMAL",
    "minimal": "MINIMAL",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "xhigh": "HIGH",
    "max": "HIGH",
}
REASONING_EFFORT_GEMINI_3_5_FLASH: Final[dict[str | None, str]] = {
    "none": "MINIMAL",
    "minimal": "MINIMAL",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "xhigh": "HIGH",
    "max": "HIGH",
}
REASONING_EFFORT_GEMINI_3_1_FLASH_LITE: Final[dict[str | None, str]] = {
    "none": "MINIMAL",
    "minimal": "MINIMAL",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "xhigh": "HIGH",
    "max": "HIGH",
}
REASONING_EFFORT_GEMINI_2_5_PRO: Final[dict[str | None, int]] = {
    "none": 128,
    "minimal": 512,
    "low": 2048,
    "medium": 8192,
    "high": 24576,
    "xhigh": 24576,
    "max": 32768,
}
REASONING_EFFORT_GEMINI_34: Final[dict[str | None, str]] = {
    "none": "LOW",
    "minimal": "LOW",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "xhigh": "HIGH",
    "max": "HIGH",
}


def body(call: Call) -> wire.GenerateContentRequest:
    """Return the body of `POST /v1beta/models/{model}:generateContent` for one call."""
    body: wire.GenerateContentRequest = {
        "contents": join_turns(message for turn in call.history for message in write_turn(turn))
    }
    if call.system:
        body["systemInstruction"] = {"parts": [wire.Part(text=call.system)]}
    if call.tools:
        body["tools"] = [{"functionDeclarations": [write_tool(tool) for tool in call.tools]}]
    if (function_calling_config := write_tool_choice(call)) is not None:
        body["toolConfig"] = {"functionCallingConfig": function_calling_config}
    if generation_config := write_generation_config(call):
        body["generationConfig"] = generation_config
    return body


def write_turn(turn: Turn) -> Iterator[wire.Content]:
    """Yield the messages that one turn is on the wire."""
    match turn.role:
        case "developer":
            if turn.text:
                yield {"role": "user", "parts": [wire.Part(text=f"<context_file>\n{turn.text}\n</context_file>")]}
        case "user":
            if parts := [part for block in turn.blocks if (part := write_user_block(block)) is not None]:
                yield {"role": "user", "parts": parts}
        case "assistant":
            if parts := [part for block in turn.blocks if (part := write_assistant_block(block)) is not None]:
                yield {"role": "model", "parts": parts}
        case "tool":
            if parts := [part for block in turn.blocks if (part := write_tool_block(block)) is not None]:
                yield {"role": "user", "parts": parts}


def write_user_block(block: Block) -> wire.ContentItem | None:
    """Return one block of a user message, None where the vendor has no place for it."""
    match block:
        case TextBlock():
            return write_text(block)
        case Image(media_type=str(media_type), data=str(data)):
            return wire.ImageBlock(inlineData={"mimeType": media_type, "data": data})
        case Image(url=str(url)):
            return wire.Part(fileData={"fileUri": url})
    return None


def write_text(block: TextBlock) -> wire.Part:
    """Return one text."""
    extra = opaque(block, "gemini")
    written: wire.Part = {"text": block.text}
    if "signature" in extra:
        written["thoughtSignature"] = extra["signature"]
    return written


def write_assistant_block(block: Block) -> wire.ContentItem | None:
    """Return one block of an assistant message, None where the vendor has no place for it."""
    match block:
        case ThinkingBlock(thinking=thinking, signature=str(signature)):
            return wire.Part(thought=True, text=thinking, thoughtSignature=signature)
        case TextBlock():
            return write_text(block)
        case Image(media_type=str(media_type), data=str(data)):
            return wire.ImageBlock(inlineData={"mimeType": media_type, "data": data})
        case Image(url=str(url)):
            return wire.Part(fileData={"fileUri": url})
        case ToolCallBlock():
            return write_tool_call(block)
    return None


def write_tool_call(block: ToolCallBlock) -> wire.Part:
    """Return one tool call."""
    extra = opaque(block, "gemini")
    written: wire.Part = {"functionCall": {"id": block.id, "name": block.name, "args": block.input}}
    if "signature" in extra:
        written["thoughtSignature"] = extra["signature"]
    return written


def write_tool_block(block: Block) -> wire.ContentItem | None:
    """Return one block of a tool message, None where the vendor has no place for it."""
    match block:
        case ToolResult():
            return wire.Part(functionResponse=write_function_response(block))
    return None


def write_function_response(block: ToolResult) -> wire.FunctionResponse:
    """Return `functionResponse` of the request."""
    function_response: wire.FunctionResponse = {"id": block.tool_call_id, "response": {"result": block.text}}
    if block.name is not None:
        function_response["name"] = block.name
    if parts := [part for inner in block.images if (part := write_image(inner)) is not None]:
        function_response["parts"] = parts
    return function_response


def write_image(block: Image) -> wire.ImageBlock | None:
    """Return one image, None where the vendor has no place for it."""
    match block:
        case Image(media_type=str(media_type), data=str(data)):
            return wire.ImageBlock(inlineData={"mimeType": media_type, "data": data})
    return None


def write_tool(tool: ToolSpec) -> wire.FunctionDeclaration:
    """Return one tool as the model is told of it."""
    return {"name": tool.name, "description": tool.description or "", "parametersJsonSchema": tool.parameters}


def write_tool_choice(call: Call) -> wire.FunctionCallingConfig | None:
    """Return the tool choice in the vendor's words, None if none was asked for that the vendor has."""
    match call.tool_choice:
        case "auto":
            return {"mode": "AUTO"}
        case "none":
            return {"mode": "NONE"}
        case "required":
            return {"mode": "ANY"}
        case "tool":
            if call.chosen_tool is not None:
                return {"mode": "ANY", "allowedFunctionNames": [call.chosen_tool]}
        case dict():
            return cast("wire.FunctionCallingConfig", call.tool_choice)
    return None


def write_generation_config(call: Call) -> wire.GenerationConfig | None:
    """Return `generationConfig` of the request, None if nothing of it is asked for."""
    generation_config: wire.GenerationConfig = {}
    if call.max_output_tokens is not None:
        generation_config["maxOutputTokens"] = call.max_output_tokens
    if call.temperature is not None:
        generation_config["temperature"] = call.temperature
    if call.top_p is not None:
        generation_config["topP"] = call.top_p
    if call.stop:
        generation_config["stopSequences"] = call.stop
    if (response_mime_type := RESPONSE_FORMAT.get(call.response_format)) is not None:
        generation_config["responseMimeType"] = response_mime_type
    if call.schema is not None:
        generation_config["responseJsonSchema"] = call.schema
    if fnmatchcase(call.model, "gemini-3-flash*"):
        if (thinking_level := REASONING_EFFORT_GEMINI_3_FLASH.get(call.reasoning_effort)) is not None:
            generation_config["thinkingConfig"] = {"includeThoughts": True, "thinkingLevel": thinking_level}
    elif fnmatchcase(call.model, "gemini-3.5-flash*"):
        if (thinking_level := REASONING_EFFORT_GEMINI_3_5_FLASH.get(call.reasoning_effort)) is not None:
            generation_config["thinkingConfig"] = {"includeThoughts": True, "thinkingLevel": thinking_level}
    elif fnmatchcase(call.model, "gemini-3.1-flash-lite*"):
        if (thinking_level := REASONING_EFFORT_GEMINI_3_1_FLASH_LITE.get(call.reasoning_effort)) is not None:
            generation_config["thinkingConfig"] = {"includeThoughts": True, "thinkingLevel": thinking_level}
    elif fnmatchcase(call.model, "gemini-2.5-pro*"):
        if (thinking_budget := REASONING_EFFORT_GEMINI_2_5_PRO.get(call.reasoning_effort)) is not None:
            generation_config["thinkingConfig"] = {"includeThoughts": True, "thinkingBudget": thinking_budget}
    elif fnmatchcase(call.model, "gemini-[34]*"):
        if (thinking_level := REASONING_EFFORT_GEMINI_34.get(call.reasoning_effort)) is not None:
            generation_config["thinkingConfig"] = {"includeThoughts": True, "thinkingLevel": thinking_level}
    else:
        if (thinking_budget := REASONING_EFFORT.get(call.reasoning_effort)) is not None:
            generation_config["thinkingConfig"] = {"includeThoughts": True, "thinkingBudget": thinking_budget}
    return generation_config or None


def endpoint(call: Call) -> str:
    """Return where the call goes, below the base URL."""
    model = quote(call.model, safe="")
    if call.streaming:
        return f"/v1beta/models/{model}:streamGenerateContent?alt=sse"
    return f"/v1beta/models/{model}:generateContent"


def join_turns(messages: Iterable[wire.Content]) -> list[wire.Content]:
    """Join neighbouring messages that differ in their lists only."""
    joined: list[wire.Content] = []
    for message in messages:
        if joined and joined[-1]["role"] == message["role"]:
            joined[-1]["parts"] = [*joined[-1]["parts"], *message["parts"]]
        else:
            joined.append(message)
    return joined
