"""Replies of Anthropic, read into Amplifier's terms; nothing is believed to be there or of its type."""

from typing import Final

from . import wire
from .answer import Answer
from .failures import ErrorDetail
from .listing import ModelCard, ModelPage
from .reading import fields, objects, text_or_none, whole_or_none

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
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}


def read(reply: wire.Message, answer: Answer) -> None:
    """Fold a complete reply into the answer."""
    for block in objects(reply.get("content")):
        read_block(block, answer)
    read_envelope(reply, answer)


def read_block(block: wire.MessageContentBlock, answer: Answer, at: object = None) -> None:
    """Fold one block into the answer."""
    match block.get("type"):
        case "text":
            answer.add_text(block.get("text"), at=at, opaque={"citations": block.get("citations")})
        case "thinking":
            answer.add_thinking(block.get("thinking"), signature=block.get("signature"), at=at)
        case "redacted_thinking":
            answer.add_redacted_thinking(block.get("data"), at=at)
        case "tool_use":
            answer.add_tool_call(block.get("id"), block.get("name"), block.get("input"), at=at)


def read_envelope(reply: wire.Message, answer: Answer) -> None:
    """Fold what a reply says beside its blocks into the answer."""
    read_usage(fields(reply.get("usage")), answer)
    answer.finish(reply.get("stop_reason"))


def read_usage(usage: wire.Usage, answer: Answer) -> None:
    """Fold the count of tokens into the answer."""
    answer.count(
        input_tokens=usage.get("input_tokens"),
        output_tokens=usage.get("output_tokens"),
        cache_read_tokens=usage.get("cache_read_input_tokens"),
        cache_write_tokens=usage.get("cache_creation_input_tokens"),
    )


def read_error(body: wire.ErrorResponse) -> ErrorDetail:
    """Return what the body of an error says."""
    error = fields(body.get("error"))
    return ErrorDetail(type=error.get("type"), message=error.get("message") or text_or_none(body.get("error")))


def read_models(reply: wire.ListResponseModelInfo) -> ModelPage:
    """Return one page of the list of models."""
    return ModelPage(
        models=tuple(
            ModelCard(
                id=id_,
                display_name=text_or_none(model.get("display_name")),
                context_window=whole_or_none(model.get("max_input_tokens")),
                max_output_tokens=whole_or_none(model.get("max_tokens")),
            )
            for model in objects(reply.get("data"))
            if (id_ := text_or_none(model.get("id")))
        ),
        next=reply.get("last_id"),
        more=reply.get("has_more"),
    )
