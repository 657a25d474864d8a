"""Loading: what is no document gives one clear finding."""

import hashlib
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from providergen.diagnostics import Findings, Position, Severity
from providergen.document import load_document

FINE = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /x: {get: {responses: {}}}\n"


def test_a_document_knows_its_path_and_the_digest_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + FINE.encode())
    findings = Findings()
    document = load_document(path, findings)
    assert document is not None
    assert findings.found == []
    assert document.path == str(path)
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert document.root["info"] == {"title": "T", "version": "1"}


@pytest.mark.parametrize(
    ("text", "code", "line", "says"),
    [
        ("", "empty-file", 0, "expected YAML or JSON"),
        ("a: b: c", "not-yaml", 1, "mapping values are not allowed"),
        ("<!DOCTYPE html>\n<title>404: gone</title>\n", "not-yaml", 2, "web page"),
        ("just a text", "not-openapi", 1, "a single value"),
        ("- 1\n- 2\n", "not-openapi", 1, "a list"),
        ("{}", "not-openapi", 1, "no keys at all"),
        ("name: x\nversion: 1\n", "not-openapi", 1, "among 'name', 'version'"),
        ("metadata: {}\nshapes: {}\n", "not-openapi", 1, "botocore"),
        ("info: {}\nopenapi: 2.0\npaths: {}\n", "not-openapi", 2, "expected OpenAPI 3"),
        ("openapi: 4.0.0\npaths: {/x: {}}\n", "not-openapi", 1, "'4.0.0'"),
        ("openapi: [3]\npaths: {/x: {}}\n", "not-openapi", 1, "expected OpenAPI 3"),
        ("swagger: '1.2'\npaths: {/x: {}}\n", "not-openapi", 1, "Swagger 2"),
        ("openapi: 3.1.0\n", "no-operations", 1, "'paths'"),
        ("openapi: 3.1.0\npaths: {}\n", "no-operations", 2, "'paths'"),
        ("openapi: 3.1.0\npaths: [/x]\n", "no-operations", 2, "'paths'"),
    ],
)
def test_what_is_no_document_is_one_error_with_its_line(
    tmp_path: Path, text: str, code: str, line: int, says: str
) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(text, encoding="utf-8")
    findings = Findings()
    assert load_document(path, findings) is None
    (found,) = findings.found
    assert (found.severity, found.code) == (Severity.ERROR, code)
    assert found.position is not None
    assert (found.position.path, found.position.line) == (str(path), line)
    assert says in f"{found.message} {found.hint}"


@pytest.mark.parametrize("name", ["missing.yaml", ".", "a\0b", "x" * 5000, "no/such/folder.yaml"])
def test_a_file_that_cannot_be_read_is_one_error(tmp_path: Path, name: str) -> None:
    findings = Findings()
    source = str(tmp_path / name)
    assert load_document(source, findings) is None
    (found,) = findings.found
    assert (found.code, found.position) == ("unreadable", Position(source))


def test_a_repeated_key_in_a_document_is_a_warning(load: Callable[..., Any]) -> None:
    document = load(FINE + "info: {title: U, version: '2'}\n")
    assert document.root["info"]["title"] == "U"
    assert [found.code for found in document.findings.found] == ["repeated-key"]
    assert not document.findings.failed


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The URL of a server on loopback whose root is tmp_path."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, *args: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


REFERRING = """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /x:
    post:
      requestBody: {content: {application/json: {schema: {$ref: 'parts/body.json#/Body'}}}}
      responses: {}
"""


def test_a_url_is_fetched_and_what_lies_below_its_folder_with_it(tmp_path: Path, site: str) -> None:
    (tmp_path / "api" / "parts").mkdir(parents=True)
    (tmp_path / "api" / "openapi.yaml").write_text(REFERRING, encoding="utf-8")
    (tmp_path / "api" / "parts" / "body.json").write_text('{"Body": {"type": "string"}}', encoding="utf-8")
    findings = Findings()
    document = load_document(f"{site}/api/openapi.yaml?version=1", findings)
    assert document is not None
    (operation,) = document.operations()
    assert operation.request is not None
    assert operation.request.type == "string"
    assert findings.found == []


@pytest.mark.parametrize("reference", ["../secret.json#/Body", "/secret.json#/Body", "http://127.0.0.1:1/b.json#/Body"])
def test_of_a_url_nothing_outside_its_folder_is_fetched(tmp_path: Path, site: str, reference: str) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "secret.json").write_text('{"Body": {"type": "string"}}', encoding="utf-8")
    (tmp_path / "api" / "openapi.yaml").write_text(REFERRING.replace("parts/body.json#/Body", reference), "utf-8")
    findings = Findings()
    document = load_document(f"{site}/api/openapi.yaml", findings)
    assert document is not None
    (operation,) = document.operations()
    assert operation.request is not None
    assert operation.request.dangling == reference


def test_a_url_that_answers_with_an_error_is_one_error(site: str) -> None:
    findings = Findings()
    assert load_document(f"{site}/none.yaml", findings) is None
    (found,) = findings.found
    assert found.code == "unreadable"
    assert "404" in found.message
