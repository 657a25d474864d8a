"""The examples of docs/mapping.md: a mapping, and what it must come to.

A block `yaml mapping` begins an example; it extends the page's `yaml base.yaml` and is held against
docs/examples/acme.yaml. What follows it, up to the next one, must hold:

| block | says |
|---|---|
| `yaml catalog.yaml`, `yaml overlay.yaml`, `python hooks.py` | files beside the mapping |
| `text findings` | what `providergen check` prints of it; without this block it finds no error and no warning |
| `python request.py`, `python of hooks.py` … | lines of that module of the package; `...` stands for any lines |
| `json request`, then `json body`, `text target`, `json headers` | what the provider sends for a request |
| `json reply` or `json events` or `json failure`, then `json answer` or `json error` | how it reads what it gets |
| `json models`, then `json listed` | how it reads a list of models |

A request has the fields of ChatRequest, or is an object with `request`, `config` (of the provider) and `kwargs`. A
failure is an object with `status`, `headers` and `body`. In answers only the keys that are shown are compared.
"""

import asyncio
import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from amplifier_core.llm_errors import LLMError
from amplifier_core.message_models import ChatRequest

from providergen.cli.checking import check_mapping
from providergen.cli.printing import as_text
from providergen.cli.session import Session
from providergen.diagnostics import Findings, Severity
from providergen.generate import Build, build
from tests.docs.pages import ROOT, Fence, fences
from tests.support.replay import Exchange, Replay, ndjson, reply, sse

PAGE = "docs/mapping.md"
DOCUMENT = ROOT / "docs/examples/acme.yaml"
BESIDE = {("yaml", "catalog.yaml"), ("yaml", "overlay.yaml"), ("python", "hooks.py")}
QUESTION = {"messages": [{"role": "user", "content": "Hi"}]}
IDENTITY = "vendor: {id: acme, name: Acme, auth: {bearer: ACME_API_KEY}}\n"


@dataclass(frozen=True, slots=True)
class Example:
    """One `yaml mapping` block and what follows it."""

    mapping: Fence
    claims: list[Fence] = field(default_factory=list)

    def __str__(self) -> str:
        return f"line {self.mapping.line}: {self.mapping.heading}"

    @property
    def text(self) -> str:
        """The whole file: what the page shows, and what it leaves out for brevity."""
        shown = self.mapping.text
        sections = {line.partition(":")[0] for line in shown.splitlines()}
        return shown + "extends: base.yaml\n" * ("extends" not in sections) + IDENTITY * ("vendor" not in sections)


def base() -> str:
    """Return the mapping that the examples extend."""
    (found,) = (fence for fence in fences(PAGE) if fence.info == ("yaml", "base.yaml"))
    return found.text


def examples() -> list[Example]:
    """Return the examples of the page."""
    found: list[Example] = []
    for fence in fences(PAGE):
        if fence.info == ("yaml", "mapping"):
            found.append(Example(fence))
        elif found and len(fence.info) > 1 and fence.info != ("yaml", "base.yaml"):
            found[-1].claims.append(fence)
    return found


class Tried:
    """An example in a folder of its own."""

    def __init__(self, example: Example, folder: Path) -> None:
        self.folder = folder
        self.mapping = folder / "mapping.yaml"
        self.mapping.write_text(example.text, "utf-8")
        (folder / "base.yaml").write_text(base(), "utf-8")
        for fence in example.claims:
            if fence.info in BESIDE:
                (folder / fence.info[1]).write_text(fence.text, "utf-8")

    def findings(self) -> list[str]:
        """Return what the check prints of the mapping itself, with the places as the page shows them."""
        own = [one for one in self._checked().found if one.position and one.position.path == str(self.mapping)]
        return [as_text(one).plain.replace(f"{self.folder}/", "") for one in own]

    def faults(self) -> list[str]:
        """Return the errors and warnings, wherever they are."""
        return [str(one) for one in self._checked().found if one.severity is not Severity.NOTE]

    def _checked(self) -> Findings:
        session = Session()
        check_mapping(session, self.mapping, str(DOCUMENT))
        return session.findings

    @cached_property
    def package(self) -> Build:
        """The package that is generated."""
        findings = Findings()
        built = build(self.mapping, DOCUMENT, findings)
        assert built is not None, "\n".join(map(str, findings.found))
        return built

    def module(self, name: str) -> str:
        """Return the text of a generated module."""
        files = self.package.seeds | self.package.owned
        found = {Path(path).name: text for path, text in files.items() if path.startswith("amplifier_")}
        assert name in found, f"the package has no {name}"
        return found[name].decode()

    @contextmanager
    def provider(self, url: str, config: Mapping[str, Any]) -> Iterator[Any]:
        """Give the provider of the package, imported from a folder of its own."""
        target = self.folder / "package"
        for path, content in (self.package.seeds | self.package.owned).items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(content)
        name = next(path.partition("/")[0] for path in self.package.owned if path.startswith("amplifier_"))
        sys.path.insert(0, str(target))
        importlib.invalidate_caches()
        try:
            module = importlib.import_module(name)
            made = next(getattr(module, word) for word in module.__all__ if word.endswith("Provider"))
            yield made("a-key", base_url=url, config={"max_retries": 0, "use_streaming": False, **config})
        finally:
            sys.path.remove(str(target))
            for loaded in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
                del sys.modules[loaded]

    def asked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the provider sends for a request: the body, the target of the URL, the headers."""
        order = given if "request" in given else {"request": given}
        (request,) = asyncio.run(self._sent(order, reply({}), method="complete"))[1]
        return {"body": request.json(), "target": request.target, "headers": request.headers}

    def read(self, kind: str, given: Any) -> Any:
        """Return what Amplifier gets from a reply, events, a failure or a list of models, errors included."""
        streaming = kind == "events"
        exchange: Exchange
        match kind:
            case "events":
                framed = ndjson if "framing: ndjson" in self.mapping.read_text("utf-8") else sse
                exchange = framed(given)
            case "failure":
                exchange = reply(given["body"], status=given["status"], headers=given.get("headers"))
            case _:
                exchange = reply(given)
        order = {"request": QUESTION, "config": {"use_streaming": streaming}}
        return asyncio.run(self._sent(order, exchange, method="list_models" if kind == "models" else "complete"))[0]

    async def _sent(self, order: Mapping[str, Any], exchange: Exchange, *, method: str) -> tuple[Any, list[Any]]:
        async with Replay(exchange) as server:
            with self.provider(server.url, order.get("config", {})) as provider:
                arguments = [ChatRequest.model_validate(order["request"])] if method == "complete" else []
                try:
                    got = await getattr(provider, method)(*arguments, **order.get("kwargs", {}))
                except LLMError as error:
                    got = error
                finally:
                    await provider.close()
            return got, server.asked


def told(got: Any) -> Any:
    """Return what a provider returned or raised, as the JSON that the page shows."""
    if isinstance(got, LLMError):
        words = {"error": type(got).__name__, "message": str(got), "status": got.status_code}
        return words | {"retryable": got.retryable, "retry_after": getattr(got, "retry_after", None)}
    if isinstance(got, list):
        return [json.loads(one.model_dump_json()) for one in got]
    plain = json.loads(got.model_dump_json(exclude_none=True))
    hidden = ("visibility",)
    for block in plain["content"]:
        for key in hidden:
            block.pop(key, None)
    return plain


def shown(got: Any, expected: Any) -> Any:
    """Return the part of a value that the page shows: the keys of objects, down to blocks."""
    if isinstance(got, dict) and isinstance(expected, dict):
        return {key: shown(got.get(key), value) for key, value in expected.items()}
    if isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected):
        return [shown(one, other) for one, other in zip(got, expected, strict=True)]
    return got
