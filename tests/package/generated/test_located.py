"""Where calls go and models are listed, as far as the configuration decides it: seen from the vendor."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from amplifier_core import ChatRequest
from amplifier_core.llm_errors import ConfigurationError
from amplifier_core.message_models import Message

from tests.package.generated.vendors import DOCUMENT, MAPPINGS, package
from tests.support.replay import Replay, reply

pytestmark = pytest.mark.asyncio
NAME = "amplifier_module_provider_located"


@pytest.fixture(scope="module")
def located(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give the class of the provider."""
    made = package(MAPPINGS / "located.yaml", DOCUMENT, tmp_path_factory.mktemp("located"))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(made)
        yield importlib.import_module(NAME).LocatedProvider


def asking(**metadata: Any) -> ChatRequest:
    return ChatRequest(messages=[Message(role="user", content="Hi")], metadata=metadata)


async def test_a_call_goes_where_its_options_say(located: Any) -> None:
    config = {"default_model": "m/1", "project": "a b/c", "team": "red"}
    async with Replay(reply({"content": "Hi."}), reply({"content": "Hi."})) as server:
        await located("key", base_url=server.url, config=config).complete(asking(trace="t-1"))
        await located("key", base_url=server.url, config={**config, "team": "", "version": "2"}).complete(asking())
        first, second = server.asked
    assert first.target == "/v1/a%20b%2Fc/models/m%2F1/chat?mode=plain&version=2026-01"
    assert second.target.endswith("/chat?mode=plain&version=2")
    assert [first.headers.get(name) for name in ("x-team", "x-made", "x-trace")] == ["red", "yes", "t-1"]
    assert [second.headers.get(name) for name in ("x-team", "x-made", "x-trace")] == [None, "yes", None]


async def test_models_are_listed_where_the_options_say(located: Any) -> None:
    pages = reply({"data": [{"id": "a"}], "next": "a"}), reply({"data": [{"id": "b"}]}), reply({"data": []})
    async with Replay(*pages) as server:
        config = {"project": "p 1", "team": "red", "market": "eu"}
        models = await located("key", base_url=server.url, config=config).list_models()
        await located("key", base_url=server.url, config={"project": "p"}).list_models()
        first, second, plain = server.asked
    assert [model.id for model in models] == ["a", "b"]
    assert first.target == "/v1/p%201/models?count=2&version=2026-01&market=eu"
    assert second.target == f"{first.target}&after=a"
    assert plain.target == "/v1/p/models?count=2&version=2026-01"
    told = ("x-team", "x-made", "x-market", "x-key", "x-trace")
    assert [first.headers.get(name) for name in told] == ["red", "yes", "eu", "key", None]
    assert [plain.headers.get(name) for name in told] == [None, "yes", None, "key", None]


async def test_a_path_cannot_do_without_its_options(located: Any) -> None:
    provider = located("key", base_url="http://127.0.0.1:9", config={"default_model": "m"})
    with pytest.raises(ConfigurationError, match="the option project has to be configured"):
        await provider.complete(asking())
    assert await provider.list_models()  # those that are known without asking


async def test_the_set_up_asks_for_them(located: Any) -> None:
    asked = {field.id: field for field in located().get_info().config_fields}
    assert {name for name, field in asked.items() if field.required} == {"api_key", "project"}
    assert {"region", "version", "team", "market"} <= asked.keys()
