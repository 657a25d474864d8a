"""From a mapping and a document to the files of a package, in memory: the one line that every command follows."""

import difflib
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from providergen.check import Checked, check
from providergen.diagnostics import Findings
from providergen.document import Document, load_document
from providergen.mapping import Mapping, load_catalog, load_mapping
from providergen.plan.package import plan_package
from providergen.plan.unsupported import check_supported
from providergen.render.checks import OWN
from providergen.render.package import render
from providergen.sources import LOCK_NAME, MAPPING_NAME, PINNED_NAME, overlay_beside
from providergen.template import template_root

__all__ = ["Build", "build"]

_CATALOG_NAME = "catalog.yaml"
_OVERLAY_NAME = "overlay.yaml"
_HOOKS_NAME = "hooks.py"


@dataclass(frozen=True, slots=True)
class Build:
    """The files of a package by path.

    `owned` are the generator's, `seeds` the user's; `ejected` are those of `owned` that the user has taken over.
    """

    owned: dict[str, bytes]
    seeds: dict[str, bytes]
    ejected: frozenset[str]
    document_source: str
    document_sha256: str
    mapping_sha256: str
    vendor_id: str
    vendor_name: str
    checked: Checked


def build(mapping_path: Path, spec: str | Path, findings: Findings) -> Build | None:
    """Return the package for a mapping and a document; None after errors, which `findings` then has.

    What lies beside the mapping belongs to it: a catalog of models, an overlay of the document, hooks, cases.
    """
    loaded = _load(mapping_path, spec, findings)
    if loaded is None:
        return None
    mapping, document, checked = loaded
    beside = mapping_path.parent
    catalog_path = beside / _CATALOG_NAME
    catalog = load_catalog(catalog_path, findings) if catalog_path.is_file() else None
    check_supported(mapping, findings)
    if findings.failed:
        return None
    package = plan_package(mapping, checked, catalog)
    template = template_root() / "template"
    rendered = render(package, template, _own(mapping, beside, package.provider.package))
    owned = {path: text.encode() for path, text in rendered.owned.items()}
    seeds = {path: text.encode() for path, text in rendered.seeds.items()}
    owned[PINNED_NAME] = _pinned(mapping, document, checked)
    _check_ejected(mapping, owned, findings)
    if findings.failed:
        return None
    text = mapping_path.read_bytes()
    return Build(
        owned=owned,
        seeds={MAPPING_NAME: text, **seeds, **_seeds(beside, package.provider.package)},
        ejected=frozenset(mapping.eject),
        document_source=document.path,
        document_sha256=document.sha256,
        mapping_sha256=hashlib.sha256(text).hexdigest(),
        vendor_id=mapping.vendor.id,
        vendor_name=mapping.vendor.name,
        checked=checked,
    )


def _load(mapping_path: Path, spec: str | Path, findings: Findings) -> tuple[Mapping, Document, Checked] | None:
    """Return a mapping, its document, and the one held against the other; None after errors."""
    mapping = load_mapping(mapping_path, findings)
    document = load_document(spec, findings, overlay=overlay_beside(mapping_path, spec))
    if mapping is None or document is None or findings.failed:
        return None
    checked = check(mapping, document, findings)
    return None if findings.failed else (mapping, document, checked)


def _own(mapping: Mapping, beside: Path, package: str) -> dict[str, str]:
    """Return the modules that the user wrote or took over, by path: of the package in this folder, or of one to be."""
    hooks = f"{package}/{_HOOKS_NAME}"
    places = {hooks: beside / _HOOKS_NAME} | {path: beside / path for path in (f"tests/{OWN}", *mapping.eject)}
    if (beside / hooks).is_file():
        places[hooks] = beside / hooks
    return {path: place.read_text("utf-8", "replace") for path, place in places.items() if place.is_file()}


def _check_ejected(mapping: Mapping, owned: Collection[str], findings: Findings) -> None:
    """Add an error for each ejected path at which nothing is generated."""
    for path in mapping.eject:
        if path not in owned:
            near = difflib.get_close_matches(path, owned, 1)
            findings.error(
                "unknown-file",
                f"nothing is generated at {path!r}, expected the path of a generated file",
                mapping.position("eject"),
                place="eject",
                hint=f"did you mean {near[0]!r}?" if near else f"{LOCK_NAME} lists the generated files",
            )


def _pinned(mapping: Mapping, document: Document, checked: Checked) -> bytes:
    """Return the part of the document that the mapping needs."""
    named = mapping.stream.schema if mapping.stream else None
    schema = document.component(named) if named else None
    operations = [checked.operations.chat, checked.operations.stream, checked.operations.models]
    pruned = document.pruned([found for found in operations if found], [schema] if schema else [])
    return (json.dumps(pruned, indent=2, ensure_ascii=False) + "\n").encode()


def _seeds(beside: Path, package: str) -> dict[str, bytes]:
    """Return what lies beside a mapping and moves into the package with it."""
    places = {_CATALOG_NAME: _CATALOG_NAME, _OVERLAY_NAME: _OVERLAY_NAME, _HOOKS_NAME: f"{package}/{_HOOKS_NAME}"}
    found = {target: beside / name for name, target in places.items()}
    folder = next((beside / name for name in ("cases", "tests/cases") if (beside / name).is_dir()), None)
    if folder is not None:
        found |= {f"tests/cases/{case.name}": case for case in sorted(folder.glob("*.json"))}
    return {target: path.read_bytes() for target, path in found.items() if path.is_file()}
