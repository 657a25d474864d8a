"""What became of each check, as data."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.checks import check_of, level_of
from tests.conformance.patience import LATE

__all__ = ["Report", "label"]


def label(item: pytest.Item) -> None:
    """Note on a test which check it is, of what level, and of which vendor's package."""
    check = check_of(getattr(item, "originalname", item.name))
    callspec = getattr(item, "callspec", None)
    if check is not None and callspec is not None:
        item.user_properties += [
            ("check", check),
            ("level", level_of(check)),
            ("vendor", Path(callspec.params["subject"]).name.removeprefix("amplifier-module-provider-")),
        ]


class Report:
    """Collects the results and writes them to a file at the end: {check, level, vendor, result, reason} each."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._results: dict[tuple[str, str], dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down how one phase of one test ended; a failure stays one."""
        labels: dict[str, Any] = dict(report.user_properties)
        if "check" not in labels or (report.when != "call" and report.passed):
            return
        key = (labels["check"], labels["vendor"])
        if self._results.get(key, {}).get("result") == "failed":
            return
        result = {"passed": "passed", "skipped": "n/a", "failed": "failed"}[report.outcome]
        late = labels.pop(LATE, None)
        reason = _reason(report) if late is None else f"took longer than {late:g} s"
        self._results[key] = {**labels, "result": result, "reason": reason}

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        ordered = sorted(
            self._results.values(), key=lambda one: (one["check"][0], int(one["check"][1:]), one["vendor"])
        )
        self._file.write_text(json.dumps(ordered, indent=1) + "\n", "utf-8")


def _reason(report: pytest.TestReport) -> str | None:
    """Return why a check does not apply, or what failed, on one line."""
    if report.passed:
        return None
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    return " ".join(str(crash.message if crash else report.longrepr).split())[:500]
