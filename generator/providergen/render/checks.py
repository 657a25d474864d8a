"""The tests of a package as files in memory: those that fit the vendor, and the cases they begin with."""

import json
from pathlib import Path

from providergen.plan.functions import calls
from providergen.plan.package import Package
from providergen.render.engine import engine

__all__ = ["EXAMPLES", "FACTS", "OWN", "checks"]

OWN = "test_own.py"
"""The file that is the user's from the start."""
EXAMPLES = "examples.json"
FACTS = "facts.json"

_LIMITING = frozenset({"append_to", "keep_below", "mark_last", "one_of", "only_keys"})
_FOLDING = "answer."


def checks(package: Package, template: Path) -> dict[str, str]:
    """Return the text of each file in the folder of the tests, not yet put in order.

    `template` is the folder of the tests' templates.
    """
    folds = _folds(package)
    written = frozenset(calls(package.request.functions))
    limits = written & _LIMITING  # the functions of limits.py that the package has
    needless = {
        "progress.py": "extend_text" not in folds,
        "test_answer.py": "add_text" not in folds,
        "test_answer_calls.py": not folds >= {"add_tool_call", "extend_text", "extend_tool_call"},
        "test_answer_end.py": not folds >= {"add_text", "count", "finish"},
        "test_answer_stream.py": not folds >= {"add_text", "extend_text"},
        "test_formats.py": not package.provider.formats,
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
        "bare": _bare(package),
        "drops": "call.without" in written,
    }
    jinja = engine(template)
    names = sorted(path.name.removesuffix(".jinja") for path in template.glob("*.jinja"))
    files = {name: jinja.get_template(f"{name}.jinja").render(values) for name in names if not needless.get(name)}
    data = {EXAMPLES: package.checks.examples, FACTS: package.checks.facts}
    return files | {name: json.dumps(value, indent=1, ensure_ascii=False) + "\n" for name, value in data.items()}


def _bare(package: Package) -> frozenset[str]:
    """Return the functions that take a text in the place of the object that an error is: `read_error`, `apply`."""
    stream = package.stream.functions if package.stream else ()
    error = [one for one in package.response.functions if one.name == "read_error"]
    return frozenset(
        name
        for name, functions in (("read_error", error), ("apply", stream))
        if "text_or_none" in calls(tuple(functions))
    )


def _folds(package: Package) -> frozenset[str]:
    """Return the names of the methods that replies and events are folded into an answer with; it has no others."""
    functions = [*package.response.functions, *(package.stream.functions if package.stream else ())]
    called = calls(tuple(functions))
    return frozenset(name.removeprefix(_FOLDING) for name in called if name.startswith(_FOLDING))
