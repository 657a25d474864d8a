"""Runs the generator at this template's own version; started by copier's task and migration, with nothing installed.

It uses only the standard library of the Python that copier runs on. The generator runs in an environment of its own,
made by uv where there is one (from $UV or PATH), else a venv that pip fills, cached under the generator's hash.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
WRONG_INPUT = 2


def main() -> int:
    """Complete the package in the working directory; return the generator's exit code."""
    # Paths among the answers count from where copier was started, which only $PWD still says: copier runs its tasks in
    # the new folder.
    start = Path(os.environ.get("PWD", ""))
    try:
        command = [*generator(), "complete", str(Path.cwd()), *sys.argv[1:]]
        where = start if start.is_absolute() and start.is_dir() else Path.cwd()
        return subprocess.run(command, cwd=where, env=environment(), check=False).returncode  # noqa: S603
    except subprocess.CalledProcessError as problem:
        return fail(f"the generator's environment cannot be made: {problem}\n{problem.stderr or ''}")
    except OSError as problem:
        return fail(f"the generator cannot be started: {problem}")
    except KeyboardInterrupt:
        return 130


def generator() -> list[str]:
    """Return the command that is the generator, after making its environment if need be."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv:
        # Isolated: the environment lies in uv's cache and not in copier's clone, which is about to be deleted.
        return [uv, "run", "--quiet", "--isolated", "--project", str(ROOT), "--frozen", "--no-dev", "providergen"]
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise SystemExit(
            fail(f"Python 3.11 or newer is needed, copier runs on {found}; install uv, which brings its own Python")
        )
    return [str(pip_environment()), "-m", "providergen"]


def pip_environment() -> Path:
    """Return the Python of a venv that holds this very generator; it is made once and then kept.

    A half-made one is never found: it gets its name only when it is complete.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "amplifier-provider-generator"
    place = cache / fingerprint()
    python = Path("Scripts", "python.exe") if os.name == "nt" else Path("bin", "python")
    if not (place / python).exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            made = Path(folder, "environment")
            run(sys.executable, "-m", "venv", str(made))
            run(str(made / python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(ROOT))
            try:
                made.rename(place)
            except OSError:
                if not (place / python).exists():  # unless another run was faster
                    raise
    return place / python


def run(*command: str) -> None:
    """Run a step of making the environment; raise CalledProcessError with its output if it fails."""
    subprocess.run(command, check=True, capture_output=True, text=True, env=environment())  # noqa: S603


def fingerprint() -> str:
    """Return a hash of the Python it runs on and of everything that the generator and its templates consist of."""
    digest = hashlib.sha256(sys.version.encode())
    files = [ROOT / "pyproject.toml", *(ROOT / "generator").rglob("*"), *(ROOT / "template").rglob("*")]
    for path in sorted(files):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def environment() -> dict[str, str]:
    """Return the environment variables without those that point to the environment copier runs in."""
    hidden = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}  # the template may be a folder that is not ours to litter


def fail(message: str) -> int:
    """Say why nothing can be generated; return the exit code."""
    print(f"bootstrap: {message}", file=sys.stderr)
    return WRONG_INPUT


if __name__ == "__main__":
    sys.exit(main())
