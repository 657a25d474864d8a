"""Whatever a vendor calls things, Python gets identifiers."""

import builtins
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providergen.plan.names import class_name, singular, variable


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("prompt_tokens_details", "PromptTokensDetails"),
        ("functionCall", "FunctionCall"),
        ("URLImageSource", "URLImageSource"),
        ("generateContent-response.v1", "GenerateContentResponseV1"),
        ("3d model", "Value3dModel"),
        ("", "Value"),
    ],
)
def test_a_class_is_named_by_the_words_of_the_text(text: str, name: str) -> None:
    assert class_name(text).lower() == name.lower()


@pytest.mark.parametrize(
    ("text", "name"),
    [("functionCall", "function_call"), ("type", "type_"), ("class", "class_"), ("2nd", "value_2_nd"), ("¡", "value")],
)
def test_a_variable_is_in_snake_case(text: str, name: str) -> None:
    assert variable(text) == name


def test_a_variable_makes_way_for_the_names_that_are_taken() -> None:
    assert variable("call", "call", "call_") == "call__"


@pytest.mark.parametrize(
    ("many", "one"),
    [("choices", "choice"), ("entries", "entry"), ("parts", "part"), ("content", "content"), ("class", "class")],
)
def test_one_of_many(many: str, one: str) -> None:
    assert singular(many) == one


@given(st.text(max_size=30))
def test_any_text_gives_an_identifier(text: str) -> None:
    for name in (class_name(text), variable(text)):
        assert name.isidentifier()
        assert name.isascii()
        assert not keyword.iskeyword(name)
        assert name not in dir(builtins)
