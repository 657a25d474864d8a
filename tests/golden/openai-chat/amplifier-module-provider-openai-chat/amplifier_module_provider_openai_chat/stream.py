"""Events of OpenAI Chat Completions's streams, folded into the answer one by one."""

from . import wire
from .answer import Answer
from .errors import stream_error
from .failures import ErrorDetail
from .reading import fields, first, objects, text_or_none
from .response import read_usage

__all__ = ["apply"]


def apply(event: wire.StreamEvent, answer: Answer) -> None:
    """Fold one event of the stream into the answer; unknown events change nothing."""
    error = fields(event.get("error"))
    if failure := ErrorDetail(
        message=error.get("message") or text_or_none(event.get("error")), type=error.get("type"), code=error.get("code")
    ):
        raise stream_error(failure)
    choice = first(event.get("choices"))
    delta = fields(choice.get("delta"))
    answer.extend_text(delta.get("content"))
    answer.extend_text(delta.get("refusal"), label="refusal")
    for tool_call in objects(delta.get("tool_calls")):
        function = fields(tool_call.get("function"))
        answer.extend_tool_call(
            function.get("arguments"), id=tool_call.get("id"), name=function.get("name"), at=tool_call.get("index")
        )
    read_usage(fields(event.get("usage")), answer)
    answer.finish(choice.get("finish_reason"))
    match event.get("object"):
        case "error":
            raise stream_error(
                ErrorDetail(message=event.get("message"), type=event.get("type"), code=event.get("code"))
            )
