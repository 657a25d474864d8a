"""Bodies that are wrong in one place, to prove that a validator sees it."""

import json
from collections.abc import Iterator
from typing import Any

# Keys below these hold whatever the caller or the model puts there.
FREE = {
    "parameters",
    "schema",
    "input_schema",
    "parametersJsonSchema",
    "responseJsonSchema",
    "args",
    "arguments",
    "input",
    "response",
}
FREE_AT_THE_TOP = {"format"}

# Keys whose values are words of the vendor's.
WORDS = {"type", "role", "mode", "tool_choice", "media_type", "display", "effort", "reasoning_effort", "thinkingLevel"}


def misspelt(body: Any) -> Iterator[tuple[str, Any]]:
    """Yield the body once for each of its keys, with that key misspelt."""
    for path in _paths(body):
        if isinstance(path[-1], str):
            copy = json.loads(json.dumps(body))
            parent = _at(copy, path[:-1])
            parent[f"{path[-1]}x"] = parent.pop(path[-1])
            yield f"key {path}", copy


def mistyped(body: Any) -> Iterator[tuple[str, Any]]:
    """Yield the body once for each of its values, with a value of another type in its place."""
    for path in _paths(body):
        if not _is_free(path, _at(body, path)):
            copy = json.loads(json.dumps(body))
            wrong = {bool: "yes", str: [7]}.get(type(_at(body, path)), True)
            _at(copy, path[:-1])[path[-1]] = wrong
            yield f"value {path}", copy


def reworded(body: Any) -> Iterator[tuple[str, Any]]:
    """Yield the body once for each word of the vendor's, with that word misspelt."""
    for path in _paths(body):
        if path[-1] in WORDS and isinstance(_at(body, path), str):
            copy = json.loads(json.dumps(body))
            _at(copy, path[:-1])[path[-1]] += "x"
            yield f"constant {path}", copy


def _paths(node: Any, prefix: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        yield (*prefix, key)
        if not _is_free((*prefix, key), value):
            yield from _paths(value, (*prefix, key))


def _is_free(path: tuple[Any, ...], value: Any) -> bool:
    """Tell whether what stands there is the caller's or the model's: an object under such a key, nothing else."""
    return isinstance(value, dict) and (path[-1] in FREE or (len(path) == 1 and path[0] in FREE_AT_THE_TOP))


def _at(node: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        node = node[key]
    return node
