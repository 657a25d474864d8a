"""Pages that tell a story: their files are written, their commands run, and what these print is held against the page.

| block | does |
|---|---|
| `yaml openapi.yaml`, `python chat.py`, … | writes the file |
| `diff mapping.yaml` | changes the file: the lines with a space or `-` must be in it, as a whole, once |
| `python of stream.py` | shows lines of a generated module; `...` stands for any |
| `console` | runs the lines that begin with `$ `; the others are what they print, `...` standing for anything |

Commands run as people's do, with three differences: `providergen` and `uv run` take the environment of the tests and
make none, a trailing `&` waits for the first line of output, and the page's port is replaced by one that is free.
"""

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.docs.pages import Fence, fences, has_lines

PORT = "8471"

_PASSED = re.compile(r"=+ \d+ passed(?:, \d+ (?:skipped|warnings?))* in [\d.]+s =+")


class Walk:
    """One walk through a page, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.at = folder
        self.port = str(_free_port())
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")},
            "NO_COLOR": "1",
            "COLUMNS": "120",
            "PYTHONUNBUFFERED": "1",
        }
        self._running: list[subprocess.Popen[str]] = []

    def step(self, fence: Fence) -> str | None:
        """Do what a block says; return what is wrong, None if nothing is."""
        match fence.info:
            case ("console",):
                return self._console(fence)
            case ("diff", name):
                return self._change(name, fence)
            case ("python", "of", name):
                (module,) = self.folder.rglob(name)
                return None if has_lines(module.read_text("utf-8"), fence.text) else f"{name} has no such lines"
            case (_, name):
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).write_text(fence.text, "utf-8")
        return None

    def close(self) -> None:
        """Stop what runs in the background."""
        for process in self._running:
            process.terminate()
            process.communicate()

    def _change(self, name: str, fence: Fence) -> str | None:
        path = self.folder / name
        text, lines = path.read_text("utf-8"), fence.text.splitlines()
        before = "".join(f"{line[1:]}\n" for line in lines if line[:1] in (" ", "-", ""))
        after = "".join(f"{line[1:]}\n" for line in lines if line[:1] in (" ", "+", ""))
        if text.count(before) != 1:
            return f"{name} has these lines {text.count(before)} times:\n{before}"
        path.write_text(text.replace(before, after), "utf-8")
        return None

    def _console(self, fence: Fence) -> str | None:
        for command, expected in _commands(fence.text):
            printed = self.run(command)
            if not fits(printed, expected.replace(PORT, self.port)):
                return f"$ {command}\n{printed}"
        return None

    def run(self, command: str) -> str:
        """Run one line and return what it prints."""
        words = shlex.split(command.replace(PORT, self.port))
        if words[0] == "cd":
            self.at = self.at / words[1]
            return ""
        if words[0] == "export":
            self.environment |= dict(word.split("=", 1) for word in words[1:])
            return ""
        environment = dict(self.environment)
        if words[:2] == ["uv", "run"]:
            words = words[2:]
            environment["PYTHONPATH"] = os.pathsep.join([str(self.at), environment.get("PYTHONPATH", "")])
        background = words[-1] == "&"
        words = words[:-1] if background else words
        words = {
            "python": [sys.executable],
            "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
            "providergen": [sys.executable, "-m", "providergen"],
            "cp": ["cp"],
        }[words[0]] + words[1:]
        process = subprocess.Popen(
            words, cwd=self.at, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if background:
            self._running.append(process)
            assert process.stdout is not None
            return process.stdout.readline()
        return process.communicate()[0]


@contextmanager
def walk(folder: Path) -> Iterator[Walk]:
    """Give a walk, and stop at the end what it started."""
    walking = Walk(folder)
    try:
        yield walking
    finally:
        walking.close()


def steps(page: str) -> list[Fence]:
    """Return the blocks of a page that do something."""
    return [fence for fence in fences(page) if fence.info == ("console",) or len(fence.info) > 1]


def fits(printed: str, expected: str) -> bool:
    """Tell whether an output is what the page shows; `...` alone on a line stands for any lines, else for any text.

    How many tests passed, and how fast, does not matter.
    """
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else f"{'.*'.join(map(re.escape, line.split('...')))}\n"
        for line in _lines(expected)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _lines(printed))) is not None


def _lines(text: str) -> list[str]:
    return [_PASSED.sub("all passed", line.rstrip()) for line in text.splitlines()]


def _commands(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        while command.endswith("\\"):
            more, _, expected = expected.partition("\n")
            command = f"{command[:-1]} {more.strip()}"
        yield command, expected


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
