from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from providergen.diagnostics import Findings
from providergen.document import Document, load_document
from providergen.document.parse import parse_text

HEAD = "openapi: 3.1.0\ninfo: {title: Test, version: '1'}\n"

Loader = Callable[..., Document]


@pytest.fixture
def load(tmp_path: Path) -> Loader:
    """Load a document from text, other files beside it (`common_yaml` is common.yaml, `sub__x_yaml` sub/x.yaml).

    The findings are its attribute `findings`.
    """

    def load(text: str, *, overlay: str | None = None, name: str = "openapi.yaml", **beside: str) -> Any:
        (tmp_path / name).write_text(text, encoding="utf-8")
        for other, content in beside.items():
            path = tmp_path / other.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        overlay_path = None
        if overlay is not None:
            overlay_path = tmp_path / "overlay.yaml"
            overlay_path.write_text(overlay, encoding="utf-8")
        findings = Findings()
        document = load_document(tmp_path / name, findings, overlay=overlay_path)
        assert document is not None, findings.found
        document.findings = findings  # type: ignore[attr-defined]
        return document

    return load


@pytest.fixture
def schemas(load: Loader) -> Loader:
    """Load a document with these components/schemas (YAML), which one operation takes as its body."""

    def schemas(text: str, **options: str) -> Any:
        indented = "\n".join(f"    {line}" for line in text.strip("\n").splitlines())
        paths = (
            "paths:\n  /x:\n    post:\n      requestBody: {content: {application/json: {schema: "
            "{$ref: '#/components/schemas/Body'}}}}\n      responses: {'200': {description: fine}}\n"
        )
        return load(f"{HEAD}{paths}components:\n  schemas:\n{indented}\n", **options)

    return schemas


@pytest.fixture
def parse() -> Callable[..., Any]:
    """Parse a text that must have no findings."""

    def parse(text: str, path: str = "test.yaml") -> Any:
        findings = Findings()
        value = parse_text(text, path, findings)
        assert findings.found == []
        return value

    return parse


@pytest.fixture
def fault() -> Callable[..., tuple[str, int, int]]:
    """Code, line and column of the one error in a text."""

    def fault(text: str, path: str = "test.yaml") -> tuple[str, int, int]:
        findings = Findings()
        assert parse_text(text, path, findings) is None
        (found,) = findings.found
        assert found.position is not None
        assert found.position.path == path
        return found.code, found.position.line, found.position.column

    return fault
