"""What a vendor was asked, told alike for all of them: read from the requests that a server received."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.session.vendors import Vendor
from tests.support.replay import Asked
from tests.support.schemas import OURS

__all__ = ["Said", "conversation_of", "entrusted", "leaves", "model_of", "streams", "system_of", "thinks"]

# ("user" | "assistant", text), ("call", tool, arguments), ("result", arguments of its call, text), or
# ("thinking", text, signature); what a model may not change is told by `leaves`.
Said = tuple[Any, ...]


def conversation_of(vendor: Vendor, asked: Asked) -> list[Said]:
    """Return the conversation without the system's part, in the order of the wire.

    The vendor's document must allow the request, and each result must answer a call of the assistant's message right
    before.
    """
    body = asked.json()
    contract = OURS[vendor.id]
    refusal = contract.refusal(contract.names.request, body, closed=True)
    assert refusal is None, refusal
    return list(_READERS[vendor.id](body))


def system_of(vendor: Vendor, asked: Asked) -> str:
    """Return what the system says."""
    body = asked.json()
    match vendor.id:
        case "anthropic":
            return "\n".join(block["text"] for block in body.get("system", ()))
        case "gemini":
            return "\n".join(part["text"] for part in body.get("systemInstruction", {}).get("parts", ()))
        case "openai":
            return str(body.get("instructions", ""))
    return "\n".join(message["content"] for message in body["messages"] if message["role"] == "system")


def model_of(vendor: Vendor, asked: Asked) -> str:
    """Return the model that was asked."""
    if vendor.id == "gemini":
        return asked.path.rpartition("/")[2].partition(":")[0]
    return str(asked.json()["model"])


def streams(vendor: Vendor, asked: Asked) -> bool:
    """Return whether a streamed answer was asked for."""
    if vendor.id == "gemini":
        return asked.path.endswith(":streamGenerateContent") and asked.query["alt"] == ["sse"]
    return asked.json().get("stream", False) is True


def thinks(vendor: Vendor, asked: Asked) -> bool:
    """Return whether the model was asked to think."""
    body = asked.json()
    match vendor.id:
        case "anthropic":
            return bool(body.get("thinking", {}).get("type", "disabled") != "disabled")
        case "gemini":
            return bool(body.get("generationConfig", {}).get("thinkingConfig", {}).get("thinkingBudget", 0))
        case "openai":
            return bool(body.get("reasoning", {}).get("effort", "none") != "none")
        case "ollama":
            return bool(body.get("think"))
    return bool(body.get("reasoning_effort", "none") != "none")


def leaves(value: Any) -> Iterator[Any]:
    """Yield every text, number and other scalar in a JSON value, in order."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        yield value


def entrusted(blocks: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the texts on blocks that only their vendor understands, and wants back unchanged."""
    known = {"type", "text", "thinking", "id", "name", "input"}
    kept = [value for block in blocks for key, value in block.items() if key not in known]
    return {leaf for leaf in leaves(kept) if isinstance(leaf, str) and leaf != "refusal"}


def _chat_completions(body: dict[str, Any]) -> Iterator[Said]:
    calls: dict[str, Any] = {}
    for message in body["messages"]:
        match message["role"]:
            case "system":
                assert calls == {}
            case "tool":
                yield "result", calls.pop(message["tool_call_id"]), message["content"]
            case role:
                assert calls == {}, f"no results behind {calls}"
                texts = message.get("content") or message.get("refusal") or []
                for text in [texts] if isinstance(texts, str) else [part["text"] for part in texts]:
                    yield role, text
                for call in message.get("tool_calls", ()):
                    calls[call["id"]] = json.loads(call["function"]["arguments"])
                    yield "call", call["function"]["name"], calls[call["id"]]
    assert calls == {}


def _anthropic_messages(body: dict[str, Any]) -> Iterator[Said]:
    calls: dict[str, Any] = {}
    role = "assistant"
    for message in body["messages"]:
        assert message["role"] != role, "the roles alternate"
        role = message["role"]
        for block in message["content"]:
            match block["type"]:
                case "tool_result":
                    text = "\n".join(inner["text"] for inner in block.get("content", ()))
                    yield "result", calls.pop(block["tool_use_id"]), text
                    continue
                case "text":
                    yield role, block["text"]
                case "thinking":
                    yield "thinking", block["thinking"], block["signature"]
                case "redacted_thinking":
                    yield "thinking", "", block["data"]
                case "tool_use":
                    calls[block["id"]] = block["input"]
                    yield "call", block["name"], block["input"]
            assert role == "assistant" or not calls, "results come first, and all"
    assert calls == {}


def _gemini_contents(body: dict[str, Any]) -> Iterator[Said]:
    calls: list[tuple[str, Any]] = []
    role = "model"
    for content in body["contents"]:
        assert content["role"] != role, "the roles alternate"
        role = content["role"]
        for part in content["parts"]:
            match part:
                case {"functionResponse": {"name": name, "response": response}}:
                    called, arguments = calls.pop(0)
                    assert called == name
                    yield "result", arguments, response["result"]
                    continue
                case {"functionCall": {"name": name, "args": arguments}}:
                    calls.append((name, arguments))
                    yield "call", name, arguments
                case {"thought": True}:
                    yield "thinking", part["text"], part.get("thoughtSignature")
                case {"text": text}:
                    yield "assistant" if role == "model" else role, text
            assert role == "model" or not calls, "results come first, and all"
    assert calls == []


def _responses(body: dict[str, Any]) -> Iterator[Said]:
    calls: dict[str, Any] = {}
    for item in body["input"]:
        match item:
            case {"type": "function_call_output", "call_id": id_, "output": output}:
                yield "result", calls.pop(id_), output
                continue
            case {"type": "function_call", "call_id": id_, "name": name, "arguments": arguments}:
                calls[id_] = json.loads(arguments)
                yield "call", name, calls[id_]
                continue
        assert calls == {}, f"no results behind {calls}"
        match item:
            case {"type": "reasoning", "summary": summary, "encrypted_content": encrypted}:
                yield "thinking", "\n".join(part["text"] for part in summary), encrypted
            case {"role": role, "content": str(text)}:
                yield role, text
            case {"role": role, "content": parts}:
                for part in parts:
                    yield role, part["refusal"] if part["type"] == "refusal" else part["text"]
    assert calls == {}


def _ollama_messages(body: dict[str, Any]) -> Iterator[Said]:
    calls: list[tuple[str, Any]] = []
    for message in body["messages"]:
        match message["role"]:
            case "system":
                assert calls == []
            case "tool":
                name, arguments = calls.pop(0)
                assert message["tool_name"] == name
                yield "result", arguments, message["content"]
            case role:
                assert calls == [], f"no results behind {calls}"
                if thinking := message.get("thinking"):
                    yield "thinking", thinking, None
                if text := message.get("content"):
                    yield role, text
                for call in message.get("tool_calls", ()):
                    calls.append((call["function"]["name"], call["function"]["arguments"]))
                    yield "call", *calls[-1]
    assert calls == []


_READERS: dict[str, Callable[[dict[str, Any]], Iterator[Said]]] = {
    "openai-chat": _chat_completions,
    "anthropic": _anthropic_messages,
    "gemini": _gemini_contents,
    "openai": _responses,
    "ollama": _ollama_messages,
}
