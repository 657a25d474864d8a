"""The work of `providergen check`."""

from pathlib import Path

from providergen.check import check
from providergen.cli.session import Session
from providergen.document import load_document
from providergen.mapping import load_mapping
from providergen.project.inputs import MAPPING_NAME, document_beside

__all__ = ["check_mapping"]


def check_mapping(session: Session, mapping: Path, spec: str | None) -> None:
    """Add what a mapping says that its document does not to the session, and what of the document it does not reach."""
    findings = session.findings
    path = mapping / MAPPING_NAME if mapping.is_dir() else mapping
    loaded = load_mapping(path, findings)
    source = spec or document_beside(path, findings)
    if source is None:
        return
    overlay = path.parent / "overlay.yaml"
    document = load_document(source, findings, overlay=overlay if overlay.is_file() else None)
    if loaded is None or document is None:
        return
    checked = check(loaded, document, findings)
    session.say(f"{path} against {source}")
    del checked
