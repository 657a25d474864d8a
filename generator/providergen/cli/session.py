"""One run of a command: what it found, how that is printed, and the exit code it comes to."""

import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, NoReturn

import typer

from providergen.cli.printing import as_github, as_json, as_text, console, count, plain
from providergen.diagnostics import Findings, Severity

__all__ = ["Exit", "FailOn", "Format", "Session", "run"]


class Format(StrEnum):
    """How findings are printed: for people, for programs, or as annotations of GitHub's."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


class FailOn(StrEnum):
    """The lightest finding that makes a run fail."""

    ERROR = "error"
    WARNING = "warning"


class Exit(IntEnum):
    """What the exit code says."""

    FINE = 0
    DIFFERENT = 1
    WRONG_INPUT = 2
    CONFLICT = 3
    BUG = 70
    INTERRUPTED = 130


@dataclass(slots=True)
class Session:
    """What a command works with: it adds findings, says things to people, and adds to what programs read."""

    format: Format = Format.TEXT
    fail_on: FailOn = FailOn.ERROR
    findings: Findings = field(default_factory=Findings)
    result: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    patch: str = ""

    @property
    def strict(self) -> bool:
        """Whether a warning fails the run."""
        return self.fail_on is FailOn.WARNING

    @property
    def failed(self) -> bool:
        """Whether the findings fail the run."""
        weighty = {Severity.ERROR, Severity.WARNING} if self.strict else {Severity.ERROR}
        return any(finding.severity in weighty for finding in self.findings.found)

    def say(self, text: str) -> None:
        """Have a line printed after the findings, for people only."""
        self.said.append(text)

    def print(self, code: int) -> None:
        """Print everything: in text a patch alone goes to the standard output, for other programs to read."""
        if self.format is Format.JSON:
            content = {"exit": code, "findings": [as_json(found) for found in self.findings.found], **self.result}
            sys.stdout.write(json.dumps(content, indent=2) + "\n")
            return
        if self.format is Format.GITHUB:
            sys.stdout.writelines(as_github(found) + "\n" for found in self.findings.found)
            return
        out = console(sys.stderr if self.patch else sys.stdout)
        for found in self.findings.found:
            out.print(as_text(found))
        for line in self.said:
            out.print(plain(line))
        if self.findings.found:
            out.print(count(self.findings.found))
        if self.patch:
            _print_patch(self.patch)


def _print_patch(patch: str) -> None:
    """Print a patch, coloured on terminals; elsewhere byte for byte what tools read."""
    styles = {"+++": "bold", "---": "bold", "@@": "cyan", "+": "green", "-": "red"}
    out = console(sys.stdout)
    if not out.is_terminal:
        sys.stdout.write(patch)
        return
    for line in patch.splitlines():
        style = next((style for start, style in styles.items() if line.startswith(start)), "")
        out.print(plain(line), style=style)


def run(session: Session, work: Callable[[Session], int]) -> NoReturn:
    """Do a command's work, print what came of it and leave with the exit code."""
    try:
        code = work(session)
        session.print(code)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        raise typer.Exit(Exit.INTERRUPTED) from None
    except BrokenPipeError:  # the reader has seen enough; Python would complain once more when it flushes at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.DIFFERENT) from None
    except Exception:
        traceback.print_exc()
        sys.stderr.write("\nThis is a mistake of providergen, not yours; please report it with the lines above.\n")
        raise typer.Exit(Exit.BUG) from None
    raise typer.Exit(code)
