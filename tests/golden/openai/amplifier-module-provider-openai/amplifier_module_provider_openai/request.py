"""Requests to OpenAI: the body of one call, written from Amplifier's terms."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final, cast

from amplifier_core.message_models import (
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
    ToolSpec,
)

from . import wire
from .call import Call
from .history import Block, Image, ToolResult, Turn, label, opaque

__all__ = [
    "ENDPOINT",
    "body",
]

ENDPOINT: Final = "/responses"
REASONING_EFFORT: Final[dict[str | None, str]] = {
    "none": "none",
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
}
REASONING_EFFORT_GPT_6_ASTRA: Final[dict[str | None, str]] = {
    "none": "low",
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
}
REASONING_EFFORT_GPT_6_12_SOL: Final[dict[str | None, str]] = {
    "none": "low",
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
}
REASONING_EFFORT_GPT_5_PRO: Final[dict[str | None, str]] = {
    "minimal": "high",
    "low": "high",
    "medium": "high",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}
REASONING_EFFORT_GPT_5_2_5_PRO: Final[dict[str | None, str]] = {
    "minimal": "medium",
    "low": "medium",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "xhigh",
}
REASONING_EFFORT_GPT_5_1_CODEX_MAX: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "xhigh",
}
REASONING_EFFORT_GPT_5_23_CODEX: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "xhigh",
}
REASONING_EFFORT_GPT_5_CODEX: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}
REASONING_EFFORT_GPT_5_2_5: Final[dict[str | None, str]] = {
    "none": "none",
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "xhigh",
}
REASONING_EFFORT_GPT_5_1: Final[dict[str | None, str]] = {
    "none": "none",
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}
REASONING_EFFORT_GPT_5: Final[dict[str | None, str]] = {
    "none": "minimal",
    "minimal": "minimal",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}
REASONING_EFFORT_O_1_9: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}


def body(call: Call) -> wire.CreateResponse:
    """Return the body of `POST /responses` for one call."""
    body: wire.CreateResponse = {
        "model": call.model,
        "input": [message for turn in call.history for message in write_turn(turn)],
        "store": False,
    }
    if call.system:
        body["instructions"] = call.system
    if call.tools:
        body["tools"] = [write_tool(tool) for tool in call.tools]
    if (tool_choice := write_tool_choice(call)) is not None:
        body["tool_choice"] = tool_choice
    if (format_ := write_response_format(call)) is not None:
        body["text"] = {"format": format_}
    if call.max_output_tokens is not None:
        body["max_output_tokens"] = max(call.max_output_tokens, 16)
    if call.conversation_id:
        body["prompt_cache_key"] = call.conversation_id
    add_for_model(body, call)
    if call.streaming:
        body["stream"] = True
    return body


def write_turn(turn: Turn) -> Iterator[wire.InputItem]:
    """Yield the messages that one turn is on the wire."""
    match turn.role:
        case "developer":
            if content := write_developer_content(turn):
                yield wire.EasyInputMessage(role="developer", content=content)
        case "user":
            if content := write_user_content(turn):
                yield wire.EasyInputMessage(role="user", content=content)
        case "assistant":
            for block in turn.blocks:
                if (assistant_item := write_assistant_block(block)) is not None:
                    yield assistant_item
        case "tool":
            for result in turn.tool_results:
                yield wire.FunctionCallOutputItemParam(
                    type="function_call_output", call_id=result.tool_call_id, output=write_result_output(result)
                )


def write_developer_content(turn: Turn) -> str | list[wire.InputContent]:
    """Return bare text where there is nothing else, else the list of parts."""
    if turn.only_text:
        return turn.text
    return [part for block in turn.blocks if (part := write_developer_block(block)) is not None]


def write_developer_block(block: Block) -> wire.InputContent | None:
    """Return one block of a developer message, None where the vendor has no place for it."""
    match block:
        case TextBlock(text=text):
            return wire.InputTextContent(type="input_text", text=text)
    return None


def write_user_content(turn: Turn) -> str | list[wire.InputContent]:
    """Return bare text where there is nothing else, else the list of parts."""
    if turn.only_text:
        return turn.text
    return [part for block in turn.blocks if (part := write_user_block(block)) is not None]


def write_user_block(block: Block) -> wire.InputContent | None:
    """Return one block of a user message, None where the vendor has no place for it."""
    match block:
        case TextBlock(text=text):
            return wire.InputTextContent(type="input_text", text=text)
        case Image(media_type=str(media_type), data=str(data)):
            return wire.InputImageContent(
                type="input_image", detail="auto", image_url=f"data:{media_type};base64,{data}"
            )
        case Image(url=str(url)):
            return wire.InputImageContent(type="input_image", detail="auto", image_url=url)
    return None


def write_assistant_block(block: Block) -> wire.MessageItem | None:
    """Return one block of an assistant message, None where the vendor has no place for it."""
    match block:
        case TextBlock() if (
            label(block, "openai") == "refusal"
            and "id" in opaque(block, "openai")
            and "status" in opaque(block, "openai")
        ):
            return write_text_refusal(block)
        case TextBlock(text=text) if label(block, "openai") == "plain":
            return wire.EasyInputMessage(role="assistant", content=text)
        case TextBlock() if "id" in opaque(block, "openai") and "status" in opaque(block, "openai"):
            return write_text(block)
        case TextBlock(text=text):
            return wire.EasyInputMessage(role="assistant", content=text)
        case ThinkingBlock(thinking=thinking) if "id" in opaque(block, "openai") and "encrypted_content" in opaque(
            block, "openai"
        ):
            extra = opaque(block, "openai")
            return wire.ReasoningItem(
                type="reasoning",
                id=extra["id"],
                encrypted_content=extra["encrypted_content"],
                summary=([{"type": "summary_text", "text": thinking}] if thinking else []),
            )
        case ToolCallBlock():
            return write_tool_call(block)
    return None


def write_text_refusal(block: TextBlock) -> wire.OutputMessage:
    """Return one refusal text."""
    extra = opaque(block, "openai")
    written: wire.OutputMessage = {
        "type": "message",
        "role": "assistant",
        "id": extra["id"],
        "status": extra["status"],
        "content": ([wire.RefusalContent(type="refusal", refusal=block.text)] if block.text else []),
    }
    if "phase" in extra:
        written["phase"] = extra["phase"]
    return written


def write_text(block: TextBlock) -> wire.OutputMessage:
    """Return one text."""
    extra = opaque(block, "openai")
    written: wire.OutputMessage = {
        "type": "message",
        "role": "assistant",
        "id": extra["id"],
        "status": extra["status"],
        "content": (
            [
                wire.OutputTextContent(
                    type="output_text",
                    text=block.text,
                    annotations=extra.get("annotations", []),
                    logprobs=extra.get("logprobs", []),
                )
            ]
            if block.text
            else []
        ),
    }
    if "phase" in extra:
        written["phase"] = extra["phase"]
    return written


def write_tool_call(block: ToolCallBlock) -> wire.FunctionToolCall:
    """Return one tool call."""
    extra = opaque(block, "openai")
    written: wire.FunctionToolCall = {
        "type": "function_call",
        "call_id": block.id,
        "name": block.name,
        "arguments": json.dumps(block.input, ensure_ascii=False),
    }
    if "id" in extra:
        written["id"] = extra["id"]
    return written


def write_result_output(result: ToolResult) -> str | list[wire.FunctionCallOutputItemParamItem]:
    """Return bare text where there is nothing else, else the list of parts."""
    if result.only_text:
        return result.text
    return [part for block in result.blocks if (part := write_result_block(block)) is not None]


def write_result_block(block: Block) -> wire.FunctionCallOutputItemParamItem | None:
    """Return one block of a tool result, None where the vendor has no place for it."""
    match block:
        case TextBlock(text=text):
            return wire.InputTextContent(type="input_text", text=text)
        case Image(media_type=str(media_type), data=str(data)):
            return wire.InputImageContent(
                type="input_image", detail="auto", image_url=f"data:{media_type};base64,{data}"
            )
        case Image(url=str(url)):
            return wire.InputImageContent(type="input_image", detail="auto", image_url=url)
    return None


def write_tool(tool: ToolSpec) -> wire.FunctionTool:
    """Return one tool as the model is told of it."""
    written: wire.FunctionTool = {"type": "function", "name": tool.name, "parameters": tool.parameters, "strict": False}
    if tool.description:
        written["description"] = tool.description
    return written


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
                return {"type": "function", "name": call.chosen_tool}
        case dict():
            return cast("wire.ToolChoice", call.tool_choice)
    return None


def write_response_format(call: Call) -> wire.Format | None:
    """Return the response format in the vendor's words, None if none was asked for that the vendor has."""
    match call.response_format:
        case "text":
            return wire.ResponseFormatText(type="text")
        case "json":
            return wire.ResponseFormatJsonObject(type="json_object")
        case "json_schema":
            if json_schema := write_json_schema(call):
                return json_schema
    return None


def write_json_schema(call: Call) -> wire.TextResponseFormatJsonSchema | None:
    """Return `json_schema` of the request, None if nothing of it is asked for."""
    if call.schema is None and call.strict is None:
        return None
    json_schema: wire.TextResponseFormatJsonSchema = {"type": "json_schema", "name": "response"}
    if call.schema is not None:
        json_schema["schema"] = call.schema
    if call.strict is not None:
        json_schema["strict"] = call.strict
    return json_schema


def add_for_model(body: wire.CreateResponse, call: Call) -> None:
    """Add what depends on the model."""
    if fnmatchcase(call.model, "gpt-6*-astra*"):
        if (effort := REASONING_EFFORT_GPT_6_ASTRA.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-6.[12]-sol*"):
        if (effort := REASONING_EFFORT_GPT_6_12_SOL.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-5-pro*"):
        if (effort := REASONING_EFFORT_GPT_5_PRO.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-5.[2-5]-pro*"):
        if (effort := REASONING_EFFORT_GPT_5_2_5_PRO.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-5*-chat*"):
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.top_p is not None:
            body["top_p"] = call.top_p
    elif fnmatchcase(call.model, "gpt-5.1-codex-max*"):
        if (effort := REASONING_EFFORT_GPT_5_1_CODEX_MAX.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-5.[23]-codex*"):
        if (effort := REASONING_EFFORT_GPT_5_23_CODEX.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-5*-codex*"):
        if (effort := REASONING_EFFORT_GPT_5_CODEX.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-5.[2-5]*"):
        if (effort := REASONING_EFFORT_GPT_5_2_5.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-5.1*"):
        if (effort := REASONING_EFFORT_GPT_5_1.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-5.*"):
        if (effort := REASONING_EFFORT.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-5*"):
        if (effort := REASONING_EFFORT_GPT_5.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    elif fnmatchcase(call.model, "gpt-[34]*") or fnmatchcase(call.model, "chatgpt-*"):
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.top_p is not None:
            body["top_p"] = call.top_p
    elif fnmatchcase(call.model, "o[1-9]*"):
        if (effort := REASONING_EFFORT_O_1_9.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
    else:
        if (effort := REASONING_EFFORT.get(call.reasoning_effort)) is not None:
            body["reasoning"] = {"effort": effort, "summary": "auto"}
        body["include"] = ["reasoning.encrypted_content"]
