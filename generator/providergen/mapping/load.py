"""Loading a mapping: read, merge what it extends, check the structure, build it; and again for each model overlay."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from providergen.diagnostics import Diagnostic, Findings, Severity
from providergen.mapping._build import Builder
from providergen.mapping._files import read_merged
from providergen.mapping._needs import check_needs
from providergen.mapping._sections import FILE, OVERLAY
from providergen.mapping._tree import Node, overlaid, places, plain
from providergen.mapping._uses import check_limits, check_uses
from providergen.mapping.bundled import bundled
from providergen.mapping.model import Mapping
from providergen.mapping.shape import Shape

__all__ = ["flattened", "load_mapping"]


def load_mapping(path: Path, findings: Findings, *, text: str | None = None) -> Mapping | None:
    """Return a mapping with everything it extends merged in, None if anything is wrong with it.

    All that is wrong is added to the findings, each with the file, line and column of the node. `text` stands for the
    content of the file; what it extends is still looked for beside `path`.
    """
    found = Findings()
    mapping = _load(path, found, text)
    findings.found.extend(found.found)
    return None if found.failed else mapping


def flattened(mapping: Mapping) -> dict[str, Any]:
    """Return a mapping as one file would have it that extends nothing; a copy, free to change."""
    return cast("dict[str, Any]", _copied(mapping.plain))


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(child) for key, child in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _load(path: Path, findings: Findings, text: str | None) -> Mapping | None:
    read = read_merged(path, findings, text)
    if read is None:
        return None
    tree, extends = read
    dialect = bundled(path.stem)
    if "vendor" not in tree.entries and dialect is not None and dialect.resolve() == path.resolve():
        _name_after_file(tree, path.stem)
    FILE.check(tree, findings, "")
    mapping = None if findings.failed else _built(tree, str(path), extends, findings)
    overlays = tree.get("for_model")
    variants = []
    for glob, overlay in overlays.entries.items() if overlays else ():
        found = Findings()
        OVERLAY.check(overlay, found, f"for_model.{glob}")
        merged = overlaid(tree, overlay, glob, found)
        found.found[:] = [one for one in found.found if not _inherited_null(one, path)]
        if mapping is not None and not found.failed:
            FILE.check(merged, found, "")
            if not found.failed and (variant := _built(merged, str(path), extends, found)):
                variants.append((glob, variant))
        _add_new(findings, found, f"for_model.{glob}")
    if mapping is None or findings.failed:
        return None
    mapping = replace(mapping, for_model=tuple(variants))
    check_uses(mapping, findings)
    return check_limits(mapping, findings)


def _inherited_null(finding: Diagnostic, path: Path) -> bool:
    """Tell whether an inherited overlay deletes what the file has deleted already."""
    return finding.code == "nothing-to-delete" and finding.position is not None and finding.position.path != str(path)


def _name_after_file(tree: Node, name: str) -> None:
    words = {"id": name, "name": name}
    tree.entries["vendor"] = Node({key: Node(word, tree.at, tree.at) for key, word in words.items()}, tree.at, tree.at)


def _built(tree: Node, path: str, extends: tuple[str, ...], findings: Findings) -> Mapping | None:
    builder = Builder(tree, findings)
    mapping = Mapping(
        path,
        extends,
        vendor=builder.vendor(),
        chat=builder.call("chat"),
        request=builder.request(),
        message=builder.message(),
        response=cast("Shape", builder.shape("response", scope="response")),
        merge=builder.merge(),
        defaults=builder.defaults(),
        blocks=builder.blocks(),
        tool=builder.shape("tool", scope="tool"),
        usage=builder.shape("usage", scope="usage"),
        error=builder.shape("error", scope="error"),
        tables=builder.tables(),
        totals=builder.totals(),
        stream=builder.stream(),
        models=builder.models(),
        unchecked=builder.unchecked(),
        config=builder.config(),
        limits=builder.limits(),
        hooks=builder.hooks(),
        eject=builder.eject(),
        positions=dict(places(tree)),
        plain=cast("dict[str, Any]", plain(tree)),
    )
    if not findings.failed:
        check_needs(mapping, findings)
    return mapping


def _add_new(findings: Findings, found: Findings, overlay: str) -> None:
    """Add what only the overlay gives rise to; faults of the mapping itself have been told."""

    def key(finding: Diagnostic) -> tuple[Severity, str, object, str]:
        return finding.severity, finding.code, finding.position, finding.message

    told = {key(finding) for finding in findings.found}
    for finding in found.found:
        if key(finding) not in told:
            place = finding.place or ""
            named = place if place.startswith(overlay) else f"{overlay}.{place}".rstrip(".")
            findings.found.append(replace(finding, place=named))
