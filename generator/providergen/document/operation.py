"""Operations of a document: parameters, bodies, responses and servers, references followed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from providergen.document.references import Location
from providergen.document.schema import Schema, Schemas

__all__ = ["METHODS", "Operation", "Parameter"]

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_STREAMS: Final = frozenset(
    ("text/event-stream", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines",
     "application/stream+json", "application/json-seq", "application/vnd.amazon.eventstream")
)  # fmt: skip
_SUCCESS: Final = re.compile(r"2(?:\d\d|XX)", re.IGNORECASE)


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation; `location` is path, query, header or cookie."""

    name: str
    location: str
    required: bool
    schema: Schema | None
    pointer: str


class Operation:
    """One method of one path."""

    def __init__(self, schemas: Schemas, path: str, method: str, at: Location) -> None:
        """`at` is where the operation stands, after a reference at the path."""
        self._schemas = schemas
        self._references = schemas.references
        self.path = path
        self.method = method.upper()
        self.location = at
        found = self._references.node(at)
        self._node: dict[str, Any] = found if isinstance(found, dict) else {}

    def __repr__(self) -> str:
        return f"Operation({str(self)!r})"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def pointer(self) -> str:
        """JSON Pointer of the operation."""
        return str(self.location)

    @property
    def id(self) -> str | None:
        """Its operationId."""
        found = self._node.get("operationId")
        return found if isinstance(found, str) else None

    @property
    def description(self) -> str | None:
        """What the document says it does."""
        texts = (self._node.get(key) for key in ("description", "summary"))
        return next((text for text in texts if isinstance(text, str)), None)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters and those of its path; its own replace those of the path."""
        found: dict[tuple[str, str], Parameter] = {}
        for owner in (Location(self.location.file, self.location.pointer.rpartition("/")[0]), self.location):
            for site in self._listed(owner, "parameters"):
                at, node = self._at(site)
                if isinstance(node.get("name"), str) and isinstance(node.get("in"), str):
                    key = node["name"], node["in"]
                    found[key] = Parameter(*key, node.get("required") is True, self._value(at, node), str(at))
        return tuple(found.values())

    @cached_property
    def request(self) -> Schema | None:
        """The JSON body of the request, None if there is none."""
        at, node = self._at(self.location.below("requestBody"))
        content = node.get("content")
        if not isinstance(content, dict):
            return None
        names = sorted((name for name in content if _is_json(name)), key=lambda name: _bare(name) != "application/json")
        return self._media(at.below("content", names[0])) if names else None

    @cached_property
    def request_required(self) -> bool:
        """Whether there must be a body."""
        return self._at(self.location.below("requestBody"))[1].get("required") is True

    @cached_property
    def responses(self) -> Mapping[str, Mapping[str, Schema]]:
        """Schemas by status ("200", "4XX", "default") and content type; what has no schema is left out."""
        listed = self._node.get("responses")
        found: dict[str, dict[str, Schema]] = {}
        for status in listed if isinstance(listed, dict) else ():
            at, node = self._at(self.location.below("responses", status))
            content = node.get("content")
            media = (
                {name: self._media(at.below("content", name)) for name in content} if isinstance(content, dict) else {}
            )
            found[status] = {name: schema for name, schema in media.items() if schema is not None}
        return found

    def response(self, *, stream: bool = False) -> Schema | None:
        """Return the schema of a success as JSON, or of what a stream of it is made of; None if it has none."""
        for content in self._successes():
            for name, schema in content.items():
                if (_bare(name) in _STREAMS) if stream else _is_json(name):
                    return schema
        return None

    @cached_property
    def servers(self) -> tuple[str, ...]:
        """The URLs of the servers as the document has them (perhaps relative), variables replaced by their defaults."""
        for owner in (
            self.location,
            Location(self.location.file, self.location.pointer.rpartition("/")[0]),
            Location("", ""),
        ):
            if sites := self._listed(owner, "servers"):
                urls = (_url(self._references.node(site)) for site in sites)
                return tuple(url for url in urls if url is not None)
        return ()

    def _successes(self) -> Iterator[Mapping[str, Schema]]:
        """Yield the contents of the successful responses, 200 first and default last."""
        statuses = [status for status in self.responses if _SUCCESS.fullmatch(status)]
        for status in sorted(statuses, key=lambda status: status != "200"):
            yield self.responses[status]
        yield self.responses.get("default", {})

    def _listed(self, owner: Location, key: str) -> list[Location]:
        node = self._references.node(owner)
        listed = node.get(key) if isinstance(node, dict) else None
        return [owner.below(key, index) for index in range(len(listed))] if isinstance(listed, list) else []

    def _at(self, site: Location) -> tuple[Location, dict[str, Any]]:
        """Return where an object is defined and the object, an empty one if there is none."""
        at = self._references.resolve(site)
        node = self._references.node(at) if at else None
        return at or site, node if isinstance(node, dict) else {}

    def _value(self, at: Location, node: dict[str, Any]) -> Schema | None:
        """Return the schema of a parameter, which may stand under a content type."""
        if "schema" in node:
            return self._schemas.of(at.below("schema"))
        content = node.get("content")
        return self._media(at.below("content", next(iter(content)))) if isinstance(content, dict) and content else None

    def _media(self, site: Location) -> Schema | None:
        at, node = self._at(site)
        key = next((key for key in ("schema", "itemSchema") if key in node), None)
        return self._schemas.of(at.below(key)) if key else None


def _bare(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _is_json(content_type: str) -> bool:
    name = _bare(content_type)
    return name in ("application/json", "*/*", "application/*", "text/json") or (
        name.endswith("+json") and name not in _STREAMS
    )


def _url(server: Any) -> str | None:
    url = server.get("url") if isinstance(server, dict) else None
    if not isinstance(url, str):
        return None
    variables = server.get("variables")
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        if isinstance(variable, dict) and "default" in variable:
            url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url
