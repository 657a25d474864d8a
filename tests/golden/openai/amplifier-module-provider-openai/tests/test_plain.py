"""Text and values made fit for JSON."""

import json
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from amplifier_core.message_models import TextBlock
from hypothesis import given
from hypothesis import strategies as st

from amplifier_module_provider_openai.plain import STORABLE, clean, keepable, mend, plain


@pytest.mark.parametrize(
    ("given_", "mended"),
    [
        ("plain", "plain"),
        ("\u00e9\U0001f600", "\u00e9\U0001f600"),
        ("\ud83d\ude00", "\U0001f600"),
        ("a\ud83db", "ab"),
        ("a\ude00b", "ab"),
        ("\ud83d\ud83d\ude00", "\U0001f600"),
        ("a\ud83d", "a"),
    ],
)
def test_split_characters_are_joined_and_halves_removed(given_: str, mended: str) -> None:
    assert mend(given_) == mended


def test_tabs_and_line_ends_are_no_control_characters() -> None:
    assert clean("a\t\r\n\x00\x0b\x1f\x7fb") == "a\t\r\nb"


@given(st.text())
def test_mended_text_encodes_and_stays_mended(text: str) -> None:
    mended = mend(text)
    mended.encode()
    assert mend(mended) == mended
    assert clean(clean(text)) == clean(text)


class Colour(Enum):
    RED = "\x1bred"


values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.decimals()
    | st.just(Colour.RED)
    | st.just(object())
    | st.just(TextBlock(text="a")),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (b"\xff\x00", "/wA="),
        (Decimal("1.50"), "1.50"),
        (Colour.RED, "red"),
        (ValueError("\x1bno"), "no"),
        ({1: ("a\x1b", {2}), "b\x1b": frozenset()}, {"1": ["a", [2]], "b": []}),
        ([True, 0, None, 0.5, float("nan"), float("-inf")], [True, 0, None, 0.5, None, None]),
        (TextBlock(text="a\x1b"), {"type": "text", "text": "a", "visibility": None}),
    ],
    ids=str,
)
def test_what_becomes_of_each_type(value: Any, made: Any) -> None:
    assert plain(value, clean) == made


@pytest.mark.parametrize(
    ("value", "levels"), [("a", 1), (["a"], 2), (Colour.RED, 2), (TextBlock(text="a"), 3)], ids=str
)
def test_every_value_is_a_level(value: Any, levels: int) -> None:
    plain(value, levels=levels)
    with pytest.raises(RecursionError):
        plain(value, levels=levels - 1)


@given(values)
def test_anything_becomes_json(value: Any) -> None:
    json.dumps(plain(value), allow_nan=False, ensure_ascii=False).encode()


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=6,
)


@given(json_values)
def test_json_stays_as_it_is(value: Any) -> None:
    assert plain(value) == value


def nested(levels: int) -> Any:
    """Return lists within lists."""
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


def test_what_is_nested_too_deeply_to_be_stored_is_not_kept() -> None:
    assert keepable(nested(STORABLE)) == nested(STORABLE)
    assert keepable(nested(STORABLE + 1)) is None
    assert plain(nested(STORABLE + 1)) == nested(STORABLE + 1)
