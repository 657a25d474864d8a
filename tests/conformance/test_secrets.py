"""Secrets: C101 to C104."""

import base64
import json
import logging
import traceback
from itertools import product

import pytest
from amplifier_core.message_models import ImageBlock, TextBlock, ToolSpec

from tests.conformance.bench import Bench, chat, message
from tests.conformance.subject import KEY
from tests.conformance.test_messages import called, result
from tests.support.replay import Exchange, reply

log = logging.getLogger(__name__)

TELLTALE = {
    "a bearer": ("Authorization: Bearer abcdefgh12345678", "abcdefgh12345678"),
    "a key of the usual form": ("wrong key sk-proj-abcdefgh12345678", "abcdefgh12345678"),
    "a header": ("x-api-key: abcdefgh12345678", "abcdefgh12345678"),
    "a token": ('{"access_token": "abcdefgh12345678"}', "abcdefgh12345678"),
    "a query": ("https://example.com/v1?key=abcdefgh12345678&alt=sse", "abcdefgh12345678"),
    "a user": ("https://someone:abcdefgh12345678@example.com/", "abcdefgh12345678"),
}


SECRET_NAMES = (
    "access_token",
    "api_key",
    "authorization",
    "client_secret",
    "cookie",
    "id_token",
    "password",
    "proxy-authorization",
    "refresh_token",
    "secret",
    "set-cookie",
    "token",
    "x-api-key",
)


async def test_c101_raw_payloads_are_plain_copies(bench: Bench) -> None:
    secret = {"type": "object", "properties": {"city": {"type": "string"}}, "password": "hunter2-in-schema"}
    call = {"id": "one", "tool": "log_in", "arguments": {"password": "hunter2-in-arguments", "city": "Paris"}}
    said = [
        message("assistant", tool_calls=[call]),
        message("tool", "in", tool_call_id="one"),
    ]
    tools = [ToolSpec(name="log_in", parameters=secret)]
    await bench.ask(request=chat("Hello.", *said, "Go on.", tools=tools), config={"raw": True})
    assert "hunter2-in-schema" in bench.wire and "hunter2-in-arguments" in bench.wire
    told = json.dumps([payload["raw"] for payload in bench.told.of("llm:request", "llm:response")])
    assert "hunter2-in-schema" not in told
    for word in (KEY, "authorization", "x-api-key", "user-agent", "base_url", "127.0.0.1"):
        assert word not in told.lower()
    assert set(bench.told.only("llm:request")["raw"]) == set(bench.asked[-1].json())
    again = Bench(bench.subject)
    tools = [
        ToolSpec(name="log_in", parameters={"type": "object", **{name: f"hunter2-{name}" for name in SECRET_NAMES}})
    ]
    await again.ask(request=chat("long " * 600_000, tools=tools), config={"raw": True})
    for name in SECRET_NAMES:
        assert f"hunter2-{name}" in again.wire and f"hunter2-{name}" not in again.told.text(), name
    assert len(again.wire) > 3_000_000 and len(again.told.text()) < 500_000  # telling may not take long either
    await again.close()


async def test_c102_the_key_is_nowhere(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    echo = {"error": {"message": f"the key {KEY} is wrong", "type": KEY, "code": KEY}, "message": f"?key={KEY}"}
    shown = []
    with caplog.at_level("DEBUG"):
        for status in (401, 500, 200):
            async with bench.serving(*[reply(echo, status=status)] * 2) as server:
                provider = bench.provider(server.url, max_retries=1, raw=True)
                try:
                    await provider.complete(chat(f"My key is {KEY}."))
                except Exception as error:
                    shown += _shown(error)
            shown += [
                repr(provider),
                repr(provider.config),
                provider.get_info().model_dump_json(),
                repr(vars(provider)),
            ]
        with caplog.at_level("INFO", "httpcore2"):  # which tells its own developers of heads that it cannot read
            for echoed, streamed in product(_echoes(bench, KEY), (False, True)):
                failure = await bench.fails(echoed, request=chat(stream=streamed), config={"raw": True})
                log.error("the turn failed", exc_info=failure)
                shown += _shown(failure)
        await bench.ask(config={"raw": True})
    if bench.subject.takes_key:
        assert KEY in f"{bench.asked[-1].headers} {bench.asked[-1].target}"
        assert not [text for text in (*shown, bench.told.text(), caplog.text) if KEY in text]


async def test_c103_error_texts_are_cleaned(bench: Bench) -> None:
    for name, (text, secret) in TELLTALE.items():
        answers = [reply(body, status=500) for body in ({"error": {"message": text}}, {"error": text}, text)]
        for answer in (*answers, *_echoes(bench, text)):
            own = Bench(bench.subject)
            error = await own.fails(answer, request=chat(stream=True))
            assert secret not in f"{_shown(error)} {own.told.text()}", name
            await own.close()


def _shown(error: BaseException) -> list[str]:
    """Return what people see of an error: its text, its form, its traceback with all that led to it."""
    return [str(error), repr(error), *traceback.format_exception(error)]


def _echoes(bench: Bench, text: str) -> list[Exchange]:
    """Return good statuses whose replies are none, and hold a text."""
    found = [
        reply(text),
        reply([text]),
        reply({"detail": text}),
        reply(f"<html><title>{text}</title></html>", headers={"content-type": "text/html"}),
        Exchange(head=f"HTTP/1.1 fine {text}\r\n\r\n".encode(), end="truncate"),
        Exchange(head=f"HTTP/1.1 200 OK\r\n: {text}\r\n\r\n".encode(), end="truncate"),
    ]
    if bench.subject.streams:
        shown = bench.subject.case("stream of a text").answer(upto=1)
        found.append(Exchange(headers=shown.headers, chunks=(*shown.chunks, f"data: {text}\n\n".encode())))
    return found


async def test_c104_long_data_is_shortened(bench: Bench) -> None:
    data = base64.b64encode(bytes(range(256)) * 40).decode()
    image = ImageBlock(source={"type": "base64", "media_type": "image/png", "data": data})
    request = chat(message("user", [TextBlock(text="See:"), image]))
    await bench.ask(request=request, config={"raw": True, "default_model": bench.subject.seer or "some-model"})
    assert data in bench.wire
    assert data[:200] not in bench.told.text() and data[-200:] not in bench.told.text()
    assert data[:20] in bench.told.text()
    again = Bench(bench.subject)
    await again.ask(
        request=chat("Hello.", called("one"), result("one", json.dumps({"png": data}))), config={"raw": True}
    )
    assert data in again.wire
    assert data[:200] not in again.told.text() and data[-200:] not in again.told.text()
    await again.close()
