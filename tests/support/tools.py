"""Python's tools at work on a package, each in a process of its own that leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.installation import installed


def run(*arguments: str | Path, cwd: Path, **environment: str | Path) -> str:
    """Run a module of Python in a folder, without any vendor's key, and return what it printed; fail if it failed."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_BASE_URL"))}
    added = {"PYTHONDONTWRITEBYTECODE": "1", **{name: str(value) for name, value in environment.items()}}
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=kept | added, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def run_own_tests(package: Path, scratch: Path) -> str:
    """Run the tests that a package has, as in an environment in which it is installed; return what pytest printed."""
    with installed(package) as site:
        return run(
            *("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"),
            cwd=package,
            PYTHONPATH=f"{site}{os.pathsep}{package}",
            HYPOTHESIS_STORAGE_DIRECTORY=scratch / "hypothesis",
        )
