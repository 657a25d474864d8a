"""When one word is surely meant for another."""

from collections.abc import Iterable

__all__ = ["slip"]


def slip(word: str, options: Iterable[str]) -> str | None:
    """Return the option of which a word is surely a slip of the pen; None if it is one of them, or none is that near.

    One letter inside the word is wrong, missing, too much, or has changed places with its neighbour. A letter more or
    less at either end makes another word (`high` and `xhigh`, `tool` and `tools`), and so do other digits and capitals.
    """
    options = list(options)
    return None if word in options else next((one for one in options if _one_letter_off(word, one)), None)


def _one_letter_off(word: str, other: str) -> bool:
    if word.lower() == other.lower() or abs(len(word) - len(other)) > 1:
        return False
    head = _alike(word, other)
    tail = _alike(word[head:][::-1], other[head:][::-1])
    one, two = word[head : len(word) - tail], other[head : len(other) - tail]
    swapped = len(one) == 2 and one == two[::-1]
    inside = head > 0 and tail > 0
    return swapped or (inside and len(one) <= 1 and len(two) <= 1 and (one + two).isalpha())


def _alike(word: str, other: str) -> int:
    """Count the letters with which both words begin."""
    unlike = (at for at, (one, two) in enumerate(zip(word, other, strict=False)) if one != two)
    return next(unlike, min(len(word), len(other)))
