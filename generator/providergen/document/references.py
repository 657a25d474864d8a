"""Where references lead: `$ref`, `$dynamicRef` and `$recursiveRef`, within a document and to files below its folder.

References are resolved by where they stand, not by the dynamic scope of JSON Schema: `$dynamicRef` and `$recursiveRef`
lead to the nearest anchor around them. Published documents use them for plain recursion only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from providergen.diagnostics import Position
from providergen.document.files import MISSING, Files
from providergen.document.pointer import join, parent, split

__all__ = ["REFERENCES", "Location", "References", "origins_of"]

REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")


class Location(NamedTuple):
    """A node: its file ("" is the document itself) and its JSON Pointer there."""

    file: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}" if self.file else self.pointer

    def below(self, *keys: str | int) -> "Location":
        """Return the location of what lies at the keys below this node."""
        return Location(self.file, join(self.pointer, *keys))

    def around(self) -> Iterator["Location"]:
        """Yield this location and those of all nodes it lies in, nearest first."""
        pointer = self.pointer
        yield self
        while pointer:
            pointer = parent(pointer)
            yield Location(self.file, pointer)


@dataclass(slots=True)
class References:
    """Looks up nodes and follows references; a reference that leads nowhere is a warning, once."""

    files: Files
    root: Mapping[str, Any]
    origins: Mapping[int, tuple[Any, str]] | None = None
    _nodes: dict[Location, Any] = field(default_factory=dict)
    _warned: set[tuple[str, Location]] = field(default_factory=set)
    _targets: dict[tuple[Location, str], Location | None] = field(default_factory=dict)
    _anchors: dict[str, dict[str, str]] = field(default_factory=dict)

    def node(self, location: Location) -> Any:
        """Return the value at a location, MISSING if there is none."""
        found = self._nodes.get(location, self)
        if found is self:
            root = self.files.value(location.file) if location.file else self.root
            found = self._nodes[location] = _walk(root, location.pointer)
        return found

    def position(self, location: Location) -> Position:
        """Return where a node stands in its file (a mapping or list: its key), or the nearest node above it there."""
        pointer = location.pointer
        if not location.file and self.origins is not None:
            pointer = self._origin(pointer)
        place = self.files.positions(location.file).nearest(pointer)
        return place.key if isinstance(self.node(location), (dict, list)) else place.value

    def reference(self, location: Location) -> tuple[str, str] | None:
        """Return the keyword and text of the reference at a node, None if it is none."""
        node = self.node(location)
        if isinstance(node, dict):
            for keyword in REFERENCES:
                if isinstance(text := node.get(keyword), str):
                    return keyword, text
        return None

    def step(self, location: Location) -> Location | None:
        """Return what the reference at a node leads to, None if it is none or leads nowhere."""
        reference = self.reference(location)
        return self.follow(location, *reference) if reference else None

    def resolve(self, location: Location) -> Location | None:
        """Return what a node is after all references (itself if none), None if they lead nowhere or in a circle."""
        passed = {location}
        while (reference := self.reference(location)) is not None:
            following = self.follow(location, *reference)
            if following is None:
                return None
            if following in passed:
                message = f"the reference '{reference[1]}' leads back to itself; expected a definition at its end"
                self.warn("cyclic-reference", message, location, "write the definition out")
                return None
            passed.add(following)
            location = following
        return location

    def follow(self, location: Location, keyword: str, text: str) -> Location | None:
        """Return what a reference that stands at a node leads to; None, with a warning, if it leads nowhere."""
        key = (location, text)
        if key not in self._targets:
            self._targets[key] = found = self._find(location, keyword, text)
            if found is None:
                shown = text if len(text) <= 200 else f"{text[:200]}…"
                message = f"the reference '{shown}' leads nowhere; expected a definition in this document or beside it"
                self.warn("dangling-reference", message, location, "correct the reference in an overlay")
        return self._targets[key]

    def warn(self, code: str, message: str, location: Location, hint: str) -> None:
        """Add a warning about a node, once."""
        if (code, location) not in self._warned:
            self._warned.add((code, location))
            self.files.findings.warning(code, message, self.position(location), pointer=str(location), hint=hint)

    def _find(self, location: Location, keyword: str, text: str) -> Location | None:
        name, _, fragment = text.partition("#")
        file = self.files.name(name, location.file) if name else location.file
        if file is None:
            return None
        pointer = unquote(fragment)
        target = Location(file, pointer)
        if pointer and not pointer.startswith("/"):
            return self._anchor(location, target, dynamic=keyword == "$dynamicRef")
        if not name and (not pointer or keyword == "$recursiveRef"):
            return self._schema_around(location)
        if self.node(target) is not MISSING:
            return target
        if not name and pointer.startswith(("/$defs/", "/definitions/")):  # meant within the schema it stands in
            inner = split(pointer)
            return next(
                (here for base in location.around() if self.node(here := base.below(*inner)) is not MISSING), None
            )
        return None

    def _schema_around(self, location: Location) -> Location | None:
        """Return what `#` means in a schema: the nearest recursive anchor, else the component or file around it."""
        for base in location.around():
            node = self.node(base)
            if isinstance(node, dict) and node.get("$recursiveAnchor") is True:
                return base
        keys = split(location.pointer)
        if keys[:2] == ["components", "schemas"] and len(keys) > 2:
            return Location(location.file, join("", *keys[:3]))
        return Location(location.file, "") if location.file else None

    def _anchor(self, location: Location, target: Location, *, dynamic: bool) -> Location | None:
        if dynamic:
            for base in location.around():
                node = self.node(base)
                if isinstance(node, dict) and node.get("$dynamicAnchor") == target.pointer:
                    return base
        if target.file not in self._anchors:
            root = self.node(Location(target.file, ""))
            self._anchors[target.file] = dict(_anchors_of(root))
        pointer = self._anchors[target.file].get(target.pointer)
        return None if pointer is None else Location(target.file, pointer)

    def _origin(self, pointer: str) -> str:
        """Return where a node of a changed document stood in the file: by the nearest value that is still the same."""
        origins = self.origins or {}
        for base in Location("", pointer).around():
            if (entry := origins.get(id(self.node(base)))) is not None:
                return entry[1] + pointer[len(base.pointer) :]
        return pointer


def origins_of(root: Any) -> dict[int, tuple[Any, str]]:
    """Return the pointer of each mapping and list by its identity, before a document is changed in place."""
    found = {}
    waiting = [("", root)]
    while waiting:
        pointer, node = waiting.pop()
        if isinstance(node, (dict, list)):
            found[id(node)] = (node, pointer)
            items = node.items() if isinstance(node, dict) else enumerate(node)
            waiting.extend((join(pointer, key), value) for key, value in items)
    return found


def _anchors_of(root: Any) -> Iterator[tuple[str, str]]:
    waiting = [("", root)]
    while waiting:
        pointer, node = waiting.pop()
        if isinstance(node, dict):
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(name := node.get(keyword), str):
                    yield name, pointer
            waiting.extend((join(pointer, key), value) for key, value in node.items())
        elif isinstance(node, list):
            waiting.extend((join(pointer, index), value) for index, value in enumerate(node))


def _walk(root: Any, pointer: str) -> Any:
    node = root
    for key in split(pointer):
        if isinstance(node, dict):
            node = node.get(key, MISSING)
        elif isinstance(node, list) and key.isdecimal() and len(key) < 10 and int(key) < len(node):
            node = node[int(key)]
        else:
            return MISSING
    return node
