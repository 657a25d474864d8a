"""Events of Google Gemini's streams, folded into the answer one by one."""

from . import wire
from .answer import Answer
from .errors import stream_error
from .failures import ErrorDetail
from .reading import fields, first, objects, text_or_none
from .response import read_envelope

__all__ = ["apply"]


def apply(event: wire.GenerateContentResponse, answer: Answer) -> None:
    """Fold one event of the stream into the answer; unknown events change nothing."""
    error = fields(event.get("error"))
    if failure := ErrorDetail(
        code=error.get("code"),
        message=error.get("message") or text_or_none(event.get("error")),
        type=error.get("status"),
        retry_after=next(
            (detail.get("retryDelay") for detail in objects(error.get("details")) if detail.get("retryDelay")), None
        ),
    ):
        raise stream_error(failure)
    candidate = first(event.get("candidates"))
    content = fields(candidate.get("content"))
    for part in objects(content.get("parts")):
        extend_block(part, answer)
    read_envelope(event, answer)


def extend_block(block: wire.PartReply, answer: Answer) -> None:
    """Fold a fragment of one block into the answer."""
    if block.get("thought") is True and isinstance(block.get("text"), str):
        answer.extend_thinking(block.get("text"), signature=block.get("thoughtSignature"))
    elif isinstance(block.get("text"), str):
        answer.extend_text(block.get("text"), opaque={"signature": block.get("thoughtSignature")})
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
