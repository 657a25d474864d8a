"""`providergen check`, `dialects` and `schema`."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from tests.cli.conftest import Run


def test_a_mapping_that_fits_is_fine(run: Run, vendor: Path) -> None:
    for arguments in ([vendor], [vendor / "mapping.yaml"], [vendor, "--spec", vendor / "openapi.yaml"]):
        done = run("check", *arguments)
        assert (done.code, done.err) == (0, "")
        assert "places fit" in done.out


def test_programs_get_the_coverage(run: Run, vendor: Path) -> None:
    report = json.loads(run("check", vendor, "--format", "json").out)
    assert report["exit"] == 0
    assert report["coverage"]["ok"] > 50
    assert {"blocks", "events", "finish_reasons", "silent", "unchecked"} <= report["coverage"].keys()


def test_a_misspelling_is_found_where_it_stands(run: Run, vendor: Path) -> None:
    mapping = vendor / "mapping.yaml"
    mapping.write_text(mapping.read_text() + "tool: {tpye: function}\n")
    line = len(mapping.read_text().splitlines())
    done = run("check", vendor)
    assert done.code == 2
    assert f"vendor/mapping.yaml:{line}:8: " in done.out
    assert "1 error" in done.out
    annotated = run("check", vendor, "--format", "github")
    assert annotated.code == 2
    assert annotated.out.startswith("::error title=")
    assert f"file=vendor/mapping.yaml,line={line},col=8::" in annotated.out


def test_warnings_fail_only_on_demand(run: Run, vendor: Path) -> None:
    mapping = vendor / "mapping.yaml"
    mapping.write_text(mapping.read_text() + "unchecked: {request.model: it fits all the same}\n")
    warned = run("check", vendor)
    assert (warned.code, "stale-unchecked (warning)" in warned.out) == (0, True)
    assert run("check", vendor, "--fail-on", "warning").code == 2


def test_nothing_to_check_is_said(run: Run, tmp_path: Path) -> None:
    done = run("check", "--format", "json")
    assert done.code == 2
    assert any(found["file"] == "mapping.yaml" for found in json.loads(done.out)["findings"])


def test_the_dialects_are_listed(run: Run) -> None:
    done = run("dialects")
    assert done.code == 0
    assert any(line.startswith("chat-completions ") for line in done.out.splitlines())
    listed = json.loads(run("dialects", "--format", "json").out)["dialects"]
    assert all(Path(dialect["path"]).is_file() for dialect in listed)


def test_the_schema_is_a_json_schema(run: Run) -> None:
    done = run("schema")
    assert done.code == 0
    Draft202012Validator.check_schema(json.loads(done.out))
