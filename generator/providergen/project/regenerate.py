"""Regenerating what is the generator's in a package, from the package's own mapping and pinned document."""

from dataclasses import dataclass
from pathlib import Path

from providergen.diagnostics import Findings, Position
from providergen.generate import Build, build
from providergen.project.identity import check_identity
from providergen.project.outcome import Outcome, cannot_write, carry_out
from providergen.publish import Lock, Origin, Tree, compare, read_lock, sha256
from providergen.sources import MAPPING_NAME, PINNED_NAME, document_beside
from providergen.version import generator_version

__all__ = ["Regeneration", "regenerate"]


@dataclass(frozen=True, slots=True)
class Regeneration:
    """What to regenerate, and how.

    `spec` is the vendor's new document, None for the pinned one. `dry`: say what would change and write nothing;
    `force`: overwrite edited files; `strict`: write nothing if there is a warning. `vendor` and `author` are what the
    user says they are, None if nothing.
    """

    target: Path
    spec: str | None = None
    dry: bool = False
    force: bool = False
    strict: bool = False
    vendor: str | None = None
    author: str | None = None


def regenerate(order: Regeneration, findings: Findings) -> Outcome:
    """Bring the generated files of a package up to date with its mapping and document."""
    target = order.target
    lock = read_lock(target, findings)
    _check_package(target, lock, findings)
    if findings.failed:
        return Outcome()
    if order.spec is None and not order.force and _pin_edited(target, lock, findings):
        return Outcome(conflict=True)
    mapping = target / MAPPING_NAME
    spec = order.spec or document_beside(mapping, findings)
    built = build(mapping, spec, findings) if spec else None
    if built is None:
        return Outcome()
    given = {"vendor": order.vendor, "author": order.author}
    identity = check_identity(mapping, lock, given, built.vendor_id, findings)
    if identity is None:
        return Outcome()
    try:
        changes = compare(
            target, Tree(built.owned, built.seeds, built.ejected), lock, identity, _origin(built, lock, order.spec)
        )
    except OSError as problem:
        cannot_write(target, problem, findings)
        return Outcome()
    return carry_out(target, changes, findings, dry=order.dry, force=order.force, strict=order.strict)


def _origin(built: Build, lock: Lock | None, spec: str | None) -> Origin:
    """Return where the package comes from; the pinned document comes from where it was first taken."""
    pinned = lock.origin if lock and spec is None else None
    return Origin(
        generator_version(),
        built.mapping_sha256,
        pinned.document_source if pinned else built.document_source,
        pinned.document_sha256 if pinned else built.document_sha256,
    )


def _check_package(target: Path, lock: Lock | None, findings: Findings) -> None:
    """Add an error if a folder is not a provider package that can be regenerated."""
    if not (target / MAPPING_NAME).is_file():
        findings.error(
            "no-package",
            f"has no {MAPPING_NAME}, expected the folder of a provider package",
            Position(str(target)),
            hint="go to the package's folder or name it; `providergen new DIR` makes a new one",
        )
    elif lock is None and not findings.failed and not (target / "pyproject.toml").is_file():
        findings.error(
            "no-package",
            "has a mapping but neither a lock nor pyproject.toml, expected the folder of a provider package",
            Position(str(target)),
            hint=f"`providergen new DIR --mapping {target / MAPPING_NAME}` makes a package from it",
        )


def _pin_edited(target: Path, lock: Lock | None, findings: Findings) -> bool:
    """Tell, with an error, whether the pinned document is not the one that was pinned."""
    pinned = target / PINNED_NAME
    expected = lock.files.get(PINNED_NAME) if lock else None
    if expected is None or not pinned.is_file() or sha256(pinned.read_bytes()) == expected:
        return False
    findings.error(
        "hand-edited",
        "the pinned document was edited since it was generated; nothing is generated from it",
        Position(str(pinned)),
        hint="correct a wrong document in overlay.yaml, name a wrong place in the mapping's `unchecked`, or pin "
        "another document with `--spec`; `--force` generates from the edited one",
    )
    return True
