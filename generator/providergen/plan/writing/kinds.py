"""What Amplifier's blocks are to the code that is generated: classes, attributes, what is always there."""

from dataclasses import dataclass

from providergen.plan.wire import BOOLEAN, OBJECT, STRING, Json

__all__ = ["KINDS", "Attribute", "Kind"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of a block: its type on the wire, whether a block always has it, how it is tested in a pattern."""

    name: str
    type: Json
    always: bool = True
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of block: the run-time class, its fields by hole, the name of its slot on a turn or a tool result."""

    name: str
    class_name: str
    attributes: dict[str, Attribute]
    slot: str


def _kind(name: str, class_name: str, slot: str, *attributes: Attribute) -> Kind:
    return Kind(name, class_name, {attribute.name: attribute for attribute in attributes}, slot)


KINDS = {
    kind.name: kind
    for kind in (
        _kind("text", "TextBlock", "texts", Attribute("text", STRING)),
        _kind(
            "thinking",
            "ThinkingBlock",
            "thoughts",
            Attribute("thinking", STRING),
            Attribute("signature", STRING, always=False, pattern="str"),
        ),
        _kind("redacted_thinking", "RedactedThinkingBlock", "redacted", Attribute("data", STRING)),
        _kind(
            "image",
            "Image",
            "images",
            Attribute("media_type", STRING, always=False, pattern="str"),
            Attribute("data", STRING, always=False, pattern="str"),
            Attribute("url", STRING, always=False, pattern="str"),
        ),
        _kind(
            "tool_call",
            "ToolCallBlock",
            "tool_calls",
            Attribute("id", STRING),
            Attribute("name", STRING),
            Attribute("input", OBJECT),
        ),
        _kind(
            "tool_result",
            "ToolResult",
            "tool_results",
            Attribute("tool_call_id", STRING),
            Attribute("name", STRING, always=False),
            Attribute("is_error", BOOLEAN, always=False),
        ),
        _kind("reasoning", "ReasoningBlock", "reasoning", Attribute("content", {}), Attribute("summary", {})),
    )
}
