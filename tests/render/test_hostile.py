"""Strings of a document or a mapping are data: no text of theirs becomes code, or a path outside the package."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from providergen.diagnostics import Findings
from providergen.generate import Build, build
from providergen.publish import Tree

SPECS = Path(__file__).parents[2] / "specs"
HOSTILE = '"""\'; {{ 7 * 7 }} {% raw %} \\" \n ]})\nimport os; os.system("touch owned") #../../owned ${x} \u2028'
NAME = 'A "name" {{ 7 * 7 }} \\'
TEXTS = ("description", "title", "summary", "x-note", "termsOfService")


def hostile(node: Any) -> Any:
    """Return a document whose texts for people are attacks."""
    if isinstance(node, list):
        return [hostile(item) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: hostile(value) for key, value in node.items()}
    return changed | {key: HOSTILE for key in TEXTS if isinstance(node.get(key), str)}


def made(folder: Path, vendor: str, change: Any) -> Build:
    """Return the package of a vendor whose document and mapping were changed."""
    document = yaml.safe_load((SPECS / vendor / "openapi.yaml").read_text("utf-8"))
    mapping = yaml.safe_load((SPECS / vendor / "mapping.yaml").read_text("utf-8"))
    document = change(document, mapping)
    (folder / "openapi.json").write_text(json.dumps(document), "utf-8")
    (folder / "mapping.yaml").write_text(json.dumps(mapping), "utf-8")
    findings = Findings()
    built = build(folder / "mapping.yaml", folder / "openapi.json", findings)
    assert built is not None, "\n".join(map(str, findings.found))
    return built


def words(text: str) -> set[str]:
    """Return the names that a module uses and defines: what is code, not data."""
    nodes = [*ast.walk(ast.parse(text))]
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return used | {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}


def _as_they_are(document: Any, mapping: Any) -> Any:
    return document


def _texts_only(document: Any, mapping: Any) -> Any:
    mapping["vendor"]["name"] = NAME
    return hostile(document)


def _words_of_the_vendor(document: Any, mapping: Any) -> Any:
    mapping["vendor"]["name"] = NAME
    chat = document["components"]["schemas"]["CreateChatCompletionRequest"]
    chat["properties"][HOSTILE] = {"type": "string", "enum": [HOSTILE]}
    mapping["request"][HOSTILE] = HOSTILE.replace("$", "$$")
    mapping["finish_reason"] = {"length": ["length", HOSTILE.replace("$", "$$")]}
    mapping["unchecked"] = {"finish_reason.length": "not in the document"}
    mapping["config"] = {"temperature": {"prompt": HOSTILE}}
    return hostile(document)


@pytest.mark.parametrize(
    ("vendor", "change"),
    [("anthropic", _texts_only), ("gemini", _texts_only), ("openai-chat", _words_of_the_vendor)],
)
def test_hostile_texts_change_no_code(vendor: str, change: Any, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    plain = made(tmp_path / "plain", vendor, _as_they_are)
    attacked = made(tmp_path, vendor, change)
    assert set(attacked.owned) == set(plain.owned)
    Tree(attacked.owned, attacked.seeds)  # refuses paths outside the package
    for path, content in attacked.owned.items():
        if path.endswith(".py"):
            assert words(content.decode()) <= words(plain.owned[path].decode())


def test_a_hostile_word_reaches_the_wire_as_it_is(tmp_path: Path) -> None:
    built = made(tmp_path, "openai-chat", _words_of_the_vendor)
    package = tmp_path / "package"
    for path, content in {**built.seeds, **built.owned}.items():
        target = package / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    script = (
        "import json, sys; from amplifier_module_provider_openai_chat.call import Call; "
        "from amplifier_module_provider_openai_chat.request import body; "
        "from amplifier_module_provider_openai_chat.response import FINISH_REASONS; "
        "sys.stdout.write(json.dumps([body(Call('m')), FINISH_REASONS]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=package, capture_output=True, text=True, check=True, env={"PYTHONPATH": "."}
    )
    body, reasons = json.loads(done.stdout)
    assert body[HOSTILE] == HOSTILE
    assert reasons[HOSTILE] == "length"
    assert not list(tmp_path.rglob("owned"))
