"""What complete() returns, in every form that Amplifier's orchestrators read."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from amplifier_core.content_models import TextContent, ThinkingContent, ToolCallContent
from amplifier_core.message_models import (
    ChatResponse,
    ImageBlock,
    RedactedThinkingBlock,
    TextBlock,
    ThinkingBlock,
    ToolCall,
    ToolCallBlock,
    Usage,
)

__all__ = ["AnswerBlock", "CalledTool", "Content", "ProviderResponse", "content_blocks", "read_usage", "tool_calls"]

_MOST_TOKENS = 2**53  # whole in every reader of JSON
_MOST_DOLLARS = 10**9

AnswerBlock = TextBlock | ThinkingBlock | RedactedThinkingBlock | ToolCallBlock | ImageBlock
Content = TextContent | ThinkingContent | ToolCallContent


class CalledTool(ToolCall):
    """A tool call that can also be read like a dictionary, as loop-basic does when the arguments are empty."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return id, name (also called "tool") or arguments; `default` for any other key."""
        return {"id": self.id, "name": self.name, "tool": self.name, "arguments": self.arguments}.get(key, default)


class ProviderResponse(ChatResponse):
    """The answer, with its blocks as the display wants them (same order, None if none) and its visible text."""

    content_blocks: list[TextContent | ThinkingContent | ToolCallContent] | None = None
    text: str | None = None


def tool_calls(blocks: Sequence[AnswerBlock]) -> list[ToolCall] | None:
    """Return the calls among the blocks, None if there are none."""
    calls: list[ToolCall] = [
        CalledTool(id=block.id, name=block.name, arguments=block.input)
        for block in blocks
        if isinstance(block, ToolCallBlock)
    ]
    return calls or None


def content_blocks(blocks: Sequence[AnswerBlock]) -> list[Content] | None:
    """Return one display block per block, so that positions agree, None if there are none."""
    return [_displayed(block) for block in blocks] or None


def _displayed(block: AnswerBlock) -> Content:
    match block:
        case TextBlock(text=text):
            return TextContent(text=text)
        case ThinkingBlock(thinking=thinking):
            return ThinkingContent(text=thinking)
        case RedactedThinkingBlock():
            return ThinkingContent()
        case ToolCallBlock(id=id_, name=name, input=arguments):
            return ToolCallContent(id=id_, name=name, arguments=arguments)
    return TextContent()  # an image: the display knows no such kind, but later blocks keep their positions


def read_usage(counts: Mapping[str, object], totals: Mapping[str, Sequence[str]]) -> Usage | None:
    """Return the usage of an answer, None if no tokens were reported.

    Args:
        counts: what the vendor reported, by field of `Usage`.
        totals: fields that are a sum of reported ones, as {"input_tokens": ("input_tokens", "cache_read_tokens")}.
    """
    reported = {name: count for name, value in counts.items() if (count := _count(value)) is not None}
    tokens = dict(reported)
    for name, parts in totals.items():
        if any(part in reported for part in parts):
            tokens[name] = sum(reported.get(part, 0) for part in parts)
    sent, received, total = (tokens.get(name) for name in ("input_tokens", "output_tokens", "total_tokens"))
    if sent is None and received is None and total is None:
        return None
    if sent is None:
        sent = max((total or 0) - (received or 0), 0)
    if received is None:
        received = max((total or 0) - sent, 0)
    return Usage(
        input_tokens=sent,
        output_tokens=received,
        total_tokens=sent + received,
        reasoning_tokens=tokens.get("reasoning_tokens"),
        cache_read_tokens=tokens.get("cache_read_tokens"),
        cache_write_tokens=tokens.get("cache_write_tokens"),
        cost_usd=_money(counts.get("cost_usd")),
    )


def _count(value: object) -> int | None:
    """Return a number of tokens; a vendor's 12.0 is 12, anything that counts nothing is None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_TOKENS:
        return None
    return int(value)


def _money(value: object) -> Decimal | None:
    """Return an amount without the noise that a float would bring along, None for what is none."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount <= _MOST_DOLLARS else None
