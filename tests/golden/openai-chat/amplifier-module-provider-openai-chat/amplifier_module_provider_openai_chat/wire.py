"""The JSON of OpenAI Chat Completions's API that the provider touches, as types."""

from typing import Any, Literal, Required, TypeAlias, TypedDict


class ChatCompletionRequestSystemMessage(TypedDict, total=False):
    role: Required[Literal["system"]]
    content: Required[str]


class ChatCompletionRequestDeveloperMessage(TypedDict, total=False):
    role: Required[Literal["developer"]]
    content: Required[str]


class ChatCompletionRequestMessageContentPartText(TypedDict, total=False):
    type: Required[Literal["text"]]
    text: Required[str]


class ChatCompletionRequestMessageContentPartImageImageUrl(TypedDict, total=False):
    url: Required[str]


class ChatCompletionRequestMessageContentPartImage(TypedDict, total=False):
    type: Required[Literal["image_url"]]
    image_url: Required[ChatCompletionRequestMessageContentPartImageImageUrl]


class ChatCompletionMessageToolCallFunction(TypedDict, total=False):
    name: Required[str]
    arguments: Required[str]


class ChatCompletionMessageToolCall(TypedDict, total=False):
    id: Required[str]
    type: Required[Literal["function"]]
    function: Required[ChatCompletionMessageToolCallFunction]


class ChatCompletionRequestAssistantMessage(TypedDict, total=False):
    role: Required[Literal["assistant"]]
    content: str
    tool_calls: list[ChatCompletionMessageToolCall]
    refusal: str


class ChatCompletionRequestToolMessage(TypedDict, total=False):
    role: Required[Literal["tool"]]
    tool_call_id: Required[str]
    content: Required[str]


class FunctionObject(TypedDict, total=False):
    name: Required[str]
    description: str
    parameters: dict[str, Any]


class ChatCompletionTool(TypedDict, total=False):
    type: Required[Literal["function"]]
    function: Required[FunctionObject]


class ChatCompletionNamedToolChoiceFunction(TypedDict, total=False):
    name: Required[str]


class ChatCompletionNamedToolChoice(TypedDict, total=False):
    type: Required[Literal["function"]]
    function: Required[ChatCompletionNamedToolChoiceFunction]


class ResponseFormatText(TypedDict, total=False):
    type: Required[Literal["text"]]


class ResponseFormatJsonObject(TypedDict, total=False):
    type: Required[Literal["json_object"]]


class ResponseFormatJsonSchemaJsonSchema(TypedDict, total=False):
    name: Required[Literal["response"]]
    schema: dict[str, Any]
    strict: bool


class ResponseFormatJsonSchema(TypedDict, total=False):
    type: Required[Literal["json_schema"]]
    json_schema: Required[ResponseFormatJsonSchemaJsonSchema]


class CreateChatCompletionRequestStreamOptions(TypedDict, total=False):
    include_usage: Literal[True]


class CompletionUsagePromptTokensDetails(TypedDict, total=False):
    cached_tokens: int | None
    cache_write_tokens: int | None


class CompletionUsageCompletionTokensDetails(TypedDict, total=False):
    reasoning_tokens: int | None


class ChatCompletionResponseMessageToolCallBlockFunction(TypedDict, total=False):
    name: str | None
    arguments: str | None


class Error(TypedDict, total=False):
    message: str | None
    type: str | None
    code: str | None


class Model(TypedDict, total=False):
    id: str | None


class ErrorReply(TypedDict, total=False):
    message: str | None
    type: str | None
    code: str | None


class ChatCompletionMessageToolCallChunkFunction(TypedDict, total=False):
    name: str | None
    arguments: str | None


ChatCompletionRequestUserMessageContentPart: TypeAlias = (
    ChatCompletionRequestMessageContentPartText | ChatCompletionRequestMessageContentPartImage
)


ToolChoice: TypeAlias = ChatCompletionNamedToolChoice | Literal["auto", "none", "required"]


ResponseFormat: TypeAlias = ResponseFormatText | ResponseFormatJsonObject | ResponseFormatJsonSchema


class ChatCompletionRequestUserMessage(TypedDict, total=False):
    role: Required[Literal["user"]]
    content: Required[str | list[ChatCompletionRequestUserMessageContentPart]]


class CompletionUsage(TypedDict, total=False):
    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int | None
    prompt_tokens_details: CompletionUsagePromptTokensDetails | None
    completion_tokens_details: CompletionUsageCompletionTokensDetails | None


class ChatCompletionResponseMessageToolCallBlock(TypedDict, total=False):
    id: str | None
    type: str | None
    function: ChatCompletionResponseMessageToolCallBlockFunction | None


class ErrorResponse(TypedDict, total=False):
    error: Error | None


class ListModelsResponse(TypedDict, total=False):
    data: list[Model] | None


class ChatCompletionMessageToolCallChunk(TypedDict, total=False):
    index: int | None
    id: str | None
    function: ChatCompletionMessageToolCallChunkFunction | None


ChatCompletionRequestMessage: TypeAlias = (
    ChatCompletionRequestSystemMessage
    | ChatCompletionRequestDeveloperMessage
    | ChatCompletionRequestUserMessage
    | ChatCompletionRequestAssistantMessage
    | ChatCompletionRequestToolMessage
)


class CreateChatCompletionRequest(TypedDict, total=False):
    model: Required[str]
    messages: Required[list[ChatCompletionRequestMessage]]
    tools: list[ChatCompletionTool]
    tool_choice: ToolChoice
    response_format: ResponseFormat
    max_completion_tokens: int
    reasoning_effort: str
    temperature: float
    top_p: float
    stop: list[str]
    stream: Literal[True]
    stream_options: CreateChatCompletionRequestStreamOptions


class ChatCompletionResponseMessage(TypedDict, total=False):
    content: str | None
    tool_calls: list[ChatCompletionResponseMessageToolCallBlock] | None
    refusal: str | None


class ChatCompletionStreamResponseDelta(TypedDict, total=False):
    content: str | None
    tool_calls: list[ChatCompletionMessageToolCallChunk] | None
    refusal: str | None


class CreateChatCompletionResponseChoice(TypedDict, total=False):
    message: ChatCompletionResponseMessage | None
    finish_reason: str | None


class StreamEventChoice(TypedDict, total=False):
    finish_reason: str | None
    delta: ChatCompletionStreamResponseDelta | None


class CreateChatCompletionResponse(TypedDict, total=False):
    choices: list[CreateChatCompletionResponseChoice] | None
    usage: CompletionUsage | None


class StreamEvent(TypedDict, total=False):
    error: ErrorReply | None
    choices: list[StreamEventChoice] | None
    usage: CompletionUsage | None
    object: str | None
    message: str | None
    type: str | None
    code: Any
