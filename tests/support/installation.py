"""Make a package known to Python the way an editable installation does, without an environment of its own."""

import importlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path

_BUILD = "import sys, hatchling.build; hatchling.build.build_editable(sys.argv[1])"


@contextmanager
def installed(project: Path) -> Iterator[Path]:
    """Install the project at `project` for this process, and forget it at the end.

    The project's own build backend makes the editable wheel, so its entry points are those of its pyproject.toml and
    `importlib.metadata` finds them as after `pip install -e`. Dependencies are not installed.

    Yields the folder that holds the metadata, for the `PYTHONPATH` of child processes.
    """
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        with zipfile.ZipFile(BytesIO(editable_wheel(project))) as archive:
            archive.extractall(site)
        roots = [str(site), *_roots(site)]
        before = set(sys.modules)
        sys.path[:0] = roots
        importlib.invalidate_caches()
        try:
            yield site
        finally:
            sys.path[:] = [path for path in sys.path if path not in roots]
            for name in set(sys.modules) - before:
                if any((getattr(sys.modules[name], "__file__", None) or "").startswith(root) for root in roots):
                    del sys.modules[name]
            importlib.invalidate_caches()


def editable_wheel(project: Path) -> bytes:
    """Return the editable wheel of a project, built once per process as long as its settings stay."""
    return _wheel(project.resolve(), (project / "pyproject.toml").read_bytes())


@cache
def _wheel(project: Path, settings: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        build = subprocess.run([sys.executable, "-c", _BUILD, folder], cwd=project, capture_output=True, text=True)
        assert build.returncode == 0, build.stderr
        (wheel,) = Path(folder).glob("*.whl")
        return wheel.read_bytes()


def _roots(site: Path) -> list[str]:
    """Return the folders that the wheel's .pth files add to the path."""
    return [line for pth in site.glob("*.pth") for line in pth.read_text("utf-8").splitlines() if line.strip()]
