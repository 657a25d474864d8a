"""Making a package: from a document and a mapping to a folder with everything in it."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from providergen.diagnostics import Findings, Position
from providergen.generate import Build, build
from providergen.mapping import dialects
from providergen.project.identity import FOLDER_PREFIX, check_identity, check_vendor_id, find_dialect, vendor_id_of
from providergen.project.outcome import Outcome, cannot_write, carry_out
from providergen.project.provenance import find_provenance
from providergen.project.regenerate import Regeneration, regenerate
from providergen.project.shell import render_shell
from providergen.project.thin import thin_mapping
from providergen.publish import Changes, Identity, Lock, Origin, Tree, compare, read_lock, sha256
from providergen.sources import DOCUMENT_NAMES, MAPPING_NAME, document_beside, mapping_in
from providergen.template import template_root
from providergen.version import generator_version

__all__ = ["Request", "create"]

_INPUTS = (MAPPING_NAME, "catalog.yaml", "overlay.yaml")


@dataclass(frozen=True, slots=True)
class Request:
    """What a new package is to be made of.

    `spec` is a path or URL, None for the one beside the mapping; one of `mapping` (a path) and `dialect` (a name) is
    needed unless the target is a package already. `vendor` and `author` are None where the user did not say.
    `shell`: also write what surrounds the generated files; without it someone else has (copier). `strict`: write
    nothing if there is a warning.
    """

    target: Path
    spec: str | None = None
    mapping: Path | None = None
    dialect: str | None = None
    vendor: str | None = None
    author: str | None = None
    shell: bool = True
    strict: bool = False


def create(request: Request, findings: Findings) -> Outcome:
    """Make the package, or make it again over its own untouched output."""
    target = request.target
    if request.mapping is None and request.dialect is None and (target / MAPPING_NAME).is_file():
        order = Regeneration(target, request.spec, strict=request.strict, vendor=request.vendor, author=request.author)
        return regenerate(order, findings)
    lock = read_lock(target, findings)
    _check_target(request, lock, findings)
    if findings.failed:
        return Outcome()
    with _mapping(request, findings) as mapping:
        if mapping is None:
            return Outcome()
        spec = request.spec or document_beside(mapping, findings)
        built = build(mapping, spec, findings) if spec else None
        if request.mapping is None:
            _rename(findings, mapping, target / MAPPING_NAME)
        if built is None or spec is None:
            _offer_start(request, mapping, findings)
            return Outcome()
    given = {"vendor": request.vendor, "author": request.author}
    stated = target / MAPPING_NAME if request.mapping is None else mapping_in(request.mapping)
    identity = check_identity(stated, lock, given, built.vendor_id, findings)
    if identity is None:
        return Outcome()
    _check_folder_name(target, built.vendor_id, findings)
    return _publish(replace(request, spec=spec), built, lock, identity, findings)


def _publish(request: Request, built: Build, lock: Lock | None, identity: Identity, findings: Findings) -> Outcome:
    """Compare what was built with the target, and write it if nothing stands in the way."""
    target = request.target
    seeds = dict(built.seeds)
    about_updates = Findings()
    if request.shell:
        provenance = find_provenance(template_root(), about_updates)
        seeds |= render_shell(_answers(request, identity), provenance)
    origin = Origin(generator_version(), built.mapping_sha256, built.document_source, built.document_sha256)
    try:
        changes = compare(target, Tree(built.owned, seeds, built.ejected), lock, identity, origin, reseed=True)
    except OSError as problem:
        cannot_write(target, problem, findings)
        return Outcome()
    changed = _changed_inputs(target, seeds, changes)
    for path in changed:
        findings.error(
            "input-edited",
            "differs from the file it would be made from, and was edited here since; it is not overwritten",
            Position(str(target / path)),
            hint=f"`providergen generate {target}` goes on from the edited file",
        )
    if changed:
        return Outcome(changes, conflict=True)
    outcome = carry_out(target, changes, findings, strict=request.strict)
    if outcome.written:
        findings.found.extend(about_updates.found)
    return outcome


def _changed_inputs(target: Path, seeds: dict[str, bytes], changes: Changes) -> list[str]:
    """Return the files that decide what is generated, and that stay in the target with another content."""
    written = {change.path for change in changes.changes}
    return [
        path
        for path in _INPUTS
        if path in seeds
        and path not in written
        and (target / path).is_file()
        and sha256((target / path).read_bytes()) != sha256(seeds[path])
    ]


def _answers(request: Request, identity: Identity) -> dict[str, str]:
    """Return the answers to the questions of copier.yml."""
    return {
        "vendor": identity.vendor,
        "author": identity.author,
        "document": request.spec or "",
        "mapping": str(request.mapping or ""),
        "dialect": request.dialect or "",
    }


def _check_folder_name(target: Path, vendor: str, findings: Findings) -> None:
    """Add a warning if a package's folder is named otherwise than Amplifier expects."""
    folder, expected = target.absolute().name, FOLDER_PREFIX + vendor
    if folder != expected:
        findings.warning(
            "folder-name",
            f"the folder is {folder!r}, expected {expected}; Amplifier's own tests find a module by the folder's name, "
            "and skip silently under another",
            hint=f"rename it to {expected}",
        )


def _rename(findings: Findings, mapping: Path, target: Path) -> None:
    """Have findings about a mapping that was written for a dialect name the file it is going to be."""
    for index, found in enumerate(findings.found):
        if found.position and found.position.path == str(mapping):
            findings.found[index] = replace(found, position=replace(found.position, path=str(target)))


def _check_target(request: Request, lock: Lock | None, findings: Findings) -> None:
    """Add an error if a package cannot be made in a folder."""
    target = request.target
    existing = next(folder for folder in (target, *target.absolute().parents) if folder.exists())
    if not existing.is_dir():
        findings.error("not-a-folder", "is a file, expected a folder", Position(str(existing)), hint="name another one")
    elif not os.access(existing, os.R_OK | os.W_OK | os.X_OK):
        findings.error(
            "cannot-write", "is a folder without the right to write in it", Position(str(existing)), hint="name another"
        )
    elif request.shell and lock is None and not findings.failed and target.exists() and any(target.iterdir()):
        findings.error(
            "target-not-empty",
            "the folder is not empty and no package of this generator; expected an empty or a new one",
            Position(str(target)),
            hint=f"name a new folder, such as {FOLDER_PREFIX}acme",
        )


@contextlib.contextmanager
def _mapping(request: Request, findings: Findings) -> Iterator[Path | None]:
    """Give the mapping's path, None with an error: the given one, the target's own, or one written for a dialect."""
    own = request.target / MAPPING_NAME
    if request.mapping is not None and request.dialect is not None:
        findings.error("two-mappings", "a mapping and a dialect were given, expected one", hint="a mapping can extend")
        yield None
    elif request.mapping is not None:
        yield mapping_in(request.mapping)
    elif own.is_file():
        yield own
    elif request.dialect is None:
        _no_mapping(findings)
        yield None
    else:
        with tempfile.TemporaryDirectory(prefix="providergen-") as folder:
            yield _start(request, request.dialect, Path(folder), findings)


def _start(request: Request, dialect: str, folder: Path, findings: Findings) -> Path | None:
    """Write the mapping of a vendor that speaks a dialect into a folder; None with an error."""
    vendor = request.vendor or vendor_id_of(request.target)
    check_vendor_id(vendor, findings)
    if request.spec is None:
        findings.error(
            "no-document",
            f"a dialect says nothing about the vendor; expected its document (or {', '.join(DOCUMENT_NAMES)} beside a "
            "mapping)",
            hint="`--spec openapi.yaml`, a file or a URL",
        )
    if not find_dialect(dialect, findings) or findings.failed or request.spec is None:
        return None
    path = folder / MAPPING_NAME
    path.write_text(thin_mapping(dialect, vendor, request.spec), encoding="utf-8", newline="\n")
    return path


def _no_mapping(findings: Findings) -> None:
    listed = ", ".join(dialect.name for dialect in dialects())
    findings.error(
        "no-mapping",
        "neither a mapping nor a dialect was given; one of them says where Amplifier's values go in the vendor's JSON",
        hint=f"`--dialect NAME` for a vendor that speaks one of {listed}; `--mapping mapping.yaml` for any other",
    )


def _offer_start(request: Request, mapping: Path, findings: Findings) -> None:
    """Where a dialect does not fit as it is, show the mapping to start from: the user has no file to correct yet."""
    if request.dialect and mapping.is_file() and not (request.target / MAPPING_NAME).exists():
        findings.note(
            "start-here",
            f"the dialect {request.dialect!r} does not fit this document as it is",
            hint="save this as mapping.yaml, say what differs, and give it with --mapping:\n"
            + mapping.read_text(encoding="utf-8"),
        )
