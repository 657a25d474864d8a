"""All of the changes or none of them."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from providergen.publish import Change, Changes, publish


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"<folder>"
        for path in sorted(folder.rglob("*"))
    }


def new(**files: str) -> Changes:
    return Changes(tuple(Change(path.replace("__", "/"), None, text.encode()) for path, text in files.items()))


def test_a_new_folder_appears_with_everything_in_it(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "down" / "package"
    publish(target, new(a__b="1", c="2"))
    assert tree(target) == {"a": b"<folder>", "a/b": b"1", "c": b"2"}
    assert tree(tmp_path / "deep" / "down").keys() == {"package", "package/a", "package/a/b", "package/c"}


def test_a_new_folder_has_the_rights_the_user_gives_to_new_folders(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        publish(tmp_path / "package", new(a="1"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "package").stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / "package/a").stat().st_mode) == 0o640


def test_a_replaced_file_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("1")
    (tmp_path / "run").chmod(0o755)
    publish(tmp_path, Changes((Change("run", b"1", b"2"),)))
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o755
    assert (tmp_path / "run").read_text() == "2"


def test_a_folder_that_a_removed_file_leaves_empty_goes_too(tmp_path: Path) -> None:
    publish(tmp_path, new(a__b__c="1", a__d="2"))
    publish(tmp_path, Changes((Change("a/b/c", b"1", None),)))
    assert tree(tmp_path) == {"a": b"<folder>", "a/d": b"2"}


def test_a_step_that_fails_undoes_those_before_it(tmp_path: Path) -> None:
    publish(tmp_path, new(a="1", gone="2"))
    (tmp_path / "wall").mkdir()
    (tmp_path / "wall/brick").write_text("")
    before = tree(tmp_path)
    steps = (
        Change("a", b"1", b"other"),
        Change("gone", b"2", None),
        Change("new/file", None, b"3"),
        Change("wall", None, b"4"),
    )
    with pytest.raises(OSError, match="wall"):
        publish(tmp_path, Changes(steps))
    assert tree(tmp_path) == before


def test_a_folder_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    before = tree(tmp_path)
    with pytest.raises(OSError, match="file"):
        publish(tmp_path / "file" / "package", new(a="1"))
    with pytest.raises(OSError, match="name"):
        publish(tmp_path / "package" / ("n" * 300), new(a="1"))
    assert tree(tmp_path) == before


# Presses Ctrl-C while the second file is staged, or while it is moved to its place.
INTERRUPTED = """
import os, pathlib, signal, sys
from providergen.publish import Change, Changes, publish

target, step = pathlib.Path(sys.argv[1]), sys.argv[2]
real, calls = getattr(pathlib.Path, step), []

def interrupting(self, *arguments):
    calls.append(self)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGINT)
    return real(self, *arguments)

setattr(pathlib.Path, step, interrupting)
publish(target, Changes(tuple(Change(f"f{n}", b"old", b"new") for n in range(4))))
"""


@pytest.mark.parametrize(("step", "content"), [("write_bytes", b"old"), ("replace", b"new")])
def test_an_interruption_finds_all_files_old_or_all_new(tmp_path: Path, step: str, content: bytes) -> None:
    publish(tmp_path, Changes(tuple(Change(f"f{number}", None, b"old") for number in range(4))))
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, str(tmp_path), step], capture_output=True, check=False)
    assert done.returncode == -signal.SIGINT
    assert tree(tmp_path) == {f"f{number}": content for number in range(4)}
