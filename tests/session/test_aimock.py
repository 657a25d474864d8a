"""The server of the session tests is really there, and strict about keys."""

import json
import urllib.error
import urllib.request

import pytest

from tests.session.conftest import Aimock


def chat(aimock: Aimock, key: str) -> str:
    body = {"model": "any", "messages": [{"role": "user", "content": "hello"}]}
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    request = urllib.request.Request(f"{aimock.url}/v1/chat/completions", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as response:
        text: str = json.load(response)["choices"][0]["message"]["content"]
    return text


def test_it_answers_from_the_fixtures(aimock: Aimock) -> None:
    assert chat(aimock, aimock.key) == "Hello from a server that nobody here wrote."
    assert aimock.requests()[-1]["path"] == "/v1/chat/completions"


def test_it_refuses_a_wrong_key(aimock: Aimock) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        chat(aimock, "wrong")
