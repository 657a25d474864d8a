"""Every kind of finding, by one mistake each (mistakes.yaml): position, code, place, words and hint are exact."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.check.acme import HERE, checked, told

MISTAKES: list[dict[str, Any]] = yaml.safe_load((HERE / "mistakes.yaml").read_text("utf-8"))

# What the unedited mapping is told about the unedited document.
CLEAN = [
    "note 16:3 block-not-sent message.assistant: redacted_thinking blocks are not sent",
    "note 17:3 block-not-sent message.tool: images in results are not sent",
    "note 25:1 unread-blocks response: blocks: 3/4; not mapped: search",
    "note 34:3 unread-events stream.events: stream events: 2/3; not mapped: ping",
]

both_versions = pytest.mark.parametrize("twin", [False, True], ids=["3.1", "3.0"])


@both_versions
@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake["mistake"] for mistake in MISTAKES])
def test_a_mistake_gives_exactly_its_findings(tmp_path: Path, mistake: dict[str, Any], twin: bool) -> None:
    findings, _ = checked(tmp_path, mistake.get("mapping"), mistake.get("document"), twin=twin)
    usual = {line.split(" ", 2)[2] for line in CLEAN}
    # What the document itself gives rise to has no place in the mapping.
    found = [told(finding) for finding in findings if finding.place is not None]
    assert [line for line in found if line.split(" ", 2)[2] not in usual] == mistake["told"]


@both_versions
def test_a_mapping_without_mistakes_gives_only_notes(tmp_path: Path, twin: bool) -> None:
    findings, _ = checked(tmp_path, twin=twin)
    assert [told(finding) for finding in findings] == CLEAN


def test_findings_point_into_the_document(tmp_path: Path) -> None:
    findings, _ = checked(tmp_path, {"max_tokens:": "max_token:"})
    (finding,) = [finding for finding in findings if finding.code == "unknown-key"]
    assert finding.pointer == "/components/schemas/ChatRequest"
    assert finding.position is not None
    assert finding.position.path == str(tmp_path / "mapping.yaml")
