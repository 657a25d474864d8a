"""Replies of Google Gemini, read into Amplifier's terms; nothing is believed to be there or of its type."""

from typing import Final

from . import wire
from .answer import Answer
from .failures import ErrorDetail
from .listing import ModelCard, ModelPage
from .reading import fields, first, objects, stripped, text_or_none, whole_or_none

__all__ = [
    "FINISH_REASONS",
    "read",
    "read_block",
    "read_envelope",
    "read_error",
    "read_models",
    "read_usage",
]

FINISH_REASONS: Final[dict[str, str]] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "RECITATION": "content_filter",
    "BLOCKLIST": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "SPII": "content_filter",
    "IMAGE_SAFETY": "content_filter",
    "IMAGE_PROHIBITED_CONTENT": "content_filter",
    "IMAGE_RECITATION": "content_filter",
    "ESCALATION": "content_filter",
    "OTHER": "error",
    "LANGUAGE": "error",
    "MALFORMED_FUNCTION_CALL": "error",
    "MALFORMED_RESPONSE": "error",
    "UNEXPECTED_TOOL_CALL": "error",
    "TOO_MANY_TOOL_CALLS": "error",
    "MISSING_THOUGHT_SIGNATURE": "error",
    "NO_IMAGE": "error",
    "IMAGE_OTHER": "error",
}


def read(reply: wire.GenerateContentResponse, answer: Answer) -> None:
    """Fold a complete reply into the answer."""
    candidate = first(reply.get("candidates"))
    content = fields(candidate.get("content"))
    for part in objects(content.get("parts")):
        read_block(part, answer)
    read_envelope(reply, answer)


def read_block(block: wire.PartReply, answer: Answer) -> None:
    """Fold one block into the answer."""
    if block.get("thought") is True and isinstance(block.get("text"), str):
        answer.add_thinking(block.get("text"), signature=block.get("thoughtSignature"))
    elif isinstance(block.get("text"), str):
        answer.add_text(block.get("text"), opaque={"signature": block.get("thoughtSignature")})
    elif block.get("inlineData"):
        inline_data = fields(block.get("inlineData"))
        answer.add_image(media_type=inline_data.get("mimeType"), data=inline_data.get("data"))
    elif block.get("fileData"):
        file_data = fields(block.get("fileData"))
        answer.add_image(url=file_data.get("fileUri"))
    elif block.get("functionCall"):
        function_call = fields(block.get("functionCall"))
        answer.add_tool_call(
            function_call.get("id"),
            function_call.get("name"),
            function_call.get("args"),
            opaque={"signature": block.get("thoughtSignature")},
        )


def read_envelope(reply: wire.GenerateContentResponse, answer: Answer) -> None:
    """Fold what a reply says beside its blocks into the answer."""
    candidate = first(reply.get("candidates"))
    prompt_feedback = fields(reply.get("promptFeedback"))
    read_usage(fields(reply.get("usageMetadata")), answer)
    answer.finish(candidate.get("finishReason"), prompt_feedback.get("blockReason"))


def read_usage(usage: wire.UsageMetadata, answer: Answer) -> None:
    """Fold the count of tokens into the answer."""
    answer.count(
        input_tokens=usage.get("promptTokenCount"),
        output_tokens=usage.get("candidatesTokenCount"),
        reasoning_tokens=usage.get("thoughtsTokenCount"),
        cache_read_tokens=usage.get("cachedContentTokenCount"),
        total_tokens=usage.get("totalTokenCount"),
    )


def read_error(body: wire.ErrorResponse) -> ErrorDetail:
    """Return what the body of an error says."""
    error = fields(body.get("error"))
    return ErrorDetail(
        code=error.get("code"),
        message=error.get("message") or text_or_none(body.get("error")),
        type=error.get("status"),
        retry_after=next(
            (detail.get("retryDelay") for detail in objects(error.get("details")) if detail.get("retryDelay")), None
        ),
    )


def read_models(reply: wire.ListModelsResponse) -> ModelPage:
    """Return one page of the list of models."""
    return ModelPage(
        models=tuple(
            ModelCard(
                id=id_,
                display_name=text_or_none(model.get("displayName")),
                context_window=whole_or_none(model.get("inputTokenLimit")),
                max_output_tokens=whole_or_none(model.get("outputTokenLimit")),
            )
            for model in objects(reply.get("models"))
            if (id_ := text_or_none(stripped(model.get("name"), "models/")))
        ),
        next=reply.get("nextPageToken"),
    )
