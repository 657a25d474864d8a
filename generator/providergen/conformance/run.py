"""Running the suite on packages, in the environment of a Python of one's choice."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

__all__ = ["TIMEOUT", "MissingError", "Result", "SuiteError", "UnknownCheckError", "conform"]

TIMEOUT = 60.0
_HERE = Path(__file__).resolve()
_INSTALLED = _HERE.parents[1] / "_conformance"
_CHECKOUT = _HERE.parents[3]
_NEEDED = ("amplifier_core", "hatchling", "editables", "pytest", "pytest_asyncio", "yaml")
_TO_ITS_END = (0, 1)
_TEST = re.compile(r"^(?:async )?def test_([cp]\d+)_", re.MULTILINE)
_CHECK = re.compile(r"\s*([CPcp])[ _-]?0*([0-9]{1,6})\s*")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one check on one vendor's package; `reason` says why it does not apply, or what failed."""

    check: str
    level: Literal["MUST", "SHOULD", "MAY", "PEER"]
    vendor: str
    result: Literal["passed", "failed", "n/a"]
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the fields."""
        return asdict(self)


class UnknownCheckError(Exception):
    """A check was asked for that the suite does not have; the text says which, and what was perhaps meant."""


class MissingError(Exception):
    """The environment lacks modules that the suite needs."""


class SuiteError(Exception):
    """The suite did not run to its end; the text is what pytest said."""


def conform(
    packages: Sequence[Path], *, python: Path | None = None, checks: Sequence[str] = (), timeout: float = TIMEOUT
) -> list[Result]:
    """Run the suite on packages and return the results, check by check.

    Args:
        packages: Folders of packages. They need not be installed, but what they depend on must be.
        python: The interpreter whose environment is used, this one if None.
        checks: Only these (`C67`, `P03`); all if there are none.
        timeout: Seconds that a check may take; one that takes longer has failed.

    Raises:
        UnknownCheckError: There is no such check.
        MissingError: The environment lacks what the suite needs.
        SuiteError: pytest could not finish.
    """
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    suite = root / "tests" / "conformance"
    _know(checks, suite)
    interpreter = str(python or sys.executable)
    _require(interpreter)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [interpreter, "-m", "pytest", "-c", str(suite / "pytest.ini"), "--rootdir", str(root), str(suite)]
        command += ["--basetemp", str(Path(folder) / "pytest"), "--conformance-report", str(report), "--tb=native"]
        command += [f"--package={package.resolve()}" for package in packages]
        command += [f"--patience={timeout}"]
        if checks:
            command += ["-k", " or ".join(f"test_{check.lower()}_" for check in checks)]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)  # noqa: S603
        if run.returncode not in _TO_ITS_END or not report.exists():
            said = (run.stdout + run.stderr).strip()
            raise SuiteError(said or f"pytest ended with status {run.returncode} and said nothing")
        return [Result(**found) for found in json.loads(report.read_text("utf-8"))]


def _know(checks: Sequence[str], suite: Path) -> None:
    """Check that the suite has these checks.

    Raises:
        UnknownCheckError: It has not.
    """
    tests = (name.upper() for file in suite.glob("test_*.py") for name in _TEST.findall(file.read_text("utf-8")))
    known = {_place(name): name for name in tests}
    for check in checks:
        meant = known.get(_place(check))
        if meant is None:
            own, peers = (sorted(place for place in known if place and place[0] == kind) for kind in "CP")
            ranges = " and ".join(f"{known[places[0]]} to {known[places[-1]]}" for places in (own, peers))
            raise UnknownCheckError(f"there is no check {check!r}, there are {ranges}")
        if meant != check:
            raise UnknownCheckError(f"there is no check {check!r}; did you mean {meant}?")


def _place(check: str) -> tuple[str, int] | None:
    """Return the letter and the number that a check is meant to have, None if it has no such form."""
    found = _CHECK.fullmatch(check)
    return (found[1].upper(), int(found[2])) if found else None


def _require(interpreter: str) -> None:
    """Check that the environment has what the suite imports.

    Raises:
        MissingError: It has not.
    """
    probe = "import importlib.util, sys; print(*(n for n in sys.argv[1:] if importlib.util.find_spec(n) is None))"
    try:
        run = subprocess.run([interpreter, "-c", probe, *_NEEDED], capture_output=True, text=True)  # noqa: S603
    except OSError as error:
        raise MissingError(f"{interpreter} cannot be run: {error}") from error
    if run.returncode or run.stdout.strip():
        raise MissingError(f"{interpreter} has no {', '.join(run.stdout.split()) or 'working Python'}")
