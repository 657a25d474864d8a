"""A plan as the files of a package, in memory: rendered, put in order, parsed once more before anyone writes them."""

import ast
from dataclasses import dataclass
from pathlib import Path

from providergen.plan.package import Package
from providergen.render.checks import OWN, checks
from providergen.render.modules import HOOKS, planned, shared
from providergen.render.reference import REFERENCE, reference
from providergen.render.tidy import tidied

__all__ = ["Rendered", "render"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """Files by path in the package's folder: `owned` are the generator's, `seeds` start a file of the user's."""

    owned: dict[str, str]
    seeds: dict[str, str]


def render(package: Package, template: Path) -> Rendered:
    """Return the text of every file.

    `template` is the folder with the templates of modules (package/) and tests (tests/).

    Raises:
        SyntaxError: a template and a plan together make no Python; a mistake of ours, never of the input.
    """
    name = package.provider.package
    modules = planned(package, template / "package")
    tests = {f"tests/{path}": text for path, text in checks(package, template / "tests").items()}
    files = tidied({f"{name}/{path}": text for path, text in modules.items()} | tests)
    made = {path: files[f"{name}/{path}"] for path in modules}
    files |= {f"{name}/{path}": text for path, text in shared(made, template / "package").items()}
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text, path)
    files[REFERENCE] = reference(package, template)
    users = {f"{name}/{HOOKS}", f"tests/{OWN}"}
    return Rendered(
        {path: text for path, text in files.items() if path not in users},
        {path: text for path, text in files.items() if path in users},
    )
