import pytest
from hypothesis import given
from hypothesis import strategies as st

from providergen.diagnostics import Findings, Position
from providergen.mapping._tree import Node
from providergen.mapping.grammar import parse_shape, shape_value
from providergen.mapping.shape import Constant, Entry, Hole, List, Object, Scalar, Shape, Text, holes
from providergen.mapping.vocabulary import SCOPES

AT = Position("acme.yaml", 1, 1)


def tree(value: object) -> Node:
    match value:
        case dict():
            return Node({key: tree(child) for key, child in value.items()}, AT, AT)
        case list():
            return Node([tree(item) for item in value], AT, AT)
        case str() | int() | float() | None:
            return Node(value, AT, AT)
        case _:
            raise AssertionError(value)


def parsed(value: object, scope: str = "events") -> Shape:
    findings = Findings()
    shape = parse_shape(tree(value), SCOPES[scope], findings, "here")
    assert findings.found == []
    return shape


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("auto", Constant("auto", AT)),
        ("no", Constant("no", AT)),
        (None, Constant(None, AT)),
        (False, Constant(False, AT)),
        (0, Constant(0, AT)),
        ("$$5", Constant("$5", AT)),
        ("a$$b", Constant("a$b", AT)),
        ("$text", Hole("text", AT)),
        ("$text.refusal+", Hole("text", AT, label="refusal", fragment=True)),
        ("$input|json+", Hole("input", AT, json=True, fragment=True)),
        ("$_citations+", Hole("_citations", AT, fragment=True)),
        ("$metadata.citations", Hole("metadata.citations", AT)),
        ("$error.rate_limit", Hole("error", AT, label="rate_limit")),
        ("${text}", Text((Hole("text", AT),), AT)),
        ("cost $$${text}", Text(("cost $", Hole("text", AT)), AT)),
        ("models/${id}", Text(("models/", Hole("id", AT)), AT)),
        ([], List((), AT)),
        (["$text"], List((Hole("text", AT),), AT)),
        (["$text", "..."], List((), AT, Hole("text", AT))),
        (["$text", "...", "$usage"], List((Hole("usage", AT),), AT, Hole("text", AT))),
        ({"a": {"b": "$text"}}, Object((Entry("a", Object((Entry("b", Hole("text", AT), AT),), AT), AT),), AT)),
    ],
)
def test_a_value_reads_as_its_shape(value: object, shape: Shape) -> None:
    assert parsed(value) == shape
    assert shape_value(shape) == value


def test_needed_holes_and_config_belong_to_blocks_and_requests() -> None:
    assert parsed("$_id!", "block.text") == Hole("_id", AT, needed=True)
    assert parsed("$config.num_ctx", "request") == Hole("config.num_ctx", AT)


@pytest.mark.parametrize(
    ("value", "scope", "message"),
    [
        (
            "$txt",
            "block.text",
            "$txt has no meaning in a text block; there is $text, $index, $cache, $_x; did you mean 'text'?",
        ),
        ("$text", "value", "$text has no meaning in a table's value; no hole has one there"),
        ("$ text", "response", "'$ text' has a dollar that starts no hole"),
        ("say $text", "response", "'say $text' has a dollar that starts no hole"),
        ("say ${te xt}", "response", "'say ${te xt}' has a dollar that starts no hole"),
        ("$", "response", "'$' has a dollar that starts no hole"),
        ("$text+", "response", "$text+: '+' appends fragments, which only the events of a stream have"),
        ("$text!", "response", "$text!: '!' chooses among block and message shapes and has no meaning in a response"),
        ("$text|json", "response", "$text|json: |json has no meaning for $text, which is not an object of Amplifier's"),
        ("$id.x", "events", "$id.x: 'x' is no label of $id in an event"),
        ("$error.ratelimit", "events", "did you mean 'rate_limit'?"),
        (float("inf"), "request", "JSON has no value for inf"),
        (["...", "$text"], "response", "'...' stands after the first of a list"),
        (["$text", "...", "a", "b"], "response", "'...' stands after the first of a list"),
        (["$text", "...", "..."], "response", "'...' stands after the first of a list"),
    ],
)
def test_what_is_no_shape_is_refused(value: object, scope: str, message: str) -> None:
    findings = Findings()
    parse_shape(tree(value), SCOPES[scope], findings, "here")
    assert [message in one.message for one in findings.found] == [True]


def test_a_word_of_another_section_is_told_its_place() -> None:
    findings = Findings()
    parse_shape(tree("$tool_call_id"), SCOPES["message"], findings, "message.user")
    assert findings.found[0].hint == "$tool_call_id belongs in a tool message, a tool_result block"


def test_holes_come_outermost_and_first_in_the_file_first() -> None:
    shape = parsed({"a": ["$text", "...", "$usage"], "b": "x ${id} ${name}"})
    assert [hole.name for hole in holes(shape)] == ["text", "usage", "id", "name"]


WORDS = st.sampled_from(["text", "thinking", "tool_call", "image"])
EVENT_HOLES = st.builds(
    Hole,
    WORDS,
    st.just(AT),
    label=st.none() | st.from_regex(r"\A[a-z][a-z0-9_]{0,5}\Z"),
    fragment=st.booleans(),
) | st.builds(
    Hole, st.sampled_from(["input", "_x", "metadata.y"]), st.just(AT), json=st.booleans(), fragment=st.booleans()
)
TEXTS = st.text(max_size=12).filter(lambda text: text != "...")


def joined(parts: list[str | Hole]) -> Shape:
    """Neighbouring literal parts are one; a text without holes is a constant."""
    merged: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if any(isinstance(part, Hole) for part in merged):
        return Text(tuple(merged), AT)
    literal = "".join(map(str, merged))
    return Constant("" if literal == "..." else literal, AT)


SCALARS: st.SearchStrategy[Scalar] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
)
LEAVES: st.SearchStrategy[Shape] = (
    st.builds(Constant, SCALARS, st.just(AT)) | EVENT_HOLES | st.lists(TEXTS | EVENT_HOLES, max_size=4).map(joined)
)


def objects(keys_and_shapes: dict[str, Shape]) -> Object:
    return Object(tuple(Entry(key, shape, AT) for key, shape in keys_and_shapes.items()), AT)


SHAPES: st.SearchStrategy[Shape] = st.recursive(
    LEAVES,
    lambda below: (
        st.dictionaries(st.text(max_size=5), below, max_size=3).map(objects)
        | st.builds(List, st.lists(below, max_size=3).map(tuple), st.just(AT))
        | st.builds(List, st.lists(below, max_size=1).map(tuple), st.just(AT), below)
    ),
    max_leaves=8,
)


@given(SHAPES)
def test_a_printed_shape_reads_as_itself(shape: Shape) -> None:
    assert parsed(shape_value(shape)) == shape
