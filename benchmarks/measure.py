"""How long the commands take, each in a process of its own, on a large document.

    uv run python -m benchmarks.measure            OpenAI's published document, found as CONTRIBUTING.md says
    uv run python -m benchmarks.measure FILE       any other that specs/openai-chat/mapping.yaml fits

Prints the quickest of several runs: seconds on the clock, and seconds of processor time, which other work on the
machine hardly changes. The commands keep one processor busy and wait for nothing, so on an idle machine they take no
longer than that.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.published import folder

ROOT = Path(__file__).parents[1]
MAPPING = ROOT / "specs" / "openai-chat" / "mapping.yaml"
_NAME = "amplifier-module-provider-openai-chat"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run of a command took, in seconds."""

    clock: float
    processor: float


def check(document: Path) -> Taken:
    """Run `providergen check` on a document."""
    return _run("check", MAPPING, "--spec", document)


@contextmanager
def package() -> Iterator[Path]:
    """Give a package to generate: made from our own document, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        _run("new", Path(place, _NAME), "--mapping", MAPPING)
        yield Path(place, _NAME)


def generate(made: Path, document: Path) -> Taken:
    """Run `providergen generate` on a fresh copy of a package, so that it pins the document and writes what differs."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        target = shutil.copytree(made, Path(place, made.name))
        return _run("generate", target, "--spec", document)


def _run(*arguments: str | Path) -> Taken:
    command = [sys.executable, "-m", "providergen", *map(str, arguments)]
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Taken(time.perf_counter() - before, used.ru_utime + used.ru_stime)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description="Measure `check` and `generate` on a large document.")
    parser.add_argument("document", nargs="?", type=Path, default=folder() / "openai" / "openapi.yaml")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if not options.document.is_file():
        parser.error(f"{options.document} is not there; CONTRIBUTING.md tells how to fetch the published documents")
    print(f"{options.document}, {options.document.stat().st_size / 1e6:.1f} MB, best of {options.runs}")
    with package() as made:
        for name, taken in (
            ("check", [check(options.document) for _ in range(options.runs)]),
            ("generate", [generate(made, options.document) for _ in range(options.runs)]),
        ):
            clock, processor = min(run.clock for run in taken), min(run.processor for run in taken)
            print(f"{name:9} {clock:5.2f} s on the clock {processor:5.2f} s of processor time")


if __name__ == "__main__":
    main()
