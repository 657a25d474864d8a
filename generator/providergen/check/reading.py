"""Reading: a shape is held against all alternatives that its constants allow, and required keys do not count."""

from typing import ClassVar

from providergen.check.guards import allowed_by_guards, blamed, member
from providergen.check.laid import Context, Laid, Mark, Use
from providergen.check.laying import Laying, alternatives, item, repeated
from providergen.check.values import accepts, types_of
from providergen.check.wording import closest, named, quoted, refused, shown
from providergen.document import Schema
from providergen.mapping.shape import Constant, Entry, Hole, List, Object, Shape, holes
from providergen.spelling import slip

__all__ = ["Reading"]

_OPTIONAL = ("signature", "cache", "index")
# Holes that may stand for the items of a list, for they are blocks.
_ITEMS = frozenset({"block", "content", "tool_call", "image"})


class Reading(Laying):
    """Lays what is read along what the vendor answers."""

    writing: ClassVar[bool] = False

    def must_fit(self, kind: str, context: Context, *, named: bool) -> bool:
        """What a hole names has to be readable; in a whole reply, text and calls as well."""
        return named or (context.section == "response" and kind in ("text", "tool_call"))

    def _constant(self, shape: Constant, place: str, schemas: tuple[Schema, ...]) -> Laid:  # noqa: ARG002
        return self.ok(place, alternatives(schemas)) if schemas else self.silent(place)

    def _object(self, shape: Object, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        found = alternatives(schemas)
        candidates = [one for one in found if accepts(one, frozenset({"object"}), writing=False)]
        if found and not candidates:
            return self.wrong_type(shape, place, schemas)
        laid = Laid()
        if not shape.entries:
            self._empty(laid, shape, place, context)
        if candidates:
            allowed = allowed_by_guards(shape, candidates)
            if not allowed:
                self._blame(laid, shape, place, candidates)
                return laid
            candidates = allowed
        laid.schemas = tuple(candidates)
        laid.marks.append(Mark(place, laid.schemas, False))
        for entry in shape.entries:
            self._entry(laid, entry, place, candidates, context)
        return laid

    def _empty(self, laid: Laid, shape: Object | List, place: str, context: Context) -> None:
        """Add the problem of a map or a list with nothing in it; what is written too may be so."""
        if context.section == "block":
            return
        what, expected = ("map", "{key: …}") if isinstance(shape, Object) else ("list", "[a] or [a, ...]")
        message = f"an empty {what} reads nothing; expected {expected} with a hole or a constant"
        hint = "write what is read there, or leave the key out"
        laid.add(self.problem("reads-nothing", message, shape.at, place, hint=hint))

    def _entry(self, laid: Laid, entry: Entry, place: str, candidates: list[Schema], context: Context) -> None:
        if isinstance(entry.shape, Hole) and entry.shape.name == "cache":
            return
        below = f"{place}.{entry.key}" if place else entry.key
        members = [member(one, entry.key) for one in candidates]
        described = tuple(dict.fromkeys(one for one in members if isinstance(one, Schema)))
        if described or any(one is not None for one in members) or not candidates:
            laid.take(self.lay(entry.shape, below, described, context))
            return
        closed = [one for one in candidates if not one.open]
        message = f"{named(closed)} {'have' if len(closed) > 1 else 'has'} no key '{entry.key}'"
        keys = [key for one in closed for key in one.properties]
        hint = closest(entry.key, keys)
        soft = context.section == "block" and _optional(entry)
        slipped = slip(entry.key, keys) is not None
        laid.add(self.problem("unknown-key", message, entry.at, below, closed, hint=hint, soft=soft, slip=slipped))

    def _blame(self, laid: Laid, shape: Object, place: str, candidates: list[Schema]) -> None:
        entry = blamed(shape, candidates)
        below = f"{place}.{entry.key}" if place else entry.key
        props = [prop for one in candidates if (prop := one.properties.get(entry.key)) is not None]
        if not props:
            message = f"{named(candidates)} {'have' if len(candidates) > 1 else 'has'} no key '{entry.key}'"
            keys = [key for one in candidates for key in one.properties]
            hint, slipped = closest(entry.key, keys), slip(entry.key, keys) is not None
            laid.add(self.problem("unknown-key", message, entry.at, below, candidates, hint=hint, slip=slipped))
            return
        assert isinstance(entry.shape, Constant)
        choices = [value for one in alternatives(props) for value in one.enum or ()]
        message, hint = refused(entry.shape.value, choices)
        if entry.shape.value in choices:
            message, hint = f"no alternative has {quoted(entry.shape.value)} together with the other constants", None
        slipped = slip(str(entry.shape.value), map(str, choices)) is not None
        laid.add(self.problem("value-not-allowed", message, entry.shape.at, below, props, hint=hint, slip=slipped))

    def _list(self, shape: List, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        found = alternatives(schemas)
        candidates = tuple(one for one in found if accepts(one, frozenset({"array"}), writing=False))
        if found and not candidates:
            return self.wrong_type(shape, place, schemas)
        laid = Laid(candidates)
        laid.marks.append(Mark(place, candidates, False))
        items = tuple(dict.fromkeys(one.items for one in candidates if one.items))
        first = shape.repeated if shape.repeated is not None else next(iter(shape.items), None)
        if first is None:
            self._empty(laid, shape, place, context)
        elif any(hole.name != "cache" for hole in holes(first)) and not _is_item(first):
            message = f"{shown(first)} stands for an item of a list that is read; expected a map, or a hole for blocks"
            hint = "items that are texts or numbers can be made maps in the hook response or event"
            laid.add(self.problem("unreadable-item", message, first.at, place, hint=hint))
        if shape.repeated is not None:
            laid.take(self.lay(shape.repeated, repeated(place), items, context))
        for index, one in enumerate(shape.items):
            laid.take(self.lay(one, item(place, index), items, context))
        return laid

    def _content(self, hole: Hole, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        found = alternatives(schemas)
        texts = tuple(one for one in found if accepts(one, frozenset({"string"}), writing=False))
        lists = [one for one in found if accepts(one, frozenset({"array"}), writing=False)]
        if found and not texts and not lists:
            return self.wrong_type(hole, place, schemas, frozenset({"string", "array"}))
        laid = self.ok(place, texts) if texts else Laid()
        if lists or not found:
            items = tuple(dict.fromkeys(one.items for one in lists if one.items))
            laid.take(self._slot(hole, context.rest, repeated(place), items, context))
        return laid

    def _table(self, hole: Hole, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        """Lay a hole whose values a table translates; whether the vendor sends them is asked over all its places."""
        values = [one for row in self.mapping.tables[hole.name].rows for one in row.values]
        constants = all(isinstance(value, Constant) for value in values)
        allowed = types_of(hole, context, writing=False) if constants else None
        if hole.name in ("is_error", "media_type") or hole.json:
            allowed = None
        laid = self._plain(hole, place, schemas, allowed)
        if laid.schemas:
            laid.uses.append(Use(hole, place, laid.schemas, False))
        return laid


def _is_item(shape: Shape) -> bool:
    return isinstance(shape, Object) or (isinstance(shape, Hole) and shape.name in _ITEMS)


def _optional(entry: Entry) -> bool:
    return isinstance(entry.shape, Hole) and (entry.shape.name.startswith("_") or entry.shape.name in _OPTIONAL)
