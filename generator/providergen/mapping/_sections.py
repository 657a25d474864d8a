"""The sections of a mapping: what each is for and what it may hold."""

from providergen.mapping._structure import Entries, Fields, Flag, Items, Number, Part, ShapeOf, Value, Word
from providergen.mapping.vocabulary import (
    BLOCK_KINDS,
    CACHE_TTLS,
    EFFORTS,
    HOOKS,
    LABELLED_TABLES,
    ROLES,
    TABLES,
    TOOL_CHOICES,
    USAGE_WORDS,
)

__all__ = ["BLOCK_KEY", "FILE", "OVERLAY"]

BLOCK_KEY = rf"(?:(?:{'|'.join(ROLES)})\.)?(?:{'|'.join(BLOCK_KINDS)})(?:\.\w+)?"
_ENV = r"[A-Za-z_][A-Za-z0-9_]*"
_HEADER = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_OPERATION = r"(?:(?:GET|POST|PUT|PATCH|DELETE) /\S*|[^\s/]+)"
_SUM = rf"\$(?:{'|'.join(USAGE_WORDS)})(?: *\+ *\$(?:{'|'.join(USAGE_WORDS)}))*"


def _env(told: str) -> Items:
    return Items(
        told, Word("Name of an environment variable.", "the name of an environment variable", pattern=_ENV), lone=True
    )


def _parameters(path: str, query: str, headers: str) -> dict[str, Part]:
    """Return the keys for the parameters of an operation; each argument names the scope of those values."""

    def shapes(of: str, scope: str) -> Entries:
        return Entries(f"Values of the operation's {of}.", ShapeOf("A value, usually with a hole.", scope, "value"))

    return {
        "path": shapes("path parameters, by their names in the path", path),
        "query": shapes("query parameters", query),
        "headers": shapes("headers beside the one that carries the key", headers),
    }


def _operation(what: str) -> Word:
    means = "an operation (a method and a path, `POST /v1/messages`, or an operationId)"
    return Word(f"The operation {what}: method and path, or its operationId.", means, pattern=_OPERATION)


def _table(section: str, told: str, left: str) -> Entries:
    words = TABLES[section]
    if section == "error_status":
        value: Part = Items(
            "The HTTP status, or a list of them.", Number("An HTTP status of an error.", 400, 599), lone=True
        )
        return Entries(told, value, words or ())
    scopes = {"tool_choice": "tool", "response_format": "json_schema"}
    holes = scopes.get(section)
    plain = Items(
        "The vendor's value; of a list the first is written and all are read.", ShapeOf("A value.", "value"), lone=True
    )
    special: tuple[tuple[str, Part], ...] = ()
    if holes:
        shape = ShapeOf("A value, with holes where it needs them.", f"{section}.{holes}")
        special = ((holes, Items("The vendor's value; of a list the first is written.", shape, lone=True)),)
    return Entries(f"{told} Left: {left}.", plain, words or (), special=special)


_VENDOR = Fields(
    "Who answers. Never inherited.",
    {
        "id": Word(
            "Short name; package, module and mount names come from it.",
            "a short name (small letters, digits, single hyphens; a letter first)",
            pattern=r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        ),
        "name": Word("Name for people.", "a name", pattern=r"[^\x00-\x1f\x7f]+"),
        "base_url": ShapeOf(
            "Address before the operation's path, if not the document's; may use ${config.x}.", "address", "value"
        ),
        "base_url_env": _env("Environment variable that replaces the address (or several, the first set counts)."),
        "auth": Fields(
            "How a request proves who sends it: one of bearer, header, query, scheme. Left out: no key is needed.",
            {
                "bearer": _env(
                    "Authorization: Bearer, with the key from this environment variable (or the first set of several)."
                ),
                "header": Word("Header that carries the key.", "the name of a header", pattern=_HEADER),
                "query": Word("Query parameter that carries the key.", "the name of a parameter", pattern=r"\S+"),
                "scheme": Word("A scheme with rules of its own.", choices=("aws-sigv4",)),
                "env": _env("Environment variable with the key (or several, the first that is set counts)."),
                "service": Word(
                    "Name of the service that aws-sigv4 signs for.", "the name of a service", pattern=r"[a-z0-9-]+"
                ),
                "optional": Flag("The server also answers without a key."),
            },
        ),
    },
    ("id", "name"),
)

_CALL = Fields(
    "The chat operation and its parameters.",
    {"operation": _operation("that answers a chat"), **_parameters("path", "request", "request")},
    ("operation",),
)

_DEFAULTS = Fields(
    "Values for request holes when Amplifier gives none; they become the configuration's defaults.",
    {
        "model": Word("The default model.", "a model's id", pattern=r"\S+"),
        "max_output_tokens": Number("Most tokens of an answer.", 1, 10_000_000),
        "temperature": Number("Randomness.", 0, 2, whole=False),
        "top_p": Number("Nucleus sampling.", 0, 1, whole=False),
        "stop": Items("Texts that end an answer.", Word("A text that ends an answer.")),
        "reasoning_effort": Word("How much the model thinks.", "an effort", choices=EFFORTS),
        "tool_choice": Word("Whether the model must use a tool.", "a choice", choices=TOOL_CHOICES),
        "cache": Word("How long a prompt stays cached.", "a time", choices=CACHE_TTLS),
    },
)

_MESSAGE = Entries(
    "Shape of a message per role; `merge: true` joins neighbours that differ in their lists only.",
    ShapeOf("The message as the vendor has it; a list is spliced into the list of messages.", "message"),
    ROLES,
    special=(
        ("merge", Flag("Join neighbouring messages whose keys other than lists are equal.")),
        ("tool", ShapeOf("The message that carries tool results.", "message.tool")),
    ),
)

_EVENTS = Entries(
    "Shapes of the events, under names of our own; every one that fits is applied.",
    ShapeOf("An event.", "events", "object", ("$response", "$response+")),
    pattern=r"\w+",
    called="a name of letters, digits and _",
)

_STREAM = Fields(
    "The streamed form of the chat call.",
    {
        "framing": Word("How events are told apart.", choices=("sse", "ndjson", "aws-eventstream")),
        "done": Word("Text that ends the stream instead of an event."),
        "operation": _operation("that streams, if another"),
        **_parameters("path", "request", "request"),
        "schema": Word("Name of the event's schema in the document, if the operation does not link it."),
        "request": ShapeOf("What the body has besides; merged over the section request.", "request", "object"),
        "events": _EVENTS,
    },
    ("framing", "events"),
)

_GLOBS = Items(
    "Patterns of model ids (* and ?).", Word("A pattern of model ids (* and ?).", "a pattern", pattern=r"\S+")
)
_MODELS = Fields(
    "The list of models.",
    {
        "operation": _operation("that lists the models"),
        **_parameters("models.path", "models.query", "models.headers"),
        "response": ShapeOf(
            "The answer, with $id and what else it tells; $next and $more page through it.", "models", "container"
        ),
        "include": _GLOBS,
        "exclude": _GLOBS,
    },
    ("operation", "response"),
)

_CONFIG = Entries(
    "What to say about configuration fields: those of $config.x and the common ones.",
    Fields(
        "One configuration field.",
        {
            "prompt": Word("Question for the person who configures the provider."),
            "env": Word("Environment variable with its value.", "the name of an environment variable", pattern=_ENV),
            "choices": Items("Its allowed values.", Value("An allowed value.")),
            "default": Value("Its value if none is given.", listed=True),
            "required": Flag("Whether the provider cannot work without it."),
            "secret": Flag("Whether it is never shown."),
        },
    ),
    pattern=r"[A-Za-z]\w*",
    called="a name of letters, digits and _",
)

_LIMITS = Items(
    "Rules across fields of a request.",
    Fields(
        "Either `while` with `drop`, or `below`.",
        {
            "while": Word("Request hole; the rule holds while it has a value other than none."),
            "drop": Items(
                "Request holes (or one value of a table, tool_choice.required) that are then not sent.", Word("A hole.")
            ),
            "below": Entries(
                "Vendor path of a number: vendor path of the number it stays below.", Word("A vendor path.")
            ),
            "reason": Word("Why, for the log and the README."),
        },
        ("reason",),
    ),
)

_SHAPES: dict[str, Part] = {
    "chat": _CALL,
    "defaults": _DEFAULTS,
    "request": ShapeOf("The body of the request.", "request", "object"),
    "message": _MESSAGE,
    "block": Entries(
        "Shape per block: [role.]kind[.label].",
        ShapeOf("The block as the vendor has it.", "block"),
        pattern=BLOCK_KEY,
        called=f"[role.]kind[.label] with one of the kinds {', '.join(BLOCK_KINDS)}",
    ),
    "tool": ShapeOf("A tool that is offered.", "tool", "object"),
    "tool_choice": _table(
        "tool_choice", "Whether the model must use a tool.", "auto, none, required or tool (a named one)"
    ),
    "response_format": _table("response_format", "The form of the answer.", "text, json or json_schema"),
    "reasoning_effort": _table("reasoning_effort", "How much the model thinks.", "Amplifier's efforts"),
    "media_type": _table("media_type", "Media types that the vendor spells its own way.", "the media type"),
    "is_error": _table("is_error", "Whether a tool failed.", "true or false"),
    "cache": _table("cache", "The mark of a prompt's cached part.", "how long it stays cached"),
    "response": ShapeOf("The body of the answer.", "response", "object"),
    "finish_reason": _table("finish_reason", "Why the answer ended.", "Amplifier's words"),
    "usage": ShapeOf("The counts of tokens, wherever $usage stands.", "usage", "object"),
    "totals": Entries(
        "Usage fields that are sums of what the vendor counts.",
        Word(
            "A sum, `$input_tokens + $cache_read_tokens`.",
            "a sum of usage holes, `$input_tokens + $cache_read_tokens`",
            pattern=_SUM,
        ),
        USAGE_WORDS,
    ),
    "stream": _STREAM,
    "error": ShapeOf("The body of an answer that is an error.", "error", "object"),
    "error_type": _table(
        "error_type", "Amplifier's error class for the vendor's $error_type, or for the text /pattern/.", "the class"
    ),
    "error_code": _table(
        "error_code", "Amplifier's error class for the vendor's $error_code, or for the text /pattern/.", "the class"
    ),
    "error_status": _table(
        "error_status", "Amplifier's error class for an HTTP status that means something else than usual.", "the class"
    ),
    "limits": _LIMITS,
}

_WRITTEN = (
    "request",
    "message",
    "block",
    "tool",
    "tool_choice",
    "response_format",
    "reasoning_effort",
    "media_type",
    "is_error",
)
"""Sections that requests are written from: how a reply is read does not depend on the model."""

OVERLAY = Fields(
    "What differs in the requests for these models; merged over the whole mapping.",
    {name: _SHAPES[name] for name in _WRITTEN},
    called="section",
    labelled=LABELLED_TABLES,
)

FILE = Fields(
    "A mapping: the vendor's own JSON, with $holes where Amplifier's values go.",
    {
        "vendor": _VENDOR,
        "extends": Word(
            "A bundled dialect, or the path of another mapping, relative to this one.", "a dialect or a path"
        ),
        **_SHAPES,
        "models": _MODELS,
        "for_model": Entries("Overlays per pattern of model ids; the first that fits is used.", OVERLAY),
        "unchecked": Entries(
            "Places where the document is wrong or silent, and why; they are not held against it.", Word("Why.")
        ),
        "config": _CONFIG,
        "hooks": Items("Functions of hooks.py that are called.", Word("A hook.", choices=HOOKS)),
        "eject": Items(
            "Generated files that you have taken over: they are yours, and never written again.",
            Word("The path of a file in the package.", "a path in the package"),
        ),
    },
    ("vendor", "chat", "request", "message", "response"),
    called="section",
    labelled=LABELLED_TABLES,
)
