# mypy: ignore-errors
"""Streamed events of the vendor that only these tests know."""

from typing import Any

from .answer import Answer
from .errors import stream_error
from .response import read_error


def apply(event: dict[str, Any], answer: Answer) -> None:
    if detail := read_error(event):
        raise stream_error(detail)
    if "text" in event:
        answer.extend_text(event["text"])
    if call := event.get("call"):
        answer.extend_tool_call(call.get("arguments"), id=call.get("id"), name=call.get("name"), at=call.get("index"))
    answer.finish(event.get("finish"))
    usage = event.get("usage") or {}
    answer.count(input_tokens=usage.get("in"), output_tokens=usage.get("out"))
