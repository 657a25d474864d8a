"""The golden packages are what the generator makes, and are what a package must be."""

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from providergen.publish import unified_diff
from tests.golden.trees import REFRESH, ROOT, differences, fresh, golden
from tests.support.cases import VENDORS
from tests.support.tools import run, run_own_tests

STATIC = {path.name: path.read_text("utf-8") for path in (ROOT / "template" / "package").glob("*.py")}
IMPORTS = re.compile(r"(?:from \S+ import |import |__all__ = )")
FRAMINGS = {"sse.py", "ndjson.py", "eventstream.py"}
OF_LINES = {"ollama"}
WORDS = {
    "openai-chat": {"openai", "gpt"},
    "anthropic": {"anthropic", "claude"},
    "gemini": {"gemini", "google"},
    "openai": {"openai", "gpt"},
    "ollama": {"ollama", "gpt"},  # which serves an open model of that name
}

CALLED_BY_OTHERS = {"module_path"}  # a fixture of the kernel's plugin

by_vendor = pytest.mark.parametrize("vendor", VENDORS)


def module(vendor: str) -> str:
    """Return the name of the vendor's package in Python."""
    return f"amplifier_module_provider_{vendor.replace('-', '_')}"


@by_vendor
def test_is_what_the_generator_makes(vendor: str) -> None:
    changes = list(differences(vendor))

    patch = "".join(unified_diff(replace(change, path=change.path.removeprefix(f"{ROOT}/"))) for change in changes)
    assert not changes, f"{patch}\nIf that is what the change is meant to do: {REFRESH}"


def test_whatever_differs_is_found(tmp_path: Path) -> None:
    copy = shutil.copytree(golden(VENDORS[0]), tmp_path / "copy")
    (copy / "README.md").write_bytes(b"changed\n")
    (copy / "openapi.json").unlink()
    (copy / "more.py").touch()

    assert {"README.md", "openapi.json", "more.py"} <= {
        Path(found.path).name for found in differences(VENDORS[0], copy)
    }


@by_vendor
def test_is_typed_strictly_under_its_own_settings(vendor: str) -> None:
    # A cache of its own: the tests of all packages are modules of the same names.
    said = run("mypy", "--cache-dir", ROOT / ".mypy_cache" / vendor, cwd=golden(vendor))
    assert "no issues found in" in said


@by_vendor
def test_is_formatted_and_free_of_lint_under_its_own_settings(vendor: str) -> None:
    run("ruff", "check", "--no-cache", ".", cwd=golden(vendor))
    run("ruff", "format", "--no-cache", "--check", ".", cwd=golden(vendor))


@by_vendor
def test_its_own_tests_pass_offline_and_without_a_key(vendor: str, tmp_path: Path) -> None:
    package = tmp_path / golden(vendor).name
    for path, content in fresh(vendor).items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_bytes(content)

    assert " passed" in run_own_tests(package, tmp_path)


@by_vendor
def test_modules_that_name_no_vendor_are_the_templates(vendor: str) -> None:
    modules = {path.name: path.read_text("utf-8") for path in (golden(vendor) / module(vendor)).glob("*.py")}
    assert len(modules.keys() & STATIC.keys()) > 10
    for name in modules.keys() & STATIC.keys():
        rest = iter(STATIC[name].splitlines())
        for line in modules[name].splitlines():
            assert IMPORTS.match(line) or line in rest, f"{name}: {line}"  # leaves out, and adds nothing


@by_vendor
def test_has_nothing_that_nobody_uses(vendor: str) -> None:
    modules = [path.read_text("utf-8") for path in golden(vendor).glob("**/*.py")]
    words = Counter(word for text in modules for word in re.findall(r"\w+", re.sub(r"__all__ = \[[^]]*\]", "", text)))
    defined = re.findall(r"^(?: {4})?(?:async )?(?:def|class) (\w+)", "\n".join(modules), re.MULTILINE)

    lonely = {name for name in defined if words[name] == 1 and not name.startswith(("__", "test_", "Test"))}
    assert lonely - CALLED_BY_OTHERS == set()


@by_vendor
def test_has_no_module_of_another_framing(vendor: str) -> None:
    assert {path.name for path in (golden(vendor) / module(vendor)).glob("*.py")} & FRAMINGS == {
        "ndjson.py" if vendor in OF_LINES else "sse.py"
    }


@by_vendor
def test_names_no_other_vendor(vendor: str) -> None:
    words = set().union(*WORDS.values()) - WORDS[vendor]
    innocent = {
        "catalog.yaml": "",  # tells where facts were read
        "pyproject.toml": 'convention = "google"',
    }
    found = [
        (path, line)
        for path, content in fresh(vendor).items()
        if not path.startswith("tests/cases/")  # some hold what another vendor's models said
        for line in content.decode().lower().replace("openapi", "").splitlines()
        if any(word in line for word in words) and innocent.get(path) not in ("", line)
    ]

    assert found == []
