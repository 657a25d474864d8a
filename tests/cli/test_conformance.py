"""`providergen conformance`: the suite on a package of one's own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Generated
from tests.package.generated.vendors import DOCUMENT, MAPPINGS, package
from tests.support.cases import VENDORS

OLDER_KERNEL = "1.6.1"
Spoil = Callable[[str, str], Path]

SKIPS_COMPLETE = """
AnthropicProvider.stream = True
"""
ASKS_IN_VAIN = """
asked = config_fields
def config_fields():
    return [*asked(), ConfigField(id="service_level", display_name="Level", field_type="text", prompt="Which level?")]
"""
IGNORES_STOP = """
from dataclasses import replace
written = body
def body(call):
    return written(replace(call, stop=None))
"""
HANGS = """
import asyncio
async def complete(self, request, **kwargs):
    await asyncio.Event().wait()
AnthropicProvider.complete = complete
"""
HANGS_HARD = """
import time
def parse_tool_calls(self, response):
    while True:
        time.sleep(1)
AnthropicProvider.parse_tool_calls = parse_tool_calls
"""


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "providergen", "conformance", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def spoilt(generated: Generated, tmp_path: Path) -> Spoil:
    """Give a function that returns a copy of a package, to one of whose modules code is added."""

    def spoil(module: str, code: str) -> Path:
        folder = tmp_path / "amplifier-module-provider-anthropic"
        shutil.copytree(generated("anthropic"), folder)
        with (folder / "amplifier_module_provider_anthropic" / module).open("a", encoding="utf-8") as file:
            file.write(code)
        return folder

    return spoil


def test_a_package_that_conforms(generated: Generated) -> None:
    done = run(generated("anthropic"), "--check", "C1", "--check", "C19", "--check", "C75")

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[1:4] == [["C1", "MUST", "passed"], ["C19", "MUST", "passed"], ["C75", "MAY", "n/a"]]
    assert done.stdout.splitlines()[-1] == "anthropic: 3 checks: 2 passed, 1 n/a"


def test_a_package_that_needs_a_model_and_an_option(tmp_path: Path) -> None:
    made = package(MAPPINGS / "located.yaml", DOCUMENT, tmp_path)
    done = run(made, *(word for check in ("C13", "C48", "C94") for word in ("--check", check)))
    assert (done.returncode, "3 passed" in done.stdout) == (0, True), done.stdout


def test_a_package_that_does_not(spoilt: Spoil) -> None:
    done = run(spoilt("provider.py", SKIPS_COMPLETE), "--check", "C19", "--check", "C75", "--format", "json")

    assert done.returncode == 1
    found, optional = json.loads(done.stdout)
    assert "stream" in found.pop("reason") and optional.pop("reason")
    assert found == {"check": "C19", "level": "MUST", "vendor": "anthropic", "result": "failed"}
    assert optional == {"check": "C75", "level": "MAY", "vendor": "anthropic", "result": "n/a"}


def test_a_question_whose_answer_nobody_reads_is_noticed(spoilt: Spoil) -> None:
    done = run(spoilt("config.py", ASKS_IN_VAIN), "--check", "P22")

    assert done.returncode == 1
    assert "P22 anthropic failed: Failed: service_level changes nothing" in done.stdout


def test_what_the_code_leaves_out_is_not_taken_for_what_the_api_leaves_out(spoilt: Spoil) -> None:
    done = run(spoilt("request.py", IGNORES_STOP), "--check", "P37", "--check", "P38", "--format", "json")

    assert {one["check"]: one["result"] for one in json.loads(done.stdout)} == {"P37": "failed", "P38": "passed"}


def test_a_package_that_hangs_fails_in_time(spoilt: Spoil) -> None:
    done = run(spoilt("provider.py", HANGS), "--check", "C41", "--check", "C65", "--timeout", "2")

    assert done.returncode == 1
    told = done.stdout.splitlines()
    assert "C41 anthropic failed: took longer than 2 s" in told
    assert [line for line in told if line.startswith("C65 anthropic failed: ") and "took" in line]


def test_a_package_that_never_waits_fails_in_time_too(spoilt: Spoil) -> None:
    done = run(spoilt("provider.py", HANGS_HARD), "--check", "C78", "--timeout", "2")

    assert "C78 anthropic failed: took longer than 2 s" in done.stdout


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


def test_two_packages_of_one_name(generated: Generated, spoilt: Spoil) -> None:
    done = run(generated("anthropic"), spoilt("provider.py", SKIPS_COMPLETE), "--check", "C19")

    assert (done.returncode, done.stdout) == (2, "")
    assert "of the same name, amplifier-module-provider-anthropic" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("check", "hint"),
    [
        ("P99", "there are C1 to C104 and P01 to P50"),
        ("C67 or x", "there are C1 to C104 and P01 to P50"),
        ("c67", "did you mean C67?"),
        ("P3", "did you mean P03?"),
    ],
)
def test_a_check_that_there_is_not(generated: Generated, check: str, hint: str) -> None:
    done = run(generated("anthropic"), "--check", "C1", "--check", check)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"there is no check {check!r}" in done.stderr and hint in done.stderr


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


@pytest.mark.parametrize("vendor", VENDORS)
def test_packages_conform_with_an_older_kernel_too(vendor: str, older_kernel: Path, generated: Generated) -> None:
    done = run(generated(vendor), "--python", older_kernel, "--format", "json")

    results = json.loads(done.stdout)
    assert {one["check"]: one["reason"] for one in results if one["result"] == "failed"} == {}
    assert len(results) > 150
