"""What can only be said after everything was laid: what fits nowhere, what never comes, what nothing reads."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from providergen.check.blocks import MUST_FIT, UNSENT
from providergen.check.excuses import Excuses
from providergen.check.laid import Fit, Laid, Problem, Use
from providergen.check.result import Coverage, Variants
from providergen.check.sections import Sections
from providergen.check.values import allows, same, type_of
from providergen.check.wording import NEAR, closest, listed, quoted, refused, types
from providergen.check.words import doubtful_keys, doubtful_words
from providergen.diagnostics import Position, Severity
from providergen.document import Schema
from providergen.mapping.model import Mapping
from providergen.mapping.shape import Constant, Scalar, holes

__all__ = ["all_facts", "coverage"]

_TAGS = ("type", "object", "event", "kind", "role")


def all_facts(mapping: Mapping, sections: Sections, excuses: Excuses, prefix: str) -> list[Problem]:
    """Return the findings that need the whole mapping to have been laid."""
    facts = _Facts(mapping, sections.laid, excuses, prefix)
    words = doubtful_words(mapping, sections.laid, facts.listed(), excuses, prefix)
    keys = doubtful_keys(mapping, sections.laid, excuses, prefix)
    return [
        *facts.misfits(),
        *facts.lost_fields(),
        *facts.unsent(),
        *facts.values(),
        *facts.never_sent(),
        *words,
        *keys,
    ]


class _Facts:
    def __init__(self, mapping: Mapping, laid: Laid, excuses: Excuses, prefix: str) -> None:
        self.mapping = mapping
        self.laid = laid
        self.excuses = excuses
        self.prefix = prefix

    def misfits(self) -> Iterable[Problem]:
        """Block forms that fit nowhere in the document, with what is wrong at the place where the least is wrong."""
        tried: dict[str, list[Fit]] = defaultdict(list)
        for fit in self.laid.fits:
            tried[fit.form].append(fit)
        told = {(problem.code, problem.place) for problem in self.laid.problems}
        for block in self.mapping.blocks:
            fits = tried.get(block.path, [])
            if not fits or any(not fit.problems for fit in fits):
                continue
            best = min(fits, key=lambda fit: (not fit.writing, len(fit.problems)))
            lenient = self.mapping.inherited(block.at) and block.kind not in MUST_FIT
            for problem in best.problems:
                if (problem.code, problem.place) in told:
                    continue
                message = f"{problem.message}; it fits nowhere in the document"
                yield problem.said(message, problem.hint).weighed(Severity.NOTE if lenient else problem.severity)

    def lost_fields(self) -> Iterable[Problem]:
        """Optional fields of blocks that neither direction has."""
        found = {mark.place for mark in self.laid.marks}
        yield from (problem for problem in self.laid.soft if problem.place not in found)

    def unsent(self) -> Iterable[Problem]:
        """Kinds of block that are lost when a message of a role is written."""
        sent = {(fit.role, fit.kind) for fit in self.laid.fits if fit.writing and not fit.problems}
        for role, kinds in UNSENT.items():
            shape = self.mapping.message.get(role)
            if shape is None:
                continue
            direct = {hole.name for hole in holes(shape)} - {"image", "tool_call"}
            for kind in kinds:
                if (role, kind) in sent or kind in direct:
                    continue
                what = f"{kind}s in results" if role == "tool" else f"{kind} blocks"
                tried = [fit for fit in self.laid.fits if (fit.role, fit.kind) == (role, kind) and fit.writing]
                paths = list(dict.fromkeys(fit.form for fit in tried))
                why = f": {', '.join(paths)} {'fits' if len(paths) == 1 else 'fit'} nowhere there" if tried else ""
                best = min((fit.problems for fit in tried), key=len, default=())
                hint = f"{best[0].place}: {best[0].message}" if best else None
                place = f"message.{role}"
                at = self.mapping.position(place)
                yield self._note("block-not-sent", f"{what} are not sent{why}", at, place, hint)

    def values(self) -> Iterable[Problem]:
        """Defaults and choices that the vendor does not take at the place of their hole."""
        for use in self.laid.uses:
            if not use.writing:
                continue
            name = use.hole.name
            given: list[tuple[str, Position, Scalar]] = []
            field = self.mapping.config.get(name.removeprefix("config.")) if name.startswith("config.") else None
            if field is not None:
                stated = [("choices", value) for value in field.choices]
                stated += [("default", value) for value in _each(field.default)]
                given += [(f"{name}.{word}", self.mapping.position(f"{name}.{word}"), value) for word, value in stated]
            elif name in self.mapping.defaults and name not in self.mapping.tables:
                place = f"defaults.{name}"
                given += [(place, self.mapping.position(place), value) for value in _each(self.mapping.defaults[name])]
            for place, at, value in given:
                if value is not None and not _taken(value, use.schemas):
                    yield self._refused(value, place, at, use)

    def _refused(self, value: Scalar, place: str, at: Position, use: Use) -> Problem:
        choices = [one for schema in use.schemas for one in schema.enum or ()]
        pointer = use.schemas[0].pointer
        if choices:
            message, hint = refused(value, choices)
            return Problem("value-not-allowed", message, at, place, pointer, hint, excuse=self._excuse(place))
        message = f"{quoted(value)} is not of type {types(use.schemas)}"
        return Problem("wrong-type", message, at, place, pointer, excuse=self._excuse(place))

    def never_sent(self) -> Iterable[Problem]:
        """Values of tables for reading that no place of the document lists."""
        for name, choices in self.listed().items():
            rows = self.mapping.tables[name].rows
            values = [(row.key, value) for row in rows for value in row.values if isinstance(value, Constant)]
            unread = [str(one) for one in choices if not any(same(one, value.value) for _, value in values)]
            for key, value in values:
                if not _pattern(value.value) and not any(same(value.value, one) for one in choices):
                    yield self._never(f"{name}.{key}", value, choices, unread)

    def _never(self, place: str, value: Constant, choices: list[Scalar], unread: list[str]) -> Problem:
        """Say that a value never comes: an error if it is nearly one that the table lacks, so that one misspelt."""
        message = f"{quoted(value.value)} is never sent by the vendor"
        misspelt = closest(str(value.value), unread, cutoff=NEAR)
        hint = misspelt or closest(str(value.value), map(str, choices)) or f"it sends {listed(choices)}"
        problem = self._note("never-sent", message, value.at, place, hint)
        sure = misspelt is not None and not self.mapping.inherited(value.at)
        return problem.weighed(Severity.ERROR) if sure else problem

    def listed(self) -> dict[str, list[Scalar]]:
        """Return, for each table that is read, the values that the document lists at its places.

        A table with a place that is open is left out.
        """
        places: dict[str, list[Use]] = defaultdict(list)
        for use in self.laid.uses:
            if not use.writing and use.hole.name in self.mapping.tables:
                places[use.hole.name].append(use)
        found = {}
        for name, uses in places.items():
            schemas = [schema for use in uses for schema in use.schemas]
            if all(schema.enum is not None for schema in schemas):
                found[name] = list(dict.fromkeys(value for schema in schemas for value in schema.enum or ()))
        return found

    def _note(self, code: str, message: str, at: Position, place: str, hint: str | None = None) -> Problem:
        return Problem(code, message, at, place, None, hint, Severity.NOTE, self._excuse(place))

    def _excuse(self, place: str) -> str | None:
        return self.excuses.find(place, self.prefix)


def _each(value: Scalar | Sequence[Scalar]) -> Sequence[Scalar]:
    return value if isinstance(value, tuple | list) else [value]  # type: ignore[list-item]


def _taken(value: Scalar, schemas: Sequence[Schema]) -> bool:
    items = [item for schema in schemas if schema.items for item in schema.items.alternatives]
    return any(allows(one, value) for one in (*schemas, *items))


def _pattern(value: Scalar) -> bool:
    return isinstance(value, str) and len(value) > 1 and value.startswith("/") and value.endswith("/")


def coverage(mapping: Mapping, sections: Sections, unchecked: int) -> Coverage:
    """Return what the vendor may send, by name: what the mapping reads and what it leaves."""
    laid = sections.laid
    blocks: dict[str, bool] = {}
    for place, schemas, read in laid.slots:
        if place.startswith("response") and len(schemas) > 1:
            for schema in schemas:
                name = _variant(schema)
                blocks[name] = blocks.get(name, False) or schema in read
    events: dict[str, bool] = {}
    if len(sections.events) > 1:
        answers = {schema for mark in laid.marks if mark.place == "response" for schema in mark.schemas}
        for schema in sections.events:
            if schema in answers and schema not in sections.heard:
                continue
            events[_variant(schema)] = events.get(_variant(schema), False) or schema in sections.heard
    return Coverage(
        _variants(blocks),
        _variants(events),
        _reasons(mapping, laid),
        laid.ok,
        laid.silent,
        unchecked,
    )


def _variants(found: dict[str, bool]) -> Variants:
    return Variants(
        tuple(name for name, read in found.items() if read), tuple(name for name, read in found.items() if not read)
    )


def _variant(schema: Schema) -> str:
    """Return the vendor's name of a variant: the constant that tells it, else the name of its schema."""
    for tag in (*_TAGS, *schema.properties):
        prop = schema.properties.get(tag)
        enum = prop.alternatives[0].enum if prop is not None else None
        if enum is not None and len(enum) == 1 and isinstance(enum[0], str):
            return enum[0]
    return schema.name or type_of({})


def _reasons(mapping: Mapping, laid: Laid) -> Variants:
    table = mapping.tables.get("finish_reason")
    if table is None:
        return Variants()
    words = {value.value for row in table.rows for value in row.values if isinstance(value, Constant)}
    schemas = [schema for use in laid.uses if use.hole.name == "finish_reason" for schema in use.schemas]
    found = {str(value): value in words for schema in schemas for value in schema.enum or ()}
    return _variants(found)
