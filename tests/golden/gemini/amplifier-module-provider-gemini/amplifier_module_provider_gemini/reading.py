"""Access to the JSON of a reply, which may be anything: what has another type than expected counts as missing."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

__all__ = ["fields", "first", "objects", "stripped", "text_or_none", "whole_or_none"]

T = TypeVar("T", bound=Mapping[str, Any])


def fields(value: T | None) -> T:
    """Return a JSON object, {} for anything else."""
    return value if isinstance(value, dict) else cast("T", {})


def objects(value: list[T] | None) -> list[T]:
    """Return the objects of a JSON list, [] for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def first(value: list[T] | None) -> T:
    """Return the first object of a JSON list, {} if there is none; an `index` above 0 says it is another."""
    return next((item for item in objects(value) if whole_or_none(item.get("index")) is None), cast("T", {}))


def stripped(value: object, prefix: str, suffix: str = "") -> str | None:
    """Return what stands between prefix and suffix, None for anything that has not both."""
    if not isinstance(value, str) or not value.startswith(prefix) or not value.endswith(suffix):
        return None
    return value[len(prefix) : len(value) - len(suffix)]


def text_or_none(value: object) -> str | None:
    """Return a string that is not empty, None for anything else."""
    return value if isinstance(value, str) and value else None


def whole_or_none(value: object) -> int | None:
    """Return a positive whole number, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
