"""Where the template lies: in a checkout, or in the installed package."""

from pathlib import Path

__all__ = ["template_root"]


def template_root() -> Path:
    """Return the folder with copier.yml and template/."""
    installed = Path(__file__).parent / "_template"
    return installed if installed.is_dir() else Path(__file__).parents[2]
