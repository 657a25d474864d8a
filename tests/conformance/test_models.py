"""Models: C35 to C40."""

import asyncio
import inspect

import pytest
from amplifier_core.capabilities import ALL_WELL_KNOWN_CAPABILITIES
from amplifier_core.llm_errors import AuthenticationError
from amplifier_core.models import ModelInfo

from tests.conformance.bench import Bench, chat, in_time
from tests.conformance.subject import NOBODY
from tests.support.replay import Exchange, reply

UNHEARD_OF = "unheard-of-model"


async def test_c35_models_have_sizes(bench: Bench) -> None:
    assert inspect.iscoroutinefunction(bench.subject.provider.list_models)
    listed = list(bench.subject.known.values())
    for case in bench.subject.of("models"):
        async with bench.serving(*[case] * 3) as server:
            listed += await bench.provider(server.url).list_models()
    assert listed
    for model in listed:
        assert isinstance(model, ModelInfo) and model.id and model.display_name
        assert (type(model.context_window), type(model.max_output_tokens)) == (int, int)


async def test_c36_models_are_listed_without_network_and_key(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in bench.subject.info.credential_env_vars:
        monkeypatch.delenv(name, raising=False)
    assert isinstance(await bench.provider(NOBODY).list_models(), list)
    assert isinstance(await bench.subject.bare(base_url=NOBODY).list_models(), list)


async def test_c37_a_refusal_is_raised(bench: Bench) -> None:
    async with bench.serving(reply({}, status=401)) as server:
        with pytest.raises(AuthenticationError) as caught:
            await bench.provider(server.url).list_models()
    assert (caught.value.provider, caught.value.status_code) == (bench.subject.name, 401)


async def test_c38_capabilities_are_the_kernels_words(bench: Bench) -> None:
    listed = list(bench.subject.known.values())
    for case in bench.subject.of("models"):
        async with bench.serving(*[case] * 3) as server:
            listed += await bench.provider(server.url).list_models()
    assert {word for model in listed for word in model.capabilities} <= set(ALL_WELL_KNOWN_CAPABILITIES)
    assert set(bench.subject.info.capabilities) <= set(ALL_WELL_KNOWN_CAPABILITIES)


async def test_c39_known_prices_are_told(bench: Bench) -> None:
    for id_, model in list(bench.subject.known.items())[:4]:
        responses = [
            await bench.ask(case, config={"default_model": id_}) for case in bench.subject.of("response", fails=False)
        ]
        costs = {response.usage.cost_usd is not None for response in responses if response.usage}
        if "pricing" in ModelInfo.model_fields:
            assert (model.pricing is not None) == (True in costs), id_
    if "pricing" in ModelInfo.model_fields:
        listed = await bench.provider(default_model=UNHEARD_OF).list_models()
        assert [model.pricing for model in listed if model.id == UNHEARD_OF] == [None]


async def test_c40_models_come_unmounted_and_in_time(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    async with in_time(60), bench.serving(Exchange(end="hang")) as server:
        provider = bench.subject.provider(config=bench.subject.configured(server.url), coordinator=None)
        listing = asyncio.create_task(provider.list_models())
        if bench.subject.lists_models:
            await server.arrived.wait()
            now = loop.time
            monkeypatch.setattr(loop, "time", lambda: now() + 14.5)  # what 15 seconds of waiting come to
        assert isinstance(await listing, list)
        monkeypatch.undo()
        await provider.close()
    assert await bench.ask(request=chat())
