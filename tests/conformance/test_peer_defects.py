"""What hand-written packages get wrong (peer_defects.py), on generated ones: P01 to P36."""

import inspect
import json
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatResponse, Message, TextBlock, ThinkingBlock, ToolCallBlock

from tests.conformance.bench import TOOLS, Bench, chat, failed, in_time, message
from tests.conformance.case import Case
from tests.conformance.observed import Observed
from tests.conformance.subject import leaves
from tests.conformance.test_messages import called, result
from tests.support.replay import Exchange, Replay, reply

OVERLOADED = reply({}, status=503)
APART = ("timeout", "idle_timeout", "connect_timeout", "retry", "priority", "raw")  # settings that no request shows


async def test_p01_sampling_parameters_harm_no_call(bench: Bench) -> None:
    config = {"max_retries": 3, "temperature": "0.5"}
    for fields in ({"temperature": 0.3}, {"top_p": 0.4}, {"stop": ["HALT"]}, {"temperature": 1, "top_p": 1.0}):
        assert await bench.ask(request=chat(tools=TOOLS, **fields), config=config)
        assert len(bench.asked) == 1


async def test_p02_odd_usage_costs_no_answer(bench: Bench) -> None:
    case = bench.subject.case("a text")
    counts = {count for count in case.expect.get("usage", {}).values() if count > 3}
    odd: Any
    for odd in (None, "many", -1, [], {}, 1.5, True):
        response = await bench.ask(case.answer(parts=[_with_counts(case.data["reply"], counts, odd)]))
        assert response.text == case.expect["text"]


async def test_p03_only_what_is_there_is_used(bench: Bench) -> None:
    class Hooks(SimpleNamespace):
        __slots__ = ()

    coordinator = Hooks(hooks=bench.told)  # has no emit, no config, no session
    async with bench.serving("a text") as server:
        assert await bench.provider(server.url, coordinator=coordinator).complete(chat())
    assert inspect.iscoroutinefunction(bench.subject.provider.list_models)


async def test_p04_results_keep_the_id_of_their_call(bench: Bench) -> None:
    said = [called("one", "two"), result("two", "result-two"), result("one", "result-one")]
    await bench.ask(request=chat("Hello.", *said, "Go on."))
    told = (
        _places(bench.asked[-1].json(), "one", "tool_one", "result-one"),
        _places(bench.asked[-1].json(), "two", "tool_two", "result-two"),
    )
    assert all(told), "no element ties a result to its call"


async def test_p05_a_call_without_arguments_is_found(bench: Bench) -> None:
    response = ChatResponse(content=[ToolCallBlock(id="one", name="look", input={})])
    (call,) = bench.provider().parse_tool_calls(response)
    assert (call.id, call.name, call.arguments) == ("one", "look", {})


async def test_p06_tools_need_no_coordinator(bench: Bench) -> None:
    async with bench.serving("a text") as server:
        assert await bench.provider(server.url, coordinator=None).complete(chat(tools=TOOLS))
    assert bench.sends("get_weather")


async def test_p07_a_context_too_long_is_told_by_its_code(bench: Bench) -> None:
    await _fail_as(bench, "ContextLengthError", retryable=False)


async def test_p08_a_prompt_too_long_is_told_by_its_words(bench: Bench) -> None:
    for words in (
        "prompt is too long: 210000 tokens > 200000 maximum",
        "This exceeds the model's maximum context length",
    ):
        for case in bench.subject.failing("ContextLengthError")[:1]:
            said = json.loads(json.dumps(case.data["body"]))
            assert failed(await bench.fails(reply(_saying(said, words), status=400))) == ("ContextLengthError", False)


async def test_p09_a_used_up_quota_is_no_rate_limit(bench: Bench) -> None:
    await _fail_as(bench, "QuotaExceededError", retryable=False)


async def test_p10_a_content_filter_is_told_as_one(bench: Bench) -> None:
    await _fail_as(bench, "ContentFilterError", retryable=False)


async def test_p11_an_error_within_a_stream_is_of_its_class(bench: Bench) -> None:
    for case in bench.subject.of("stream", fails=True):
        retries = 0 if case.expect.get("retry_after") else 2  # nobody waits here for as long as a vendor may ask
        error = await bench.fails(*[case] * 3, request=chat(stream=True), config={"max_retries": retries})
        assert failed(error) == (case.expect["error"], case.expect.get("retryable", error.retryable)), case
        assert len(bench.asked) == (1 + retries if error.retryable else 1), case


async def test_p12_what_passes_within_a_stream_is_tried_again(bench: Bench) -> None:
    (case, *_) = bench.subject.passing_in_stream
    shown = bench.subject.case("stream of a text")
    response = await bench.ask(case, shown, request=chat(stream=True), config={"max_retries": 1})
    assert response.text == shown.expect["text"]
    error = await bench.fails(case, request=chat(stream=True))
    assert error.retryable and error.status_code != 200


async def test_p13_a_failed_connection_is_a_network_error(bench: Bench) -> None:
    with pytest.raises(Exception) as caught:
        await bench.provider().complete(chat())
    assert failed(caught.value) == ("NetworkError", True)


async def test_p14_a_timeout_is_a_timeout(bench: Bench) -> None:
    async with in_time():
        error = await bench.fails(Exchange(end="hang"), config={"timeout": 0.05})
    assert failed(error) == ("LLMTimeoutError", True)


async def test_p15_413_and_422_are_known(bench: Bench) -> None:
    assert failed(await bench.fails(reply({}, status=413))) == ("ContextLengthError", False)
    assert failed(await bench.fails(reply({}, status=422))) == ("InvalidRequestError", False)


async def test_p16_a_challenge_page_is_no_refusal(bench: Bench) -> None:
    page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>cloudflare</body></html>"
    for kind in ("text/html", "text/plain", "application/json"):
        error = await bench.fails(reply(page, status=403, headers={"content-type": kind}))
        assert failed(error) == ("ProviderUnavailableError", True)
    assert failed(await bench.fails(reply({"error": "no"}, status=403))) == ("AccessDeniedError", False)
    assert failed(await bench.fails(Exchange(403))) == ("AccessDeniedError", False)


async def test_p17_unavailability_is_tried_again_while_streaming(bench: Bench) -> None:
    case = bench.subject.case("stream of a text" if bench.subject.streams else "a text")
    response = await bench.ask(OVERLOADED, case, request=chat(stream=True), config={"max_retries": 1})
    assert response.text == case.expect["text"]
    assert failed(await bench.fails(OVERLOADED, request=chat(stream=True))) == ("ProviderUnavailableError", True)


async def test_p18_an_answer_stopped_for_its_content_says_so(observed: Observed) -> None:
    stopped = [seen for seen in observed if seen.case.expect.get("finish_reason") == "content_filter"]
    for seen in stopped:
        assert seen.response.finish_reason == "content_filter" and seen.response.content, seen
    assert stopped


async def test_p19_the_text_of_an_incomplete_answer_is_kept(observed: Observed) -> None:
    cut = [
        seen for seen in observed if seen.case.expect.get("finish_reason") == "length" and seen.case.expect.get("text")
    ]
    assert cut
    for seen in cut:
        assert (seen.response.text, seen.response.finish_reason) == (seen.case.expect["text"], "length")


async def test_p20_a_call_has_the_id_that_results_refer_to(bench: Bench, observed: Observed) -> None:
    for seen in observed:
        expected = [block for block in seen.case.expect.get("blocks", ()) if block["type"] == "tool_call"]
        for block, call in zip(expected, seen.response.tool_calls or [], strict="blocks" in seen.case.expect):
            assert call.id == block.get("id", call.id), seen
        if expected and "id" in expected[0]:
            stored = Message(role="assistant", content=seen.response.content)
            results = [result(call.id, "done") for call in seen.response.tool_calls]
            await bench.ask(request=chat("Hello.", stored, *results, "Go on."))
            sent = list(leaves(bench.asked[-1].json()))
            assert all(sent.count(call.id) in (0, 2) for call in seen.response.tool_calls), seen


async def test_p21_the_text_false_turns_off(bench: Bench) -> None:
    for field in bench.subject.info.config_fields:
        if field.field_type == "boolean":
            assert await bench.body(config={field.id: "false"}) == await bench.body(config={field.id: False})
    await bench.ask(request=chat(stream=True), config={"use_streaming": "false", "raw": "false"})
    told = bench.told.of("llm:request")[-1]
    assert told["streaming"] is False and "raw" not in told


async def test_p22_every_field_of_the_set_up_is_read(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    async with bench.serving() as server:  # one address for all, as it is told in every request
        for field in bench.subject.info.config_fields:
            if field.id in ("api_key", "base_url"):
                continue  # without them nothing here would work
            values = [*(field.choices or ()), "true", "false", "some-word", "7"]
            for model in [bench.subject.bare().default_model, *bench.subject.known, *bench.subject.families]:
                seen = [await _effect(bench, server, {"default_model": model, field.id: value}) for value in values]
                if any(one != seen[0] for one in seen):
                    break
            else:
                pytest.fail(f"{field.id} changes nothing")
            assert f"{field.id!r} is not known" not in caplog.text


async def test_p23_a_temperature_of_zero_is_sent(bench: Bench) -> None:
    for model in [*bench.subject.known, "some-model"]:
        config = {"default_model": model}
        some, none = await bench.body(chat(temperature=0.5), config), await bench.body(config=config)
        zeros = [
            await bench.body(chat(temperature=0.0), config),
            await bench.body(config={**config, "temperature": "0"}),
            await bench.body(chat(temperature=0.0), {**config, "temperature": 0.5}),
        ]
        assert zeros[0] == zeros[1] == zeros[2], model
        assert (zeros[0] == none) == (some == none), model


async def test_p24_a_developers_blocks_are_text(bench: Bench) -> None:
    for role in ("developer", "system"):
        blocks = [TextBlock(text="word-one"), TextBlock(text="word-two")]
        await bench.ask(request=chat(message(role, blocks), "Hello."))
        assert "word-one" in bench.wire and "word-two" in bench.wire
        assert "TextBlock" not in bench.wire and "type='text'" not in bench.wire


async def test_p25_later_instructions_are_instructions_too(bench: Bench) -> None:
    first, later = (Message(role="system", content=f"word-{one}") for one in ("first", "later"))
    joined = await bench.body(chat(Message(role="system", content="word-first\n\nword-later"), "Hello.", "Go on."))
    assert await bench.body(chat(first, "Hello.", later, "Go on.")) == joined
    late = Message(role="developer", content="word-developer")
    assert await bench.body(chat("Hello.", late, "Go on.")) == await bench.body(chat(late, "Hello.", "Go on."))


async def test_p26_calls_in_the_content_alone_are_sent_alike(bench: Bench) -> None:
    block = ToolCallBlock(id="one", name="tool_one", input={"of": "argument-one"})
    alone = Message(role="assistant", content=[block])
    bodies = [await bench.body(chat("Hello.", said, result("one"), "Go on.")) for said in (alone, called("one"))]
    assert bodies[0] == bodies[1]
    assert '"tool_call"' not in json.dumps(bodies[0])


async def test_p27_a_message_that_is_only_a_call_is_not_empty(bench: Bench) -> None:
    body = await bench.body(chat("Hello.", called("one"), result("one"), "Go on."))
    assert "argument-one" in json.dumps(body)
    assert "[]" not in json.dumps({key: value for key, value in body.items() if key != "tools"})


async def test_p28_results_belong_to_their_function(bench: Bench) -> None:
    said: list[Any] = [called("one"), result("one"), called("two", "three"), result("three"), result("two"), "And?"]
    await bench.ask(request=chat("Hello.", *said, called("four"), result("four"), "Go on."))
    for name in ("one", "two", "three", "four"):
        assert _places(bench.asked[-1].json(), name, f"tool_{name}", f"result-{name}"), name


async def test_p29_signatures_of_calls_return(bench: Bench) -> None:
    for case in bench.subject.signed_calls:
        response = await bench.ask(case)
        stored = Message.model_validate_json(Message(role="assistant", content=response.content).model_dump_json())
        calls = [call for call in response.content if call.type == "tool_call"]
        await bench.ask(request=chat("Hello.", stored, *(result(call.id, "done") for call in calls), "Go on."))
        for value in (one for call in calls for one in leaves(call.model_dump().get(bench.subject.name, {}))):
            assert bench.sends(value), case


async def test_p30_metadata_are_json(observed: Observed) -> None:
    for seen in observed:
        assert json.dumps(seen.response.metadata, allow_nan=False), seen


async def test_p31_every_thinking_block_returns_in_its_place(bench: Bench) -> None:
    shown = await bench.ask(bench.subject.case("thinking"))
    thinking = next(block for block in shown.content if block.type == "thinking")
    own = {bench.subject.name: thinking.model_dump()[bench.subject.name]} if thinking.model_extra else {}
    blocks = [
        ThinkingBlock(thinking="thought-one", signature=thinking.signature, **own),
        TextBlock(text="word-one"),
        ThinkingBlock(thinking="thought-two", signature=thinking.signature, **own),
        ToolCallBlock(id="one", name="tool_one", input={"of": "argument-one"}),
    ]
    await bench.ask(request=chat("Hello.", message("assistant", blocks), result("one"), "Go on."))
    first, second, word, call = (
        bench.wire.find(said) for said in ("thought-one", "thought-two", "word-one", "argument-one")
    )
    assert 0 < word < call
    assert 0 < first < second or first == second == -1  # where thinking is never sent
    assert (first < word < second) or "thought-one\\nthought-two" in bench.wire or first == -1


async def test_p32_thinking_is_never_sent_as_text(bench: Bench) -> None:
    for name in ("thinking", "stream of thinking"):
        response = await bench.ask(name)
        stored = Message(role="assistant", content=response.content)
        unsigned = Message(
            role="assistant", content=[ThinkingBlock(thinking="thought-unsigned"), TextBlock(text="Hm.")]
        )
        await bench.ask(request=chat("Hello.", stored, "Go on.", unsigned, "Well?"))
        for said in _texts(bench.asked[-1].json()):
            assert "thought-unsigned" not in said and "The user asks" not in said


async def test_p33_broken_arguments_run_no_tool(bench: Bench) -> None:
    for case, parts in bench.subject.with_broken_arguments():
        error = await bench.fails(case.answer(parts=parts), request=chat(stream=case.kind == "stream"))
        assert failed(error) == ("InvalidToolCallError", False)


async def test_p34_arguments_of_empty_text_are_none(bench: Bench) -> None:
    for name in ("a call without arguments", "stream of a call without arguments"):
        case = bench.subject.case(name)
        parts = json.loads(json.dumps(case.parts).replace('"{}"', '""'))
        response = await bench.ask(case.answer(parts=parts), request=chat(stream=case.kind == "stream"))
        assert [call.arguments for call in response.tool_calls] == [{}]


async def test_p35_calls_are_among_what_is_displayed(observed: Observed) -> None:
    for seen in observed:
        shown = [
            (block.id, block.name) for block in seen.response.content_blocks or [] if block.type.value == "tool_call"
        ]
        assert shown == [(block.id, block.name) for block in seen.blocks("tool_call")], seen


async def test_p36_a_result_is_made_up_on_every_call(bench: Bench) -> None:
    request = chat("Hello.", called("one"), "Go on.")
    async with bench.serving("a text", "a text", "a text") as server:
        provider = bench.provider(server.url)
        for _ in range(3):
            await provider.complete(request)
    assert len({asked.body for asked in bench.asked}) == 1
    assert len(bench.told.of("provider:tool_sequence_repaired")) == 1


async def _effect(bench: Bench, server: Replay, config: dict[str, Any]) -> list[Any]:
    """Return all that a configuration may have an effect on: a request, its address, what is set apart from both."""
    server.add(bench.exchange("stream of a text" if bench.subject.streams else "a text"))
    provider = bench.provider(server.url, **config)
    with suppress(LLMError):  # the answer may not be of the form that the configuration asks for
        await provider.complete(chat(tools=TOOLS, stream=True))
    last = server.asked[-1]
    others = {one.id: "some-word" for one in bench.subject.info.config_fields if one.id != "base_url"}
    address = bench.subject.bare(**{**others, **config}).settings.base_url
    return [
        last.method,
        last.target,
        last.headers,
        last.body,
        address,
        *(getattr(provider.settings, name) for name in APART),
    ]


async def _fail_as(bench: Bench, error: str, *, retryable: bool) -> None:
    """Check that every reply of the kind leads to its class, after one attempt if it cannot pass."""
    cases: list[Case] = bench.subject.failing(error)
    assert cases
    for case in cases:
        found = await bench.fails(*[case] * 2, config={"max_retries": 1})
        assert failed(found) == (error, retryable), case
        assert len(bench.asked) == 1 + retryable


def _places(value: Any, id_: str, name: str, text: str) -> bool:
    """Return whether some element of a JSON value holds the result's text with the call's id or its tool's name."""
    if isinstance(value, dict):
        held = list(leaves(value))
        tied = (id_ in held or name in held) and any(text in str(one) for one in held)
        if tied and len([one for one in held if str(one).startswith("result-")]) == 1 and "argument-" not in str(held):
            return True
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_places(item, id_, name, text) for item in items)


def _with_counts(value: Any, counts: set[int], odd: Any) -> Any:
    """Return a reply whose counts of tokens are something else."""
    if isinstance(value, dict):
        return {key: _with_counts(item, counts, odd) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_counts(item, counts, odd) for item in value]
    return odd if type(value) is int and value in {*counts, 8, 4, 5} else value


def _saying(value: Any, words: str) -> Any:
    """Return the body of an error with all its longer texts replaced, and no code."""
    if isinstance(value, dict):
        return {key: _saying(item, words) for key, item in value.items() if key not in ("code", "type", "status")}
    return words if isinstance(value, str) and " " in value else value


def _texts(value: Any, *, private: bool = False) -> list[str]:
    """Return the texts of a request that stand outside of what is marked as thinking."""
    if isinstance(value, dict):
        marked = private or value.get("thought") is True or value.get("type") in ("thinking", "reasoning")
        inner = {key: item for key, item in value.items() if key not in ("thinking", "reasoning", "reasoning_content")}
        return [text for item in inner.values() for text in _texts(item, private=marked)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item, private=private)]
    return [value] if isinstance(value, str) and not private else []
