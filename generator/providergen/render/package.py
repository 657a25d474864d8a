"""A plan as the files of a package, in memory: rendered, put in order, parsed once more before anyone writes them."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from providergen.plan.package import Package
from providergen.render.checks import OWN, checks
from providergen.render.modules import HOOKS, planned, shared
from providergen.render.reference import REFERENCE, reference
from providergen.render.tidy import tidied
from providergen.render.unused import without_unused

__all__ = ["Rendered", "render"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """Files by path in the package's folder: `owned` are the generator's, `seeds` start a file of the user's."""

    owned: dict[str, str]
    seeds: dict[str, str]


def render(package: Package, template: Path, own: Mapping[str, str] | None = None) -> Rendered:
    """Return the text of every file.

    Args:
        package: the plan.
        template: the folder with the templates of modules (package/) and tests (tests/).
        own: modules that the user wrote or took over, by path. What they use is kept.

    Raises:
        SyntaxError: a template and a plan together make no Python; a mistake of ours, never of the input.
    """
    name = package.provider.package
    modules = planned(package, template / "package")
    tests = {f"tests/{path}": text for path, text in checks(package, template / "tests").items()}
    files = tidied({f"{name}/{path}": text for path, text in modules.items()} | tests)
    made = {path: files[f"{name}/{path}"] for path in modules}
    common = {f"{name}/{path}": text for path, text in shared(made, template / "package").items()}
    users = {path: text for path, text in files.items() if path.startswith(f"{name}/")} | dict(own or {})
    needed = without_unused(common, users)
    changed = {path: text for path, text in needed.items() if text != common[path]}
    files |= needed | tidied(changed)
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text, path)
    files[REFERENCE] = reference(package, template)
    seeds = {f"{name}/{HOOKS}", f"tests/{OWN}"}
    return Rendered(
        {path: text for path, text in files.items() if path not in seeds},
        {path: text for path, text in files.items() if path in seeds},
    )
