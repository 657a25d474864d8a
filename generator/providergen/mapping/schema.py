"""The JSON Schema of a mapping, for editors: sections, known words, and which holes mean something where."""

from typing import Any

from providergen.mapping._sections import FILE
from providergen.mapping.vocabulary import BLOCK_KINDS, ROLES, SCOPES, Scope

__all__ = ["json_schema"]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a mapping file, which may extend another and delete with null.

    It knows the words and where they mean something; what one part says about another only `check` can tell.
    """
    schema = FILE.schema()
    sections = schema["properties"]
    sections["chat"]["anyOf"].append({"$ref": "#/properties/chat/anyOf/0/properties/operation"})
    kinds = {rf"^(?:(?:{'|'.join(ROLES)})\.)?{kind}(?:\.\w+)?$": kind for kind in BLOCK_KINDS}
    blocks = {key: {"$ref": f"#/$defs/block.{kind}"} for key, kind in kinds.items()}
    sections["block"]["anyOf"][0]["patternProperties"] = blocks
    overlay = sections["for_model"]["anyOf"][0]["additionalProperties"]["anyOf"][0]
    overlay["properties"] = {key: {"$ref": f"#/properties/{key}"} for key in overlay["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Mapping of a vendor's API to Amplifier",
        **schema,
        "$defs": {name: _shapes(name, scope) for name, scope in SCOPES.items()},
    }


def _shapes(name: str, scope: Scope) -> dict[str, Any]:
    below = {"$ref": f"#/$defs/{name}"}
    known = f"Holes: {scope.offered()}." if scope.offered() else "No holes here."
    return {
        "description": f"A shape in {scope.called}. {known}",
        "anyOf": [
            {"type": "string", "pattern": _texts(scope)},
            {"type": ["number", "boolean", "null"]},
            {"type": "array", "items": below},
            {"type": "object", "additionalProperties": below},
        ],
    }


def _texts(scope: Scope) -> str:
    """Return the pattern of a text without dollars, of one hole, or of a text with holes in braces."""
    families = {"_": r"_\w+", "config.": r"config\.\w+", "metadata.": r"metadata\.\w+"}
    words = "|".join([*scope.words, *(families[family] for family in scope.families)])
    if not words:
        return r"^(?:[^$]|\$\$)*$"
    marks = "".join(mark for mark, there in (("+", scope.fragment), ("!", scope.needed)) if there)
    hole = rf"(?:{words})(?:\.\w+)?(?:\|json)?" + (f"[{marks}]?" if marks else "")
    return rf"^(?:\${hole}|(?:[^$]|\$\$|\$\{{{hole}\}})*)$"
