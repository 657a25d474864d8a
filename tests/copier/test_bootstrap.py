"""What copier's task says where the generator cannot run."""

import os
import subprocess
import sys
from pathlib import Path

BOOTSTRAP = Path(__file__).parents[2] / "generator" / "bootstrap.py"


def bootstrap(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(BOOTSTRAP), "--vendor=acme"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_uv_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = bootstrap(tmp_path, UV=str(tmp_path / "uv"))
    assert done.returncode == 2
    assert done.stderr.startswith("bootstrap: the generator cannot be started: ")
    assert str(tmp_path / "uv") in done.stderr


def test_the_exit_code_is_the_generators(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\necho "$PWD $*"\nexit 3\n')
    uv.chmod(0o755)
    started, package = tmp_path / "where copier was started", tmp_path / "package"
    started.mkdir()
    package.mkdir()
    done = bootstrap(package, UV=str(uv), PWD=str(started))
    assert done.returncode == 3
    assert done.stdout.startswith(f"{started} run ")
    assert done.stdout.endswith(f" providergen complete {package} --vendor=acme\n")
