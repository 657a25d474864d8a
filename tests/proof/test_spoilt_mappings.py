"""Whatever a mapping says becomes a package that works, or findings that say where it is wrong.

`SPOILT_MAPPINGS=1000 pytest tests/proof/test_spoilt_mappings.py` tries that many per vendor, with all overlays for
models, and checks the types of what comes of them; else it is 15.
"""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from providergen.diagnostics import Findings, Severity
from providergen.generate import build
from tests.proof.spoilt import VENDORS, document, spoilt, whole

COUNT = int(os.environ.get("SPOILT_MAPPINGS", "15"))
LONG = COUNT > 15
SETTINGS = Path(__file__).parents[2] / "pyproject.toml"


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_the_check_accepts_makes_a_package(vendor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    tree = whole(vendor, None if LONG else 3)
    seed = f"{vendor}-{COUNT}"
    made: dict[str, str] = {}
    for number, (said, mapping) in enumerate(spoilt(tree, COUNT, seed)):
        if isinstance(mapping.get("vendor"), dict) and mapping["vendor"].get("id") == tree["vendor"]["id"]:
            mapping["vendor"]["id"] = f"{vendor}-{number}"
        package = generated(mapping, vendor, tmp_path, said)
        if package is not None:
            made[package] = said
    assert made
    if LONG:
        well_typed(made, tmp_path)


def generated(mapping: object, vendor: str, folder: Path, said: str) -> str | None:
    """Write and import the modules of a mapping's package; None, and errors with places, if it is refused."""
    path, findings = folder / "mapping.yaml", Findings()
    path.write_text(json.dumps(mapping, indent=1), "utf-8")
    try:
        found = build(path, document(vendor), findings)
    except Exception as error:
        raise AssertionError(said) from error
    if found is None:
        errors = [one for one in findings.found if one.severity is Severity.ERROR]
        assert errors, said
        assert all(one.position is not None and one.message for one in errors), (said, errors)
        return None
    files = {name: text for name, text in found.owned.items() | found.seeds.items() if name.endswith(".py")}
    (package,) = {name.partition("/")[0] for name in files if name.startswith("amplifier_module_")}
    for name, text in files.items():
        if name.startswith(package):
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            (folder / name).write_bytes(text)
    importlib.invalidate_caches()
    try:
        for module in sorted((folder / package).glob("*.py")):
            importlib.import_module(package if module.stem == "__init__" else f"{package}.{module.stem}")
    except Exception as error:
        raise AssertionError(said) from error
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]
    return package


def well_typed(made: dict[str, str], folder: Path) -> None:
    """Check the types of packages, a few at a time."""
    names = list(made)
    for start in range(0, len(names), 25):
        part = names[start : start + 25]
        command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file", str(SETTINGS)]
        run = subprocess.run([*command, *part], cwd=folder, capture_output=True, text=True, check=False)
        assert run.returncode == 0, "\n".join([*(made[name] for name in part if f"{name}/" in run.stdout), run.stdout])
