"""`providergen new`: what it makes, what it makes again, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, files

NAME = "amplifier-module-provider-openai-chat"


def test_a_package_has_its_shell_its_code_its_tests_and_its_lock(package: Path) -> None:
    there = files(package)
    assert {
        ".copier-answers.yml",
        ".gitattributes",
        ".github/workflows/ci.yml",
        ".gitignore",
        ".providergen.lock",
        "README.md",
        "amplifier_module_provider_openai_chat/__init__.py",
        "mapping.yaml",
        "openapi.json",
        "pyproject.toml",
    } <= there.keys()
    assert all(b"\r" not in content for content in there.values())


def test_the_document_and_the_mapping_are_found_beside_each_other(run: Run, vendor: Path, tmp_path: Path) -> None:
    done = run("new", NAME, "--mapping", vendor)
    assert (done.code, done.err) == (0, "")
    assert f"next: cd {NAME} && uv run pytest" in done.out
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_again_over_its_own_output_changes_nothing(run: Run, vendor: Path, package: Path) -> None:
    run("new", package, "--mapping", vendor / "mapping.yaml", "--spec", vendor / "openapi.yaml")
    before = files(package)
    done = run("new", package, "--mapping", vendor / "mapping.yaml", "--spec", vendor / "openapi.yaml")
    assert done.code == 0
    assert "everything is as generated" in done.out
    assert files(package) == before


def test_again_with_a_changed_mapping_takes_it_and_keeps_what_the_user_wrote(
    run: Run, vendor: Path, package: Path
) -> None:
    mapping = vendor / "mapping.yaml"
    mapping.write_text(mapping.read_text() + "# changed\n")
    (package / "README.md").write_text("mine\n")
    done = run("new", package, "--mapping", mapping)
    assert done.code == 0, done
    assert (package / "mapping.yaml").read_text().endswith("# changed\n")
    assert (package / "README.md").read_text() == "mine\n"
    assert run("generate", package, "--check").code == 0


def test_a_mapping_that_was_edited_in_the_package_is_not_replaced(run: Run, vendor: Path, package: Path) -> None:
    (package / "mapping.yaml").write_text((package / "mapping.yaml").read_text() + "# mine\n")
    before = files(package)
    done = run("new", package, "--mapping", vendor / "mapping.yaml")
    assert done.code == 3
    assert f"{NAME}/mapping.yaml: input-edited" in done.out
    assert files(package) == before


def test_the_folders_name_is_what_amplifier_looks_for(run: Run, vendor: Path, tmp_path: Path) -> None:
    done = run("new", "other", "--mapping", vendor)
    assert done.code == 0
    assert f"folder-name (warning) the folder is 'other', expected {NAME}" in done.out
    strict = run("new", "another", "--mapping", vendor, "--fail-on", "warning")
    assert strict.code == 2
    assert not (tmp_path / "another").exists()


def test_a_dialect_alone_is_enough_for_a_vendor_that_speaks_it(run: Run, vendor: Path, tmp_path: Path) -> None:
    target = tmp_path / "amplifier-module-provider-acme"
    done = run("new", target.name, "--spec", vendor / "openapi.yaml", "--dialect", "chat-completions")
    assert done.code == 0, done.out
    assert "/providergen-" not in done.out
    mapping = (target / "mapping.yaml").read_text()
    assert "id: acme" in mapping
    assert "extends: chat-completions" in mapping
    assert "ACME_API_KEY" in mapping
    assert run("generate", target, "--check").code == 0


def test_a_dialect_that_does_not_fit_gives_the_mapping_to_start_from(run: Run, vendor: Path, tmp_path: Path) -> None:
    done = run(
        "new", "amplifier-module-provider-acme", "--spec", vendor / "openapi.yaml", "--dialect", "anthropic-messages"
    )
    assert done.code == 2
    assert "start-here" in done.out
    assert "extends: anthropic-messages" in done.out
    assert "/providergen-" not in done.out
    assert not (tmp_path / "amplifier-module-provider-acme").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--spec", "vendor/openapi.yaml"], "no-mapping"),
        (["--spec", "vendor/openapi.yaml", "--dialect", "esperanto"], "unknown-dialect"),
        (["--dialect", "chat-completions"], "no-document"),
        (["--mapping", "vendor", "--dialect", "chat-completions"], "two-mappings"),
        (["--mapping", "vendor", "--vendor", "acme"], "vendor-id"),
        (["--spec", "vendor/openapi.yaml", "--dialect", "chat-completions", "--vendor", "Ac_me"], "vendor-id"),
    ],
)
def test_what_is_missing_or_contradictory_is_said(
    run: Run, vendor: Path, tmp_path: Path, arguments: list[str], code: str
) -> None:
    done = run("new", NAME, *arguments, "--format", "json")
    found = [finding for finding in json.loads(done.out)["findings"] if finding["severity"] == "error"]
    assert (done.code, [finding["code"] for finding in found]) == (2, [code])
    assert found[0]["hint"]
    assert not (tmp_path / NAME).exists()


def test_a_folder_with_other_things_in_it_is_left_alone(run: Run, vendor: Path, tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "thesis.txt").write_text("years of work")
    done = run("new", NAME, "--mapping", vendor)
    assert done.code == 2
    assert "target-not-empty" in done.out
    assert files(tmp_path / NAME) == {"thesis.txt": b"years of work"}


@pytest.mark.parametrize("target", ["vendor/mapping.yaml", "vendor/mapping.yaml/below", "/proc/amplifier"])
def test_where_nothing_can_be_written_one_error_says_so(run: Run, vendor: Path, target: str) -> None:
    before = files(vendor)
    done = run("new", target, "--mapping", vendor, "--format", "json")
    errors = [found["code"] for found in json.loads(done.out)["findings"] if found["severity"] == "error"]
    assert (done.code, errors) in ((2, ["not-a-folder"]), (2, ["cannot-write"]))
    assert files(vendor) == before
