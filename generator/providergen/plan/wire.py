"""The vendor JSON that the mapping touches, as types: what `wire.py` of a package is generated from.

Only mapped places are there. In a request an object is what the document says it is, with the keys it requires. In a
reply an object is everything that may stand at one place; any key may be missing or null (docs/mapping.md, "Types").
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from providergen.document import Schema
from providergen.plan.names import class_name

__all__ = [
    "ANY",
    "BOOLEAN",
    "INTEGER",
    "NUMBER",
    "OBJECT",
    "STRING",
    "Json",
    "Types",
    "annotation",
    "any_of",
    "array",
    "constant",
    "reference",
]

Json = dict[str, Any]

ANY: Json = {}
STRING: Json = {"type": "string"}
NUMBER: Json = {"type": "number"}
INTEGER: Json = {"type": "integer"}
BOOLEAN: Json = {"type": "boolean"}
_NULL: Json = {"type": "null"}
OBJECT: Json = {"type": "object", "additionalProperties": True}


def array(items: Json) -> Json:
    """Return the type of a list."""
    return {"type": "array", "items": items}


def constant(value: Any) -> Json:
    """Return the type of a value that is always the same."""
    return {"enum": [value]}


def any_of(types: Sequence[Json]) -> Json:
    """Return the type of what is of one of these types."""
    return types[0] if len(types) == 1 else {"anyOf": list(types)}


def reference(name: str) -> Json:
    """Return the type of a class by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def annotation(type_: Json) -> str:
    """Return the Python annotation of a type."""
    if "$ref" in type_:
        return "wire." + _referred(type_)
    if "anyOf" in type_:
        return " | ".join(dict.fromkeys(annotation(member) for member in type_["anyOf"]))
    if "items" in type_:
        return f"list[{annotation(type_['items'])}]"
    names = {"boolean": "bool", "integer": "int", "number": "float", "string": "str", "object": "dict[str, Any]"}
    return names.get(type_.get("type", ""), "Any")


def _referred(type_: Json) -> str:
    return str(type_["$ref"]).rpartition("/")[2]


@dataclass(slots=True)
class _Class:
    keys: dict[str, list[Json]] = field(default_factory=dict)
    always: dict[str, int] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    shapes: int = 0
    lenient: bool = False


@dataclass(slots=True)
class Types:
    """The classes and unions of `wire.py`, filled while shapes are compiled."""

    _classes: dict[str, _Class] = field(default_factory=dict)
    _unions: dict[str, list[Json]] = field(default_factory=dict)
    _names: dict[Hashable, str] = field(default_factory=dict)

    def name(self, key: Hashable, schemas: Sequence[Schema], *context: str, suffix: str = "") -> str:
        """Return the name of the class with an identity of the caller's choice; the first call decides it.

        It is the name the document gives to the schema, else one made of `context`; `suffix` tells a second class of
        that name from the first.
        """
        if key in self._names:
            return self._names[key]
        given = [schema.name for schema in schemas if schema.name]
        candidates = [class_name(given[0]), class_name(given[0] + suffix)] if given else []
        candidates += [class_name(*context), class_name(*context, suffix)]
        taken = set(self._names.values())
        numbered = (f"{candidates[0]}{number}" for number in range(2, 10_000))
        name = next(name for name in (*candidates, *numbered) if name not in taken)
        self._names[key] = name
        return name

    def known_as(self, key: Hashable, name: str) -> None:
        """Give a class a second identity."""
        self._names[key] = name

    def shape(self, name: str, required: Iterable[str]) -> None:
        """Say that one more shape is written as this class; `required` are the keys the document demands."""
        made = self._classes.setdefault(name, _Class())
        made.shapes += 1
        made.needed |= frozenset(required)

    def lenient(self, name: str) -> None:
        """Say that a class is of replies: any of its keys may be missing or null."""
        self._classes.setdefault(name, _Class()).lenient = True

    def key(self, name: str, key: str, type_: Json, *, always: bool = False) -> None:
        """Add a key to a class, or one more type to a key; `always`: this shape never leaves it out."""
        made = self._classes.setdefault(name, _Class())
        types = made.keys.setdefault(key, [])
        if type_ not in types:
            types.append(type_)
        made.always[key] = made.always.get(key, 0) + always

    def union(self, name: str, members: Iterable[Json]) -> Json:
        """Add members to a named union and return its type."""
        types = self._unions.setdefault(name, [])
        types.extend(member for member in members if member not in types)
        return reference(name)

    def widest(self, annotations: Iterable[str]) -> list[str]:
        """Return the annotations without those that a union among them covers."""
        found = list(annotations)
        covered = {annotation(member) for one in found for member in self._unions.get(one.removeprefix("wire."), [])}
        return [one for one in found if one not in covered]

    def ambiguous(self) -> frozenset[str]:
        """Return the classes that stand beside another class somewhere: a bare literal would not tell which it is."""
        types = [*self._unions.values()]
        types += [joined for class_ in self._classes.values() for joined in class_.keys.values()]
        return frozenset(name for members in types for name in _beside(members))

    def schemas(self) -> dict[str, Json]:
        """Return the schemas of an OpenAPI document whose classes these are, in the order of their making."""
        made: dict[str, Json] = {}
        for name, members in self._unions.items():
            made[name] = _joined(members)
        for name, class_ in self._classes.items():
            required = [key for key in class_.keys if key in class_.needed and class_.always[key] == class_.shapes]
            null = [_NULL] if class_.lenient else []
            made[name] = {
                "type": "object",
                "properties": {key: _joined([*types, *null]) for key, types in class_.keys.items()},
                **({"required": required} if required else {}),
            }
        return made


def _beside(types: Iterable[Json]) -> set[str]:
    """Return the classes among these types, and inside lists of them, if there are several."""
    flat: list[Json] = []
    todo = list(types)
    while todo:
        type_ = todo.pop()
        todo += type_.get("anyOf", [])
        todo += [type_["items"]] if "items" in type_ else []
        flat.append(type_)
    names = {_referred(type_) for type_ in flat if "$ref" in type_}
    return names if len(names) > 1 else set()


def _joined(types: list[Json]) -> Json:
    """Return one type for several: constants of one list of values, everything else a union."""
    types = [member for type_ in types for member in type_.get("anyOf", [type_])]
    types = [type_ for index, type_ in enumerate(types) if type_ not in types[:index]]
    if ANY in types:
        return ANY
    constants = [value for type_ in types if "enum" in type_ for value in type_["enum"]]
    others = [type_ for type_ in types if "enum" not in type_]
    if STRING in others:
        constants = [value for value in constants if not isinstance(value, str)]
    enum = [{"enum": list(dict.fromkeys(constants))}] if constants else []
    return any_of(others + enum)
