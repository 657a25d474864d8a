"""Secrets: C101 to C104."""

import base64
import json

import pytest
from amplifier_core.message_models import ImageBlock, TextBlock, ToolSpec

from tests.conformance.bench import Bench, chat, message
from tests.conformance.subject import KEY
from tests.support.replay import reply

TELLTALE = {
    "a bearer": ("Authorization: Bearer abcdefgh12345678", "abcdefgh12345678"),
    "a key of the usual form": ("wrong key sk-proj-abcdefgh12345678", "abcdefgh12345678"),
    "a header": ("x-api-key: abcdefgh12345678", "abcdefgh12345678"),
    "a token": ('{"access_token": "abcdefgh12345678"}', "abcdefgh12345678"),
    "a query": ("https://example.com/v1?key=abcdefgh12345678&alt=sse", "abcdefgh12345678"),
    "a user": ("https://someone:abcdefgh12345678@example.com/", "abcdefgh12345678"),
}


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
                    shown += [str(error), repr(error)]
            shown += [
                repr(provider),
                repr(provider.config),
                provider.get_info().model_dump_json(),
                repr(vars(provider)),
            ]
        await bench.ask(config={"raw": True})
    if bench.subject.needs_key:
        assert KEY in f"{bench.asked[-1].headers} {bench.asked[-1].target}"
        assert not [text for text in (*shown, bench.told.text(), caplog.text) if KEY in text]


async def test_c103_error_texts_are_cleaned(bench: Bench) -> None:
    for name, (text, secret) in TELLTALE.items():
        for body in ({"error": {"message": text}}, {"error": text}, text):
            own = Bench(bench.subject)
            error = await own.fails(reply(body, status=500), config={"max_retries": 0})
            assert secret not in f"{error} {own.told.text()}", name
            await own.close()


async def test_c104_long_data_is_shortened(bench: Bench) -> None:
    data = base64.b64encode(bytes(range(256)) * 40).decode()
    image = ImageBlock(source={"type": "base64", "media_type": "image/png", "data": data})
    request = chat(message("user", [TextBlock(text="See:"), image]))
    await bench.ask(request=request, config={"raw": True, "default_model": bench.subject.seer or "some-model"})
    assert data in bench.wire
    assert data[:200] not in bench.told.text() and data[-200:] not in bench.told.text()
    assert data[:20] in bench.told.text()
