"""Where nodes stand."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providergen.diagnostics import Position
from providergen.document.pointer import join, split
from providergen.document.positions import positions_of

YAML = """\
# comment
vendor:
  name: 'Acme'   # note
  "auth": {bearer: KEY, a/b: [1, {c~d: 2}]}
list:
- one
-   key: |
      text
    other:
"""


def spots(text: str) -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
    places = positions_of(text, "f")
    return {
        pointer: ((place.key.line, place.key.column), (place.value.line, place.value.column))
        for pointer, place in places.items()
    }


def test_every_node_of_a_yaml_text_has_its_place_and_that_of_its_key() -> None:
    assert spots(YAML) == {
        "": ((2, 1), (2, 1)),
        "/vendor": ((2, 1), (3, 3)),
        "/vendor/name": ((3, 3), (3, 9)),
        "/vendor/auth": ((4, 3), (4, 11)),
        "/vendor/auth/bearer": ((4, 12), (4, 20)),
        "/vendor/auth/a~1b": ((4, 25), (4, 30)),
        "/vendor/auth/a~1b/0": ((4, 31), (4, 31)),
        "/vendor/auth/a~1b/1": ((4, 34), (4, 34)),
        "/vendor/auth/a~1b/1/c~0d": ((4, 35), (4, 40)),
        "/list": ((5, 1), (6, 1)),
        "/list/0": ((6, 3), (6, 3)),
        "/list/1": ((7, 5), (7, 5)),
        "/list/1/key": ((7, 5), (7, 10)),
        "/list/1/other": ((9, 5), (9, 11)),
    }


def test_every_node_of_a_json_text_has_its_place() -> None:
    assert spots('\ufeff{\n\t"a": [1, "x,\\"]", {}],\n  "b\\u002f": {"c": null}\n}') == {
        "": ((1, 1), (1, 1)),
        "/a": ((2, 2), (2, 7)),
        "/a/0": ((2, 8), (2, 8)),
        "/a/1": ((2, 11), (2, 11)),
        "/a/2": ((2, 20), (2, 20)),
        "/b~1": ((3, 3), (3, 14)),
        "/b~1/c": ((3, 15), (3, 20)),
    }


def test_below_an_alias_the_places_are_those_of_the_anchor() -> None:
    places = spots("a: &x\n  b: {c: 1}\nd: *x\n")
    assert places["/d"] == ((3, 1), (3, 4))
    assert places["/d/b/c"] == places["/a/b/c"] == ((2, 7), (2, 10))


def test_the_place_of_a_node_that_is_not_there_is_that_of_the_nearest_above() -> None:
    places = positions_of("a:\n  b: 1\n", "f")
    assert places.nearest("/a/x/y").key == Position("f", 1, 1)
    assert places.nearest("/zzz").value == Position("f", 1, 1)
    assert positions_of("", "f").nearest("/a").value == Position("f")


def test_line_breaks_of_yaml_1_1_do_not_count() -> None:
    assert spots("a: x\u2028y\nb\x85: 1\n")["/b\x85"] == ((2, 1), (2, 5))


@pytest.mark.parametrize("text", ["a: [1\n", "a: b: c", "\x00", "a: *x\n", "- &x [*x, *x]\n", '{"a": 1'])
def test_of_a_text_with_a_fault_there_are_the_places_before_it(text: str) -> None:
    positions_of(text, "f")


def test_an_alias_bomb_takes_no_time() -> None:
    bomb = "a0: &a0 [x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    assert positions_of(bomb, "f")["/a0"].key.line == 1


TREES = st.recursive(st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(TREES.filter(lambda value: isinstance(value, (dict, list))))
def test_every_pointer_of_a_value_has_a_place(value: Any) -> None:
    for indent in (None, 1):
        text = json.dumps(value, indent=indent)
        places = positions_of(text, "f")
        assert set(places) == set(pointers(value))


def pointers(value: Any, at: str = "") -> list[str]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(pointer for key, below in items for pointer in pointers(below, join(at, key)))]


def test_pointers_of_keys_with_slashes_and_tildes() -> None:
    assert join("", "a/b", "c~d", 0) == "/a~1b/c~0d/0"
    assert split("/a~1b/c~0d/0") == ["a/b", "c~d", "0"]
    assert split("/~01") == ["~1"]
    assert split("") == []
