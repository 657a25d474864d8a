"""Vendors that do not exist, of manners that those of specs/ do not have, and packages for them."""

from pathlib import Path

from providergen.check import Checked, check
from providergen.diagnostics import Findings
from providergen.document import load_document
from providergen.mapping import Mapping, load_mapping
from providergen.project import Request, create

MAPPINGS = Path(__file__).parent / "mappings"
DOCUMENT = MAPPINGS / "openapi.yaml"


def checked(mapping: Path, document: Path) -> tuple[Mapping, Checked]:
    """Return a mapping, and what comes of holding it against a document; fail on any error."""
    findings = Findings()
    loaded, described = load_mapping(mapping, findings), load_document(document, findings)
    assert loaded is not None, findings.found
    assert described is not None, findings.found
    found = check(loaded, described, findings)
    assert not findings.failed, findings.found
    return loaded, found


def package(mapping: Path, document: Path, folder: Path) -> Path:
    """Make the package of a mapping and a document alone, without cases, below a folder; return where it is."""
    findings = Findings()
    (folder / "mapping.yaml").write_bytes(mapping.read_bytes())
    loaded = load_mapping(folder / "mapping.yaml", findings)
    assert loaded is not None, findings.found
    target = folder / f"amplifier-module-provider-{loaded.vendor.id}"
    outcome = create(Request(target=target, mapping=folder / "mapping.yaml", spec=str(document)), findings)
    assert outcome.written, findings.found
    return target
