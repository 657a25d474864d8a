"""Packages made from one document or another, imported side by side."""

import importlib
import importlib.util
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from providergen.diagnostics import Findings
from providergen.mapping import Mapping, load_mapping
from tests.support.cases import SPECS
from tests.support.packages import generate

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Package:
    """A vendor's mapping, and where the package lies that was made of it and a document."""

    mapping: Mapping
    folder: Path
    module: ModuleType

    def part(self, name: str) -> ModuleType:
        """Return a module of the package."""
        return importlib.import_module(f"{self.module.__name__}.{name}")

    def provider(self, base_url: str, config: dict[str, Any] | None = None) -> Any:
        """Return a provider that talks to an address and never tries twice."""
        (made,) = (getattr(self.module, name) for name in self.module.__all__ if name.endswith("Provider"))
        return made(api_key="key-0123456789", base_url=base_url, config={**(config or {}), "max_retries": 0})


def package(vendor: str, document: Path, folder: Path) -> Package:
    """Return the package of specs/<vendor> as `providergen new` makes it from a document, below `folder`."""
    mapping = load_mapping(SPECS / vendor / "mapping.yaml", Findings())
    assert mapping is not None
    target = folder / f"amplifier-module-provider-{vendor}"
    generate(vendor, target, document=document)
    (code,) = target.glob("amplifier_module_provider_*")
    return Package(mapping, target, _imported(code))


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
