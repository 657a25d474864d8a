"""Words of a call that a vendor has no table for: only those that its document lists go out."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from amplifier_core.message_models import ChatRequest

from tests.package.generated.vendors import package
from tests.support.installation import installed
from tests.support.replay import Replay, reply

VENDOR = Path(__file__).parents[2] / "check"
ANSWER = {"content": [], "reason": "end"}


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Give the package of a vendor whose mapping has a bare `$reasoning_effort`."""
    target = package(VENDOR / "mapping.yaml", VENDOR / "openapi.yaml", tmp_path_factory.mktemp("acme"))
    with installed(target):
        return importlib.import_module("amplifier_module_provider_acme")


async def body(acme: ModuleType, effort: str, **config: Any) -> dict[str, Any]:
    async with Replay(reply(ANSWER)) as server:
        made = acme.AcmeProvider("some-key", base_url=server.url, config={"default_model": "m", **config})
        request = {"messages": [{"role": "user", "content": "Hi"}], "metadata": {"stream": False}}
        await made.complete(ChatRequest.model_validate(request), reasoning_effort=effort)
        sent: dict[str, Any] = server.asked[0].json()
        return sent


@pytest.mark.asyncio
async def test_a_listed_word_goes_out(acme: ModuleType) -> None:
    assert (await body(acme, "HIGH"))["effort"] == "high"


@pytest.mark.asyncio
async def test_any_other_is_left_out_and_said_so(acme: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    assert "effort" not in await body(acme, "ULTRA")
    assert "reasoning_effort 'ultra' is none that the vendor has" in caplog.text


@pytest.mark.asyncio
async def test_none_asks_for_nothing(acme: ModuleType, caplog: pytest.LogCaptureFixture) -> None:
    assert "effort" not in await body(acme, "none")
    assert not caplog.records


def test_only_the_listed_words_can_be_configured(acme: ModuleType) -> None:
    (effort,) = (field for field in acme.AcmeProvider().get_info().config_fields if field.id == "reasoning_effort")
    assert effort.choices == ["none", "low", "medium", "high"]
