"""The JSON of Ollama's API that the provider touches, as types."""

from typing import Any, Literal, Required, TypeAlias, TypedDict

Format: TypeAlias = dict[str, Any] | Literal["json"]


class ToolCallBlockFunction(TypedDict, total=False):
    name: Required[str]
    arguments: dict[str, Any]


class ToolCallBlock(TypedDict, total=False):
    function: ToolCallBlockFunction


class ToolDefinitionFunction(TypedDict, total=False):
    name: Required[str]
    description: str
    parameters: Required[dict[str, Any]]


class ToolDefinition(TypedDict, total=False):
    type: Required[Literal["function"]]
    function: Required[ToolDefinitionFunction]


class ModelOptions(TypedDict, total=False):
    num_ctx: Any
    num_predict: int
    temperature: float
    top_p: float
    stop: list[str]


class ToolCallReplyFunction(TypedDict, total=False):
    name: str | None
    arguments: dict[str, Any] | None


class ErrorResponse(TypedDict, total=False):
    error: str | None


class ModelSummary(TypedDict, total=False):
    name: str | None


class ChatMessage(TypedDict, total=False):
    role: Required[Literal["system", "user", "assistant", "tool"]]
    content: Required[str]
    images: list[str]
    thinking: str
    tool_calls: list[ToolCallBlock]
    tool_name: str


class ChatRequest(TypedDict, total=False):
    model: Required[str]
    messages: Required[list[ChatMessage]]
    tools: list[ToolDefinition]
    format: Format
    stream: Literal[False, True]
    keep_alive: Any
    options: ModelOptions
    think: str | bool


class ToolCallReply(TypedDict, total=False):
    function: ToolCallReplyFunction | None


class ListResponse(TypedDict, total=False):
    models: list[ModelSummary] | None


class ChatResponseMessage(TypedDict, total=False):
    thinking: str | None
    content: str | None
    tool_calls: list[ToolCallReply] | None


class ChatResponse(TypedDict, total=False):
    message: ChatResponseMessage | None
    done_reason: str | None
    done: bool | None
    prompt_eval_count: int | None
    eval_count: int | None
    error: str | None
