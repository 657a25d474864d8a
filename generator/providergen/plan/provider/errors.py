"""The vendor's words for errors, with Amplifier's."""

from dataclasses import dataclass

from providergen.mapping import Mapping
from providergen.mapping.pattern import is_pattern
from providergen.mapping.shape import Constant

__all__ = ["ErrorTables", "plan_errors", "vendor_words"]


@dataclass(frozen=True, slots=True)
class ErrorTables:
    """The vendor's words for errors with Amplifier's: exact codes, exact types, patterns of texts, statuses."""

    codes: tuple[tuple[str | int, str], ...]
    types: tuple[tuple[str | int, str], ...]
    patterns: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[int, str], ...]

    def __bool__(self) -> bool:
        return bool(self.codes or self.types or self.patterns or self.statuses)


def plan_errors(mapping: Mapping) -> ErrorTables:
    """Return the tables of a mapping."""
    codes, types = vendor_words(mapping, "error_code"), vendor_words(mapping, "error_type")
    return ErrorTables(
        tuple((value, word) for value, word in codes if not is_pattern(value)),
        tuple((value, word) for value, word in types if not is_pattern(value)),
        tuple((str(value)[1:-1], word) for value, word in (*codes, *types) if is_pattern(value)),
        tuple((value, word) for value, word in vendor_words(mapping, "error_status") if isinstance(value, int)),
    )


def vendor_words(mapping: Mapping, name: str) -> list[tuple[str | int, str]]:
    """Return the vendor's values of a table with Amplifier's; the first row that lists a value has it."""
    table = mapping.tables.get(name)
    found: dict[str | int, str] = {}
    for row in table.rows if table else ():
        for shape in row.values:
            if isinstance(shape, Constant) and isinstance(shape.value, str | int):
                found.setdefault(shape.value, row.key)
    return list(found.items())
