"""Events of Anthropic's streams, folded into the answer one by one."""

from . import wire
from .answer import Answer
from .errors import stream_error
from .failures import ErrorDetail
from .reading import fields, text_or_none
from .response import read_block, read_envelope, read_usage

__all__ = ["apply"]


def apply(event: wire.StreamEvent, answer: Answer) -> None:
    """Fold one event of the stream into the answer; unknown events change nothing."""
    match event.get("type"):
        case "error":
            error = fields(event.get("error"))
            raise stream_error(
                ErrorDetail(type=error.get("type"), message=error.get("message") or text_or_none(event.get("error")))
            )
        case "message_start":
            read_envelope(fields(event.get("message")), answer)
        case "content_block_start":
            read_block(fields(event.get("content_block")), answer, at=event.get("index"))
        case "content_block_delta":
            delta = fields(event.get("delta"))
            match delta.get("type"):
                case "text_delta":
                    answer.extend_text(delta.get("text"), at=event.get("index"))
                case "thinking_delta":
                    answer.extend_thinking(delta.get("thinking"), at=event.get("index"))
                case "signature_delta":
                    answer.extend_thinking(signature=delta.get("signature"), at=event.get("index"))
                case "citations_delta":
                    answer.extend_opaque({"citations": delta.get("citation")}, at=event.get("index"))
                case "input_json_delta":
                    answer.extend_tool_call(delta.get("partial_json"), at=event.get("index"))
        case "content_block_stop":
            answer.end(event.get("index"))
        case "message_delta":
            delta = fields(event.get("delta"))
            read_usage(fields(event.get("usage")), answer)
            answer.finish(delta.get("stop_reason"))
