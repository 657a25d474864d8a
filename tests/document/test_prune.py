"""Pruning: a valid document of its own, in an order of its own, that says the same about what is left."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openapi_spec_validator
import pytest

from providergen.diagnostics import Findings
from providergen.document import load_document
from tests.document.conftest import HEAD

TEXT = f"""{HEAD}tags: [{{name: t}}]
x-top: 1
security: [{{key: []}}]
servers: [{{url: https://acme.test, x-y: 1}}]
paths:
  /z: {{get: {{responses: {{'200': {{$ref: '#/components/responses/Z'}}}}}}}}
  /chat/{{id}}:
    x-path: 1
    parameters: [{{$ref: '#/components/parameters/Id'}}]
    get: {{responses: {{}}}}
    post:
      tags: [t]
      x-code: samples
      callbacks: {{c: {{}}}}
      security: [{{other: []}}]
      requestBody:
        content:
          application/json:
            schema: {{$ref: '#/components/schemas/Body'}}
            examples: {{e: {{$ref: '#/components/examples/E'}}, lost: {{$ref: './gone.json'}}}}
      responses:
        '200': {{description: fine, links: {{l: {{operationId: z}}}}}}
        default: {{$ref: '#/components/responses/Nope'}}
components:
  securitySchemes:
    key: {{type: apiKey, in: header, name: K}}
    other: {{type: http, scheme: bearer}}
    unused: {{type: http, scheme: basic}}
  parameters: {{Id: {{name: id, in: path, required: true, schema: {{$ref: '#/components/schemas/Id'}}}}}}
  responses: {{Z: {{description: z}}}}
  examples: {{E: {{value: {{$ref: kept, x-kept: 1}}}}}}
  schemas:
    Id: {{type: string}}
    Unused: {{type: string}}
    Body:
      type: object
      x-dropped: 1
      required: [z, a]
      properties:
        z: {{$ref: '#/components/schemas/Base'}}
        a: {{$ref: 'parts.yaml#/Part'}}
        x-kept: {{enum: [{{$ref: kept, x-kept: 1}}], default: {{$ref: kept, x-kept: 1}}}}
        $ref: {{type: string, description: "quote \\" {{{{ x }}}} \\n ../ \u2028"}}
        self: {{$ref: '#/components/schemas/Body'}}
        deep: {{$ref: '#/paths/~1z/get/responses/200'}}
        lost: {{$ref: '#/components/schemas/Gone', description: d}}
        local: {{$ref: '#/$defs/L'}}
      $defs: {{L: {{type: integer}}}}
    Base:
      type: object
      discriminator: {{propertyName: kind, mapping: {{one: One, two: '#/components/schemas/Two', gone: Gone}}}}
    One: {{type: object, properties: {{one: {{}}}}}}
    Two: {{type: object, properties: {{two: {{}}}}}}
    Three: {{allOf: [{{$ref: '#/components/schemas/Base'}}, {{required: [kind]}}]}}
"""
PARTS = """\
Part: {type: object, properties: {inner: {$ref: '#/Inner'}, up: {$ref: 'openapi.yaml#/components/schemas/Id'}}}
Inner: {type: boolean}
"""


@pytest.fixture
def document(load: Callable[..., Any]) -> Any:
    return load(TEXT, parts_yaml=PARTS)


@pytest.fixture
def pruned(document: Any) -> Any:
    return document.pruned([document.operation("POST /chat/{id}")])


def test_only_what_is_reached_stays(pruned: Any) -> None:
    assert list(pruned) == ["openapi", "info", "servers", "security", "paths", "components"]
    assert pruned["info"] == {"title": "Test", "version": "1"}
    assert list(pruned["paths"]) == ["/chat/{id}"]
    assert list(pruned["paths"]["/chat/{id}"]) == ["parameters", "post"]
    components = pruned["components"]
    reached = ["Base", "Body", "Id", "Inner", "One", "Part", "Three", "Two", "inline"]
    assert list(components["schemas"]) == reached
    assert list(components["securitySchemes"]) == ["key", "other"]
    operation = pruned["paths"]["/chat/{id}"]["post"]
    assert sorted(operation) == ["requestBody", "responses", "security"]
    assert operation["responses"] == {"200": {"description": "fine"}}


def test_data_and_texts_are_kept_as_they_are(pruned: Any) -> None:
    body = pruned["components"]["schemas"]["Body"]
    assert body["required"] == ["z", "a"]
    data = {"$ref": "kept", "x-kept": 1}
    assert body["properties"]["x-kept"] == {"default": data, "enum": [data]}
    assert body["properties"]["$ref"]["description"] == 'quote " {{ x }} \n ../ \u2028'
    assert "x-dropped" not in body
    assert pruned["components"]["examples"]["E"] == {"value": data}
    content = pruned["paths"]["/chat/{id}"]["post"]["requestBody"]["content"]["application/json"]
    assert list(content["examples"]) == ["e"]


def test_what_stood_elsewhere_is_brought_in_and_what_leads_nowhere_is_open(pruned: Any) -> None:
    schemas = pruned["components"]["schemas"]
    members = schemas["Body"]["properties"]
    assert members["a"] == {"$ref": "#/components/schemas/Part"}
    assert schemas["Part"]["properties"] == {
        "inner": {"$ref": "#/components/schemas/Inner"},
        "up": {"$ref": "#/components/schemas/Id"},
    }
    assert members["lost"] == {"description": "d"}
    assert members["local"] == {"$ref": "#/components/schemas/Body/$defs/L"}
    assert schemas["Base"]["discriminator"]["mapping"] == {"one": "One", "two": "#/components/schemas/Two"}


def test_it_is_valid_and_says_the_same(document: Any, pruned: Any, tmp_path: Path) -> None:
    text = json.dumps(pruned)
    checked = json.loads(text.replace('"$ref": "kept"', '"ref": "kept"'))  # the validator takes data for references
    del checked["components"]["schemas"]["Body"]["properties"]["deep"]  # a response is no schema, in the source either
    openapi_spec_validator.validate(checked)
    path = tmp_path / "pruned" / "openapi.json"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    findings = Findings()
    again: Any = load_document(path, findings)
    operation, before = again.operation("POST /chat/{id}"), document.operation("POST /chat/{id}")
    assert [each.name for each in operation.request.properties["z"].alternatives] == ["One", "Two", "Three"]
    assert [each.name for each in before.request.properties["z"].alternatives] == ["One", "Two", "Three"]
    assert operation.request.properties["a"].properties["inner"].type == "boolean"
    assert operation.request.properties["lost"].open
    assert operation.servers == before.servers
    assert findings.found == []
    assert json.dumps(again.pruned([operation])) == text


def test_the_order_does_not_depend_on_the_vendor_s(load: Callable[..., Any], document: Any, pruned: Any) -> None:
    def turned(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: turned(node[key]) for key in reversed(node)}
        return [turned(item) for item in node] if isinstance(node, list) else node

    text = json.dumps(turned(document.root))
    other = load(text, parts_yaml=PARTS)
    assert json.dumps(other.pruned([other.operation("POST /chat/{id}")])) == json.dumps(pruned)


def test_schemas_that_no_operation_names_can_be_kept(document: Any) -> None:
    pruned = document.pruned([document.operation("GET /z")], [document.component("Unused")])
    assert pruned["components"]["schemas"] == {"Unused": {"type": "string"}}
    assert pruned["components"]["responses"] == {"Z": {"description": "z"}}


def test_names_of_what_is_brought_in_do_not_clash(load: Callable[..., Any]) -> None:
    text = f"""{HEAD}paths:
  /x:
    post:
      requestBody:
        content:
          application/json: {{schema: {{properties: {{a: {{$ref: 'b.yaml#/A'}}, b: {{$ref: 'c.yaml#/A'}}}}}}}}
      responses: {{}}
components: {{schemas: {{A: {{}}}}}}
"""
    a, b = "a: {$ref: 'b.yaml#/A'}", "b: {$ref: 'c.yaml#/A'}"
    for ordered in (text, text.replace(f"{a}, {b}", f"{b}, {a}")):
        document = load(ordered, b_yaml="A: {type: string}\n", c_yaml="A: {type: integer}\n")
        schemas = document.pruned(document.operations())["components"]["schemas"]
        assert schemas == {"A_2": {"type": "string"}, "A_3": {"type": "integer"}}


def test_a_document_without_a_title_gets_one(load: Callable[..., Any]) -> None:
    document = load("openapi: 3.0.0\npaths: {/x: {get: {responses: {'200': {}}}}}\n")
    pruned = document.pruned(document.operations())
    openapi_spec_validator.validate(pruned)
    assert pruned["info"] == {"title": "untitled", "version": "0"}
