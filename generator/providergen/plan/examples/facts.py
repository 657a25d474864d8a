"""Facts that packages and checks of them are held against, from the mapping and the document alone."""

from collections.abc import Iterator, Sequence
from typing import Any

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import BlockShape
from providergen.mapping.requests import variants
from providergen.mapping.shape import holes
from providergen.plan.provider.setup import Field

__all__ = ["facts"]

_CHOSEN = ("stop", "tool_choice", "top_p")
_IMAGES = {"data": "image_data", "url": "image_url"}


def facts(mapping: Mapping, checked: Checked, asked: Sequence[Field]) -> dict[str, Any]:
    """Return what the API has, as JSON: `framing`, `key` and `takes`; and `setup`, what the set-up asks for.

    `framing` is that of its streams, None if it has none. `key` is "needed", "optional", or None where there is none.
    `takes` are the words of Amplifier's requests that it has a place for, for some model at least: `image_data`,
    `image_url`, `stop`, `tool_choice`, `top_p`. `setup` are the questions `asked` in their order, each with those
    fields of the kernel's `ConfigField` that say something.
    """
    written = {hole.name for variant in variants(mapping) for hole in holes(variant.request)}
    shown = {hole.name for block in _sent(mapping, checked) if block.kind == "image" for hole in holes(block.shape)}
    auth = mapping.vendor.auth
    key = None if auth is None or auth.kind == "scheme" else "optional" if auth.optional else "needed"
    return {
        "framing": mapping.stream.framing if mapping.stream else None,
        "key": key,
        "takes": sorted([*written.intersection(_CHOSEN), *(_IMAGES[name] for name in shown.intersection(_IMAGES))]),
        "setup": [_question(field) for field in asked],
    }


def _sent(mapping: Mapping, checked: Checked) -> Iterator[BlockShape]:
    """Yield the blocks that have a place in a message."""
    placed = {path for slot, paths in checked.slots.items() if slot.startswith("message.") for path in paths}
    yield from (block for block in mapping.blocks if block.path in placed)


def _question(field: Field) -> dict[str, Any]:
    """Return a question under the kernel's names for its parts."""
    said = {
        "id": field.id,
        "display_name": field.display_name,
        "field_type": field.type,
        "prompt": field.prompt,
        "env_var": field.env,
        "choices": list(field.choices) or None,
        "required": field.required,
        "default": field.default,
        "requires_model": field.requires_model,
    }
    return {name: value for name, value in said.items() if value is not None}
