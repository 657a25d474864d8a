"""The work of `providergen check`."""

from dataclasses import asdict
from pathlib import Path

from providergen.check import check
from providergen.cli.session import Session
from providergen.document import load_document
from providergen.mapping import load_mapping
from providergen.sources import document_beside, mapping_in, overlay_beside

__all__ = ["check_mapping"]


def check_mapping(session: Session, mapping: Path, spec: str | None) -> None:
    """Add what a mapping says that its document does not to the session, and what of the document it does not reach."""
    findings = session.findings
    path = mapping_in(mapping)
    loaded = load_mapping(path, findings)
    source = spec or document_beside(path, findings)
    if source is None:
        return
    document = load_document(source, findings, overlay=overlay_beside(path, source))
    if loaded is None or document is None:
        return
    coverage = check(loaded, document, findings).coverage
    session.result["coverage"] = asdict(coverage)
    session.say(f"{path} against {source}")
    session.say(
        f"  {coverage.ok} places fit, {coverage.silent} are not described, {coverage.unchecked} stand under `unchecked`"
    )
