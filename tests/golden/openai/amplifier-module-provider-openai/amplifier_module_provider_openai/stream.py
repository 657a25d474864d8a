"""Events of OpenAI's streams, folded into the answer one by one."""

from . import wire
from .answer import Answer
from .errors import stream_error
from .failures import ErrorDetail
from .reading import fields, text_or_none
from .response import read_block, read_envelope

__all__ = ["apply"]


def apply(event: wire.StreamEvent, answer: Answer) -> None:
    """Fold one event of the stream into the answer; unknown events change nothing."""
    match event.get("type"):
        case "response.failed":
            response = fields(event.get("response"))
            error = fields(response.get("error"))
            raise stream_error(
                ErrorDetail(code=error.get("code"), message=error.get("message") or text_or_none(response.get("error")))
            )
        case "error":
            if failure := ErrorDetail(code=event.get("code"), message=event.get("message")):
                raise stream_error(failure)
            error = fields(event.get("error"))
            raise stream_error(
                ErrorDetail(
                    type=error.get("type"),
                    code=error.get("code"),
                    message=error.get("message") or text_or_none(event.get("error")),
                )
            )
        case "response.output_item.added":
            read_block(fields(event.get("item")), answer, at=event.get("output_index"))
        case "response.output_text.delta":
            answer.extend_text(event.get("delta"), at=event.get("output_index"))
        case "response.refusal.delta":
            answer.extend_text(event.get("delta"), label="refusal", at=event.get("output_index"))
        case "response.reasoning_summary_text.delta":
            answer.extend_thinking(event.get("delta"), at=event.get("output_index"))
        case "response.reasoning_text.delta":
            answer.extend_thinking(event.get("delta"), at=event.get("output_index"))
        case "response.function_call_arguments.delta":
            answer.extend_tool_call(event.get("delta"), at=event.get("output_index"))
        case "response.output_item.done":
            read_block(fields(event.get("item")), answer, at=event.get("output_index"))
            answer.end(event.get("output_index"))
        case "response.completed":
            read_envelope(fields(event.get("response")), answer)
        case "response.incomplete":
            read_envelope(fields(event.get("response")), answer)
