"""An answer that grows, in short."""

from typing import Any

from amplifier_core.message_models import TextBlock, ThinkingBlock, ToolCallBlock

from amplifier_module_provider_anthropic.answer import Answer, BlockDelta, BlockEnd, BlockStart, Signal

__all__ = ["content", "told"]


def told(answer: Answer) -> list[str]:
    """Return what listeners have to be told since the last time, one short line each."""
    return [_line(signal) for signal in answer.drain()]


def _line(signal: Signal) -> str:
    match signal:
        case BlockStart(index, type_, name):
            return f"{index} start {type_}{' ' + name if name else ''}"
        case BlockDelta(index, type_, sequence, text):
            return f"{index} {type_} {sequence} {text}"
        case BlockEnd(index, type_):
            return f"{index} end {type_}"


def content(answer: Answer) -> list[Any]:
    """Return what is in the blocks of an answer: text, (thinking, signature), or (id, name, input)."""

    def value(block: Any) -> Any:
        match block:
            case TextBlock():
                return block.text
            case ThinkingBlock():
                return (block.thinking, block.signature)
            case ToolCallBlock():
                return (block.id, block.name, block.input)
        return block.model_dump()

    return [value(block) for block in answer.blocks]
