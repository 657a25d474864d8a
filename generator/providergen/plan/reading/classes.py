"""Types of replies while reading shapes are compiled: one class per place, every key may be missing or null."""

from collections.abc import Hashable
from dataclasses import dataclass

from providergen.check import Checked
from providergen.document import Schema
from providergen.mapping.shape import Hole
from providergen.mapping.vocabulary import USAGE_WORDS
from providergen.plan import code, wire
from providergen.plan.wire import Json, Types

__all__ = ["Classes", "Place"]

_TEXTS = frozenset(
    {
        "text",
        "thinking",
        "id",
        "name",
        "signature",
        "data",
        "media_type",
        "url",
        "finish_reason",
        "error",
        "error_type",
        "display_name",
        "next",
    }
)
_WHOLE = frozenset(
    {
        "index",
        "end",
        *(word for word in USAGE_WORDS if word.endswith("_tokens")),
        "context_window",
        "max_output_tokens",
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shape is read: the variable that has the object, its class, the mapping path."""

    value: code.Expr
    type: str
    path: str


@dataclass(slots=True)
class Classes:
    """The classes of replies of one mapping."""

    checked: Checked
    types: Types

    def place(self, identity: Hashable, path: str, *context: str, root: bool = False) -> str:
        """Return the name of the class of objects at a place; that of a `root` is its first alternative's."""
        schemas = [schema for schema in self.schemas(path) if schema.name]
        if len({schema.name for schema in schemas}) > 1 and not root:
            schemas = []
        name = self.types.name(("reply", identity), schemas, *context, suffix="Reply")
        self.types.lenient(name)
        return name

    def same(self, owner: str, key: str, name: str) -> None:
        """Say that the objects under a key are of a class that other places have too."""
        self.types.known_as(("reply", (owner, key)), name)

    def inner(self, owner: str, key: str, path: str) -> str:
        """Return the name of the class of objects under a key."""
        return self.place((owner, key), path, owner, key)

    def leaf(self, owner: str, key: str, hole: Hole, path: str) -> None:
        """Take note of a key that holds a value of Amplifier's."""
        self.types.key(owner, key, self._type(hole, path))

    def constant(self, owner: str, key: str, value: object) -> None:
        """Take note of a key that is compared with a constant."""
        types = {str: wire.STRING, bool: wire.BOOLEAN, int: wire.INTEGER, float: wire.NUMBER}
        self.types.key(owner, key, types.get(type(value), wire.ANY))

    def object(self, owner: str, key: str, name: str, *, listed: bool = False) -> None:
        """Take note of a key that holds an object, or a list of them, of a class."""
        type_ = wire.reference(name)
        self.types.key(owner, key, wire.array(type_) if listed else type_)

    def schemas(self, path: str) -> tuple[Schema, ...]:
        """Return what a place lies on."""
        return self.checked.read.get(path, ())

    def is_flag(self, path: str) -> bool:
        """Tell whether a place has nothing but true or false."""
        return {schema.type for schema in self.schemas(path)} == {"boolean"}

    def _type(self, hole: Hole, path: str) -> Json:
        kinds = {schema.type for schema in self.schemas(path)}
        if hole.name in _TEXTS and not (hole.name == "finish_reason" and self.is_flag(path)):
            return wire.STRING
        if hole.name in _WHOLE:
            return wire.INTEGER
        if kinds and kinds <= {"string", "integer", "boolean", "number"}:
            types = [{"type": kind} for kind in sorted(str(kind) for kind in kinds)]
            return wire.any_of(types)
        return wire.OBJECT if kinds == {"object"} else wire.ANY
