# mypy: ignore-errors
"""Replies of the vendor that only these tests know."""

from typing import Any

from .answer import Answer
from .errors import ErrorDetail
from .listing import ModelCard, ModelPage

FINISH_REASONS = {"stop": "stop", "length": "length", "tool_calls": "tool_calls"}


def read(reply: dict[str, Any], answer: Answer) -> None:
    answer.add_text(reply.get("text"))
    for call in reply.get("calls") or []:
        answer.add_tool_call(call.get("id"), call.get("name"), call.get("arguments"))
    answer.finish(reply.get("finish"))
    usage = reply.get("usage") or {}
    answer.count(input_tokens=usage.get("in"), output_tokens=usage.get("out"), cache_read_tokens=usage.get("cached"))


def read_error(body: dict[str, Any]) -> ErrorDetail:
    error = body.get("error") or {}
    return ErrorDetail(
        message=error.get("message"),
        type=error.get("type"),
        code=error.get("code"),
        retry_after=error.get("retry_after"),
    )


def read_models(reply: dict[str, Any]) -> ModelPage:
    cards = [ModelCard(item["id"], item.get("name"), item.get("context")) for item in reply.get("data") or []]
    return ModelPage(tuple(cards), reply.get("next"), reply.get("more"))
