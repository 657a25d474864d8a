"""References: where they lead, and what happens where they lead nowhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from providergen.diagnostics import Severity


def member(document: Any, name: str) -> Any:
    return document.component("Body").properties[name]


def test_references_within_the_document(schemas: Callable[..., Any]) -> None:
    document = schemas("""
Body:
  properties:
    plain: {$ref: '#/components/schemas/A'}
    twice: {$ref: '#/components/schemas/B'}
    deep: {$ref: '#/components/schemas/C/properties/x'}
    escaped: {$ref: '#/components/schemas/a~1b%20c'}
    path: {$ref: '#/paths/~1x/post/responses/200'}
A: {type: string}
B: {$ref: '#/components/schemas/A'}
C: {properties: {x: {type: integer}}}
a/b c: {type: boolean}
""")
    assert member(document, "plain") is document.component("A")
    assert member(document, "twice") is document.component("A")
    assert member(document, "deep").type == "integer"
    assert member(document, "deep").pointer == "/components/schemas/C/properties/x"
    assert member(document, "escaped").name == "a/b c"
    assert member(document, "path").pointer == "/paths/~1x/post/responses/200"
    assert document.findings.found == []


@pytest.mark.parametrize(
    "reference",
    ["#/components/schemas/Nope", "#nope", "other.yaml#/A", "#/components/schemas/Body/properties/none", "%zz", "http://[::1",
     "A",
     "file:///etc/passwd", "/etc/passwd", "../openapi.yaml", "a\\0b", "#/paths/9999999999999999999999", "x" * 5000],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_a_warning_and_open(schemas: Callable[..., Any], reference: str) -> None:
    document = schemas(f'Body:\n  properties:\n    x:\n      $ref: "{reference}"\n')
    assert document.findings.found == []
    view = member(document, "x")
    assert (view.open, view.nullable, view.alternatives) == (True, True, (view,))
    assert view.dangling is not None
    (found,) = document.findings.found
    assert (found.severity, found.code) == (Severity.WARNING, "dangling-reference")
    assert found.position == document.position("/components/schemas/Body/properties/x")
    assert found.position.line == 12
    assert found.hint


def test_what_stands_beside_a_reference_that_leads_nowhere_does_not_close_it(schemas: Callable[..., Any]) -> None:
    document = schemas("Body: {properties: {x: {$ref: '#/nope', type: string, description: d}}}")
    assert (member(document, "x").open, member(document, "x").description) == (True, "d")


def test_references_that_lead_round_in_a_circle_are_a_warning_and_open(schemas: Callable[..., Any]) -> None:
    document = schemas("""
Body: {properties: {x: {$ref: '#/components/schemas/A'}, y: {$ref: '#/components/schemas/S'}}}
A: {$ref: '#/components/schemas/B'}
B: {$ref: '#/components/schemas/C'}
C: {$ref: '#/components/schemas/A'}
S: {$ref: '#/components/schemas/S'}
""")
    for name in ("x", "y"):
        assert member(document, name).open
        assert member(document, name).dangling is not None
    assert {found.code for found in document.findings.found} == {"cyclic-reference"}
    assert {found.severity for found in document.findings.found} == {Severity.WARNING}


def test_a_chain_of_thousands_of_references_is_followed(schemas: Callable[..., Any]) -> None:
    links = "".join(f"A{n}: {{$ref: '#/components/schemas/A{n + 1}'}}\n" for n in range(3000))
    document = schemas(
        f"Body: {{properties: {{x: {{$ref: '#/components/schemas/A0'}}}}}}\n{links}A3000: {{type: string}}"
    )
    assert member(document, "x").type == "string"


def test_other_files_below_the_folder_and_their_own_references(schemas: Callable[..., Any]) -> None:
    document = schemas(
        "Body: {properties: {x: {$ref: 'sub/x.yaml#/defs/X'}, y: {$ref: './common.yaml'}}}\nA: {type: number}",
        sub__x_yaml="defs:\n  X: {properties: {a: {$ref: '#/defs/A'}, b: {$ref: '../common.yaml#/properties/s'}, "
        "c: {$ref: '../openapi.yaml#/components/schemas/A'}}}\n  A: {type: integer}\n",
        common_yaml="properties:\n  s: {type: string}\n",
    )
    x = member(document, "x")
    assert x.pointer == "sub/x.yaml#/defs/X"
    assert [x.properties[key].type for key in "abc"] == ["integer", "string", "number"]
    assert x.properties["c"] is document.component("A")
    assert x.properties["b"] is member(document, "y").properties["s"]
    position = document.position(x.properties["a"].pointer)
    assert position.path.endswith("x.yaml")
    assert position.line == 3
    assert document.findings.found == []


def test_files_outside_the_folder_are_not_read_not_even_by_a_link(schemas: Callable[..., Any], tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.yaml"
    outside.write_text("type: string\n", encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to(outside)
    document = schemas(f"Body: {{properties: {{x: {{$ref: link.yaml}}, y: {{$ref: ../{outside.name}}}}}}}")
    assert member(document, "x").dangling == "link.yaml"
    assert member(document, "y").dangling == f"../{outside.name}"


def test_another_file_that_cannot_be_read_is_a_warning_with_its_place(schemas: Callable[..., Any]) -> None:
    document = schemas("Body: {properties: {x: {$ref: 'bad.yaml#/A'}}}", bad_yaml="a: b: c\n")
    assert member(document, "x").open
    assert [(found.severity, found.code) for found in document.findings.found] == [
        (Severity.WARNING, "not-yaml"),
        (Severity.WARNING, "dangling-reference"),
    ]


def test_anchors_and_recursive_and_dynamic_references(schemas: Callable[..., Any]) -> None:
    document = schemas("""
Body:
  properties:
    anchored: {$ref: '#spot'}
    tree: {$ref: '#/components/schemas/Tree'}
    filter: {$ref: '#/components/schemas/Filter'}
    self: {$ref: '#'}
Other: {properties: {x: {$anchor: spot, type: string}}}
Tree:
  $dynamicAnchor: node
  properties:
    children: {items: {$dynamicRef: '#node'}}
    leaf: {$dynamicRef: '#leaf'}
Leaf: {$dynamicAnchor: leaf, type: integer}
Filter:
  $recursiveAnchor: true
  properties:
    filters: {items: {anyOf: [{type: string}, {$recursiveRef: '#'}]}}
""")
    tree, filters = document.component("Tree"), document.component("Filter")
    assert member(document, "anchored").type == "string"
    assert tree.properties["children"].items is tree
    assert tree.properties["leaf"] is document.component("Leaf")
    assert filters.properties["filters"].items.alternatives[1] is filters
    assert member(document, "self") is document.component("Body")
    assert document.findings.found == []


def test_definitions_within_a_schema_are_found_from_within(schemas: Callable[..., Any]) -> None:
    document = schemas("Body:\n  $defs: {T: {type: string}}\n  properties: {x: {$ref: '#/$defs/T'}}")
    assert member(document, "x").type == "string"
