"""The plan of the provider itself: all that the package does beside translating."""

import re
from dataclasses import dataclass

from providergen.check import Checked
from providergen.mapping import Catalog, Mapping
from providergen.mapping.model import Default
from providergen.mapping.requests import request_words
from providergen.mapping.shape import holes
from providergen.plan.provider.address import AddressPlan, AuthPlan, environment, plan_address, plan_auth
from providergen.plan.provider.errors import ErrorTables, plan_errors
from providergen.plan.provider.models import KnownModel, ModelsPlan, known_models, plan_models
from providergen.plan.provider.options import COMMON_DEFAULTS, Option, known_keys, own_options
from providergen.plan.provider.setup import Field, asked
from providergen.plan.provider.words import cache_ttls, capabilities, efforts, formats, tool_choices
from providergen.plan.writing import has_fixed_endpoint, has_fixed_headers

__all__ = ["ProviderPlan", "plan_provider"]

_SURE_OF_NO_MODEL = frozenset({"thinking", "vision"})


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
    tool_choices: tuple[str, ...]
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


def plan_provider(mapping: Mapping, checked: Checked, catalog: Catalog | None) -> ProviderPlan:
    """Return the plan of a mapping that was held against its document."""
    vendor, stream = mapping.vendor, mapping.stream
    own, taken = own_options(mapping, checked), request_words(mapping)
    auth = plan_auth(vendor.auth)
    address = plan_address(mapping, checked)
    configured = {key: said.default for key, said in mapping.config.items() if said.default is not None}
    defaults: dict[str, Default] = {**COMMON_DEFAULTS, **mapping.defaults, **configured}
    model = defaults.get("default_model", defaults.get("model"))
    return ProviderPlan(
        id=vendor.id,
        display_name=vendor.name,
        auth=auth,
        address=address,
        default_model=str(model) if model is not None else None,
        defaults=defaults,
        taken=taken,
        efforts=efforts(mapping, checked),
        tool_choices=tool_choices(mapping, checked),
        cache_ttls=cache_ttls(mapping),
        options=own,
        known_keys=known_keys(mapping, own),
        fields=asked(mapping, checked, own, address),
        env=tuple(environment(mapping, auth, address)),
        framing=stream.framing.replace("-", "_") if stream else None,
        done=stream.done if stream else None,
        formats=formats(mapping),
        ends_with_word=_ends_with_word(mapping),
        call_headers=bool(mapping.chat.headers),
        endpoint="ENDPOINT" if has_fixed_endpoint(mapping) else "endpoint(call)",
        headers="HEADERS" if has_fixed_headers(mapping) else "headers(call)",
        reads_error=mapping.error is not None,
        errors=plan_errors(mapping),
        totals=tuple(mapping.totals.items()),
        models=plan_models(mapping, checked),
        capabilities=tuple(capabilities(mapping, taken)),
        catalog=tuple(known_models(catalog)),
        hooks=mapping.hooks,
    )


def _ends_with_word(mapping: Mapping) -> bool:
    """Tell whether some event of the stream carries the finish reason."""
    if mapping.stream is None:
        return False
    said = {hole.name for event in mapping.stream.events for hole in holes(event.shape)}
    if "response" in said:
        said |= {hole.name for hole in holes(mapping.response)}
    return "finish_reason" in said
