"""Wrong input: one clear error that names the file, and nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Done, Run

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{key}: &{key} [{', '.join([f'*{before}'] * 9)}]\n" for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)

DOCUMENTS = {
    "empty": "",
    "no YAML": "openapi: [3.1\ninfo: }",
    "a list": "- openapi\n",
    "a text": "hello",
    "no description of an API": "name: acme\nversion: 1\n",
    "binary": "\x00\x01\x02",
    "an alias bomb": "openapi: 3.1.0\n" + BOMB,
    "too deep": "openapi: 3.1.0\npaths: " + "[" * 5000,
}

MAPPINGS = {
    "empty": "",
    "no YAML": "vendor: {id: acme\nchat: }",
    "a list": "- vendor\n",
    "a text": "hello",
    "an unknown dialect": "vendor: {id: acme, name: Acme, auth: {bearer: KEY}}\nextends: esperanto\n",
    "itself": "vendor: {id: acme, name: Acme, auth: {bearer: KEY}}\nextends: mapping.yaml\n",
    "an alias bomb": BOMB,
}


def errors(done: Done) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return [finding for finding in found if finding["severity"] == "error"]


def refused(run: Run, folder: Path, name: str) -> None:
    """Assert that neither `check` nor `new` takes the vendor, that both name the file, and that nothing is written."""
    for arguments in (["check", "vendor"], ["new", "package", "--mapping", "vendor"]):
        done = run(*arguments, "--format", "json")
        assert (done.code, done.err) == (2, "")
        assert {error["file"] for error in errors(done)} == {f"vendor/{name}"}
        assert all(error["message"] for error in errors(done))
    assert not (folder / "package").exists()


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_document_that_is_none(run: Run, vendor: Path, tmp_path: Path, text: str) -> None:
    (vendor / "openapi.yaml").write_text(text)
    refused(run, tmp_path, "openapi.yaml")
    assert len(errors(run("check", "vendor", "--format", "json"))) == 1


@pytest.mark.parametrize("text", MAPPINGS.values(), ids=MAPPINGS.keys())
def test_a_mapping_that_is_none(run: Run, vendor: Path, tmp_path: Path, text: str) -> None:
    (vendor / "mapping.yaml").write_text(text)
    refused(run, tmp_path, "mapping.yaml")


@pytest.mark.parametrize("name", ["mapping.yaml", "openapi.yaml"])
def test_a_file_that_is_not_there(run: Run, vendor: Path, name: str) -> None:
    (vendor / name).unlink()
    given = ["--spec", "vendor/openapi.yaml"] if name == "openapi.yaml" else []
    done = run("check", "vendor", *given, "--format", "json")
    (error,) = errors(done)
    assert (done.code, Path(error["file"]).parts[0]) == (2, "vendor")


def test_an_operation_that_is_not_there(run: Run, vendor: Path) -> None:
    mapping = vendor / "mapping.yaml"
    mapping.write_text(mapping.read_text() + "chat: POST /chat/completion\n")
    (error,) = errors(run("check", "vendor", "--format", "json"))
    assert (error["file"], error["line"]) == ("vendor/mapping.yaml", len(mapping.read_text().splitlines()))
    assert "/chat/completions" in error["message"] + (error["hint"] or "")
