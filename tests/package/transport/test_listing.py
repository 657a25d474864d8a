"""Which models are listed, and what is said of them."""

from types import ModuleType

import amplifier_core.llm_errors as kernel
import pytest

from tests.package.transport.conftest import Make, Part
from tests.support.replay import Replay, reply

pytestmark = pytest.mark.asyncio


async def test_the_vendors_list_with_what_the_catalog_adds(provider: Make) -> None:
    page = {"data": [{"id": "acme-1"}, {"id": "acme-x", "name": "X", "context": 5}, {"id": "z"}, {"id": "a-embed"}]}
    async with Replay(reply(page)) as server:
        one, x, z = await provider(server.url).list_models()
        [asked] = server.asked
    assert (asked.method, asked.target) == ("GET", "/v1/models?limit=2")
    assert asked.headers["acme-version"] == "7"
    assert asked.headers["authorization"].startswith("Bearer ")
    assert (one.id, one.display_name, one.context_window, one.max_output_tokens) == (
        "acme-1",
        "Acme One",
        200_000,
        8_000,
    )
    assert one.capabilities == ["streaming", "thinking", "tools"]
    assert (one.pricing.input_per_million, one.pricing.output_per_million) == (3.0, 15.0)
    assert (one.pricing.cache_read_per_million, one.pricing.cache_write_per_million) == (0.3, None)
    assert (x.display_name, x.context_window, x.max_output_tokens, x.pricing) == ("X", 5, 4_000, None)
    assert (z.display_name, z.context_window, z.max_output_tokens) == ("z", 0, 0)
    assert z.capabilities == ["streaming", "tools"]


async def test_every_page_is_read(provider: Make) -> None:
    pages = [
        {"data": [{"id": "a"}], "next": "a b", "more": True},
        {"data": [{"id": "c"}], "next": "c"},
        {"data": [{"id": "d"}], "next": "d", "more": False},
    ]
    async with Replay(*map(reply, pages)) as server:
        models = await provider(server.url).list_models()
        assert [asked.target for asked in server.asked] == [
            "/v1/models?limit=2",
            "/v1/models?limit=2&after=a+b",
            "/v1/models?limit=2&after=c",
        ]
    assert [model.id for model in models] == ["a", "c", "d"]


async def test_a_page_that_follows_itself_is_the_last(provider: Make) -> None:
    page = reply({"data": [{"id": "a"}], "next": "a"})
    async with Replay(page, page, page) as server:
        await provider(server.url).list_models()
        assert len(server.asked) == 2


async def test_a_refusal_is_told(provider: Make) -> None:
    async with Replay(reply({"error": {"message": "no"}}, status=401)) as server:
        with pytest.raises(kernel.AuthenticationError) as caught:
            await provider(server.url).list_models()
    assert caught.value.status_code == 401


@pytest.mark.parametrize("pages", [1, 2])
async def test_a_refusal_with_a_good_status_is_told(provider: Make, pages: int) -> None:
    listed = reply({"data": [{"id": "a"}], "next": "a"})
    refused = reply({"error": {"message": "no", "type": "slow_down"}})
    async with Replay(*[listed] * (pages - 1), refused) as server:
        with pytest.raises(kernel.RateLimitError, match="no"):
            await provider(server.url).list_models()


async def test_a_list_without_models_is_one(provider: Make) -> None:
    async with Replay(reply({"data": []}), reply({})) as server:
        made = provider(server.url)
        assert [await made.list_models(), await made.list_models()] == [[], []]


async def test_without_an_answer_the_known_models_are_listed(
    acme: ModuleType, provider: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    assert [model.id for model in await acme.AcmeProvider().list_models()] == ["acme-1"]
    offline = provider("http://127.0.0.1:9", default_model="mine")
    assert [model.id for model in await offline.list_models()] == ["mine", "acme-1"]
    async with Replay(reply("not here", status=404)) as server:
        assert [model.id for model in await provider(server.url).list_models()] == ["acme-1"]


async def test_a_core_without_prices(
    acme: ModuleType, provider: Make, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("amplifier_core.models.Pricing")
    async with Replay(reply({"data": [{"id": "acme-1"}]})) as server:
        [model] = await provider(server.url).list_models()
    assert model.pricing is None
