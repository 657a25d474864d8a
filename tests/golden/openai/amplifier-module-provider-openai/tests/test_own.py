"""Your own tests: this file is written once, and never again."""

import pytest

from tests.cases import asking, example, seen
from tests.conftest import Make
from tests.server import Server


@pytest.mark.asyncio
async def test_a_short_answer(make: Make) -> None:
    shown = example("a text")
    async with Server(shown.reply()) as server:
        response = await make(server.url).complete(asking("And tomorrow?", stream=False))
    assert seen(response)["text"] == shown.expect["text"]
