"""Every published document at hand loads, can be viewed in full, and pruned says the same."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from providergen.diagnostics import Findings
from providergen.document import Document, Operation, Schema, load_document
from tests.published import folder, published


def documents() -> list[Any]:
    files = sorted(path for path in folder().glob("*/*") if path.suffix in (".json", ".yaml", ".yml"))
    files = [path for path in files if not path.name.startswith("botocore")]  # a format of its own
    if not files:
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"no published documents in {folder()}"))]
    return [pytest.param(path, id=f"{path.parent.name}/{path.name}") for path in files]


def load(path: Path) -> Document:
    findings = Findings()
    document = load_document(path, findings)
    assert document is not None, findings.found
    assert findings.found == []
    return document


def roots(operation: Operation) -> list[Schema]:
    """All schemas that an operation names."""
    schemas = [parameter.schema for parameter in operation.parameters]
    schemas += [operation.request, *(schema for content in operation.responses.values() for schema in content.values())]
    return [schema for schema in schemas if schema is not None]


def said(schema: Schema | bool | None, depth: int) -> Any:
    """What a view says, to some depth, in a form that can be compared."""
    if schema is None or isinstance(schema, bool):
        return schema
    if depth == 0:
        return schema.name
    return schema.nullable, [
        (
            (each.type, each.enum, each.open, sorted(each.required)),
            {key: said(member, depth - 1) for key, member in sorted(each.properties.items())},
            said(each.items, depth - 1),
            said(each.additional, depth - 1),
        )
        for each in schema.alternatives
    ]


@pytest.mark.parametrize("path", documents())
def test_every_schema_of_every_operation_can_be_viewed(path: Path) -> None:
    document = load(path)
    waiting = [schema for operation in document.operations() for schema in roots(operation)]
    waiting += [schema for name in document.components if (schema := document.component(name)) is not None]
    seen: set[Schema] = set()
    while waiting:
        schema = waiting.pop()
        if schema in seen:
            continue
        seen.add(schema)
        assert schema.alternatives
        assert len(schema.alternatives) < 300
        for each in schema.alternatives:
            assert each.alternatives == (each,)
            below = [*each.properties.values(), each.items, each.additional]
            waiting += [member for member in below if isinstance(member, Schema)]
    assert len(seen) >= 20
    assert document.operations()


@pytest.mark.parametrize("path", documents())
def test_pruned_to_an_operation_it_says_the_same_about_it(path: Path, tmp_path: Path) -> None:
    document = load(path)
    posts = [operation for operation in document.operations() if operation.request is not None]
    chosen = posts[:: max(1, len(posts) // 4)][:5]
    pruned = document.pruned(chosen)
    text = json.dumps(pruned)
    (tmp_path / "openapi.json").write_text(text, encoding="utf-8")
    again = load(tmp_path / "openapi.json")
    kept = [again.operation(str(operation)) for operation in chosen]
    for before, after in zip(chosen, kept, strict=True):
        assert after is not None
        assert [said(schema, 4) for schema in roots(after)] == [said(schema, 4) for schema in roots(before)]
        assert after.servers == before.servers
    assert json.dumps(again.pruned(each for each in kept if each)) == text


@pytest.mark.parametrize("path", documents())
def test_positions_lead_to_the_line_of_the_key(path: Path) -> None:
    document = load(path)
    if "swagger" in path.name and "localai" in str(path):
        pytest.skip("pointers of Swagger 2 are those of OpenAPI 3")
    lines = path.read_text("utf-8").splitlines()
    for operation in document.operations()[::7]:
        assert operation.method.lower() in lines[document.position(operation.pointer).line - 1]
    for name in document.components[::11]:
        assert name in lines[document.position(f"/components/schemas/{name}").line - 1]


def test_three_megabytes_load_in_well_under_a_second() -> None:
    path = published("openai/openapi.yaml")
    started = time.process_time()
    operation = load(path).operation("createChatCompletion")
    assert operation is not None
    assert operation.request is not None
    assert operation.request.alternatives
    assert time.process_time() - started < 1  # 0.2 on an idle machine


def test_a_service_model_is_not_taken_for_openapi() -> None:
    findings = Findings()
    assert load_document(published("aws-bedrock/botocore-service-2.json"), findings) is None
    assert [found.code for found in findings.found] == ["not-openapi"]
