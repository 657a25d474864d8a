"""Packages made from one document or another, imported side by side."""

import importlib.util
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from providergen.diagnostics import Findings
from providergen.generate import Build, build
from providergen.mapping import Mapping, load_mapping
from tests.support.cases import SPECS

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Package:
    """A vendor's mapping and what the generator makes of it and a document."""

    mapping: Mapping
    built: Build
    module: ModuleType

    def provider(self, base_url: str, config: dict[str, Any] | None = None) -> Any:
        """Return a provider that talks to an address and never tries twice."""
        (made,) = (getattr(self.module, name) for name in self.module.__all__ if name.endswith("Provider"))
        return made(api_key="key-0123456789", base_url=base_url, config={**(config or {}), "max_retries": 0})


def package(vendor: str, document: Path, folder: Path) -> Package:
    """Return the package of specs/<vendor> as made from a document, written below a folder."""
    findings = Findings()
    mapping = load_mapping(SPECS / vendor / "mapping.yaml", findings)
    built = build(SPECS / vendor / "mapping.yaml", document, findings)
    assert mapping is not None and built is not None, "\n".join(map(str, findings.found))
    for path, content in {**built.seeds, **built.owned}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (code,) = folder.glob("amplifier_module_provider_*")
    return Package(mapping, built, _imported(code))


def _imported(folder: Path) -> ModuleType:
    """Import a package under a name of its own, so that packages of one name do not meet."""
    name = f"{folder.name}_{next(_numbers)}"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
