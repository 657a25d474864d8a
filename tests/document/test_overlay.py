"""Overlays: applied in order, strictly."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from providergen.diagnostics import Findings, Severity
from providergen.document import load_document

DOCUMENT = """\
openapi: 3.1.0
info: {title: T, version: '1', x-list: [1, 2]}
paths:
  /a: {get: {tags: [x], responses: {'200': {description: fine}}}}
  /b: {get: {tags: [x, y], responses: {'200': {description: fine}}}}
components:
  schemas:
    A:
      type: object
      required: [a]
      oneOf: [{title: one}, {title: two}, {title: three}]
      properties: {a: {type: string}}
"""
HEAD = "overlay: 1.1.0\ninfo: {title: O, version: '1'}\nactions:\n"


def apply(load: Callable[..., Any], actions: str) -> Any:
    return load(DOCUMENT, overlay=HEAD + actions)


@pytest.mark.parametrize(
    ("action", "pointer", "value"),
    [
        ("{target: $.info, update: {title: U, x-new: {a: 1}}}", ["info", "title"], "U"),
        ("{target: $.info, update: {x-list: [3]}}", ["info", "x-list"], [1, 2, 3]),
        ("{target: $.components.schemas.A, update: {properties: {b: {}}}}",
         ["components", "schemas", "A", "properties"],
         {"a": {"type": "string"}, "b": {}}),
        ("{target: $.components.schemas.A.required, update: b}",
         ["components", "schemas", "A", "required"], ["a", "b"]),
        ("{target: $.components.schemas.A.required, update: [b, c]}", ["components", "schemas", "A", "required"],
         ["a", "b", "c"]),
        ("{target: '$.paths.*.get.tags', update: [z]}", ["paths", "/b", "get", "tags"], ["x", "y", "z"]),
        ("{target: $.components.schemas.A.type, update: string}", ["components", "schemas", "A", "type"], "string"),
        ("{target: \"$.paths['/a']\", remove: true}", ["paths"],
         {"/b": {"get": {"tags": ["x", "y"], "responses": {"200": {"description": "fine"}}}}}),
        ("{target: \"$.paths['/b'].get.tags[?@ == 'x']\", remove: true}", ["paths", "/b", "get", "tags"], ["y"]),
        ("{target: '$.components.schemas.A.oneOf[2,0,0]', remove: true}", ["components", "schemas", "A", "oneOf"],
         [{"title": "two"}]),
        ("{target: '$..title', remove: true}", ["components", "schemas", "A", "oneOf"], [{}, {}, {}]),
        ("{target: '$..oneOf[0,2]', remove: true}", ["components", "schemas", "A", "oneOf"],
         [{"title": "two"}]),
        ("{target: $.components.schemas.A.properties.a, copy: $.info}",
         ["components", "schemas", "A", "properties", "a", "title"], "T"),
    ],
)  # fmt: skip
def test_what_an_action_does(load: Callable[..., Any], action: str, pointer: Any, value: Any) -> None:
    document = apply(load, f"- {action}\n")
    found = document.root
    for key in pointer:
        found = found[key]
    assert found == value
    assert document.findings.found == []


def test_actions_apply_in_order_to_what_the_earlier_ones_left(load: Callable[..., Any]) -> None:
    document = apply(load, "- {target: $.info, update: {x-a: {}}}\n- {target: $.info.x-a, update: {b: 1}}\n")
    assert document.root["info"]["x-a"] == {"b": 1}


def test_what_is_added_in_several_places_is_not_shared(load: Callable[..., Any]) -> None:
    document = apply(
        load,
        "- {target: '$.paths.*.get', update: {x-a: {b: 1}}}\n- {target: '$.paths.*.get.tags', update: {c: 1}}\n"
        "- {target: \"$.paths['/a'].get.x-a\", update: {b: 2}}\n"
        "- {target: \"$.paths['/a'].get.tags[1]\", update: {c: 2}}\n",
    )
    other = document.root["paths"]["/b"]["get"]
    assert (other["x-a"], other["tags"]) == ({"b": 1}, ["x", "y", {"c": 1}])


def test_true_is_not_one(load: Callable[..., Any]) -> None:
    document = apply(load, "- {target: $.info, update: {x-list: [true]}}\n")
    assert document.root["info"]["x-list"] == [1, 2, True]
    assert document.findings.found == []


@pytest.mark.parametrize(
    "action",
    [
        "{target: $.info, update: {title: T}}", "{target: $.info.title, update: T}", "{target: $.info, update: {}}",
        "{target: $.components.schemas.A.required, update: [a]}", "{target: $.info, update: {x-list: [2]}}",
        "{target: $.components.schemas.A.oneOf, update: {title: two}}",
    ],
)  # fmt: skip
def test_an_action_that_changes_nothing_is_a_warning_that_the_vendor_fixed_it(
    load: Callable[..., Any], action: str
) -> None:
    document = apply(load, f"- {{target: $.info, update: {{x-other: 1}}}}\n- {action}\n")
    (found,) = document.findings.found
    assert (found.severity, found.code) == (Severity.WARNING, "overlay-changes-nothing")
    assert found.position.path.endswith("overlay.yaml")
    assert found.position.line == 5
    del document.root["info"]["x-other"]
    assert document.root == load(DOCUMENT).root


@pytest.mark.parametrize(
    ("overlay", "code", "line"),
    [
        (HEAD + "- {target: $.nope, update: {}}\n", "overlay-matches-nothing", 4),
        (HEAD + "- {target: $.info, update: {x: 1}}\n- {target: $.nope, remove: true}\n", "overlay-matches-nothing", 5),
        (HEAD + "- {target: $.info, copy: $.nope}\n", "overlay-matches-nothing", 4),
        (HEAD + "- {target: $.info, copy: '$.paths.*'}\n", "overlay-matches-nothing", 4),
        (HEAD + "- {target: $.info, update: [1]}\n", "bad-overlay", 4),
        (HEAD + "- {target: $.info, update: {title: {}}}\n", "bad-overlay", 4),
        (HEAD + "- {target: $.info.title, update: {}}\n", "bad-overlay", 4),
        (HEAD + "- {target: '$.info.*', update: {}}\n", "bad-overlay", 4),
        (HEAD + "- {target: $, remove: true}\n", "bad-overlay", 4),
        (HEAD + "- {target: info, remove: true}\n", "bad-overlay", 4),
        (HEAD + "- {target: '$.a[', remove: true}\n", "bad-overlay", 4),
        (HEAD + "- {target: $.info}\n", "bad-overlay", 4),
        (HEAD + "- {target: $.info, remove: true, update: {}}\n", "bad-overlay", 4),
        (HEAD + "- {target: $.info, remove: true, why: x}\n", "bad-overlay", 4),
        (HEAD + "- {remove: true}\n", "bad-overlay", 4),
        (HEAD + "- text\n", "bad-overlay", 4),
        (HEAD + "  []\n", "bad-overlay", 4),
        ("overlay: 2.0.0\ninfo: {title: O, version: '1'}\nactions: []\n", "bad-overlay", 1),
        ("overlay: 1.1.0\ninfo: {title: O}\nactions: [{}]\n", "bad-overlay", 2),
        ("overlay: 1.1.0\nactions: [{}]\n", "bad-overlay", 1),
        ("overlay: 1.1.0\naktions: []\n", "bad-overlay", 2),
        ("- 1\n", "bad-overlay", 1),
        ("a: b: c", "not-yaml", 1),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_overlay_is_one_error_with_its_line(
    tmp_path: Path, overlay: str, code: str, line: int
) -> None:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "overlay.yaml").write_text(overlay, encoding="utf-8")
    findings = Findings()
    assert load_document(tmp_path / "openapi.yaml", findings, overlay=tmp_path / "overlay.yaml") is None
    (found,) = findings.found
    assert (found.severity, found.code) == (Severity.ERROR, code)
    assert found.position is not None
    assert (Path(found.position.path).name, found.position.line) == ("overlay.yaml", line)


def test_all_faulty_actions_are_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, encoding="utf-8")
    text = json.dumps({"overlay": "1.0.0", "info": {"title": "", "version": ""}, "actions": [
        {"target": "$.a", "remove": True}, {"target": "$.b", "remove": True},
    ]})  # fmt: skip
    (tmp_path / "overlay.json").write_text(text, encoding="utf-8")
    findings = Findings()
    load_document(tmp_path / "openapi.yaml", findings, overlay=tmp_path / "overlay.json")
    assert [found.code for found in findings.found] == ["overlay-matches-nothing"] * 2


def test_what_the_overlay_left_alone_stands_where_it_stood_in_the_file(load: Callable[..., Any]) -> None:
    document = apply(
        load,
        "- {target: '$.components.schemas.A.oneOf[0]', remove: true}\n"
        "- {target: $.components.schemas.A, update: {properties: {new: {type: object}}}}\n",
    )
    branch = document.component("A").alternatives[1]
    assert branch.title == "three"
    assert document.position(branch.pointer).column == DOCUMENT.splitlines()[10].index("{title: three") + 1
    assert document.position("/components/schemas/A/properties/new").line == 12
