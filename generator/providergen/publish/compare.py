"""What publishing a tree would change in a folder, and what stands in its way. Reads files, writes none."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from providergen.publish.lock import Fork, Identity, Lock, Origin, sha256
from providergen.publish.tree import Tree
from providergen.sources import LOCK_NAME

__all__ = ["Change", "Changes", "compare"]


@dataclass(frozen=True, slots=True)
class Change:
    """One file that would change; `before` is None for a new file, `after` None for one that goes."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that publishing would do.

    `changes` are in the order of their paths, the lock last. `edited` are generated files that someone changed,
    `foreign` files in the way that the generator never wrote, `blocked` paths that are a symbolic link or no file (or
    lie behind one), `kept` edited files that are not generated any more and stay.
    """

    changes: tuple[Change, ...]
    edited: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing the user did would be lost and every path can be written."""
        return not (self.edited or self.foreign or self.blocked)

    def without_conflicts(self) -> "Changes":
        """Return the changes as they are when the user lets edited and foreign files go."""
        return replace(self, edited=(), foreign=())


def compare(
    target: Path,
    tree: Tree,
    lock: Lock | None,
    identity: Identity,
    origin: Origin,
    *,
    reseed: bool = False,
) -> Changes:
    """Compare a tree with the folder it would be published to.

    `lock` is what the folder's own lock says. With `reseed`, the user's files that are still as the generator wrote
    them follow the tree too; without it they are never touched again.
    """
    known = lock.files if lock else {}
    owned = {path: content for path, content in tree.owned.items() if path not in tree.ejected}
    stale = [path for path in known if path not in tree.owned and path not in tree.seeds]
    blocked = {path for path in (*owned, *tree.seeds, *stale, LOCK_NAME) if _blocked(target, path)}
    present = _contents(target, (path for path in (*owned, *tree.seeds, *stale, LOCK_NAME) if path not in blocked))

    differing = {
        path: content
        for path, content in owned.items()
        if path in present and present[path] != content and sha256(present[path]) != known.get(path)
    }
    kept = [path for path in stale if path in present and sha256(present[path]) != known[path]]
    seeds = dict(_seeds_to_write(tree, lock, present, reseed=reseed))
    after: dict[str, bytes | None] = {**owned, **seeds}
    after |= {path: None for path in stale if path in present and path not in kept}
    after = dict(sorted(after.items()))
    after[LOCK_NAME] = _next_lock(target, tree, lock, identity, origin, owned, seeds).to_bytes()
    return Changes(
        changes=tuple(
            Change(path, present.get(path), content)
            for path, content in after.items()
            if path not in blocked and present.get(path) != content
        ),
        edited=tuple(path for path in sorted(differing) if path in known),
        foreign=tuple(path for path in sorted(differing) if path not in known),
        blocked=tuple(sorted(blocked)),
        kept=tuple(sorted(kept)),
    )


def _seeds_to_write(
    tree: Tree, lock: Lock | None, present: Mapping[str, bytes], *, reseed: bool
) -> Iterator[tuple[str, bytes]]:
    """Yield the user's files that are to be written: never seeded before, or untouched since and `reseed`."""
    seeded = lock.seeds if lock else {}
    for path, content in tree.seeds.items():
        if path in present:
            if reseed and seeded.get(path) == sha256(present[path]):
                yield path, content
        elif path not in seeded or reseed:
            yield path, content


def _next_lock(
    target: Path,
    tree: Tree,
    lock: Lock | None,
    identity: Identity,
    origin: Origin,
    owned: Mapping[str, bytes],
    seeds: Mapping[str, bytes],
) -> Lock:
    """Return the lock to be written; what the user does to seeded files is no reason to write another one."""
    before = lock.seeds if lock else {}  # a seed the user deleted stays known while there is one, so it does not return
    forks = lock.ejected if lock else {}
    following = Lock(
        identity,
        origin,
        files={path: sha256(content) for path, content in owned.items()},
        seeds={path: digest for path, digest in before.items() if path in tree.seeds or os.path.lexists(target / path)}
        | {path: sha256(content) for path, content in seeds.items()},
        ejected={
            path: forks.get(path) or Fork(origin.generator, sha256(tree.owned[path]))
            for path in sorted(tree.ejected & tree.owned.keys())
        },
    )
    return lock if lock and not seeds and replace(following, seeds=before) == lock else following


def _blocked(target: Path, path: str) -> bool:
    """Tell whether a symbolic link or something other than a file stands at a path, or no folder above it."""
    parts = PurePosixPath(path).parts
    for count in range(1, len(parts) + 1):
        try:
            mode = os.lstat(target.joinpath(*parts[:count])).st_mode
        except FileNotFoundError:
            return False
        except OSError:
            return True
        expected = stat.S_ISREG if count == len(parts) else stat.S_ISDIR
        if not expected(mode):
            return True
    return False


def _contents(target: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes of those paths that exist; raise OSError if one cannot be read."""
    found = {}
    for path in paths:
        try:
            found[path] = target.joinpath(path).read_bytes()
        except FileNotFoundError:
            continue
    return found
