"""The stock streaming loop as a provider meets it: calls from `parse_tool_calls`, text from `response.text`."""

from typing import Any

from amplifier_core import ChatResponse, HookRegistry, ModuleCoordinator
from amplifier_core.events import PROMPT_COMPLETE, PROMPT_SUBMIT
from amplifier_core.interfaces import ContextManager, Provider, Tool

from ._turn import ask, displayed, preferred, run_tools, show, stored


class StreamingLoop:
    """Ask, run the tools, ask again; the tools are withheld from a last, concluding question."""

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
        """Return the text of the first reply without tool calls, at most `max_iterations` (10) rounds later.

        Raises:
            TypeError: The provider has an attribute `stream`: the stock loop would never call its `complete()`.
        """
        await hooks.emit(PROMPT_SUBMIT, {"prompt": prompt})
        await context.add_message({"role": "user", "content": prompt})
        name, provider = preferred(providers)
        if hasattr(provider, "stream"):
            raise TypeError(f"{name} has an attribute 'stream'")
        text, rounds = "", self._config.get("max_iterations", 10)
        for number in range(rounds + 1):
            offered = tools if number < rounds else {}
            response = await ask(name, provider, context, offered, hooks, self._config)
            await show(_blocks(response), response, hooks)
            calls = [
                {"id": call.id, "tool": call.name, "arguments": call.arguments}
                for call in provider.parse_tool_calls(response)
            ]
            await context.add_message(_stored(response, calls))
            if not calls:
                text = _text(response)
                break
            for call, message in zip(calls, await run_tools(calls, tools, hooks), strict=True):
                await context.add_message({**message, "name": call["tool"]})
        await hooks.emit(PROMPT_COMPLETE, {"prompt": prompt, "response": text})
        return text


def _blocks(response: ChatResponse) -> list[tuple[str, dict[str, Any]]]:
    """Return what to show: the blocks made for display, else the content."""
    return displayed(response) or [(block.type, block.model_dump()) for block in response.content]


def _stored(response: ChatResponse, calls: list[dict[str, Any]]) -> dict[str, Any]:
    message = stored(response, calls)
    thinking = next((block for block in response.content if block.type == "thinking"), None)
    return message if thinking is None else {**message, "thinking_block": thinking.model_dump()}


def _text(response: ChatResponse) -> str:
    text = getattr(response, "text", None)
    return text or "\n\n".join(block.text for block in response.content if block.type == "text")


async def mount(coordinator: ModuleCoordinator, config: dict[str, Any] | None = None) -> None:
    """Mount the loop; `config` may have max_iterations, extended_thinking and reasoning_effort."""
    await coordinator.mount("orchestrator", StreamingLoop(config or {}))
