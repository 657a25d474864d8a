"""Words that no list of the document holds: whether they are nearly words that are known from elsewhere."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from functools import cache
from itertools import permutations
from typing import Final

from providergen.check.excuses import Excuses
from providergen.check.failures import slips
from providergen.check.laid import Laid, Problem
from providergen.check.laying import item, repeated
from providergen.check.values import same
from providergen.check.wording import quoted
from providergen.diagnostics import Findings, Severity
from providergen.document import Schema
from providergen.mapping import dialects, load_mapping
from providergen.mapping.model import Call, Mapping, Row
from providergen.mapping.shape import Constant, Entry, List, Object, Shape
from providergen.spelling import slip

__all__ = ["doubtful_keys", "doubtful_words"]

# What a description says literally: 'user', "user" or `user`.
_SAID: Final = re.compile(r"""(?<!\w)(['"`])([^\s'"`]+)\1""")
_SAID_THERE: Final = "the document says there"
_LISTED_THERE: Final = "the document lists there and no row has"
_ROW: Final = "is the word of its row"
_TWIN: Final = "another table has in that row"
_ITEM: Final = re.compile(r"\[[^\]]*\]")


def doubtful_words(
    mapping: Mapping, laid: Laid, listed: Container[str], excuses: Excuses, prefix: str
) -> Iterator[Problem]:
    """Yield the constants that are nearly a known word, where the document lists no words or an entry excuses them.

    It is an error if the document says the known word at that place (description, default, example), if it lists the
    word at one of several places of a table and the table lacks it, if it is Amplifier's own word for the row, or if
    another table has it in that row. It is a note if a dialect has it there or the mapping elsewhere. `listed` are the
    tables of which the document lists all words.
    """
    schemas: dict[str, list[Schema]] = defaultdict(list)
    for mark in laid.marks:
        schemas[mark.place] += mark.schemas
    for use in laid.uses:
        schemas[use.hole.name] += use.schemas
    told = {problem.place for problem in laid.problems if problem.severity is Severity.ERROR}
    stated = [(place, group, one) for place, group, one in _constants(mapping) if isinstance(one.value, str)]
    counts = Counter(str(one.value) for _, _, one in stated)
    for place, group, one in stated:
        word = str(one.value)
        here = [*schemas[place], *(schemas[group] if group in mapping.tables else ())]
        if place in told or group in listed or any(same(word, value) for at in here for value in at.enum or ()):
            continue
        said = frozenset(_words(here))
        if word in said:
            continue
        surely = {_SAID_THERE: said, **_of_row(place, group, mapping, here)}
        found = _nearest(word, surely) or _nearest(word, _elsewhere(word, group, counts))
        if found is None:
            continue
        known, where = found
        sure = where in surely and not mapping.inherited(one.at)
        severity = Severity.ERROR if sure else Severity.NOTE
        excuse = excuses.find(place, prefix, exactly=True)
        pointer = here[0].pointer if here else None
        message = f"{quoted(word)} is nearly '{known}', which {where}"
        hint = f"did you mean '{known}'?"
        yield Problem("nearly-known", message, one.at, place, pointer, hint, severity, excuse, slip=True)


def _nearest(word: str, known: dict[str, frozenset[str]]) -> tuple[str, str] | None:
    """Return the first known word that a word nearly is, and who has it."""
    found = ((slip(word, sorted(words)), where) for where, words in known.items())
    return next(((near, where) for near, where in found if near is not None), None)


def _of_row(place: str, group: str, mapping: Mapping, schemas: Iterable[Schema]) -> dict[str, frozenset[str]]:
    """Return the words that a word in a row of a table surely should be if it is nearly one; none for other places."""
    table = mapping.tables.get(group)
    if table is None:
        return {}
    key = place.removeprefix(f"{group}.")
    listed = frozenset(value for schema in schemas for value in schema.enum or () if isinstance(value, str))
    unread = listed.difference(*(_texts(row) for row in table.rows))
    rows = (other.get(key) for name, other in mapping.tables.items() if name != group)
    twins = frozenset(word for row in rows if row is not None for word in _texts(row))
    return {_LISTED_THERE: unread, _ROW: frozenset([key]), _TWIN: twins}


def _texts(row: Row) -> Iterator[str]:
    """Yield the words of a row that stand there as they are."""
    yield from (one.value for one in row.values if isinstance(one, Constant) and isinstance(one.value, str))


def _elsewhere(word: str, group: str, counts: Counter[str]) -> dict[str, frozenset[str]]:
    """Return the words that may be meant, but for all we know are others."""
    often = frozenset(other for other, count in counts.items() if other != word and count >= counts[word])
    return {"a dialect has there": _dialect_words().get(group, frozenset()), "the mapping has elsewhere": often}


def doubtful_keys(mapping: Mapping, laid: Laid, excuses: Excuses, prefix: str) -> Iterator[Problem]:
    """Yield the keys of a table's row that the document lacks and that are nearly keys of another row."""
    lacking = {problem.place for problem in laid.excused if problem.code == "unknown-key"}
    for name, table in mapping.tables.items():
        rows = [(f"{name}.{row.key}", row.values[0]) for row in table.rows if row.values]
        for (place, one), (other_place, other) in permutations(rows, 2):
            for entry, below, known in slips(one, other, place):
                if below in lacking:
                    message = f"'{entry.key}' here, but '{known}' in {other_place}: one of them is misspelt"
                    excuse = excuses.find(below, prefix, exactly=True)
                    yield Problem("unlike-row", message, entry.at, below, excuse=excuse, slip=True)


def _words(schemas: Iterable[Schema]) -> Iterator[str]:
    """Yield the words that the document says of a place without listing them as its values."""
    for schema in schemas:
        yield from (found[2] for found in _SAID.finditer(schema.description or ""))
        yield from (value for value in (schema.default, *schema.examples) if isinstance(value, str))


@cache
def _dialect_words() -> dict[str, frozenset[str]]:
    """Return the words that the bundled dialects have, by place or table."""
    found: dict[str, set[str]] = defaultdict(set)
    for dialect in dialects():
        mapping = load_mapping(dialect.path, Findings())
        for _, group, one in _constants(mapping) if mapping is not None else ():
            if isinstance(one.value, str):
                found[group].add(one.value)
    return {group: frozenset(values) for group, values in found.items()}


def _constants(mapping: Mapping) -> Iterator[tuple[str, str, Constant]]:
    """Yield every constant that is sent or compared: its mapping path, the place or table it belongs to, itself."""
    for name, table in mapping.tables.items():
        for row in table.rows:
            for value in row.values:
                for place, one in _within(value, f"{name}.{row.key}"):
                    yield place, name if one is value else _ITEM.sub("", place), one
    for place, shape in _shapes(mapping):
        for below, one in _within(shape, place):
            yield below, _ITEM.sub("", below), one


def _shapes(mapping: Mapping) -> Iterator[tuple[str, Shape]]:
    stream, models = mapping.stream, mapping.models
    single = [("request", mapping.request), ("tool", mapping.tool), ("response", mapping.response)]
    single += [("error", mapping.error), ("stream.request", stream.own if stream else None)]
    single += [("models.response", models.response if models else None)]
    yield from ((place, shape) for place, shape in single if shape is not None)
    yield from ((f"message.{role}", shape) for role, shape in mapping.message.items())
    yield from ((block.path, block.shape) for block in mapping.blocks)
    yield from ((f"stream.events.{event.name}", event.shape) for event in (stream.events if stream else ()))
    calls = {"chat": mapping.chat, "stream": stream.call if stream else None, "models": models.call if models else None}
    for place, call in calls.items():
        yield from ((f"{place}.{path}", entry.shape) for path, entry in _parameters(call))


def _parameters(call: Call | None) -> Iterator[tuple[str, Entry]]:
    if call is not None:
        for section, entries in (("path", call.path), ("query", call.query), ("headers", call.headers)):
            yield from ((f"{section}.{entry.key}", entry) for entry in entries)


def _within(shape: Shape, place: str) -> Iterator[tuple[str, Constant]]:
    if isinstance(shape, Constant):
        yield place, shape
    elif isinstance(shape, Object):
        for entry in shape.entries:
            yield from _within(entry.shape, f"{place}.{entry.key}")
    elif isinstance(shape, List):
        if shape.repeated is not None:
            yield from _within(shape.repeated, repeated(place))
        for index, one in enumerate(shape.items):
            yield from _within(one, item(place, index))
