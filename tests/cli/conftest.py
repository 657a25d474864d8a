"""The command as users run it: a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SPECS = Path(__file__).parents[2] / "specs" / "openai-chat"
COMMAND = [sys.executable, "-m", "providergen"]


@dataclass(frozen=True)
class Done:
    """What a run printed and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Give a function that runs the command in the test's folder, with its output in pipes."""

    def start(*arguments: str | Path, **environment: str) -> Done:
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return start


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """Give a folder `vendor` in the test's folder with a document and a mapping that fit."""
    shutil.copytree(SPECS, tmp_path / "vendor")
    return tmp_path / "vendor"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a package once; tests copy it."""
    target = tmp_path_factory.mktemp("made") / "amplifier-module-provider-openai-chat"
    subprocess.run([*COMMAND, "new", str(target), "--mapping", str(SPECS / "mapping.yaml")], check=True, timeout=120)
    return target


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    """Give a package in the test's folder, as it was generated."""
    return shutil.copytree(made, tmp_path / made.name)


def files(folder: Path) -> dict[str, bytes]:
    """Return everything below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
