"""The conformance suite is complete: a test for each check, and all of it in the wheel."""

import ast
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

from tests.conformance.checks import NEEDS, check_of, level_of
from tests.conformance.peer_defects import PEERS
from tests.conformance.subject import Subject

ROOT = Path(__file__).parents[2]
SUITE = ROOT / "tests" / "conformance"
CONTRACT = (ROOT / "docs" / "contract.md").read_text("utf-8")
LEVELS = dict(re.findall(r"\*\*(C\d+)\*\* (MUST|SHOULD|MAY)", CONTRACT))


def named() -> Counter[str]:
    """Return the checks that tests are named by, with how many tests each has."""
    functions = (
        node.name
        for file in SUITE.glob("test_*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )
    return Counter(check_of(name) or name for name in functions)


def test_every_check_of_the_contract_and_every_defect_has_one_test() -> None:
    assert len(LEVELS) == 104
    assert named() == Counter([*LEVELS, *PEERS])


def test_levels_are_those_of_the_contract() -> None:
    assert {check: level_of(check) for check in LEVELS} == LEVELS
    assert {level_of(check) for check in PEERS} == {"PEER"}


def test_what_a_check_needs_is_a_fact_of_packages() -> None:
    assert NEEDS.keys() <= {*LEVELS, *PEERS}
    assert [need for need in NEEDS.values() if not hasattr(Subject, need.fact) or not need.otherwise] == []


def test_the_wheel_has_the_suite_with_all_that_it_imports(tmp_path: Path) -> None:
    build = "import sys, hatchling.build; hatchling.build.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    package = ROOT / "tests/golden/anthropic/amplifier-module-provider-anthropic"
    command = [sys.executable, "-m", "providergen", "conformance", str(package), "--check", "C12", "--check", "C67"]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.splitlines()[-1] == "anthropic: 2 checks: 2 passed"
    (site / "providergen/_conformance/tests/support/replay.py").unlink()  # it is the wheel's that was used
    assert subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True).returncode == 2
