"""What bodies may hold: keys that are not taken back, and words that are not the vendor's, are left out."""

from typing import Any

import pytest
from package.limits import one_of, only_keys


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


def test_a_word_is_sent_if_the_vendor_has_it(caplog: pytest.LogCaptureFixture) -> None:
    assert one_of("reasoning_effort", "low", ("low", "high")) == "low"
    assert one_of("reasoning_effort", None, ("low", "high")) is None
    assert one_of("reasoning_effort", "none", ("low", "high")) is None  # none is always there: nothing is sent
    assert not caplog.records
    assert one_of("reasoning_effort", "ultra", ("low", "high")) is None
    assert one_of("tool_choice", {"type": "any"}, ("auto",)) is None
    assert "reasoning_effort 'ultra' is none that the vendor has" in caplog.text
