"""Packages from any document, made once per run."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.proof.packages import Package, package

Make = Callable[[str, Path], Package]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Give a function from a vendor and a document to their package."""

    @cache
    def made(vendor: str, document: Path) -> Package:
        return package(vendor, document, tmp_path_factory.mktemp("made"))

    return made
