"""A package's life with copier alone: made from one version of the template, edited, updated to the next."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.copier.conftest import NEW_LINE, NEW_SECTION, Copier, commit, git

NAME = "amplifier-module-provider-openai-chat"
SPECS = Path(__file__).parents[2] / "specs" / "openai-chat"
CODE = "amplifier_module_provider_openai_chat"


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """Give a folder `vendor` in the test's folder with a document and a mapping that names a hook."""
    folder = shutil.copytree(SPECS, tmp_path / "vendor")
    mapping = folder / "mapping.yaml"
    mapping.write_text(mapping.read_text() + "hooks: [body]\n")
    return folder


def answers(mapping: str = "vendor/mapping.yaml") -> list[str]:
    given = {"vendor": "openai-chat", "author": "Ada O'Neil", "document": "vendor/openapi.yaml", "mapping": mapping}
    return [part for name, value in given.items() for part in ("--data", f"{name}={value}")]


def locked(package: Path) -> dict[str, str]:
    lock: dict[str, dict[str, str]] = json.loads((package / ".providergen.lock").read_text())
    return lock["files"]


def check(package: Path) -> int:
    command = [sys.executable, "-m", "providergen", "generate", str(package), "--check"]
    return subprocess.run(command, check=False, timeout=120).returncode


def test_copy_makes_the_whole_package(copier: Copier, repository: Path, vendor: Path, tmp_path: Path) -> None:
    done = copier(tmp_path, "copy", "--trust", "--defaults", "--vcs-ref=v0.1.0", *answers(), repository, NAME)
    assert done.returncode == 0, done.stderr + done.stdout
    package = tmp_path / NAME
    assert yaml.safe_load((package / ".copier-answers.yml").read_text()) == {
        "_commit": "v0.1.0",
        "_src_path": str(repository),
        "author": "Ada O'Neil",
        "dialect": "",
        "document": "vendor/openapi.yaml",
        "mapping": "vendor/mapping.yaml",
        "vendor": "openai-chat",
    }
    assert (package / "mapping.yaml").read_bytes() == (vendor / "mapping.yaml").read_bytes()
    assert (package / CODE / "hooks.py").is_file()
    assert all((package / path).is_file() for path in locked(package))
    assert check(package) == 0
    assert git(repository, "status", "--porcelain") == ""


def test_update_loses_nothing_and_generates_as_afresh(
    copier: Copier, repository: Path, vendor: Path, tmp_path: Path
) -> None:
    made = copier(tmp_path, "copy", "--trust", "--defaults", "--vcs-ref=v0.1.0", *answers(), repository, NAME)
    assert made.returncode == 0, made.stderr + made.stdout
    package = tmp_path / NAME
    commit(package, "As generated")

    mapping, hooks, readme = package / "mapping.yaml", package / CODE / "hooks.py", package / "README.md"
    mapping.write_text(mapping.read_text().replace("model: gpt-5.2", "model: gpt-5.5"))
    hooks.write_text(hooks.read_text() + "\n# My hook.\n")
    readme.write_text(readme.read_text().replace("Lets ", "My words. Lets ", 1))
    mine = {path: path.read_bytes() for path in (mapping, hooks)}
    commit(package, "My changes")

    done = copier(package, "update", "--trust", "--defaults")
    assert done.returncode == 0, done.stderr + done.stdout
    assert {path: path.read_bytes() for path in mine} == mine
    assert "My words. Lets " in readme.read_text()
    assert NEW_SECTION in readme.read_text()
    assert git(package, "ls-files", "-u") == ""
    assert not list(package.rglob("*.rej"))
    assert (package / CODE / "sse.py").read_text().endswith(NEW_LINE)

    fresh = tmp_path / "fresh" / NAME
    shutil.copy(mapping, vendor / "mapping.yaml")
    again = copier(tmp_path, "copy", "--trust", "--defaults", "--vcs-ref=v0.2.0", *answers(), repository, fresh)
    assert again.returncode == 0, again.stderr + again.stdout
    assert locked(package) == locked(fresh)
    assert {path: (package / path).read_bytes() for path in locked(package)} == {
        path: (fresh / path).read_bytes() for path in locked(fresh)
    }

    commit(package, "Updated")
    twice = copier(package, "update", "--trust", "--defaults")
    assert twice.returncode == 0, twice.stderr + twice.stdout
    assert git(package, "status", "--porcelain") == ""


def test_a_generator_that_fails_leaves_no_folder(copier: Copier, repository: Path, tmp_path: Path) -> None:
    done = copier(tmp_path, "copy", "--trust", "--defaults", "--data", "vendor=acme", repository, "package")
    assert done.returncode != 0
    assert "no-mapping" in done.stdout
    assert "chat-completions" in done.stdout
    assert not (tmp_path / "package").exists()


def test_new_makes_what_copier_can_update(repository: Path, copier: Copier, vendor: Path, tmp_path: Path) -> None:
    git(repository, "checkout", "--quiet", "v0.1.0")
    source = (
        f"import sys; sys.path.insert(0, {str(repository / 'generator')!r}); from providergen.cli import main; main()"
    )
    command = [sys.executable, "-c", source, "new", NAME, "--mapping", "vendor", "--author", "Ada"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    git(repository, "checkout", "--quiet", "main")
    assert done.returncode == 0, done.stdout + done.stderr
    package = tmp_path / NAME
    given = yaml.safe_load((package / ".copier-answers.yml").read_text())
    assert (given["_src_path"], given["_commit"]) == (str(repository), "v0.1.0")
    commit(package, "As made")
    updated = copier(package, "update", "--trust", "--defaults")
    assert updated.returncode == 0, updated.stdout + updated.stderr
    assert NEW_SECTION in (package / "README.md").read_text()
    assert (package / CODE / "sse.py").read_text().endswith(NEW_LINE)
    assert git(package, "ls-files", "-u") == ""
