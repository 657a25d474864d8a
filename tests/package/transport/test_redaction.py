"""What is hidden from events, logs and errors, and what is not."""

import json
import re
import time
from typing import Any
from urllib.parse import quote

import pytest
from amplifier_core.llm_errors import AuthenticationError
from amplifier_core.message_models import TextBlock

from tests.package.transport.conftest import KEY, Make, Part, whole
from tests.support.replay import Replay, reply

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
        ("cookie: session=abcd1234efgh", "cookie: [REDACTED]"),
        ("password=hunter2hunter2", "password=[REDACTED]"),
        ("https://x.example/?auth=AbC123", "https://x.example/?auth=[REDACTED]"),
        ("The author: somebody, the cookie jar", "The author: somebody, the cookie jar"),
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
        "text": "long words " * 500,
    }
    hidden = redactor.data(payload)
    json.dumps(hidden, allow_nan=False)
    assert hidden["headers"] == {"X-Api-Key": "[REDACTED]", "Cookie": "[REDACTED]", "accept": "a"}
    assert hidden["items"] == ["a", ["[REDACTED]"], {"password": "[REDACTED]"}]
    assert hidden["block"]["text"] == "[REDACTED]"
    assert hidden["image"] == payload["image"]
    assert hidden["text"] == payload["text"]
    assert payload["headers"]["X-Api-Key"] == "k"


def test_a_secret_is_hidden_in_every_spelling(part: Part) -> None:
    secret = 'ab"cd\\ef+key/==12'
    redactor = part("redaction").Redactor([secret])
    for spelt in (secret, json.dumps(secret)[1:-1], quote(secret), quote(secret, safe="")):
        assert redactor.text(f"it is <{spelt}>!") == "it is <[REDACTED]>!"


def test_an_excerpt_of_a_small_body_is_the_whole_body(redactor: Any) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": f"Hi, {SECRET}."}], "heat": 0.5, "stream": True}
    told = redactor.excerpt(body)
    assert told == {**body, "messages": [{"role": "user", "content": "Hi, [REDACTED]."}]}
    assert redactor.excerpt(TextBlock(text="a"))["text"] == "a"


LONG = "long words " * 500_000


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [{"role": "user", "content": LONG}]},
        {"messages": [{"role": "user", "content": LONG[:50_000]}] * 100},
        {"messages": [{"role": "user", "content": "short words"}] * 50_000},
        {"numbers": list(range(1_000_000))},
        {f"{LONG[:5000]}{number}": number for number in range(1000)},
        {"tool": json.dumps({"png": "A" * 5_000_000, "name": "x.png"})},
        {"image": "data:image/png;base64," + "A" * 5_000_000},
        LONG,
    ],
    ids=["text", "texts", "messages", "numbers", "keys", "base64 in text", "base64", "no object"],
)
def test_an_excerpt_is_small_however_large_the_body_is(redactor: Any, body: Any) -> None:
    started = time.process_time()
    told = redactor.excerpt(body)
    assert time.process_time() - started < 0.5  # some 0.02 in fact; unbounded it takes 1 and more
    assert len(json.dumps(told)) < 300_000


def test_an_excerpt_says_what_it_leaves_out(redactor: Any) -> None:
    picture = "iVBORw0K" + "A" * 5000
    told = redactor.excerpt({"text": LONG, "image": picture, "tool": f'{{"png": "{picture}", "name": "x"}}'})
    assert told["text"].startswith("long words long words")
    assert told["text"].endswith(f"... ({len(LONG) - 16384} characters left out)")
    assert told["image"] == f"{picture[:64]}... (4944 characters left out)"
    assert told["tool"] == f'{{"png": "{picture[:64]}...", "name": "x"}}... (4944 characters left out)'


def test_the_newest_messages_are_in_an_excerpt(redactor: Any) -> None:
    told = redactor.excerpt({"messages": [{"content": str(number)} for number in range(100_000)], "model": "m"})
    assert told["messages"][-1] == {"content": "99999"}
    assert re.fullmatch(r"\.\.\. 9\d+ more", told["messages"][0])


def test_no_half_of_a_secret_is_in_an_excerpt(redactor: Any) -> None:
    for start in range(16384 - len(SECRET) - 1, 16385):
        told = redactor.excerpt({"text": f"{'.' * start}{SECRET} and more"})["text"]
        assert SECRET[:6] not in told


def test_what_is_nested_very_deeply_is_left_out_of_an_excerpt(redactor: Any) -> None:
    body: Any = "end"
    for _ in range(5000):
        body = {"in": [body]}
    assert "..." in json.dumps(redactor.excerpt(body))


def test_a_redactor_does_not_show_what_it_hides(redactor: Any) -> None:
    assert SECRET not in repr(redactor)


@pytest.mark.asyncio
async def test_a_secret_that_comes_back_in_a_header_stays_out_of_the_log(
    provider: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    echo = {"www-authenticate": f"Bearer {KEY}", "location": f"https://x.example/?key={KEY}"}
    async with Replay(reply({}, status=401, headers=echo)) as server:
        with pytest.raises(AuthenticationError):
            await provider(server.url).complete(whole())
    assert "www-authenticate" in caplog.text
    assert KEY not in caplog.text
