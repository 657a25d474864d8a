"""What may leave the provider in events, logs and errors: plain JSON data without secrets, and not too much of it."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from amplifier_core.utils import SENSITIVE_KEYS, redact_secrets
from pydantic import BaseModel

from .plain import mend, plain

__all__ = ["Redactor"]

_HIDDEN = "[REDACTED]"
_SECRET_KEYS = SENSITIVE_KEYS | {
    "access_token",
    "bearer",
    "client_secret",
    "cookie",
    "id_token",
    "proxy-authorization",
    "refresh_token",
    "set-cookie",
    "x-api-key",
    "x-goog-api-key",
}
_SECRET_TEXT = re.compile(
    r"""
    \b(?:
        (?P<scheme>(?:bearer|basic)\s+)[\w.~+/=-]{8,}
      | (?P<named>
          (?:x-(?:goog-)?api-key|api[_-]?key|auth(?:orization)?|access_token|client_secret|cookie|password)
          ["'\\]*\s*[:=]\s*["'\\]*
        )[\w.~+/=-]{8,}
      | (?P<userinfo>[a-z][a-z0-9+.-]{0,15}://)[^/\s:@]{0,200}:[^/\s@]{1,200}(?=@)
      | (?:sk|pk|rk|gsk|xai|pplx|nvapi|hf|ghp|gho|github_pat)[-_][\w-]{16,}
      | AIza[\w-]{20,}
      | eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*
    )
    | (?P<query>[?&](?:api[_-]?key|key|access_token|token|auth|password|sig|signature)=)[^&\s"'<>]+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SHORTEST_SECRET = 6  # a shorter "key" is a placeholder such as "EMPTY", and would blot out ordinary words

# Of a body only so much is told that looking for secrets in it keeps no other call waiting: 64 KiB take some 5 ms.
_MOST_TEXT = 128 * 1024
_LONGEST_TEXT = 16 * 1024
_MOST_VALUES = 4_000
_DEEPEST = 60
_BASE64 = re.compile(r"(?<![\w+/-])((?:data:[\w.+-]+/[\w.+-]+;base64,)?[\w+/-]{64})[\w+/\r\n-]{448,}={0,2}", re.ASCII)


class Redactor:
    """Hides the given secrets, and whatever looks like one.

    Args:
        secrets: the values that must never be shown, such as the API key.
    """

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        long = [secret for secret in secrets if secret and len(secret) >= _SHORTEST_SECRET]
        known = {spelling for secret in long for spelling in _spellings(secret)}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
        self._longest_known = len(longest_first[0]) if longest_first else 0

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def text(self, text: str) -> str:
        """Return text without secrets, and without the lone surrogates that JSON cannot carry."""
        if self._known is not None:
            text = self._known.sub(_HIDDEN, text)
        return _SECRET_TEXT.sub(_hide, mend(text))

    def data(self, value: Any) -> Any:
        """Return a copy of a payload as plain JSON data, its secrets hidden."""
        return redact_secrets(plain(value, self.text), _SECRET_KEYS)

    def excerpt(self, value: Any) -> Any:
        """Return as `data` does what is worth telling of a body, however large it is.

        Long texts and base64 are cut, of very long lists the last items are kept, what is nested very deeply is left
        out; "..." stands for it.
        """
        most = _Most()
        copy = most.of(value)
        longest = most.longest()
        return redact_secrets(plain(copy, lambda text: self._cut(text, longest)), _SECRET_KEYS)

    def _cut(self, text: str, longest: int) -> str:
        """Return a text without secrets and the inside of base64, no longer than that; what is left out is counted."""
        hidden = self.text(text[: longest + self._longest_known])  # a secret is hidden before the cut could halve it
        kept, runs = _BASE64.subn(r"\1...", hidden if len(text) <= longest else hidden[:longest])
        if len(text) <= longest and not runs:
            return kept
        left_out = len(text) - len(kept) + len("...") * runs
        return f"{kept.removesuffix('...')}... ({left_out} characters left out)"


class _Most:
    """Copies no more of a body than a number of values, the newest messages first, and knows how long its texts are."""

    def __init__(self) -> None:
        self._left = _MOST_VALUES
        self._lengths: list[int] = []

    def of(self, value: Any, levels: int = _DEEPEST) -> Any:
        """Return the copy."""
        self._left -= 1
        match value:
            case str():
                self._lengths.append(len(value))
            case BaseModel():
                return self.of(value.model_dump(), levels)
            case dict() | list() | tuple() if not levels:
                return "..."
            case dict():
                kept = {self.of(str(key)): self.of(item, levels - 1) for key, item in self._some(value.items())}
                return kept if len(kept) == len(value) else {**kept, "...": f"{len(value) - len(kept)} more"}
            case list() | tuple():
                last = [self.of(item, levels - 1) for item in self._some(reversed(value))]
                return last[::-1] if len(last) == len(value) else [f"... {len(value) - len(last)} more", *last[::-1]]
        return value

    def longest(self) -> int:
        """Return how long a text may be for all together to be no longer than they may."""
        longest = _LONGEST_TEXT
        while longest > 64 and sum(min(length, longest) for length in self._lengths) > _MOST_TEXT:
            longest //= 2
        return longest

    def _some(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            if self._left <= 0:
                return
            yield item


def _spellings(secret: str) -> set[str]:
    """Return a secret as it stands in text, in a URL and in JSON."""
    return {secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1]}


def _hide(found: re.Match[str]) -> str:
    kept = found.lastgroup
    return f"{found[kept] if kept else ''}{_HIDDEN}"
