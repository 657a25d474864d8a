"""What is known of a vendor's API and models without looking at the package's code: which checks make sense."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from tests.conformance.case import Case

__all__ = ["Facts"]

WILDCARDS = re.compile(r"\*|\?|\[[^\]]*\]")


@dataclass(frozen=True)
class Facts:
    """A package's cases, tests/facts.json (`api`) and the models of catalog.yaml: all from mapping and document.

    The code under test has no say here, or what it leaves out would pass for what the API leaves out. The boolean
    properties are what `checks.NEEDS` names.
    """

    cases: tuple[Case, ...] = field(repr=False)
    api: Mapping[str, Any] = field(repr=False)
    catalog: tuple[Mapping[str, Any], ...] = field(repr=False)

    def case(self, name: str) -> Case:
        """Return the case of this name."""
        return next(case for case in self.cases if case.name == name)

    def of(self, *kinds: str, fails: bool | None = None) -> list[Case]:
        """Return the cases of these kinds; only those that must fail, or must not, if that is said."""
        return [case for case in self.cases if case.kind in kinds and fails in (None, case.fails)]

    def failing(self, error: str) -> list[Case]:
        """Return the replies that must lead to an error of this class."""
        return [case for case in self.of("error") if case.expect["error"] == error]

    @property
    def answers(self) -> list[Case]:
        """The replies that are no failures and of which all blocks are stated."""
        return [case for case in self.of("response", "stream", fails=False) if "blocks" in case.expect]

    @property
    def needs_key(self) -> bool:
        """Whether nothing is answered without a key."""
        return bool(self.api["key"] == "needed")

    @property
    def takes_key(self) -> bool:
        """Whether there are keys."""
        return self.api["key"] is not None

    @property
    def lists_models(self) -> bool:
        """Whether the API lists its models."""
        return bool(self.of("models"))

    @property
    def streams(self) -> bool:
        """Whether the API streams."""
        return self.api["framing"] is not None

    @property
    def shows_thinking(self) -> bool:
        """Whether replies show what the model thinks."""
        return any(case.name == "thinking" for case in self.cases)

    @property
    def arguments_are_text(self) -> bool:
        """Whether arguments of calls come as text, whole or in pieces."""
        return bool(self.with_broken_arguments())

    def with_broken_arguments(self) -> list[tuple[Case, list[Any]]]:
        """Return replies with a call, and their values with the arguments' text cut short."""
        calls = [case for case in self.cases if case.name in ("a call", "stream of a call")]
        broken = [(case, [_without_brace(part) for part in case.parts]) for case in calls]
        return [(case, parts) for case, parts in broken if parts != case.parts]

    @property
    def takes_images(self) -> bool:
        """Whether messages may have images."""
        return "image_data" in self.api["takes"] or self.takes_image_addresses

    @property
    def takes_image_addresses(self) -> bool:
        """Whether images may be given by address."""
        return "image_url" in self.api["takes"]

    @property
    def chooses_tools(self) -> bool:
        """Whether the caller may say which tool is to be called."""
        return "tool_choice" in self.api["takes"]

    @property
    def takes_stop(self) -> bool:
        """Whether texts can be named that end the answer."""
        return "stop" in self.api["takes"]

    @property
    def takes_top_p(self) -> bool:
        """Whether sampling can be bounded by mass."""
        return "top_p" in self.api["takes"]

    @property
    def tells_too_long(self) -> bool:
        """Whether a prompt that is too long has a word of its own."""
        return bool(self.failing("ContextLengthError"))

    @property
    def tells_quota(self) -> bool:
        """Whether a used up quota has a word of its own."""
        return bool(self.failing("QuotaExceededError"))

    @property
    def tells_filter(self) -> bool:
        """Whether requests are refused for their content."""
        return bool(self.failing("ContentFilterError"))

    @property
    def stops_for_content(self) -> bool:
        """Whether an answer may end because of its content."""
        return any(case.expect.get("finish_reason") == "content_filter" for case in self.of("response", "stream"))

    @property
    def fails_in_stream(self) -> bool:
        """Whether a stream may report an error."""
        return bool(self.of("stream", fails=True))

    @property
    def tells_overload_in_stream(self) -> bool:
        """Whether a stream may report an error that passes."""
        return bool(self.passing_in_stream)

    @property
    def passing_in_stream(self) -> list[Case]:
        """The streams with an error that passes, and soon."""
        failing = self.of("stream", fails=True)
        return [case for case in failing if case.expect.get("retryable") and not case.expect.get("retry_after")]

    @property
    def counts_reasoning(self) -> bool:
        """Whether thinking is counted."""
        return any("reasoning_tokens" in (case.expect.get("usage") or {}) for case in self.of("response"))

    @cached_property
    def families(self) -> dict[str, Mapping[str, Any]]:
        """Entries of the catalog, each by the name of a model for which it decides."""
        names = ((WILDCARDS.sub("", entry["match"]).rstrip("-"), entry) for entry in self.catalog)
        return {name: entry for name, entry in names if name and self.known_of(name) is entry}

    def known_of(self, model: str) -> Mapping[str, Any]:
        """Return the entry of the catalog that decides for a model, {} if there is none."""
        return next((entry for entry in self.catalog if fnmatchcase(model, entry["match"])), {})

    def able(self, word: str) -> Iterator[str]:
        """Yield the models that are known to be able to do something, a capability of the kernel's."""
        return (name for name, entry in self.families.items() if word in (entry.get("capabilities") or ()))

    @property
    def thinker(self) -> str | None:
        """A model known to think."""
        return next(self.able("thinking"), None)

    @property
    def simpleton(self) -> str | None:
        """A model known not to think."""
        known = ((name, entry["capabilities"]) for name, entry in self.families.items() if entry.get("capabilities"))
        return next((name for name, capabilities in known if "thinking" not in capabilities), None)

    @property
    def seer(self) -> str | None:
        """A model known to take images."""
        return next(self.able("vision"), None)

    @property
    def knows_sizes(self) -> bool:
        """Whether the sizes of any model are known."""
        return any("context_window" in entry for entry in self.catalog)

    @property
    def priced(self) -> str | None:
        """The model of whose prices most are known, None if no price is."""
        known = {name: len(entry["prices"]) for name, entry in self.families.items() if entry.get("prices")}
        return max(known, key=lambda name: known[name], default=None)

    @property
    def has_prices(self) -> bool:
        """Whether a model's price is known."""
        return any(entry.get("prices") for entry in self.catalog)


def _without_brace(value: Any) -> Any:
    """Return a JSON value in which texts that end an object do so no more."""
    if isinstance(value, dict):
        return {key: _without_brace(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_brace(item) for item in value]
    return value[:-1] if isinstance(value, str) and value.endswith("}") else value
