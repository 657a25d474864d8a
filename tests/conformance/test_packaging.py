"""Packaging: C1 to C10."""

import ast
import inspect
import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

from amplifier_core.validation.provider import ProviderValidator

from tests.conformance.subject import KEY, NOBODY, Subject

KERNELS_TESTS = """
from amplifier_core.validation.behavioral import ProviderBehaviorTests
from amplifier_core.validation.structural import ProviderStructuralTests

class TestBehavior(ProviderBehaviorTests): pass
class TestStructure(ProviderStructuralTests): pass
"""
PROBE = """
import asyncio, importlib, json, os, sys
told = []
def hook(event, arguments):
    global told
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"):
        told.append(event)
    if event == "open" and (watching or (isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"))):
        told += [] if str(arguments[0]).endswith((".py", ".pyc")) else [f"open {arguments[0]}"]
watching = False
import amplifier_core.testing, httpx2
sys.dont_write_bytecode = True
sys.addaudithook(hook)
module = importlib.import_module(sys.argv[1])
async def twice():
    global watching
    watching = True
    for _ in range(2):
        await (await module.mount(amplifier_core.testing.MockCoordinator(), json.loads(sys.argv[2])))()
    watching = False
asyncio.run(twice())
print(json.dumps(told), flush=True)
os._exit(0)  # the kernel's own threads may crash an orderly end
"""


def test_c1_names_of_distribution_and_package(subject: Subject) -> None:
    assert subject.project["project"]["name"] == f"amplifier-module-provider-{subject.name}"
    assert subject.root.name == subject.project["project"]["name"]
    assert subject.module.__name__ == f"amplifier_module_provider_{subject.name.replace('-', '_')}"
    assert (subject.package / "__init__.py").is_file()


def test_c2_entry_point_leads_to_mount(subject: Subject) -> None:
    (found,) = entry_points(group="amplifier.modules", name=f"provider-{subject.info.id}")
    assert found.load() is subject.module.mount


def test_c3_module_type_is_declared(subject: Subject) -> None:
    assert subject.module.__amplifier_module_type__ == "provider"


def test_c4_all_names_mount_and_one_provider(subject: Subject) -> None:
    names = subject.module.__all__
    assert "mount" in names
    assert [name for name in names if name.endswith("Provider")] == [subject.provider.__name__]


def test_c5_project_follows_its_peers(subject: Subject) -> None:
    project, pytest_ = subject.project["project"], subject.project["tool"]["pytest"]["ini_options"]
    assert subject.project["build-system"]["build-backend"] == "hatchling.build"
    assert subject.project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [subject.module.__name__]
    assert project["requires-python"] == ">=3.11"
    assert "importlib" in pytest_["addopts"] and pytest_["asyncio_mode"] == "strict"
    assert not [name for name in project.get("dependencies", ()) if name.startswith("amplifier-core")]


def test_c6_tests_can_start(subject: Subject) -> None:
    assert [name for name in subject.project["dependency-groups"]["dev"] if name.startswith("pytest-asyncio")]


async def test_c7_kernels_validator_passes(subject: Subject) -> None:
    result = await ProviderValidator().validate(str(subject.package))
    assert result.passed, result.summary()
    assert [check.name for check in result.checks if not check.passed] == []
    assert len({check.name for check in result.checks}) >= 9


def test_c8_kernels_tests_pass(subject: Subject, tmp_path: Path) -> None:
    (tmp_path / "test_kernel.py").write_text(KERNELS_TESTS)
    arguments = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--module-path", str(subject.package)]
    run = subprocess.run(arguments, cwd=tmp_path, env=_environment(subject), capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "skipped" not in run.stdout


def test_c9_import_and_mount_touch_nothing(subject: Subject) -> None:
    arguments = [sys.executable, "-c", PROBE, subject.module.__name__, json.dumps(subject.configured(NOBODY))]
    run = subprocess.run(arguments, env=_environment(subject), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1]) == []


def test_c10_session_ready_is_async_beside_mount(subject: Subject) -> None:
    ready = getattr(subject.module, "on_session_ready", None)
    if ready is None:
        tree = ast.parse((subject.package / "__init__.py").read_text("utf-8"))
        assert any(isinstance(node, ast.AsyncFunctionDef) and node.name == "mount" for node in tree.body)
    else:
        assert inspect.iscoroutinefunction(ready) and inspect.signature(ready).parameters
        assert ready.__module__ == subject.module.mount.__module__


def _environment(subject: Subject) -> dict[str, str]:
    """Return the environment of a child that finds the package, has its key and reaches nobody."""
    bases = {one.env_var: NOBODY for one in subject.info.config_fields if one.id == "base_url" and one.env_var}
    keys = dict.fromkeys(subject.info.credential_env_vars[:1], KEY)
    own = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, **bases, **keys, "PYTHONPATH": own, "PYTHONDONTWRITEBYTECODE": "1"}
