"""The lock of a package: who made it, from what, and the hash of every file the generator owns."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from providergen.diagnostics import Findings, Position
from providergen.publish.tree import is_safe
from providergen.sources import LOCK_NAME

__all__ = ["Fork", "Identity", "Lock", "Origin", "read_lock", "sha256"]

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a package is called and who answers for it; settled when it is made."""

    vendor: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a package was generated from.

    `document_source` is the path or URL as it was given; the hashes are of the bytes as they were read.
    """

    generator: str
    mapping_sha256: str
    document_source: str
    document_sha256: str


@dataclass(frozen=True, slots=True)
class Fork:
    """Where an ejected file left the generator: the version, and the hash of what it would have written then."""

    generator: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Lock:
    """The content of `.providergen.lock`.

    `files` has the hash of each file the generator owns, `seeds` the hash of each file it wrote for the user, as first
    written; `ejected` the fork points. All are keyed by the path in the package.
    """

    identity: Identity
    origin: Origin
    files: Mapping[str, str] = field(default_factory=dict)
    seeds: Mapping[str, str] = field(default_factory=dict)
    ejected: Mapping[str, Fork] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the file's bytes: JSON with sorted paths, the same for the same content."""
        content: dict[str, Any] = {
            "generator": self.origin.generator,
            "vendor": self.identity.vendor,
            "author": self.identity.author,
            "mapping": {"sha256": self.origin.mapping_sha256},
            "document": {"source": self.origin.document_source, "sha256": self.origin.document_sha256},
            "files": dict(sorted(self.files.items())),
            "seeds": dict(sorted(self.seeds.items())),
        }
        if self.ejected:
            content["ejected"] = {
                path: {"generator": fork.generator, "sha256": fork.sha256}
                for path, fork in sorted(self.ejected.items())
            }
        return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_lock(target: Path, findings: Findings) -> Lock | None:
    """Return the lock of a package; None if it has none, and None with an error in `findings` if it cannot be read."""
    path = target / LOCK_NAME
    if path.is_symlink():
        findings.error("symlink", "is a symbolic link, expected a file", Position(str(path)), hint="replace the link")
        return None
    try:
        return _parse(json.loads(path.read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as problem:
        line = problem.lineno if isinstance(problem, json.JSONDecodeError) else 0
        column = problem.colno if isinstance(problem, json.JSONDecodeError) else 0
        findings.error(
            "lock-invalid",
            f"cannot be read as a lock: {_reason(problem)}",
            Position(str(path), line, column),
            hint="take the file back from version control; without one, delete it and run "
            "`providergen generate --force`, which overwrites edits of generated files",
        )
        return None


def _reason(problem: Exception) -> str:
    if isinstance(problem, KeyError):
        return f"{problem} is missing"
    return str(problem)


def _parse(content: Any) -> Lock:
    """Return the lock a JSON value stands for; raise ValueError, TypeError or KeyError if it is none."""
    if not isinstance(content, dict):
        raise ValueError("expected an object")
    return Lock(
        Identity(_text(content["vendor"]), _text(content["author"])),
        Origin(
            generator=_text(content["generator"]),
            mapping_sha256=_hash(content["mapping"]["sha256"]),
            document_source=_text(content["document"]["source"]),
            document_sha256=_hash(content["document"]["sha256"]),
        ),
        files=_hashes(content["files"]),
        seeds=_hashes(content["seeds"]),
        ejected={
            _path(path): Fork(_text(fork["generator"]), _hash(fork["sha256"]))
            for path, fork in content.get("ejected", {}).items()
        },
    )


def _hashes(content: Any) -> dict[str, str]:
    if not isinstance(content, dict):
        raise ValueError("expected an object of paths and hashes")
    return {_path(path): _hash(digest) for path, digest in content.items()}


def _path(value: str) -> str:
    if not is_safe(value):
        raise ValueError(f"{value!r} is no path inside the package")
    return value


def _hash(value: Any) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise ValueError(f"{value!r} is no SHA-256")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value
