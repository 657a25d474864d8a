"""What both orchestrators do alike: choose a provider, ask it, run tools, tell the hooks."""

import asyncio
from typing import Any

from amplifier_core import ChatRequest, ChatResponse, HookRegistry
from amplifier_core.events import (
    CONTENT_BLOCK_END,
    CONTENT_BLOCK_START,
    PROVIDER_ERROR,
    PROVIDER_REQUEST,
    PROVIDER_RESPONSE,
    TOOL_ERROR,
    TOOL_POST,
    TOOL_PRE,
)
from amplifier_core.interfaces import ContextManager, Provider, Tool
from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import Message, ToolSpec


def preferred(providers: dict[str, Provider]) -> tuple[str, Provider]:
    """Return the provider of the lowest priority number with its mount name; numbers are compared unconverted."""

    def priority(item: tuple[str, Provider]) -> Any:
        own = getattr(item[1], "priority", None)
        config = getattr(item[1], "config", None)
        return own if own is not None else config.get("priority", 100) if isinstance(config, dict) else 100

    return min(providers.items(), key=priority)


async def ask(
    name: str,
    provider: Provider,
    context: ContextManager,
    tools: dict[str, Tool],
    hooks: HookRegistry,
    config: dict[str, Any],
) -> ChatResponse:
    """Send the conversation as stock orchestrators do: no metadata, `stream` at its default, two optional settings.

    Hooks of `provider:request` may add to the context, or to this request alone by an ephemeral injection.
    """
    told = await hooks.emit(PROVIDER_REQUEST, {"provider": name})
    messages = await context.get_messages_for_request(provider=provider)
    if told.action == "inject_context" and told.ephemeral and told.context_injection:
        messages = [*messages, {"role": told.context_injection_role, "content": told.context_injection}]
    specs = [ToolSpec(name=t.name, description=t.description, parameters=t.input_schema) for t in tools.values()]
    request = ChatRequest(
        messages=[Message.model_validate(message) for message in messages],
        tools=specs or None,
        reasoning_effort=config.get("reasoning_effort"),
    )
    options = {"extended_thinking": True} if config.get("extended_thinking") else {}
    try:
        response = await provider.complete(request, **options)
    except LLMError as error:
        await hooks.emit(
            PROVIDER_ERROR,
            {
                "provider": name,
                "error": {"type": type(error).__name__, "msg": str(error)},
                "retryable": error.retryable,
                "status_code": error.status_code,
            },
        )
        raise
    except Exception as error:
        await hooks.emit(PROVIDER_ERROR, {"provider": name, "error": {"type": type(error).__name__, "msg": str(error)}})
        raise
    await hooks.emit(PROVIDER_RESPONSE, {"provider": name})
    return response


async def show(blocks: list[tuple[str, dict[str, Any]]], response: ChatResponse, hooks: HookRegistry) -> None:
    """Emit the start and the end of every block, given as its type and its JSON; the last end carries the usage."""
    for index, (kind, block) in enumerate(blocks):
        place = {"block_index": index, "total_blocks": len(blocks)}
        await hooks.emit(CONTENT_BLOCK_START, {"block_type": kind, **place})
        end = {**place, "block": block}
        if index == len(blocks) - 1 and response.usage:
            end["usage"] = response.usage.model_dump()
        await hooks.emit(CONTENT_BLOCK_END, end)


def displayed(response: ChatResponse) -> list[tuple[str, dict[str, Any]]]:
    """Return `content_blocks` for `show`; one without `type.value` and `to_dict()` ends the turn, as it really does."""
    return [(block.type.value, block.to_dict()) for block in getattr(response, "content_blocks", None) or []]


def stored(response: ChatResponse, calls: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the assistant's message as histories keep it: dumped blocks and, beside them, the calls once more."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": [block.model_dump() for block in response.content] if response.content else "",
    }
    if calls:
        message["tool_calls"] = calls
    if response.metadata:
        message["metadata"] = response.metadata
    return message


async def run_tools(calls: list[dict[str, Any]], tools: dict[str, Tool], hooks: HookRegistry) -> list[dict[str, Any]]:
    """Run the calls at once and return one tool message per call, in their order."""
    outputs = await asyncio.gather(*(_run(call, tools, hooks) for call in calls))
    return [
        {"role": "tool", "tool_call_id": call["id"], "content": output}
        for call, output in zip(calls, outputs, strict=True)
    ]


async def _run(call: dict[str, Any], tools: dict[str, Tool], hooks: HookRegistry) -> str | list[dict[str, Any]]:
    about = {"tool_name": call["tool"], "tool_call_id": call["id"], "tool_input": call["arguments"]}
    tool = tools.get(call["tool"])
    if tool is None:
        text = f"Error: Tool '{call['tool']}' not found"
        await hooks.emit(TOOL_ERROR, {**about, "error": {"type": "not_found", "msg": text}})
        return text
    await hooks.emit(TOOL_PRE, about)
    try:
        result = await tool.execute(call["arguments"])
    except Exception as error:
        await hooks.emit(TOOL_ERROR, {**about, "error": {"type": type(error).__name__, "msg": str(error)}})
        return f"Error executing tool: {error}"
    await hooks.emit(TOOL_POST, {**about, "result": result.get_serialized_output()})
    if content := getattr(result, "content", None):  # older kernels have no rich results
        return [block.model_dump(exclude_none=True) for block in content]
    return result.get_serialized_output()
