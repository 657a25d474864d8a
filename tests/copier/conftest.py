"""Copier as users run it, on a repository made from this checkout, with two tagged versions."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = [
    *(".gitignore", "LICENSE", "README.md", "copier.yml", "generator", "pyproject.toml", "template", "uv.lock"),
    *("tests/conformance", "tests/support"),  # the wheel has them
]
NEW_SECTION = "## What is new\n\nA second edition.\n\n"
NEW_LINE = "# The second edition.\n"

Copier = Callable[..., subprocess.CompletedProcess[str]]


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder as somebody, whatever the machine's own settings; return what it prints."""
    settings = ["user.name=Ada", "user.email=ada@acme.example", "commit.gpgsign=false", "init.defaultBranch=main"]
    options = [part for setting in settings for part in ("-c", setting)]
    done = subprocess.run(["git", *options, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def commit(folder: Path, message: str) -> None:
    """Commit everything in a folder, which becomes a repository if it is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the template's repository: v0.1.0 is this checkout; v0.2.0 changes the shell and the generated code."""
    folder = tmp_path_factory.mktemp("template") / "amplifier-provider-generator"
    folder.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, folder / part)
    commit(folder, "First version")
    git(folder, "tag", "v0.1.0")
    readme = folder / "template/project/README.md.jinja"
    readme.write_text(readme.read_text().replace("## Working on it", f"{NEW_SECTION}## Working on it"))
    module = folder / "template/package/sse.py"
    module.write_text(module.read_text() + NEW_LINE)
    commit(folder, "Second version")
    git(folder, "tag", "v0.2.0")
    return folder


@pytest.fixture
def copier(tmp_path: Path) -> Copier:
    """Give a function that runs copier in a folder, as a shell does there."""

    def run(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "copier", *map(str, arguments)],
            cwd=folder,
            env={**os.environ, "PWD": str(folder), "COPIER_SETTINGS_PATH": str(tmp_path / "none.yml")},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run
