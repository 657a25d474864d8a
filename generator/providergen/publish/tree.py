"""A package as files in memory, and the rule for the paths it may have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from providergen.sources import LOCK_NAME

__all__ = ["Tree", "is_safe"]


@dataclass(frozen=True, slots=True)
class Tree:
    """All files of a package, by path relative to its root, with `/` between the parts.

    `owned` files are the generator's: written and removed by it alone. `seeds` are the user's: written once, then left
    alone. `ejected` paths were the generator's until the user took them over: they are not written, and the lock keeps
    the content they were taken over from.
    """

    owned: Mapping[str, bytes]
    seeds: Mapping[str, bytes] = field(default_factory=dict)
    ejected: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a path that could leave the package; raise ValueError.

        Every path comes from the generator itself, so this is the last guard, not a message for users.
        """
        unsafe = [path for path in (*self.owned, *self.seeds) if not is_safe(path)]
        if unsafe:
            raise ValueError(f"paths outside a package: {', '.join(map(repr, unsafe))}")
        twice = _twice(path.casefold() for path in (*self.owned, *self.seeds))
        if twice:
            raise ValueError(f"two files of one name: {twice}")


def is_safe(path: str) -> bool:
    """Tell whether a path is relative, in its shortest form, portable, and stays below the folder it starts in."""
    pure = PurePosixPath(path)
    return (
        bool(pure.parts)
        and str(pure) == path
        and not pure.is_absolute()
        and not {"..", ".", ".git"} & set(pure.parts)
        and path.isprintable()
        and not set(path) & set('\\:*?"<>|')
        and path != LOCK_NAME
    )


def _twice(paths: Iterable[str]) -> str | None:
    """Return the first path that comes a second time, None if there is none."""
    seen: set[str] = set()
    for path in paths:
        if path in seen:
            return path
        seen.add(path)
    return None
