"""Where a vendor answers, and where the key goes that it asks for."""

from collections.abc import Iterator
from dataclasses import dataclass

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.model import Auth
from providergen.mapping.requests import missing_for
from providergen.mapping.shape import Constant, Hole, Text

__all__ = ["AddressPlan", "AuthPlan", "environment", "plan_address", "plan_auth"]


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


def plan_auth(auth: Auth | None) -> AuthPlan | None:
    """Return where the key goes, None if there is none."""
    if auth is None:
        return None
    name = "authorization" if auth.kind == "bearer" else auth.name or ""
    return AuthPlan(auth.kind, name, auth.env, auth.optional or auth.kind == "scheme")


def plan_address(mapping: Mapping, checked: Checked) -> AddressPlan:
    """Return the base URL: what the mapping says, else the first server of the document that can be used."""
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


def environment(mapping: Mapping, auth: AuthPlan | None, address: AddressPlan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the environment variables that stand in for a key of the configuration, in order of preference."""
    said = {key: field.env for key, field in mapping.config.items() if field.env and not missing_for(mapping, key)}
    if auth is not None and auth.env:
        yield "api_key", auth.env
    yield "base_url", address.env
    yield from ((key, (name,)) for key, name in said.items() if key not in ("api_key", "base_url"))
