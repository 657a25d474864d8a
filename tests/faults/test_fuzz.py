"""Whatever a vendor sends becomes a response or an LLMError.

`FUZZ_EXAMPLES=10000 pytest tests/faults/test_fuzz.py` tries that many replies and streams per vendor, else it is 200.
"""

import asyncio
import importlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from amplifier_core.llm_errors import InvalidToolCallError, LLMError
from amplifier_core.message_models import ChatResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providergen.diagnostics import Findings
from providergen.document import Schema, load_document
from providergen.mapping import load_mapping
from tests.conftest import Generated
from tests.faults.framing import Framing
from tests.faults.outcomes import Listener, misleading
from tests.faults.packages import asking, module_of, provider_of
from tests.faults.server import Line, ScriptServer
from tests.faults.subjects import SPECS, SUBJECTS
from tests.faults.values import allowed, anything, spoilt
from tests.support.cases import Case

VENDORS = tuple(subject.vendor for subject in SUBJECTS)
FRAMINGS = {subject.vendor: subject.framing for subject in SUBJECTS}
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "200"))
KINDS = ("allowed replies", "allowed streams", "spoilt replies", "spoilt streams", "spoilt errors")
STATUSES = (300, 400, 401, 402, 403, 404, 409, 413, 418, 422, 429, 500, 503, 529, 599)


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """A vendor's package with a server that sends the body it is told to, and what the vendor may send."""

    module: ModuleType
    framing: Framing
    runner: asyncio.Runner
    server: ScriptServer
    provider: Any
    listener: Listener
    values: dict[str, st.SearchStrategy[Any]]


def _schemas(vendor: str) -> tuple[Schema, Schema]:
    """Return the schemas of a whole reply and of an event of a stream."""
    mapping = load_mapping(SPECS / vendor / "mapping.yaml", Findings())
    document = load_document(SPECS / vendor / "openapi.yaml", Findings())
    assert mapping is not None and mapping.stream is not None and document is not None
    operation = document.operation(mapping.chat.operation)
    streamed = document.operation((mapping.stream.call or mapping.chat).operation)
    assert operation is not None and streamed is not None
    whole = operation.response()
    name = mapping.stream.schema
    event = document.component(name) if name else streamed.response(stream=True) or whole
    assert whole is not None and event is not None
    return whole, event


def _recorded(vendor: str) -> Iterator[Case]:
    for path in sorted((SPECS / vendor / "cases").glob("*.json")):
        yield Case(vendor, path.stem, json.loads(path.read_text("utf-8")))


def _values(vendor: str) -> dict[str, st.SearchStrategy[Any]]:
    whole, event = _schemas(vendor)
    cases = list(_recorded(vendor))
    replies = [case.data["reply"] for case in cases if case.kind == "response"]
    streams = [case.data["events"] for case in cases if case.kind == "stream"]
    errors = [case.data["body"] for case in cases if case.kind == "error"]
    errors += [subject.error for subject in SUBJECTS if subject.vendor == vendor]
    streams += [list(subject.events) for subject in SUBJECTS if subject.vendor == vendor]
    return {
        "allowed replies": allowed(whole),
        "allowed streams": st.lists(allowed(event), max_size=6),
        "spoilt replies": spoilt(replies) if replies else anything,
        "spoilt streams": spoilt(streams),
        "spoilt errors": st.tuples(st.sampled_from(STATUSES), spoilt(errors) if errors else anything),
    }


@pytest.fixture(scope="module", params=VENDORS)
def fuzzed(request: pytest.FixtureRequest, generated: Generated) -> Iterator[Fuzzed]:
    vendor: str = request.param
    generated(vendor)
    module = module_of(vendor)
    listener = Listener()

    async def never(line: Line) -> None:
        raise AssertionError("no body was laid out")

    with asyncio.Runner() as runner:
        server = ScriptServer(never)
        runner.run(server.__aenter__())
        provider = provider_of(module, server.url, listener, raw="true")
        yield Fuzzed(module, FRAMINGS[vendor], runner, server, provider, listener, _values(vendor))
        runner.run(provider.close())
        runner.run(server.__aexit__(None, None, None))


@pytest.mark.parametrize("kind", KINDS)
def test_only_responses_and_errors_come_of_anything(fuzzed: Fuzzed, kind: str) -> None:
    @settings(
        max_examples=max(EXAMPLES // len(KINDS), 1),
        deadline=None,
        database=None,
        derandomize=EXAMPLES <= 200,
        suppress_health_check=list(HealthCheck),
    )
    @given(fuzzed.values[kind])
    def holds(value: Any) -> None:
        if kind == "spoilt errors":
            status, body = value
            assert fuzzed.runner.run(complete(fuzzed, body, status=status)) is None
        elif isinstance(value, list if kind.endswith("streams") else dict):
            translate(fuzzed.module, value)
            fuzzed.runner.run(complete(fuzzed, value, streamed=kind.endswith("streams")))

    holds()


def translate(module: ModuleType, value: Any) -> None:
    """Read a reply or a stream with the package's translators alone."""
    part = {name: importlib.import_module(f"{module.__name__}.{name}") for name in ("answer", "response", "stream")}
    answer = part["answer"].Answer("acme", model="acme-1")
    try:
        if isinstance(value, dict):
            part["response"].read_error(value)
            part["response"].read_models(value)
            part["response"].read(value, answer)
        else:
            for event in value:
                if isinstance(event, dict):
                    part["stream"].apply(event, answer)
                    answer.drain()
        response = answer.response(part["response"].FINISH_REASONS)
    except LLMError:
        return
    fit(response)


async def complete(fuzzed: Fuzzed, value: Any, *, streamed: bool = False, status: int = 200) -> Any:
    """Have the value sent; return the answer, None after an error, and look at what was told."""

    async def script(line: Line) -> None:
        await line.head(fuzzed.framing.media_type if streamed else "application/json", status)
        await line.send(*(map(fuzzed.framing.frame, map(_json, value)) if streamed else (_json(value),)))
        await line.finish()

    fuzzed.server.scripts[:] = [script]
    response, error = None, None
    try:
        response = await fuzzed.provider.complete(asking(stream=streamed))
        fit(response)
    except LLMError as caught:
        error = caught
        assert not _own_mistake(caught), repr(caught.__cause__)
    assert misleading(fuzzed.listener.take(), error) is None
    return response


def _own_mistake(error: LLMError) -> bool:
    """Whether the package stumbled, which it reports as an error too."""
    cause = error.__cause__
    ours = isinstance(cause, TypeError | ValueError | LookupError | AttributeError | ArithmeticError | RecursionError)
    return ours and not isinstance(error, InvalidToolCallError)


def fit(response: Any) -> None:
    """Check that Amplifier can use and store a response."""
    assert isinstance(response, ChatResponse)
    assert response.content
    again = json.loads(response.model_dump_json())
    assert again["content"]
    for call in response.tool_calls or ():
        assert call.id
        assert call.name


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
