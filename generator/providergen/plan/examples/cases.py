"""Cases that a mapping and its document give by themselves: one for every kind of thing that is read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from providergen.check import Checked
from providergen.mapping import Mapping as Vendor
from providergen.mapping.shape import Constant, Hole, holes
from providergen.plan.examples.choices import choices
from providergen.plan.examples.errors import CLASSES, FAILED, vendor_errors
from providergen.plan.examples.events import Performer
from providergen.plan.examples.forms import forms
from providergen.plan.examples.layout import Layout, Sample, Values
from providergen.plan.examples.models import pages

__all__ = ["examples"]

_TEXT = Sample("text", {"text": "Paris is sunny, 21 °C."})
_THINKING = Sample("thinking", {"thinking": "The user asks for the weather.", "signature": "c2lnbmF0dXJl"})
_SECOND_TEXT = Sample("text", {"text": "Rome is cloudy."})
_SECOND_THINKING = Sample("thinking", {"thinking": "And for that of Rome.", "signature": "c2Vjb25k"})
_REDACTED = Sample("redacted_thinking", {"data": "cmVkYWN0ZWQ="})
_CALL = Sample("tool_call", {"id": "call_1", "name": "get_weather", "input": {"city": "Paris", "days": 2}})
_SECOND_CALL = Sample("tool_call", {"id": "call_2", "name": "get_weather", "input": {"city": "Rome", "days": 1}})
_BARE_CALL = Sample("tool_call", {"id": "call_1", "name": "get_time", "input": {}})
_PAIRS = (_THINKING, _SECOND_THINKING, _TEXT, _SECOND_TEXT, _CALL, _SECOND_CALL)
_TOKENS = {
    "input_tokens": 31,
    "output_tokens": 17,
    "reasoning_tokens": 5,
    "cache_read_tokens": 8,
    "cache_write_tokens": 4,
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer to show: its name, its blocks, Amplifier's word for why it ended."""

    name: str
    blocks: tuple[Sample, ...]
    finish: str = "stop"


def examples(mapping: Vendor, checked: Checked) -> list[dict[str, Any]]:
    """Return the cases, in the form of those that a user writes, each with a `name`."""
    return list(_Examples(mapping, Layout(mapping, checked)).all())


@dataclass(frozen=True, slots=True)
class _Examples:
    mapping: Vendor
    layout: Layout

    def all(self) -> Iterator[dict[str, Any]]:
        answers = list(self._answers())
        for answer in answers:
            yield self._whole(answer)
        performer = Performer(self.mapping, self.layout)
        for answer in answers:
            yield from self._stream(performer, answer)
        shown = {block.kind for answer in answers for block in answer.blocks}
        pairs = tuple(block for block in _PAIRS if block.kind in shown and performer.has_address(block))
        if pairs:
            yield from self._at_once(performer, pairs)
        if (failing := self._failing_stream(performer)) is not None:
            yield failing
        yield from self._errors()
        yield from pages(self.mapping, self.layout)
        yield from choices(self.mapping, self.layout)

    def _stream(self, performer: Performer, answer: _Answer) -> Iterator[dict[str, Any]]:
        told = performer.perform(answer.blocks, self._word(answer.finish), self._reported())
        if told is not None:
            ends = {"ends": told.ends} if told.ends else {}
            name = f"stream of {answer.name}"
            yield {"name": name, "kind": "stream", "events": told.events, **ends, **self._expected(answer)}

    def _at_once(self, performer: Performer, pairs: tuple[Sample, ...]) -> Iterator[dict[str, Any]]:
        """Yield an answer whose blocks grow at once: no common stream, as listeners are told of one block at a time."""
        answer = _Answer("blocks that grow at once", pairs, "tool_calls" if _CALL in pairs else "stop")
        told = performer.perform(pairs, self._word(answer.finish), self._reported(), in_turns=True)
        if told is not None:
            yield {"name": answer.name, "kind": "stream at once", "events": told.events, **self._expected(answer)}

    def _answers(self) -> Iterator[_Answer]:
        """Yield what the mapping can read of a reply."""
        known = forms(self.mapping, self.layout.checked, self.mapping.response, "response")
        wanted = (
            _Answer("a text", (_TEXT,)),
            _Answer("a text cut short", (_TEXT,), "length"),
            _Answer("a call", (_CALL,), "tool_calls"),
            _Answer("two calls", (_CALL, _SECOND_CALL), "tool_calls"),
            _Answer("a call without arguments", (_BARE_CALL,), "tool_calls"),
            _Answer("a text and a call", (_TEXT, _CALL), "tool_calls"),
            _Answer("thinking", (_THINKING, _TEXT)),
            _Answer("hidden thinking", (_REDACTED, _TEXT)),
        )
        for answer in wanted:
            if all((block.kind, None) in known for block in answer.blocks) and self._can_end(answer):
                yield answer
        for kind, label in sorted(known, key=str):
            if label is not None and kind == "text":
                yield _Answer(f"a {label}", (Sample("text", _TEXT.fields, label),))

    def _can_end(self, answer: _Answer) -> bool:
        return self._word(answer.finish) is not None or "finish_reason" not in self.mapping.tables

    def _word(self, finish: str) -> str | None:
        """Return the vendor's word for why an answer ended; where calls have none, "stop" does."""
        table = self.mapping.tables.get("finish_reason")
        for word in (finish, "stop") if finish == "tool_calls" else (finish,):
            row = table.get(word) if table else None
            for value in row.values if row else ():
                if isinstance(value, Constant) and isinstance(value.value, str):
                    return value.value
        return None

    def _whole(self, answer: _Answer) -> dict[str, Any]:
        values = Values.of_blocks(answer.blocks)
        if (word := self._word(answer.finish)) is not None:
            values.plain["finish_reason"] = word
        values.usage = self._reported()
        reply = self.layout.laid(self.mapping.response, "response", values)
        return {"name": answer.name, "kind": "response", "reply": reply, **self._expected(answer)}

    def _expected(self, answer: _Answer) -> dict[str, Any]:
        texts = [block.fields["text"] for block in answer.blocks if block.kind == "text"]
        expect: dict[str, Any] = {
            "blocks": [self._seen(block) for block in answer.blocks],
            "text": "".join(texts) or None,
        }
        if "finish_reason" in self.mapping.tables:
            expect["finish_reason"] = answer.finish
        usage = self._counted()
        return {"expect": {**expect, **({"usage": usage} if usage else {})}}

    def _seen(self, sample: Sample) -> dict[str, Any]:
        """Return the block as Amplifier has it; what the vendor has no place for is not compared."""
        shapes = [block.shape for block in self.mapping.blocks if (block.kind, block.label) == (sample.kind, None)]
        carried = {hole.name for shape in (*shapes, *_loose(self.mapping)) for hole in holes(shape)}
        seen = {name: value for name, value in sample.fields.items() if name in carried}
        if sample.label is not None:
            seen[self.mapping.vendor.id] = {"label": sample.label}
        return {"type": sample.kind, **seen}

    def _reported(self) -> dict[str, int]:
        """Return the tokens that the vendor reports, by the holes of the mapping."""
        counted = self._counted()
        return {**_TOKENS, "total_tokens": counted.get("total_tokens", 0)}

    def _counted(self) -> dict[str, int]:
        """Return the usage that Amplifier must see; {} if the vendor reports none."""
        shapes = [self.mapping.response, *([self.mapping.usage] if self.mapping.usage is not None else [])]
        named = {hole.name for shape in shapes for hole in holes(shape)}
        reported = {name: count for name, count in _TOKENS.items() if name in named}
        tokens = dict(reported)
        for name, parts in self.mapping.totals.items():
            if any(part in reported for part in parts):
                tokens[name] = sum(reported.get(part, 0) for part in parts)
        if "input_tokens" not in tokens or "output_tokens" not in tokens:
            return {}
        return {**tokens, "total_tokens": tokens["input_tokens"] + tokens["output_tokens"]}

    def _failing_stream(self, performer: Performer) -> dict[str, Any] | None:
        word, said = next(vendor_errors(self.mapping), (None, {}))
        events = performer.failure(_TEXT, {"error": FAILED, **said}, self._reported()) if word else None
        if word is None or events is None:
            return None
        kind, retryable, _ = CLASSES[word]
        expect = {"error": kind, "retryable": retryable}
        return {"name": "stream that fails", "kind": "stream", "events": events, **_said(events[-1]), "expect": expect}

    def _errors(self) -> Iterator[dict[str, Any]]:
        if self.mapping.error is None:
            return
        for number, (word, said) in enumerate(vendor_errors(self.mapping), start=1):
            kind, retryable, status = CLASSES[word]
            body = self.layout.laid(self.mapping.error, "error", Values({"error": FAILED, **said}))
            yield {
                "name": f"error {number}: {word.replace('_', ' ')}",
                "kind": "error",
                "status": status,
                "headers": {"content-type": "application/json"},
                "body": body,
                **_said(body),
                "expect": {"error": kind, "retryable": retryable},
            }


def _said(error: Any) -> dict[str, str]:
    """Return the words of an error under the key of a case, {} if it has none."""
    return {"said": FAILED} if FAILED in json.dumps(error) else {}


def _loose(mapping: Vendor) -> tuple[Hole, ...]:
    """Return the holes of the response that are fields of blocks themselves."""
    return tuple(hole for hole in holes(mapping.response) if hole.name in ("text", "thinking", "signature", "data"))
