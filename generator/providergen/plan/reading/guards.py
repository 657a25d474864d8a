"""Which shape a piece of JSON has: the tests that the constants of a shape are."""

from providergen.mapping.shape import Constant, Object, Shape
from providergen.plan import code

__all__ = ["constants", "guards", "some", "tags"]


def guards(shape: Shape, value: code.Expr, matched: str | None = None) -> list[code.Test]:
    """Return the tests that the constants of a shape are; `matched` is a key of it that is known to be equal."""
    tests: list[code.Test] = []
    for keys, constant in constants(shape):
        if keys == (matched,):
            continue
        inner = value
        for key in keys[:-1]:
            inner = code.Invoke("fields", (code.Get(inner, key),))
        tests.append(code.Equal(code.Get(inner, keys[-1]), (constant,)))
    return tests


def constants(shape: Shape, keys: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    """Return the constants of an object with the keys to them; those inside lists guard their items only."""
    found: list[tuple[tuple[str, ...], object]] = []
    for entry in shape.entries if isinstance(shape, Object) else ():
        if isinstance(entry.shape, Constant):
            found.append(((*keys, entry.key), entry.shape.value))
        else:
            found += constants(entry.shape, (*keys, entry.key))
    return found


def tags(shape: Shape) -> list[tuple[str, object]]:
    """Return the constants that stand in an object itself, with their keys."""
    return [(keys[0], value) for keys, value in constants(shape) if len(keys) == 1]


def some(item: Object, value: code.Expr, name: str) -> list[code.Test]:
    """Return the test that a list has an item with the constants of a shape; none if it has no constants."""
    tests = guards(item, code.Name(name))
    if not tests:
        return []
    fits = code.all_of(tests)
    found = code.Collect(fits, ((name, code.Invoke("objects", (value,))),), lazy=True)
    return [code.Given(code.Invoke("any", (found,)))]
