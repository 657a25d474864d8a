"""Replies of OpenAI, read into Amplifier's terms; nothing is believed to be there or of its type."""

from typing import Final

from . import wire
from .answer import Answer
from .errors import stream_error
from .failures import ErrorDetail
from .listing import ModelCard, ModelPage
from .reading import fields, joined, objects, text_or_none

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
    "completed": "stop",
    "max_output_tokens": "length",
    "incomplete": "length",
    "content_filter": "content_filter",
    "failed": "error",
    "cancelled": "error",
}


def read(reply: wire.Response, answer: Answer) -> None:
    """Fold a complete reply into the answer."""
    for block in objects(reply.get("output")):
        read_block(block, answer)
    read_envelope(reply, answer)


def read_block(block: wire.ResponseOutputBlock, answer: Answer, at: object = None) -> None:
    """Fold one block into the answer."""
    match block.get("type"):
        case "message":
            if block.get("role") == "assistant" and any(
                content.get("type") == "output_text" for content in objects(block.get("content"))
            ):
                answer.add_text(
                    joined(
                        content.get("text")
                        for content in objects(block.get("content"))
                        if content.get("type") == "output_text"
                    ),
                    at=at,
                    opaque={
                        "id": block.get("id"),
                        "status": block.get("status"),
                        "phase": block.get("phase"),
                        "annotations": next(
                            (
                                content.get("annotations")
                                for content in objects(block.get("content"))
                                if content.get("type") == "output_text"
                            ),
                            None,
                        ),
                        "logprobs": next(
                            (
                                content.get("logprobs")
                                for content in objects(block.get("content"))
                                if content.get("type") == "output_text"
                            ),
                            None,
                        ),
                    },
                )
            elif block.get("role") == "assistant" and any(
                content.get("type") == "refusal" for content in objects(block.get("content"))
            ):
                answer.add_text(
                    joined(
                        content.get("refusal")
                        for content in objects(block.get("content"))
                        if content.get("type") == "refusal"
                    ),
                    label="refusal",
                    at=at,
                    opaque={"id": block.get("id"), "status": block.get("status"), "phase": block.get("phase")},
                )
        case "reasoning":
            answer.add_thinking(
                joined(
                    summary.get("text")
                    for summary in objects(block.get("summary"))
                    if summary.get("type") == "summary_text"
                ),
                at=at,
                opaque={"id": block.get("id"), "encrypted_content": block.get("encrypted_content")},
            )
        case "function_call":
            answer.add_tool_call(
                block.get("call_id"), block.get("name"), block.get("arguments"), at=at, opaque={"id": block.get("id")}
            )


def read_envelope(reply: wire.Response, answer: Answer) -> None:
    """Fold what a reply says beside its blocks into the answer."""
    incomplete_details = fields(reply.get("incomplete_details"))
    error = fields(reply.get("error"))
    if failure := ErrorDetail(code=error.get("code"), message=error.get("message") or text_or_none(reply.get("error"))):
        raise stream_error(failure)
    read_usage(fields(reply.get("usage")), answer)
    answer.finish(incomplete_details.get("reason"), reply.get("status"))


def read_usage(usage: wire.ResponseUsage, answer: Answer) -> None:
    """Fold the count of tokens into the answer."""
    input_tokens_details = fields(usage.get("input_tokens_details"))
    output_tokens_details = fields(usage.get("output_tokens_details"))
    answer.count(
        input_tokens=usage.get("input_tokens"),
        output_tokens=usage.get("output_tokens"),
        total_tokens=usage.get("total_tokens"),
        cache_read_tokens=input_tokens_details.get("cached_tokens"),
        cache_write_tokens=input_tokens_details.get("cache_write_tokens"),
        reasoning_tokens=output_tokens_details.get("reasoning_tokens"),
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
