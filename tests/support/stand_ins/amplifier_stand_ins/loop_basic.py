"""The stock basic loop as a provider meets it: tool calls from the response, blocks from `content_blocks` only."""

from typing import Any

from amplifier_core import ChatResponse, HookRegistry, ModuleCoordinator
from amplifier_core.events import PROMPT_COMPLETE, PROMPT_SUBMIT
from amplifier_core.interfaces import ContextManager, Provider, Tool

from ._turn import ask, displayed, preferred, run_tools, show, stored


class BasicLoop:
    """Ask, run the tools, ask again."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    async def execute(
        self,
        prompt: str,
        context: ContextManager,
        providers: dict[str, Provider],
        tools: dict[str, Tool],
        hooks: HookRegistry,
        **_: Any,
    ) -> str:
        """Return the text of the first reply without tool calls, or "" after `max_iterations` (10) rounds."""
        await hooks.emit(PROMPT_SUBMIT, {"prompt": prompt})
        await context.add_message({"role": "user", "content": prompt})
        name, provider = preferred(providers)
        text = ""
        for _round in range(self._config.get("max_iterations", 10)):
            response = await ask(name, provider, context, tools, hooks, self._config)
            await show(displayed(response), response, hooks)
            calls = [_read(call) for call in response.tool_calls or []]
            if calls:
                await context.add_message(stored(response, calls))
                for message in await run_tools(calls, tools, hooks):
                    await context.add_message(message)
            elif response.content:
                await context.add_message(stored(response, []))
                text = _text(response)
                break
        await hooks.emit(PROMPT_COMPLETE, {"prompt": prompt, "response": text})
        return text


def _read(call: Any) -> dict[str, Any]:
    """Read a call the way loop-basic does: a falsy attribute, empty arguments too, is looked up with `get`."""
    return {
        "id": getattr(call, "id", None) or call.get("id"),
        "tool": getattr(call, "name", None) or call.get("tool"),
        "arguments": getattr(call, "arguments", None) or call.get("arguments"),
    }


def _text(response: ChatResponse) -> str:
    return "\n\n".join(block.text for block in response.content if block.type == "text")


async def mount(coordinator: ModuleCoordinator, config: dict[str, Any] | None = None) -> None:
    """Mount the loop; `config` may have max_iterations, extended_thinking and reasoning_effort."""
    await coordinator.mount("orchestrator", BasicLoop(config or {}))
