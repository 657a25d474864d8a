"""`providergen conformance`: the suite on a package of one's own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Generated

OLDER_KERNEL = "1.6.1"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "providergen", "conformance", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def spoilt(generated: Generated, tmp_path: Path) -> Path:
    """Give a copy of a package whose orchestrator would skip complete()."""
    folder = tmp_path / "amplifier-module-provider-anthropic"
    shutil.copytree(generated("anthropic"), folder)
    code = folder / "amplifier_module_provider_anthropic" / "provider.py"
    code.write_text(
        code.read_text("utf-8").replace("    name = NAME\n", "    name = NAME\n    stream = True\n"), "utf-8"
    )
    return folder


def test_a_package_that_conforms(generated: Generated) -> None:
    done = run(generated("anthropic"), "--check", "C1", "--check", "C19", "--check", "C75")

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[1:4] == [["C1", "MUST", "passed"], ["C19", "MUST", "passed"], ["C75", "MAY", "n/a"]]
    assert done.stdout.splitlines()[-1] == "anthropic: 3 checks: 2 passed, 1 n/a"


def test_a_package_that_does_not(spoilt: Path) -> None:
    done = run(spoilt, "--check", "C19", "--check", "C75", "--format", "json")

    assert done.returncode == 1
    found, optional = json.loads(done.stdout)
    assert "stream" in found.pop("reason") and optional.pop("reason")
    assert found == {"check": "C19", "level": "MUST", "vendor": "anthropic", "result": "failed"}
    assert optional == {"check": "C75", "level": "MAY", "vendor": "anthropic", "result": "n/a"}


def test_a_table_of_vendors(generated: Generated) -> None:
    done = run(generated("anthropic"), generated("gemini"), "--check", "C19", "--check", "C24", "--format", "markdown")

    assert done.returncode == 0
    assert done.stdout.splitlines()[2:] == [
        "| anthropic | 1 of 1 | 1 of 1 | – | – | – |",
        "| gemini | 1 of 1 | 1 of 1 | – | – | – |",
    ]


def test_what_is_no_package(tmp_path: Path) -> None:
    done = run(tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert "not the folder of a generated package" in done.stderr


def test_an_environment_without_pytest(generated: Generated, tmp_path: Path) -> None:
    done = run(generated("anthropic"), "--python", tmp_path / "no-such-python")

    assert done.returncode == 2
    assert "cannot be run" in done.stderr and "hint: pip install" in done.stderr


@pytest.fixture(scope="session")
def older_kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the Python of an environment with the older kernel, and what the suite needs."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed")
    folder = tmp_path_factory.mktemp("older") / "venv"
    python = folder / "bin" / "python"
    needed = [f"amplifier-core=={OLDER_KERNEL}", "httpx2", "pytest", "pytest-asyncio", "hatchling", "editables"]
    commands: tuple[list[str | Path], ...] = (
        ["venv", "--python", sys.executable, folder],
        ["pip", "install", "--python", python, *needed],
    )
    for command in commands:
        made = subprocess.run([uv, *command], capture_output=True, text=True)
        if made.returncode:
            message = f"no environment with amplifier-core {OLDER_KERNEL}: {made.stderr.strip()[-300:]}"
            (pytest.fail if os.environ.get("CI", "").lower() == "true" else pytest.skip)(message)
    return python


def test_packages_conform_with_an_older_kernel_too(older_kernel: Path, generated: Generated) -> None:
    vendors = os.environ.get("CONFORMANCE_VENDORS", "anthropic").split(",")
    done = run(*(generated(vendor) for vendor in vendors), "--python", older_kernel, "--format", "json")

    results = json.loads(done.stdout)
    assert {one["check"]: one["reason"] for one in results if one["result"] == "failed"} == {}
    assert len(results) > 150 * len(vendors)
