"""REFERENCE.md as text; nothing that a mapping or a document says can become markup."""

import re
from pathlib import Path

from providergen.plan.package import Package
from providergen.render.engine import engine

__all__ = ["REFERENCE", "reference"]

REFERENCE = "REFERENCE.md"

_MARKUP = re.compile(r"([\\`*_\[\]<>|#&])")


def reference(package: Package, template: Path) -> str:
    """Return the text of the page; `template` is the folder that holds its template."""
    jinja = engine(template)
    jinja.filters |= {"prose": prose, "code": code}
    values = {"provider": package.provider, "reference": package.reference}
    text = jinja.get_template("reference.md.jinja").render(values)
    return text.rstrip() + "\n"


def prose(text: str) -> str:
    """Return a text for a cell of a table: one line, without any markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Return a text for a cell of a table, set as code; nothing for nothing."""
    line = " ".join(text.split()).replace("|", "\\|")
    if not line:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{fence}{line}{fence}" if len(fence) == 1 else f"{fence} {line} {fence}"
