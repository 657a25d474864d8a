"""The closed vocabulary: which words mean something where (docs/mapping.md, "Holes").

A `Scope` is one kind of place; everything that a hole may say there is listed here and nowhere else: the parser refuses
the rest, the JSON Schema offers it to editors.
"""

from dataclasses import dataclass

__all__ = [
    "BLOCK_FIELDS",
    "BLOCK_KINDS",
    "BLOCK_NEEDS",
    "CACHE_TTLS",
    "COMMON_CONFIG",
    "DEFAULT_WORDS",
    "EFFORTS",
    "ERROR_CLASSES",
    "FINISH_REASONS",
    "HOOKS",
    "LABELLED_TABLES",
    "REQUEST_WORDS",
    "ROLES",
    "SCOPES",
    "TABLES",
    "TOOL_CHOICES",
    "USAGE_WORDS",
    "Scope",
]

ROLES = ("system", "developer", "user", "assistant", "tool")
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
FINISH_REASONS = ("stop", "length", "tool_calls", "content_filter", "error")
TOOL_CHOICES = ("auto", "none", "required")
CACHE_TTLS = ("5m", "1h")
HOOKS = ("body", "headers", "event", "response", "error")
ERROR_CLASSES = (
    "rate_limit",
    "quota_exceeded",
    "authentication",
    "access_denied",
    "not_found",
    "context_length",
    "content_filter",
    "invalid_request",
    "provider_unavailable",
    "timeout",
    "network",
    "stream",
    "error",
)
USAGE_WORDS = (
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "reasoning_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cost_usd",
)
REQUEST_WORDS = (
    "model",
    "system",
    "message",
    "tool",
    "tool_choice",
    "response_format",
    "schema",
    "strict",
    "temperature",
    "top_p",
    "max_output_tokens",
    "stop",
    "reasoning_effort",
    "conversation_id",
    "cache",
)
DEFAULT_WORDS = (
    "model",
    "max_output_tokens",
    "temperature",
    "top_p",
    "stop",
    "reasoning_effort",
    "tool_choice",
    "cache",
)

# Configuration keys that providers have in common, each with what a mapping needs for the key to count: a hole of the
# request, or a section; None where it always counts. A mapping may say more about them.
COMMON_CONFIG: dict[str, str | None] = {
    "api_key": "vendor.auth",
    "base_url": None,
    "default_model": None,
    "max_output_tokens": "$max_output_tokens",
    "max_tokens": "$max_output_tokens",
    "temperature": "$temperature",
    "top_p": "$top_p",
    "stop": "$stop",
    "reasoning_effort": "$reasoning_effort",
    "tool_choice": "$tool_choice",
    "cache": "$cache",
    "enable_prompt_caching": "$cache",
    "use_streaming": "stream",
    "timeout": None,
    "idle_timeout": None,
    "connect_timeout": None,
    "max_retries": None,
    "min_retry_delay": None,
    "max_retry_delay": None,
    "retry_jitter": None,
    "raw": None,
    "priority": None,
}

BLOCK_FIELDS = {
    "text": ("text",),
    "thinking": ("thinking", "signature"),
    "redacted_thinking": ("data",),
    "image": ("media_type", "data", "url"),
    "tool_call": ("id", "name", "input"),
    "tool_result": ("tool_call_id", "name", "text", "content", "block", "image", "is_error"),
    "reasoning": ("content", "summary"),
    "cache": (),
}
BLOCK_KINDS = tuple(BLOCK_FIELDS)

# The fields without which an object is no block of its kind: of each group one.
BLOCK_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "text": (("text",),),
    "thinking": (("thinking",),),
    "redacted_thinking": (("data",),),
    "image": (("data", "url"),),
    "tool_call": (("name",), ("input",)),
    "tool_result": (("text", "content", "block"),),
    "reasoning": (("content", "summary"),),
    "cache": (),
}

# Amplifier's values of each table, left; None leaves them open.
TABLES: dict[str, tuple[str, ...] | None] = {
    "tool_choice": (*TOOL_CHOICES, "tool"),
    "response_format": ("text", "json", "json_schema"),
    "reasoning_effort": EFFORTS,
    "finish_reason": FINISH_REASONS,
    "media_type": None,
    "is_error": ("false", "true"),
    "cache": CACHE_TTLS,
    "error_type": ERROR_CLASSES,
    "error_code": ERROR_CLASSES,
    "error_status": ERROR_CLASSES,
}

# Tables of which a request may use several: `$reasoning_effort.effort` is written by the section of that name.
LABELLED_TABLES = ("tool_choice", "response_format", "reasoning_effort")

_LABELLED = frozenset({"text", "thinking", "redacted_thinking", "image", "tool_call", "tool_result"})
_BLOCKS = frozenset({"redacted_thinking", "image", "tool_call", "tool_result", "block"})
_JSON = frozenset({"input", "parameters", "schema", "config.", "metadata.", "_"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What holes may say in one kind of place.

    `words` are the plain words; `families` the prefixes that take any further word (`_`, `config.`, `metadata.`);
    `labelled` the words that may carry a free label; `many` those that stand for any number of values, `[$x, ...]`;
    `fragment` and `needed` whether `+` and `!` have a meaning. `called` names the place in messages.
    """

    called: str
    words: tuple[str, ...]
    families: tuple[str, ...] = ()
    labelled: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    fragment: bool = False
    needed: bool = False

    def knows(self, name: str) -> bool:
        """Tell whether a hole of that name means something here."""
        return name in self.words or any(name.startswith(family) and name != family for family in self.families)

    def labels(self, name: str) -> tuple[str, ...] | None:
        """Return the labels a word may carry here: a closed list, or None for any; an empty tuple for none."""
        if name == "error":
            return ERROR_CLASSES
        return None if name in self.labelled else ()

    def json(self, name: str) -> bool:
        """Tell whether `|json` has a meaning for that hole."""
        return name in _JSON or any(name.startswith(family) for family in self.families)

    def offered(self) -> str:
        """List the words for a message: `$text, $_x, $index`."""
        family = {"_": "$_x", "config.": "$config.x", "metadata.": "$metadata.x"}
        return ", ".join([*(f"${word}" for word in self.words), *(family[one] for one in self.families)])


def _scopes() -> dict[str, Scope]:
    lists = frozenset({"message", "tool"})
    body = Scope("a request", REQUEST_WORDS, ("config.", "metadata."), frozenset(LABELLED_TABLES), lists)
    slots = ("text", "thinking", "redacted_thinking", "image", "tool_call", "tool_result", "content", "block")
    message = Scope("a message", (*slots, "name"), ("metadata.",), _LABELLED, _BLOCKS, needed=True)
    answer = (
        "text",
        "thinking",
        "redacted_thinking",
        "image",
        "tool_call",
        "content",
        "block",
        "finish_reason",
        "usage",
        *USAGE_WORDS,
        "error",
        "error_type",
        "error_code",
        "retry_after",
    )
    fields = ("index", "end", "response", "id", "name", "input", "signature", "data")
    scopes = {
        "address": Scope("an address", (), ("config.",)),
        "request": body,
        "message": message,
        "message.tool": Scope(
            "a tool message", (*message.words, "tool_call_id"), message.families, _LABELLED, _BLOCKS, needed=True
        ),
        "tool": Scope("a tool", ("name", "description", "parameters", "cache")),
        "tool_choice.tool": Scope("the choice of a tool", ("name",)),
        "response_format.json_schema": Scope("a JSON Schema format", ("schema", "strict")),
        "value": Scope("a table's value", ()),
        "response": Scope("a response", answer, ("metadata.",), _LABELLED),
        "usage": Scope("usage", USAGE_WORDS),
        "events": Scope("an event", (*answer, *fields), ("metadata.", "_"), _LABELLED, fragment=True),
        "error": Scope("an error", ("error", "error_type", "error_code", "retry_after")),
        "models": Scope(
            "a list of models", ("id", "display_name", "context_window", "max_output_tokens", "next", "more")
        ),
        "path": Scope("a path", ("model",), ("config.",)),
        "models.path": Scope("the path for models", (), ("config.",)),
        "models.query": Scope("the query for models", ("next",), ("config.",)),
        "models.headers": Scope("a header for models", (), ("config.",)),
    }
    for kind, words in BLOCK_FIELDS.items():
        labelled = _LABELLED & {"text", "image"} if kind == "tool_result" else frozenset[str]()
        called = f"a {kind} block"
        many = _BLOCKS if kind == "tool_result" else frozenset[str]()
        scopes[f"block.{kind}"] = Scope(called, (*words, "index", "cache"), ("_",), labelled, many, needed=True)
    return scopes


SCOPES = _scopes()
