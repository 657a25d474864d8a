"""The server of the session tests is really there, strict about keys, and as far from the vendors as is known of it."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.session.conftest import Aimock
from tests.session.vendors import NOT_BY_AIMOCK


def answered(aimock: Aimock, path: str, said: str, key: str) -> Any:
    body = {"model": "any", "stream": False, "messages": [{"role": "user", "content": said}]}
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    request = urllib.request.Request(f"{aimock.url}{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def test_it_answers_from_the_fixtures(aimock: Aimock) -> None:
    answer = answered(aimock, "/v1/chat/completions", "hello", aimock.key)
    assert answer["choices"][0]["message"]["content"] == "Hello from a server that nobody here wrote."
    assert aimock.requests()[-1]["path"] == "/v1/chat/completions"


def test_it_refuses_a_wrong_key(aimock: Aimock) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        answered(aimock, "/v1/chat/completions", "hello", "wrong")


def test_what_it_answers_otherwise_than_the_vendor_is_listed(aimock: Aimock) -> None:
    counted, cut, thought = (answered(aimock, "/api/chat", said, aimock.key) for said in ("weather", "long", "ponder"))
    otherwise = {
        ("ollama", "counts"): counted["prompt_eval_count"] == counted["eval_count"] == 0,
        ("ollama", "length"): cut["done_reason"] == "stop",
        ("ollama", "thinking"): "thinking" not in thought["message"],
    }
    assert {what for what, differs in otherwise.items() if differs} == NOT_BY_AIMOCK.keys()
