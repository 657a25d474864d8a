"""Replies of OpenAI Chat Completions, read into Amplifier's terms; nothing is believed to be there or of its type."""

from typing import Final

from . import wire
from .answer import Answer
from .failures import ErrorDetail
from .listing import ModelCard, ModelPage
from .reading import fields, first, objects, text_or_none

__all__ = [
    "FINISH_REASONS",
    "read",
    "read_error",
    "read_models",
    "read_tool_call",
    "read_usage",
]

FINISH_REASONS: Final[dict[str, str]] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}


def read(reply: wire.CreateChatCompletionResponse, answer: Answer) -> None:
    """Fold a complete reply into the answer."""
    choice = first(reply.get("choices"))
    message = fields(choice.get("message"))
    answer.add_text(message.get("content"))
    answer.add_text(message.get("refusal"), label="refusal")
    for tool_call in objects(message.get("tool_calls")):
        read_tool_call(tool_call, answer)
    read_usage(fields(reply.get("usage")), answer)
    answer.finish(choice.get("finish_reason"))


def read_tool_call(block: wire.ChatCompletionResponseMessageToolCallBlock, answer: Answer) -> None:
    """Fold one tool call into the answer."""
    if block.get("type") == "function":
        function = fields(block.get("function"))
        answer.add_tool_call(block.get("id"), function.get("name"), function.get("arguments"))


def read_usage(usage: wire.CompletionUsage, answer: Answer) -> None:
    """Fold the count of tokens into the answer."""
    prompt_tokens_details = fields(usage.get("prompt_tokens_details"))
    completion_tokens_details = fields(usage.get("completion_tokens_details"))
    answer.count(
        input_tokens=usage.get("prompt_tokens"),
        output_tokens=usage.get("completion_tokens"),
        total_tokens=usage.get("total_tokens"),
        cache_read_tokens=prompt_tokens_details.get("cached_tokens"),
        cache_write_tokens=prompt_tokens_details.get("cache_write_tokens"),
        reasoning_tokens=completion_tokens_details.get("reasoning_tokens"),
    )


def read_error(body: wire.ErrorResponse) -> ErrorDetail:
    """Return what the body of an error says."""
    error = fields(body.get("error"))
    return ErrorDetail(
        message=error.get("message") or text_or_none(body.get("error")), type=error.get("type"), code=error.get("code")
    )


def read_models(reply: wire.ListModelsResponse) -> ModelPage:
    """Return one page of the list of models."""
    return ModelPage(
        models=tuple(
            ModelCard(id=id_) for model in objects(reply.get("data")) if (id_ := text_or_none(model.get("id")))
        )
    )
