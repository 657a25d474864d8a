"""The JSON of Anthropic's API that the provider touches, as types."""

from typing import Any, Literal, Required, TypeAlias, TypedDict


class RequestTextBlock(TypedDict, total=False):
    type: Required[Literal["text"]]
    text: Required[str]
    citations: Any


class Base64ImageSource(TypedDict, total=False):
    type: Required[Literal["base64"]]
    media_type: Required[str]
    data: Required[str]


class URLImageSource(TypedDict, total=False):
    type: Required[Literal["url"]]
    url: Required[str]


class RequestThinkingBlock(TypedDict, total=False):
    type: Required[Literal["thinking"]]
    thinking: Required[str]
    signature: Required[str]


class RequestRedactedThinkingBlock(TypedDict, total=False):
    type: Required[Literal["redacted_thinking"]]
    data: Required[str]


class RequestToolUseBlock(TypedDict, total=False):
    type: Required[Literal["tool_use"]]
    id: Required[str]
    name: Required[str]
    input: Required[dict[str, Any]]


class Tool(TypedDict, total=False):
    name: Required[str]
    description: str
    input_schema: Required[dict[str, Any]]


class ToolChoiceAuto(TypedDict, total=False):
    type: Required[Literal["auto"]]


class ToolChoiceNone(TypedDict, total=False):
    type: Required[Literal["none"]]


class ToolChoiceAny(TypedDict, total=False):
    type: Required[Literal["any"]]


class ToolChoiceTool(TypedDict, total=False):
    type: Required[Literal["tool"]]
    name: Required[str]


class ThinkingConfigDisabled(TypedDict, total=False):
    type: Required[Literal["disabled"]]


class ThinkingConfigEnabled(TypedDict, total=False):
    type: Required[Literal["enabled"]]
    budget_tokens: Required[Literal[1024, 2048, 8192, 16384, 24576, 31999]]


class JsonOutputFormat(TypedDict, total=False):
    type: Required[Literal["json_schema"]]
    schema: Required[dict[str, Any]]


class OutputConfig(TypedDict, total=False):
    format: JsonOutputFormat
    effort: str


class ThinkingConfigAdaptive(TypedDict, total=False):
    type: Required[Literal["adaptive"]]
    display: Literal["summarized"]


class ThinkingConfigBetweenTools(TypedDict, total=False):
    type: Required[Literal["between_tools"]]


class Usage(TypedDict, total=False):
    input_tokens: int | None
    output_tokens: int | None
    cache_read_input_tokens: int | None
    cache_creation_input_tokens: int | None


class MessageContentBlock(TypedDict, total=False):
    type: str | None
    text: str | None
    citations: Any
    cache_control: Any
    thinking: str | None
    signature: str | None
    data: str | None
    id: str | None
    name: str | None
    input: dict[str, Any] | None


class ErrorObject(TypedDict, total=False):
    type: str | None
    message: str | None


class ModelInfo(TypedDict, total=False):
    id: str | None
    display_name: str | None
    max_input_tokens: int | None
    max_tokens: int | None


class ErrorObjectReply(TypedDict, total=False):
    type: str | None
    message: str | None


class StreamEventDelta(TypedDict, total=False):
    type: str | None
    text: str | None
    thinking: str | None
    signature: str | None
    citation: dict[str, Any] | None
    partial_json: str | None
    stop_reason: str | None


ToolChoice: TypeAlias = ToolChoiceAuto | ToolChoiceNone | ToolChoiceAny | ToolChoiceTool


Thinking: TypeAlias = (
    ThinkingConfigDisabled | ThinkingConfigEnabled | ThinkingConfigAdaptive | ThinkingConfigBetweenTools
)


class RequestImageBlock(TypedDict, total=False):
    type: Required[Literal["image"]]
    source: Required[Base64ImageSource | URLImageSource]


class Message(TypedDict, total=False):
    content: list[MessageContentBlock] | None
    stop_reason: str | None
    usage: Usage | None


class ErrorResponse(TypedDict, total=False):
    error: ErrorObject | None


class ListResponseModelInfo(TypedDict, total=False):
    data: list[ModelInfo] | None
    last_id: str | None
    has_more: bool | None


class StreamEvent(TypedDict, total=False):
    type: str | None
    error: ErrorObjectReply | None
    message: Message | None
    index: int | None
    content_block: MessageContentBlock | None
    delta: StreamEventDelta | None
    usage: Usage | None


RequestToolResultBlockItem: TypeAlias = RequestTextBlock | RequestImageBlock


class RequestToolResultBlock(TypedDict, total=False):
    type: Required[Literal["tool_result"]]
    tool_use_id: Required[str]
    content: list[RequestToolResultBlockItem]
    is_error: bool


InputContentBlock: TypeAlias = (
    RequestTextBlock
    | RequestImageBlock
    | RequestThinkingBlock
    | RequestRedactedThinkingBlock
    | RequestToolUseBlock
    | RequestToolResultBlock
)


class InputMessage(TypedDict, total=False):
    role: Required[Literal["user", "assistant"]]
    content: Required[list[RequestTextBlock] | list[InputContentBlock]]


class CreateMessageParams(TypedDict, total=False):
    model: Required[str]
    system: list[RequestTextBlock]
    messages: Required[list[InputMessage]]
    tools: list[Tool]
    max_tokens: Required[int]
    stop_sequences: list[str]
    tool_choice: ToolChoice
    thinking: Thinking | ThinkingConfigAdaptive
    temperature: float
    top_p: float
    output_config: OutputConfig
    stream: Literal[True]
