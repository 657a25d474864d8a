"""Writing: a shape is held against the alternative with the fewest errors, and required keys count."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from providergen.check.blocks import MUST_FIT
from providergen.check.excuses import Excuses
from providergen.check.guards import EVERYTHING, allowed_by_guards, blamed, member
from providergen.check.laid import Context, Laid, Mark
from providergen.check.laying import Laying, alternatives, item, repeated
from providergen.check.values import NOTHING, accepts, allows, always, emptiest, held_without, same
from providergen.check.wording import closest, listed, named, quoted, refused, shown, types
from providergen.document import Schema
from providergen.mapping.model import Mapping
from providergen.mapping.shape import Constant, Entry, Hole, List, Object, Shape
from providergen.mapping.vocabulary import EFFORTS
from providergen.spelling import slip

__all__ = ["Writing"]

# The efforts that every caller may ask for; the others are a vendor's own.
_PLAIN_EFFORTS = tuple(effort for effort in EFFORTS if effort in ("low", "medium", "high"))


class Writing(Laying):
    """Lays what is sent along what the vendor accepts."""

    writing: ClassVar[bool] = True

    def __init__(self, mapping: Mapping, excuses: Excuses, prefix: str = "") -> None:
        super().__init__(mapping, excuses, prefix)
        self._roots = {"request", "tool", *(f"message.{role}" for role in mapping.message)}
        self._roots.update(block.path for block in mapping.blocks)

    def must_fit(self, kind: str, context: Context, *, named: bool) -> bool:  # noqa: ARG002
        """Text, calls and results have to be sendable wherever they may come, and whatever a hole names."""
        if kind == "tool_call" and not named and not any(one.kind == kind for one in self.mapping.blocks):
            return False
        return kind in MUST_FIT

    def _constant(self, shape: Constant, place: str, schemas: tuple[Schema, ...]) -> Laid:
        if not schemas:
            return self.silent(place)
        found = alternatives(schemas)
        fitting = tuple(one for one in found if allows(one, shape.value))
        if fitting:
            return self.ok(place, fitting)
        laid = Laid()
        choices = [value for one in found for value in one.enum or ()]
        if choices:
            message, hint = refused(shape.value, choices)
            slipped = slip(str(shape.value), map(str, choices)) is not None
            laid.add(self.problem("value-not-allowed", message, shape.at, place, found, hint=hint, slip=slipped))
        else:
            has = types(found, nullable=any(one.nullable for one in schemas))
            message = f"{quoted(shape.value)} is not of type {has}"
            laid.add(self.problem("wrong-type", message, shape.at, place, found))
        return laid

    def _object(self, shape: Object, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        found = alternatives(schemas)
        candidates = [one for one in found if accepts(one, frozenset({"object"}), writing=True)]
        if found and not candidates:
            return self.wrong_type(shape, place, schemas)
        if not candidates:
            return self._keys(shape, place, None, context)
        guarded = allowed_by_guards(shape, candidates)
        best = self._best(self._keys(shape, place, one, context) for one in guarded or candidates)
        return best if guarded else self._with_all_choices(best, shape, candidates)

    def _with_all_choices(self, best: Laid, shape: Object, candidates: list[Schema]) -> Laid:
        """Let the problem of a constant that no alternative allows list what all of them allow."""
        entry = blamed(shape, candidates)
        props = [prop for one in candidates if (prop := one.properties.get(entry.key)) is not None]
        choices = [value for one in alternatives(props) for value in one.enum or ()]
        if not isinstance(entry.shape, Constant) or any(same(entry.shape.value, one) for one in choices):
            return best
        said = refused(entry.shape.value, choices)
        slipped = slip(str(entry.shape.value), map(str, choices)) is not None
        laid = replace(best, problems=[], excused=[])
        for problem in (*best.problems, *best.excused):
            if problem.code == "value-not-allowed" and problem.at == entry.shape.at:
                excuse = self.excuses.find(problem.place, self.prefix, exactly=slipped)
                problem = replace(problem.said(*said), slip=slipped, excuse=excuse)
            laid.add(problem)
        return laid

    def _best(self, tried: Iterable[Laid]) -> Laid:
        """Return the result with the fewest problems.

        What is excused does not count, unless a word is misspelt: else an alternative of which everything is excused
        would hide the one that has the word.
        """
        laid = list(tried)
        slipped = any(problem.slip for one in laid for problem in one.problems)
        return min(laid, key=lambda one: (len(one.problems) + slipped * len(one.excused), one.silent, len(one.excused)))

    def _keys(self, shape: Object, place: str, schema: Schema | None, context: Context) -> Laid:
        laid = Laid((schema,) if schema else ())
        laid.marks.append(Mark(place, laid.schemas, True))
        for entry in shape.entries:
            below = f"{place}.{entry.key}" if place else entry.key
            prop = member(schema, entry.key) if schema else EVERYTHING
            if prop is None:
                assert schema is not None
                message = f"{named([schema])} has no key '{entry.key}'"
                hint, slipped = closest(entry.key, schema.properties), slip(entry.key, schema.properties) is not None
                laid.add(self.problem("unknown-key", message, entry.at, below, [schema], hint=hint, slip=slipped))
                continue
            laid.take(self.lay(entry.shape, below, (prop,) if isinstance(prop, Schema) else (), context))
        if schema is not None:
            self._require(laid, shape, place, schema, context)
        return laid

    def _require(self, laid: Laid, shape: Object, place: str, schema: Schema, context: Context) -> None:
        given = {entry.key: entry for entry in shape.entries}
        for key in sorted(schema.required):
            below = f"{place}.{key}" if place else key
            prop = schema.properties.get(key)
            entry = given.get(key)
            if entry is None:
                only = prop.alternatives[0].enum if prop is not None else None
                value = f" ({quoted(only[0])})" if only and len(only) == 1 else ""
                message = f"required by {named([schema])}{value} and not given"
                laid.add(self.problem("required-key", message, shape.at, below, [schema]))
            elif prop is not None and self._may_lack(shape, entry, place, context):
                value = emptiest(entry.shape, prop, context)
                if value is not NOTHING:
                    laid.fills.append((place, key, value))
                    continue
                message = f"the vendor requires '{key}', but {_absent(entry.shape)} may be absent"
                hint = _remedy(entry.shape, context)
                laid.add(self.problem("required-may-be-absent", message, entry.at, below, [prop], hint=hint))

    def _may_lack(self, shape: Object, entry: Entry, place: str, context: Context) -> bool:
        """Tell whether an object may be written without this key.

        An object inside a body is dropped when it has nothing else; a message, a block and the body itself are not.
        """
        if always(entry.shape, context, self.mapping):
            return False
        return place.partition("[")[0] in self._roots or held_without(shape, entry.key)

    def _list(self, shape: List, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        found = alternatives(schemas)
        candidates = [one for one in found if accepts(one, frozenset({"array"}), writing=True)]
        if found and not candidates:
            return self.wrong_type(shape, place, schemas)
        if not candidates:
            return self._items(shape, place, None, context)
        return self._best(self._items(shape, place, one, context) for one in candidates)

    def _items(self, shape: List, place: str, schema: Schema | None, context: Context) -> Laid:
        laid = Laid((schema,) if schema else ())
        laid.marks.append(Mark(place, laid.schemas, True))
        items = (schema.items,) if schema and schema.items else ()
        if shape.repeated is not None:
            laid.take(self.lay(shape.repeated, repeated(place), items, context))
        for index, one in enumerate(shape.items):
            laid.take(self.lay(one, item(place, index), items, context))
        return laid

    def _content(self, hole: Hole, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        found = alternatives(schemas)
        if not found:
            return self._slot(hole, context.rest, place, schemas, context)
        texts = tuple(one for one in found if accepts(one, frozenset({"string"}), writing=True))
        lists = [one for one in found if accepts(one, frozenset({"array"}), writing=True)]
        only_text = not [kind for kind in context.rest if kind != "text"]
        if not texts and not lists:
            return self.wrong_type(hole, place, schemas, frozenset({"string", "array"}))
        if not lists and not only_text:
            laid = Laid()
            message = f"{hole} may be a list, but the vendor has only a string"
            laid.add(self.problem("content-is-text", message, hole.at, place, found, hint="write $text"))
            return laid
        if not texts:
            laid = Laid()
            message = f"{hole} may be a string, but the vendor has only a list"
            laid.add(self.problem("content-is-list", message, hole.at, place, found, hint="write [$block, ...]"))
            return laid
        laid = self.ok(place, texts)
        if lists and not (only_text and not lists[0].items):
            laid = Laid((*texts, *lists))
            slots = ((one.items,) if one.items else () for one in lists)
            laid.take(self._best(self._slot(hole, context.rest, repeated(place), one, context) for one in slots))
            laid.marks.append(Mark(place, laid.schemas, True))
            laid.ok += 1
        return laid

    def _table(self, hole: Hole, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:  # noqa: ARG002
        """Lay the value that each row writes."""
        section = Laid(alternatives(schemas))
        name = self.mapping.table_name(hole)
        for row in self.mapping.tables[name].rows:
            section.take(self.lay(row.values[0], f"{name}.{row.key}", schemas, Context("table")))
        return self.expanded(place, schemas, section)

    def _slotted(self, hole: Hole, place: str, schemas: tuple[Schema, ...], context: Context) -> Laid:
        if hole.name == "reasoning_effort":
            return self._effort(hole, place, schemas)
        return super()._slotted(hole, place, schemas, context)

    def _effort(self, hole: Hole, place: str, schemas: tuple[Schema, ...]) -> Laid:
        laid = self._plain(hole, place, schemas, frozenset({"string"}))
        enums = [one.enum for one in laid.schemas]
        if laid.problems or not enums or None in enums:
            return laid
        choices = [value for enum in enums for value in enum or ()]
        foreign = [effort for effort in _PLAIN_EFFORTS if effort not in choices]
        if not foreign:
            return laid
        refused = Laid()
        message = f"{', '.join(map(quoted, foreign))} not in {listed(choices)}"
        hint = "add a reasoning_effort table"
        refused.add(self.problem("effort-not-allowed", message, hole.at, place, laid.schemas, hint=hint))
        return refused


def _absent(shape: Shape) -> str:
    return shown(shape) if isinstance(shape, Hole) else "what stands there"


def _remedy(shape: Shape, context: Context) -> str | None:
    if not isinstance(shape, Hole):
        return None
    if context.section == "request":
        return f"give it a default (defaults: {{{shape.name}: …}})"
    return f"write {shape}!" if context.section in ("message", "block") else None
