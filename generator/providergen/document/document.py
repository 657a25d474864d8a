"""A vendor's document: its operations, its schemas, and where things stand in it."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from providergen.diagnostics import Position
from providergen.document.expansion import Expansion
from providergen.document.files import MISSING, Files
from providergen.document.operation import METHODS, Operation
from providergen.document.prune import prune
from providergen.document.references import Location, References
from providergen.document.schema import Schema, Schemas

__all__ = ["Document"]


class Document:
    """What load_document makes of a vendor's document; everything in it is looked up when it is asked for.

    `root` has the structure of OpenAPI 3, whatever the file has; pointers are pointers into it.
    """

    def __init__(self, files: Files, root: dict[str, Any], origins: dict[int, tuple[Any, str]] | None = None) -> None:
        """`origins` tells where the values of a root that was changed after parsing stood in the file."""
        self.root = root
        self._files = files
        self._references = References(files, root, origins)
        self._schemas = Schemas(Expansion(self._references))

    @property
    def path(self) -> str:
        """The path or URL as it was given."""
        return self._files.source

    @property
    def sha256(self) -> str:
        """The digest of the document's bytes, in hexadecimal."""
        return self._files.sha256

    def position(self, pointer: str) -> Position:
        """Return where a node stands in its file, the nearest node above if it does not stand there itself."""
        file, separator, inner = pointer.partition("#")
        return self._references.position(Location(file, inner) if separator else Location("", pointer))

    def schema(self, pointer: str) -> Schema | None:
        """Return the schema at a pointer, None if nothing is there."""
        file, separator, inner = pointer.partition("#")
        location = Location(file, inner) if separator else Location("", pointer)
        return None if self._references.node(location) is MISSING else self._schemas.of(location)

    def component(self, name: str) -> Schema | None:
        """Return the schema of that name, None if there is none."""
        location = Location("", "").below("components", "schemas", name)
        return None if self._references.node(location) is MISSING else self._schemas.of(location)

    @cached_property
    def components(self) -> tuple[str, ...]:
        """The names of the schemas."""
        found = self._references.node(Location("", "/components/schemas"))
        return tuple(found) if isinstance(found, dict) else ()

    def operations(self) -> Sequence[Operation]:
        """Return all operations, in the order of the document."""
        return self._operations

    def operation(self, name: str) -> Operation | None:
        """Return the operation of a name like "POST /v1/messages", or of an operationId; None if there is none."""
        method, _, path = name.partition(" ")
        wanted = f"{method.upper()} {path.strip(' ')}"
        found = (operation for operation in self._operations if str(operation) == wanted or operation.id == name)
        return next(found, None)

    def pruned(self, operations: Iterable[Operation], schemas: Iterable[Schema] = ()) -> dict[str, Any]:
        """Return a document of its own with only these operations and components, and what they reach.

        The order of its keys does not depend on the order of the vendor's; texts are not touched.
        """
        return prune(
            self._references,
            [(operation.path, operation.method.lower(), operation.location) for operation in operations],
            [schema.location for schema in schemas],
            self._schemas.expansion,
        )

    @cached_property
    def _operations(self) -> tuple[Operation, ...]:
        paths = Location("", "/paths")
        listed = self._references.node(paths)
        found = []
        for path in listed if isinstance(listed, dict) else ():
            if (at := self._references.resolve(paths.below(path))) is None:
                continue
            node = self._references.node(at)
            methods = [method for method in node if method.lower() in METHODS] if isinstance(node, dict) else []
            found += [Operation(self._schemas, path, method, at.below(method)) for method in methods]
        return tuple(found)
