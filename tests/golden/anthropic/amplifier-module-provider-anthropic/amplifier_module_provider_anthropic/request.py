"""Requests to Anthropic: the body of one call, written from Amplifier's terms."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any, Final, cast

from amplifier_core.message_models import (
    RedactedThinkingBlock,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
    ToolSpec,
)

from . import wire
from .call import Call
from .history import Block, Image, ToolResult, Turn, opaque
from .limits import keep_below, mark_last, only_keys

__all__ = [
    "ENDPOINT",
    "HEADERS",
    "body",
]

ENDPOINT: Final = "/v1/messages"
HEADERS: Final[dict[str, str]] = {"anthropic-version": "2023-06-01"}
CITATIONS_KEYS: Final[dict[str, Any]] = {
    "cited_text": None,
    "document_index": None,
    "document_title": None,
    "encrypted_index": None,
    "end_block_index": None,
    "end_char_index": None,
    "end_page_number": None,
    "search_result_index": None,
    "source": None,
    "start_block_index": None,
    "start_char_index": None,
    "start_page_number": None,
    "title": None,
    "type": None,
    "url": None,
}
REASONING_EFFORT_EFFORT: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "max",
    "max": "max",
}
REASONING_EFFORT_EFFORT_CLAUDE_FMO_5_125: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
    "none": "low",
}
REASONING_EFFORT_EFFORT_CLAUDE_FM_5: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
    "none": "low",
}
REASONING_EFFORT_EFFORT_CLAUDE_SONNET_5_5: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
}
REASONING_EFFORT_EFFORT_CLAUDE: Final[dict[str | None, str]] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
}
CACHE: Final[dict[str, Any]] = {"5m": {"type": "ephemeral"}, "1h": {"type": "ephemeral", "ttl": "1h"}}


def body(call: Call) -> wire.CreateMessageParams:
    """Return the body of `POST /v1/messages` for one call."""
    if call.reasoning_effort not in (None, "none"):
        call = call.without(
            "temperature",
            "top_p",
            "tool_choice.required",
            "tool_choice.tool",
            reason="a thinking model takes none of them",
        )
    body: wire.CreateMessageParams = {
        "model": call.model,
        "messages": join_turns(message for turn in call.history for message in write_turn(turn)),
        "max_tokens": call.max_output_tokens or 8192,
    }
    if call.system:
        body["system"] = [wire.RequestTextBlock(type="text", text=call.system)]
    if call.tools:
        body["tools"] = [write_tool(tool) for tool in call.tools]
    if call.stop:
        body["stop_sequences"] = call.stop
    add_for_model(body, call)
    if call.streaming:
        body["stream"] = True
    keep_below(body, ("thinking", "budget_tokens"), ("max_tokens",), call.output_limit)
    if call.cache:
        mark_cache(body, call.cache)
    return body


def write_turn(turn: Turn) -> Iterator[wire.InputMessage]:
    """Yield the messages that one turn is on the wire."""
    match turn.role:
        case "developer":
            if turn.text:
                yield {
                    "role": "user",
                    "content": [
                        wire.RequestTextBlock(type="text", text=f"<context_file>\n{turn.text}\n</context_file>")
                    ],
                }
        case "user":
            if content := [part for block in turn.blocks if (part := write_user_block(block)) is not None]:
                yield {"role": "user", "content": content}
        case "assistant":
            if content := [part for block in turn.blocks if (part := write_assistant_block(block)) is not None]:
                yield {"role": "assistant", "content": content}
        case "tool":
            if content := [part for block in turn.blocks if (part := write_tool_block(block)) is not None]:
                yield {"role": "user", "content": content}


def write_user_block(block: Block) -> wire.InputContentBlock | None:
    """Return one block of a user message, None where the vendor has no place for it."""
    match block:
        case TextBlock():
            return write_text(block)
        case Image(media_type=str(media_type), data=str(data)):
            return wire.RequestImageBlock(
                type="image", source=wire.Base64ImageSource(type="base64", media_type=media_type, data=data)
            )
        case Image(url=str(url)):
            return wire.RequestImageBlock(type="image", source=wire.URLImageSource(type="url", url=url))
    return None


def write_text(block: TextBlock) -> wire.RequestTextBlock:
    """Return one text."""
    extra = opaque(block, "anthropic")
    written: wire.RequestTextBlock = {"type": "text", "text": block.text}
    if "citations" in extra:
        written["citations"] = only_keys(extra["citations"], CITATIONS_KEYS)
    return written


def write_assistant_block(block: Block) -> wire.InputContentBlock | None:
    """Return one block of an assistant message, None where the vendor has no place for it."""
    match block:
        case TextBlock():
            return write_text(block)
        case ThinkingBlock(thinking=thinking, signature=str(signature)):
            return wire.RequestThinkingBlock(type="thinking", thinking=thinking, signature=signature)
        case RedactedThinkingBlock(data=data):
            return wire.RequestRedactedThinkingBlock(type="redacted_thinking", data=data)
        case ToolCallBlock(id=id_, name=name, input=input_):
            return wire.RequestToolUseBlock(type="tool_use", id=id_, name=name, input=input_)
    return None


def write_tool_block(block: Block) -> wire.InputContentBlock | None:
    """Return one block of a tool message, None where the vendor has no place for it."""
    match block:
        case ToolResult():
            return write_tool_result(block)
    return None


def write_tool_result(block: ToolResult) -> wire.RequestToolResultBlock:
    """Return one tool result."""
    written: wire.RequestToolResultBlock = {"type": "tool_result", "tool_use_id": block.tool_call_id}
    if content := [part for inner in block.blocks if (part := write_result_block(inner)) is not None]:
        written["content"] = content
    if block.is_error is not None:
        written["is_error"] = block.is_error
    return written


def write_result_block(block: Block) -> wire.RequestToolResultBlockItem | None:
    """Return one block of a tool result, None where the vendor has no place for it."""
    match block:
        case TextBlock():
            return write_text(block)
        case Image(media_type=str(media_type), data=str(data)):
            return wire.RequestImageBlock(
                type="image", source=wire.Base64ImageSource(type="base64", media_type=media_type, data=data)
            )
        case Image(url=str(url)):
            return wire.RequestImageBlock(type="image", source=wire.URLImageSource(type="url", url=url))
    return None


def write_tool(tool: ToolSpec) -> wire.Tool:
    """Return one tool as the model is told of it."""
    written: wire.Tool = {"name": tool.name, "input_schema": tool.parameters}
    if tool.description:
        written["description"] = tool.description
    return written


def add_for_model(body: wire.CreateMessageParams, call: Call) -> None:
    """Add what depends on the model."""
    if fnmatchcase(call.model, "claude-3*") or fnmatchcase(call.model, "claude-*-4-[012]*"):
        if (tool_choice := write_tool_choice(call)) is not None:
            body["tool_choice"] = tool_choice
        if (thinking := write_reasoning_effort(call)) is not None:
            body["thinking"] = thinking
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.top_p is not None:
            body["top_p"] = call.top_p
    elif fnmatchcase(call.model, "claude-*-4-5*"):
        if (tool_choice := write_tool_choice(call)) is not None:
            body["tool_choice"] = tool_choice
        if (thinking := write_reasoning_effort(call)) is not None:
            body["thinking"] = thinking
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.top_p is not None:
            body["top_p"] = call.top_p
        if (format_ := write_response_format(call)) is not None:
            body["output_config"] = {"format": format_}
    elif fnmatchcase(call.model, "claude-*-4-6*"):
        if (tool_choice := write_tool_choice(call)) is not None:
            body["tool_choice"] = tool_choice
        if (thinking := write_reasoning_effort_adaptive(call)) is not None:
            body["thinking"] = thinking
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.top_p is not None:
            body["top_p"] = call.top_p
        if output_config := write_output_config(call):
            body["output_config"] = output_config
    elif fnmatchcase(call.model, "claude-[fmo]*-5-[125]*"):
        if (tool_choice := write_tool_choice_claude_fmo_5_125(call)) is not None:
            body["tool_choice"] = tool_choice
        if (thinking := write_reasoning_effort_adaptive_claude_fmo_5_125(call)) is not None:
            body["thinking"] = thinking
        if output_config := write_output_config_claude_fmo_5_125(call):
            body["output_config"] = output_config
    elif fnmatchcase(call.model, "claude-[fm]*-5*"):
        if (tool_choice := write_tool_choice(call)) is not None:
            body["tool_choice"] = tool_choice
        if (thinking := write_reasoning_effort_adaptive_claude_fmo_5_125(call)) is not None:
            body["thinking"] = thinking
        if output_config := write_output_config_claude_fm_5(call):
            body["output_config"] = output_config
    elif fnmatchcase(call.model, "claude-sonnet-5-5*"):
        if (tool_choice := write_tool_choice_claude_fmo_5_125(call)) is not None:
            body["tool_choice"] = tool_choice
        if (thinking := write_reasoning_effort_adaptive_claude_sonnet_5_5(call)) is not None:
            body["thinking"] = thinking
        if output_config := write_output_config_claude_sonnet_5_5(call):
            body["output_config"] = output_config
    elif fnmatchcase(call.model, "claude-*"):
        if (tool_choice := write_tool_choice(call)) is not None:
            body["tool_choice"] = tool_choice
        if (thinking := write_reasoning_effort_adaptive(call)) is not None:
            body["thinking"] = thinking
        if output_config := write_output_config_claude(call):
            body["output_config"] = output_config
    else:
        if (tool_choice := write_tool_choice(call)) is not None:
            body["tool_choice"] = tool_choice
        if (thinking := write_reasoning_effort(call)) is not None:
            body["thinking"] = thinking
        if call.temperature is not None:
            body["temperature"] = call.temperature
        if call.top_p is not None:
            body["top_p"] = call.top_p


def write_tool_choice(call: Call) -> wire.ToolChoice | None:
    """Return the tool choice in the vendor's words, None if none was asked for that the vendor has."""
    match call.tool_choice:
        case "auto":
            return wire.ToolChoiceAuto(type="auto")
        case "none":
            return wire.ToolChoiceNone(type="none")
        case "required":
            return wire.ToolChoiceAny(type="any")
        case "tool":
            if call.chosen_tool is not None:
                return wire.ToolChoiceTool(type="tool", name=call.chosen_tool)
        case dict():
            return cast("wire.ToolChoice", call.tool_choice)
    return None


def write_reasoning_effort(call: Call) -> wire.Thinking | None:
    """Return the reasoning effort in the vendor's words, None if none was asked for that the vendor has."""
    match call.reasoning_effort:
        case "none":
            return wire.ThinkingConfigDisabled(type="disabled")
        case "minimal":
            return wire.ThinkingConfigEnabled(type="enabled", budget_tokens=1024)
        case "low":
            return wire.ThinkingConfigEnabled(type="enabled", budget_tokens=2048)
        case "medium":
            return wire.ThinkingConfigEnabled(type="enabled", budget_tokens=8192)
        case "high":
            return wire.ThinkingConfigEnabled(type="enabled", budget_tokens=16384)
        case "xhigh":
            return wire.ThinkingConfigEnabled(type="enabled", budget_tokens=24576)
        case "max":
            return wire.ThinkingConfigEnabled(type="enabled", budget_tokens=31999)
    return None


def write_response_format(call: Call) -> wire.JsonOutputFormat | None:
    """Return the response format in the vendor's words, None if none was asked for that the vendor has."""
    match call.response_format:
        case "json_schema":
            if call.schema is not None:
                return {"type": "json_schema", "schema": call.schema}
    return None


def write_reasoning_effort_adaptive(call: Call) -> wire.Thinking | None:
    """Return the reasoning effort in the vendor's words, None if none was asked for that the vendor has."""
    match call.reasoning_effort:
        case "none":
            return wire.ThinkingConfigDisabled(type="disabled")
        case "minimal" | "low" | "medium" | "high" | "xhigh" | "max":
            return wire.ThinkingConfigAdaptive(type="adaptive", display="summarized")
    return None


def write_output_config(call: Call) -> wire.OutputConfig | None:
    """Return `output_config` of the request, None if nothing of it is asked for."""
    output_config: wire.OutputConfig = {}
    if (format_ := write_response_format(call)) is not None:
        output_config["format"] = format_
    if (effort := REASONING_EFFORT_EFFORT.get(call.reasoning_effort)) is not None:
        output_config["effort"] = effort
    return output_config or None


def write_tool_choice_claude_fmo_5_125(call: Call) -> wire.ToolChoice | None:
    """Return the tool choice in the vendor's words, None if none was asked for that the vendor has."""
    match call.tool_choice:
        case "auto":
            return wire.ToolChoiceAuto(type="auto")
        case "none":
            return wire.ToolChoiceNone(type="none")
        case "required" | "tool":
            return wire.ToolChoiceAuto(type="auto")
        case dict():
            return cast("wire.ToolChoice", call.tool_choice)
    return None


def write_reasoning_effort_adaptive_claude_fmo_5_125(call: Call) -> wire.ThinkingConfigAdaptive | None:
    """Return the reasoning effort in the vendor's words, None if none was asked for that the vendor has."""
    match call.reasoning_effort:
        case "minimal" | "low" | "medium" | "high" | "xhigh" | "max":
            return wire.ThinkingConfigAdaptive(type="adaptive", display="summarized")
    return None


def write_output_config_claude_fmo_5_125(call: Call) -> wire.OutputConfig | None:
    """Return `output_config` of the request, None if nothing of it is asked for."""
    output_config: wire.OutputConfig = {}
    if (format_ := write_response_format(call)) is not None:
        output_config["format"] = format_
    if (effort := REASONING_EFFORT_EFFORT_CLAUDE_FMO_5_125.get(call.reasoning_effort)) is not None:
        output_config["effort"] = effort
    return output_config or None


def write_output_config_claude_fm_5(call: Call) -> wire.OutputConfig | None:
    """Return `output_config` of the request, None if nothing of it is asked for."""
    output_config: wire.OutputConfig = {}
    if (format_ := write_response_format(call)) is not None:
        output_config["format"] = format_
    if (effort := REASONING_EFFORT_EFFORT_CLAUDE_FM_5.get(call.reasoning_effort)) is not None:
        output_config["effort"] = effort
    return output_config or None


def write_reasoning_effort_adaptive_claude_sonnet_5_5(call: Call) -> wire.Thinking | None:
    """Return the reasoning effort in the vendor's words, None if none was asked for that the vendor has."""
    match call.reasoning_effort:
        case "none":
            return wire.ThinkingConfigBetweenTools(type="between_tools")
        case "minimal" | "low" | "medium" | "high" | "xhigh" | "max":
            return wire.ThinkingConfigAdaptive(type="adaptive", display="summarized")
    return None


def write_output_config_claude_sonnet_5_5(call: Call) -> wire.OutputConfig | None:
    """Return `output_config` of the request, None if nothing of it is asked for."""
    output_config: wire.OutputConfig = {}
    if (format_ := write_response_format(call)) is not None:
        output_config["format"] = format_
    if (effort := REASONING_EFFORT_EFFORT_CLAUDE_SONNET_5_5.get(call.reasoning_effort)) is not None:
        output_config["effort"] = effort
    return output_config or None


def write_output_config_claude(call: Call) -> wire.OutputConfig | None:
    """Return `output_config` of the request, None if nothing of it is asked for."""
    output_config: wire.OutputConfig = {}
    if (format_ := write_response_format(call)) is not None:
        output_config["format"] = format_
    if (effort := REASONING_EFFORT_EFFORT_CLAUDE.get(call.reasoning_effort)) is not None:
        output_config["effort"] = effort
    return output_config or None


def mark_cache(body: wire.CreateMessageParams, lifetime: str) -> None:
    """Say where what may be cached ends: the last system text, the last tool, the last block of the conversation."""
    control = CACHE.get(lifetime, True)
    mark_last(body, ("system",), "cache_control", control)
    mark_last(
        body,
        ("messages", -1, "content"),
        "cache_control",
        control,
        never=(("type", "thinking"), ("type", "redacted_thinking")),
    )
    mark_last(body, ("tools",), "cache_control", control)


def join_turns(messages: Iterable[wire.InputMessage]) -> list[wire.InputMessage]:
    """Join neighbouring messages that differ in their lists only."""
    joined: list[wire.InputMessage] = []
    for message in messages:
        if joined and joined[-1]["role"] == message["role"]:
            joined[-1]["content"] = [*joined[-1]["content"], *message["content"]]
        else:
            joined.append(message)
    return joined
