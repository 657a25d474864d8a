"""Values of a mapping as text: in URLs and headers, in the forms of a set-up, in tables."""

import json

from providergen.mapping.model import Default

__all__ = ["as_text"]


def as_text(value: Default) -> str:
    """Return a value as people and vendors write it: truth in small letters, a list as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else str(value)
