"""What may leave the provider in events, logs and errors: plain JSON data without secrets."""

import re
from collections.abc import Iterable
from typing import Any

from amplifier_core.utils import SENSITIVE_KEYS, redact_secrets

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
      (?P<scheme>\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}
    | (?P<query>[?&](?:api[_-]?key|key|access_token|token|sig|signature)=)[^&\s"'<>]+
    | (?P<named>\b(?:x-(?:goog-)?api-key|api[_-]?key|authorization|access_token|client_secret)["'\\]*\s*[:=]\s*["'\\]*)
      [\w.~+/=-]{8,}
    | (?P<userinfo>\b[a-z][a-z0-9+.-]{0,15}://)[^/\s:@]{0,200}:[^/\s@]{1,200}(?=@)
    | \b(?:sk|pk|rk|gsk|xai|pplx|nvapi|hf|ghp|gho|github_pat)[-_][\w-]{16,}
    | \bAIza[\w-]{20,}
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BASE64 = re.compile(r"(?:data:[\w.+-]+/[\w.+-]+;base64,)?[A-Za-z0-9+/_\r\n-]{512,}={0,2}")
_KEPT_BASE64 = 64
_SHORTEST_SECRET = 6  # a shorter "key" is a placeholder such as "EMPTY", and would blot out ordinary words


class Redactor:
    """Hides the given secrets, and whatever looks like one.

    Args:
        secrets: the values that must never be shown, such as the API key.
    """

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        known = {secret for secret in secrets if secret and len(secret) >= _SHORTEST_SECRET}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def text(self, text: str) -> str:
        """Return text without secrets, and without the lone surrogates that JSON cannot carry."""
        if self._known is not None:
            text = self._known.sub(_HIDDEN, text)
        return _SECRET_TEXT.sub(_hide, mend(text))

    def data(self, value: Any) -> Any:
        """Return a copy of a payload as plain JSON data: secrets hidden, long base64 shortened."""
        return redact_secrets(plain(value, self._string), _SECRET_KEYS)

    def _string(self, text: str) -> str:
        if len(text) > _KEPT_BASE64 and _BASE64.fullmatch(text):
            return f"{text[:_KEPT_BASE64]}... (truncated {len(text) - _KEPT_BASE64} chars)"
        return self.text(text)


def _hide(found: re.Match[str]) -> str:
    kept = found.lastgroup
    return f"{found[kept] if kept else ''}{_HIDDEN}"
