"""The golden packages: what lies in this folder, and what the generator makes of specs/ now."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from providergen.diagnostics import Findings
from providergen.generate import Build, build
from providergen.project.provenance import Provenance
from providergen.project.shell import render_shell
from providergen.publish import Change, Identity, Origin, Tree, compare
from providergen.version import generator_version

GOLDEN = Path(__file__).parent
ROOT = GOLDEN.parents[1]
REFRESH = "uv run python -m tests.golden.refresh"

_NOT_OURS = {"__pycache__", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"}


def golden(vendor: str) -> Path:
    """Return the folder of a vendor's golden package."""
    return GOLDEN / vendor / f"amplifier-module-provider-{vendor}"


def differences(vendor: str, folder: Path | None = None) -> Iterator[Change]:
    """Yield what a fresh package has otherwise than the golden one (or another `folder`), with whole paths."""
    folder = folder or golden(vendor)
    before, after = _files(folder), fresh(vendor)
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            yield Change((folder / path).as_posix(), before.get(path), after.get(path))


@cache
def fresh(vendor: str) -> dict[str, bytes]:
    """Return every file of the vendor's package as `providergen new` makes it, by path, without writing any.

    What depends on where and when the package is made is settled: the template is the checkout that the golden package
    lies in.
    """
    built = built_package(vendor)
    document = (ROOT / "specs" / vendor / "openapi.yaml").relative_to(ROOT).as_posix()
    mapping = (ROOT / "specs" / vendor / "mapping.yaml").relative_to(ROOT).as_posix()
    answers = {"vendor": vendor, "author": "", "document": document, "mapping": mapping, "dialect": ""}
    seeds = {**built.seeds, **render_shell(answers, Provenance("../../../.."))}
    origin = Origin(generator_version(), built.mapping_sha256, document, built.document_sha256)
    changes = compare(GOLDEN / "none", Tree(built.owned, seeds), None, Identity(vendor), origin)
    return {change.path: change.after for change in changes.changes if change.after is not None}


@cache
def built_package(vendor: str) -> Build:
    """Return what the generator makes of the vendor's mapping and document."""
    findings = Findings()
    specs = ROOT / "specs" / vendor
    built = build(specs / "mapping.yaml", specs / "openapi.yaml", findings)
    assert built is not None, "\n".join(map(str, findings.found))
    return built


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.as_posix(): (folder / path).read_bytes() for path in paths if not _NOT_OURS & set(path.parts)}
