"""The part of regular expressions that an error table may use: it cannot make a match take long.

Literals, escaped punctuation, `|`, groups, character classes, `.` and `.*`; no other repetition and no reference. Where
`.*` stands twice on one way through a pattern, matching takes time in the cube of the text, so it may stand once.
"""

import re
from dataclasses import dataclass

__all__ = ["is_pattern", "pattern_fault"]

_CLASS = re.compile(r"\[\^?(?:[^\[\]\\]|\\[^\w\s])+\]", re.ASCII)
_ESCAPE = re.compile(r"\\[^\w\s]", re.ASCII)
_ALLOWED = "allowed are literals, \\ before punctuation, |, ( ), [ ], . and .*"


def is_pattern(value: object) -> bool:
    """Tell whether a value on the right of an error table is a `/pattern/`."""
    return isinstance(value, str) and len(value) >= 2 and value[0] == value[-1] == "/"


def pattern_fault(pattern: str) -> str | None:
    """Say what is wrong with the inside of a `/pattern/`, None if nothing is."""
    if not pattern:
        return "the pattern is empty"
    reader = _Reader(pattern)
    try:
        if reader.alternatives() > 1:
            return "'.*' stands twice on one way through the pattern, where it may stand once"
        if reader.at < len(pattern):
            return "a ')' closes no group"
        if re.search(pattern, ""):
            return "the pattern fits an empty text, so it would fit every error"
    except _FaultError as fault:
        return str(fault)
    except re.error as error:
        return f"no regular expression: {error}"
    return None


class _FaultError(Exception):
    pass


@dataclass(slots=True)
class _Reader:
    pattern: str
    at: int = 0

    def alternatives(self) -> int:
        """Read `a|b|c`; return how often `.*` stands on the worst of the ways."""
        most = self.sequence()
        while self.at < len(self.pattern) and self.pattern[self.at] == "|":
            self.at += 1
            most = max(most, self.sequence())
        return most

    def sequence(self) -> int:
        repeats = 0
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            repeats += self.item()
        return repeats

    def item(self) -> int:
        char = self.pattern[self.at]
        if char == "(":
            return self.group()
        if char == ".":
            starred = self.pattern.startswith(".*", self.at)
            self.at += 2 if starred else 1
            return int(starred)
        if char in "*+?{}^$":
            raise _FaultError(f"{char!r} has no place in an error pattern; {_ALLOWED}")
        if char in "[\\":
            found = (_CLASS if char == "[" else _ESCAPE).match(self.pattern, self.at)
            if found is None:
                raise _FaultError(f"{self.pattern[self.at : self.at + 2]!r} is not understood; {_ALLOWED}")
            self.at = found.end()
            return 0
        if char == "]":
            raise _FaultError(f"a ']' closes nothing; {_ALLOWED}")
        self.at += 1
        return 0

    def group(self) -> int:
        self.at += 3 if self.pattern.startswith("(?:", self.at) else 1
        repeats = self.alternatives()
        if self.at >= len(self.pattern):
            raise _FaultError("a '(' is not closed")
        self.at += 1
        return repeats
