"""Every word of a mapping misspelt, one at a time.

Words are the vendor's keys, the constants in shapes, tables and calls, and our own words. Free names are none: names of
events, labels, `$_x`, `config.x`, `metadata.x`, texts for people, patterns, what `vendor` says, and the literal text
around a hole.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["key", "constant", "word"]
Path = tuple[str | int, ...]

_HOLE = re.compile(r"\$\{?([a-z_]+)(?=[^a-z_.]|$)")
_CALLS = ("chat", "models", "stream")
_PARAMETERS = ("path", "query", "headers")
_PLAIN = ("request", "tool", "usage", "response", "error")
_KEYED = ("message", "block")
_TABLES = (
    *("tool_choice", "response_format", "reasoning_effort", "finish_reason", "media_type", "is_error", "cache"),
    *("error_type", "error_code", "error_status"),
)


@dataclass(frozen=True)
class Word:
    """One word: where it stands (the path of the value, or of the key), what it is, and where in the text it starts."""

    kind: Kind
    path: Path
    text: str
    key: bool = False
    start: int = 0

    def __str__(self) -> str:
        place = ".".join(str(part) for part in self.path)
        return f"{self.kind} {place}" if self.key else f"{self.kind} {place}: {self.text}"


def misspelt(text: str) -> str:
    """Swap two neighbours near the middle; a word with nothing to swap gets one letter more."""
    middle = len(text) // 2
    order = sorted(range(len(text) - 1), key=lambda at: abs(at + 1 - middle))
    for at in order:
        one, other = text[at], text[at + 1]
        if one != other and one.isalnum() and other.isalnum():
            return text[:at] + other + one + text[at + 2 :]
    return f"{text}x"


def mutant(flat: dict[str, Any], word: Word) -> dict[str, Any]:
    """Return the mapping with one word misspelt."""
    changed = copy.deepcopy(flat)
    node: Any = changed
    for part in word.path[:-1]:
        node = node[part]
    last = word.path[-1]
    if word.key:
        entries = list(node.items())
        old = str(last)
        new = old[: word.start] + misspelt(word.text) + old[word.start + len(word.text) :]
        node.clear()
        node.update((new if key == last else key, value) for key, value in entries)
    else:
        text = node[last]
        node[last] = text[: word.start] + misspelt(word.text) + text[word.start + len(word.text) :]
    return changed


def words(flat: dict[str, Any], below: Path = ()) -> Iterator[Word]:
    """Yield every word of a mapping that extends nothing, those of its overlays as well."""
    for section, value in flat.items():
        at = (*below, section)
        if section in ("vendor", "extends", "config", "unchecked", "hooks"):
            continue
        yield Word("word", at, section, key=True)
        if section == "for_model":
            for glob, overlay in value.items():
                yield from words(overlay, (*at, glob))
        elif section in _CALLS:
            yield from _call(section, value, at)
        else:
            yield from _section(section, value, at)


def _section(section: str, value: Any, at: Path) -> Iterator[Word]:
    if section in _PLAIN:
        yield from _shape(value, at)
    elif section in _KEYED:
        for name, shape in value.items():
            own = re.match(r"[a-z_]+(\.[a-z_]+)?(?=$|\.)", name)
            assert own is not None
            first = name.partition(".")[0]
            yield Word("word", (*at, name), first, key=True)
            if name != "merge":
                yield from _shape(shape, (*at, name))
    elif section.partition(".")[0] in _TABLES:
        for row, values in value.items():
            if section != "media_type":
                yield Word("word", (*at, row), row, key=True)
            yield from _shape(values, (*at, row))
    elif section == "defaults":
        yield from (Word("word", (*at, name), name, key=True) for name in value)
    elif section == "totals":
        for name, formula in value.items():
            yield Word("word", (*at, name), name, key=True)
            yield from _holes(formula, (*at, name))
    elif section == "limits":
        for number, limit in enumerate(value):
            yield from _limit(limit, (*at, number))


def _limit(limit: dict[str, Any], at: Path) -> Iterator[Word]:
    yield from (Word("word", (*at, name), name, key=True) for name in limit)
    if "while" in limit:
        yield Word("word", (*at, "while"), limit["while"])
    yield from (Word("word", (*at, "drop", index), name) for index, name in enumerate(limit.get("drop", ())))
    for lower, upper in limit.get("below", {}).items():
        yield Word("key", (*at, "below", lower), lower, key=True)
        yield Word("key", (*at, "below", lower), upper)


def _call(section: str, value: Any, at: Path) -> Iterator[Word]:
    if isinstance(value, str):
        yield Word("constant", at, value)
        return
    for name, part in value.items():
        here = (*at, name)
        yield Word("word", here, name, key=True)
        if name in ("operation", "schema"):
            yield Word("constant", here, part)
        elif name == "framing":
            yield Word("word", here, part)
        elif name in _PARAMETERS or (section, name) in (("stream", "request"), ("models", "response")):
            yield from _shape(part, here)
        elif name == "events":
            for event, shape in part.items():
                yield from _shape(shape, (*here, event))


def _shape(shape: Any, at: Path) -> Iterator[Word]:
    if isinstance(shape, dict):
        for key, value in shape.items():
            yield Word("key", (*at, key), key, key=True)
            yield from _shape(value, (*at, key))
    elif isinstance(shape, list):
        for index, item in enumerate(shape):
            yield from _shape(item, (*at, index))
    elif isinstance(shape, str) and shape != "..." and not (shape.startswith("/") and shape.endswith("/")):
        if "$" in shape:
            yield from _holes(shape, at)
        else:
            yield Word("constant", at, shape)


def _holes(text: str, at: Path) -> Iterator[Word]:
    for found in _HOLE.finditer(text):
        if not found[1].startswith("_"):
            yield Word("word", at, found[1], start=found.start(1))
