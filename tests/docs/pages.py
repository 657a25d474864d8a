"""The fenced blocks of a page of documentation."""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(
    r"^```(?P<info>[^`\n]*)\n(?P<text>.*?)^```$|^(?P<level>#{1,6}) (?P<heading>[^\n]+)$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block: its info string in words, its text, its line in the page, and the headings above it."""

    info: tuple[str, ...]
    text: str
    line: int
    heading: str


def fences(page: str) -> list[Fence]:
    """Return the fenced blocks of a page, named by its path in the project."""
    text = (ROOT / page).read_text("utf-8")
    found, above = [], [""] * 6
    for match in _FENCE.finditer(text):
        if match["heading"]:
            level = len(match["level"])
            above[level - 1 :] = [match["heading"], *[""] * (6 - level)]
        else:
            line = text.count("\n", 0, match.start()) + 1
            heading = " / ".join(filter(None, above[1:]))
            found.append(Fence(tuple(match["info"].split()), match["text"], line, heading))
    return found


def headings(page: str) -> set[str]:
    """Return the headings of a page."""
    return {match["heading"] for match in _FENCE.finditer((ROOT / page).read_text("utf-8")) if match["heading"]}


def has_lines(module: str, lines: str) -> bool:
    """Tell whether a module has these lines, `...` standing for any; how far they are indented does not count."""
    text = [line.rstrip() for line in module.splitlines()]
    at = 0
    for part in lines.split("\n...\n"):
        wanted = textwrap.dedent(part).strip("\n").splitlines()
        places = (
            place
            for place in range(at, len(text) - len(wanted) + 1)
            if textwrap.dedent("\n".join(text[place : place + len(wanted)])).splitlines() == wanted
        )
        found = next(places, None)
        if found is None:
            return False
        at = found + len(wanted)
    return True
