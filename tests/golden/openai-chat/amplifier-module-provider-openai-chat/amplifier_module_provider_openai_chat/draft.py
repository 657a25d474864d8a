"""One block of an answer while it is being read, and the signals of its progress."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn
from uuid import uuid4

from amplifier_core.llm_errors import InvalidToolCallError
from amplifier_core.message_models import ImageBlock, RedactedThinkingBlock, TextBlock, ThinkingBlock, ToolCallBlock

from .plain import STORABLE, keepable, mend, plain
from .reply import AnswerBlock

__all__ = ["BlockDelta", "BlockEnd", "BlockStart", "Draft", "Kind", "Signal"]

Kind = Literal["text", "thinking", "redacted_thinking", "tool_call", "image"]
ShownAs = Literal["text", "thinking", "tool_use"]


@dataclass(frozen=True, slots=True)
class BlockStart:
    """A block has begun; `index` is its place in the answer, `name` the tool's if it is a call."""

    index: int
    type: ShownAs
    name: str | None = None


@dataclass(frozen=True, slots=True)
class BlockDelta:
    """Text has come; `sequence` counts the deltas of the block from 0."""

    index: int
    type: ShownAs
    sequence: int
    text: str


@dataclass(frozen=True, slots=True)
class BlockEnd:
    """A block is complete as far as anyone can see."""

    index: int
    type: ShownAs


Signal = BlockStart | BlockDelta | BlockEnd


@dataclass(slots=True, eq=False)
class Draft:
    """A block to be: pieces are collected as they come and joined once.

    `index` is its place in the answer, given when it first has content; `silent` blocks never get one (a call that was
    announced already). `pieces` are text, thinking, redacted data or the JSON text of a call's arguments; `value` are
    arguments that came as an object, or the source of an image.
    """

    kind: Kind
    label: str | None = None
    index: int | None = None
    open: bool = True
    silent: bool = False
    id: str | None = None
    name: str | None = None
    pieces: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    value: dict[str, Any] = field(default_factory=dict)
    opaque: dict[str, Any] = field(default_factory=dict)
    sequence: int = 0
    held: str = ""

    @property
    def has_content(self) -> bool:
        """Whether there is something to keep; a thinking block may consist of what only the vendor can read."""
        match self.kind:
            case "tool_call":
                return self.name is not None and not self.silent
            case "thinking":
                return bool(self.pieces or self.signature or self.opaque)
            case "image":
                return bool(self.value)
        return bool(self.pieces)

    @property
    def is_cut_call(self) -> bool:
        """Whether it is a call of whose arguments the end has not come, or nothing at all."""
        if self.kind != "tool_call":
            return False
        try:
            return not (self._arguments() or self.pieces)
        except (ValueError, TypeError, RecursionError):
            return True

    @property
    def shown_as(self) -> ShownAs:
        """The word for its kind in stream events."""
        match self.kind:
            case "tool_call":
                return "tool_use"
            case "thinking" | "redacted_thinking":
                return "thinking"
        return "text"

    def append(self, piece: object) -> None:
        """Add a fragment; anything but a non-empty string is no fragment."""
        if isinstance(piece, str) and piece:
            self.pieces.append(piece)

    def replace(self, whole: object) -> None:
        """Put a whole value in the place of what there is; null and "" replace nothing."""
        if isinstance(whole, str) and whole:
            self.pieces = [whole]

    def take_input(self, value: object, *, whole: bool) -> None:
        """Take arguments: JSON text, or an object from a vendor that has parsed them."""
        if isinstance(value, Mapping):
            if value or not self.pieces:
                self.value, self.pieces = dict(value), []
        elif whole:
            self.replace(value if isinstance(value, str) or not value else json.dumps(keepable(value)))
        else:
            self.append(value)

    def keep(self, values: Mapping[str, object] | None) -> None:
        """Keep the vendor's own values; null and "" replace nothing."""
        for name, value in (values or {}).items():
            if value is not None and value != "":
                self.opaque[name] = keepable(value)

    def showable(self, piece: str) -> str:
        """Return what of a fragment can be shown; half a character waits for its other half."""
        piece, self.held = self.held + piece, ""
        if "\ud800" <= piece[-1:] <= "\udbff":
            piece, self.held = piece[:-1], piece[-1]
        return mend(piece)

    def finished(self, vendor: str, model: str | None = None) -> AnswerBlock:
        """Return the block, the vendor's own values under the vendor's name.

        Raises:
            InvalidToolCallError: the arguments of a call are no JSON object.
        """
        own = {name: mend(value) if isinstance(value, str) else value for name, value in self.opaque.items()}
        if self.label is not None:
            own["label"] = self.label
        text, signature = mend("".join(self.pieces)), "".join(self.signature) or None
        private = self.kind in ("thinking", "redacted_thinking")  # to other vendors it says nothing
        extra: dict[str, Any] = {vendor: own} if own or private else {}
        match self.kind:
            case "text":
                return TextBlock(text=text, **extra)
            case "thinking":
                return ThinkingBlock(thinking=text, signature=signature, **extra)
            case "redacted_thinking":
                return RedactedThinkingBlock(data=text, **extra)
            case "image":
                return ImageBlock(source=self.value, **extra)
        self.id = self.id or _new_id()
        try:
            arguments = self._arguments()
        except (ValueError, TypeError, RecursionError) as error:
            raise InvalidToolCallError(
                f"The model called {self.name} with arguments that cannot be read: {error}",
                tool_name=self.name,
                raw_arguments="".join(self.pieces),
                provider=vendor,
                model=model,
            ) from error
        return ToolCallBlock(id=self.id, name=self.name or "", input=arguments, **extra)

    def _arguments(self) -> dict[str, Any]:
        raw = "".join(self.pieces)
        arguments = json.loads(raw, strict=False, parse_constant=_no_constant) if raw.strip() else self.value
        if arguments in (None, "", []):
            return {}
        if not isinstance(arguments, dict):
            raise TypeError(f"a JSON object was expected, not {type(arguments).__name__}")
        return dict(plain(arguments, levels=STORABLE))


def _new_id() -> str:
    return f"call_{uuid4().hex}"


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
