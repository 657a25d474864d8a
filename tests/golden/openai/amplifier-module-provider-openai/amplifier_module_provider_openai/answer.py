"""The answer as it grows, from a whole reply or from a stream, and what the stream's listeners are told."""

import logging
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from amplifier_core.llm_errors import ProviderUnavailableError
from amplifier_core.message_models import TextBlock, ToolCallBlock, Usage

from .draft import BlockDelta, BlockEnd, BlockStart, Draft, Kind, Signal
from .plain import mend
from .reply import AnswerBlock, ProviderResponse, content_blocks, read_usage, tool_calls

__all__ = ["Answer", "BlockDelta", "BlockEnd", "BlockStart", "Signal"]

log = logging.getLogger(__name__)

Opaque = Mapping[str, object] | None


class Answer:
    """Collects one answer; what it is given is believed in nothing, not even its type.

    The methods `add_` take whole blocks, `extend_` fragments. `at` is the vendor's address of the block (tool calls
    have addresses of their own): an addressed block may come in any number of parts, whole or not, and whole values
    replace fragments. `opaque` are values that only the vendor understands; they are kept on the block under the
    attribute `vendor`, with the block's `label`, and survive storage. A block takes its place when it first has
    content.
    """

    def __init__(self, vendor: str, *, model: str | None = None) -> None:
        self.vendor = vendor
        self.model = model
        self.finish_word: str | None = None
        self.metadata: dict[str, Any] = {}
        self._counts: dict[str, object] = {}
        self._placed: list[Draft] = []
        self._last: Draft | None = None
        self._last_call: Draft | None = None
        self._addresses: dict[tuple[bool, object], Draft] = {}
        self._calls: dict[str, Draft] = {}
        self._open_draft: Draft | None = None
        self._signals: list[Signal] = []
        self._blocks: list[AnswerBlock] | None = None

    def add_text(self, text: object, *, at: object = None, label: str | None = None, opaque: Opaque = None) -> None:
        """Take a whole text."""
        self._add("text", text, at, label, opaque)

    def add_thinking(
        self,
        thinking: object = None,
        signature: object = None,
        *,
        at: object = None,
        label: str | None = None,
        opaque: Opaque = None,
    ) -> None:
        """Take a whole thinking block."""
        self._add("thinking", thinking, at, label, opaque, signature)

    def add_tool_call(
        self,
        id: object,  # noqa: A002 - the kernel's name
        name: object,
        input: object = None,  # noqa: A002 - the kernel's name
        *,
        at: object = None,
        opaque: Opaque = None,
    ) -> None:
        """Take a whole call; without a name it is none. `input` is an object or JSON text."""
        draft = self._addressed_call(at, id)
        if draft is None or (draft.name is None and draft.id != _word(id)):
            if not _word(name):
                return
            draft = self._begin("tool_call", at)
        self._fill_call(draft, id, name, input, opaque, whole=True)

    def extend_text(self, text: object, *, at: object = None, label: str | None = None, opaque: Opaque = None) -> None:
        """Take a fragment of text."""
        self._extend("text", text, at, label, opaque)

    def extend_thinking(
        self,
        thinking: object = None,
        signature: object = None,
        *,
        at: object = None,
        label: str | None = None,
        opaque: Opaque = None,
    ) -> None:
        """Take a fragment of thinking, or of its signature."""
        self._extend("thinking", thinking, at, label, opaque, signature)

    def extend_tool_call(
        self,
        input: object = None,  # noqa: A002 - the kernel's name
        *,
        id: object = None,  # noqa: A002 - the kernel's name
        name: object = None,
        at: object = None,
        opaque: Opaque = None,
    ) -> None:
        """Take a part of a call: a fragment of its JSON text, its id, its name.

        Without an address it belongs to the call with this id; with another id or a name it begins a new call; else it
        belongs to the last one. Nothing is seen of a call before its name.
        """
        draft = self._addressed_call(at, id)
        if draft is None and _key(True, at) is None:
            begins = _word(id) or _word(name)
            draft = self._calls.get(_word(id) or "") if begins else self._last_call
            if draft is None and not begins:
                return
        draft = draft or self._begin("tool_call", at)
        self._fill_call(draft, id, name, input, opaque, whole=False)

    def end(self, at: object) -> None:
        """Take note that the block at this address is complete. Call it after what the same event says of the block."""
        for is_call in (False, True):
            if (key := _key(is_call, at)) and (draft := self._addresses.get(key)):
                self._end(draft)

    def finish(self, *words: object) -> None:
        """Take the vendor's word for why the answer ended: the first that is one; a later call's replaces it."""
        self.finish_word = next((word for word in map(_word, words) if word), self.finish_word)

    def count(
        self,
        *,
        input_tokens: object = None,
        output_tokens: object = None,
        total_tokens: object = None,
        reasoning_tokens: object = None,
        cache_read_tokens: object = None,
        cache_write_tokens: object = None,
        cost_usd: object = None,
    ) -> None:
        """Take the usage as the vendor counts it; what is not given stays as it was."""
        counts = {
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "total_tokens": total_tokens,
            "reasoning_tokens": reasoning_tokens,
            "cache_read_tokens": cache_read_tokens,
            "cache_write_tokens": cache_write_tokens,
            "cost_usd": cost_usd,
        }
        self._counts |= {name: count for name, count in counts.items() if count is not None}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing yet that makes an answer: neither content nor a word for its end."""
        return self.finish_word is None and not self._placed

    def drain(self) -> list[Signal]:
        """Return what listeners have to be told since the last time."""
        signals, self._signals = self._signals, []
        return signals

    def close(self) -> None:
        """Take note that the reply is complete: the open block ends. Nothing may be added after."""
        if self._open_draft is not None:
            self._end(self._open_draft)

    @property
    def blocks(self) -> list[AnswerBlock]:
        """The blocks that have content, in the order in which they got it; closes the answer, raises as `response`."""
        self.close()
        if self._blocks is None:
            self._blocks = [draft.finished(self.vendor, self.model) for draft in self._placed]
        return list(self._blocks)

    def usage(self, totals: Mapping[str, Sequence[str]] | None = None) -> Usage | None:
        """Return the usage so far, None if none was reported; `totals` as in `read_usage`."""
        return read_usage(self._counts, totals or {})

    def response(
        self,
        finish_reasons: Mapping[str, str],
        *,
        totals: Mapping[str, Sequence[str]] | None = None,
        price: Callable[[Usage], Decimal | None] | None = None,
    ) -> ProviderResponse:
        """Return the response, and close the answer. A call that its length has cut off is left out.

        Args:
            finish_reasons: Amplifier's word (stop, tool_calls, length, content_filter, error) by the vendor's.
            totals: usage fields that are the sum of what the vendor reports in parts.
            price: returns US dollars for a usage, None if unknown; a cost that the vendor reported is preferred.

        Raises:
            InvalidToolCallError: the arguments of a call are no JSON object.
            ProviderUnavailableError: the vendor ended in an error of its own, with nothing to show.
        """
        if finish_reasons.get(self.finish_word or "") == "length" and self._placed and self._placed[-1].is_cut_call:
            cut = self._placed.pop()
            log.warning("The answer is as long as it may be; its last call, of %s, was cut off and left out", cut.name)
        blocks = self.blocks
        finish_reason = self._finish_reason(finish_reasons, blocks)
        usage = self.usage(totals)
        if usage is not None and usage.cost_usd is None and price is not None:
            usage.cost_usd = price(usage)
        word = {f"{self.vendor}:finish_reason": self.finish_word} if self.finish_word else {}
        text = "".join(block.text for block in blocks if isinstance(block, TextBlock))
        return ProviderResponse(
            content=list(blocks) or [TextBlock(text="")],
            tool_calls=tool_calls(blocks),
            usage=usage,
            finish_reason=finish_reason,
            metadata={**self.metadata, **word} or None,
            content_blocks=content_blocks(blocks),
            text=text or None,
        )

    def _finish_reason(self, finish_reasons: Mapping[str, str], blocks: Sequence[AnswerBlock]) -> str | None:
        word = self.finish_word
        reason = finish_reasons.get(word, "stop") if word else None
        if reason == "error":
            if not blocks:
                raise ProviderUnavailableError(
                    f"{self.vendor} ended the answer without content: {word}", provider=self.vendor, model=self.model
                )
            reason = "stop"
        if reason in (None, "stop") and any(isinstance(block, ToolCallBlock) for block in blocks):
            return "tool_calls"
        return reason

    def _add(
        self, kind: Kind, whole: object, at: object, label: str | None, opaque: Opaque, signature: object = None
    ) -> None:
        draft = self._addressed(kind, at) or self._begin(kind, at)
        draft.replace(whole)
        if word := _word(signature):
            draft.signature = [word]
        draft.label = label or draft.label
        draft.keep(opaque)
        self._place(draft)

    def _extend(
        self, kind: Kind, piece: object, at: object, label: str | None, opaque: Opaque, signature: object = None
    ) -> None:
        piece = piece if isinstance(piece, str) else ""  # not mended: a character may be split between fragments
        signature = _word(signature) or ""
        draft = self._addressed(kind, at)
        addressed = _key(False, at) is not None
        if draft is None and not addressed:
            draft = self._continued(kind, label)
        if draft is None:
            if not (piece or signature or (addressed and _says_something(opaque))):
                return  # in particular, it does not take the address from a block of another kind
            draft = self._begin(kind, at)
        draft.append(piece)
        if signature:
            draft.signature.append(signature)
        draft.label = label or draft.label
        draft.keep(opaque)
        if draft.index is None:
            self._place(draft)
        elif draft.open and kind != "redacted_thinking":
            self._tell(draft, piece)

    def _addressed(self, kind: Kind, at: object) -> Draft | None:
        """Return the newest block at this address if it is of this kind."""
        key = _key(kind == "tool_call", at)
        draft = self._addresses.get(key) if key else None
        return draft if draft is not None and draft.kind == kind else None

    def _addressed_call(self, at: object, id_: object) -> Draft | None:
        """Return the call at this address, unless the id says that it is another: some servers number every call 0."""
        draft = self._addressed("tool_call", at)
        if draft is not None and draft.id and (word := _word(id_)) and word != draft.id:
            return None
        return draft

    def _continued(self, kind: Kind, label: str | None) -> Draft | None:
        """Return the last block if a fragment without an address can belong to it."""
        draft = self._last
        return draft if draft is not None and draft.open and (draft.kind, draft.label) == (kind, label) else None

    def _begin(self, kind: Kind, at: object) -> Draft:
        draft = Draft(kind)
        if key := _key(kind == "tool_call", at):
            self._addresses[key] = draft
        if kind == "tool_call":
            self._last_call = draft
        else:
            self._last = draft
        return draft

    def _fill_call(
        self, draft: Draft, id_: object, name: object, value: object, opaque: Opaque, *, whole: bool
    ) -> None:
        word = _word(id_)
        if word and word != draft.id:
            owner = self._calls.get(word)
            if owner is None or owner.name is None:
                self._calls[word] = draft
                draft.id = word
            elif draft.index is None:
                log.warning("The call %s came twice; the second was left out", word)
                draft.id, draft.silent = word, True
        draft.name = _word(name) or draft.name
        draft.take_input(value, whole=whole)
        draft.keep(opaque)
        self._place(draft)

    def _place(self, draft: Draft) -> None:
        """Give the block its place once it has content; the block before it ends."""
        if draft.index is not None or not draft.has_content:
            return
        if self._open_draft is not None:
            self._end(self._open_draft)
        draft.index = len(self._placed)
        self._placed.append(draft)
        self._last = draft
        self._signals.append(BlockStart(draft.index, draft.shown_as, draft.name))
        if draft.kind in ("text", "thinking"):
            self._tell(draft, "".join(draft.pieces))
        if draft.open:
            self._open_draft = draft
        else:
            self._signals.append(BlockEnd(draft.index, draft.shown_as))

    def _tell(self, draft: Draft, piece: str) -> None:
        if draft.index is not None and (shown := draft.showable(piece)):
            self._signals.append(BlockDelta(draft.index, draft.shown_as, draft.sequence, shown))
            draft.sequence += 1

    def _end(self, draft: Draft) -> None:
        if draft.open and draft.index is not None:
            self._signals.append(BlockEnd(draft.index, draft.shown_as))
        draft.open = False
        if self._open_draft is draft:
            self._open_draft = None


def _word(value: object) -> str | None:
    return mend(value) or None if isinstance(value, str) else None


def _says_something(opaque: Opaque) -> bool:
    return any(value is not None and value != "" for value in (opaque or {}).values())


def _key(is_call: bool, at: object) -> tuple[bool, object] | None:
    """Return the address as a key; only numbers and strings are addresses."""
    return (is_call, at) if isinstance(at, int | str) else None
