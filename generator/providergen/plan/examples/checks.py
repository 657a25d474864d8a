"""Plan the tests of a package: what its vendor can be shown, and what comes back from it as it went out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from providergen.check import Checked
from providergen.mapping import Mapping as Vendor
from providergen.plan.examples.cases import examples
from providergen.plan.examples.errors import CLASSES, STATUSES
from providergen.plan.examples.facts import facts
from providergen.plan.examples.forms import forms
from providergen.plan.examples.roundtrip import Trip, plan_trip
from providergen.plan.provider import ProviderPlan

__all__ = ["ChecksPlan", "plan_checks"]


@dataclass(frozen=True, slots=True)
class ChecksPlan:
    """What the tests of a package are written from.

    `examples` are the cases that follow from mapping and document, `facts` those of the API on which checks depend,
    `statuses` the kernel's error class by status. `needed` are the options without which no call can be made, each with
    a value. `trip` is None where what is read has no form in which it is written.
    """

    examples: Sequence[Mapping[str, Any]]
    facts: Mapping[str, Any]
    statuses: tuple[tuple[int, str], ...]
    read_kinds: frozenset[str]
    written_kinds: frozenset[str]
    trip: Trip | None
    needed: Mapping[str, str]

    @property
    def chosen(self) -> bool:
        """Whether there are cases of choices."""
        return any(case["kind"] == "choice" for case in self.examples)

    @property
    def tells_ends(self) -> bool:
        """Whether events of the vendor's say that a block is whole."""
        return any("ends" in case for case in self.examples)

    @property
    def fails_in_words(self) -> bool:
        """Whether an error of the vendor's has a text."""
        return any(case["kind"] == "error" and "said" in case for case in self.examples)


def plan_checks(mapping: Vendor, checked: Checked, provider: ProviderPlan) -> ChecksPlan:
    """Return the plan of the tests of a package."""
    words = {**STATUSES, **dict(provider.errors.statuses)}
    return ChecksPlan(
        examples(mapping, checked),
        facts(mapping, checked, provider.fields),
        tuple((status, CLASSES[word][0]) for status, word in sorted(words.items())),
        frozenset(kind for kind, _ in forms(mapping, checked, mapping.response, "response")),
        frozenset(
            kind
            for role, shape in mapping.message.items()
            for kind, _ in forms(mapping, checked, shape, f"message.{role}")
        ),
        plan_trip(mapping, checked),
        {one.key: next(iter(one.choices), f"some-{one.key}") for one in provider.options if one.needed},
    )
