"""The register of published documents is sound, and what lies in the folder is what it names."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.published import Source, folder, published, sources


def test_keys_paths_and_origins_are_unique() -> None:
    register = sources()
    for attribute in ("key", "path", "url", "sha256"):
        assert len({getattr(source, attribute) for source in register}) == len(register)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.key)
def test_a_document_is_found_by_key_and_by_path_with_the_bytes_it_should_have(source: Source) -> None:
    document = published(source.key)
    assert document == published(source.path)
    assert hashlib.sha256(document.read_bytes()).hexdigest() == source.sha256


def test_an_unknown_document_is_a_mistake_and_no_reason_to_skip() -> None:
    with pytest.raises(KeyError):
        published("no-such-document")


def test_fetching_leaves_what_is_there() -> None:
    for source in sources():
        published(source.key)
    before = {path: path.stat().st_mtime_ns for path in folder().rglob("*") if path.is_file()}
    script = Path(__file__).with_name("fetch_published.py")
    run = subprocess.run([sys.executable, str(script), str(folder())], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    assert before == {path: path.stat().st_mtime_ns for path in folder().rglob("*") if path.is_file()}
