"""Response formats that a model does not have: asked for in words instead, and said so in the response."""

import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Literal

from amplifier_core.message_models import Degradation

from .call import Call

__all__ = ["settle_format"]

log = logging.getLogger(__name__)

_ANY_JSON = "Answer with one JSON value and nothing else: no explanation, no code fence."
_BY_SCHEMA = "Answer with one JSON value that fits this JSON Schema, and nothing else: no explanation, no code fence."


def settle_format(call: Call, known: Sequence[tuple[str, Collection[str]]]) -> tuple[Call, Degradation | None]:
    """Return the call with a format that its model has, and what was given up for it, None if nothing was.

    `known` are the formats by pattern of model ids; the first that fits decides. What the model cannot be made to keep
    to stands in the system's words.
    """
    asked = call.response_format
    if asked in (None, "text"):
        return call, None
    formats = next((formats for pattern, formats in known if fnmatchcase(call.model, pattern)), ())
    if asked in formats:
        return call, None
    log.warning("%s has no response format %s; it is asked for in words", call.model, asked)
    instruction = _ANY_JSON
    if call.schema is not None:
        instruction = f"{_BY_SCHEMA}\n\n{json.dumps(call.schema, ensure_ascii=False)}"
    system = f"{call.system}\n\n{instruction}" if call.system else instruction
    actual: Literal["json"] | None = "json" if "json" in formats else None
    settled = replace(call, system=system, response_format=actual, schema=None, strict=None)
    reason = f"{call.model} has no response format {asked}"
    return settled, Degradation(requested=str(asked), actual=actual or "text", reason=reason)
