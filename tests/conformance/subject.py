"""A package under test: its folder, its module as the kernel loads it, its public faces."""

import asyncio
import importlib
import inspect
import json
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from tests.conformance.case import Case
from tests.conformance.facts import Facts

__all__ = ["KEY", "NOBODY", "Subject", "leaves"]

KEY = "conformance-7f3c9a1e5b2d4860"
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there


@dataclass(frozen=True)
class Subject(Facts):
    """A generated package, and facts of its API."""

    root: Path
    module: ModuleType
    project: dict[str, Any]
    name: str

    @classmethod
    def load(cls, root: Path) -> "Subject":
        """Return the package in a folder; it must be importable already.

        Raises:
            ImportError: What is imported by its name is another package.
        """
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
        ((name, target),) = project["project"]["entry-points"]["amplifier.modules"].items()
        api = json.loads((root / "tests" / "facts.json").read_text("utf-8"))
        made = json.loads((root / "tests" / "examples.json").read_text("utf-8"))
        own = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((root / "tests/cases").glob("*.json"))}
        cases = {**{data["name"]: data for data in made}, **own}
        catalog = root / "catalog.yaml"
        module = importlib.import_module(target.partition(":")[0])
        if not Path(str(module.__file__)).is_relative_to(root.resolve()):
            raise ImportError(f"{module.__name__} is not that of {root} but {module.__file__}")
        return cls(
            cases=tuple(Case(title, data, api["framing"]) for title, data in cases.items()),
            api=api,
            catalog=tuple(yaml.safe_load(catalog.read_text("utf-8"))["models"]) if catalog.exists() else (),
            root=root,
            module=module,
            project=project,
            name=name.removeprefix("provider-"),
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
        keyed = {"api_key": KEY} if self.takes_key else {}
        needed = {one["id"]: one.get("choices", ["some"])[0] for one in self.api["setup"] if one.get("required")}
        chosen = {} if self.info.defaults.get("model") else {"default_model": "a-model"}
        return {
            **chosen,
            **needed,
            **keyed,
            "base_url": url,
            "max_retries": 0,
            "min_retry_delay": 0,
            "retry_jitter": False,
            **config,
        }

    @cached_property
    def known(self) -> dict[str, Any]:
        """The models listed without asking the API, by id, as the kernel is told of them."""
        return self.listed()

    def listed(self, **config: Any) -> dict[str, Any]:
        """Return the models that an instance of this configuration lists without asking the API, by id."""
        with ThreadPoolExecutor(1) as aside:  # a loop may be running in this thread
            found = aside.submit(asyncio.run, self.bare(base_url=NOBODY, **config).list_models()).result()
        return {model.id: model for model in found}

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
    def has_request_budget(self) -> bool:
        """Whether requests can be weighed ahead: what no API has, but a package may offer."""
        return hasattr(self.provider, "request_budget")


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
