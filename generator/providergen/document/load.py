"""Loading a document: from a file or URL to a `Document`, with one clear finding for what is wrong."""

import re
from pathlib import Path
from typing import Any, Final

from providergen.diagnostics import Findings, Position
from providergen.document.document import Document
from providergen.document.files import Files
from providergen.document.references import origins_of
from providergen.document.swagger import to_openapi

__all__ = ["load_document"]

_OPENAPI: Final = re.compile(r"3\.\d+(\.\d+)?(-.*)?")
_EXPECTED: Final = "expected OpenAPI 3 (a key 'openapi' with 3.x) or Swagger 2 (a key 'swagger' with 2.0)"


def load_document(source: str | Path, findings: Findings, *, overlay: Path | None = None) -> Document | None:
    """Return the document in a file or at an http(s) URL, with an overlay applied; None after errors.

    What is met later, when the document is looked into, is added to the same findings.
    """
    files = Files(str(source), findings)
    root = files.load()
    if root is None or not _is_openapi(root, files, findings):
        return None
    swagger = "swagger" in root
    origins = origins_of(root) if swagger or overlay else None
    if overlay:
        from providergen.document.overlay import apply_overlay  # JSONPath loads as long as most documents

        if not apply_overlay(root, overlay, findings):
            return None
    if swagger:
        root = to_openapi(root)
    return Document(files, root, origins)


def _is_openapi(root: Any, files: Files, findings: Findings) -> bool:
    path = files.source
    if not isinstance(root, dict):
        kind = "a list" if isinstance(root, list) else "a single value"
        findings.error("not-openapi", f"the document is {kind}; {_EXPECTED}", Position(path, 1, 1))
        return False
    version = root.get("openapi", root.get("swagger"))
    if version is None:
        keys = ", ".join(f"'{key[:40]}'" for key in list(root)[:5])
        found = f"there is no key 'openapi' among {keys or 'no keys at all'}; {_EXPECTED}"
        hint = "give the vendor's OpenAPI document" if "shapes" not in root else "this is a botocore service model"
        findings.error("not-openapi", found, Position(path, 1, 1), hint=hint)
        return False
    key = "openapi" if "openapi" in root else "swagger"
    known = _OPENAPI.fullmatch(str(version)) if key == "openapi" else str(version) in ("2.0", "2")
    if not known:
        at = files.positions("").nearest(f"/{key}").value
        findings.error("not-openapi", f"the version is {str(version)[:40]!r}; {_EXPECTED}", at)
        return False
    if not isinstance(root.get("paths"), dict) or not root["paths"]:
        at = files.positions("").nearest("/paths").value
        found = "the document describes no operation; expected a mapping 'paths' with at least one path"
        findings.error("no-operations", found, at, hint="take the document that describes the vendor's paths")
        return False
    return True
