"""The dialects that come with the generator: whole mappings that others extend."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Dialect", "bundled", "dialects"]


_FOLDER = Path(__file__).parents[1] / "dialects"


@dataclass(frozen=True, slots=True)
class Dialect:
    """A bundled mapping: `name` is what `extends` says, `summary` one line for people."""

    name: str
    title: str
    summary: str
    path: Path


def bundled(name: str) -> Path | None:
    """Return the file of a dialect, None if there is none of that name."""
    path = _FOLDER / f"{name}.yaml"
    return path if "/" not in name and "\\" not in name and path.is_file() else None


@cache
def dialects() -> tuple[Dialect, ...]:
    """Return the bundled dialects by name; the first line of each file is `# Title: summary`."""
    found = []
    for path in sorted(_FOLDER.glob("*.yaml")):
        with path.open(encoding="utf-8") as file:
            title, _, summary = file.readline().lstrip("# ").strip().partition(": ")
        found.append(Dialect(path.stem, title, summary, path))
    return tuple(found)
