"""Plan `config.py`: which options a provider has, what their values are, and what its set-up asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import Call, ConfigField, Default
from providergen.mapping.shape import Hole, Shape, holes, placed_holes
from providergen.mapping.vocabulary import CACHE_TTLS, COMMON_CONFIG, EFFORTS

__all__ = ["Field", "Option", "asked", "cache_ttls", "efforts", "known_keys", "own_options", "words"]

Reader = Literal["text", "choice", "flag", "integer", "number", "texts", "json", "value"]

# What amplifier's applications write into every provider's configuration, and names that other providers have.
_ALSO_COMMON = (
    "connect_timeout",
    "debug",
    "enable_prompt_caching",
    "idle_timeout",
    "instance_id",
    "max_tokens",
    "raw_debug",
)
_FLAGS = frozenset({"enable_prompt_caching", "raw", "retry_jitter", "use_streaming"})
_PARAMETERS = ("chat.", "stream.path", "stream.query", "stream.headers", "vendor.")


@dataclass(frozen=True, slots=True)
class Option:
    """An option that only this vendor has: `$config.key`. `reader` is the method of `Options` that reads it."""

    key: str
    reader: Reader
    choices: tuple[str, ...]
    default: Default
    secret: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the set-up; all values are text, as the command line wants them."""

    id: str
    display_name: str
    type: Literal["text", "secret", "choice", "boolean"]
    prompt: str
    env: str | None
    choices: tuple[str, ...]
    required: bool
    default: str | None
    requires_model: bool


def words(mapping: Mapping) -> frozenset[str]:
    """Return the words of all holes that a request is written from, overlays for models included."""
    variants = _variants(mapping)
    found = {hole.name for variant in variants for shape in _written(variant) for hole in holes(shape)}
    marked = any(block.kind == "cache" for variant in variants for block in variant.blocks)
    return frozenset(found | {"cache"} if marked else found)


def own_options(mapping: Mapping, checked: Checked) -> tuple[Option, ...]:
    """Return the options that only this vendor has, in the order in which the mapping names them."""
    places = [place for variant in _variants(mapping) for place in _places(variant)]
    found = [hole.name.removeprefix("config.") for _, hole in places if hole.name.startswith("config.")]
    common = {*COMMON_CONFIG, *_ALSO_COMMON}
    keys = [key for key in dict.fromkeys((*mapping.config, *found)) if key not in common]
    return tuple(
        _option(mapping, checked, key, [path for path, hole in places if hole.name == f"config.{key}"]) for key in keys
    )


def known_keys(own: tuple[Option, ...]) -> tuple[str, ...]:
    """Return all keys that a configuration may have, sorted."""
    return tuple(sorted({*COMMON_CONFIG, *_ALSO_COMMON, *(option.key for option in own)}))


def efforts(mapping: Mapping) -> tuple[str, ...]:
    """Return Amplifier's words for the reasoning effort that this vendor has one for."""
    return _keys(mapping, "reasoning_effort") or EFFORTS


def cache_ttls(mapping: Mapping) -> tuple[str, ...]:
    """Return how long cache breakpoints may live."""
    return _keys(mapping, "cache") or CACHE_TTLS


def asked(mapping: Mapping, own: tuple[Option, ...], base_url: str | None, base_url_env: str) -> tuple[Field, ...]:
    """Return what the set-up asks, the key first."""
    return tuple(_asked(mapping, own, base_url, base_url_env))


def _asked(mapping: Mapping, own: tuple[Option, ...], base_url: str | None, base_url_env: str) -> Iterator[Field]:
    name, taken = mapping.vendor.name, words(mapping)
    auth = mapping.vendor.auth
    if auth is not None and auth.kind != "scheme":
        prompt = _said(mapping, "api_key").prompt or f"API key of {name}"
        yield Field(
            "api_key",
            "API key",
            "secret",
            prompt,
            auth.env[0] if auth.env else None,
            (),
            not auth.optional,
            None,
            False,
        )
    for option in own:
        yield _own_field(mapping, option)
    address = _said(mapping, "base_url")
    yield Field(
        "base_url",
        "Base URL",
        "text",
        address.prompt or f"Base URL of {name}",
        base_url_env,
        (),
        bool(address.required),
        base_url,
        False,
    )
    if "reasoning_effort" in taken:
        said = _said(mapping, "reasoning_effort")
        default = _text(said.default if said.default is not None else mapping.defaults.get("reasoning_effort"))
        prompt = said.prompt or "How hard the model shall think"
        yield Field(
            "reasoning_effort", "Reasoning effort", "choice", prompt, said.env, efforts(mapping), False, default, True
        )
    if "cache" in taken:
        prompt = "Let the vendor cache what stays the same between requests?"
        yield Field("enable_prompt_caching", "Prompt caching", "boolean", prompt, None, (), False, "true", False)
    for key, said in mapping.config.items():
        if key in COMMON_CONFIG and key not in ("api_key", "base_url", "reasoning_effort", "default_model"):
            yield _common_field(key, said)


def _own_field(mapping: Mapping, option: Option) -> Field:
    said = _said(mapping, option.key)
    types: dict[str, Literal["choice", "boolean"]] = {"choice": "choice", "flag": "boolean"}
    label = option.key.replace("_", " ").capitalize()
    return Field(
        option.key,
        label,
        "secret" if option.secret else types.get(option.reader, "text"),
        said.prompt or label,
        said.env,
        option.choices,
        bool(said.required),
        _text(option.default),
        False,
    )


def _common_field(key: str, said: ConfigField) -> Field:
    label = key.replace("_", " ").capitalize()
    choices = tuple(choice for choice in said.choices if isinstance(choice, str))
    type_: Literal["text", "choice", "boolean"] = "choice" if choices else "boolean" if key in _FLAGS else "text"
    prompt = said.prompt or label
    return Field(key, label, type_, prompt, said.env, choices, bool(said.required), _text(said.default), False)


def _option(mapping: Mapping, checked: Checked, key: str, paths: list[str]) -> Option:
    said = _said(mapping, key)
    choices = tuple(choice for choice in said.choices if isinstance(choice, str))
    reader = "choice" if choices and len(choices) == len(said.choices) else _reader(checked, paths, bool(said.secret))
    return Option(key, reader, choices, said.default, bool(said.secret))


def _reader(checked: Checked, paths: list[str], secret: bool) -> Reader:
    """Return how to read an option from the types of the places where its value goes."""
    schemas = [schema for path in paths for schema in checked.written.get(path, ())]
    types = {schema.type for schema in schemas}
    if secret or (not types and any(path.startswith(_PARAMETERS) for path in paths)):
        return "text"
    if not types or None in types:
        return "value"
    if types == {"boolean"}:
        return "flag"
    if types == {"integer"}:
        return "integer"
    if types <= {"integer", "number"}:
        return "number"
    if types == {"string"}:
        return "text"
    if types == {"array"} and all(schema.items and schema.items.type == "string" for schema in schemas):
        return "texts"
    return "json" if types <= {"object", "array"} else "value"


def _said(mapping: Mapping, key: str) -> ConfigField:
    return mapping.config.get(key) or ConfigField(at=mapping.vendor.at)


def _text(value: Default) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _keys(mapping: Mapping, table: str) -> tuple[str, ...]:
    tables = [found for variant in _variants(mapping) if (found := variant.tables.get(table))]
    return tuple(dict.fromkeys(row.key for found in tables for row in found.rows))


def _variants(mapping: Mapping) -> list[Mapping]:
    return [mapping, *(variant for _, variant in mapping.for_model)]


def _written(mapping: Mapping) -> Iterator[Shape]:
    """Yield every shape that requests are written from."""
    yield mapping.request
    yield from mapping.message.values()
    yield from (block.shape for block in mapping.blocks)
    if mapping.tool is not None:
        yield mapping.tool
    for name in ("tool_choice", "response_format", "reasoning_effort"):
        table = mapping.tables.get(name)
        yield from (value for row in (table.rows if table else ()) for value in row.values)
    if mapping.stream and mapping.stream.request:
        yield mapping.stream.request
    for _, call in _calls(mapping):
        yield from (entry.shape for entry in (*call.path, *call.query, *call.headers))


def _calls(mapping: Mapping) -> Iterator[tuple[str, Call]]:
    yield "chat", mapping.chat
    if mapping.stream and mapping.stream.call:
        yield "stream", mapping.stream.call


def _places(mapping: Mapping) -> Iterator[tuple[str, Hole]]:
    """Yield the holes of a request with their mapping paths."""
    yield from placed_holes(mapping.request, "request")
    if mapping.stream and mapping.stream.request:
        yield from placed_holes(mapping.stream.request, "stream.request")
    for name, call in _calls(mapping):
        for part, entries in (("path", call.path), ("query", call.query), ("headers", call.headers)):
            for entry in entries:
                yield from placed_holes(entry.shape, f"{name}.{part}.{entry.key}")
    if mapping.vendor.base_url is not None:
        yield from placed_holes(mapping.vendor.base_url, "vendor.base_url")
