"""Strategies for what a vendor may send: values that its document allows, and recorded ones with something wrong."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from providergen.document import Schema
from tests.faults.subjects import places

Draw = Callable[[st.SearchStrategy[Any]], Any]

_DEEPEST = 7
_ODD: tuple[Any, ...] = (
    True,
    7,
    -1,
    0.5,
    10**40,
    -(10**400),
    1e308,
    float("inf"),
    float("nan"),
    "",
    "x",
    "\ud83d",
    "\x00",
    [],
    {},
    [[]],
)
_LEVELS = (20, 90, 120, 300)

text = st.one_of(st.text(max_size=12), st.sampled_from(("\ud800", "\udc00x", "{}", '{"a": 1}', "null", "0", "​")))
number = st.one_of(st.integers(), st.integers(0, 50), st.floats(), st.just(10**40))
scalar = st.one_of(st.none(), st.booleans(), number, text)
anything = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3), max_leaves=6
)


@st.composite
def allowed(draw: Draw, schema: Schema) -> Any:
    """Draw a value that the schema allows, as far as its types, keys and words go."""
    return _value(draw, schema, _DEEPEST)


def _value(draw: Draw, schema: Schema, levels: int) -> Any:
    if schema.nullable and draw(st.integers(0, 3)) == 0:
        return None
    one = draw(st.sampled_from(schema.alternatives))
    if one.enum is not None:
        return draw(st.sampled_from(one.enum))
    match one.type:
        case "object":
            return _object(draw, one, levels)
        case "array":
            count = draw(st.integers(one.min_items or 0, 3)) if levels and one.items else 0
            return [_value(draw, one.items, levels - 1) for _ in range(count)]
        case "string":
            return draw(text)
        case "integer":
            return draw(st.integers(0, 1000))
        case "number":
            return draw(st.floats(0, 1000))
        case "boolean":
            return draw(st.booleans())
    return draw(anything)


def _object(draw: Draw, schema: Schema, levels: int) -> dict[str, Any]:
    optional = [name for name in schema.properties if name not in schema.required]
    chosen = draw(st.sets(st.sampled_from(optional), max_size=6)) if optional and levels else set()
    names = [name for name in schema.properties if name in schema.required or name in chosen]
    found = {name: _value(draw, schema.properties[name], max(levels - 1, 0)) for name in names}
    if not schema.properties:
        found |= draw(st.dictionaries(text, scalar, max_size=2))
    return found


@st.composite
def spoilt(draw: Draw, recorded: Sequence[Any]) -> Any:
    """Draw one of the recorded values, with one to four things wrong with it; nesting is the last of them."""
    root = [copy.deepcopy(draw(st.sampled_from(recorded)))]
    for _ in range(draw(st.integers(1, 4))):
        found = [path for path, _ in places(root) if len(path) > 1]
        if not found:
            break
        path = draw(st.sampled_from(found))
        parent: Any = root
        for key in path[:-1]:
            parent = parent[key]
        if _spoil(draw, parent, path[-1]) == "deep":
            break
    return root[0]


def _spoil(draw: Draw, parent: Any, key: Any) -> str:
    """Do one thing to a value, and return which."""
    done: str = draw(st.sampled_from(("odd", "odd", "null", "drop", "deep", "wrap", "double")))
    match done:
        case "odd":
            parent[key] = copy.deepcopy(draw(st.sampled_from(_ODD)))
        case "null":
            parent[key] = None
        case "drop":
            del parent[key]
        case "deep":
            for _ in range(draw(st.sampled_from(_LEVELS))):
                parent[key] = {"a": [parent[key]]}
        case "wrap":
            parent[key] = draw(st.sampled_from(([parent[key]], {"type": parent[key]}, str(parent[key])[:1000])))
        case "double" if isinstance(parent, list):
            parent.insert(key, copy.deepcopy(parent[key]))
    return done
