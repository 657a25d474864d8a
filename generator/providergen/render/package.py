"""A plan as the files of a package, in memory: rendered, tidied by ruff, parsed once more before anyone writes them."""

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from jinja2 import Environment

from providergen.plan.package import Package
from providergen.render.engine import engine
from providergen.render.wire import typed_dicts

__all__ = ["render"]

_ALWAYS = ("__init__", "provider", "config", "errors", "request", "response")


def render(package: Package, template: Path) -> dict[str, str]:
    """Return the text of every file that the generator owns, by path, in the package's folder.

    `template` is the folder with the templates of modules (package/) and tests (tests/).

    Raises:
        SyntaxError: a template and a plan together make no Python; a mistake of ours, never of the input.
    """
    name = package.provider.package
    files = {f"{name}/{path}": text for path, text in _modules(package, template / "package").items()}
    files |= {f"tests/{path}": text for path, text in _tests(package, template / "tests").items()}
    files = _tidied(files)
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text, path)
    return files


def _modules(package: Package, template: Path) -> dict[str, str]:
    jinja = engine(template)
    values = {
        "provider": package.provider,
        "request": package.request,
        "response": package.response,
        "stream": package.stream,
    }
    wanted = [*_ALWAYS, *(["catalog"] if package.provider.catalog else []), *(["stream"] if package.stream else [])]
    modules = {f"{name}.py": _rendered(jinja, f"{name}.py.jinja", values) for name in wanted}
    header = f'"""The JSON of {package.provider.name_in_docs}\'s API that the provider touches, as types."""'
    modules["wire.py"] = typed_dicts(package.schemas, header)
    modules = _tidied(modules)
    return modules | _static(modules, template)


def _rendered(jinja: Environment, name: str, values: Mapping[str, object]) -> str:
    return jinja.get_template(name).render(values)


def _static(modules: Mapping[str, str], template: Path) -> dict[str, str]:
    """Return the modules that are the same in every package, those that the others import."""
    found: dict[str, str] = {}
    todo = [*_imported(modules.values())]
    while todo:
        name = f"{todo.pop()}.py"
        if name not in modules and name not in found:
            found[name] = (template / name).read_text(encoding="utf-8")
            todo += _imported([found[name]])
    return dict(sorted(found.items()))


def _imported(texts: Iterable[str]) -> set[str]:
    """Return the names of sibling modules that some modules import."""
    names: set[str] = set()
    for text in texts:
        for statement in ast.walk(ast.parse(text)):
            if isinstance(statement, ast.ImportFrom) and statement.level == 1:
                names |= {statement.module} if statement.module else {alias.name for alias in statement.names}
    return names


def _tests(package: Package, template: Path) -> dict[str, str]:
    jinja = engine(template)
    values = {"provider": package.provider, "request": package.request, "stream": package.stream}
    return {
        name.removesuffix(".jinja"): _rendered(jinja, name, values)
        for name in sorted(path.name for path in template.glob("*.jinja"))
    }


def _tidied(files: Mapping[str, str]) -> dict[str, str]:
    """Return Python files without unused imports, with sorted ones, in ruff's layout."""
    with tempfile.TemporaryDirectory(prefix="providergen-") as folder:
        for path, text in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
        _ruff(folder, "check", "--fix-only", "--select", "F401,I,UP", "--unsafe-fixes")
        _ruff(folder, "format")
        return {path: Path(folder, path).read_text(encoding="utf-8") for path in files}


def _ruff(folder: str, *arguments: str) -> None:
    options = ("--isolated", "--no-cache", "--quiet", "--line-length", "120", "--target-version", "py311")
    command = [sys.executable, "-m", "ruff", *arguments, *options, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool
    if done.returncode:
        raise SyntaxError(f"ruff could not read what was rendered:\n{done.stderr or done.stdout}")
