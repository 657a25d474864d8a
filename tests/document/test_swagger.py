"""Swagger 2 in the same faces as OpenAPI 3."""

from collections.abc import Callable
from typing import Any

import openapi_spec_validator
import pytest

TEXT = """\
swagger: '2.0'
info: {title: T, version: '1'}
host: api.acme.test
basePath: /v1/
schemes: [https]
consumes: [application/json]
produces: [application/json]
securityDefinitions:
  key: {type: apiKey, in: header, name: K}
  basic: {type: basic}
  flow: {type: oauth2, flow: application, tokenUrl: https://x.test, scopes: {a: b}}
parameters:
  Body: {name: body, in: body, required: true, schema: {$ref: '#/definitions/Chat'}}
  Page: {name: page, in: query, type: integer, default: 1}
responses:
  Bad: {description: bad, schema: {$ref: '#/definitions/Error'}}
paths:
  /chat/{id}:
    parameters: [{name: id, in: path, required: true, type: string, enum: [a, b]}]
    post:
      operationId: chat
      security: [{basic: []}]
      parameters: [{$ref: '#/parameters/Body'}, {$ref: '#/parameters/Page'}]
      responses:
        200: {description: fine, schema: {$ref: '#/definitions/Reply'}, examples: {application/json: {a: 1}}}
        400: {$ref: '#/responses/Bad'}
  /stream:
    post:
      produces: [text/event-stream]
      parameters: [{name: in-line, in: body, schema: {type: object}}]
      responses: {200: {description: fine, schema: {type: string}}}
  /form:
    post:
      consumes: [multipart/form-data]
      parameters: [{name: file, in: formData, type: file}, {name: n, in: formData, type: integer}]
      responses: {204: {description: none}}
definitions:
  Chat:
    type: object
    discriminator: kind
    properties: {kind: {type: string}, items: {type: array, items: {$ref: '#/definitions/Reply'}}}
  Talk: {allOf: [{$ref: '#/definitions/Chat'}, {properties: {talk: {type: string, x-nullable: true}}}]}
  Reply: {type: object}
  Error: {type: object}
"""


@pytest.fixture
def document(load: Callable[..., Any]) -> Any:
    return load(TEXT, name="swagger.yaml")


def test_operations(document: Any) -> None:
    chat = document.operation("chat")
    assert chat.servers == ("https://api.acme.test/v1",)
    assert [(each.name, each.location, each.schema.type) for each in chat.parameters] == [
        ("id", "path", "string"), ("page", "query", "integer"),
    ]  # fmt: skip
    assert chat.parameters[0].schema.enum == ("a", "b")
    assert chat.parameters[1].schema.default == 1
    assert chat.request_required
    assert chat.response() is document.component("Reply")
    assert chat.responses["400"]["application/json"] is document.component("Error")
    stream = document.operation("POST /stream")
    assert stream.response(stream=True).type == "string"
    assert stream.response() is None
    assert stream.request.type == "object"
    assert document.operation("POST /form").request is None


def test_schemas(document: Any) -> None:
    request = document.operation("chat").request
    assert [each.name for each in request.alternatives] == ["Talk"]
    assert request.alternatives[0].properties["talk"].nullable
    assert request.alternatives[0].properties["kind"].type == "string"
    assert request.alternatives[0].properties["items"].items is document.component("Reply")


def test_positions_are_those_of_the_file(document: Any) -> None:
    lines = TEXT.splitlines()
    pointer = document.component("Talk").pointer
    assert lines[document.position(pointer).line - 1].startswith("  Talk:")
    assert lines[document.position(document.operation("chat").pointer).line - 1] == "    post:"


def test_pruned_it_is_a_valid_openapi_document(document: Any) -> None:
    pruned = document.pruned(document.operations())
    openapi_spec_validator.validate(pruned)
    assert sorted(pruned["components"]["securitySchemes"]) == ["basic"]
    assert pruned["openapi"].startswith("3.0")
