"""What a body may hold: listed words, numbers below others, ends of what may be cached, keys that are taken back."""

from collections.abc import Mapping
from typing import Any

__all__ = ["keep_below", "mark_last", "only_keys"]


Path = tuple[str | int, ...]


def keep_below(body: Mapping[str, Any], lower: Path, upper: Path, most: int | None) -> None:
    """Keep the number at `lower` below the one at `upper`, where the body has both.

    The upper one grows so that what was asked for remains beside the lower, up to `most`; if that is not enough the
    lower one shrinks.
    """
    small, large = _at(body, lower), _at(body, upper)
    if not isinstance(small, int) or not isinstance(large, int) or small < large:
        return
    grown = min(small + large, most) if most else small + large
    _at(body, upper[:-1])[upper[-1]] = grown
    if small >= grown:
        _at(body, lower[:-1])[lower[-1]] = grown - 1


def mark_last(
    body: Mapping[str, Any], path: Path, key: str, value: Any, *, never: tuple[tuple[str, Any], ...] = ()
) -> None:
    """Set a key on the last item of the list at `path`; an item with one of the values in `never` cannot carry it."""
    items = _at(body, path)
    if isinstance(items, list) and items and not any(items[-1].get(name) == refused for name, refused in never):
        items[-1][key] = value


def only_keys(value: Any, keys: Mapping[str, Any] | None) -> Any:
    """Return a value without the keys that its objects may not have, those in lists too.

    `keys` has under each allowed key those of the objects below it, None where anything is allowed.
    """
    if keys is None:
        return value
    match value:
        case list():
            return [only_keys(item, keys) for item in value]
        case Mapping():
            return {key: only_keys(item, keys[key]) for key, item in value.items() if key in keys}
    return value


def _at(body: Any, path: Path) -> Any:
    """Return what stands at a path of the body, None if nothing does."""
    for key in path:
        try:
            body = body[key]
        except (KeyError, IndexError, TypeError):
            return None
    return body
