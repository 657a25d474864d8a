"""What bodies may hold: numbers that stay below others, ends of what may be cached, keys that are taken back."""

from typing import Any

import pytest

from amplifier_module_provider_anthropic.limits import keep_below, mark_last, only_keys


@pytest.mark.parametrize(
    ("small", "large", "most", "kept"),
    [
        (10, 20, None, (10, 20)),
        (19, 20, 15, (19, 20)),
        (20, 20, None, (20, 40)),
        (30, 20, None, (30, 50)),
        (30, 20, 50, (30, 50)),
        (30, 20, 49, (30, 49)),
        (30, 20, 31, (30, 31)),
        (30, 20, 30, (29, 30)),
        (30, 20, 25, (24, 25)),
    ],
)
def test_a_number_stays_below_another_that_grows_as_far_as_it_may(
    small: int, large: int, most: int | None, kept: tuple[int, int]
) -> None:
    body = {"inner": {"lower": small}, "upper": large, "other": 1}
    keep_below(body, ("inner", "lower"), ("upper",), most)
    assert body == {"inner": {"lower": kept[0]}, "upper": kept[1], "other": 1}
    turned = {"lower": small, "inner": {"upper": large}}
    keep_below(turned, ("lower",), ("inner", "upper"), most)
    assert turned == {"lower": kept[0], "inner": {"upper": kept[1]}}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"upper": 1},
        {"inner": {"lower": 1}},
        {"inner": {}, "upper": 1},
        {"inner": None, "upper": 1},
        {"inner": {"lower": "5"}, "upper": 1},
        {"inner": {"lower": 5}, "upper": None},
    ],
)
def test_a_body_that_has_not_both_numbers_stays_as_it_is(body: dict[str, Any]) -> None:
    before = repr(body)
    keep_below(body, ("inner", "lower"), ("upper",), 10)
    assert repr(body) == before


def test_the_last_item_of_a_list_is_marked() -> None:
    body: dict[str, Any] = {"messages": [{"content": [{"n": 1}]}, {"content": [{"n": 2}, {"n": 3}]}]}
    mark_last(body, ("messages", -1, "content"), "mark", "here")
    assert body == {"messages": [{"content": [{"n": 1}]}, {"content": [{"n": 2}, {"n": 3, "mark": "here"}]}]}


def test_an_item_that_cannot_carry_the_mark_has_none() -> None:
    never = (("kind", "small"), ("n", 3))
    for item, marked in (({"kind": "small"}, False), ({"n": 3}, False), ({"kind": "large", "n": 2}, True)):
        body: dict[str, Any] = {"items": [{"kind": "large"}, {**item}]}
        mark_last(body, ("items",), "mark", "here", never=never)
        assert body["items"] == [{"kind": "large"}, {**item, "mark": "here"} if marked else item]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"messages": []},
        {"messages": [{}]},
        {"messages": [{"content": []}]},
        {"messages": [{"content": "text"}]},
        {"messages": "text"},
        {"messages": None},
    ],
)
def test_where_there_is_no_item_nothing_is_marked(body: dict[str, Any]) -> None:
    before = repr(body)
    mark_last(body, ("messages", -1, "content"), "mark", "here")
    assert repr(body) == before


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ([{"a": 1, "x": 2}, {"b": {"c": 3, "x": 4}}], [{"a": 1}, {"b": {"c": 3}}]),
        ({"free": {"x": [1]}}, {"free": {"x": [1]}}),
        ({"a": [{"x": 1}]}, {"a": [{"x": 1}]}),
        ({"b": [{"c": 1, "x": 2}]}, {"b": [{"c": 1}]}),
        ("text", "text"),
        ([None, 1], [None, 1]),
        ({"x": 1}, {}),
    ],
)
def test_only_known_keys_are_kept(value: Any, kept: Any) -> None:
    assert only_keys(value, {"a": None, "b": {"c": None}, "free": None}) == kept


def test_anything_is_kept_where_nothing_is_said() -> None:
    assert only_keys({"x": 1}, None) == {"x": 1}
