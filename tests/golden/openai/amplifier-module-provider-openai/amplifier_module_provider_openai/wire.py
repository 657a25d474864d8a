"""The JSON of OpenAI's API that the provider touches, as types."""

from typing import Any, Literal, Required, TypeAlias, TypedDict


class InputTextContent(TypedDict, total=False):
    type: Required[Literal["input_text"]]
    text: Required[str]


class InputImageContent(TypedDict, total=False):
    type: Required[Literal["input_image"]]
    detail: Literal["auto"]
    image_url: str


class OutputTextContent(TypedDict, total=False):
    type: Required[Literal["output_text"]]
    text: Required[str]
    annotations: Required[Any]
    logprobs: Required[Any]


class RefusalContent(TypedDict, total=False):
    type: Required[Literal["refusal"]]
    refusal: Required[str]


class SummaryTextContent(TypedDict, total=False):
    type: Required[Literal["summary_text"]]
    text: Required[str]


class ReasoningItem(TypedDict, total=False):
    type: Required[Literal["reasoning"]]
    id: Required[Any]
    encrypted_content: Any
    summary: Required[list[SummaryTextContent]]


class FunctionToolCall(TypedDict, total=False):
    type: Required[Literal["function_call"]]
    id: Any
    call_id: Required[str]
    name: Required[str]
    arguments: Required[str]


class FunctionTool(TypedDict, total=False):
    type: Required[Literal["function"]]
    name: Required[str]
    description: str
    parameters: Required[dict[str, Any]]
    strict: Required[Literal[False]]


class ToolChoiceFunction(TypedDict, total=False):
    type: Required[Literal["function"]]
    name: Required[str]


class ResponseFormatText(TypedDict, total=False):
    type: Required[Literal["text"]]


class ResponseFormatJsonObject(TypedDict, total=False):
    type: Required[Literal["json_object"]]


class TextResponseFormatJsonSchema(TypedDict, total=False):
    type: Required[Literal["json_schema"]]
    name: Required[Literal["response"]]
    schema: dict[str, Any]
    strict: bool


class Reasoning(TypedDict, total=False):
    effort: str
    summary: Literal["auto"]


class ResponseUsageInputTokensDetails(TypedDict, total=False):
    cached_tokens: int | None
    cache_write_tokens: int | None


class ResponseUsageOutputTokensDetails(TypedDict, total=False):
    reasoning_tokens: int | None


class OutputTextContentReply(TypedDict, total=False):
    type: str | None
    text: str | None
    annotations: Any
    logprobs: Any
    refusal: str | None


class SummaryTextContentReply(TypedDict, total=False):
    type: str | None
    text: str | None


class ResponseIncompleteDetails(TypedDict, total=False):
    reason: str | None


class ResponseError(TypedDict, total=False):
    code: str | None
    message: str | None


class Error(TypedDict, total=False):
    message: str | None
    type: str | None
    code: str | None


class Model(TypedDict, total=False):
    id: str | None


class ErrorReply(TypedDict, total=False):
    type: str | None
    code: str | None
    message: str | None


InputContent: TypeAlias = InputTextContent | InputImageContent


FunctionCallOutputItemParamItem: TypeAlias = InputTextContent | InputImageContent


ToolChoice: TypeAlias = ToolChoiceFunction | Literal["auto", "none", "required"]


Format: TypeAlias = ResponseFormatText | ResponseFormatJsonObject | TextResponseFormatJsonSchema


class EasyInputMessage(TypedDict, total=False):
    role: Required[Literal["developer", "user", "assistant"]]
    content: Required[str | list[InputContent]]


class OutputMessage(TypedDict, total=False):
    type: Required[Literal["message"]]
    role: Required[Literal["assistant"]]
    id: Required[Any]
    status: Required[Any]
    phase: Any
    content: Required[list[OutputTextContent] | list[RefusalContent]]


class FunctionCallOutputItemParam(TypedDict, total=False):
    type: Required[Literal["function_call_output"]]
    call_id: str
    output: Required[str | list[FunctionCallOutputItemParamItem]]


class ResponseTextParam(TypedDict, total=False):
    format: Format


class ResponseUsage(TypedDict, total=False):
    input_tokens: int | None
    output_tokens: int | None
    total_tokens: int | None
    input_tokens_details: ResponseUsageInputTokensDetails | None
    output_tokens_details: ResponseUsageOutputTokensDetails | None


class ResponseOutputBlock(TypedDict, total=False):
    type: str | None
    role: str | None
    id: str | None
    status: str | None
    phase: str | None
    content: list[OutputTextContentReply] | None
    encrypted_content: str | None
    summary: list[SummaryTextContentReply] | None
    call_id: str | None
    name: str | None
    arguments: str | None


class ErrorResponse(TypedDict, total=False):
    error: Error | None


class ListModelsResponse(TypedDict, total=False):
    data: list[Model] | None


MessageItem: TypeAlias = OutputMessage | EasyInputMessage | ReasoningItem | FunctionToolCall


InputItem: TypeAlias = EasyInputMessage | MessageItem | FunctionCallOutputItemParam


class CreateResponse(TypedDict, total=False):
    model: str
    instructions: str
    input: list[InputItem]
    tools: list[FunctionTool]
    tool_choice: ToolChoice
    text: ResponseTextParam
    max_output_tokens: int
    store: Literal[False]
    prompt_cache_key: str
    reasoning: Reasoning
    include: list[Literal["reasoning.encrypted_content"]]
    temperature: float
    top_p: float
    stream: Literal[True]


class Response(TypedDict, total=False):
    output: list[ResponseOutputBlock] | None
    incomplete_details: ResponseIncompleteDetails | None
    status: str | None
    error: ResponseError | None
    usage: ResponseUsage | None


class StreamEvent(TypedDict, total=False):
    type: str | None
    response: Response | None
    code: str | None
    message: str | None
    error: ErrorReply | None
    output_index: int | None
    item: ResponseOutputBlock | None
    delta: str | None
