"""The section `unchecked`: which places are not held against the document, and whether that is still needed."""

import re
from collections.abc import Iterable

from providergen.mapping.model import Mapping

__all__ = ["Excuses"]

_ITEM = re.compile(r"\[[^\]]*\]")


class Excuses:
    """The entries of `unchecked`; a path covers everything below it and may leave out `[...]` and `[0]`."""

    def __init__(self, mapping: Mapping) -> None:
        self._paths = {key: _ITEM.sub("", key) for key in mapping.unchecked}
        self._known: dict[str, str | None] = {}
        self.used: set[str] = set()

    def find(self, place: str, prefix: str = "", *, exactly: bool = False) -> str | None:
        """Return the entry that covers a place, None if the place is held against the document.

        `prefix` is the overlay (`for_model.glob.`) in which the place is; an entry may name it or not. `exactly`: what
        is above the place does not cover it.
        """
        if exactly:
            names = (_ITEM.sub("", place), prefix + _ITEM.sub("", place))
            return next((key for key, path in self._paths.items() if path in names), None)
        if not self._paths:
            return None
        full = prefix + place
        if full not in self._known:
            plain = _ITEM.sub("", place)
            self._known[full] = next(
                (key for key, path in self._paths.items() if any(_below(one, path) for one in (plain, prefix + plain))),
                None,
            )
        return self._known[full]

    def use(self, keys: Iterable[str | None]) -> None:
        """Remember that these entries excused something."""
        self.used.update(key for key in keys if key is not None)

    def stale(self) -> list[str]:
        """Return the entries that excused nothing, in the order of the file."""
        return [key for key in self._paths if key not in self.used]


def _below(place: str, path: str) -> bool:
    return place == path or place.startswith((f"{path}.", f"{path}["))
