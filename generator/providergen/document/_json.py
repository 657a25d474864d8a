"""Where the nodes of a JSON text stand; only for text that json.loads has accepted."""

import json
import re
from collections.abc import Iterator
from typing import Final

__all__ = ["is_json", "marks"]

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def is_json(text: str) -> bool:
    """Whether the text is JSON (and not YAML that begins with a bracket)."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def marks(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield what stands where: "{", "[", "end", "key" with its text, "value"; the offset of its first character."""
    in_map: list[bool] = []
    key_next = False
    for token in _TOKEN.finditer(text):
        kind = text[token.start()]
        if kind in "{[":
            in_map.append(kind == "{")
            key_next = in_map[-1]
            yield kind, "", token.start()
        elif kind in "}]":
            in_map.pop()
            key_next = False
            yield "end", "", token.start()
        elif kind == ",":
            key_next = in_map[-1]
        elif kind == ":":
            key_next = False
        elif key_next:
            yield "key", json.loads(token.group()), token.start()
        else:
            yield "value", "", token.start()
