"""What belongs to one instance, and what an instance outlives."""

import asyncio
from typing import Any

import amplifier_core.llm_errors as kernel
import pytest

from tests.package.transport.conftest import Make, whole
from tests.support.replay import Replay, reply

ANSWER = {"text": "Hi.", "finish": "stop"}


def test_an_instance_outlives_an_event_loop(provider: Make) -> None:
    async def ask(made: Any) -> tuple[Any, str]:
        async with Replay(reply(ANSWER), reply(ANSWER)) as server:
            made = made or provider(server.url)
            return made, (await made.complete(whole())).text

    made, text = asyncio.run(ask(None))
    with pytest.raises(kernel.NetworkError):  # the first server is gone; the client of the dead loop is not used
        asyncio.run(ask(made))
    assert text == "Hi."
