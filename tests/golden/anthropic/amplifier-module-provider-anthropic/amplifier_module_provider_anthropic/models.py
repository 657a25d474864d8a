"""The models of Anthropic: which there are, and what Amplifier is told of them."""

from urllib.parse import urlencode

from amplifier_core.models import ModelInfo

from . import catalog
from .errors import stream_error
from .http import Http
from .listing import ModelCard, ModelPage
from .response import read_error, read_models

__all__ = ["known_models", "listed_models", "model_info"]

_PATH = "/v1/models"
_HEADERS = {
    "anthropic-version": "2023-06-01",
}
_QUERY = {
    "limit": "1000",
}
_MOST_PAGES = 50


async def listed_models(http: Http) -> list[ModelCard]:
    """Return the models that the API lists."""
    cards: list[ModelCard] = []
    query = dict(_QUERY)
    for _ in range(_MOST_PAGES):
        page = await _page(http, f"{_PATH}?{urlencode(query)}")
        cards += page.models
        if page.next is None or page.more is False or page.next == query.get("after_id"):
            break
        query["after_id"] = page.next
    return cards


async def _page(http: Http, path: str) -> ModelPage:
    """Return a page of the list; an error may come in its place, with a good status."""
    async with http.open("GET", path, headers=_HEADERS) as reply:
        body = await reply.json()
    page = read_models(body)
    if not page.models and (detail := read_error(body)):
        raise stream_error(detail)
    return page


def known_models(default_model: str) -> list[ModelCard]:
    """Return the models that are known without asking: the configured one and those of the catalog."""
    ids = [known.match for known in catalog.MODELS if known.is_one_model]
    return [ModelCard(id_) for id_ in dict.fromkeys((default_model, *ids)) if id_]


def model_info(card: ModelCard) -> ModelInfo:
    """Return a model as Amplifier lists it: from the API first, then from the catalog; 0 is what neither tells."""
    known = catalog.facts(card.id) or catalog.UNKNOWN
    return ModelInfo(
        id=card.id,
        display_name=card.display_name or known.display_name or card.id,
        context_window=card.context_window or known.context_window or 0,
        max_output_tokens=card.max_output_tokens or known.max_output_tokens or 0,
        capabilities=sorted(known.capabilities or ("tools", "streaming", "json_mode")),
        **catalog.pricing(known),
    )
