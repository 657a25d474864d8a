"""Schemas as the checker wants them: alternatives without references, `allOf`, `oneOf`, `anyOf` or type lists.

A `Schema` is a lazy view. Its `alternatives` are plain: each has one type and its properties are merged. Whatever the
document writes to get there is resolved by `Expansion` (expansion.py).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from providergen.document.expansion import Alternative, Expansion, json_type, says
from providergen.document.files import MISSING
from providergen.document.pointer import split
from providergen.document.references import Location

__all__ = ["Schema", "Schemas"]


class Schema:
    """A place where a document says what JSON may stand there.

    The same place is the same object, so compare with `is`. What speaks of values (`type`, `properties`, `enum`, …)
    speaks of one alternative: ask the members of `alternatives`; on a schema with several it is silent.
    """

    def __init__(self, schemas: "Schemas", sites: tuple[Location, ...], only: tuple[Any, ...] | None) -> None:
        self._schemas = schemas
        self._sites = sites
        self._only = only
        self._alternative: Alternative | None = None

    def __repr__(self) -> str:
        return f"Schema({self.name or self.pointer!r})"

    # What holds for the place as a whole

    @cached_property
    def location(self) -> Location:
        """The defining place: after references, as far as they lead."""
        if self._alternative:
            return self._alternative.head
        return self._schemas.defining(self._sites[0])

    @property
    def pointer(self) -> str:
        """JSON Pointer of the defining place; `file#pointer` in another file."""
        return str(self.location)

    @cached_property
    def name(self) -> str | None:
        """The name under components/schemas, if the defining place is such a component."""
        keys = split(self.location.pointer)
        return keys[2] if len(keys) == 3 and keys[:2] == ["components", "schemas"] else None

    @cached_property
    def alternatives(self) -> tuple["Schema", ...]:
        """All plain alternatives, the null branch left out; a plain schema is its own only one."""
        if self._alternative:
            return (self,)
        found = self._schemas.expansion.conjunction(self._sites)
        if self._only is not None:
            found = [alternative.only_of(self._only) for alternative in found]
        return self._schemas.alternatives(self, found)

    @cached_property
    def nullable(self) -> bool:
        """Whether null may stand here."""
        return all(self._schemas.expansion.nullable(site) for site in self._parts)

    @cached_property
    def dangling(self) -> str | None:
        """The reference here that leads nowhere, or round in a circle."""
        for site in self._parts:
            reference = self._schemas.references.reference(site)
            if reference and self._schemas.references.resolve(site) is None:
                return reference[1]
        return None

    @property
    def description(self) -> str | None:
        """What the document says about it, nearest first."""
        found = self._noted("description")
        return found if isinstance(found, str) else None

    @property
    def title(self) -> str | None:
        """Its title, nearest first."""
        found = self._noted("title")
        return found if isinstance(found, str) else None

    @property
    def default(self) -> Any:
        """The default, MISSING if there is none."""
        return self._noted("default")

    @cached_property
    def examples(self) -> tuple[Any, ...]:
        """All examples given for it."""
        found: list[Any] = []
        for site in self._noted_sites():
            node = self._schemas.references.node(site)
            if isinstance(node, dict):
                found += [node["example"]] if "example" in node else []
                found += node["examples"] if isinstance(node.get("examples"), list) else []
        return tuple(found)

    # What holds for one alternative

    @cached_property
    def type(self) -> str | None:
        """object, array, string, number, integer, boolean (null if nothing but null may stand here); None is any."""
        one = self._one
        return one.types[0] if one and one.types else None

    @cached_property
    def properties(self) -> Mapping[str, "Schema"]:
        """The members that are described."""
        found: dict[str, list[Location]] = {}
        for site, node in self._nodes():
            members = node.get("properties")
            if isinstance(members, dict):
                for key in members:
                    found.setdefault(key, []).append(site.below("properties", key))
        tags = dict(self._one.tags) if self._one else {}
        for key in tags:
            found.setdefault(key, [])
        return {
            key: self._schemas.of(*(sites or [tags[key].at]), only=tags[key].values if key in tags else None)
            for key, sites in found.items()
        }

    @cached_property
    def required(self) -> frozenset[str]:
        """The members that must be there."""
        lists = [node["required"] for _, node in self._nodes() if isinstance(node.get("required"), list)]
        return frozenset(key for keys in lists for key in keys if isinstance(key, str))

    @cached_property
    def additional(self) -> "Schema | bool":
        """What other members may hold: a schema, True for anything (also if the document says nothing), False: none."""
        sites = []
        for site, node in self._nodes():
            if node.get("additionalProperties") is False or node.get("unevaluatedProperties") is False:
                patterns = node.get("patternProperties")
                if not (isinstance(patterns, dict) and patterns):
                    return False
                sites.append(site.below("patternProperties", next(iter(patterns))))
            elif isinstance(extra := node.get("additionalProperties"), dict) and extra:
                sites.append(site.below("additionalProperties"))
        return self._schemas.of(*sites) if sites else True

    @cached_property
    def items(self) -> "Schema | None":
        """What the items of an array are, None if unsaid."""
        sites = [site.below("items") for site, node in self._nodes() if isinstance(node.get("items"), (dict, bool))]
        return self._schemas.of(*sites) if sites else None

    @cached_property
    def enum(self) -> tuple[Any, ...] | None:
        """The values that may stand here (one for `const`), null left out; None if any may."""
        found: tuple[Any, ...] | None = self._one.only if self._one else None
        for _, node in self._nodes():
            listed = self._schemas.expansion.listed(node)
            if listed is not None:
                both = [value for value in listed if found is None or value in found]
                found = tuple(both or found or ())
        if found is not None and self.type not in (None, "null"):
            fitting = tuple(value for value in found if json_type(value) == self.type or self.type == "number")
            found = fitting or found
        return found

    @cached_property
    def open(self) -> bool:
        """Whether it says nothing at all: any value fits. A reference that leads nowhere is open, too."""
        if self._one is None:
            return any(alternative.open for alternative in self.alternatives)
        if self.dangling is not None:
            return True
        return not self._one.types and not self._one.tags and not any(says(node) for _, node in self._nodes())

    @property
    def format(self) -> str | None:
        """Its `format`."""
        found = self._said("format")
        return found if isinstance(found, str) else None

    @property
    def pattern(self) -> str | None:
        """The regular expression that a string must match somewhere."""
        found = self._said("pattern")
        return found if isinstance(found, str) else None

    @property
    def min_items(self) -> int:
        """The least number of items, 0 if unsaid."""
        return self._bound("minItems") or 0

    @property
    def max_items(self) -> int | None:
        """The largest number of items, None if unsaid."""
        return self._bound("maxItems")

    @property
    def min_length(self) -> int:
        """The least length of a string, 0 if unsaid."""
        return self._bound("minLength") or 0

    @property
    def max_length(self) -> int | None:
        """The largest length of a string, None if unsaid."""
        return self._bound("maxLength")

    @property
    def minimum(self) -> float | None:
        """The least number allowed, None if unsaid."""
        found = self._said("minimum")
        return found if isinstance(found, (int, float)) and not isinstance(found, bool) else None

    @property
    def maximum(self) -> float | None:
        """The largest number allowed, None if unsaid."""
        found = self._said("maximum")
        return found if isinstance(found, (int, float)) and not isinstance(found, bool) else None

    # How it is found out

    @property
    def _one(self) -> Alternative | None:
        """The one alternative this is, or stands for."""
        if self._alternative:
            return self._alternative
        return self.alternatives[0]._alternative if len(self.alternatives) == 1 else None

    @property
    def _parts(self) -> tuple[Location, ...]:
        return self._alternative.parts if self._alternative else self._sites

    def _nodes(self) -> list[tuple[Location, dict[str, Any]]]:
        parts = self._one.parts if self._one else ()
        nodes = ((part, self._schemas.references.node(part)) for part in parts)
        return [(part, node) for part, node in nodes if isinstance(node, dict)]

    def _noted_sites(self) -> list[Location]:
        """Return where notes (description, default, …) for this place stand, nearest first."""
        sites: list[Location] = []
        waiting = [self._alternative.head, *self._alternative.parts] if self._alternative else [*self._sites]
        while waiting:
            site = waiting.pop(0)
            if site in sites:
                continue
            sites.append(site)
            following = self._schemas.references.step(site)
            waiting += [following] if following else []
        return sites

    def _noted(self, key: str) -> Any:
        nodes = (self._schemas.references.node(site) for site in self._noted_sites())
        return next((node[key] for node in nodes if isinstance(node, dict) and key in node), MISSING)

    def _said(self, key: str) -> Any:
        return next((node[key] for _, node in self._nodes() if key in node), None)

    def _bound(self, key: str) -> int | None:
        found = self._said(key)
        return found if isinstance(found, int) and not isinstance(found, bool) else None


class Schemas:
    """All schema views of a document, one per place."""

    def __init__(self, expansion: Expansion) -> None:
        self.expansion = expansion
        self.references = expansion.references
        self._views: dict[Any, Schema] = {}

    def of(self, *sites: Location, only: tuple[Any, ...] | None = None) -> Schema:
        """Return the view of a place, of several that hold at once, with the values that alone are allowed there."""
        sites = tuple(dict.fromkeys(self._bare(site) for site in sites))
        key = (sites, only)
        if key not in self._views:
            self._views[key] = Schema(self, sites, only)
        return self._views[key]

    def alternatives(self, whole: Schema, found: list[Alternative]) -> tuple[Schema, ...]:
        """Return the views of the alternatives of a schema."""
        views = []
        for alternative in found:
            key: Any = alternative
            if self.expansion.is_plain(alternative):
                key = ((alternative.head,), None)
            if key not in self._views:
                self._views[key] = Schema(self, (alternative.head,), alternative.only)
            view = self._views[key]
            view._alternative = alternative
            views.append(view)
        return tuple(views) or (whole,)

    def defining(self, site: Location) -> Location:
        """Return where a place is defined: what its references lead to, as far as they do."""
        return self.references.resolve(site) or site

    def _bare(self, site: Location) -> Location:
        """Follow references that stand alone: what they lead to is the same place."""
        passed = {site}
        while self.expansion.is_bare_reference(site):
            following = self.references.step(site)
            if following is None or following in passed:
                return site
            passed.add(following)
            site = following
        return site
