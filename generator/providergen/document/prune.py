"""A document cut down to some operations and what they reach, complete in itself and in an order of its own.

Keys are sorted, so a vendor who reorders changes nothing; extensions (`x-…`), tags, links and callbacks are left out,
references to other files are brought in as components, and references that lead nowhere are gone: what they stood for
is open, as the schema view has it. No text is changed but that of references and of a missing `info`.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from providergen.document.expansion import Expansion
from providergen.document.files import MISSING
from providergen.document.pointer import join, split
from providergen.document.references import REFERENCES, Location, References

__all__ = ["prune"]

# What the keys of each object hold; "[]" a list of it, "{}" members of it. What is not listed is data.
_SCHEMA: Final[dict[str, str]] = {
    **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), "{}schemas"),
    **dict.fromkeys(("allOf", "oneOf", "anyOf", "prefixItems"), "[]schemas"),
    **dict.fromkeys(("items", "additionalItems", "additionalProperties", "unevaluatedItems", "unevaluatedProperties",
                     "contains", "propertyNames", "not", "if", "then", "else", "contentSchema"), "schemas"),
}  # fmt: skip
_HEADER: Final = {"schema": "schemas", "content": "{}media", "examples": "{}examples"}
_KINDS: Final[dict[str, dict[str, str]]] = {
    "operation": {"parameters": "[]parameters", "requestBody": "requestBodies", "responses": "{}responses"},
    "parameters": _HEADER,
    "headers": _HEADER,
    "requestBodies": {"content": "{}media"},
    "responses": {"content": "{}media", "headers": "{}headers"},
    "media": {"schema": "schemas", "itemSchema": "schemas", "examples": "{}examples", "encoding": "{}encoding"},
    "encoding": {"headers": "{}headers"},
    "examples": {},
    "schemas": _SCHEMA,
}
_LEFT_OUT: Final = {"operation": ("callbacks", "tags", "externalDocs"), "responses": ("links",)}
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")
_GONE: Final[Any] = object()


def prune(
    references: References,
    operations: Iterable[tuple[str, str, Location]],
    schemas: Sequence[Location],
    expansion: Expansion,
) -> dict[str, Any]:
    """Return the document of these operations (path, method, where it stands) and schemas, and what they reach."""
    return _Pruner(references, expansion).document(list(operations), schemas)


class _Pruner:
    def __init__(self, references: References, expansion: Expansion) -> None:
        self.references, self.expansion = references, expansion
        self.names: dict[Location, str] = {}  # components that were brought in from elsewhere
        self.waiting: list[tuple[str, str, Location]] = []
        self.components: dict[str, dict[str, Any]] = {}

    def document(self, operations: list[tuple[str, str, Location]], schemas: Sequence[Location]) -> dict[str, Any]:
        root = self.references.root
        info = root.get("info") if isinstance(root.get("info"), dict) else {}
        title, version = (info or {}).get("title"), (info or {}).get("version")
        found: dict[str, Any] = {
            "openapi": str(root["openapi"]),
            "info": {"title": str(title or "untitled"), "version": str(version or "0")},
        }
        found |= {key: _data(root[key]) for key in ("jsonSchemaDialect", "servers", "security") if root.get(key)}
        found["paths"] = paths = {}
        for path, method, at in sorted(operations):
            owner = Location(at.file, at.pointer.rpartition("/")[0])
            if path not in paths:
                paths[path] = self.shared(owner)
            paths[path][method] = self.object("operation", at)
        for location in schemas:
            self.reach("schemas", location)
        while self.waiting:
            section, name, location = self.waiting.pop()
            value = self.value(section, location)
            self.components.setdefault(section, {})[name] = {} if value is _GONE else value
        self.add_security(found)
        if self.components:
            found["components"] = {
                section: dict(sorted(self.components[section].items())) for section in sorted(self.components)
            }
        return found

    def shared(self, owner: Location) -> dict[str, Any]:
        """Return what a path says for all its operations."""
        node = self.references.node(owner)
        found = {key: _data(node[key]) for key in ("servers",) if key in node}
        if isinstance(node.get("parameters"), list):
            found["parameters"] = self.members("[]parameters", owner.below("parameters"), node["parameters"])
        return found

    def add_security(self, found: dict[str, Any]) -> None:
        """Bring in the security schemes that are asked for."""
        asked = [
            found.get("security"),
            *(
                node.get("security")
                for item in found["paths"].values()
                for node in item.values()
                if isinstance(node, dict)
            ),
        ]
        names = {
            name
            for listed in asked
            if isinstance(listed, list)
            for entry in listed
            if isinstance(entry, dict)
            for name in entry
        }
        for name in sorted(names):
            at = self.references.resolve(Location("", join("", "components", "securitySchemes", name)))
            if at is not None and isinstance(node := self.references.node(at), dict):
                self.components.setdefault("securitySchemes", {})[name] = _data(node)

    def value(self, kind: str, location: Location) -> Any:
        """Return the copy of a node of a kind; _GONE for a reference that leads nowhere and holds nothing else."""
        if self.references.reference(location) is None:
            return self.object(kind, location)
        node = self.references.node(location)
        if self.references.resolve(location) is None:
            rest = {key: value for key, value in node.items() if key not in REFERENCES}
            return _GONE if kind != "schemas" else _data({key: rest[key] for key in rest if not key.startswith("x-")})
        target = self.references.step(location)
        assert target is not None
        found = self.object(kind, location)
        keyword = next(key for key in REFERENCES if isinstance(node.get(key), str))
        text = self.reach(kind, target)
        stays = keyword != "$ref" and not location.file and target.pointer.startswith("/components/")
        if not stays:
            found.pop(keyword)
            found["$ref"] = text
        return dict(sorted(found.items()))

    def object(self, kind: str, location: Location) -> Any:
        """Return the copy of an object, its members by what they are."""
        node = self.references.node(location)
        if not isinstance(node, dict):
            return _data(node)
        found = {}
        for key in sorted(node):
            if key.startswith("x-") or key in _LEFT_OUT.get(kind, ()):
                continue
            if kind == "schemas" and key == "discriminator":
                found[key] = self.discriminator(location, node[key])
                continue
            member = self.members(_KINDS[kind].get(key, "data"), location.below(key), node[key])
            if member is not _GONE:
                found[key] = member
        if kind == "responses":
            found.setdefault("description", "")
        return dict(sorted(found.items()))

    def members(self, kind: str, location: Location, node: Any) -> Any:
        if kind.startswith("{}") and isinstance(node, dict):
            members = {key: self.value(kind[2:], location.below(key)) for key in sorted(node)}
            return {key: value for key, value in members.items() if value is not _GONE}
        if kind.startswith("[]") and isinstance(node, list):
            items = [self.value(kind[2:], location.below(index)) for index in range(len(node))]
            return [value for value in items if value is not _GONE]
        return self.value(kind, location) if kind in _KINDS else _data(node)

    def discriminator(self, location: Location, node: Any) -> Any:
        """Return a discriminator, its variants reached and its mapping led to where they are now."""
        for variant in self.expansion.variants(location):
            self.reach("schemas", variant)
        if not isinstance(node, dict) or not isinstance(node.get("mapping"), dict):
            return _data(node)
        mapping = {}
        for value, target in sorted(node["mapping"].items()):
            found = self.expansion.mapped(location, target) if isinstance(target, str) else None
            if found is not None:
                text = self.reach("schemas", found)
                mapping[value] = target if not found.file and "/" not in target else text
        return {key: _data(node[key]) for key in sorted(node) if not key.startswith("x-")} | {"mapping": mapping}

    def reach(self, section: str, location: Location) -> str:
        """See that a node is among the components and return the reference to it."""
        keys = split(location.pointer)
        if not location.file and keys[:1] == ["components"] and len(keys) >= 3 and keys[1] in _KINDS:
            component = Location("", join("", *keys[:3]))
            if component not in self.names:
                self.names[component] = keys[2]
                self.waiting.append((keys[1], keys[2], component))
            return "#" + location.pointer.replace("%", "%25")
        if location not in self.names:
            self.names[location] = self.new_name(section, keys, location.file)
            self.waiting.append((section, self.names[location], location))
        return "#" + join("", "components", section, self.names[location])

    def new_name(self, section: str, keys: list[str], file: str) -> str:
        words = [key for key in keys[-1:] if not key.isdecimal()] or [PurePosixPath(file).stem or "inline"]
        name = stem = _NOT_IN_NAMES.sub("_", words[0]).strip("_") or "inline"
        taken = set(self.names.values())
        number = 2
        while name in taken or self.references.node(Location("", join("", "components", section, name))) is not MISSING:
            name, number = f"{stem}_{number}", number + 1
        return name


def _data(node: Any) -> Any:
    """Return a copy of a value with the keys of its objects sorted."""
    if isinstance(node, dict):
        return {key: _data(node[key]) for key in sorted(node)}
    return [_data(item) for item in node] if isinstance(node, list) else node
