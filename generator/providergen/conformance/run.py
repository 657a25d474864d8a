"""Running the suite on packages, in the environment of a Python of one's choice."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

__all__ = ["MissingError", "Result", "SuiteError", "conform"]

_HERE = Path(__file__).resolve()
_INSTALLED = _HERE.parents[1] / "_conformance"
_CHECKOUT = _HERE.parents[3]
_NEEDED = ("amplifier_core", "hatchling", "editables", "pytest", "pytest_asyncio")
_NO_TESTS_FAILED = (0, 1)


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


class MissingError(Exception):
    """The environment lacks modules that the suite needs."""


class SuiteError(Exception):
    """The suite did not run to its end; the text is what pytest said."""


def conform(packages: Sequence[Path], *, python: Path | None = None, checks: Sequence[str] = ()) -> list[Result]:
    """Run the suite on packages and return the results, check by check.

    Args:
        packages: Folders of packages. They need not be installed, but what they depend on must be.
        python: The interpreter whose environment is used, this one if None.
        checks: Only these (`C67`, `P03`); all if there are none.

    Raises:
        MissingError: The environment lacks what the suite needs.
        SuiteError: pytest could not finish.
    """
    interpreter = str(python or sys.executable)
    _require(interpreter)
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    suite = root / "tests" / "conformance"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [interpreter, "-m", "pytest", "-c", str(suite / "pytest.ini"), "--rootdir", str(root), str(suite)]
        command += ["--basetemp", str(Path(folder) / "pytest"), "--conformance-report", str(report), "--tb=native"]
        command += [f"--package={package.resolve()}" for package in packages]
        if checks:
            command += ["-k", " or ".join(f"test_{check.lower()}_" for check in checks)]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)  # noqa: S603
        if run.returncode not in _NO_TESTS_FAILED or not report.exists():
            raise SuiteError((run.stdout + run.stderr).strip())
        return [Result(**found) for found in json.loads(report.read_text("utf-8"))]


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
