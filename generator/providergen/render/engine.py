"""Jinja with the two ways in which values may become Python: literals, and planned code."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from providergen.render.code import constant, function
from providergen.render.literal import python_literal

__all__ = ["engine"]


def engine(folder: Path) -> Environment:
    """Return the environment of the templates in a folder: an unknown name is an error, nothing is escaped for HTML."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python and Markdown, not HTML
    )
    filters: dict[str, Any] = {"py": python_literal, "code_function": function, "code_constant": constant}
    environment.filters |= filters
    return environment
