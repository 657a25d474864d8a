"""Findings about a document, a mapping or a target folder, as values.

Every stage takes a `Findings`, adds to it, and goes on as far as it can, so that one run reports everything. Only the
command line prints them and turns them into an exit code.
"""

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Diagnostic", "Findings", "Position", "Severity"]


class Severity(StrEnum):
    """How much a finding weighs: an error stops the run, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text file; `line` and `column` count from 1, both are 0 for the file as a whole."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `code` is a stable kebab-case name (`unknown-key`); `message` says what was found and what was expected; `hint` what
    to do about it; `place` is the path in the mapping (`request.max_tokens`), `pointer` the JSON Pointer (RFC 6901) of
    the schema it was held against.
    """

    severity: Severity
    code: str
    message: str
    position: Position | None = None
    place: str | None = None
    pointer: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        where = f"{self.position}: " if self.position else ""
        place = f"{self.place}: " if self.place else ""
        return f"{where}{self.code} {place}{self.message}"


@dataclass(slots=True)
class Findings:
    """What a run has found so far, in the order of finding."""

    found: list[Diagnostic] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether there is an error among them."""
        return any(finding.severity is Severity.ERROR for finding in self.found)

    def error(
        self,
        code: str,
        message: str,
        position: Position | None = None,
        *,
        place: str | None = None,
        pointer: str | None = None,
        hint: str | None = None,
    ) -> None:
        """Add a finding that stops the run."""
        self.found.append(Diagnostic(Severity.ERROR, code, message, position, place, pointer, hint))

    def warning(
        self,
        code: str,
        message: str,
        position: Position | None = None,
        *,
        place: str | None = None,
        pointer: str | None = None,
        hint: str | None = None,
    ) -> None:
        """Add a finding that is probably a mistake but stops nothing."""
        self.found.append(Diagnostic(Severity.WARNING, code, message, position, place, pointer, hint))

    def note(
        self,
        code: str,
        message: str,
        position: Position | None = None,
        *,
        place: str | None = None,
        pointer: str | None = None,
        hint: str | None = None,
    ) -> None:
        """Add something worth knowing."""
        self.found.append(Diagnostic(Severity.NOTE, code, message, position, place, pointer, hint))
