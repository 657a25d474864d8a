"""complete: what comes in. Tools, formats, text and parallel calls: C60 to C64."""

import asyncio
import json

from amplifier_core.message_models import (
    Message,
    ResponseFormatJson,
    ResponseFormatJsonSchema,
    ResponseFormatText,
    ToolSpec,
)

from tests.conformance.bench import TOOLS, Bench, chat, in_time, message
from tests.conformance.subject import leaves

SCHEMA = {"type": "object", "properties": {"word_of_schema": {"type": "string"}}, "required": ["word_of_schema"]}
WRAPPED = {"name": "answer", "schema": SCHEMA}


async def test_c60_tools_become_functions(bench: Bench) -> None:
    native = ToolSpec.model_validate({"name": "search_natively", "parameters": {}, "type": "web_search_20250305"})
    await bench.ask(request=chat(tools=[*TOOLS, native]))
    for name in ("get_weather", "get_time", "search_natively"):
        assert bench.sends(name)
    assert list(leaves(bench.asked[-1].json())).count("object") >= 2  # no parameters are an object without any
    await bench.ask(request=chat(tools=[]))
    assert "tools" not in bench.wire


async def test_c61_every_form_of_tool_choice(bench: Bench) -> None:
    unset = await bench.body(chat(tools=TOOLS))
    bodies = {word: await bench.body(chat(tools=TOOLS, tool_choice=word)) for word in ("none", "required", "get_time")}
    bodies["dict"] = await bench.body(chat(tools=TOOLS, tool_choice={"word": "word-of-vendor"}))
    assert bench.sends("word-of-vendor")
    texts = {json.dumps(body) for body in (unset, *bodies.values())}
    assert len(texts) == 1 + len(bodies)
    assert await bench.body(chat(tools=TOOLS, tool_choice="auto"))
    assert await bench.body(chat(tool_choice="required")) == await bench.body(chat())
    assert await bench.body(chat(tools=TOOLS, tool_choice="unheard_of")) == unset


async def test_c62_every_form_of_response_format(bench: Bench) -> None:
    plain = await bench.body()
    for model in [*list(bench.subject.known)[:6], "some-model"]:
        config = {"default_model": model}
        bare, wrapped = (ResponseFormatJsonSchema(json_schema=schema) for schema in (SCHEMA, WRAPPED))
        texts = {json.dumps(await bench.body(chat(response_format=one), config)) for one in (bare, wrapped)}
        assert all("word_of_schema" in text for text in texts)
        assert await bench.ask(request=chat(response_format=ResponseFormatText()), config=config)
        for wanted in (bare, ResponseFormatJson()):
            response = await bench.ask(request=chat(response_format=wanted), config=config)
            assert {"": bench.asked[-1].path, **bench.asked[-1].json()} != plain
            if wanted is bare:  # a schema among the sentences is no more than a request to the model
                assert (response.degradation is not None) == ("word_of_schema" in "".join(sentences(bench)))
            if response.degradation is not None:
                assert response.degradation.requested and response.degradation.actual and response.degradation.reason


async def test_c63_text_is_made_fit_for_json(bench: Bench) -> None:
    said = chat("he\ud800llo\x00 wor\x1bld \ud83d\ude00", stream=bench.subject.streams)
    case = bench.subject.case("stream of a text" if bench.subject.streams else "a text")
    parts = json.loads(json.dumps(case.parts).replace("Paris", "Pa\\ud800ris"))
    async with bench.serving(case.answer(parts=parts)) as server:
        response = await bench.provider(server.url, raw=True).complete(said)
    assert "hello world 😀" in bench.wire
    assert response.text == case.expect["text"]
    assert response.model_dump_json().encode()
    assert {"llm:request", "llm:response"} <= set(bench.told.names)  # which Told takes only if it is JSON


async def test_c64_calls_at_the_same_time_share_nothing(bench: Bench) -> None:
    case, count = bench.subject.case("a text"), 200
    answers = [
        case.answer(parts=[json.loads(json.dumps(case.data["reply"]).replace("Paris", f"City {number}"))])
        for number in range(count)
    ]
    async with in_time(60), bench.serving(*answers) as server:
        provider = bench.provider(server.url)
        requests = [chat(f"Question {number}.") for number in range(count)]
        responses = await asyncio.gather(*(provider.complete(request) for request in requests))
    answered = {_number(asked.body.decode(), "Question"): place for place, asked in enumerate(bench.asked)}
    assert {_number(response.text, "City") for response in responses} == set(range(count))
    assert [_number(response.text, "City") for response in responses] == [answered[n] for n in range(count)]
    ids = [told["request_id"] for told in bench.told.of("llm:request")]
    assert len(set(ids)) == count and set(ids) == {told["request_id"] for told in bench.told.of("llm:response")}


def _number(text: str, word: str) -> int:
    """Return the number behind a word."""
    digits = "".join(char if char.isdigit() else " " for char in text.partition(f"{word} ")[2])
    return int(digits.split()[0])


def sentences(bench: Bench) -> list[str]:
    """Return the texts of the last request that consist of words, as what is said to the model does."""
    return [text for text in leaves(bench.asked[-1].json()) if isinstance(text, str) and " " in text]


def lost(id_: str) -> Message:
    """Return a call whose result is missing."""
    return message("assistant", tool_calls=[{"id": id_, "tool": "look", "arguments": {}}])
