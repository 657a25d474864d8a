"""The tests of a package as files in memory: those that fit the vendor, and the cases they begin with."""

import json
import re
from pathlib import Path

from providergen.plan.package import Package
from providergen.render.code import function
from providergen.render.engine import engine

__all__ = ["EXAMPLES", "FACTS", "OWN", "checks"]

OWN = "test_own.py"
"""The file that is the user's from the start."""
EXAMPLES = "examples.json"
FACTS = "facts.json"

_LIMITING = re.compile(r"\b(append_to|keep_below|mark_last|one_of|only_keys)\(")
_FOLDING = re.compile(r"\banswer\.(\w+)\(")


def checks(package: Package, template: Path) -> dict[str, str]:
    """Return the text of each file in the folder of the tests, not yet put in order.

    `template` is the folder of the tests' templates.
    """
    folds = _folds(package)
    limits = _limits(package)
    needless = {
        "progress.py": "extend_text" not in folds,
        "test_answer.py": "add_text" not in folds,
        "test_answer_calls.py": not folds >= {"add_tool_call", "extend_text", "extend_tool_call"},
        "test_answer_end.py": not folds >= {"add_text", "count", "finish"},
        "test_answer_stream.py": not folds >= {"add_text", "extend_text"},
        "test_limits.py": not limits,
        "test_streams.py": package.stream is None,
        "test_roundtrip.py": package.checks.trip is None,
    }
    values = {
        "provider": package.provider,
        "stream": package.stream is not None,
        "checks": package.checks,
        "folds": folds,
        "limits": limits,
        "drops": any("call.without(" in function(one) for one in package.request.functions),
    }
    jinja = engine(template)
    names = sorted(path.name.removesuffix(".jinja") for path in template.glob("*.jinja"))
    files = {name: jinja.get_template(f"{name}.jinja").render(values) for name in names if not needless.get(name)}
    data = {EXAMPLES: package.checks.examples, FACTS: package.checks.facts}
    return files | {name: json.dumps(value, indent=1, ensure_ascii=False) + "\n" for name, value in data.items()}


def _folds(package: Package) -> frozenset[str]:
    """Return the names of the methods that replies and events are folded into an answer with; it has no others."""
    functions = [*package.response.functions, *(package.stream.functions if package.stream else ())]
    return frozenset(name for one in functions for name in _FOLDING.findall(function(one)))


def _limits(package: Package) -> frozenset[str]:
    """Return the names of the functions of limits.py that requests are written with; the package has no others."""
    return frozenset(name for one in package.request.functions for name in _LIMITING.findall(function(one)))
