"""A mapping as values: what every later stage reads (docs/mapping.md, "Sections")."""

from collections import abc
from dataclasses import dataclass, field
from typing import Any

from providergen.diagnostics import Position
from providergen.mapping.shape import Entry, Hole, Object, Scalar, Shape
from providergen.mapping.vocabulary import LABELLED_TABLES

__all__ = [
    "Auth",
    "BlockShape",
    "Call",
    "ConfigField",
    "Default",
    "Event",
    "Limit",
    "Mapping",
    "Models",
    "Row",
    "Stream",
    "Table",
    "Unchecked",
    "Vendor",
]

Default = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Auth:
    """How a request proves who sends it.

    `kind` is `bearer`, `header`, `query` or `scheme`; `name` is the header, the query parameter or the scheme (None
    for `bearer`); `env` lists the environment variables that may hold the key, the first that is set wins; `options`
    are the further words of a scheme (`service: bedrock`); `optional`: the server also answers without a key.
    """

    kind: str
    name: str | None
    env: tuple[str, ...]
    options: abc.Mapping[str, str]
    at: Position
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who answers: names, address, key. Never inherited.

    `base_url` is a Constant or a Text with `config.x` holes; None takes the document's server. `auth` None: no key.
    """

    id: str
    name: str
    at: Position
    base_url: Shape | None = None
    base_url_env: tuple[str, ...] = ()
    auth: Auth | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """An operation of the document (`POST /path` or an operationId) and the shapes of its parameters."""

    operation: str
    at: Position
    path: tuple[Entry, ...] = ()
    query: tuple[Entry, ...] = ()
    headers: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockShape:
    """One form of a block: `[role.]kind[.label]`. `at` is where its key stands."""

    role: str | None
    kind: str
    label: str | None
    shape: Shape
    at: Position

    @property
    def path(self) -> str:
        """The mapping path, `block.assistant.text.refusal`."""
        return ".".join(part for part in ("block", self.role, self.kind, self.label) if part)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: Amplifier's value and the vendor's; the first of `values` is written, all are read."""

    key: str
    values: tuple[Shape, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Table:
    """Amplifier's values and the vendor's, in the order of the file."""

    rows: tuple[Row, ...]
    at: Position

    def get(self, key: str) -> Row | None:
        """Return the row of one of Amplifier's values, None if it is not listed."""
        return next((row for row in self.rows if row.key == key), None)


@dataclass(frozen=True, slots=True)
class Event:
    """One shape of a streamed event, under a name of our own."""

    name: str
    shape: Shape
    at: Position


@dataclass(frozen=True, slots=True)
class Stream:
    """The streamed form of the chat call.

    `framing` is `sse`, `ndjson` or `aws-eventstream`; `done` the text that ends the stream; `call` the operation with
    its parameters (already merged with `chat`), None if it is the same; `schema` the component that describes one event
    where the document does not link it; `request` the whole streamed body (already merged with the section `request`),
    None if it is the same as without streaming; `own` the part of it that the section `stream` states.
    """

    framing: str
    events: tuple[Event, ...]
    at: Position
    done: str | None = None
    call: Call | None = None
    schema: str | None = None
    request: Object | None = None
    own: Object | None = None


@dataclass(frozen=True, slots=True)
class Models:
    """The list of models: its operation, the shape of the answer, and which ids are kept (globs)."""

    call: Call
    response: Shape
    at: Position
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Why a place is not held against the document."""

    reason: str
    at: Position


@dataclass(frozen=True, slots=True)
class ConfigField:
    """What the mapping says about one configuration field; None or empty where it says nothing."""

    at: Position
    prompt: str | None = None
    env: str | None = None
    choices: tuple[Scalar, ...] = ()
    default: Default = None
    required: bool | None = None
    secret: bool | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule across fields of a request.

    Either `condition` and `drop` (while the request has that hole, other than `none`, these holes are not sent;
    `tool_choice.tool` means one value of a hole), or `lower` and `upper` (the number at vendor path `lower` stays below
    the one at `upper`). Vendor paths are the keys of the body.
    """

    reason: str
    at: Position
    condition: str | None = None
    drop: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    upper: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping with everything it extends merged in.

    `path` is the file as given; `extends` the names of what it extends, nearest first. `tables`, `totals`, `config`
    and the like have only the entries that the file (or one it extends) gives. `for_model` pairs a glob with the whole
    mapping in which that overlay is merged; the first glob that fits a model's id decides. `plain` is the merged file
    as plain values, overlays as they are written.
    """

    path: str
    extends: tuple[str, ...]
    vendor: Vendor
    chat: Call
    request: Object
    message: abc.Mapping[str, Shape]
    response: Shape
    merge: bool = False
    defaults: abc.Mapping[str, Default] = field(default_factory=dict)
    blocks: tuple[BlockShape, ...] = ()
    tool: Shape | None = None
    usage: Shape | None = None
    error: Shape | None = None
    tables: abc.Mapping[str, Table] = field(default_factory=dict)
    totals: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stream: Stream | None = None
    models: Models | None = None
    for_model: "tuple[tuple[str, Mapping], ...]" = ()
    unchecked: abc.Mapping[str, Unchecked] = field(default_factory=dict)
    config: abc.Mapping[str, ConfigField] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    hooks: tuple[str, ...] = ()
    eject: tuple[str, ...] = ()
    positions: abc.Mapping[str, Position] = field(default_factory=dict, compare=False, repr=False)
    plain: abc.Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def table(self, hole: Hole) -> Table | None:
        """Return the table that writes or reads a hole, None if its value goes through as it is.

        `$reasoning_effort.effort` has the table `reasoning_effort.effort`; other labels choose no table.
        """
        return self.tables.get(self.table_name(hole))

    def table_name(self, hole: Hole) -> str:
        """Return the name that the table of a hole has in `tables`, if there is one."""
        return f"{hole.name}.{hole.label}" if hole.label and hole.name in LABELLED_TABLES else hole.name

    def inherited(self, at: Position) -> bool:
        """Tell whether a node stands in a file that this one extends."""
        return at.path != self.path

    def position(self, place: str) -> Position:
        """Return where a section or one of its entries stands (`message`, `message.user`, `defaults.model`).

        A place that is not written anywhere gives the nearest place above it, at last the file as a whole.
        """
        while place and place not in self.positions:
            place = place.rpartition(".")[0]
        return self.positions.get(place, Position(self.path))
