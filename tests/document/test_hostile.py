"""Whatever a document holds in whatever place: nothing raises, and its texts arrive as they are."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from providergen.document import Schema
from tests.document.test_prune import PARTS, TEXT

HOSTILE = [
    "\"\"\"'''\\", "\n\r\n\t", "{{ x }}{% raw %}", "../../etc/passwd", "__import__('os').system('x')",
    "\u202e\u2028\x00\x1b[31m",
    "$ref", "#/components/schemas/Body", "a" * 10_000, "~0~1/", "%00%zz", "NaN", "\ue000\uffff",
]  # fmt: skip
OTHER: list[Any] = [
    None,
    True,
    False,
    0,
    -1.5,
    10**30,
    [],
    {},
    [[]],
    {"$ref": 1},
    {"$ref": "#"},
    {"$ref": ""},
    [None],
    *HOSTILE,
]


@pytest.fixture
def tree(load: Callable[..., Any]) -> dict[str, Any]:
    root: dict[str, Any] = json.loads(json.dumps(load(TEXT, parts_yaml=PARTS).root))
    return root


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every container and key in a tree."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for key, below in items for place in ((node, key), *places(below))]


def look(document: Any) -> None:
    """Look at all there is."""
    for operation in document.operations():
        str(operation), operation.servers, operation.description, operation.request_required
        operation.response(stream=True)
        waiting = [operation.request, *(parameter.schema for parameter in operation.parameters)]
        waiting += [schema for content in operation.responses.values() for schema in content.values()]
        seen: set[Schema] = set()
        while waiting:
            schema = waiting.pop()
            if not isinstance(schema, Schema) or schema in seen:
                continue
            seen.add(schema)
            repr(schema), schema.nullable, schema.description, schema.examples, schema.dangling
            for each in schema.alternatives:
                assert [each.enum, each.required, each.open, each.minimum, each.max_items, each.format]
                waiting += [*each.properties.values(), each.items, each.additional]
    json.dumps(document.pruned(document.operations()), allow_nan=False)
    for name in document.components:
        document.position(f"/components/schemas/{name}")


@pytest.mark.parametrize("seed", range(60))
def test_wrong_values_anywhere_raise_nothing(load: Callable[..., Any], tree: Any, seed: int) -> None:
    source = random.Random(seed)
    for _ in range(5):
        root = copy.deepcopy(tree)
        for _ in range(source.randint(1, 4)):
            container, key = source.choice(
                places(root["paths"]) + places(root["components"]) + [(root, "info"), (root, "servers")]
            )
            container[key] = copy.deepcopy(source.choice(OTHER))
        if isinstance(root["paths"], dict) and root["paths"]:
            look(load(json.dumps(root), name="openapi.json", parts_yaml=PARTS))


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_and_names_arrive_as_they_are(load: Callable[..., Any], text: str) -> None:
    root = {
        "openapi": "3.1.0",
        "info": {"title": text, "version": "1"},
        "paths": {
            f"/{text}": {
                "post": {
                    "operationId": text,
                    "description": text,
                    "requestBody": {"content": {"application/json": {"schema": {
                        "properties": {text: {"description": text, "enum": [text], "default": text}},
                        "required": [text],
                    }}}},
                    "responses": {},
                }
            }
        },
    }  # fmt: skip
    document = load(json.dumps(root), name="openapi.json")
    operation = document.operation(f"POST /{text}")
    assert operation is not None
    assert (operation.id, operation.description) == (text, text)
    member = operation.request.properties[text]
    assert (member.description, member.enum, member.default) == (text, (text,), text)
    assert document.pruned([operation])["paths"] == root["paths"]
