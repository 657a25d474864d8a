"""Packages made by the real generator from the mappings and documents of specs/."""

from pathlib import Path

from providergen.diagnostics import Findings
from providergen.project import Request, create

SPECS = Path(__file__).parents[2] / "specs"


def generate(vendor: str, target: Path, *, document: Path | None = None) -> None:
    """Make the package of specs/<vendor> in a new folder, from its own document or another one; fail on any error."""
    request = Request(
        target=target, mapping=SPECS / vendor / "mapping.yaml", spec=None if document is None else str(document)
    )
    findings = Findings()
    outcome = create(request, findings)
    assert outcome.written, "\n".join(map(str, findings.found))
