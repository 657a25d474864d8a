"""README.md: the two commands, and the way from a document to a chat as it is shown."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.docs.pages import ROOT, fences
from tests.docs.walkthrough import steps, walk
from tests.support.replay import Exchange, Replay, sse

MAIN_JOB = (
    "pip install uv && uv run providergen new build/amplifier-module-provider-anthropic "
    "--spec specs/anthropic/openapi.yaml --mapping specs/anthropic/mapping.yaml"
)


def test_the_two_commands_are_there_to_the_letter() -> None:
    shown = [fence.text.strip() for fence in fences("README.md") if fence.info == ("sh",)]

    assert shown[:2] == [MAIN_JOB, "uv run pytest"]


def test_the_way_to_a_chat_is_as_it_is_shown(tmp_path: Path) -> None:
    (tmp_path / "specs").symlink_to(ROOT / "specs")
    case = json.loads((ROOT / "specs/anthropic/cases/stream-text.json").read_text("utf-8"))

    with serving(sse(case["events"], named=True)) as url, walk(tmp_path) as walking:
        walking.environment |= {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "a-key"}
        for fence in steps("README.md"):
            fault = walking.step(fence)
            assert fault is None, f"line {fence.line}: {fault}"


def test_every_command_is_in_the_table() -> None:
    from providergen.cli.app import app

    commands = {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback is not None and not command.hidden
    }
    readme = (ROOT / "README.md").read_text("utf-8")

    assert set(re.findall(r"^\| `providergen (\w+)", readme, re.MULTILINE)) == commands


@contextmanager
def serving(exchange: Exchange) -> Iterator[str]:
    """Give the URL of a server that answers once, in a thread of its own."""
    loop = asyncio.new_event_loop()
    server = Replay(exchange)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
        yield server.url
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
