"""docs/tutorial.md: whoever follows it step by step sees what it shows."""

from pathlib import Path

from tests.docs.walkthrough import steps, walk


def test_every_step_comes_to_what_the_page_shows(tmp_path: Path) -> None:
    with walk(tmp_path) as walking:
        for fence in steps("docs/tutorial.md"):
            fault = walking.step(fence)
            assert fault is None, f"line {fence.line}: {fault}"
