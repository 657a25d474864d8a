"""What is hidden from events, logs and errors, and what is not."""

import json
from typing import Any

import pytest
from amplifier_core.message_models import TextBlock

from tests.package.transport.conftest import Part

SECRET = "my-very-own-secret"


@pytest.fixture
def redactor(part: Part) -> Any:
    return part("redaction").Redactor((SECRET, None, "", "EMPTY"))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"the key {SECRET}!", "the key [REDACTED]!"),
        ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer [REDACTED]"),
        ("sk-proj-abcdefghijklmnop1234 is wrong", "[REDACTED] is wrong"),
        ("https://x.example/v1?key=AbC123&alt=sse", "https://x.example/v1?key=[REDACTED]&alt=sse"),
        ("https://x.example/?a=1&api_key=AbC123", "https://x.example/?a=1&api_key=[REDACTED]"),
        ("x-api-key: abcdefgh1234", "x-api-key: [REDACTED]"),
        ('{"access_token": "abcdefgh1234"}', '{"access_token": "[REDACTED]"}'),
        (r'{"message": "{\"access_token\": \"abcdefgh1234\"}"}', r'{"message": "{\"access_token\": \"[REDACTED]\"}"}'),
        ("https://user:pass@x.example", "https://[REDACTED]@x.example"),
        ("AIzaSyA1234567890abcdefghijk", "[REDACTED]"),
        ("EMPTY risk-adjusted words, task-oriented", "EMPTY risk-adjusted words, task-oriented"),
        ("The bearer of bad news sk-ips it", "The bearer of bad news sk-ips it"),
        ("half \ud83d a pair", "half  a pair"),
    ],
)
def test_text(redactor: Any, text: str, hidden: str) -> None:
    assert redactor.text(text) == hidden


def test_payloads_become_plain_and_keep_their_source(redactor: Any) -> None:
    payload: dict[str, Any] = {
        "headers": {"X-Api-Key": "k", "Cookie": "c", "accept": "a"},
        "items": ("a", [SECRET], {"password": 1}),
        "block": TextBlock(text=f"{SECRET}"),
        "nan": float("nan"),
        "image": "iVBORw0K" + "A" * 5000,
        "url": "data:image/png;base64," + "A" * 5000,
        "text": "long words " * 500,
    }
    hidden = redactor.data(payload)
    json.dumps(hidden, allow_nan=False)
    assert hidden["headers"] == {"X-Api-Key": "[REDACTED]", "Cookie": "[REDACTED]", "accept": "a"}
    assert hidden["items"] == ["a", ["[REDACTED]"], {"password": "[REDACTED]"}]
    assert hidden["block"]["text"] == "[REDACTED]"
    assert len(hidden["image"]) < 120
    assert len(hidden["url"]) < 120
    assert hidden["text"] == payload["text"]
    assert payload["headers"]["X-Api-Key"] == "k"


def test_a_redactor_does_not_show_what_it_hides(redactor: Any) -> None:
    assert SECRET not in repr(redactor)
