"""From what a document writes to plain alternatives: `allOf` merged, `oneOf` and `anyOf` flattened, types split.

A discriminator counts in all its published forms: beside `oneOf`, with a mapping and no `oneOf`, on a base that its
variants name in `allOf`, and with variants that do not declare the key.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, product
from typing import Any, Final, NamedTuple

from providergen.document.files import MISSING
from providergen.document.references import REFERENCES, Location, References

__all__ = ["Alternative", "Expansion", "Tag", "json_type", "says"]

_COMPONENTS: Final = Location("", "/components/schemas")
_NOTES: Final = frozenset(
    ("title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "externalDocs",
     "xml", "nullable", "discriminator", "allOf", "oneOf", "anyOf", "$comment", "$id", "$schema", "$anchor", "$defs",
     "definitions", "$dynamicAnchor", "$recursiveAnchor", *REFERENCES)
)  # fmt: skip
_TYPES: Final = frozenset(("object", "array", "string", "number", "integer", "boolean"))
_MOST: Final = 500  # alternatives of one schema; unions of unions beyond that help nobody
_STEPS: Final = 5_000  # nodes looked at for the alternatives of one schema
_LEVELS: Final = 100  # of schemas within schemas that one alternative is merged from
_NULL: Final = "null"


class Tag(NamedTuple):
    """The values of a discriminator that mean a variant, and where the discriminator stands."""

    values: tuple[str, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to satisfy a schema: the nodes that hold together, none with references or unions left to follow.

    `head` is the node that best stands for all of it; `types` None is any type.
    """

    head: Location
    parts: tuple[Location, ...]
    types: tuple[str, ...] | None
    tags: tuple[tuple[str, Tag], ...] = ()
    only: tuple[Any, ...] | None = None

    def only_of(self, values: tuple[Any, ...]) -> "Alternative":
        """Return the alternative with nothing but these values allowed."""
        return replace(self, only=values)


def json_type(value: Any) -> str:
    """Return the name that JSON Schema has for the type of a value."""
    if isinstance(value, bool):
        return "boolean"
    for name, kind in (("string", str), ("integer", int), ("number", float), ("object", dict), ("array", list)):
        if isinstance(value, kind):
            return name
    return _NULL


def says(node: Any, *, beside: Iterable[str] = ()) -> bool:
    """Whether a schema says itself, beside its unions and references, anything about the values it allows."""
    return isinstance(node, dict) and any(
        key not in _NOTES and key not in beside and not key.startswith("x-") for key in node
    )


class Expansion:
    """Finds the alternatives of schemas."""

    def __init__(self, references: References) -> None:
        self.references = references
        self._steps = 0
        self._constants_of: dict[Location, dict[str, frozenset[str]]] = {}

    def conjunction(self, sites: tuple[Location, ...]) -> list[Alternative]:
        """Return the alternatives of schemas that hold at once; there is always one at least."""
        self._steps = 0
        found = self._expand(sites[0], frozenset())
        for site in sites[1:]:
            found = self._product(found, self._expand(site, frozenset()), union=False)
        split = [
            replace(alternative, types=(name,)) if len(alternative.types or ()) > 1 else alternative
            for alternative in found
            for name in alternative.types or (_NULL,)
        ]
        return list(dict.fromkeys(split)) or [Alternative(sites[0], sites, self._own_types(sites[0]))]

    def is_plain(self, alternative: Alternative) -> bool:
        """Whether an alternative is just what its head says."""
        head = alternative.head
        return alternative == Alternative(head, (head,), self._own_types(head))

    def is_bare_reference(self, site: Location) -> bool:
        """Whether a node is a reference with nothing beside it that a view would show."""
        node = self.references.node(site)
        return self.references.reference(site) is not None and not any(
            key not in REFERENCES and not key.startswith("x-") for key in node
        )

    def nullable(self, site: Location, passed: frozenset[Location] = frozenset()) -> bool:
        """Whether null may stand at a schema."""
        node = self.references.node(site)
        if not isinstance(node, dict):
            return node is True
        if site in passed or len(passed) > _LEVELS:
            return False
        passed |= {site}
        if node.get("nullable") is True or node.get("x-nullable") is True:
            return True
        if "type" in node:
            named = node["type"]
            return named == _NULL or (isinstance(named, list) and _NULL in named)
        if "const" in node or isinstance(node.get("enum"), list):
            return None in self._listed(node)
        if self.references.reference(site):
            following = self.references.resolve(site)
            return following is None or self.nullable(following, passed)
        for keyword in ("oneOf", "anyOf"):
            if branches := self._members(site, keyword):
                return any(self.nullable(branch, passed) for branch in branches)
        if members := self._members(site, "allOf"):
            return all(self.nullable(member, passed) for member in members)
        return not says(node)

    def listed(self, node: dict[str, Any]) -> list[Any] | None:
        """Return the values that a schema lists by `const` or `enum`, without null; None if it lists none."""
        if "const" not in node and not isinstance(node.get("enum"), list):
            return None
        return [value for value in self._listed(node) if value is not None] or None

    def _listed(self, node: dict[str, Any]) -> list[Any]:
        return [node["const"]] if "const" in node else list(node["enum"])

    def _expand(self, site: Location, passed: frozenset[Location]) -> list[Alternative]:
        """Return the alternatives of one node, none for a schema that allows null only or lies within itself."""
        node = self.references.node(site)
        own = Alternative(site, (site,), self._own_types(site))
        if not isinstance(node, dict):
            return [] if node is False else [own]
        if site in passed:
            return []
        self._steps += 1
        if self._steps > _STEPS or len(passed) > _LEVELS:
            message = "too many alternatives, or schemas within schemas; the rest of it is taken for open"
            self.references.warn("too-many-alternatives", message, site, "simplify the schema in an overlay")
            return [own]
        inside = passed | {site}
        if own.types == (_NULL,):
            return []
        if self.references.reference(site):
            following = self._behind(site)
            if following is None:
                return [own]
            found = self._expand(following, inside)
            return self._product([own], found, union=True) if says(node) else found
        found = [own]
        members = self._members(site, "allOf")
        for member in members:
            found = self._product(found, self._expand(member, inside), union=len(members) == 1 and not says(node))
        for keyword in ("oneOf", "anyOf"):
            branches = self._members(site, keyword)
            union = [each for branch in branches for each in self._tagged(site, branch, self._expand(branch, inside))]
            found = self._product(found, list(dict.fromkeys(union)), union=True)
        variants = self.variants(site)
        if not any(self.references.resolve(variant) in passed for variant in variants):
            union = [
                each for variant in variants for each in self._tagged(site, variant, self._expand(variant, inside))
            ]
            found = self._product(found, list(dict.fromkeys(union)), union=True)
        return found

    def _behind(self, site: Location) -> Location | None:
        """Return what a reference leads to, beyond what else is a reference and no more; None if it leads nowhere."""
        if self.references.resolve(site) is None:
            return None
        following = self.references.step(site)
        while following is not None and self.is_bare_reference(following):
            following = self.references.step(following)
        return following

    def _product(self, left: list[Alternative], right: list[Alternative], *, union: bool) -> list[Alternative]:
        """Return each of the left with each of the right, as far as their types agree.

        `union`: the right ones stand for the result, as branches do; else the left ones, unless the right are several.
        """
        if not right:
            return left
        if not left:
            return right
        take_right = union or len(right) > 1
        choice = len(left) > 1 or len(right) > 1
        joined = (
            both
            for one, other in islice(product(left, right), _STEPS)
            if not (choice and self._contradict(one, other)) and (both := self._join(one, other, take_right))
        )
        return list(islice(joined, _MOST)) or (right if union else left)

    def _join(self, left: Alternative, right: Alternative, take_right: bool) -> Alternative | None:
        types = _common(left.types, right.types)
        if types == ():
            return None
        only_types = [
            part for part in (*left.parts, *right.parts) if not says(self.references.node(part), beside=("type",))
        ]
        parts = tuple(dict.fromkeys(part for part in (*left.parts, *right.parts) if part not in only_types))
        tags = dict(left.tags) | dict(right.tags)
        head = right.head if take_right else left.head
        return Alternative(head, parts or (head,), types, tuple(tags.items()))

    def _contradict(self, left: Alternative, right: Alternative) -> bool:
        """Whether two alternatives list values for one member and have none in common, as other variants do."""
        mine = [constants for part in left.parts if (constants := self._constants(part))]
        return any(
            mine_too[key].isdisjoint(theirs[key])
            for part in right.parts
            if part not in left.parts
            for theirs in (self._constants(part),)
            for mine_too in mine
            for key in mine_too.keys() & theirs.keys()
        )

    def _constants(self, part: Location) -> dict[str, frozenset[str]]:
        """Return the values that a node lists for its members, as text, by member."""
        if part not in self._constants_of:
            node = self.references.node(part)
            members = node.get("properties") if isinstance(node, dict) else None
            self._constants_of[part] = {
                key: frozenset(json.dumps(value, sort_keys=True) for value in listed)
                for key in (members if isinstance(members, dict) else ())
                if (listed := self._listed_at(part.below("properties", key))) is not None
            }
        return self._constants_of[part]

    def _own_types(self, site: Location) -> tuple[str, ...] | None:
        """Return the types that a node names or that follow from what it lists, null left out; None if any."""
        node = self.references.node(site)
        if not isinstance(node, dict):
            return None
        named = node.get("type")
        if isinstance(named, str):
            return (named,) if named in _TYPES or named == _NULL else None
        if isinstance(named, list):
            known = tuple(dict.fromkeys(name for name in named if isinstance(name, str) and name in _TYPES))
            if "number" in known:
                known = tuple(name for name in known if name != "integer")
            return known or ((_NULL,) if _NULL in named else None)
        if "const" in node or isinstance(node.get("enum"), list):
            types = tuple(dict.fromkeys(json_type(value) for value in self._listed(node)))
            return tuple(name for name in types if name != _NULL) or types or None
        if isinstance(node.get("properties"), dict):
            return ("object",)
        return ("array",) if "items" in node else None

    def _members(self, site: Location, keyword: str) -> list[Location]:
        members = self.references.node(site).get(keyword)
        return [site.below(keyword, index) for index in range(len(members))] if isinstance(members, list) else []

    # Discriminators

    def _discriminator(self, site: Location) -> tuple[str, dict[str, str]] | None:
        """Return the key of the discriminator at a node and its mapping."""
        node = self.references.node(site)
        found = node.get("discriminator") if isinstance(node, dict) else None
        if isinstance(found, str):
            return found, {}
        if not isinstance(found, dict) or not isinstance(key := found.get("propertyName"), str):
            return None
        mapping = found.get("mapping")
        if not isinstance(mapping, dict):
            return key, {}
        return key, {value: target for value, target in mapping.items() if isinstance(target, str)}

    def variants(self, site: Location) -> list[Location]:
        """Return the variants of a base that has no `oneOf` or `anyOf`."""
        discriminator = self._discriminator(site)
        if discriminator is None or self._members(site, "oneOf") or self._members(site, "anyOf"):
            return []
        mapped = [self.mapped(site, target) for _, target in sorted(discriminator[1].items())]
        found = [target for target in mapped if target is not None and target != site]
        return list(dict.fromkeys([*found, *self._derived(site)]))

    def mapped(self, site: Location, target: str) -> Location | None:
        """Return what a value of a discriminator's mapping means: the name of a component, or a reference."""
        named = _COMPONENTS.below(target)
        if self.references.node(named) is not MISSING:
            return named
        return self.references.follow(site.below("discriminator", "mapping"), "$ref", target)

    def _derived(self, base: Location) -> list[Location]:
        """Return the components that name a base in their `allOf`, and those that name these."""
        found: list[Location] = []
        waiting = [base]
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in found and child != base:
                    found.append(child)
                    waiting.append(child)
        return found

    @cached_property
    def _children(self) -> dict[Location, list[Location]]:
        """The components of the document by what their `allOf` names."""
        components = self.references.node(_COMPONENTS)
        children: dict[Location, list[Location]] = {}
        for name, node in sorted(components.items()) if isinstance(components, dict) else ():
            members = node.get("allOf") if isinstance(node, dict) else None
            for member in members if isinstance(members, list) else ():
                if isinstance(member, dict) and isinstance(reference := member.get("$ref"), str):
                    site = _COMPONENTS.below(name)
                    parent = self.references.follow(site, "$ref", reference)
                    if parent is not None:
                        children.setdefault(parent, []).append(site)
        return children

    def _tagged(self, site: Location, branch: Location, found: list[Alternative]) -> list[Alternative]:
        """Return the alternatives of a branch with the discriminator's value, where they do not name it themselves."""
        discriminator = self._discriminator(site)
        if discriminator is None:
            return found
        key, mapping = discriminator
        target = self.references.resolve(branch)
        values = tuple(value for value, name in mapping.items() if self._ends_at(site, name, target))
        if not values and target is not None and not mapping:
            values = _component_name(target)
        return (
            [
                self._with_tag(
                    alternative, key, Tag(values, site.below("discriminator", "propertyName")), bool(mapping)
                )
                for alternative in found
            ]
            if values
            else found
        )

    def _ends_at(self, site: Location, name: str, target: Location | None) -> bool:
        mapped = self.mapped(site, name)
        return mapped is not None and target is not None and self.references.resolve(mapped) == target

    def _with_tag(self, alternative: Alternative, key: str, tag: Tag, mapped: bool) -> Alternative:
        declared = [part.below("properties", key) for part in alternative.parts]
        declared = [place for place in declared if self.references.node(place) is not MISSING]
        listed = [values for place in declared if (values := self._listed_at(place)) is not None]
        narrower = not listed or all(set(tag.values) < {str(value) for value in values} for values in listed)
        if key in dict(alternative.tags) or (declared and not (mapped and narrower)):
            return alternative
        return replace(alternative, tags=(*alternative.tags, (key, tag)))

    def _listed_at(self, place: Location) -> list[Any] | None:
        resolved = self.references.resolve(place)
        node = self.references.node(resolved) if resolved else None
        return self.listed(node) if isinstance(node, dict) else None


def _common(left: tuple[str, ...] | None, right: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the types that both allow; an integer is a number."""
    if left is None or right is None:
        return left if right is None else right
    both = [name for name in left if name in right or (name == "integer" and "number" in right)]
    both += ["integer"] if "integer" in right and "number" in left and "integer" not in both else []
    return tuple(both)


def _component_name(location: Location) -> tuple[str, ...]:
    """Return the name that stands for a component where a discriminator has no mapping."""
    name = location.pointer.removeprefix(_COMPONENTS.pointer + "/")
    return (name,) if "/" not in name and name != location.pointer else ()
