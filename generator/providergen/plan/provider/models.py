"""The models of a vendor: how they are listed, and what the catalog knows of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote, urlencode

from providergen.check import Checked
from providergen.mapping import Catalog, Mapping
from providergen.mapping.shape import Constant, Entry, Hole
from providergen.plan.code import Function
from providergen.plan.texts import as_text
from providergen.plan.writing import listing_functions, listing_headers

__all__ = ["KnownModel", "ModelsPlan", "known_models", "plan_models"]

_IN_PRICES = ("input", "output", "cache_read", "cache_write")


@dataclass(frozen=True, slots=True)
class ModelsPlan:
    """How models are listed: path, query and headers that never change.

    `functions` are those that take the place of what depends on the configuration. `next_parameter` is the query
    parameter that asks for the next page, None if all models are on one.
    """

    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    next_parameter: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    functions: tuple[Function, ...] = ()

    @property
    def whole_path(self) -> str | None:
        """The path with its query if both are always the same, None if not."""
        if self.next_parameter is not None or self.configured & {"_path", "_query"}:
            return None
        return f"{self.path}?{urlencode(self.query, quote_via=quote)}" if self.query else self.path

    @property
    def configured(self) -> frozenset[str]:
        """The names of the functions."""
        return frozenset(function.name for function in self.functions)


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One entry of the catalog; `prices` pairs the fields of `Prices` with US dollars per million tokens."""

    match: str
    source: str
    display_name: str | None
    context_window: int | None
    max_output_tokens: int | None
    capabilities: tuple[str, ...] | None
    prices: tuple[tuple[str, Decimal], ...]


def plan_models(mapping: Mapping, checked: Checked) -> ModelsPlan | None:
    """Return how models are listed, None if the mapping does not say."""
    models, operation = mapping.models, checked.operations.models
    if models is None or operation is None:
        return None
    query = tuple(_constants(models.call.query))
    following = (
        entry.key for entry in models.call.query if isinstance(entry.shape, Hole) and entry.shape.name == "next"
    )
    parameter = next(following, None)
    path = quote(operation.path, safe="/:{}")
    return ModelsPlan(
        path,
        query,
        tuple(_constants(listing_headers(mapping))),
        parameter,
        models.include,
        models.exclude,
        listing_functions(mapping, checked),
    )


def _constants(entries: tuple[Entry, ...]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if isinstance(entry.shape, Constant) and entry.shape.value is not None:
            yield entry.key, as_text(entry.shape.value)


def known_models(catalog: Catalog | None) -> Iterator[KnownModel]:
    """Yield the entries of the catalog."""
    for model in catalog.models if catalog else ():
        prices = model.prices
        named = {name: getattr(prices, name) for name in _IN_PRICES} if prices else {}
        yield KnownModel(
            model.match,
            model.source or "",
            model.display_name,
            model.context_window,
            model.max_output_tokens,
            tuple(model.capabilities) if model.capabilities is not None else None,
            tuple((name, price) for name, price in named.items() if price is not None),
        )
