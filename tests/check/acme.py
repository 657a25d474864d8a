"""A small vendor of our own, and what checking an edited mapping of it says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from providergen.check import Checked, check
from providergen.diagnostics import Diagnostic, Findings
from providergen.document import Document, load_document
from providergen.mapping import load_mapping

HERE = Path(__file__).parent
Edits = Mapping[str, str]


def edited(name: str, edits: Edits) -> str:
    """Return the text of a file beside this one with each of the edits made, once."""
    text = (HERE / name).read_text("utf-8")
    for old, new in edits.items():
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        text = text.replace(old, new)
    return text


def as_3_0(node: Any) -> Any:
    """Say a document's schemas the way OpenAPI 3.0 says them: nullable, and enums of one instead of constants."""
    if isinstance(node, list):
        return [as_3_0(item) for item in node]
    if not isinstance(node, dict):
        return node
    said = {key: as_3_0(value) for key, value in node.items() if key not in ("const", "type", "openapi")}
    if "openapi" in node:
        said["openapi"] = "3.0.3"
    if "const" in node:
        said |= {"type": "string", "enum": [node["const"]]}
    kinds = node.get("type")
    if isinstance(kinds, list):
        said |= {"type": next(kind for kind in kinds if kind != "null"), "nullable": True}
    elif kinds is not None:
        said["type"] = as_3_0(kinds)
    return said


def checked(
    folder: Path, mapping: Edits | None = None, document: Edits | None = None, *, twin: bool = False
) -> tuple[list[Diagnostic], Checked]:
    """Check the edited mapping against the edited document; `twin`: the document said in OpenAPI 3.0."""
    findings = Findings()
    found = load_mapping(folder / "mapping.yaml", findings, text=edited("mapping.yaml", mapping or {}))
    assert found is not None, [str(finding) for finding in findings.found]
    return findings.found, check(found, _document(folder, document or {}, findings, twin), findings)


def _document(folder: Path, edits: Edits, findings: Findings, twin: bool) -> Document:
    text = edited("openapi.yaml", edits)
    path = folder / "openapi.yaml"
    path.write_text(yaml.safe_dump(as_3_0(yaml.safe_load(text)), sort_keys=False) if twin else text, "utf-8")
    document = load_document(path, findings)
    assert document is not None, [str(finding) for finding in findings.found]
    return document


def told(finding: Diagnostic) -> str:
    """Say a finding in one line: severity, line and column, code, place, message, hint."""
    at = f"{finding.position.line}:{finding.position.column}" if finding.position else "-"
    hint = f" | {finding.hint}" if finding.hint else ""
    return f"{finding.severity} {at} {finding.code} {finding.place}: {finding.message}{hint}"
