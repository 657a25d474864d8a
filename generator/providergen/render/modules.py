"""The modules of a package: those made from its plan, and those that are the same in every package."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

from providergen.plan.package import Package
from providergen.render.engine import engine
from providergen.render.wire import typed_dicts

__all__ = ["HOOKS", "planned", "shared"]

HOOKS = "hooks.py"
"""The module that is the user's."""


def planned(package: Package, template: Path) -> dict[str, str]:
    """Return the modules that are made from the plan, by file name: `__init__.py` and what it leads to."""
    jinja = engine(template)
    values = {
        "provider": package.provider,
        "request": package.request,
        "response": package.response,
        "stream": package.stream,
    }
    header = f'"""The JSON of {package.provider.name_in_docs}\'s API that the provider touches, as types."""'
    modules = {"wire.py": typed_dicts(package.schemas, header)}
    todo = ["__init__.py"]
    while todo:
        name = todo.pop()
        if name not in modules and (template / f"{name}.jinja").is_file():
            modules[name] = jinja.get_template(f"{name}.jinja").render(values)
            todo += _imported([modules[name]])
    return dict(sorted(modules.items()))


def shared(modules: Mapping[str, str], template: Path) -> dict[str, str]:
    """Return the modules that are the same in every package: those that these modules, and they themselves, import."""
    found: dict[str, str] = {}
    todo = _imported(modules.values())
    while todo:
        name = todo.pop()
        if name not in modules and name not in found:
            found[name] = (template / name).read_text(encoding="utf-8")
            todo += _imported([found[name]])
    return dict(sorted(found.items()))


def _imported(texts: Iterable[str]) -> list[str]:
    """Return the files of sibling modules that some modules import."""
    names: set[str] = set()
    for text in texts:
        for statement in ast.walk(ast.parse(text)):
            if isinstance(statement, ast.ImportFrom) and statement.level == 1:
                names |= {statement.module} if statement.module else {alias.name for alias in statement.names}
    return [f"{name}.py" for name in sorted(names)]
