"""Findings as text for people, as JSON, and as workflow commands of GitHub's."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from providergen.diagnostics import Diagnostic, Severity

__all__ = ["as_github", "as_json", "as_text", "console", "count", "plain"]

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def console(stream: TextIO) -> Console:
    """Return a console that styles on terminals only, not with NO_COLOR, and never breaks or interprets a line."""
    return Console(
        file=stream,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        soft_wrap=True,
        markup=False,
        emoji=False,
        highlight=False,
    )


def plain(text: str) -> str:
    """Return text with control characters written out, so that a document cannot write to the terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else repr(char)[1:-1] for char in text)


def as_text(found: Diagnostic) -> Text:
    """Return `file:line:column: CODE message` and, below it, where in the document and what to do."""
    text = Text()
    if found.position:
        text.append(plain(f"{_place(found)}: "), "bold")
    text.append(found.code, _STYLES[found.severity])
    if found.severity is not Severity.ERROR:
        text.append(f" ({found.severity})")
    text.append(plain(f" {found.place}:" if found.place else ""), "bold")
    text.append(plain(f" {found.message}"))
    if found.pointer:
        text.append(plain(f"\n    in the document: {found.pointer}"), "dim")
    if found.hint:
        text.append(plain("\n    hint: " + found.hint.rstrip("\n").replace("\n", "\n    ")), "dim")
    return text


def count(found: Sequence[Diagnostic]) -> Text:
    """Return the numbers, as in `2 errors, 1 warning`."""
    numbers = Counter(finding.severity for finding in found)
    parts = [f"{numbers[severity]} {severity}{'s' * (numbers[severity] != 1)}" for severity in numbers]
    return Text(", ".join(sorted(parts, key=lambda part: [*Severity].index(Severity(part.split()[1].rstrip("s"))))))


def as_json(found: Diagnostic) -> dict[str, Any]:
    """Return a finding with all its fields, null where it has none; a file as a whole is line 0."""
    return {
        "severity": found.severity.value,
        "code": found.code,
        "message": found.message,
        "file": _place_file(found) if found.position else None,
        "line": found.position.line if found.position else None,
        "column": found.position.column if found.position else None,
        "place": found.place,
        "pointer": found.pointer,
        "hint": found.hint,
    }


def as_github(found: Diagnostic) -> str:
    """Return a finding as a workflow command, which GitHub shows beside the line."""
    properties = {"title": found.code}
    if found.position:
        properties["file"] = _place_file(found)
        if found.position.line:
            properties |= {"line": str(found.position.line), "col": str(found.position.column)}
    stated = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = "\n".join(part for part in (f"{found.place or ''} {found.message}".strip(), found.hint) if part)
    return f"::{_GITHUB[found.severity]} {stated}::{_data(message)}"


def _place(found: Diagnostic) -> str:
    position = found.position
    if position is None or not position.line:
        return _place_file(found)
    return f"{_place_file(found)}:{position.line}:{position.column}"


def _place_file(found: Diagnostic) -> str:
    """Return the finding's file as a user would write it: from here if it is below here."""
    path = found.position.path if found.position else ""
    if not Path(path).is_absolute():
        return path
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
