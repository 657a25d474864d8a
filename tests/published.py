"""Where the documents lie that vendors publish: test data which is not part of the project.

They are looked for below `$VENDOR_SPECS`, else below `../shared/vendor-specs` as seen from the project. Their names,
sources and checksums are in published.toml; `python tests/fetch_published.py` gets them.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REGISTER = Path(__file__).with_name("published.toml")


@dataclass(frozen=True, slots=True)
class Source:
    """One published document: its key and vendor, its path below the folder, its origin on GitHub, its sha256."""

    key: str
    vendor: str
    path: str
    repository: str
    commit: str
    source: str
    sha256: str

    @property
    def url(self) -> str:
        """Where the bytes can be had."""
        return f"https://github.com/{self.repository}/raw/{self.commit}/{self.source}"


def sources() -> tuple[Source, ...]:
    """Return the register."""
    entries = tomllib.loads(REGISTER.read_text("utf-8"))["document"]
    return tuple(Source(**{name: entry[name] for name in Source.__slots__}) for entry in entries)


def folder() -> Path:
    """Return where the documents should be."""
    named = os.environ.get("VENDOR_SPECS")
    return Path(named) if named else ROOT.parent / "shared" / "vendor-specs"


def published(name: str) -> Path:
    """Return a published document by its key (`openai-2026-08`) or path, or skip the test with the reason.

    Raises:
        KeyError: The register has no such document.
    """
    source = next((source for source in sources() if name in {source.key, source.path}), None)
    if source is None:
        raise KeyError(name)
    document = folder() / source.path
    if not document.is_file():
        pytest.skip(f"published document {source.path} is absent (CONTRIBUTING.md tells how to fetch it)")
    return document
