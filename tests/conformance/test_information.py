"""Information and constructor: C26 to C34."""

import inspect
import json
import os
import re

import pytest

from tests.conformance.bench import Bench, chat
from tests.conformance.subject import NOBODY, Subject

SHOW_WHEN = re.compile(r"(contains:|not_contains:)?[^:]+")


def test_c26_info_needs_neither_network_nor_key(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in subject.variables:
        monkeypatch.delenv(name, raising=False)
    assert not inspect.iscoroutinefunction(subject.provider.get_info)
    for config in (
        {},
        {"base_url": NOBODY},
        {"default_model": "unheard-of"},
        {"base_url": "no address", "timeout": "x"},
    ):
        assert subject.bare(**config).get_info().id == subject.name


def test_c27_id_and_display_name_say_something(subject: Subject) -> None:
    assert subject.info.id.strip() and subject.info.display_name.strip()


def test_c28_sizes_are_those_of_the_configured_model(subject: Subject) -> None:
    for model, known in subject.families.items():
        defaults = subject.bare(default_model=model).get_info().defaults
        listed = subject.listed(default_model=model)[model]
        for name in ("context_window", "max_output_tokens"):
            assert type(defaults.get(name, 0)) is int
            assert defaults.get(name) == known.get(name)
            assert getattr(listed, name) == known.get(name, 0)  # 0 is what nobody knows


def test_c29_default_model_is_told(subject: Subject) -> None:
    assert isinstance(subject.info.defaults["model"], str)
    assert subject.bare(default_model="some-model").get_info().defaults["model"] == "some-model"


def test_c30_defaults_are_json(subject: Subject) -> None:
    assert json.loads(json.dumps(subject.info.defaults, allow_nan=False)) == subject.info.defaults


def test_c31_fields_are_legal_and_name_the_key(subject: Subject) -> None:
    for field in subject.info.config_fields:
        assert field.field_type in ("text", "secret", "choice", "boolean")
        assert field.default is None or isinstance(field.default, str)
        assert (field.field_type == "choice") == bool(field.choices)
    secrets = [field for field in subject.info.config_fields if field.field_type == "secret" and field.required]
    assert len(secrets) == subject.needs_key
    assert {field.env_var for field in secrets} <= set(subject.info.credential_env_vars)


def test_c32_no_field_asks_for_the_model(subject: Subject) -> None:
    for field in subject.info.config_fields:
        assert field.id not in ("model", "default_model")
        assert SHOW_WHEN.fullmatch((field.show_when or {}).get("default_model", "any"))


def test_c33_built_without_key_and_configuration(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in subject.variables:
        monkeypatch.delenv(name, raising=False)
    forms: list[dict[str, object]] = [{"api_key": "", "config": {}}, {"config": {}}, {}]
    assert any(_builds(subject, form) for form in forms)
    assert subject.bare().name == subject.name


async def test_c34_base_url_comes_from_the_environment(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    (field,) = (field for field in bench.subject.info.config_fields if field.id == "base_url")
    async with bench.serving("a text") as server:
        monkeypatch.setenv(field.env_var, server.url)
        assert os.environ[field.env_var] == server.url
        assert await bench.provider(base_url="").complete(chat())


def _builds(subject: Subject, form: dict[str, object]) -> bool:
    """Return whether the set-up can build the class so; it takes these three errors for another signature."""
    try:
        subject.provider(**form)
    except (TypeError, ValueError, RuntimeError):
        return False
    return True
