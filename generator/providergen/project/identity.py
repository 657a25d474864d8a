"""Who a package is for, and the words that say so."""

import re
from collections.abc import Mapping
from pathlib import Path

from providergen.diagnostics import Findings, Position
from providergen.mapping import dialects
from providergen.publish import Identity, Lock

__all__ = ["FOLDER_PREFIX", "check_identity", "check_vendor_id", "find_dialect", "vendor_id_of"]

FOLDER_PREFIX = "amplifier-module-provider-"
_VENDOR_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def vendor_id_of(folder: Path) -> str:
    """Return the vendor id that a package's folder is named after."""
    return folder.absolute().name.removeprefix(FOLDER_PREFIX)


def check_vendor_id(vendor: str, findings: Findings) -> None:
    """Add an error if a word cannot be a vendor id, from which every name of a package is made."""
    if not _VENDOR_ID.fullmatch(vendor):
        findings.error(
            "vendor-id",
            f"{vendor!r} is no vendor id; expected lower-case letters, digits and single dashes, a letter first",
            hint="for example `--vendor acme`, or name the folder amplifier-module-provider-acme",
        )


def find_dialect(name: str, findings: Findings) -> bool:
    """Tell whether a dialect is bundled, with an error that lists those that are if not."""
    known = [dialect.name for dialect in dialects()]
    if name in known:
        return True
    findings.error(
        "unknown-dialect",
        f"there is no dialect {name!r}; expected one of {', '.join(known)}",
        hint="`providergen dialects` says what each is",
    )
    return False


def check_identity(
    mapping: Path, lock: Lock | None, given: Mapping[str, str | None], vendor: str, findings: Findings
) -> Identity | None:
    """Return who a package is for, None with an error if that would change.

    `given` are the answers `vendor` and `author` as the user gives them now (None: not given); `vendor` is the id that
    the `mapping` states.
    """
    if given.get("vendor") not in (None, vendor):
        findings.error(
            "vendor-id",
            f"the package is for {given['vendor']!r}, and the mapping's vendor.id is {vendor!r}; expected the same",
            Position(str(mapping)),
            place="vendor.id",
            hint="give one id in both places",
        )
        return None
    identity = Identity(vendor, _chosen(given.get("author"), lock))
    if not identity.author.isprintable():
        findings.error("author", f"{identity.author!r} is no name; expected one line of text", hint="`--author 'Ada'`")
        return None
    if lock is None or identity == lock.identity:
        return identity
    what, before, now = (
        ("vendor", lock.identity.vendor, vendor)
        if vendor != lock.identity.vendor
        else ("author", lock.identity.author, identity.author)
    )
    findings.error(
        "identity-changed",
        f"the package was made for {what} {before!r}, and is now said to be {now!r}; nothing was written",
        Position(str(mapping)),
        hint=f"keep {before!r}, or make a new package with `providergen new`",
    )
    return None


def _chosen(author: str | None, lock: Lock | None) -> str:
    if author is None:
        return lock.identity.author if lock else ""
    return author
