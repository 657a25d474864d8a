"""docs/contract.md has every check, and nobody cites one that it does not have."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHECKS = re.findall(
    r"^- \*\*C(\d+)\*\* (MUST|SHOULD|MAY): ", (ROOT / "docs/contract.md").read_text("utf-8"), re.MULTILINE
)
SOURCES = ("generator/**/*.py", "template/**/*", "tests/**/*.py", "docs/*.md", "*.md")


def test_the_checks_are_numbered_without_a_gap_and_each_has_a_level() -> None:
    assert [int(number) for number, _ in CHECKS] == list(range(1, 105))


def test_every_citation_points_at_a_check() -> None:
    known = {int(number) for number, _ in CHECKS}
    cited = {
        (str(path.relative_to(ROOT)), int(number))
        for pattern in SOURCES
        for path in ROOT.glob(pattern)
        if path.is_file() and "node_modules" not in path.parts
        for number in re.findall(r"(?<!noqa: )\bC(\d{1,3})\b", path.read_text("utf-8", errors="ignore"))
    }
    assert {(path, number) for path, number in cited if number not in known} == set()
