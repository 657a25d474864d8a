# mypy: ignore-errors
"""Bodies of the vendor that only these tests know: chat completions without frills."""

from typing import Any

from .call import Call

ENDPOINT = "/v1/chat"
HEADERS = {"acme-version": "7"}


def body(call: Call) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": call.model,
        "messages": [{"role": turn.role, "content": turn.text} for turn in call.turns],
        "stream": call.streaming,
    }
    if call.max_output_tokens is not None:
        body["max_tokens"] = call.max_output_tokens
    if call.temperature is not None:
        body["temperature"] = call.temperature
    return body
