"""Examples of models: pages of a vendor's list of them, and names for which a pattern stands."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from providergen.mapping import Mapping
from providergen.mapping.model import Models
from providergen.mapping.shape import holes
from providergen.plan.examples.layout import Layout, Values

__all__ = ["model_like", "pages"]

_SIZES = (("large", 200000, 64000), ("small", 100000, 8000))


def pages(mapping: Mapping, layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield a case of the last page of the list of models, and one of a page with another behind it, if it has pages.

    Each expects the models of the page, of which `listed` are the ids that are kept.
    """
    models = mapping.models
    if models is None:
        return
    told = {hole.name for hole in holes(models.response)}
    last = {"more": False, "next": "page-3"} if "more" in told else {}  # what is told of more counts first
    yield _page("models", _cards(models, ""), last, told, models, layout)
    if "next" in told:
        yield _page("models, and more", _cards(models, "next-"), {"next": "page-2", "more": True}, told, models, layout)


def model_like(glob: str) -> str:
    """Return the plainest name that a pattern fits."""
    return re.sub(r"\[!?(.)[^]]*\]", r"\1", glob).replace("?", "x").replace("*", "")


def _cards(models: Models, series: str) -> list[dict[str, Any]]:
    first = next((glob for glob in models.include if glob.endswith("*")), "model-*")
    return [
        {
            "id": f"{model_like(first)}{series}{size}",
            "display_name": f"Model {size}",
            "context_window": window,
            "max_output_tokens": most,
        }
        for size, window, most in _SIZES
    ]


def _page(
    name: str, cards: list[dict[str, Any]], page: dict[str, Any], told: set[str], models: Models, layout: Layout
) -> dict[str, Any]:
    reply = layout.laid(models.response, "models.response", Values(dict(page), cards=cards))
    expect = {
        "models": [{key: value for key, value in card.items() if key in told} for card in cards],
        "listed": [card["id"] for card in cards if not any(fnmatchcase(card["id"], glob) for glob in models.exclude)],
        **{key: value for key, value in page.items() if key in told},
    }
    return {"name": name, "kind": "models", "reply": reply, "expect": expect}
