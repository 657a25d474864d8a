"""The lock: what is in it, and what is refused as one."""

import json
from pathlib import Path
from typing import Any

import pytest

from providergen.diagnostics import Findings
from providergen.publish import Fork, Identity, Lock, Origin, read_lock

LOCK = Lock(
    Identity("acme", "Ada \N{SNOWMAN}"),
    Origin("1.0.0", "a" * 64, "https://acme.example/openapi.json", "b" * 64),
    files={"b.py": "c" * 64, "a.py": "d" * 64},
    seeds={"mapping.yaml": "e" * 64},
    ejected={"x.py": Fork("0.9.0", "f" * 64)},
)


def read(folder: Path) -> tuple[Lock | None, Findings]:
    findings = Findings()
    return read_lock(folder, findings), findings


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / ".providergen.lock").write_bytes(LOCK.to_bytes())
    assert read(tmp_path) == (LOCK, Findings())


def test_equal_locks_are_equal_bytes(tmp_path: Path) -> None:
    again = Lock(LOCK.identity, LOCK.origin, dict(reversed(list(LOCK.files.items()))), LOCK.seeds, LOCK.ejected)
    assert again.to_bytes() == LOCK.to_bytes()


def test_a_folder_without_a_lock_has_none(tmp_path: Path) -> None:
    assert read(tmp_path) == (None, Findings())
    assert read(tmp_path / "nowhere") == (None, Findings())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{",
        b"[" * 100_000,
        b"<<<<<<< before updating\n{}",
        b'{"generator": "1"}',
    ],
)
def test_what_is_no_lock_is_an_error_that_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".providergen.lock").write_bytes(content)
    lock, findings = read(tmp_path)
    assert lock is None
    assert [finding.code for finding in findings.found] == ["lock-invalid"]


def test_a_broken_lock_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / ".providergen.lock").write_text('{\n  "generator": "1.0.0"\n  "vendor": "acme"\n}\n')
    _, findings = read(tmp_path)
    assert str(findings.found[0].position) == f"{tmp_path / '.providergen.lock'}:3:3"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("files", {"../../etc/passwd": "a" * 64}),
        ("files", {"/etc/passwd": "a" * 64}),
        ("files", {"a.py": "not a hash"}),
        ("files", ["a.py"]),
        ("seeds", {"..": "a" * 64}),
        ("vendor", 7),
        ("mapping", None),
    ],
)
def test_a_lock_with_a_wrong_value_is_an_error(tmp_path: Path, key: str, value: Any) -> None:
    content = {**json.loads(LOCK.to_bytes()), key: value}
    (tmp_path / ".providergen.lock").write_text(json.dumps(content))
    lock, findings = read(tmp_path)
    assert lock is None
    assert findings.failed
