"""Plan what is no translation: provider, configuration, catalog, models, errors, hooks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import Auth, Default
from providergen.mapping.shape import Constant, Entry, Hole, Scalar, Text, holes
from providergen.plan.provider.options import Field, Option, asked, cache_ttls, efforts, known_keys, own_options, words
from providergen.plan.writing import has_fixed_endpoint, has_fixed_headers

if TYPE_CHECKING:
    from providergen.mapping.catalog import Catalog

__all__ = ["AddressPlan", "AuthPlan", "ErrorTables", "KnownModel", "ModelsPlan", "ProviderPlan", "plan_provider"]

_IN_PRICES = ("input", "output", "cache_read", "cache_write")
_ALL_FORMATS = frozenset({"json", "json_schema"})
_SURE_OF_NO_MODEL = frozenset({"thinking", "vision"})


@dataclass(frozen=True, slots=True)
class AuthPlan:
    """Where the key goes: `kind` is `bearer`, `header`, `query` or `scheme`; `env` are the variables that hold it."""

    kind: str
    name: str
    env: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class AddressPlan:
    """The base URL: fixed (None if only the user knows it), or made of `options` put into the braces of `format`.

    `env` are the variables that replace it, the first that is set. `word` is the pattern that an option in it has to
    fit.
    """

    env: tuple[str, ...]
    fixed: str | None
    format: str = ""
    options: tuple[str, ...] = ()
    word: str = ""


@dataclass(frozen=True, slots=True)
class ModelsPlan:
    """How models are listed: path (with a fixed query if there is only one page), query and headers that never change.

    `next_parameter` is the query parameter that asks for the next page, None if all models are on one.
    """

    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    next_parameter: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrorTables:
    """The vendor's words for errors with Amplifier's: exact codes, exact types, patterns of texts, statuses."""

    codes: tuple[tuple[str | int, str], ...]
    types: tuple[tuple[str | int, str], ...]
    patterns: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[int, str], ...]

    def __bool__(self) -> bool:
        return bool(self.codes or self.types or self.patterns or self.statuses)


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


@dataclass(frozen=True, slots=True)
class ProviderPlan:
    """Everything that the package does beside translating.

    `framing` is the module that decodes the stream, None if the vendor does not stream; `ends_with_word`: a stream is
    complete only with a finish reason (or `done`). `reads_error`: bodies say what went wrong. `call_headers`: the call
    has headers of the vendor's own; `endpoint` and `headers` are the expressions for both, a constant or a call.
    `taken` are the words of Amplifier's request that the vendor takes, `formats` the response formats that it has, by
    pattern of model ids (empty: all models have all).
    """

    id: str
    display_name: str
    auth: AuthPlan | None
    address: AddressPlan
    default_model: str | None
    defaults: dict[str, Default]
    taken: frozenset[str]
    efforts: tuple[str, ...]
    cache_ttls: tuple[str, ...]
    options: tuple[Option, ...]
    known_keys: tuple[str, ...]
    fields: tuple[Field, ...]
    env: tuple[tuple[str, tuple[str, ...]], ...]
    framing: str | None
    done: str | None
    formats: tuple[tuple[str, tuple[str, ...]], ...]
    ends_with_word: bool
    call_headers: bool
    endpoint: str
    headers: str
    reads_error: bool
    errors: ErrorTables
    totals: tuple[tuple[str, tuple[str, ...]], ...]
    models: ModelsPlan | None
    capabilities: tuple[str, ...]
    catalog: tuple[KnownModel, ...]
    hooks: tuple[str, ...]

    @property
    def module_id(self) -> str:
        """Name of the module and of its entry point."""
        return f"provider-{self.id}"

    @property
    def package(self) -> str:
        """Import name of the package."""
        return f"amplifier_module_provider_{self.id.replace('-', '_')}"

    @property
    def request_names(self) -> list[str]:
        """What `request.py` gives to the provider, in the order of an import."""
        used = [self.endpoint, *([self.headers] if self.call_headers else [])]
        return sorted(["body", *(expression.removesuffix("(call)") for expression in used)])

    @property
    def class_name(self) -> str:
        """The name by which the command line looks for the class."""
        return f"{self.id.title().replace('-', '').replace('_', '')}Provider"

    @property
    def name_in_docs(self) -> str:
        """The vendor's name as it may stand in a docstring."""
        return re.sub(r"[^\w .,()&+/-]", "", self.display_name).strip() or self.id

    @property
    def no_key(self) -> str:
        """What to say when the key is missing."""
        env = " or ".join(self.auth.env) if self.auth else ""
        return f"no API key: set {f'{env} or ' if env else ''}api_key in the configuration"

    @property
    def no_base_url(self) -> str:
        """What to say when the address is missing."""
        parts = f"{', '.join(self.address.options)} or " if self.address.options else ""
        return f"no base URL: set {self.address.env[0]}, or {parts}base_url in the configuration"

    @property
    def needs_key(self) -> bool:
        """Whether nothing can be asked without a key."""
        return self.auth is not None and not self.auth.optional

    @property
    def secrets(self) -> tuple[str, ...]:
        """Configuration keys whose values must never be shown."""
        own = (option.key for option in self.options if option.secret)
        return (*(("api_key",) if self.auth else ()), *own)

    @property
    def has_prices(self) -> bool:
        """Whether the price of any model is known."""
        return any(model.prices for model in self.catalog)

    @property
    def surest_capabilities(self) -> tuple[str, ...]:
        """What can be said of a model that nobody knows: the API has it, and it does not depend on the model."""
        return tuple(word for word in self.capabilities if word not in _SURE_OF_NO_MODEL)

    def default(self, key: str, otherwise: Default = None) -> Default:
        """Return the default of a configuration key."""
        return self.defaults.get(key, otherwise)


def plan_provider(mapping: Mapping, checked: Checked, catalog: "Catalog | None") -> ProviderPlan:
    """Return the plan of a mapping that was held against its document."""
    vendor, stream = mapping.vendor, mapping.stream
    own, taken = own_options(mapping, checked), words(mapping)
    auth = _auth(vendor.auth)
    address = _address(mapping, checked)
    configured = {key: said.default for key, said in mapping.config.items() if said.default is not None}
    defaults: dict[str, Default] = {**mapping.defaults, **configured}
    model = defaults.get("default_model", defaults.get("model"))
    return ProviderPlan(
        id=vendor.id,
        display_name=vendor.name,
        auth=auth,
        address=address,
        default_model=str(model) if model is not None else None,
        defaults=defaults,
        taken=taken,
        efforts=efforts(mapping),
        cache_ttls=cache_ttls(mapping),
        options=own,
        known_keys=known_keys(own),
        fields=asked(mapping, own, address.fixed, address.env[0]),
        env=tuple(_env(mapping, auth, address)),
        framing=stream.framing.replace("-", "_") if stream else None,
        done=stream.done if stream else None,
        formats=_formats(mapping),
        ends_with_word=_ends_with_word(mapping),
        call_headers=bool(mapping.chat.headers),
        endpoint="ENDPOINT" if has_fixed_endpoint(mapping) else "endpoint(call)",
        headers="HEADERS" if has_fixed_headers(mapping) else "headers(call)",
        reads_error=mapping.error is not None,
        errors=_errors(mapping),
        totals=tuple(mapping.totals.items()),
        models=_models(mapping, checked),
        capabilities=tuple(_capabilities(mapping, taken)),
        catalog=tuple(_catalog(catalog)),
        hooks=mapping.hooks,
    )


def _formats(mapping: Mapping) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = [(glob, _formats_of(variant)) for glob, variant in (*mapping.for_model, ("*", mapping))]
    return () if all(set(formats) >= _ALL_FORMATS for _, formats in found) else tuple(found)


def _formats_of(mapping: Mapping) -> tuple[str, ...]:
    table = mapping.tables.get("response_format")
    asked = table is not None and any(hole.name == "response_format" for hole in holes(mapping.request))
    return tuple(row.key for row in table.rows) if table is not None and asked else ()


def _auth(auth: Auth | None) -> AuthPlan | None:
    if auth is None:
        return None
    name = "authorization" if auth.kind == "bearer" else auth.name or ""
    return AuthPlan(auth.kind, name, auth.env, auth.optional or auth.kind == "scheme")


def _address(mapping: Mapping, checked: Checked) -> AddressPlan:
    vendor = mapping.vendor
    env = vendor.base_url_env or (f"{vendor.id.upper().replace('-', '_')}_BASE_URL",)
    match vendor.base_url:
        case Constant(value=str(url)):
            return AddressPlan(env, url.rstrip("/"))
        case Text(parts=parts):
            pattern = "".join(
                "{}" if isinstance(part, Hole) else part.replace("{", "{{").replace("}", "}}") for part in parts
            )
            names = tuple(part.name.removeprefix("config.") for part in parts if isinstance(part, Hole))
            word = r"[\w.-]+" if isinstance(parts[0], str) else r"[\w.:/-]+"
            return AddressPlan(env, None, pattern.rstrip("/"), names, word)
        case Hole(name=name):
            return AddressPlan(env, None, "{}", (name.removeprefix("config."),), r"[\w.:/-]+")
    servers = checked.operations.chat.servers if checked.operations.chat else ()
    usable = (
        server.rstrip("/") for server in servers if server.startswith(("https://", "http://")) and "{" not in server
    )
    return AddressPlan(env, next(usable, None))


def _env(mapping: Mapping, auth: AuthPlan | None, address: AddressPlan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the environment variables that stand in for a key of the configuration, in order of preference."""
    said = {key: field.env for key, field in mapping.config.items() if field.env}
    if auth is not None and auth.env:
        yield "api_key", auth.env
    yield "base_url", address.env
    yield from ((key, (name,)) for key, name in said.items() if key not in ("api_key", "base_url"))


def _ends_with_word(mapping: Mapping) -> bool:
    """Tell whether some event of the stream carries the finish reason."""
    if mapping.stream is None:
        return False
    said = {hole.name for event in mapping.stream.events for hole in holes(event.shape)}
    if "response" in said:
        said |= {hole.name for hole in holes(mapping.response)}
    return "finish_reason" in said


def _errors(mapping: Mapping) -> ErrorTables:
    codes, types = _rows(mapping, "error_code"), _rows(mapping, "error_type")
    return ErrorTables(
        tuple((value, word) for value, word in codes if not _is_pattern(value)),
        tuple((value, word) for value, word in types if not _is_pattern(value)),
        tuple((str(value)[1:-1], word) for value, word in (*codes, *types) if _is_pattern(value)),
        tuple((value, word) for value, word in _rows(mapping, "error_status") if isinstance(value, int)),
    )


def _rows(mapping: Mapping, name: str) -> list[tuple[str | int, str]]:
    """Return the vendor's values of a table with Amplifier's; the first row that lists a value has it."""
    table = mapping.tables.get(name)
    found: dict[str | int, str] = {}
    for row in table.rows if table else ():
        for shape in row.values:
            if isinstance(shape, Constant) and isinstance(shape.value, str | int):
                found.setdefault(shape.value, row.key)
    return list(found.items())


def _is_pattern(value: str | int) -> bool:
    return isinstance(value, str) and len(value) > 2 and value[0] == value[-1] == "/"


def _models(mapping: Mapping, checked: Checked) -> ModelsPlan | None:
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
        f"{path}?{urlencode(query, quote_via=quote)}" if query and parameter is None else path,
        query,
        tuple({**dict(_constants(mapping.chat.headers)), **dict(_constants(models.call.headers))}.items()),
        parameter,
        models.include,
        models.exclude,
    )


def _constants(entries: tuple[Entry, ...]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if isinstance(entry.shape, Constant) and entry.shape.value is not None:
            yield entry.key, _text(entry.shape.value)


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _capabilities(mapping: Mapping, taken: frozenset[str]) -> Iterator[str]:
    """Yield the kernel's words for what the mapping can carry."""
    if mapping.tool is not None:
        yield "tools"
    if mapping.stream is not None:
        yield "streaming"
    if "reasoning_effort" in taken or any(block.kind == "thinking" for block in mapping.blocks):
        yield "thinking"
    if any(block.kind == "image" for block in mapping.blocks):
        yield "vision"
    if taken & {"response_format", "schema"}:
        yield "json_mode"


def _catalog(catalog: "Catalog | None") -> Iterator[KnownModel]:
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
