"""Text to JSON values: YAML 1.2 (core schema) and JSON, with bounds and one clear finding for what is wrong.

Text that is JSON is read as JSON, whatever the file is called. Keys are strings, always, spelt as in the text (`200`,
`true`, `1.10`). Every value is a tree of its own: an alias gives a copy, bounded in number. `_yaml` says why libyaml.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

import yaml
from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from providergen.diagnostics import Findings, Position
from providergen.document._yaml import MAX_NODES, NotCoreError, break_free, events, resolve
from providergen.document.pointer import split
from providergen.document.positions import positions_of

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "decode", "parse_text"]

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_DEPTH: Final = 200

_TAG: Final = "tag:yaml.org,2002:"
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "null": (type(None),),
    "map": (dict,),
    "seq": (list,),
}
_HALF_PAIR: Final = re.compile(r"\\u[dD][89a-fA-F]")
_INFINITE: Final = (float("inf"), float("-inf"))


class _TextError(Exception):
    """The text is no good: a code, what was found, where (line and column from 1), what to do."""

    def __init__(self, code: str, message: str, line: int = 0, column: int = 0, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.line, self.column, self.hint = code, line, column, hint


def decode(data: bytes, path: str, findings: Findings) -> str | None:
    """Return the text of a file (UTF-8, or UTF-16 with its mark), None after an error."""
    if len(data) > MAX_BYTES:
        found = f"the file has {len(data) / 1e6:.0f} MB; expected at most {MAX_BYTES / 1e6:.0f} MB"
        findings.error("too-large", found, Position(path), hint="cut it down to the operations you need")
        return None
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line_start = data.rfind(b"\n", 0, error.start) + 1
        at = Position(path, data.count(b"\n", 0, error.start) + 1, error.start - line_start + 1)
        found = f"the byte 0x{data[error.start]:02x} is no UTF-8; expected a text in UTF-8"
        findings.error("not-text", found, at, hint="save the file as UTF-8")
        return None


def parse_text(text: str, path: str, findings: Findings, *, lenient: bool = False) -> Any:
    """Return the value of a YAML or JSON text, or None after an error (an empty file and a bare null are errors too).

    `path` is for the findings, and a name ending in .json insists on JSON. A key that is given twice and a tag outside
    the core schema are errors; `lenient`, for documents of others, makes them warnings: the last key counts, the tag
    does not.
    """
    text = text.removeprefix("\ufeff")
    try:
        value = _parse(text, path, findings, lenient)
        if value is None:
            raise _TextError("empty-file", "the file holds nothing; expected YAML or JSON")
    except _TextError as refused:
        findings.error(refused.code, str(refused), Position(path, refused.line, refused.column), hint=refused.hint)
        return None
    return value


def _parse(text: str, path: str, findings: Findings, lenient: bool) -> Any:
    named_json = path.lower().endswith(".json")
    if not text.strip():
        return None
    if named_json or text.lstrip()[0] in "{[":
        try:
            return _parse_json(text, path, findings, lenient)
        except json.JSONDecodeError as error:
            if named_json:
                raise _TextError("not-json", f"this is no JSON: {error.msg}", error.lineno, error.colno) from None
        except RecursionError:
            raise _too_deep() from None
    return _Builder(text, path, findings, lenient).build()


def _parse_json(text: str, path: str, findings: Findings, lenient: bool) -> Any:
    repeated = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        found = dict(pairs)
        repeated = repeated or len(found) != len(pairs)
        return found

    def number(digits: str) -> float:
        value = float(digits)
        if value in _INFINITE or value != value:  # also the words Infinity and NaN
            raise _TextError(
                "bad-number", f"{digits[:40]} is no number that JSON can hold", hint="write it as a string"
            )
        return value

    try:
        value = json.loads(text, object_pairs_hook=members, parse_float=number, parse_constant=number)
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python's bound on the digits of an integer
        raise _TextError(
            "bad-number", "a number has more digits than can be read", hint="write it as a string"
        ) from None
    if _HALF_PAIR.search(text):
        _refuse_half_pairs(value)
    if isinstance(value, (dict, list)) and _deeper_than(value, MAX_DEPTH):
        raise _too_deep()
    if repeated:
        for pointer, place in positions_of(text, path).repeated:
            _report_repeated(split(pointer)[-1], place.key, findings, lenient)
    return value


def _refuse_half_pairs(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise _TextError(
            "not-text", r"a string holds half a surrogate pair (\ud800 to \udfff), which is no text"
        ) from None


def _deeper_than(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        below = (inner for node in level for inner in (node.values() if isinstance(node, dict) else node))
        level = [inner for inner in below if isinstance(inner, (dict, list))]
        if not level:
            return False
    return True


def _too_deep(line: int = 0, column: int = 0) -> _TextError:
    return _TextError("too-deep", f"values lie more than {MAX_DEPTH} levels deep", line, column)


def _report_repeated(key: str, at: Position, findings: Findings, lenient: bool) -> None:
    found = f"the key '{key}' is given twice here"
    if lenient:
        findings.warning("repeated-key", f"{found}; the last one counts", at)
    else:
        findings.error("repeated-key", f"{found}; expected it once", at, hint="remove one of the two")


@dataclass(slots=True)
class _Level:
    """An open mapping or list: its value so far, the key whose value comes next, the anchor it will have."""

    value: Any
    anchor: str | None
    key: str | None = None


class _Builder:
    """Builds the value of one YAML text from its events."""

    def __init__(self, text: str, path: str, findings: Findings, lenient: bool) -> None:
        self.text, self.restore = break_free(text)
        self.path, self.findings, self.lenient = path, findings, lenient
        self.levels: list[_Level] = []
        self.anchors: dict[str, Any] = {}
        self.nodes = 0
        self.root: Any = None

    def build(self) -> Any:
        documents = 0
        try:
            for event in events(self.text):
                kind = type(event)
                if kind is ScalarEvent:
                    self.scalar(event)
                elif kind is MappingStartEvent or kind is SequenceStartEvent:
                    self.open({} if kind is MappingStartEvent else [], event)
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    level = self.levels.pop()
                    if level.anchor:
                        self.anchors[level.anchor] = level.value
                elif kind is AliasEvent:
                    self.alias(event)
                elif kind is yaml.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        raise self.refuse(
                            "several-documents", "a second YAML document begins here; expected one", event
                        )
        except yaml.YAMLError as error:
            raise _not_yaml(error, self.text) from None
        return self.root

    def refuse(self, code: str, message: str, event: Any, hint: str | None = None) -> _TextError:
        return _TextError(code, message, event.start_mark.line + 1, event.start_mark.column + 1, hint)

    def scalar(self, event: Any) -> None:
        text = event.value.translate(self.restore) if self.restore else event.value
        level = self.levels[-1] if self.levels else None
        if level and level.key is None and type(level.value) is dict:
            if text in level.value:
                at = Position(self.path, event.start_mark.line + 1, event.start_mark.column + 1)
                _report_repeated(text, at, self.findings, self.lenient)
            if event.anchor:
                self.anchors[event.anchor] = text
            level.key = text
            return
        plain, _ = event.implicit
        try:
            value = self.tagged(text, event) if event.tag else resolve(text) if plain else text
        except NotCoreError as error:
            raise self.refuse("bad-number", str(error), event, "write it as a string, in quotes") from None
        if event.anchor:
            self.anchors[event.anchor] = value
        self.add(value, event)

    def tagged(self, text: str, event: Any) -> Any:
        """Return the value of a scalar with a tag."""
        name = event.tag.removeprefix(_TAG)
        if name == "str" or event.tag == "!":
            return text
        value = resolve(text)
        self.check_tag(value, event)
        return float(value) if name == "float" and isinstance(value, int) else value

    def check_tag(self, value: Any, event: Any) -> None:
        if event.tag in (None, "!"):
            return
        expected = _TYPES.get(event.tag.removeprefix(_TAG))
        if expected is None:
            found = f"the tag '{event.tag}' is not of the core schema (str, int, float, bool, null, map, seq)"
            if not self.lenient:
                raise self.refuse("unknown-tag", found, event, "remove the tag")
            at = Position(self.path, event.start_mark.line + 1, event.start_mark.column + 1)
            self.findings.warning("unknown-tag", f"{found}; it is ignored", at)
        elif type(value) not in expected:
            raise self.refuse("bad-tag", f"the value under the tag '{event.tag}' is of another type", event)

    def open(self, value: Any, event: Any) -> None:
        level = self.levels[-1] if self.levels else None
        if level and level.key is None and type(level.value) is dict:
            raise self.refuse("bad-key", "a list or mapping as key; expected a text", event)
        if len(self.levels) >= MAX_DEPTH:
            raise _too_deep(event.start_mark.line + 1, event.start_mark.column + 1)
        self.check_tag(value, event)
        self.add(value, event)
        self.levels.append(_Level(value, event.anchor))
        if event.anchor:
            self.anchors.pop(event.anchor, None)

    def add(self, value: Any, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.refuse("too-large", f"the file holds more than {MAX_NODES} values", event)
        if not self.levels:
            self.root = value
            return
        level = self.levels[-1]
        if type(level.value) is dict:
            level.value[level.key] = value
            level.key = None
        else:
            level.value.append(value)

    def alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            inside = any(level.anchor == event.anchor for level in self.levels)
            found = f"the alias '*{event.anchor}' " + (
                "lies within its own anchor" if inside else "has no anchor before"
            )
            raise self.refuse("bad-alias", found, event, "write the value out")
        level = self.levels[-1]
        value = self.anchors[event.anchor]
        if level.key is None and type(level.value) is dict:
            raise self.refuse("bad-key", "an alias as key; expected a text", event, "write the key out")
        self.add(self.copy(value, event, len(self.levels)), event)

    def copy(self, value: Any, event: Any, depth: int) -> Any:
        if not isinstance(value, (dict, list)):
            return value
        if depth >= MAX_DEPTH:
            raise _too_deep(event.start_mark.line + 1, event.start_mark.column + 1)
        self.nodes += len(value)
        if self.nodes > MAX_NODES:
            found = f"with the aliases written out the file holds more than {MAX_NODES} values"
            raise self.refuse("too-many-aliases", found, event, "write the values out, or use $ref")
        if isinstance(value, dict):
            return {key: self.copy(below, event, depth + 1) for key, below in value.items()}
        return [self.copy(below, event, depth + 1) for below in value]


_YAML_HINTS: Final = (
    ("cannot start any token", "a text that begins with @, ` or % needs quotes; indent with spaces, not with tabs"),
    ("tab character", "indent with spaces, not with tabs"),
    ("mapping values are not allowed", "a text with ': ' in it needs quotes; check the indentation"),
    ("could not find expected ':'", "a key and its value need ': ' between them; check the indentation"),
    ("did not find expected", "check the indentation and the quotes around this line"),
    ("control characters", "remove the control character, or write it as an escape in double quotes"),
)


def _not_yaml(error: yaml.YAMLError, text: str) -> _TextError:
    line = column = 0
    if isinstance(error, yaml.MarkedYAMLError):
        found = ": ".join(part for part in (error.context, error.problem) if part)
        if mark := error.problem_mark or error.context_mark:
            line, column = mark.line + 1, mark.column + 1
    else:  # a character that may not stand in YAML, with its offset
        found = str(error).partition("\n")[0]
        offset = getattr(error, "position", 0)
        line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    hint = next((hint for part, hint in _YAML_HINTS if part in found), None)
    if text.lstrip().startswith("<"):
        hint = "this looks like a web page; take the file itself"
    return _TextError("not-yaml", f"this is no YAML: {found}", line, column, hint)
