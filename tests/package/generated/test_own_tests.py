"""The tests inside a package: they pass for vendors of any manner, and do not pass for a package that is broken."""

import shutil
from pathlib import Path

import pytest

from tests.package.generated.vendors import DOCUMENT, MAPPINGS, package
from tests.support.cases import SPECS
from tests.support.tools import run, run_own_tests

BROKEN = {
    "a call under another type": ("request.py", '"tool_use"', '"tool_used"', "test_roundtrip.py"),
    "a signature that is lost": (
        "response.py",
        'signature=block.get("signature")',
        "signature=None",
        "test_roundtrip.py",
    ),
    "fragments that are lost": ("stream.py", 'delta.get("text")', 'delta.get("words")', "test_streams.py"),
    "a line end that is counted twice": ("sse.py", 'chunk.removeprefix(b"\\n")', "chunk", "test_streams.py"),
    "an error of another class": ("errors.py", ': "rate_limit"', ': "not_found"', "test_errors.py"),
    "a key in the events": ("events.py", "self._redactor.excerpt(body)", "body", "test_errors.py"),
    "a cancellation that nobody is told": ("provider.py", "await events.cancelled()", "pass", "test_faults.py"),
    "a request without its tools": ("request.py", "if call.tools:", "if False:", "test_translation.py"),
}


@pytest.mark.parametrize("name", ["least", "lines", "items", "located"])
def test_they_pass_and_are_clean_for_a_vendor_known_by_its_mapping_alone(name: str, tmp_path: Path) -> None:
    made = package(MAPPINGS / f"{name}.yaml", DOCUMENT, tmp_path)

    run("ruff", "check", "--no-cache", ".", cwd=made)
    run("ruff", "format", "--no-cache", "--check", ".", cwd=made)
    assert " passed" in run_own_tests(made, tmp_path)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a package without cases of a user's."""
    specs = SPECS / "anthropic"
    return package(specs / "mapping.yaml", specs / "openapi.yaml", tmp_path_factory.mktemp("sound"))


@pytest.mark.parametrize("what", BROKEN)
def test_they_notice(what: str, sound: Path, tmp_path: Path) -> None:
    name, old, new, tests = BROKEN[what]
    broken = tmp_path / sound.name
    shutil.copytree(sound, broken)
    module = next(broken.glob(f"amplifier_*/{name}"))
    text = module.read_text("utf-8")
    assert old in text
    module.write_text(text.replace(old, new), "utf-8")

    with pytest.raises(AssertionError, match=r"\d+ failed"):
        run("pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", f"tests/{tests}", cwd=broken)
