"""A package under test, and what can be known of it from its files and its public faces."""

import asyncio
import importlib
import inspect
import json
import re
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.support.replay import End, Exchange

__all__ = ["KEY", "MEDIA_TYPES", "NOBODY", "Case", "Subject", "leaves"]

KEY = "conformance-7f3c9a1e5b2d4860"
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there
MATCH = re.compile(r"match: *['\"]?([^'\",}\s]+)")
WILDCARDS = re.compile(r"\*|\?|\[[^\]]*\]")
MEDIA_TYPES = {"sse": "text/event-stream", "ndjson": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the package's own tests (examples.json, cases/): vendor JSON, and what must come of it."""

    name: str
    data: dict[str, Any]
    framing: str

    @property
    def kind(self) -> str:
        """What is tested: response, stream, error, request or models."""
        return str(self.data["kind"])

    @property
    def expect(self) -> dict[str, Any]:
        """What must come out."""
        expected: dict[str, Any] = self.data["expect"]
        return expected

    @property
    def fails(self) -> bool:
        """Whether an error must come out."""
        return "error" in self.expect

    @property
    def parts(self) -> list[Any]:
        """The JSON values that the vendor sends, in order."""
        return list(self.data["events"]) if self.kind == "stream" else [self.data["reply"]]

    def answer(self, *, end: End = "complete", upto: int | None = None, parts: list[Any] | None = None) -> Exchange:
        """Return what the vendor answers: a stream by its events (the first `upto` only), all else as a whole.

        `parts` are sent in the place of the case's own.
        """
        if self.kind == "error":
            body = self.data["body"]
            text = body if isinstance(body, str) else json.dumps(body)
            return Exchange(self.data["status"], self.data["headers"], (text.encode(),))
        texts = [json.dumps(part) for part in (parts or self.parts)[:upto]]
        if self.kind != "stream":
            return Exchange(headers={"content-type": "application/json"}, chunks=(texts[0].encode(),), end=end)
        framed = [f"data: {text}\n\n" if self.framing == "sse" else f"{text}\n" for text in texts]
        kind = {"content-type": MEDIA_TYPES[self.framing]}
        return Exchange(headers=kind, chunks=tuple(text.encode() for text in framed), end=end)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Subject:
    """A generated package: its folder, its module as the kernel loads it, and facts about its API.

    The boolean properties are what `checks.NEEDS` names.
    """

    root: Path
    module: ModuleType
    project: dict[str, Any]
    name: str
    cases: tuple[Case, ...] = field(repr=False)

    @classmethod
    def load(cls, root: Path) -> "Subject":
        """Return the package in a folder; it must be importable already."""
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
        ((name, target),) = project["project"]["entry-points"]["amplifier.modules"].items()
        package = target.partition(":")[0]
        framing = "ndjson" if (root / package / "ndjson.py").exists() else "sse"
        made = json.loads((root / "tests" / "examples.json").read_text("utf-8"))
        own = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((root / "tests/cases").glob("*.json"))}
        cases = {**{data["name"]: data for data in made}, **own}
        return cls(
            root,
            importlib.import_module(package),
            project,
            name.removeprefix("provider-"),
            tuple(Case(title, data, framing) for title, data in cases.items()),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def package(self) -> Path:
        """The folder of the code."""
        return self.root / self.module.__name__

    @property
    def provider(self) -> type[Any]:
        """The provider's class."""
        (name,) = (name for name in self.module.__all__ if name.endswith("Provider"))
        made: type[Any] = getattr(self.module, name)
        return made

    @cached_property
    def info(self) -> Any:
        """What the package says of itself when it is asked by the set-up."""
        return self.bare().get_info()

    @cached_property
    def variables(self) -> frozenset[str]:
        """The environment variables that it names."""
        named = {one.env_var for one in self.info.config_fields if one.env_var}
        return frozenset({*self.info.credential_env_vars, *named})

    def bare(self, **config: Any) -> Any:
        """Return an instance as the set-up builds it: without a key, without a coordinator."""
        keyed = {"api_key": ""} if "api_key" in inspect.signature(self.provider).parameters else {}
        return self.provider(**keyed, config=config)

    def configured(self, url: str, **config: Any) -> dict[str, Any]:
        """Return a configuration that reaches an address with the right key and waits for nothing."""
        keyed = {"api_key": KEY} if self.needs_key else {}
        return {**keyed, "base_url": url, "max_retries": 0, "min_retry_delay": 0, "retry_jitter": False, **config}

    def case(self, name: str) -> Case:
        """Return the case of this name."""
        return next(case for case in self.cases if case.name == name)

    def of(self, *kinds: str, fails: bool | None = None) -> list[Case]:
        """Return the cases of these kinds; only those that must fail, or must not, if that is said."""
        return [case for case in self.cases if case.kind in kinds and fails in (None, case.fails)]

    def failing(self, error: str) -> list[Case]:
        """Return the replies that must lead to an error of this class."""
        return [case for case in self.of("error") if case.expect["error"] == error]

    def _has(self, name: str) -> bool:
        return any(case.name == name for case in self.cases)

    def _code(self, name: str) -> str:
        file = self.package / name
        return file.read_text("utf-8") if file.exists() else ""

    @property
    def needs_key(self) -> bool:
        """Whether nothing is answered without a key."""
        return bool(self.info.credential_env_vars) and any(
            one.field_type == "secret" and one.required for one in self.info.config_fields
        )

    @property
    def lists_models(self) -> bool:
        """Whether the API lists its models."""
        return bool(self.of("models"))

    @property
    def streams(self) -> bool:
        """Whether the API streams."""
        return self._has("stream of a text")

    @property
    def shows_thinking(self) -> bool:
        """Whether replies show what the model thinks."""
        return self._has("thinking")

    @property
    def signs_calls(self) -> bool:
        """Whether calls come with something of the vendor's own that must go back."""
        return bool(self.signed_calls)

    @property
    def signed_calls(self) -> list[Case]:
        """The replies with such calls."""
        calls = {case.name: [b for b in case.expect["blocks"] if b["type"] == "tool_call"] for case in self.answers}
        return [case for case in self.answers if any(call.get(self.name) for call in calls[case.name])]

    @property
    def answers(self) -> list[Case]:
        """The replies that are no failures and of which all blocks are stated."""
        return [case for case in self.of("response", "stream", fails=False) if "blocks" in case.expect]

    @cached_property
    def known(self) -> dict[str, Any]:
        """The models listed without asking the API, by id, as the kernel is told of them."""
        return {model.id: model for model in self._listed(self.bare(base_url=NOBODY))}

    @cached_property
    def models(self) -> dict[str, Any]:
        """The models listed without asking, and one of each family that the catalog knows."""
        catalog = self.root / "catalog.yaml"
        families = MATCH.findall(catalog.read_text("utf-8")) if catalog.exists() else []
        names = dict.fromkeys(WILDCARDS.sub("", family).rstrip("-") for family in families)
        found = {name: self._listed(self.bare(base_url=NOBODY, default_model=name)) for name in names if name}
        return {**self.known, **{name: model for name, all_ in found.items() for model in all_ if model.id == name}}

    def _listed(self, provider: Any) -> list[Any]:
        with ThreadPoolExecutor(1) as aside:  # a loop may be running in this thread
            listed: list[Any] = aside.submit(asyncio.run, provider.list_models()).result()
        return listed

    @property
    def thinker(self) -> str | None:
        """A model known to think."""
        return next((name for name, told in self.models.items() if "thinking" in told.capabilities), None)

    @property
    def simpleton(self) -> str | None:
        """A model known not to think; of one without a size nothing is known."""
        sized = ((name, told) for name, told in self.models.items() if told.context_window)
        return next((name for name, told in sized if "thinking" not in told.capabilities), None)

    @property
    def seer(self) -> str | None:
        """A model known to take images."""
        return next((name for name, told in self.models.items() if "vision" in told.capabilities), None)

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
    def knows_sizes(self) -> bool:
        """Whether the sizes of any model are known."""
        return any(told.context_window for told in self.models.values())

    @property
    def takes_images(self) -> bool:
        """Whether messages may have images."""
        return "Image(" in self._code("request.py") or "images" in self._code("request.py")

    @property
    def takes_image_addresses(self) -> bool:
        """Whether images may be given by address."""
        return "Image(url=" in self._code("request.py")

    @property
    def chooses_tools(self) -> bool:
        """Whether the caller may say which tool is to be called."""
        return "tool_choice" in self._code("request.py")

    @property
    def takes_stop(self) -> bool:
        """Whether texts can be named that end the answer."""
        return "call.stop" in self._code("request.py")

    @property
    def takes_top_p(self) -> bool:
        """Whether sampling can be bounded by mass."""
        return "call.top_p" in self._code("request.py")

    @property
    def has_prices(self) -> bool:
        """Whether a model's price is known."""
        return "prices=Prices(" in self._code("catalog.py")

    @property
    def has_fields(self) -> bool:
        """Whether the set-up asks anything."""
        return bool(self.info.config_fields)

    @property
    def has_request_budget(self) -> bool:
        """Whether requests can be weighed ahead."""
        return hasattr(self.provider, "request_budget")

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
        return any(case.expect.get("retryable") for case in self.of("stream", fails=True))

    @property
    def counts_reasoning(self) -> bool:
        """Whether thinking is counted."""
        return any("reasoning_tokens" in (case.expect.get("usage") or {}) for case in self.of("response"))


def leaves(value: Any) -> Iterator[Any]:
    """Yield every text, number and other scalar in a JSON value."""
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def _without_brace(value: Any) -> Any:
    """Return a JSON value in which texts that end an object do so no more."""
    if isinstance(value, dict):
        return {key: _without_brace(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_brace(item) for item in value]
    return value[:-1] if isinstance(value, str) and value.endswith("}") else value
