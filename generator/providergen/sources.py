"""The files a package is generated from, and where they lie: beside the mapping, unless the user says otherwise."""

from pathlib import Path

from providergen.diagnostics import Findings, Position

__all__ = [
    "DOCUMENT_NAMES",
    "LOCK_NAME",
    "MAPPING_NAME",
    "PINNED_NAME",
    "document_beside",
    "mapping_in",
    "overlay_beside",
]

MAPPING_NAME = "mapping.yaml"
PINNED_NAME = "openapi.json"
LOCK_NAME = ".providergen.lock"
DOCUMENT_NAMES = (PINNED_NAME, "openapi.yaml", "openapi.yml")


def mapping_in(path: Path) -> Path:
    """Return the mapping that a path names: itself, or the one in the folder that it is."""
    return path / MAPPING_NAME if path.is_dir() else path


def overlay_beside(mapping: Path, document: str | Path) -> Path | None:
    """Return the overlay that lies beside a mapping, None if there is none or the document has it in it already.

    It has if it is the one that a package has pinned.
    """
    overlay = mapping.parent / "overlay.yaml"
    pinned = Path(document) == mapping.parent / PINNED_NAME and (mapping.parent / LOCK_NAME).is_file()
    return overlay if overlay.is_file() and not pinned else None


def document_beside(mapping: Path, findings: Findings) -> str | None:
    """Return the document that lies beside a mapping; None with an error if there is none."""
    for name in DOCUMENT_NAMES:
        if (mapping.parent / name).is_file():
            return str(mapping.parent / name)
    findings.error(
        "no-document",
        f"no document was given, and none of {', '.join(DOCUMENT_NAMES)} lies beside the mapping",
        Position(str(mapping)),
        hint="name the vendor's document, a file or a URL: `--spec openapi.yaml`",
    )
    return None
