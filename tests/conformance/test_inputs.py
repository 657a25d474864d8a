"""complete: what comes in. What callers choose: C41 to C48."""

from typing import Any

from tests.conformance.bench import TOOLS, Bench, chat

FREE: dict[str, Any] = {
    "temperature": 0.375,
    "top_p": 0.625,
    "stop": ["HALT"],
    "timeout": 77.5,
    "conversation_id": "talk-1",
}


async def test_c41_model_by_keyword_then_request_then_default(bench: Bench) -> None:
    config = {"default_model": "model-of-config"}
    for request, kwargs, chosen in (
        (chat(model="model-of-request"), {"model": "model-of-keyword"}, "model-of-keyword"),
        (chat(model="model-of-request"), {}, "model-of-request"),
        (chat(), {}, "model-of-config"),
    ):
        await bench.ask(request=request, config=config, **kwargs)
        assert [word for word in ("keyword", "request", "config") if f"model-of-{word}" in bench.wire] == [chosen[9:]]
        assert bench.told.of("llm:request")[-1]["model"] == chosen


async def test_c42_thinking_can_be_turned_off(bench: Bench) -> None:
    model = {"default_model": bench.subject.thinker}
    eager = {**model, "reasoning_effort": "high"}
    off = await bench.body(config=model, extended_thinking=False)
    assert await bench.body(chat(reasoning_effort="high"), eager, extended_thinking=False) == off
    assert await bench.body(config=eager, extended_thinking=False, reasoning_effort="high") == off
    assert await bench.body(chat(reasoning_effort="high"), model) != off


async def test_c43_thinking_can_be_turned_on(bench: Bench) -> None:
    model = {"default_model": bench.subject.thinker}
    on = await bench.body(config=model, extended_thinking=True)
    assert on != await bench.body(config=model, extended_thinking=False)
    assert on == await bench.body(config=model, reasoning_effort="medium")
    if bench.subject.simpleton:
        plain = {"default_model": bench.subject.simpleton}
        assert await bench.body(config=plain, extended_thinking=True) == await bench.body(config=plain)


async def test_c44_reasoning_effort_counts_wherever_it_is_said(bench: Bench) -> None:
    model = {"default_model": bench.subject.thinker} if bench.subject.thinker else {}
    asked = await bench.body(chat(reasoning_effort="high"), model)
    assert await bench.body(config=model, reasoning_effort="high") == asked
    assert await bench.body(config={**model, "reasoning_effort": "high"}) == asked
    assert await bench.body(chat(reasoning_effort="low"), model, reasoning_effort="high") == asked
    if bench.subject.thinker:
        assert await bench.body(chat(reasoning_effort="low"), model) != asked
    if bench.subject.simpleton:
        plain = {"default_model": bench.subject.simpleton}
        assert await bench.body(chat(reasoning_effort="high"), plain) == await bench.body(config=plain)
    # what is configured is meant for the default model, and for others only as far as they are known to think
    stranger = chat(model="unheard-of-model")
    assert await bench.body(stranger, {**model, "reasoning_effort": "high"}) == await bench.body(stranger, model)
    configured = {"default_model": "unheard-of-model", "reasoning_effort": "high"}
    assert await bench.body(config=configured) == await bench.body(chat(reasoning_effort="high"), configured)


async def test_c45_streaming_is_turned_off_by_metadata_alone(bench: Bench) -> None:
    said: list[dict[str, Any]] = [
        {"metadata": None, "stream": False},
        {"metadata": {"stream": False}},
        {"metadata": {}},
    ]
    async with bench.serving(*["stream of a text", "a text", "stream of a text"]) as server:
        provider = bench.provider(server.url)
        for fields in said:
            request = chat().model_copy(update=fields)
            assert (await provider.complete(request)).text == bench.subject.case("a text").expect["text"]
    assert [told["streaming"] for told in bench.told.of("llm:request")] == [True, False, True]
    streamed, whole, again = [(asked.target, asked.body) for asked in bench.asked]
    assert streamed == again != whole


async def test_c46_a_small_limit_is_kept(bench: Bench) -> None:
    model = {"default_model": bench.subject.thinker} if bench.subject.thinker else {}
    eager = {**model, "reasoning_effort": "high", "max_tokens": 30000}
    await bench.ask(request=chat(max_output_tokens=256), config=eager, extended_thinking=False)
    assert bench.sends(256) and not bench.sends(30000)
    for name in ("max_output_tokens", "max_tokens"):
        kwargs: dict[str, Any] = {name: 257}
        await bench.ask(config=model, extended_thinking=False, **kwargs)
        assert bench.sends(257)


async def test_c47_optional_fields_never_fail(bench: Bench) -> None:
    for model in list(bench.subject.known)[:6]:
        for fields in ({name: value} for name, value in FREE.items()):
            assert await bench.ask(request=chat(**fields), config={"default_model": model})
        assert await bench.ask(
            request=chat(**FREE, tools=TOOLS), config={"default_model": model}, reasoning_effort="high"
        )


async def test_c48_unknown_keywords_are_ignored(bench: Bench) -> None:
    strangers: dict[str, Any] = {
        "role": "judge",
        "nonsense": object(),
        "purpose": "naming",
        "stream": True,
        "provider": "x",
    }
    assert await bench.body(**strangers) == await bench.body()
