"""complete() against a real server: what goes out, what comes back, what is told."""

import asyncio
import json
from typing import Any

import pytest

from amplifier_module_provider_openai.http import joined
from tests.cases import Case, asking, cases, differences, example, seen
from tests.conftest import KEY, MODEL, Make
from tests.listener import Listener, requested, told_of
from tests.server import Asked, Reply, Server, in_json

pytestmark = pytest.mark.asyncio
ANSWER = example("a text")
SAID = ANSWER.expect["text"]


@pytest.mark.parametrize("case", cases("response", fails=False), ids=str)
async def test_a_whole_answer(case: Case, make: Make, listener: Listener) -> None:
    async with Server(case.reply()) as server:
        provider = make(server.url)
        response = await provider.complete(asking(stream=False))
    assert differences(case.expect, seen(response)) == []
    assert listener.names == ["llm:request", "llm:response"]
    request, told = requested(listener)
    assert (request["streaming"], request["message_count"]) == (False, 1)
    assert (told["status"], told["model"]) == ("ok", MODEL)
    assert "error" not in told
    if response.usage is not None:
        usage = {key: value for key, value in response.usage.model_dump(mode="json").items() if key in told["usage"]}
        assert told["usage"] == usage
    calls = [(block.id, block.name, block.input) for block in response.content if block.type == "tool_call"]
    assert [(call.id, call.name, call.arguments) for call in provider.parse_tool_calls(response)] == calls


async def test_the_request_goes_where_the_vendor_listens(make: Make) -> None:
    async with Server(ANSWER.reply()) as server:
        provider = make(f"{server.url}/")
        await provider.complete(asking("Is it raining?", stream=False), nonsense=1)
        [asked] = server.asked
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/json"
    assert "Is it raining?" in json.dumps(asked.json())
    assert joined(server.url, asked.target).startswith(server.url)
    assert asked.headers["authorization"] == f"Bearer {KEY}"


async def test_the_answer_is_in_every_form_that_orchestrators_read(make: Make) -> None:
    async with Server(ANSWER.reply()) as server:
        response: Any = await make(server.url).complete(asking(stream=False))
    assert response.text == SAID
    assert [block.type.value for block in response.content_blocks] == ["text"]
    assert response.content_blocks[0].to_dict()["text"] == SAID
    assert json.loads(response.model_dump_json())["content"][0]["text"] == SAID
    assert response.tool_calls is None


async def test_a_call_is_both_a_block_and_a_call(make: Make) -> None:
    async with Server(example("a call without arguments").reply()) as server:
        response: Any = await make(server.url).complete(asking(stream=False))
    [block], [call] = response.content, response.tool_calls
    assert (block.id, block.name, block.input) == (call.id, call.name, call.arguments)
    assert (call.get("tool"), call.get("arguments")) == (call.name, {})  # as loop-basic reads it
    assert response.finish_reason == "tool_calls"


async def test_the_request_is_not_changed(make: Make) -> None:
    request = asking(stream=False, temperature=0.0, stop=["."])
    before = request.model_dump_json()
    async with Server(ANSWER.reply()) as server:
        await make(server.url).complete(request)
    assert request.model_dump_json() == before


async def test_it_works_without_anyone_listening(make: Make) -> None:
    class Deaf:
        async def emit(self, name: str, payload: dict[str, Any]) -> None:
            raise RuntimeError("nobody is there")

    async with Server(ANSWER.reply()) as server:
        provider = make(server.url)
        for coordinator in (None, object(), type("Coordinator", (), {"hooks": Deaf()})()):
            provider.coordinator = coordinator
            assert seen(await provider.complete(asking(stream=False)))["text"] == SAID


async def test_raw_payloads_are_told_only_if_wanted(make: Make, listener: Listener) -> None:
    async with Server(ANSWER.reply()) as server:
        await make(server.url).complete(asking("Is it raining?", stream=False))
        assert not [payload for _, payload in listener.events if "raw" in payload]
        listener.events.clear()
        await make(server.url, raw="true").complete(asking("Is it raining?", stream=False))
    request, told = requested(listener)
    assert "Is it raining?" in json.dumps(request["raw"])
    assert SAID in json.dumps(told["raw"], ensure_ascii=False)
    assert KEY not in json.dumps(listener.events)


async def test_what_it_cost_is_added_up(make: Make) -> None:
    async with Server(ANSWER.reply()) as server:
        provider = make(server.url)
        assert provider.session_cost() is None
        responses = [await provider.complete(asking(stream=False)) for _ in range(2)]
        costs = [response.usage.cost_usd for response in responses if response.usage and response.usage.cost_usd]
        cost = provider.session_cost()
    assert cost is not None
    assert cost["cost_usd"] == (str(sum(costs)) if costs else None)


async def test_calls_at_the_same_time_do_not_meet(make: Make, listener: Listener) -> None:
    def answer(asked: Asked) -> Reply:
        number = json.dumps(asked.json()).split("number ")[1][:2]
        return in_json(json.loads(json.dumps(ANSWER.data["reply"]).replace(json.dumps(SAID)[1:-1], f"It is {number}.")))

    async with Server(answer) as server:
        provider = make(server.url)
        requests = [asking(f"This is number {number}.", stream=False) for number in range(10, 30)]
        responses = await asyncio.gather(*(provider.complete(request) for request in requests))
    assert [seen(response)["text"] for response in responses] == [f"It is {number}." for number in range(10, 30)]
    assert len({payload["request_id"] for payload in listener.payloads("llm:request")}) == 20


async def test_streams_at_the_same_time_do_not_meet(make: Make, listener: Listener) -> None:
    shown = example("stream of a text")
    async with Server(shown.reply()) as server:
        provider = make(server.url)
        responses = await asyncio.gather(*(provider.complete(asking()) for _ in range(20)))
    for payload in listener.payloads("llm:request"):
        own = Listener()
        own.events = [event for event in listener.events if event[1]["request_id"] == payload["request_id"]]
        requested(own)
        told_of(own, responses[0])
    assert [seen(response)["text"] for response in responses] == [SAID] * 20


async def test_only_the_caller_turns_streaming_off(make: Make, listener: Listener) -> None:
    async with Server(ANSWER.reply()) as server:  # it answers as a whole whatever it is asked
        provider = make(server.url)
        request = asking(stream=True).model_copy(update={"stream": False})
        for config, wanted in ((request, True), (asking(stream=False), False)):
            assert seen(await provider.complete(config))["text"] == SAID
            assert listener.payloads("llm:request")[-1]["streaming"] is wanted
        await make(server.url, use_streaming="false").complete(request)
        assert listener.payloads("llm:request")[-1]["streaming"] is False


async def test_a_made_up_result_is_told_once(make: Make, listener: Listener) -> None:
    calls = [{"id": "lost", "tool": "look", "arguments": {}}]
    request = asking(stream=False)
    lost = request.messages[0].model_copy(update={"role": "assistant", "content": "", "tool_calls": calls})
    request = request.model_copy(update={"messages": [*request.messages, lost, *request.messages]})
    async with Server(ANSWER.reply()) as server:
        provider = make(server.url)
        for _ in range(2):
            await provider.complete(request)
    [told] = listener.payloads("provider:tool_sequence_repaired")
    assert told["repairs"] == [{"tool_call_id": "lost", "tool_name": "look"}]
    assert told["repair_count"] == 1


@pytest.mark.parametrize("case", cases("models"), ids=str)
async def test_models_are_listed(case: Case, make: Make) -> None:
    async with Server(case.reply()) as server:
        models = {model.id: model for model in await make(server.url).list_models()}
        assert {asked.method for asked in server.asked} == {"GET"}
    known = {card["id"]: card for card in case.expect["models"]}
    assert models.keys() <= known.keys()
    assert sorted(models) == sorted(case.expect.get("listed", models))
    for id_, model in models.items():
        given = {key: value for key, value in known[id_].items() if value is not None}
        assert differences(given, model.model_dump()) == []
