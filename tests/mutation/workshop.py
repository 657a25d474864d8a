"""A package, its tests and the conformance suite in one folder, as mutmut wants them; what became of its mutants."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from tests.support.packages import generate

__all__ = ["Fate", "Mutant", "mutate"]

ROOT = Path(__file__).parents[2]
_SUITE = ("conformance", "support")
# The suite's conftest.py gives pytest an option, so it must be loaded whatever is run: those above an argument are.
_ANCHOR = "tests/conformance/anchor"
# These are about the folder of a package, which here is mutmut's.
_OF_FOLDERS = "tests/conformance/test_packaging.py"
_SETTINGS = """
[tool.mutmut]
source_paths = ["{package}"]
also_copy = {beside}
pytest_add_cli_args_test_selection = ["tests"]
pytest_add_cli_args = [
  "--package=.", "{anchor}", "--deselect={of_folders}", "-pquick_first", "-Wignore", "-otimeout={patience}"
]
use_git_change_detection = false
timeout_constant = 5.0
timeout_multiplier = 3.0
process_isolation = "forkserver"  # a process that has run tests has threads of the kernel's, which a fork would lack
"""
# A plugin of pytest's. One test that fails is enough, so those that take long come last, and the suite's behind all: it
# has to be set up. What can be made for all mutants is made when tests are only collected, before the forks.
_QUICK_FIRST = """
import json
from pathlib import Path

import pytest

from tests.support.installation import editable_wheel

TIMES = Path("mutmut-stats.json")
SUITE = "tests/conformance/"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    times = json.loads(TIMES.read_text("utf-8"))["duration_by_test"] if TIMES.exists() else {}
    items.sort(key=lambda item: (item.nodeid.startswith(SUITE), times.get(item.nodeid, 0)))
    if config.option.collectonly:
        for project in (Path(), Path("tests/support/stand_ins")):
            editable_wheel(project)
"""
# What `mutmut run` begins with.
_MAKE = """
from pathlib import Path
from mutmut import __main__ as mutmut

mutmut.set_mutant_under_test("mutant_generation")
Path("mutants").mkdir(exist_ok=True)
mutmut.copy_src_dir()
mutmut.copy_also_copy_files()
mutmut.setup_source_paths()
mutmut.store_lines_covered_by_tests()
mutmut.create_mutants(1)
"""
_LIST = """
import json
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

found = []
for path in walk_mutatable_files():
    data = SourceFileMutationData(path=path)
    data.load()
    for name, code in data.exit_code_by_key.items():
        status = status_by_exit_code[code]
        survived = status in ("survived", "no tests")
        found.append([name, status, get_diff_for_mutant(name, path=path) if survived else ""])
print(json.dumps(found))
"""

_SEED = 20261122
_PATIENCE = 15  # seconds for a test; the longest takes two if nothing is broken

Fate = Literal["killed", "survived", "untested"]
_FATES: dict[str, Fate] = {"survived": "survived", "no tests": "untested"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one function, called `module.name` here: its lines before and after, and what became of it."""

    function: str
    fate: Fate
    before: str
    after: str

    @property
    def module(self) -> str:
        """The module of the function."""
        return self.function.partition(".")[0]


def mutate(vendor: str, modules: Sequence[str], sample: int | None, processes: int) -> list[Mutant]:
    """Return the mutants of a vendor's package after their tests: all, those of some modules, or some picked by chance.

    Raises:
        subprocess.CalledProcessError: mutmut could not finish; most likely a test fails without any change.
    """
    shop = ROOT / "build" / "mutation" / vendor
    package = _lay_out(vendor, shop)
    chosen = [f"{package}.{module}.*" for module in modules]
    if sample is not None:
        _python(shop, "-c", _MAKE)
        names = [name for name, *_ in _found(shop) if not chosen or any(fnmatchcase(name, glob) for glob in chosen)]
        chosen = random.Random(_SEED).sample(names, min(sample, len(names)))  # the same ones every time
    _run(shop, processes, chosen)
    return [_mutant(*one) for one in _found(shop) if one[1] != "not checked"]


def _run(shop: Path, processes: int, names: Sequence[str]) -> None:
    _python(shop, "-m", "mutmut", "run", "--max-children", str(processes), *names)


def _found(shop: Path) -> list[list[str]]:
    """Return the name, the status and, if it was not noticed, the difference of each mutant."""
    found: list[list[str]] = json.loads(_python(shop, "-c", _LIST, capture=True))
    return found


def _lay_out(vendor: str, shop: Path) -> str:
    """Make the folder anew and return the name of the package in it."""
    shutil.rmtree(shop, ignore_errors=True)
    made = shop / f"amplifier-module-provider-{vendor}"
    generate(vendor, made)
    for path in sorted(made.iterdir()):
        path.rename(shop / path.name)
    made.rmdir()
    for name in _SUITE:
        shutil.copytree(ROOT / "tests" / name, shop / "tests" / name)
    (shop / "quick_first.py").write_text(_QUICK_FIRST, "utf-8")
    (shop / _ANCHOR).mkdir()
    (shop / _ANCHOR / "README.md").touch()  # an empty folder would not be copied
    package = f"amplifier_module_provider_{vendor.replace('-', '_')}"
    beside = sorted(path.name for path in shop.iterdir() if path.name not in (package, "tests", "pyproject.toml"))
    settings = _SETTINGS.format(
        package=package, beside=json.dumps(beside), anchor=_ANCHOR, of_folders=_OF_FOLDERS, patience=_PATIENCE
    )
    with (shop / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    return package


def _python(shop: Path, *arguments: str, capture: bool = False) -> str:
    left_out = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")  # its modules come from there, and each mutant loads them anew
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    output = subprocess.PIPE if capture else None
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=shop, env=environment, check=True, text=True, stdout=output)
    return done.stdout or ""


def _mutant(name: str, status: str, difference: str) -> Mutant:
    """Return a mutant from mutmut's name of it (`package.module.xǁClassǁmethod__mutmut_7`) and unified diff."""
    *_, module, mangled = name.split(".")
    plain = mangled.rpartition("__mutmut_")[0].removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    lines = [line for line in difference.splitlines() if not line.startswith(("---", "+++"))]
    before, after = ("\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Mutant(f"{module}.{plain}", _FATES.get(status, "killed"), before, after)
