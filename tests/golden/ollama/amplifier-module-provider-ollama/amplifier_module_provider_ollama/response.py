"""Replies of Ollama, read into Amplifier's terms; nothing is believed to be there or of its type."""

from typing import Final

from . import wire
from .answer import Answer
from .failures import ErrorDetail
from .listing import ModelCard, ModelPage
from .reading import fields, objects, text_or_none

__all__ = [
    "FINISH_REASONS",
    "read",
    "read_envelope",
    "read_error",
    "read_models",
    "read_tool_call",
]

FINISH_REASONS: Final[dict[str, str]] = {
    "stop": "stop",
    "load": "stop",
    "unload": "stop",
    "length": "length",
}


def read(reply: wire.ChatResponse, answer: Answer) -> None:
    """Fold a complete reply into the answer."""
    message = fields(reply.get("message"))
    answer.add_thinking(message.get("thinking"))
    answer.add_text(message.get("content"))
    for tool_call in objects(message.get("tool_calls")):
        read_tool_call(tool_call, answer)
    read_envelope(reply, answer)


def read_tool_call(block: wire.ToolCallReply, answer: Answer) -> None:
    """Fold one tool call into the answer."""
    function = fields(block.get("function"))
    answer.add_tool_call(None, function.get("name"), function.get("arguments"))


def read_envelope(reply: wire.ChatResponse, answer: Answer) -> None:
    """Fold what a reply says beside its blocks into the answer."""
    answer.count(input_tokens=reply.get("prompt_eval_count"), output_tokens=reply.get("eval_count"))
    answer.finish(reply.get("done_reason"), ("done" if reply.get("done") is True else None))


def read_error(body: wire.ErrorResponse) -> ErrorDetail:
    """Return what the body of an error says."""
    return ErrorDetail(message=body.get("error"))


def read_models(reply: wire.ListResponse) -> ModelPage:
    """Return one page of the list of models."""
    return ModelPage(
        models=tuple(
            ModelCard(id=id_) for model in objects(reply.get("models")) if (id_ := text_or_none(model.get("name")))
        )
    )
