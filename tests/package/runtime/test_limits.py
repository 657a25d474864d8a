"""What bodies may hold: keys that are not taken back are left out."""

from typing import Any

import pytest
from package.limits import only_keys


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ([{"a": 1, "x": 2}, {"b": {"c": 3, "x": 4}}], [{"a": 1}, {"b": {"c": 3}}]),
        ({"free": {"x": [1]}}, {"free": {"x": [1]}}),
        ({"a": [{"x": 1}]}, {"a": [{"x": 1}]}),
        ("text", "text"),
        ([None, 1], [None, 1]),
        ({"x": 1}, {}),
    ],
)
def test_only_known_keys_are_kept(value: Any, kept: Any) -> None:
    assert only_keys(value, {"a": None, "b": {"c": None}, "free": None}) == kept


def test_anything_is_kept_where_nothing_is_said() -> None:
    assert only_keys({"x": 1}, None) == {"x": 1}
