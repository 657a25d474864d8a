"""What making or regenerating a package came to."""

from dataclasses import dataclass
from pathlib import Path

from providergen.diagnostics import Findings, Position, Severity
from providergen.publish import Changes, publish, report

__all__ = ["Outcome", "cannot_write", "carry_out"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The changes to a package, None if it did not come that far, and whether they were written.

    `conflict`: something the user did stands in the way; the findings say what.
    """

    changes: Changes | None = None
    written: bool = False
    conflict: bool = False


def carry_out(
    target: Path,
    changes: Changes,
    findings: Findings,
    *,
    dry: bool = False,
    force: bool = False,
    strict: bool = False,
) -> Outcome:
    """Write the changes unless `dry`, or `strict` and there is a warning.

    `force` overwrites what was edited or is not ours, but never follows a link.
    """
    hindered = changes.blocked if force else not changes.clean
    if force:
        changes = changes.without_conflicts()
    report(target, changes, findings)
    if hindered:
        return Outcome(changes, conflict=True)
    warned = any(finding.severity is Severity.WARNING for finding in findings.found)
    if dry or (strict and warned) or not changes.changes:
        return Outcome(changes)
    try:
        publish(target, changes)
    except OSError as problem:
        cannot_write(target, problem, findings)
        return Outcome()
    return Outcome(changes, written=True)


def cannot_write(target: Path, problem: OSError, findings: Findings) -> None:
    """Add the finding for a folder that refuses to be written."""
    findings.error(
        "cannot-write",
        f"cannot be written: {problem.strerror or problem}",
        Position(str(problem.filename or target)),
        hint="free the space or change the rights, or give another folder; nothing was changed",
    )
