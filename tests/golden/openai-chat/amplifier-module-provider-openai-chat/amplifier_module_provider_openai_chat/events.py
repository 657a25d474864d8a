"""What Amplifier is told about one call: request, stream, retries, repairs and the outcome.

Everything passes through the redactor, and nothing that goes wrong in telling disturbs the call.
"""

import logging
import time
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatResponse, Usage

from .answer import BlockDelta, BlockEnd, BlockStart, Signal
from .redaction import Redactor
from .repair import Repairs

__all__ = ["STREAM_EVENTS", "CallEvents"]

STREAM_EVENTS = (
    "llm:stream_block_start",
    "llm:stream_block_delta",
    "llm:stream_block_end",
    "llm:stream_aborted",
)

log = logging.getLogger(__name__)


class CallEvents:
    """The events of one complete(): one id, and one `llm:response` for the one `llm:request`.

    Args:
        coordinator: Amplifier's, whose hooks are told; without one, or without hooks, nothing is.
        provider: name of the provider.
        model: the model asked.
        redactor: hides secrets in every payload.
        raw: whether bodies are told too.
    """

    def __init__(self, coordinator: Any, provider: str, model: str, redactor: Redactor, *, raw: bool) -> None:
        self._hooks = getattr(coordinator, "hooks", None)
        self._who = {"provider": provider, "model": model}
        self._redactor = redactor
        self._raw = raw
        self._id = str(uuid4())
        self._started = time.monotonic()
        self._requested = False
        self._partly_shown = False

    async def repaired(self, repairs: Repairs) -> None:
        """Tell that results were made up for calls that had none."""
        if repairs.missing:
            payload: dict[str, Any] = {
                "provider": self._who["provider"],
                "repair_count": len(repairs.missing),
                "repairs": [
                    {"tool_call_id": missing.tool_call_id, "tool_name": missing.tool_name}
                    for missing in repairs.missing
                ],
            }
            if repairs.bridges:
                payload["synthetic_assistant_count"] = repairs.bridges
            await self._emit("provider:tool_sequence_repaired", payload)

    async def requested(self, body: Any, **facts: Any) -> None:
        """Tell that the call begins: once, before the first attempt.

        Args:
            body: the vendor's request body, told only if raw payloads are.
            facts: `message_count` and what else is worth knowing.
        """
        self._requested = True
        await self._emit("llm:request", {**self._call(), **facts}, body)

    async def streamed(self, signals: Iterable[Signal]) -> None:
        """Tell what the stream brought."""
        for signal in signals:
            payload: dict[str, Any] = {
                "request_id": self._id,
                "block_index": signal.index,
                "block_type": signal.type,
            }
            match signal:
                case BlockStart(name=name):
                    named = {"name": name} if name is not None else {}
                    await self._emit("llm:stream_block_start", payload | named)
                case BlockDelta(sequence=sequence, text=text):
                    self._partly_shown = True
                    await self._emit("llm:stream_block_delta", payload | {"sequence": sequence, "text": text})
                case BlockEnd():
                    await self._emit("llm:stream_block_end", payload)

    async def retrying(self, max_retries: int, attempt: int, delay: float, error: LLMError) -> None:
        """Tell that attempt number `attempt` (from 1) failed and the next one follows in `delay` seconds."""
        await self._aborted(type(error).__name__, str(error))
        await self._emit(
            "provider:retry",
            {
                **self._call(),
                "attempt": attempt,
                "max_retries": max_retries,
                "delay": delay,
                "retry_after": error.retry_after,
                "error_type": type(error).__name__,
                "error_message": str(error),
            },
        )

    async def answered(self, response: ChatResponse) -> None:
        """Tell the outcome of a call that succeeded; the response itself only if raw payloads are told."""
        facts: dict[str, Any] = {"usage": _usage(response.usage)} if response.usage else {}
        if response.finish_reason is not None:
            facts["finish_reason"] = response.finish_reason
        await self._responded("ok", facts, response)

    async def failed(self, error: LLMError) -> None:
        """Tell, and log, that the call failed for good."""
        message = str(error)
        log.error("[PROVIDER] %s API error: %s", self._who["provider"], self._redactor.text(message))
        await self._aborted(type(error).__name__, message)
        await self._responded("error", {"error": message, "error_type": type(error).__name__})

    async def cancelled(self) -> None:
        """Tell that the caller gave the call up."""
        await self._aborted("Cancelled", "the call was cancelled")
        await self._responded("cancelled", {})

    async def _responded(self, status: str, facts: dict[str, Any], response: ChatResponse | None = None) -> None:
        if self._requested:
            self._requested = False
            duration = time.monotonic() - self._started
            timing = {"duration_ms": round(duration * 1000), "duration": round(duration, 3)}
            await self._emit("llm:response", {**self._call(), "status": status, **timing, **facts}, response)

    async def _aborted(self, kind: str, message: str) -> None:
        """Take back what was shown of an answer that will not be finished."""
        if self._partly_shown:
            self._partly_shown = False
            payload = {"request_id": self._id, "error": {"type": kind, "msg": message}}
            await self._emit("llm:stream_aborted", payload)

    def _call(self) -> dict[str, Any]:
        return {**self._who, "request_id": self._id}

    async def _emit(self, name: str, payload: dict[str, Any], body: Any = None) -> None:
        if self._hooks is None:
            return
        try:
            told = self._redactor.data(payload)
            if self._raw and body is not None:
                told["raw"] = self._redactor.excerpt(body)
            await self._hooks.emit(name, told)
        except Exception as error:
            log.debug("%s could not be told: %s", name, self._redactor.text(str(error)))


def _usage(usage: Usage) -> dict[str, Any]:
    counts = {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
    }
    known: dict[str, Any] = {name: count for name, count in counts.items() if count is not None}
    return known | {"cost_usd": None if usage.cost_usd is None else str(usage.cost_usd)}
