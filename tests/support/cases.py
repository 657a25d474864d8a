"""The cases of specs/: vendor JSON and what Amplifier must see of it."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SPECS = Path(__file__).parents[2] / "specs"
VENDORS = ("openai-chat", "anthropic", "gemini", "openai", "ollama")


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its vendor, its file's name without suffix, and what the file holds."""

    vendor: str
    name: str
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        """What is tested: response, stream, error, request or models."""
        return str(self.data["kind"])

    @property
    def expect(self) -> dict[str, Any]:
        """What must come out; a key that is left out is not compared."""
        expected: dict[str, Any] = self.data["expect"]
        return expected

    def __str__(self) -> str:
        return f"{self.vendor}/{self.name}"


@cache
def cases(*kinds: str) -> tuple[Case, ...]:
    """Return the cases of these kinds, of all vendors; of all kinds if none is given."""
    found = (
        Case(vendor, path.stem, json.loads(path.read_text("utf-8")))
        for vendor in VENDORS
        for path in sorted((SPECS / vendor / "cases").glob("*.json"))
    )
    return tuple(case for case in found if not kinds or case.kind in kinds)
