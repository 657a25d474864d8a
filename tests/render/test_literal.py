"""Data becomes Python in one way only, and comes back as it was."""

import ast
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providergen.render.literal import python_literal

TEXTS = st.text(st.characters(exclude_categories=()), max_size=40)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(VALUES)
def test_a_value_comes_back_from_its_literal(value: Any) -> None:
    assert ast.literal_eval(python_literal(value)) == value


@given(st.lists(SCALARS, max_size=4).map(tuple))
def test_a_tuple_comes_back_from_its_literal(value: tuple[Any, ...]) -> None:
    assert ast.literal_eval(python_literal(value)) == value


@given(TEXTS)
def test_a_literal_is_one_printable_line(text: str) -> None:
    literal = python_literal(text)
    assert literal.isprintable()
    assert literal.splitlines() == [literal]


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_keeps_its_digits(value: Decimal) -> None:
    assert str(eval(python_literal(value), {"Decimal": Decimal})) == str(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, object(), b"bytes", {1, 2}])
def test_what_is_not_data_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no literal"):
        python_literal(value)
