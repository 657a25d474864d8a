"""aimock, a server of the vendors' dialects, installed and started for the session tests."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import urllib.request
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Generated
from tests.session.vendors import KEY, VENDORS
from tests.support.installation import installed
from tests.support.sessions import STAND_INS

_FOLDER = Path(__file__).parent / "aimock"
_COMMAND = Path("node_modules", "@copilotkit", "aimock", "dist", "cli.js")


@dataclass(frozen=True, slots=True)
class Aimock:
    """A running aimock: its address without a slash at the end, and the only key it takes."""

    url: str
    key: str

    def requests(self) -> list[dict[str, Any]]:
        """Return what was asked so far: method, path, headers, a normalised body."""
        headers = {"authorization": f"Bearer {self.key}"}
        request = urllib.request.Request(f"{self.url}/__aimock/journal", headers=headers)
        with urllib.request.urlopen(request) as response:
            journal: list[dict[str, Any]] = json.load(response)
        return journal


@pytest.fixture(scope="session")
def aimock() -> Iterator[Aimock]:
    """Start aimock on a free port of loopback; it refuses requests without the key and those no fixture matches."""
    command = [_node(), str(_install()), "-p", "0", "-h", "127.0.0.1", "--strict", "--validate-on-load"]
    with subprocess.Popen(
        [*command, "-f", str(_FOLDER / "fixtures.json")],
        env={**os.environ, "AIMOCK_API_KEYS": KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if "listening on " in line:
                break
        else:
            pytest.fail(f"aimock did not start: {''.join(said)}")
        reader = threading.Thread(target=deque, args=(process.stdout, 0), daemon=True)  # its log must not fill the pipe
        reader.start()
        try:
            yield Aimock(line.split("listening on ")[1].strip(), KEY)
        finally:
            process.terminate()
            reader.join()


@pytest.fixture(scope="session")
def stand_ins() -> Iterator[None]:
    """The stand-ins for the stock modules are installed."""
    with installed(STAND_INS):
        yield


@pytest.fixture(scope="session")
def packages(stand_ins: None, generated: Generated) -> None:
    """The packages of all vendors are installed."""
    for vendor in VENDORS:
        generated(vendor.id)


@pytest.fixture
def without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment has no key for any vendor."""
    for vendor in VENDORS:
        monkeypatch.delenv(vendor.key_variable, raising=False)


def _unavailable(reason: str) -> None:
    """Skip for this reason, or fail where the tests are meant to be complete."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI needs aimock: {reason}")
    pytest.skip(f"aimock: {reason}")


def _node() -> str:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        _unavailable("Node.js 20 with npm is not installed")
    return str(node)


def _install() -> Path:
    """Return aimock's command as locked in package-lock.json, installed on first use.

    The installation appears under its final name only when complete, so that parallel test processes can race for it.
    """
    digest = hashlib.sha256((_FOLDER / "package-lock.json").read_bytes()).hexdigest()[:12]
    final = _FOLDER / "node_modules" / digest
    if not final.exists():
        final.parent.mkdir(exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=final.parent))
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_FOLDER / name, draft)
        npm = subprocess.run(
            [str(shutil.which("npm")), "ci", "--no-audit", "--no-fund"], cwd=draft, capture_output=True, text=True
        )
        if npm.returncode:
            shutil.rmtree(draft)
            _unavailable(f"npm ci failed: {npm.stderr.strip()[-400:]}")
        try:
            draft.rename(final)
        except OSError:  # another process was faster
            shutil.rmtree(draft)
    return final / _COMMAND
