"""What belongs to one instance, and what an instance outlives."""

import asyncio
from typing import Any

import amplifier_core.llm_errors as kernel
import pytest

from tests.package.transport.conftest import Make, asking, whole
from tests.support.replay import Replay, reply, sse

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


def test_closing_ends_calls_for_good_and_leaves_nothing_open(provider: Make) -> None:
    async def close_while_asking() -> tuple[Any, int, str]:
        async with asyncio.timeout(20), Replay(sse([{"text": "H"}], end="hang"), *[reply(ANSWER)] * 3) as server:
            made = provider(server.url)
            call = asyncio.create_task(made.complete(asking()))
            await server.arrived.wait()
            await made.close()
            outcome = (await asyncio.gather(call, return_exceptions=True))[0]
            await server.left()
            asked = len(server.asked)
            later = await made.complete(whole())
            await made.close()
            return outcome, asked, later.text

    ended, asked, later = asyncio.run(close_while_asking())
    assert isinstance(ended, kernel.LLMError)
    assert asked == 1  # it is not tried again
    assert later == "Hi."
