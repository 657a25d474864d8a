"""Make the golden packages again: `uv run python -m tests.golden.refresh`; their difference is what a change did."""

from pathlib import Path

from tests.golden.trees import ROOT, differences
from tests.support.cases import VENDORS


def refresh() -> None:
    """Write every file that differs, and say which."""
    for vendor in VENDORS:
        for change in differences(vendor):
            path = Path(change.path)
            if change.after is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(change.after)
            print(f"{'removed' if change.after is None else 'wrote'} {path.relative_to(ROOT)}")


if __name__ == "__main__":
    refresh()
