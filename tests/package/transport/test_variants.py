"""What a mapping decides about the package, before it runs."""

import importlib
import importlib.util
import re
import subprocess
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import amplifier_core.llm_errors as kernel
import pytest

from tests.package.transport.conftest import asking, whole
from tests.package.transport.packages import MAPPING, MODELS, imported, plan, write
from tests.support.replay import Replay, ndjson, reply, sse

BEARER = "auth: {bearer: [ACME_API_KEY, ACME_KEY]}"
ADDRESS = "base_url: https://api.acme.example"
ANSWER = {"text": "Hi.", "finish": "stop"}


def package(folder: Path, *changes: tuple[str, str], hooks: str | None = None, **planned: Any) -> ModuleType:
    """Return a package for the mapping with some text replaced."""
    mapping = MAPPING
    for old, new in changes:
        assert old in mapping
        mapping = mapping.replace(old, new)
    return imported(write(plan(folder, mapping, **planned), folder, hooks))


def source(acme: ModuleType, name: str = "provider") -> str:
    return Path(acme.__path__[0], f"{name}.py").read_text()


@pytest.mark.asyncio
async def test_no_key_is_needed_where_the_vendor_wants_none(tmp_path: Path) -> None:
    acme = package(tmp_path, (BEARER, ""))
    async with Replay(reply(ANSWER)) as server:
        made = acme.AcmeProvider(base_url=server.url, config={"default_model": "m"})
        await made.complete(whole())
        assert "authorization" not in server.asked[0].headers
    assert made.get_info().credential_env_vars == []
    assert "api_key" not in source(acme) + source(acme, "__init__") + source(acme, "config").replace('"api_key"', "")


@pytest.mark.asyncio
async def test_a_key_may_be_optional(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    acme = package(tmp_path, (BEARER, "auth: {bearer: ACME_API_KEY, optional: true}"))
    async with Replay(reply(ANSWER), reply(ANSWER)) as server:
        await acme.AcmeProvider(base_url=server.url, config={"default_model": "m"}).complete(whole())
        await acme.AcmeProvider("some-key", base_url=server.url, config={"default_model": "m"}).complete(whole())
        without, with_ = server.asked
    assert "authorization" not in without.headers
    assert with_.headers["authorization"] == "Bearer some-key"


@pytest.mark.asyncio
async def test_a_key_in_a_header_of_its_own(tmp_path: Path) -> None:
    acme = package(tmp_path, (BEARER, "auth: {header: x-api-key, env: ACME_API_KEY}"))
    async with Replay(reply(ANSWER)) as server:
        await acme.AcmeProvider("some-key", base_url=server.url, config={"default_model": "m"}).complete(whole())
        assert server.asked[0].headers["x-api-key"] == "some-key"


@pytest.mark.asyncio
async def test_a_key_in_the_query_stays_out_of_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    acme = package(tmp_path, (BEARER, "auth: {query: key, env: ACME_API_KEY}"))
    async with Replay(reply(ANSWER)) as server:
        await acme.AcmeProvider("some-key", base_url=server.url, config={"default_model": "m"}).complete(whole())
        assert server.asked[0].query == {"key": ["some-key"]}
    assert "some-key" not in caplog.text


@pytest.mark.asyncio
async def test_lines_of_json(tmp_path: Path) -> None:
    acme = package(tmp_path, ('framing: sse\n  done: "[DONE]"', "framing: ndjson"))
    events = [{"text": "H"}, {"text": "i."}, {"finish": "stop"}]
    async with Replay(ndjson(events, cut=1), ndjson(events[:1])) as server:
        made = acme.AcmeProvider("k", base_url=server.url, config={"default_model": "m", "max_retries": 0})
        assert (await made.complete(asking())).text == "Hi."
        with pytest.raises(kernel.StreamError):
            await made.complete(asking())
    assert "sse" not in source(acme)
    assert "DONE" not in source(acme)


def test_a_vendor_that_does_not_stream(tmp_path: Path) -> None:
    stream = MAPPING[MAPPING.index("stream:") : MAPPING.index("models:")]
    acme = package(tmp_path, (stream, ""))
    assert acme.AcmeProvider("k").settings.use_streaming is False
    assert not {"_read_stream", "decode_event", "aclosing", "events.streamed"} & set(
        re.findall(r"[\w.]+", source(acme))
    )


@pytest.mark.asyncio
async def test_without_catalog_and_list_only_the_configured_model_is_known(tmp_path: Path) -> None:
    acme = package(tmp_path, catalog=(), models=None)
    assert importlib.util.find_spec(f"{acme.__name__}.catalog") is None
    assert "catalog" not in source(acme).replace("those of the catalog", "")
    [model] = await acme.AcmeProvider("k", config={"default_model": "mine"}).list_models()
    assert (model.id, model.context_window) == ("mine", 0)
    assert await acme.AcmeProvider("k").list_models() == []


@pytest.mark.asyncio
async def test_only_some_models_are_listed(tmp_path: Path) -> None:
    acme = package(tmp_path, models=replace(MODELS, next_parameter=None, include=("a-*",), exclude=("*-old",)))
    async with Replay(reply({"data": [{"id": "a-1"}, {"id": "a-old"}, {"id": "b-1"}]})) as server:
        models = await acme.AcmeProvider("k", base_url=server.url).list_models()
    assert [model.id for model in models] == ["a-1"]


@pytest.mark.asyncio
async def test_an_address_made_of_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acme = package(
        tmp_path,
        (ADDRESS, 'base_url: "https://${config.region}.acme.example/v2/"'),
        ("models:", "config: {region: {prompt: Region, env: ACME_REGION, required: true}}\nmodels:"),
    )
    made = acme.AcmeProvider("k", config={"region": "eu-1", "default_model": "m"})
    assert made.settings.base_url == "https://eu-1.acme.example/v2"
    assert acme.AcmeProvider("k", config={"region": "evil.example/"}).settings.base_url is None
    with pytest.raises(kernel.ConfigurationError, match="region"):
        await acme.AcmeProvider("k", config={"default_model": "m"}).complete(whole())
    monkeypatch.setenv("ACME_REGION", "us-2")
    assert acme.AcmeProvider("k").settings.base_url == "https://us-2.acme.example/v2"
    fields = {field.id: field for field in made.get_info().config_fields}
    assert (fields["region"].prompt, fields["region"].required, fields["region"].env_var) == (
        "Region",
        True,
        "ACME_REGION",
    )


HOOKS = """
from typing import Any
from amplifier_core.llm_errors import ContentFilterError, LLMError

def body(body: dict[str, Any], request: Any, config: Any) -> dict[str, Any]:
    return {**body, "mine": [len(request.messages), config["default_model"]]}

def headers(headers: Any, method: str, path: str, content: bytes) -> Any:
    return {**headers, "x-signed": f"{method} {path} {len(content)}"}

def event(event: dict[str, Any]) -> dict[str, Any] | None:
    return None if event.get("text") == "H" else event

def response(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "text": body["text"].upper()}

def error(status: int, body: dict[str, Any]) -> LLMError | None:
    return ContentFilterError("mine", status_code=status) if status == 418 else None
"""


@pytest.mark.asyncio
async def test_hooks_stand_where_the_mapping_names_them(tmp_path: Path) -> None:
    acme = package(tmp_path, ("models:", "hooks: [body, headers, event, response, error]\nmodels:"), hooks=HOOKS)
    stream = sse([{"text": "H"}, {"text": "i."}, {"finish": "stop"}])
    teapot, lost = reply({}, status=418), reply({}, status=404)
    async with Replay(reply(ANSWER), stream, teapot, lost) as server:
        made = acme.AcmeProvider("k", base_url=server.url, config={"default_model": "m", "api_key": "x"})
        assert (await made.complete(whole())).text == "HI."
        [asked] = server.asked
        assert asked.json()["mine"] == [1, "m"]
        assert asked.headers["x-signed"] == f"POST /v1/chat {len(asked.body)}"
        assert asked.headers["acme-version"] == "7"
        assert (await made.complete(asking())).text == "i."
        with pytest.raises(kernel.ContentFilterError) as caught:
            await made.complete(whole())
        assert (caught.value.provider, caught.value.status_code) == ("acme", 418)
        with pytest.raises(kernel.NotFoundError):
            await made.complete(whole())


BROKEN_HOOK = """
from typing import Any

KEY = "-".join(("some", "key"))

class Worded(Exception):
    def __str__(self) -> str:
        return f"{KEY} is all I say"

def response(body: dict[str, Any]) -> dict[str, Any]:
    try:
        raise Worded
    except Worded as error:
        raise KeyError(KEY) from error
"""


@pytest.mark.asyncio
async def test_a_hook_that_fails_shows_no_key(tmp_path: Path) -> None:
    acme = package(tmp_path, ("models:", "hooks: [response]\nmodels:"), hooks=BROKEN_HOOK)
    async with Replay(reply(ANSWER)) as server:
        made = acme.AcmeProvider("some-key", base_url=server.url, config={"default_model": "m"})
        with pytest.raises(kernel.LLMError, match="KeyError") as caught:
            await made.complete(whole())
    shown = "".join(traceback.format_exception(caught.value))
    assert "Worded: [REDACTED] is all I say" in shown
    assert "some-key" not in shown


def test_hooks_are_seeded_as_steps_that_change_nothing(tmp_path: Path) -> None:
    acme = package(tmp_path, ("models:", "hooks: [body, headers, event, response, error]\nmodels:"))
    hooks = importlib.import_module(f"{acme.__name__}.hooks")
    assert hooks.body({"a": 1}, None, {}) == {"a": 1}
    assert hooks.headers({"a": "1"}, "POST", "/", b"") == {"a": "1"}
    assert hooks.event({"a": 1}) == hooks.response({"a": 1}) == {"a": 1}
    assert hooks.error(400, {}) is None


HOSTILE = 'Acme """ + __import__("os") {{ 7*7 }} {% raw %} \\ \n\u2028'


def test_names_of_a_vendor_are_never_code(tmp_path: Path) -> None:
    acme = package(tmp_path, display_name=HOSTILE)
    assert acme.AcmeProvider("k").get_info().display_name == HOSTILE
    assert source(acme).startswith('"""Acme  + __import__(os)')


VARIANTS: dict[str, tuple[tuple[tuple[str, str], ...], dict[str, Any]]] = {
    "all": ((), {}),
    "least": (((BEARER, ""),), {"catalog": (), "models": None}),
    "query": (((BEARER, "auth: {query: key, env: K}"), ("framing: sse", "framing: ndjson")), {}),
    "optional": (((BEARER, "auth: {header: x-k, env: K, optional: true}"),), {"catalog": ()}),
    "hooks": ((("models:", "hooks: [body, headers, event, response, error]\nmodels:"),), {}),
    "whole": (((MAPPING[MAPPING.index("stream:") : MAPPING.index("models:")], ""),), {}),
}


def test_every_variant_is_strictly_typed_and_clean(tmp_path: Path) -> None:
    for name, (changes, planned) in VARIANTS.items():
        Path(tmp_path, name).mkdir()
        package(Path(tmp_path, name), *changes, **planned)
    settings = Path(__file__).parents[3] / "pyproject.toml"
    folders = [str(next(folder.glob("amplifier_*"))) for folder in sorted(tmp_path.iterdir())]
    for tool in (
        ["mypy", "--strict", "--no-error-summary", "--config-file", str(settings)],
        ["ruff", "check", "--quiet", "--config", str(settings), "--ignore", "D103,ARG001,FURB157"],
    ):
        run = subprocess.run([sys.executable, "-m", *tool, *folders], capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr


TOOLED = ("  effort: $reasoning_effort", "  effort: $reasoning_effort\n  stop: $stop\n  choice: $tool_choice")
TABLE = ("usage: {in", "tool_choice: {auto: free, required: must, tool: {name: $name}}\nusage: {in")


def asked(acme: ModuleType) -> dict[str, Any]:
    """Return what the set-up asks, by key."""
    return {field.id: field for field in acme.AcmeProvider().get_info().config_fields}


@pytest.mark.parametrize(
    ("written", "stop"),
    [
        ("END", ("END",)),
        ("[END]", ("[END]",)),
        (["X", "Y"], ("X", "Y")),
        ('["X", "Y"]', ("X", "Y")),
        ("[1]", ("x", "y")),
        ("", ("x", "y")),
    ],
)
def test_a_list_may_be_given_as_text(tmp_path: Path, written: Any, stop: tuple[str, ...]) -> None:
    acme = package(tmp_path, TOOLED, ("max_output_tokens: 1000", "max_output_tokens: 1000, stop: [x, y]"))
    assert acme.AcmeProvider(config={"stop": written}).settings.stop == stop


def test_the_default_of_a_list_is_shown_as_it_is_read(tmp_path: Path) -> None:
    changes = (TOOLED, ("chat:", 'config: {stop: {prompt: Where to end?, default: [x, "y, z"]}}\nchat:'))
    shown = asked(package(tmp_path, *changes))["stop"].default
    assert shown == '["x", "y, z"]'


def test_a_tool_choice_can_be_configured_where_the_vendor_has_one(tmp_path: Path) -> None:
    acme = package(tmp_path, TOOLED, TABLE)
    assert acme.AcmeProvider(config={"tool_choice": "required"}).settings.tool_choice == "required"
    assert acme.AcmeProvider(config={"tool_choice": "none"}).settings.tool_choice is None  # it has no word for it
    said = ("max_output_tokens: 1000", "max_output_tokens: 1000, tool_choice: auto")
    (tmp_path / "default").mkdir()
    assert package(tmp_path / "default", TOOLED, TABLE, said).AcmeProvider().settings.tool_choice == "auto"


def test_what_nothing_reads_is_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a word that requests do not have nor an option that stands nowhere."""
    monkeypatch.setenv("ACME_STOP", "x")
    said = "{stop: {prompt: Where?, env: ACME_STOP}, tier: {prompt: Which?}, cache: {default: 1h}}"
    acme = package(tmp_path, ("chat:", f"config: {said}\nchat:"))
    assert list(asked(acme)) == ["api_key", "base_url", "reasoning_effort"]
    assert "ACME_STOP" not in source(acme, "config")


def test_more_can_be_said_of_every_common_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "{idle_timeout: {prompt: How long?, default: 30, env: ACME_IDLE}, max_tokens: {default: 99}}"
    acme = package(tmp_path, ("chat:", f"config: {said}\nchat:"))
    settings = acme.AcmeProvider().settings
    assert (settings.idle_timeout, settings.max_output_tokens) == (30, 99)
    assert (asked(acme)["idle_timeout"].prompt, asked(acme)["idle_timeout"].default) == ("How long?", "30")
    assert asked(acme)["max_tokens"].default == "99"
    monkeypatch.setenv("ACME_IDLE", "7")
    assert acme.AcmeProvider().settings.idle_timeout == 7
