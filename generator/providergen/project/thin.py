"""The smallest mapping for a vendor that speaks a bundled dialect."""

import json
from typing import Any

from providergen.diagnostics import Findings
from providergen.document import load_document

__all__ = ["thin_mapping"]


def thin_mapping(dialect: str, vendor: str, spec: str) -> str:
    """Return the text of a mapping that adds to a dialect only who the vendor is and how a request proves its sender.

    The way of proof is the document's first security scheme that sends a key; a document without one gets a bearer
    token, which nearly all vendors take.
    """
    title = " ".join(part.capitalize() for part in vendor.split("-"))
    variable = f"{vendor.upper().replace('-', '_')}_API_KEY"
    document = load_document(spec, Findings())
    auth = _auth(document.root if document else {}, variable)
    return (
        f"# How {title}'s JSON carries Amplifier's values. Everything not said here is as in the dialect {dialect}.\n"
        "vendor:\n"
        f"  id: {_string(vendor)}\n"
        f"  name: {_string(title)}\n"
        f"  auth: {auth}\n"
        f"extends: {dialect}\n"
    )


def _string(word: str) -> str:
    """Return a word as YAML that means a string."""
    return json.dumps(word) if word.lower() in {"true", "false", "null"} else word


def _auth(root: dict[str, Any], variable: str) -> str:
    """Return the mapping's `vendor.auth` as YAML flow text."""
    for scheme in _schemes(root):
        match scheme:
            case {"type": "apiKey", "in": "header" | "query" as place, "name": str(name)}:
                if name.lower() != "authorization":
                    return f"{{{place}: {json.dumps(name)}, env: {variable}}}"
    return f"{{bearer: {variable}}}"


def _schemes(root: dict[str, Any]) -> list[Any]:
    """Return the document's security schemes, OpenAPI 3 or Swagger 2; bearer ones end the search for a key."""
    components = root.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else root.get("securityDefinitions")
    listed = list(schemes.values()) if isinstance(schemes, dict) else []
    bearer = any(isinstance(scheme, dict) and scheme.get("scheme") == "bearer" for scheme in listed)
    return [] if bearer else listed
