"""What a provider makes of a case, told as JSON: over HTTP, against recorded answers."""

import json
import re
from typing import Any

from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatRequest

from tests.proof.packages import Package
from tests.support.cases import Case, cases
from tests.support.replay import Exchange, Replay, ndjson, reply, sse

_MADE_UP = re.compile(r"\bcall_[0-9a-f]{32}\b")


async def behaviour(package: Package, case: Case, server: Replay) -> dict[str, Any]:
    """Return what comes of a case: the answer, the error, the request that was sent, the list of models."""
    config = case.data.get("config", {})
    provider = package.provider(server.url, config)
    try:
        if case.kind == "models":
            server.add(reply(case.data["reply"]))
            return {"models": [model.model_dump(mode="json") for model in await provider.list_models()]}
        server.add(_answer(package, case))
        response = await provider.complete(_request(case), **case.data.get("kwargs", {}))
    except LLMError as error:
        return {
            "error": type(error).__name__,
            "message": str(error),
            "retryable": error.retryable,
            "retry_after": error.retry_after,
            "status": error.status_code,
        }
    finally:
        await provider.close()
    if case.kind == "request":
        asked = server.asked[-1]
        return {"target": asked.target, "body": asked.json(), "model": response.metadata}
    return {"text": response.text, **_settled(response.model_dump_json())}


def expected(case: Case, seen: dict[str, Any]) -> bool:
    """Return whether what was seen holds what the case expects."""
    wanted = dict(case.expect)
    if "blocks" in wanted:
        wanted["content"] = wanted.pop("blocks") or [{"type": "text", "text": ""}]
    return _holds(seen, wanted)


def _holds(seen: Any, wanted: Any) -> bool:
    match wanted:
        case dict():
            return isinstance(seen, dict) and all(_holds(seen.get(key), value) for key, value in wanted.items())
        case list():
            return isinstance(seen, list) and len(seen) == len(wanted) and all(map(_holds, seen, wanted))
    return bool(seen == wanted)


def _settled(text: str) -> dict[str, Any]:
    """Return an answer with the ids that the provider had to make up numbered in their order."""
    names: dict[str, str] = {}
    settled = _MADE_UP.sub(lambda found: names.setdefault(found[0], f"made-up-{len(names)}"), text)
    return dict(json.loads(settled))


def _request(case: Case) -> ChatRequest:
    if case.kind == "request":
        return ChatRequest.model_validate(case.data["request"])
    hello = [{"role": "user", "content": "Hello?"}]
    return ChatRequest.model_validate({"messages": hello, "metadata": {"stream": case.kind == "stream"}})


def _answer(package: Package, case: Case) -> Exchange:
    match case.kind:
        case "response":
            return reply(case.data["reply"])
        case "stream":
            return streamed(package, case)
        case "error":
            return reply(case.data["body"], status=case.data["status"], headers=case.data["headers"])
    wants_stream = case.data["request"].get("metadata", {}).get("stream") is not False
    return plain_answer(package, case.vendor, streaming=wants_stream)


def plain_answer(package: Package, vendor: str, *, streaming: bool) -> Exchange:
    """Return a vendor's answer in text, for a request that anything may answer."""
    named = {case.name: case for case in cases("response", "stream") if case.vendor == vendor}
    return streamed(package, named["stream-text"]) if streaming else reply(named["answer"].data["reply"])


def streamed(package: Package, case: Case) -> Exchange:
    """Return the events of a case as the vendor frames them."""
    stream = package.mapping.stream
    assert stream is not None
    if stream.framing == "ndjson":
        return ndjson(case.data["events"])
    return sse(case.data["events"], done=stream.done, named=all("type" in event for event in case.data["events"]))
