"""`providergen generate`: what is regenerated, what is reported, and what is never lost."""

import json
import subprocess
from pathlib import Path

from tests.cli.conftest import Run, files

CODE = "amplifier_module_provider_openai_chat/provider.py"


def edit(path: Path, text: str = "# mine\n") -> None:
    path.write_text(path.read_text() + text)


def test_a_fresh_package_is_as_generated(run: Run, package: Path) -> None:
    before = files(package)
    for arguments in (["--check"], ["--diff"], []):
        done = run("generate", package, *arguments)
        assert (done.code, done.err) == (0, "")
        assert "everything is as generated" in done.out
    assert files(package) == before


def test_it_works_in_the_folder_too(run: Run, package: Path) -> None:
    done = subprocess.run(["git", "init", "-q"], cwd=package, check=True)
    assert done.returncode == 0
    assert run("generate", package.name).code == 0


def test_a_changed_mapping_is_a_difference_until_it_is_generated(run: Run, package: Path) -> None:
    mapping = package / "mapping.yaml"
    mapping.write_text(mapping.read_text().replace("model: gpt-5.2", "model: gpt-5.5"))
    before = files(package)
    check = run("generate", package, "--check")
    assert check.code == 1
    assert "changed .providergen.lock" in check.out
    diff = run("generate", package, "--diff")
    assert diff.code == 1
    assert files(package) == before
    subprocess.run(["git", "apply", "-"], input=diff.out.encode(), cwd=package, check=True)
    patched = files(package)
    assert patched != before
    assert run("generate", package, "--check").code == 0
    assert run("generate", package).code == 0
    assert files(package) == patched


def test_a_hand_edit_is_kept_and_the_ways_out_are_named(run: Run, package: Path) -> None:
    edit(package / CODE)
    edit(package / "mapping.yaml")
    before = files(package)
    for arguments in ([], ["--check"], ["--diff"]):
        done = run("generate", package, *arguments)
        assert done.code == 3
        assert f"{package.name}/{CODE}: hand-edited" in done.out + done.err
        assert all(way in done.out + done.err for way in ("hooks.py", "mapping.yaml", "eject:"))
    assert "-# mine" in done.out
    assert files(package) == before


def test_force_drops_the_hand_edit(run: Run, package: Path) -> None:
    before = files(package)
    edit(package / CODE)
    assert run("generate", package, "--force").code == 0
    assert files(package) == before


def test_what_is_the_users_stays(run: Run, package: Path) -> None:
    for path in ("README.md", "pyproject.toml", "tests/cases/answer.json"):
        edit(package / path)
    (package / "notes.txt").write_text("mine\n")
    before = files(package)
    assert run("generate", package).code == 0
    assert files(package) == before


def test_an_edited_pinned_document_is_no_source(run: Run, package: Path) -> None:
    edit(package / "openapi.json", "\n")
    done = run("generate", package, "--format", "json")
    (found,) = json.loads(done.out)["findings"]
    assert (done.code, found["code"]) == (3, "hand-edited")
    assert found["file"] == f"{package.name}/openapi.json"


def test_a_new_document_is_pinned(run: Run, package: Path, vendor: Path) -> None:
    document = vendor / "openapi.yaml"
    document.write_text(document.read_text() + "# a new edition\n")
    done = run("generate", package, "--spec", document)
    assert done.code == 0, done.out
    lock = json.loads((package / ".providergen.lock").read_text())
    assert lock["document"]["source"].endswith("openapi.yaml")
    assert run("generate", package, "--check").code == 0


def test_a_package_does_not_change_its_vendor(run: Run, package: Path) -> None:
    mapping = package / "mapping.yaml"
    mapping.write_text(mapping.read_text().replace("id: openai-chat", "id: acme"))
    before = files(package)
    done = run("generate", package)
    assert done.code == 2
    assert "identity-changed" in done.out
    assert files(package) == before


def test_a_wrong_mapping_changes_nothing(run: Run, package: Path) -> None:
    edit(package / "mapping.yaml", "reqeust: {}\n")
    before = files(package)
    done = run("generate", package)
    assert done.code == 2
    line = len((package / "mapping.yaml").read_text().splitlines())
    assert f"{package.name}/mapping.yaml:{line}:1: " in done.out
    assert files(package) == before


def test_a_broken_lock_stops_the_run(run: Run, package: Path) -> None:
    edit(package / ".providergen.lock", "<<<<<<< before updating\n")
    before = files(package)
    done = run("generate", package)
    assert done.code == 2
    assert "lock-invalid" in done.out
    assert files(package) == before


def test_without_its_lock_only_what_is_equal_is_taken_for_generated(run: Run, package: Path) -> None:
    before = files(package)
    (package / ".providergen.lock").unlink()
    edit(package / CODE)
    assert run("generate", package).code == 3
    (package / CODE).write_bytes(before[CODE])
    assert run("generate", package).code == 0
    assert files(package).keys() == before.keys()


def test_a_folder_that_is_no_package_is_not_made_one(run: Run, vendor: Path, tmp_path: Path) -> None:
    before = files(tmp_path)
    for folder in (vendor, tmp_path, tmp_path / "nowhere"):
        done = run("generate", folder)
        assert (done.code, "no-package" in done.out) == (2, True)
    assert files(tmp_path) == before
