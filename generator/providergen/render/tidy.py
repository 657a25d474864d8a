"""Rendered Python as it is published: no unused import, sorted imports, ruff's layout."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["tidied"]


def tidied(files: Mapping[str, str]) -> dict[str, str]:
    """Return the files, by path, with every Python file among them put in order.

    Raises:
        SyntaxError: a file is no Python; a mistake of ours, never of the input.
    """
    with tempfile.TemporaryDirectory(prefix="providergen-") as folder:
        for path, text in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        # Not every module of the package is here, so ruff cannot see for itself which names are the package's own.
        own = f"lint.isort.known-first-party={json.dumps(sorted({Path(path).parts[0] for path in files}))}"
        _ruff(folder, "check", "--fix-only", "--select", "F401,I,RUF022,UP", "--unsafe-fixes", "--config", own)
        _ruff(folder, "format")
        return {path: Path(folder, path).read_text(encoding="utf-8") for path in files}


def _ruff(folder: str, *arguments: str) -> None:
    options = ("--isolated", "--no-cache", "--quiet", "--line-length", "120", "--target-version", "py311")
    command = [sys.executable, "-m", "ruff", *arguments, *options, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool
    if done.returncode:
        raise SyntaxError(f"ruff could not read what was rendered:\n{done.stderr or done.stdout}")
