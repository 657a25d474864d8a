"""Writing the changes to a folder so that it holds either all of them or none."""

import contextlib
import os
import shutil
import signal
import stat
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from providergen.publish.compare import Change, Changes

__all__ = ["publish"]

_STAGE = ".providergen-"


def publish(target: Path, changes: Changes) -> None:
    """Write the changes below `target`, which is made if it does not exist.

    Everything is first written to a temporary folder of the same file system, so a full disk or an interruption finds
    the target as it was; then each file is moved into its place with interruptions held back, and moved back if one
    cannot be. Raises OSError with nothing changed; an interruption that came meanwhile is raised at the end.
    """
    if target.is_dir():
        with _stage(target) as stage:
            _write_all(stage, changes.changes)
            with _held_interrupts():
                _move_all(stage, target, changes.changes)
    else:
        made = _make_parents(target.parent)
        try:
            with _stage(target.parent) as stage:
                _write_all(stage, changes.changes)
                with _held_interrupts():
                    stage.chmod(0o777 & ~_umask())
                    stage.rename(target)
        except BaseException:
            _remove_empty(made)
            raise


@contextlib.contextmanager
def _stage(beside: Path) -> Iterator[Path]:
    """Give an empty folder on the target's file system; what is left of it at the end goes."""
    stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=beside))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _write_all(stage: Path, changes: Sequence[Change]) -> None:
    for change in changes:
        if change.after is not None:
            path = stage / change.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(change.after)


def _move_all(stage: Path, target: Path, changes: Sequence[Change]) -> None:
    """Move the staged files into place and remove the files that go; undo it all if one step fails."""
    done: list[Change] = []
    made: list[Path] = []
    try:
        for change in changes:
            path = target / change.path
            if change.after is None:
                path.unlink()
            else:
                made += _make_parents(path.parent)
                with contextlib.suppress(FileNotFoundError):
                    (stage / change.path).chmod(stat.S_IMODE(path.stat().st_mode))
                (stage / change.path).replace(path)
            done.append(change)
    except BaseException:
        for change in reversed(done):
            _undo(target, change)
        _remove_empty(made)
        raise
    for change in changes:
        if change.after is None:
            _remove_empty_above(target, target / change.path)


def _undo(target: Path, change: Change) -> None:
    path = target / change.path
    with contextlib.suppress(OSError):
        if change.before is None:
            path.unlink()
        else:
            path.write_bytes(change.before)


def _make_parents(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones, deepest first."""
    made = []
    while not folder.exists():
        made.append(folder)
        folder = folder.parent
    for missing in reversed(made):
        missing.mkdir()
    return made


def _remove_empty(folders: Sequence[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _remove_empty_above(target: Path, path: Path) -> None:
    """Remove the folders between a removed file and the target that hold nothing any more."""
    with contextlib.suppress(OSError):
        for folder in path.relative_to(target).parents:
            if folder.parts:
                (target / folder).rmdir()


def _umask() -> int:
    """Return the process's mask of permissions (there is no way to read it without setting it)."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _held_interrupts() -> Iterator[None]:
    """Hold back Ctrl-C and a request to terminate until the block is done, then let the first one through."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        held.append(number)

    before = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        if held:
            signal.raise_signal(held[0])
