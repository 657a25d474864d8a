"""Links between pages lead somewhere, and so do the headings that code cites."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, headings

PAGES = ["README.md", "CONTRIBUTING.md", *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("docs/*.md")))]
CITING = ("generator/**/*.py", "template/**/*.py", "template/**/*.jinja", "tests/**/*.py")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    folder = Path(page).parent
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith("http")]
    wrong = []
    for link in links:
        path, _, anchor = link.partition("#")
        target = folder / path if path else Path(page)
        if not (ROOT / target).exists() or (anchor and anchor not in map(_anchor, headings(str(target)))):
            wrong.append(link)

    assert wrong == []


def test_code_cites_headings_that_are_there() -> None:
    cited = {
        (str(path.relative_to(ROOT)), page, heading)
        for pattern in CITING
        for path in ROOT.glob(pattern)
        if path.is_file() and "node_modules" not in path.parts
        for page, heading in re.findall(r"(docs/\w+\.md), \"([^\"]+)\"", path.read_text("utf-8", errors="ignore"))
    }

    assert cited
    assert {(path, page, heading) for path, page, heading in cited if heading not in headings(page)} == set()


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
