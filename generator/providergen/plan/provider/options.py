"""The options of a provider: those that only this vendor has, and all that a configuration may hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import ConfigField, Default
from providergen.mapping.shape import Hole, placed_holes
from providergen.mapping.vocabulary import COMMON_CONFIG
from providergen.plan.provider.words import calls, variants

__all__ = ["Option", "known_keys", "own_options", "said_of", "text_choices"]

Method = Literal["text", "choice", "flag", "integer", "number", "texts", "json", "value"]

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
_PARAMETERS = ("chat.", "stream.path", "stream.query", "stream.headers", "vendor.")


@dataclass(frozen=True, slots=True)
class Option:
    """An option that only this vendor has: `$config.key`. `reader` is the method of `Options` that reads it."""

    key: str
    reader: Method
    choices: tuple[str, ...]
    default: Default
    secret: bool


def own_options(mapping: Mapping, checked: Checked) -> tuple[Option, ...]:
    """Return the options that only this vendor has, in the order in which the mapping names them."""
    places = [place for variant in variants(mapping) for place in _places(variant)]
    found = [hole.name.removeprefix("config.") for _, hole in places if hole.name.startswith("config.")]
    common = {*COMMON_CONFIG, *_ALSO_COMMON}
    keys = [key for key in dict.fromkeys((*mapping.config, *found)) if key not in common]
    return tuple(
        _option(mapping, checked, key, [path for path, hole in places if hole.name == f"config.{key}"]) for key in keys
    )


def known_keys(own: tuple[Option, ...]) -> tuple[str, ...]:
    """Return all keys that a configuration may have, sorted."""
    return tuple(sorted({*COMMON_CONFIG, *_ALSO_COMMON, *(option.key for option in own)}))


def said_of(mapping: Mapping, key: str) -> ConfigField:
    """Return what the mapping says of a key of the configuration."""
    return mapping.config.get(key) or ConfigField(at=mapping.vendor.at)


def text_choices(said: ConfigField) -> tuple[str, ...]:
    """Return those choices of a key that are text."""
    return tuple(choice for choice in said.choices if isinstance(choice, str))


def _option(mapping: Mapping, checked: Checked, key: str, paths: list[str]) -> Option:
    said = said_of(mapping, key)
    choices = text_choices(said)
    reader = "choice" if choices and len(choices) == len(said.choices) else _reader(checked, paths, bool(said.secret))
    return Option(key, reader, choices, said.default, bool(said.secret))


def _reader(checked: Checked, paths: list[str], secret: bool) -> Method:
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


def _places(mapping: Mapping) -> Iterator[tuple[str, Hole]]:
    """Yield the holes of a request with their mapping paths."""
    yield from placed_holes(mapping.request, "request")
    if mapping.stream and mapping.stream.request:
        yield from placed_holes(mapping.stream.request, "stream.request")
    for name, call in calls(mapping):
        for part, entries in (("path", call.path), ("query", call.query), ("headers", call.headers)):
            for entry in entries:
                yield from placed_holes(entry.shape, f"{name}.{part}.{entry.key}")
    if mapping.vendor.base_url is not None:
        yield from placed_holes(mapping.vendor.base_url, "vendor.base_url")
