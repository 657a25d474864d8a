"""The functions and constants of a module while it is planned: equal ones are shared, others get names of their own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from providergen.plan.code import Assign, Constant, Expr, Function, Invoke, Name, Statement

__all__ = ["Functions", "calls", "names_used", "pruned", "reachable", "rewritten"]


@dataclass(slots=True)
class Functions:
    """What a module defines, in the order of definition; `suffix` is appended to a name that is taken."""

    suffix: str = ""
    functions: dict[str, tuple[str, Function]] = field(default_factory=dict)
    """Name to the name that was wished for and the function."""
    constants: dict[str, Constant] = field(default_factory=dict)

    def variant(self, suffix: str) -> "Functions":
        """Return a face of the same functions and constants with another suffix."""
        return Functions(suffix, self.functions, self.constants)

    def add(
        self,
        name: str,
        parameters: Sequence[tuple[str, str]],
        returns: str,
        doc: str,
        body: tuple[Statement, ...],
    ) -> str:
        """Define a function and return its name: the wished one unless that is taken by a different function."""
        made = Function(name, tuple(parameters), returns, doc, body)
        for wished, known in self.functions.values():
            if wished == name and replace(known, name=name, doc=doc) == made:
                return known.name
        free = next(candidate for candidate in self._candidates(name) if candidate not in self.functions)
        self.functions[free] = (name, replace(made, name=free))
        return free

    def get(self, name: str) -> Function:
        """Return a function by its name."""
        return self.functions[name][1]

    def constant(self, name: str, annotation: str, value: Expr) -> str:
        """Define a constant and return its name."""
        candidates = (Constant(candidate.upper(), annotation, value) for candidate in self._candidates(name))
        made = next(made for made in candidates if self.constants.get(made.name, made) == made)
        self.constants[made.name] = made
        return made.name

    def _candidates(self, name: str) -> Iterator[str]:
        yield name
        if self.suffix:
            yield f"{name}_{self.suffix}"
        number = 2
        while True:
            yield f"{name}_{number}"
            number += 1


def rewritten(node: Any, change: Callable[[Any], Any]) -> Any:
    """Return a plan in which `change` was applied to every node, innermost first."""
    if is_dataclass(node) and not isinstance(node, type):
        values = {item.name: rewritten(getattr(node, item.name), change) for item in fields(node)}
        return change(replace(node, **values))
    if isinstance(node, tuple):
        return tuple(rewritten(item, change) for item in node)
    return node


def names_used(node: Any) -> set[str]:
    """Return the variables that a plan reads."""
    found: set[str] = set()

    def look(part: Any) -> Any:
        if isinstance(part, Name):
            found.add(part.dotted.partition(".")[0])
        if isinstance(part, Invoke):
            found.add(part.function.partition(".")[0])
        return part

    rewritten(node, look)
    return found


def pruned(body: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return the statements without assignments that nothing after them uses."""
    kept: list[Statement] = []
    for statement in reversed(body):
        if isinstance(statement, Assign) and statement.name not in names_used(tuple(kept)):
            continue
        kept.append(statement)
    return tuple(reversed(kept))


def reachable(functions: Functions, roots: Sequence[str]) -> list[Function]:
    """Return the functions that the roots need, each after the first that calls it."""
    ordered: dict[str, Function] = {}

    def visit(name: str) -> None:
        if name in ordered or name not in functions.functions:
            return
        ordered[name] = functions.get(name)
        for called in calls(ordered[name].body):
            visit(called)

    for root in roots:
        visit(root)
    return list(ordered.values())


def calls(node: Any) -> list[str]:
    """Return the functions and methods that a plan calls, innermost first: `mark_last`, `answer.add_text`."""
    found: list[str] = []

    def look(part: Any) -> Any:
        if isinstance(part, Invoke):
            found.append(part.function)
        return part

    rewritten(node, look)
    return found
