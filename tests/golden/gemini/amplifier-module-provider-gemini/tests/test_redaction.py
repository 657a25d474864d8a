"""What is hidden from events, logs and errors, and what is not."""

import json
import re
import time
from typing import Any
from urllib.parse import quote

import pytest
from amplifier_core.message_models import TextBlock

from amplifier_module_provider_gemini.redaction import Redactor

SECRET = "my-very-own-secret"
REDACTOR = Redactor((SECRET, None, "", "EMPTY"))


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
def test_text(text: str, hidden: str) -> None:
    assert REDACTOR.text(text) == hidden


def test_payloads_become_plain_and_keep_their_source() -> None:
    payload: dict[str, Any] = {
        "headers": {"X-Api-Key": "k", "Cookie": "c", "accept": "a"},
        "items": ("a", [SECRET], {"password": 1}),
        "block": TextBlock(text=f"{SECRET}"),
        "nan": float("nan"),
        "image": "iVBORw0K" + "A" * 5000,
        "text": "long words " * 500,
    }
    hidden = REDACTOR.data(payload)
    json.dumps(hidden, allow_nan=False)
    assert hidden["headers"] == {"X-Api-Key": "[REDACTED]", "Cookie": "[REDACTED]", "accept": "a"}
    assert hidden["items"] == ["a", ["[REDACTED]"], {"password": "[REDACTED]"}]
    assert hidden["block"]["text"] == "[REDACTED]"
    assert hidden["image"] == payload["image"]
    assert hidden["text"] == payload["text"]
    assert payload["headers"]["X-Api-Key"] == "k"


def test_a_secret_is_hidden_in_every_spelling() -> None:
    secret = 'ab"cd\\ef+key/==12'
    redactor = Redactor([secret])
    for spelt in (secret, json.dumps(secret)[1:-1], quote(secret), quote(secret, safe="")):
        assert redactor.text(f"it is <{spelt}>!") == "it is <[REDACTED]>!"


def test_of_secrets_that_begin_alike_the_longer_one_is_hidden_whole() -> None:
    assert Redactor(["a-secret", "a-secret-word"]).text("It is a-secret-word.") == "It is [REDACTED]."


@pytest.mark.parametrize("shown", range(1, 6))
def test_a_cut_through_a_secret_shows_nothing_of_it(shown: int) -> None:
    redactor = Redactor(["zzz-short", SECRET])
    excerpt = redactor.excerpt("." * (16 * 1024 - shown) + SECRET + "." * 100)
    assert SECRET[:shown] not in excerpt.replace("[REDACTED]"[:shown], "")


def test_what_is_too_short_for_a_secret_is_shown() -> None:
    redactor = Redactor(["abcdef", "ghijk"])
    assert redactor.text("abcdef ghijk") == "[REDACTED] ghijk"
    assert Redactor().text("abcdef ghijk") == "abcdef ghijk"


def test_an_excerpt_hides_what_stands_under_the_name_of_a_secret() -> None:
    headers = {"X-Api-Key": "k", "Cookie": "c", "accept": "a"}
    assert REDACTOR.excerpt([headers]) == [{"X-Api-Key": "[REDACTED]", "Cookie": "[REDACTED]", "accept": "a"}]


def test_an_excerpt_of_a_small_body_is_the_whole_body() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": f"Hi, {SECRET}."}], "heat": 0.5, "stream": True}
    told = REDACTOR.excerpt(body)
    assert told == {**body, "messages": [{"role": "user", "content": "Hi, [REDACTED]."}]}
    assert REDACTOR.excerpt(TextBlock(text="a"))["text"] == "a"


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
def test_an_excerpt_is_small_however_large_the_body_is(body: Any) -> None:
    started = time.process_time()
    told = REDACTOR.excerpt(body)
    assert time.process_time() - started < 0.5  # some 0.02 in fact; unbounded it takes 1 and more
    assert len(json.dumps(told)) < 300_000


def test_an_excerpt_says_what_it_leaves_out() -> None:
    picture = "iVBORw0K" + "A" * 5000
    told = REDACTOR.excerpt({"text": LONG, "image": picture, "tool": json.dumps({"png": picture, "name": "x"})})
    assert told["text"] == f"{LONG[:16384]}... ({len(LONG) - 16384} characters left out)"
    assert told["image"] == f"{picture[:64]}... (4944 characters left out)"
    shown = json.dumps({"png": f"{picture[:64]}...", "name": "x"})
    assert told["tool"] == f"{shown}... (4944 characters left out)"
    assert REDACTOR.excerpt(f"{picture}, {picture}!") == (
        f"{picture[:64]}..., {picture[:64]}...!... (9888 characters left out)"
    )


@pytest.mark.parametrize("redactor", [REDACTOR, Redactor()])
def test_a_text_is_cut_where_it_is_too_long(redactor: Redactor) -> None:
    assert redactor.excerpt(LONG[:16384]) == LONG[:16384]
    assert redactor.excerpt(LONG[:16385]) == f"{LONG[:16384]}... (1 characters left out)"


def test_hiding_a_secret_makes_no_text_too_long() -> None:
    text = f"{'.' * (16384 - 6)}abcdef"
    assert Redactor(["abcdef"]).excerpt(text) == f"{'.' * (16384 - 6)}[REDACTED]"


def test_all_texts_together_are_not_too_long() -> None:
    assert REDACTOR.excerpt([LONG[:16384]] * 8) == [LONG[:16384]] * 8
    for text in (LONG[:50_000], TextBlock(text=LONG[:50_000])):
        for told in REDACTOR.excerpt([{"text": text}] * 100):
            shown = told["text"]["text"] if isinstance(told["text"], dict) else told["text"]
            assert shown == f"{LONG[:1024]}... (48976 characters left out)"


def test_of_many_texts_each_is_told_in_a_few_words() -> None:
    assert (
        REDACTOR.excerpt(["some words " * 10] * 3000)
        == [f"{'some words ' * 5}some word... (46 characters left out)"] * 3000
    )


def test_the_newest_messages_are_in_an_excerpt() -> None:
    told = REDACTOR.excerpt({"messages": [{"content": str(number)} for number in range(100_000)], "model": "m"})
    assert told["messages"][-1] == {"content": "99999"}
    assert re.fullmatch(r"\.\.\. 9\d+ more", told["messages"][0])


def test_an_excerpt_has_a_number_of_values_and_says_how_many_more_there_are() -> None:
    assert REDACTOR.excerpt(list(range(3999))) == list(range(3999))
    assert REDACTOR.excerpt(tuple(range(4003))) == ["... 4 more", *range(4, 4003)]
    named = {str(number): number for number in range(2003)}
    assert REDACTOR.excerpt({name: named[name] for name in list(named)[:2000]}) == dict(list(named.items())[:2000])
    assert REDACTOR.excerpt(named) == {**dict(list(named.items())[:2000]), "...": "3 more"}


def test_no_half_of_a_secret_is_in_an_excerpt() -> None:
    for start in range(16384 - len(SECRET) - 1, 16385):
        told = REDACTOR.excerpt({"text": f"{'.' * start}{SECRET} and more"})["text"]
        assert SECRET[:6] not in told


def nested(levels: int, body: Any) -> Any:
    """Return a body within that many lists and objects."""
    for level in range(levels):
        body = {"in": body} if level % 2 else [body]
    return body


@pytest.mark.parametrize("body", [[], {}, TextBlock(text="a")])
def test_what_is_nested_very_deeply_is_left_out_of_an_excerpt(body: Any) -> None:
    assert "..." in json.dumps(REDACTOR.excerpt(nested(5000, "end")))
    whole = body.model_dump() if isinstance(body, TextBlock) else body
    assert REDACTOR.excerpt(nested(59, body)) == nested(59, REDACTOR.data(whole))
    assert REDACTOR.excerpt(nested(60, body)) == nested(60, "...")
    assert REDACTOR.excerpt(nested(60, "end")) == nested(60, "end")


def test_a_redactor_does_not_show_what_it_hides() -> None:
    assert repr(REDACTOR) == "Redactor()"
