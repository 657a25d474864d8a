"""The conversation in one neutral form, whatever the application stored: what request bodies are written from."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from amplifier_core.message_models import (
    ImageBlock,
    Message,
    ReasoningBlock,
    RedactedThinkingBlock,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
    ToolResultBlock,
)
from pydantic import BaseModel

from .plain import clean, mend, plain

__all__ = ["Block", "History", "Image", "Role", "ToolResult", "Turn", "label", "opaque", "read_history"]

log = logging.getLogger(__name__)

B = TypeVar("B", bound=BaseModel)
Role = Literal["system", "developer", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Image:
    """An image: `data` (base64) with its `media_type`, or a `url`. `extra` holds the block's other attributes."""

    media_type: str | None = None
    data: str | None = None
    url: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered to the call `tool_call_id`; `name` is the tool's, as the call had it."""

    tool_call_id: str
    name: str | None = None
    blocks: tuple[TextBlock | Image, ...] = ()
    is_error: bool | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The texts joined by newlines; "" if the tool said nothing."""
        return "\n".join(block.text for block in self.blocks if isinstance(block, TextBlock))

    @property
    def images(self) -> tuple[Image, ...]:
        """The images, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Image))

    @property
    def only_text(self) -> bool:
        """Whether the texts are all there is."""
        return not self.images


Block = TextBlock | ThinkingBlock | RedactedThinkingBlock | ToolCallBlock | ReasoningBlock | Image | ToolResult


def opaque(block: BaseModel | Image | ToolResult, vendor: str) -> Mapping[str, Any]:
    """Return the values which this vendor wants back on the block, {} if there are none (as on another vendor's)."""
    values = _extra(block).get(vendor)
    return values if isinstance(values, Mapping) else {}


def label(block: BaseModel | Image | ToolResult, vendor: str) -> str | None:
    """Return which form of its kind the block had in the vendor's reply ("refusal"), None for the ordinary one."""
    value = opaque(block, vendor).get("label")
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Turn:
    """One message: its blocks are sendable (no empty text, no unknown image), tool results stand in "tool" turns only.

    `name` and `metadata` are those of the stored message; nothing of them is sent unless the mapping says so. `vendor`
    is the one whose labels the texts have; a "tool" turn has no texts of its own.
    """

    role: Role
    blocks: tuple[Block, ...] = ()
    name: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    vendor: str = ""

    @property
    def text(self) -> str:
        """The texts without a label, joined by newlines."""
        return self.labelled_text(None)

    def labelled_text(self, name: str | None) -> str:
        """Return the texts with this label, joined by newlines."""
        return "\n".join(
            block.text for block in self.blocks if isinstance(block, TextBlock) and label(block, self.vendor) == name
        )

    @property
    def tool_calls(self) -> tuple[ToolCallBlock, ...]:
        """The calls, in order."""
        return tuple(block for block in self.blocks if isinstance(block, ToolCallBlock))

    @property
    def tool_results(self) -> tuple[ToolResult, ...]:
        """The results, in order; only a "tool" turn has any."""
        return tuple(block for block in self.blocks if isinstance(block, ToolResult))

    @property
    def images(self) -> tuple[Image, ...]:
        """The images that stand in the message itself, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Image))

    @property
    def only_text(self) -> bool:
        """Whether texts are all there is."""
        return all(isinstance(block, TextBlock) for block in self.blocks)


@dataclass(frozen=True, slots=True)
class History:
    """The conversation: what the system says, joined by blank lines, and the turns (developer's first, no system's)."""

    system: str | None
    turns: tuple[Turn, ...]


def read_history(messages: Iterable[Message], vendor: str) -> History:
    """Return the messages in neutral form; they are not changed.

    What no vendor can use is dropped with a warning: unknown images, results without an id, calls without a name, calls
    and thinking in a message that is not the model's.
    Thinking that carries another vendor's values is dropped too: only its maker can verify it.
    """
    system: list[str] = []
    developer: list[Turn] = []
    others: list[Turn] = []
    names: dict[str, str] = {}
    for message in messages:
        match message.role:
            case "system":
                system.append(_plain_text(message))
            case "developer":
                developer += _turns(message, "developer", vendor, names)
            case "tool":
                others += _tool_turns(message, vendor, names)
            case "function":
                results = _tool_turns(message, vendor, names) if message.tool_call_id else None
                others += results if results is not None else _turns(message, "user", vendor, names)
            case "assistant":
                others += _turns(message, "assistant", vendor, names)
            case _:
                others += _turns(message, "user", vendor, names)
    joined = "\n\n".join(text for text in system if text)
    return History(system=joined or None, turns=(*developer, *others))


def _turns(message: Message, role: Role, vendor: str, names: dict[str, str]) -> list[Turn]:
    """Return the turn of a message, with a turn for tool results inside it: before a user's, after an assistant's."""
    results = [item for item in _content(message) if isinstance(item, ToolResultBlock)]
    rest = [block for item in _content(message) if (block := _block(item, vendor)) is not None]
    if role == "assistant":
        rest = _with_stored_calls(rest, message)
        names.update({block.id: block.name for block in rest if isinstance(block, ToolCallBlock)})
    else:
        rest = _told(rest, role)
    turn = Turn(role, tuple(rest), message.name, message.metadata or {}, vendor)
    tool = Turn("tool", tuple(_result(item, names) for item in results), None, message.metadata or {})
    ordered = (turn, tool) if role == "assistant" else (tool, turn)
    return [found for found in ordered if found.blocks]


def _told(blocks: list[Block], role: Role) -> list[Block]:
    """Return the blocks that may stand in a message to the model: no vendor takes there what only a model makes."""
    told: list[Block] = [block for block in blocks if isinstance(block, TextBlock | Image)]
    if len(told) < len(blocks):
        log.warning("Thinking or tool calls were left out of a %s message", role)
    return told


def _tool_turns(message: Message, vendor: str, names: Mapping[str, str]) -> list[Turn]:
    """Return the turn of a tool's message: its content is the result, or holds results."""
    results: list[ToolResult] = []
    loose: list[TextBlock | Image] = []
    for item in _content(message):
        if isinstance(item, ToolResultBlock):
            results.append(_result(item, names))
        elif isinstance(block := _block(item, vendor), TextBlock | Image):
            loose.append(block)
    if message.tool_call_id and (loose or not results):
        name = names.get(message.tool_call_id, message.name)
        is_error = _flag(_extra(message).get("is_error"))
        results.append(ToolResult(message.tool_call_id, name, tuple(loose), is_error))
    elif loose or not results:
        log.warning("A tool message without a tool_call_id was left out of the request")
    return [Turn("tool", tuple(results), message.name, message.metadata or {})] if results else []


def _content(message: Message) -> Iterable[object]:
    content = message.content
    return [TextBlock(text=content)] if isinstance(content, str) else content


def _plain_text(message: Message) -> str:
    texts = [_said(item.text) for item in _content(message) if isinstance(item, TextBlock)]
    if not isinstance(message.content, str) and len(texts) < len(message.content):
        log.warning("Blocks other than text were left out of a system message")
    return "\n".join(text for text in texts if text)


def _block(item: object, vendor: str) -> Block | None:
    """Return the block as it may be sent, None if it may not."""
    match item:
        case TextBlock(text=text):
            sendable = clean(text) if opaque(item, vendor) else _said(text)
            return _changed(item, text=sendable) if sendable else None
        case ThinkingBlock() | RedactedThinkingBlock() | ReasoningBlock() if _foreign(item, vendor):
            log.debug("A %s block of another vendor was left out of the request", item.type)
            return None
        case ThinkingBlock(thinking=thinking):
            sendable = mend(thinking) if item.signature else clean(thinking)  # a signature is of the very text
            kept = sendable or item.signature or opaque(item, vendor)
            return _changed(item, thinking=sendable) if kept else None
        case RedactedThinkingBlock() | ReasoningBlock():
            return item
        case ToolCallBlock(id="") | ToolCallBlock(name=""):
            log.warning("A tool call without id or name was left out of the request")
            return None
        case ToolCallBlock(input=arguments):
            return _changed(item, input=plain(arguments, clean))
        case ImageBlock(source=source):
            return _image(source, _extra(item))
        case ToolResultBlock():  # stands in a turn of its own
            return None
    log.warning("A block of the unknown type %s was left out of the request", type(item).__name__)
    return None


def _foreign(block: ThinkingBlock | RedactedThinkingBlock | ReasoningBlock, vendor: str) -> bool:
    """Return whether another vendor made the block: only the one whose values it carries can verify it."""
    makers = [name for name, value in _extra(block).items() if isinstance(value, Mapping)]
    return bool(makers) and vendor not in makers


def _image(source: Mapping[str, Any], extra: Mapping[str, Any]) -> Image | None:
    kind, data, url = source.get("type"), source.get("data"), source.get("url")
    if kind == "base64" and isinstance(data, str) and data:
        media_type = source.get("media_type")
        return Image(media_type if isinstance(media_type, str) and media_type else "image/jpeg", data, extra=extra)
    if kind == "url" and isinstance(url, str) and url:
        head, comma, payload = url.partition(";base64,")
        if comma and head.startswith("data:"):
            return Image(head.removeprefix("data:").split(";")[0] or "image/jpeg", payload, extra=extra)
        return Image(url=url, extra=extra)
    log.warning("An image with the unknown source type %r was left out of the request", kind)
    return None


def _result(block: ToolResultBlock, names: Mapping[str, str]) -> ToolResult:
    extra = _extra(block)
    return ToolResult(
        block.tool_call_id,
        names.get(block.tool_call_id),
        _output(block.output),
        _flag(extra.get("is_error")),
        extra,
    )


def _output(output: object) -> tuple[TextBlock | Image, ...]:
    """Return a tool's output as blocks: text and lists of text and images as they are, everything else as JSON text."""
    if isinstance(output, list) and output and all(_is_text_or_image(item) for item in output):
        blocks = (_output_block(item) for item in output)
        return tuple(block for block in blocks if block is not None)
    if output is None:
        return ()
    text = _said(output) if isinstance(output, str) else json.dumps(plain(output, clean), ensure_ascii=False)
    return (TextBlock(text=text),) if text else ()


def _said(text: str) -> str:
    """Return the text as it may be sent, "" for nothing but blanks: vendors refuse a message that says no more."""
    sendable = clean(text)
    return sendable if sendable.strip() else ""


def _is_text_or_image(item: object) -> bool:
    return (_field(item, "type") == "text" and isinstance(_field(item, "text"), str)) or (
        _field(item, "type") == "image" and isinstance(_field(item, "source"), Mapping)
    )


def _output_block(item: object) -> TextBlock | Image | None:
    if _field(item, "type") == "image":
        return _image(_field(item, "source"), {})
    text = _said(_field(item, "text"))
    return TextBlock(text=text) if text else None


def _with_stored_calls(blocks: list[Block], message: Message) -> list[Block]:
    """Return the blocks with the calls that the orchestrator stored beside the content, each id once."""
    ids: set[str] = set()
    unique: list[Block] = []
    stored = _extra(message).get("tool_calls")
    for block in (*blocks, *(_stored_call(item) for item in (stored if isinstance(stored, list | tuple) else ()))):
        if isinstance(block, ToolCallBlock):
            if block.id in ids:
                continue
            ids.add(block.id)
        if block is not None:
            unique.append(block)
    return unique


def _stored_call(item: object) -> ToolCallBlock | None:
    id_, name = _field(item, "id"), _field(item, "tool", "name")
    if not (isinstance(id_, str) and id_ and isinstance(name, str) and name):
        log.warning("A stored tool call without id or name was left out of the request")
        return None
    return ToolCallBlock(id=id_, name=name, input=_arguments(_field(item, "arguments", "input"), name))


def _arguments(value: object, tool: str) -> dict[str, Any]:
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            log.warning("The stored arguments of a call of %s are no JSON; sent as {}", tool)
    return plain(value, clean) if isinstance(value, Mapping) else {}


def _field(item: object, *names: str) -> Any:
    """Return the first of these fields that a dictionary or an object has."""
    values = (item.get(name) if isinstance(item, Mapping) else getattr(item, name, None) for name in names)
    return next((value for value in values if value is not None), None)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _extra(item: BaseModel | Image | ToolResult) -> Mapping[str, Any]:
    return item.extra if isinstance(item, Image | ToolResult) else item.model_extra or {}


def _changed(block: B, **values: Any) -> B:
    """Return the block itself if it has these values, else a copy that has."""
    if all(getattr(block, name) == value for name, value in values.items()):
        return block
    return block.model_copy(update=values)
