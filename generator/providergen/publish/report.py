"""What stands in the way of publishing, as findings."""

from pathlib import Path

from providergen.diagnostics import Findings, Position
from providergen.publish.compare import Changes

__all__ = ["report"]

_WAYS_OUT = (
    "move the change to a hook (hooks.py), say it in mapping.yaml, or take the file over with `eject: [{path}]` in "
    "mapping.yaml; `--diff` shows the edit, `--force` drops it"
)


def report(target: Path, changes: Changes, findings: Findings) -> None:
    """Add a finding for each file that hinders publishing (errors), and for each that stays behind (warnings)."""
    for path in changes.blocked:
        findings.error(
            "not-a-file",
            "a symbolic link, a folder, or something else that is no file is in the way; expected a file, or nothing",
            _position(target, path),
            hint="remove what is there; links are never followed, nothing was written",
        )
    for path in changes.edited:
        findings.error(
            "hand-edited",
            "this generated file was edited since it was generated; it is not overwritten",
            _position(target, path),
            hint=_WAYS_OUT.format(path=path),
        )
    for path in changes.foreign:
        findings.error(
            "not-ours",
            "a file that the generator did not write is where a generated one goes; it is not overwritten",
            _position(target, path),
            hint="rename or remove it, or run with --force to have it replaced",
        )
    for path in changes.kept:
        findings.warning(
            "left-behind",
            "this file is not generated any more, and stays because it was edited",
            _position(target, path),
            hint="it is yours now: keep it, or delete it",
        )


def _position(target: Path, path: str) -> Position:
    return Position(str(target / path))
