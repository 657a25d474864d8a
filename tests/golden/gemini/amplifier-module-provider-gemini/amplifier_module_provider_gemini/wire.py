"""The JSON of Google Gemini's API that the provider touches, as types."""

from typing import Any, Literal, Required, TypeAlias, TypedDict


class Blob(TypedDict, total=False):
    mimeType: str
    data: str


class ImageBlock(TypedDict, total=False):
    inlineData: Blob


class FileData(TypedDict, total=False):
    fileUri: Required[str]


class FunctionCall(TypedDict, total=False):
    id: str
    name: Required[str]
    args: dict[str, Any]


class FunctionResponseResponse(TypedDict, total=False):
    result: str


class FunctionResponse(TypedDict, total=False):
    id: str
    name: str
    response: Required[FunctionResponseResponse]
    parts: list[ImageBlock]


class FunctionDeclaration(TypedDict, total=False):
    name: Required[str]
    description: Required[str]
    parametersJsonSchema: dict[str, Any]


class Tool(TypedDict, total=False):
    functionDeclarations: list[FunctionDeclaration]


class FunctionCallingConfig(TypedDict, total=False):
    mode: Literal["AUTO", "NONE", "ANY"]
    allowedFunctionNames: list[str]


class ToolConfig(TypedDict, total=False):
    functionCallingConfig: FunctionCallingConfig


class ThinkingConfig(TypedDict, total=False):
    includeThoughts: Literal[True]
    thinkingBudget: int
    thinkingLevel: str


class GenerationConfig(TypedDict, total=False):
    maxOutputTokens: int
    temperature: float
    topP: float
    stopSequences: list[str]
    responseMimeType: str
    responseJsonSchema: dict[str, Any]
    thinkingConfig: ThinkingConfig


class UsageMetadata(TypedDict, total=False):
    promptTokenCount: int | None
    candidatesTokenCount: int | None
    thoughtsTokenCount: int | None
    cachedContentTokenCount: int | None
    totalTokenCount: int | None


class BlobReply(TypedDict, total=False):
    mimeType: str | None
    data: str | None


class FileDataReply(TypedDict, total=False):
    fileUri: str | None


class FunctionCallReply(TypedDict, total=False):
    id: str | None
    name: str | None
    args: dict[str, Any] | None


class PromptFeedback(TypedDict, total=False):
    blockReason: str | None


class StatusDetail(TypedDict, total=False):
    retryDelay: str | None


class Model(TypedDict, total=False):
    name: str | None
    displayName: str | None
    inputTokenLimit: int | None
    outputTokenLimit: int | None


class StatusDetailReply(TypedDict, total=False):
    retryDelay: str | None


class Part(TypedDict, total=False):
    text: str
    thoughtSignature: Any
    fileData: FileData
    thought: Literal[True]
    functionCall: FunctionCall
    functionResponse: FunctionResponse


class PartReply(TypedDict, total=False):
    thought: bool | None
    text: str | None
    thoughtSignature: str | None
    inlineData: BlobReply | None
    fileData: FileDataReply | None
    functionCall: FunctionCallReply | None


class Status(TypedDict, total=False):
    code: int | None
    message: str | None
    status: str | None
    details: list[StatusDetail] | None


class ListModelsResponse(TypedDict, total=False):
    models: list[Model] | None
    nextPageToken: str | None


class StatusReply(TypedDict, total=False):
    code: int | None
    message: str | None
    status: str | None
    details: list[StatusDetailReply] | None


ContentItem: TypeAlias = Part | ImageBlock


class Content(TypedDict, total=False):
    parts: list[Part] | list[ContentItem]
    role: Literal["user", "model"]


class GenerateContentRequest(TypedDict, total=False):
    systemInstruction: Content
    contents: Required[list[Content]]
    tools: list[Tool]
    toolConfig: ToolConfig
    generationConfig: GenerationConfig


class ContentReply(TypedDict, total=False):
    parts: list[PartReply] | None


class ErrorResponse(TypedDict, total=False):
    error: Status | None


class Candidate(TypedDict, total=False):
    content: ContentReply | None
    finishReason: str | None


class GenerateContentResponse(TypedDict, total=False):
    candidates: list[Candidate] | None
    promptFeedback: PromptFeedback | None
    usageMetadata: UsageMetadata | None
    error: StatusReply | None
