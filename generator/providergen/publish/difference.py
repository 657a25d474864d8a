"""The changes as a unified diff, the form `git apply` and every reviewer reads."""

import difflib
from collections.abc import Iterator

from providergen.publish.compare import Change

__all__ = ["unified_diff"]


def unified_diff(change: Change) -> str:
    """Return one file's change as a unified diff; bytes that are no UTF-8 show as replacement characters."""
    return "".join(_lines(change))


def _lines(change: Change) -> Iterator[str]:
    lines = difflib.unified_diff(
        _split(change.before),
        _split(change.after),
        "/dev/null" if change.before is None else f"a/{change.path}",
        "/dev/null" if change.after is None else f"b/{change.path}",
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _split(content: bytes | None) -> list[str]:
    """Return the lines with their ends; only LF ends a line, as in git."""
    text = (content or b"").decode(errors="replace")
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
