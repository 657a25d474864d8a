"""Modules without what nobody in the package uses.

The modules that all packages share can read and write whatever some vendor has. A package gets of each what its own
modules lead to, as if it had been written for this vendor.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeGuard

__all__ = ["without_unused"]

_WORD = re.compile(r"[^\W\d]\w*")
_EXPORTS = "__all__"

_Name = tuple[str | None, str]
"""A module and a name at its top, or None and the name of an attribute, of whatever object."""


@dataclass(frozen=True, slots=True, eq=False)
class _Definition:
    """A statement that defines a name, what it mentions itself, and the class that it is a method of."""

    name: _Name
    mentions: set[_Name]
    path: str
    node: ast.stmt
    owner: "_Definition | None" = None


def without_unused(modules: Mapping[str, str], users: Mapping[str, str]) -> dict[str, str]:
    """Return the modules, by path, without the functions, classes, methods and constants that nothing leads to.

    What is left may import more than it needs, and have blank lines to spare.

    Args:
        modules: Python that may lose definitions, by path.
        users: Python that uses them, by path. Of what is no Python (yet), every word counts as used.
    """
    definitions: list[_Definition] = []
    used: set[_Name] = set()
    for path, text in modules.items():
        tree = ast.parse(text)
        definitions += _definitions(path, tree)
        rest = [node for node in tree.body if not _defined(node) and not isinstance(node, ast.ImportFrom)]
        used |= _mentioned(_stem(path), *rest)
    for path, text in users.items():
        try:
            used |= _mentioned(_stem(path), ast.parse(text))
        except (SyntaxError, ValueError):
            words = _WORD.findall(text)
            used |= {(module, word) for word in words for module in (None, *map(_stem, modules))}
    dead = _unreached(definitions, used)
    return {path: _cut(text, [one for one in dead if one.path == path]) for path, text in modules.items()}


def _unreached(definitions: Collection[_Definition], used: set[_Name]) -> list[_Definition]:
    """Return the definitions to which no name leads, directly or through others."""
    reached: set[_Definition] = set()
    while new := [
        one
        for one in definitions
        if one not in reached and one.name in used and (one.owner is None or one.owner in reached)
    ]:
        reached.update(new)
        used = used.union(*(one.mentions for one in new))
    return [one for one in definitions if one not in reached]


def _definitions(path: str, tree: ast.Module) -> Iterator[_Definition]:
    """Yield what a module defines at its top, the names that it imports among it, and the methods of its classes."""
    module = _stem(path)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield _Definition((module, alias.asname or alias.name), _imported(node, alias), path, node)
        elif name := _defined(node):
            methods = [one for one in node.body if _is_method(one)] if isinstance(node, ast.ClassDef) else []
            definition = _Definition((module, name), _mentioned(module, node, without=methods), path, node)
            yield definition
            for method in methods:
                yield _Definition((None, method.name), _mentioned(module, method), path, method, definition)


def _defined(node: ast.stmt) -> str | None:
    """Return the name of a function, class or constant, None for other statements."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) if name != _EXPORTS:
            return name
    return None


def _is_method(node: ast.stmt) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return whether this is a method that runs only where its name is said: Python calls the others by itself."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("__")


def _mentioned(module: str, *nodes: ast.AST, without: Collection[ast.AST] = ()) -> set[_Name]:
    """Return the names and attributes that nodes of a module mention, those in types written as strings too."""
    found: set[_Name] = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        match node:
            case ast.Name(id=name):
                found.add((module, name))
            case ast.Attribute(value=value, attr=name):
                found |= {(None, name)} | ({(value.id, name)} if isinstance(value, ast.Name) else set())
            case ast.ImportFrom(names=aliases):
                found = found.union(*(_imported(node, alias) for alias in aliases))
            case ast.Call(func=ast.Name(id="cast"), args=[ast.Constant(value=str(written)), *_]):
                found |= {(module, name) for name in _WORD.findall(written)}
        todo += [child for child in ast.iter_child_nodes(node) if child not in without]
    return found


def _imported(node: ast.ImportFrom, alias: ast.alias) -> set[_Name]:
    return {(_stem(node.module), alias.name)} if node.module else set()


def _stem(path: str) -> str:
    """Return the last part of the name of a module, given as a path or as imports have it."""
    return PurePosixPath(path).stem if "/" in path else path.rpartition(".")[2]


def _cut(text: str, dead: Collection[_Definition]) -> str:
    """Return the text of a module without these definitions, and without their names in its list of exports."""
    lines = text.splitlines(keepends=True)
    gone = [one for one in dead if not isinstance(one.node, ast.ImportFrom)]
    names = {one.name[1] for one in gone if one.owner is None}
    for node in ast.parse(text).body if names else ():
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=exports)) if name == _EXPORTS:
                left = [one.value for one in exports if isinstance(one, ast.Constant) and one.value not in names]
                _replace(lines, node, f"{_EXPORTS} = {left!r}\n")
    for one in gone:
        _replace(lines, one.node)
    return "".join(lines)


def _replace(lines: list[str], node: ast.stmt, text: str = "") -> None:
    """Put a text in the place of a statement and its decorators; other statements keep their line numbers."""
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))]) - 1
    last = node.end_lineno or node.lineno
    lines[first:last] = [text, *[""] * (last - first - 1)]
