"""Events of Ollama's streams, folded into the answer one by one."""

from . import wire
from .answer import Answer
from .errors import stream_error
from .failures import ErrorDetail
from .reading import fields, objects
from .response import read_envelope

__all__ = ["apply"]


def apply(event: wire.ChatResponse, answer: Answer) -> None:
    """Fold one event of the stream into the answer; unknown events change nothing."""
    if failure := ErrorDetail(message=event.get("error")):
        raise stream_error(failure)
    message = fields(event.get("message"))
    answer.extend_thinking(message.get("thinking"))
    answer.extend_text(message.get("content"))
    for tool_call in objects(message.get("tool_calls")):
        extend_tool_call(tool_call, answer)
    read_envelope(event, answer)


def extend_tool_call(block: wire.ToolCallReply, answer: Answer) -> None:
    """Fold a fragment of one tool call into the answer."""
    function = fields(block.get("function"))
    answer.add_tool_call(None, function.get("name"), function.get("arguments"))
