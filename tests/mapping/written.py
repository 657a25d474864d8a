"""Mappings as tests write them: a few lines over a small whole one."""

from pathlib import Path
from textwrap import dedent

from providergen.diagnostics import Diagnostic, Findings, Severity
from providergen.mapping import Mapping, load_mapping

WHOLE = """\
vendor: {id: acme, name: Acme}
chat: POST /chat
request: {model: $model, messages: [$message, ...]}
message: {user: {role: user, content: $text}}
response: {text: $text}
"""


def load(text: str, path: Path = Path("acme.yaml")) -> tuple[Mapping | None, list[Diagnostic]]:
    """Load a mapping from text; return it and what was found."""
    findings = Findings()
    return load_mapping(path, findings, text=dedent(text)), findings.found


def told(found: list[Diagnostic], severity: Severity) -> list[str]:
    """Return the findings of a severity as they are printed."""
    return [str(one) for one in found if one.severity is severity]


def loaded(text: str, path: Path = Path("acme.yaml")) -> Mapping:
    """Load a mapping in which nothing is wrong."""
    mapping, found = load(text, path)
    assert mapping is not None, [str(one) for one in found]
    assert told(found, Severity.WARNING) == []
    return mapping


def errors(text: str, path: Path = Path("acme.yaml")) -> list[str]:
    """Load a mapping in which something is wrong; return its errors as they are printed."""
    mapping, found = load(text, path)
    assert mapping is None
    return told(found, Severity.ERROR)


def warnings(text: str, path: Path = Path("acme.yaml")) -> list[str]:
    """Load a mapping that works; return its warnings as they are printed."""
    mapping, found = load(text, path)
    assert mapping is not None, [str(one) for one in found]
    return told(found, Severity.WARNING)
