"""Operations: parameters, bodies, responses, servers, and how they are found."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.document.conftest import HEAD

TEXT = f"""{HEAD}servers:
- url: https://{{region}}.acme.test/{{version}}
  variables: {{region: {{default: eu}}, version: {{default: v1}}}}
- {{url: /relative}}
- {{description: no url}}
paths:
  /chat/{{id}}:
    parameters:
    - {{name: id, in: path, required: true, schema: {{type: string}}}}
    - {{name: trace, in: header, schema: {{type: string}}}}
    post:
      operationId: createChat
      summary: Chat
      parameters:
      - {{name: trace, in: header, required: true, schema: {{type: integer}}}}
      - {{$ref: '#/components/parameters/Filter'}}
      - {{$ref: '#/components/parameters/Nope'}}
      - nonsense
      requestBody: {{$ref: '#/components/requestBodies/Chat'}}
      responses:
        default:
          description: other
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Error'}}}}}}
        '201': {{description: made, content: {{application/json: {{schema: {{type: string}}}}}}}}
        200:
          description: fine
          content:
            application/json; charset=utf-8: {{schema: {{$ref: '#/components/schemas/Reply'}}}}
            text/event-stream: {{schema: {{$ref: '#/components/schemas/Event'}}}}
        4XX: {{$ref: '#/components/responses/Bad'}}
    get: {{responses: {{2XX: {{content: {{application/x-ndjson: {{itemSchema: {{type: object}}}}}}}}}}}}
  /shared: {{$ref: '#/components/pathItems/Shared'}}
  /own:
    servers: [{{url: https://path.test}}]
    put: {{servers: [{{url: https://own.test}}], responses: {{}}}}
    delete: {{responses: {{}}}}
  /broken: [1]
components:
  parameters: {{Filter: {{name: filter, in: query, content: {{application/json: {{schema: {{type: object}}}}}}}}}}
  requestBodies:
    Chat:
      required: true
      content:
        multipart/form-data: {{schema: {{type: object}}}}
        application/vnd.acme+json: {{schema: {{type: string}}}}
        application/json: {{schema: {{$ref: '#/components/schemas/Body'}}}}
  responses:
    Bad: {{description: bad, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Error'}}}}}}}}
  pathItems: {{Shared: {{patch: {{operationId: patchShared, responses: {{}}}}}}}}
  schemas: {{Body: {{}}, Reply: {{}}, Event: {{}}, Error: {{}}}}
"""


@pytest.fixture
def document(load: Callable[..., Any]) -> Any:
    return load(TEXT)


@pytest.fixture
def chat(document: Any) -> Any:
    return document.operation("createChat")


def test_operations_are_found_by_method_and_path_or_by_id(document: Any, chat: Any) -> None:
    assert document.operation("POST /chat/{id}") is chat
    assert document.operation("post /chat/{id}") is chat
    assert document.operation("POST /nope") is None
    assert document.operation("") is None
    assert (chat.method, chat.path, chat.id, chat.description) == ("POST", "/chat/{id}", "createChat", "Chat")
    assert chat.pointer == "/paths/~1chat~1{id}/post"
    assert document.position(chat.pointer).line == 13
    assert [str(each) for each in document.operations()] == [
        "POST /chat/{id}", "GET /chat/{id}", "PATCH /shared", "PUT /own", "DELETE /own",
    ]  # fmt: skip


def test_parameters_of_the_path_are_replaced_by_the_operation_s_own(chat: Any) -> None:
    found = {(each.name, each.location): each for each in chat.parameters}
    assert list(found) == [("id", "path"), ("trace", "header"), ("filter", "query")]
    assert [each.required for each in found.values()] == [True, True, False]
    assert [each.schema.type for each in found.values()] == ["string", "integer", "object"]
    assert found["filter", "query"].pointer == "/components/parameters/Filter"


def test_the_body_is_the_json_one(document: Any, chat: Any) -> None:
    assert chat.request is document.component("Body")
    assert chat.request_required
    assert document.operation("GET /chat/{id}").request is None
    assert not document.operation("GET /chat/{id}").request_required


def test_the_response_of_a_success_as_json_or_as_a_stream(document: Any, chat: Any) -> None:
    assert chat.response() is document.component("Reply")
    assert chat.response(stream=True) is document.component("Event")
    lines = document.operation("GET /chat/{id}")
    assert lines.response() is None
    assert lines.response(stream=True).type == "object"
    assert document.operation("PUT /own").response() is None


def test_all_responses_by_status_and_content_type(document: Any, chat: Any) -> None:
    error = document.component("Error")
    assert list(chat.responses) == ["default", "201", "200", "4XX"]
    assert chat.responses["4XX"] == {"application/json": error}
    assert chat.responses["default"]["application/json"] is error


def test_servers_are_the_nearest_ones_with_their_defaults(document: Any, chat: Any) -> None:
    assert chat.servers == ("https://eu.acme.test/v1", "/relative")
    assert document.operation("PUT /own").servers == ("https://own.test",)
    assert document.operation("DELETE /own").servers == ("https://path.test",)


def test_names_and_pointers_of_schemas(document: Any) -> None:
    assert document.components == ("Body", "Reply", "Event", "Error")
    assert document.component("Nope") is None
    assert document.schema("/components/schemas/Body") is document.component("Body")
    assert document.schema("/nope") is None
