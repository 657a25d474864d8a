"""How the command behaves: help, pipes, terminals, colours, interruption."""

import contextlib
import os
import pty
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Run

ESCAPE = "\x1b["


@pytest.fixture
def silent_server() -> Iterator[tuple[str, threading.Event]]:
    """Give the URL of a server that never answers, and an event that is set when somebody has asked."""
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                connection.recv(1)
                asked.set()
                connection.recv(1 << 16)
                connection.recv(1)

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/openapi.json", asked


@pytest.mark.parametrize("command", ["new", "generate", "check", "dialects", "schema"])
def test_the_help_teaches_by_example(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.code == 0
    assert "Example" in done.out
    assert command in run("--help").out


def test_wrong_usage_is_wrong_input(run: Run) -> None:
    done = run("generate", "--no-such-option")
    assert done.code == 2
    assert "--no-such-option" in done.err


def test_the_version_is_told(run: Run) -> None:
    assert re.fullmatch(r"amplifier-provider-generator \d+\.\d+\.\d+\S*\n", run("--version").out)


def on_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """Return what the command writes to a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, "TERM": "xterm-256color", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    written = b""
    with contextlib.suppress(OSError):
        while part := os.read(ours, 4096):
            written += part
    os.close(ours)
    process.wait()
    return written.decode()


def test_colours_are_for_terminals_and_for_who_wants_them(run: Run, vendor: Path, tmp_path: Path) -> None:
    (vendor / "mapping.yaml").write_text("nonsense: 1\n")
    assert ESCAPE not in run("check", "vendor").out
    assert ESCAPE in on_terminal(tmp_path, "check", "vendor")
    assert ESCAPE not in on_terminal(tmp_path, "check", "vendor", NO_COLOR="1")


def test_a_document_cannot_write_to_the_terminal(run: Run, vendor: Path) -> None:
    mapping = vendor / "mapping.yaml"
    mapping.write_text(mapping.read_text() + '"\\e[2J\\a": 1\n')
    done = run("check", "vendor")
    assert done.code == 2
    assert "\x1b" not in done.out
    assert "\\x1b[2J" in done.out


def test_a_reader_that_has_seen_enough_is_no_traceback(tmp_path: Path) -> None:
    shell = f"{' '.join(COMMAND)} schema | head -c 1"
    done = subprocess.run(shell, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_an_interruption_leaves_nothing(
    vendor: Path, tmp_path: Path, silent_server: tuple[str, threading.Event]
) -> None:
    url, asked = silent_server
    process = subprocess.Popen(
        [*COMMAND, "new", "package", "--mapping", "vendor", "--spec", url],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert asked.wait(60)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, "", "interrupted")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vendor"]


def test_what_takes_long_shows_that_it_is_alive(
    vendor: Path, tmp_path: Path, silent_server: tuple[str, threading.Event]
) -> None:
    url, _ = silent_server
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "check", "vendor", "--spec", url],
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm-256color"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while b"Checking" not in shown:
        shown += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert (process.returncode, out) == (130, b"")
