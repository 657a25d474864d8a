"""Fetch the vendors' published documents that tests use when they are there.

Usage: python tests/fetch_published.py [FOLDER]      (default: $VENDOR_SPECS, else build/vendor-specs)

What is already there with the right checksum stays. Exits with 1 if a document could not be had or is not the one that
published.toml names.
"""

import hashlib
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.published import ROOT, Source, sources

_LIMIT = 20_000_000


def main() -> int:
    """Fetch what is missing; return the exit code."""
    default = os.environ.get("VENDOR_SPECS") or str(ROOT / "build" / "vendor-specs")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else default).absolute()
    problems = [problem for source in sources() if (problem := _fetch(source, folder))]
    print(*problems, sep="\n", file=sys.stderr, end="\n" if problems else "")
    print(f"now run: VENDOR_SPECS={folder} uv run pytest")
    return 1 if problems else 0


def _fetch(source: Source, folder: Path) -> str | None:
    """Put one document in its place; return what went wrong."""
    target = folder / source.path
    if target.is_file() and _matches(target.read_bytes(), source):
        return None
    try:
        with urllib.request.urlopen(source.url, timeout=60) as response:
            content: bytes = response.read(_LIMIT)
    except (urllib.error.URLError, TimeoutError) as error:
        return f"{source.path}: {source.url}: {error}"
    if not _matches(content, source):
        return f"{source.path}: {source.url}: the bytes are not those that published.toml names"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    print(f"{source.path}: {len(content):,} bytes")
    return None


def _matches(content: bytes, source: Source) -> bool:
    return hashlib.sha256(content).hexdigest() == source.sha256


if __name__ == "__main__":
    sys.exit(main())
