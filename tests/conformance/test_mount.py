"""mount: C11 to C25."""

import asyncio
import inspect
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from amplifier_core.events import ALL_EVENTS
from amplifier_core.testing import MockCoordinator

from tests.conformance.bench import Bench, Told, chat, in_time, message
from tests.conformance.subject import NOBODY, Subject
from tests.support.replay import reply
from tests.support.sessions import conversation

STRANGER = "unheard-of-model"


async def test_c11_mount_is_async_and_takes_any_configuration(subject: Subject) -> None:
    assert inspect.iscoroutinefunction(subject.module.mount)
    _coordinator, config = inspect.signature(subject.module.mount).parameters.values()
    assert config.default is None
    configs: tuple[dict[str, Any] | None, ...] = (None, {})
    for given in configs:
        coordinator = _coordinator_()
        await subject.module.mount(coordinator, given)
        assert coordinator.mount_points["providers"]


async def test_c12_mounted_under_the_id(subject: Subject) -> None:
    coordinator = _coordinator_()
    await subject.module.mount(coordinator, {})
    ((name, provider),) = coordinator.mount_points["providers"].items()
    assert name == subject.name == provider.name
    assert isinstance(provider, subject.provider)


async def test_c13_cleanup_is_returned_and_can_be_repeated(subject: Subject) -> None:
    cleanup = await subject.module.mount(_coordinator_(), {})
    assert callable(cleanup) and not isinstance(cleanup, subject.provider)
    for _ in range(2):
        done = cleanup()
        if inspect.isawaitable(done):
            await done


async def test_c14_without_a_key_nothing_is_mounted(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in subject.info.credential_env_vars:
        monkeypatch.delenv(name, raising=False)
    coordinator = _coordinator_()
    assert await subject.module.mount(coordinator, {}) is None
    assert not coordinator.mount_points["providers"]
    assert [record.levelno for record in caplog.records if record.name.startswith("amplifier_module")] == [
        logging.WARNING
    ]


async def test_c15_two_instances_live_side_by_side(bench: Bench) -> None:
    module = f"provider-{bench.subject.name}"
    async with bench.serving("a text") as one, bench.serving("a text") as other:
        entries = [
            {"module": module, "config": bench.subject.configured(one.url, default_model="first-model")},
            {
                "module": module,
                "config": bench.subject.configured(other.url, default_model="second-model"),
                "instance_id": "second",
            },
        ]
        async with conversation("loop-basic", entries) as session:
            first, second = session.providers[bench.subject.name], session.providers["second"]
            await first.complete(chat("From the first."))
            assert ([len(one.asked), len(other.asked)], second.session_cost()) == ([1, 0], None)
            await second.complete(chat("From the second."))
            costs = await session.session.coordinator.collect_contributions("session.cost")
    assert len(costs) == 2
    for server, words in ((one, ("first-model", "From the first.")), (other, ("second-model", "From the second."))):
        (asked,) = server.asked
        assert all(word in f"{asked.target} {asked.body.decode()}" for word in words)


async def test_c16_texts_are_coerced(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    plain = await bench.body()
    unset = [{"max_tokens": ""}, {"temperature": "  "}, {"base_url_": ""}]
    if bench.subject.info.defaults.get("model"):
        unset.append({"default_model": ""})
    for config in unset:
        assert await bench.body(config=config) == plain
    spaced = {"default_model": " some-model\n", "reasoning_effort": " high ", "max_tokens": " 321 "}
    assert await bench.body(config=spaced) == await bench.body(config={k: v.strip() for k, v in spaced.items()})
    async with bench.serving("a text") as server:
        assert await bench.provider(f"  {server.url}\n").complete(chat())
    caplog.clear()
    assert await bench.body(config={"max_tokens": "many"}) == plain
    assert "max_tokens" in caplog.text
    await bench.body(config={"max_tokens": "321"})
    assert bench.sends(321)
    assert bench.subject.bare(priority="7").priority == 7
    async with bench.serving(reply({}, status=503), "a text") as server:
        provider = bench.provider(server.url, use_streaming="false", raw="false", max_retries="1")
        await provider.complete(chat(stream=True))
    assert bench.told.of("llm:request")[-1]["streaming"] is False
    assert "raw" not in bench.told.of("llm:request")[-1]
    assert len(bench.asked) == 2


async def test_c17_unknown_keys_are_ignored(bench: Bench) -> None:
    strangers = {"nonsense": object(), "debug": True, "raw_debug": "x", "matrix": {"a": 1}, "instance_id": "x"}
    assert await bench.body(config=strangers) == await bench.body()
    assert await bench.subject.module.mount(_coordinator_(), strangers)


def test_c18_priority_is_a_whole_number(subject: Subject) -> None:
    given: list[dict[str, Any]] = [
        {},
        {"priority": 5},
        {"priority": "5"},
        {"priority": 0},
        {"priority": None},
        {"priority": "high"},
    ]
    found = [subject.bare(**config).priority for config in given]
    assert found == [100, 5, 5, 0, 100, 100]
    assert {type(priority) for priority in found} == {int}


def test_c19_nothing_is_called_stream(subject: Subject) -> None:
    assert not hasattr(subject.bare(), "stream")


def test_c20_default_model_is_the_only_name_for_it(subject: Subject) -> None:
    assert isinstance(subject.bare().default_model, str)
    assert subject.bare(default_model="some-model").default_model == "some-model"
    assert not hasattr(subject.bare(), "model")


async def test_c21_events_of_its_own_are_contributed(bench: Bench) -> None:
    coordinator = _coordinator_()
    await bench.subject.module.mount(coordinator, {})
    (contributed,) = await coordinator.collect_contributions("observability.events")
    lost = message("assistant", tool_calls=[{"id": "lost", "tool": "look", "arguments": {}}])
    async with bench.serving(reply({}, status=503), *_broken_and_whole(bench.subject)) as server:
        await bench.provider(server.url, max_retries=2).complete(chat("Hello.", lost, "Go on.", stream=True))
    assert {"llm:request", "provider:retry", "provider:tool_sequence_repaired", "llm:response"} <= set(bench.told.names)
    assert set(bench.told.names) - set(ALL_EVENTS) <= set(contributed)
    assert not set(contributed) & set(ALL_EVENTS)


async def test_c22_running_total_is_contributed(bench: Bench) -> None:
    coordinator = _coordinator_()
    async with bench.serving("a text", "a text") as server:
        await bench.subject.module.mount(coordinator, bench.subject.configured(server.url))
        assert await coordinator.collect_contributions("session.cost") in ([], [None])
        (provider,) = coordinator.mount_points["providers"].values()
        costs = [(await provider.complete(chat())).usage.cost_usd for _ in range(2)]
        (total,) = await coordinator.collect_contributions("session.cost")
        await provider.close()
    assert total["cost_usd"] == (str(sum(costs)) if None not in costs else None)
    priced = bench.subject.priced or "some-model"
    for configured, named in ((priced, STRANGER), (STRANGER, priced)):
        async with bench.serving("a text", "a text") as server:
            provider = bench.provider(server.url, default_model=configured)
            usage = [(await provider.complete(chat(model=model))).usage for model in (named, configured)]
        known = {model: one.cost_usd for model, one in zip((named, configured), usage, strict=True) if one.cost_usd}
        assert STRANGER not in known
        report = provider.session_cost()
        assert report["cost_usd"] == (str(sum(known.values())) if known else None)
        assert sorted(report["unpriced_models"]) == sorted({priced, STRANGER} - known.keys())


async def test_c23_closing_can_be_repeated(bench: Bench) -> None:
    untouched = bench.subject.bare()
    for _ in range(2):
        await untouched.close()
    async with bench.serving("a text", "a text") as server:
        provider = bench.provider(server.url)
        await provider.complete(chat())
        for _ in range(2):
            await provider.close()
        assert await provider.complete(chat())


async def test_c24_closing_survives_cancellation(bench: Bench) -> None:
    async with in_time(), bench.serving("a text") as server:
        provider = bench.provider(server.url)
        await provider.complete(chat())
        closing = asyncio.create_task(provider.close())
        asyncio.get_running_loop().call_soon(closing.cancel)
        await asyncio.gather(closing, return_exceptions=True)
        await server.left()  # hangs if the connection stayed open


async def test_c25_nobody_needs_to_listen(bench: Bench) -> None:
    class Silent(SimpleNamespace):
        hooks = None

    for coordinator in (None, SimpleNamespace(), Silent(), SimpleNamespace(hooks=Told())):
        async with bench.serving("a text") as server:
            response: Any = await bench.provider(server.url, coordinator=coordinator).complete(chat())
        assert response.text
    assert bench.subject.provider(config=bench.subject.configured(NOBODY)).name


def _broken_and_whole(subject: Subject) -> list[Any]:
    """Return a stream that breaks after its first text and one that does not, where the API streams."""
    if not subject.streams:
        return [subject.case("a text").answer()]
    shown = subject.case("stream of a text")
    return [shown.answer(upto=-1, end="reset"), shown.answer()]


def _coordinator_() -> Any:
    return MockCoordinator()  # type: ignore[no-untyped-call]
