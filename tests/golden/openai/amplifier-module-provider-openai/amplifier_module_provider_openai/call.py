"""One call of the model in Amplifier's terms, every choice made: what request bodies are written from."""

import logging
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, TypeVar

from amplifier_core.llm_errors import ConfigurationError
from amplifier_core.message_models import (
    ChatRequest,
    ResponseFormatJson,
    ResponseFormatJsonSchema,
    ResponseFormatText,
    TextBlock,
    ToolSpec,
)

from .history import Block, Image, ToolResult, Turn, read_history
from .plain import clean, plain
from .repair import Repairs, repair

__all__ = ["Call", "Facts", "Settings", "prepare"]

log = logging.getLogger(__name__)

T = TypeVar("T")


class Settings(Protocol):
    """What the configuration decides where a request leaves it open; None means undecided."""

    @property
    def default_model(self) -> str | None:
        """Model when the request names none."""

    @property
    def max_output_tokens(self) -> int | None:
        """Tokens an answer may have."""

    @property
    def temperature(self) -> float | None:
        """Sampling temperature."""

    @property
    def top_p(self) -> float | None:
        """Nucleus sampling mass."""

    @property
    def stop(self) -> Sequence[str] | None:
        """Sequences that end the answer."""

    @property
    def timeout(self) -> float | None:
        """Seconds one call may take."""

    @property
    def tool_choice(self) -> str | None:
        """Whether tools are called: auto, none or required."""

    @property
    def reasoning_effort(self) -> str | None:
        """How hard to think: none, low, medium, high, or a word of the vendor's."""

    @property
    def use_streaming(self) -> bool:
        """Whether answers are streamed."""

    @property
    def cache(self) -> str | None:
        """Lifetime of cache breakpoints, None without caching."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The options that only this vendor knows."""


class Facts(Protocol):
    """What the catalog knows of a model; None means unknown."""

    @property
    def max_output_tokens(self) -> int | None:
        """Tokens an answer of this model can have."""

    @property
    def capabilities(self) -> frozenset[str] | None:
        """Words of the kernel's vocabulary ("thinking", "vision")."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the request, the caller's keyword arguments and the configuration, weighed against each other.

    `system` holds all system messages, `history` every other turn, repaired; `turns` has both. `tool_choice` "tool"
    means the tool named by `chosen_tool`; a dictionary is the vendor's own and goes out as it is. `reasoning_effort`
    "none" asks for no thinking at all. `cache` is the lifetime of cache breakpoints ("5m"), None without caching.
    `timeout` is in seconds. `metadata` is the request's. `config` has the options that only this vendor knows,
    `output_limit` is the most tokens that the model can write.
    """

    model: str
    system: str | None = None
    history: tuple[Turn, ...] = ()
    tools: tuple[ToolSpec, ...] = ()
    tool_choice: Literal["auto", "none", "required", "tool"] | dict[str, Any] | None = None
    chosen_tool: str | None = None
    response_format: Literal["text", "json", "json_schema"] | None = None
    schema: dict[str, Any] | None = None
    strict: bool | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_output_tokens: int | None = None
    stop: list[str] | None = None
    reasoning_effort: str | None = None
    conversation_id: str | None = None
    cache: str | None = None
    streaming: bool = True
    timeout: float | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    output_limit: int | None = None
    repairs: Repairs = field(default_factory=Repairs)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The whole conversation: a system turn, if the system says anything, and the history."""
        if self.system is None:
            return self.history
        return (Turn("system", (TextBlock(text=self.system),)), *self.history)


def prepare(
    request: ChatRequest,
    kwargs: Mapping[str, Any],
    settings: Settings,
    facts: Callable[[str], Facts | None],
    *,
    vendor: str,
) -> Call:
    """Return the call that a request means; neither the request nor the arguments are changed.

    `facts` looks a model up in the catalog. `vendor` is the name under which blocks keep this vendor's own values.
    Values of a wrong type are ignored with a log line.

    Raises:
        ConfigurationError: no model is named anywhere.
    """
    model = _first(_text, kwargs.get("model"), request.model, settings.default_model)
    if model is None:
        raise ConfigurationError("No model was chosen: set default_model, or name one in the request", provider=vendor)
    known = facts(model)
    capabilities = known.capabilities if known else None
    history = read_history(request.messages, vendor)
    turns, repairs = repair(history.turns)
    if capabilities is not None and "vision" not in capabilities:
        turns = tuple(_without_images(turn, model) for turn in turns)
    tools = tuple(_tools(request.tools or ()))
    tool_choice, chosen_tool = _tool_choice(
        kwargs.get("tool_choice") or request.tool_choice or settings.tool_choice, tools
    )
    response_format, schema, strict = _response_format(kwargs.get("response_format"), request.response_format)
    metadata = request.metadata if isinstance(request.metadata, dict) else {}
    return Call(
        model=model,
        system=history.system,
        history=turns,
        tools=tools,
        tool_choice=tool_choice,
        chosen_tool=chosen_tool,
        response_format=response_format,
        schema=schema,
        strict=strict,
        temperature=_first(_number, kwargs.get("temperature"), request.temperature, settings.temperature),
        top_p=_first(_number, kwargs.get("top_p"), request.top_p, settings.top_p),
        max_output_tokens=_max_output_tokens(request, kwargs, settings, known),
        stop=_first(_texts, kwargs.get("stop"), request.stop, settings.stop),
        reasoning_effort=_reasoning_effort(request, kwargs, settings, model, capabilities),
        conversation_id=_first(_text, kwargs.get("conversation_id"), request.conversation_id),
        cache=settings.cache or None,
        streaming=settings.use_streaming and metadata.get("stream") is not False,
        timeout=_first(_number, kwargs.get("timeout"), request.timeout, settings.timeout),
        metadata=dict(metadata),
        config=settings.config,
        output_limit=known.max_output_tokens if known else None,
        repairs=repairs,
    )


def _max_output_tokens(
    request: ChatRequest, kwargs: Mapping[str, Any], settings: Settings, facts: Facts | None
) -> int | None:
    """Return the limit asked for, else the configured one as far as the model can go."""
    asked = _first(_whole, request.max_output_tokens, kwargs.get("max_output_tokens"), kwargs.get("max_tokens"))
    if asked is not None:
        return asked
    configured, limit = settings.max_output_tokens, facts.max_output_tokens if facts else None
    return min(configured, limit) if configured and limit else configured


def _reasoning_effort(
    request: ChatRequest,
    kwargs: Mapping[str, Any],
    settings: Settings,
    model: str,
    capabilities: frozenset[str] | None,
) -> str | None:
    """Return how hard to think: "none" for not at all, None to leave it to the model.

    extended_thinking False beats everything, True asks for some effort, else the request's effort beats the configured.
    A model known not to think is never told. Of the models not in the catalog, the configured effort is for the default
    model only.
    """
    asked = _first(_text, kwargs.get("reasoning_effort"), request.reasoning_effort)
    configured = _text(settings.reasoning_effort)
    if kwargs.get("extended_thinking") is False:
        effort: str | None = "none"
    elif kwargs.get("extended_thinking") is True:
        effort = next((word for word in (asked, configured) if word and word.lower() != "none"), "medium")
    elif asked or capabilities is not None or model == settings.default_model:
        effort = asked or configured
    else:
        effort = None
    if effort is not None and capabilities is not None and "thinking" not in capabilities:
        if effort != "none":
            log.info("%s does not think; the reasoning effort %r was left out", model, effort)
        return None
    return effort.lower() if effort else None


def _tools(specs: Iterable[ToolSpec]) -> Iterable[ToolSpec]:
    """Yield the tools as plain functions, each name once, with the schema of an object for whatever they take."""
    names: set[str] = set()
    for spec in specs:
        if spec.name in names:
            log.warning("The tool %s is offered twice; the second was left out", spec.name)
            continue
        names.add(spec.name)
        kind = (spec.model_extra or {}).get("type", "function")
        if kind != "function":
            log.info("The tool %s is of the native type %r; it is offered as a function", spec.name, kind)
        yield ToolSpec(
            name=spec.name,
            description=clean(spec.description) if spec.description else None,
            parameters={"type": "object", **(plain(spec.parameters, clean) or {"properties": {}})},
        )


def _tool_choice(
    choice: object, tools: tuple[ToolSpec, ...]
) -> tuple[Literal["auto", "none", "required", "tool"] | dict[str, Any] | None, str | None]:
    """Return the choice and the tool it names. Without tools there is nothing to choose."""
    if not choice or not tools:
        return None, None
    names = {tool.name for tool in tools}
    match choice:
        case "auto" | "none" | "required":
            return choice, None
        case {"function": {"name": str(name)}} | {"name": str(name)} | str(name):
            if name in names:
                return "tool", name
        case dict():
            return plain(choice, clean), None
    log.warning("The tool choice %r names no offered tool and was left out", choice)
    return None, None


def _response_format(
    *choices: object,
) -> tuple[Literal["text", "json", "json_schema"] | None, dict[str, Any] | None, bool | None]:
    """Return the kind of the first format, its bare schema and whether it is strict.

    A schema may come wrapped with its name, as chat completions has it.
    """
    for choice in choices:
        match choice:
            case ResponseFormatText():
                return "text", None, None
            case ResponseFormatJson():
                return "json", None, None
            case ResponseFormatJsonSchema(json_schema=schema, strict=strict):
                inner = schema.get("schema")
                if isinstance(inner, dict) and not schema.keys() & {"type", "properties", "$ref", "anyOf"}:
                    return (
                        "json_schema",
                        plain(inner, clean),
                        strict if strict is not None else _flag(schema.get("strict")),
                    )
                return "json_schema", plain(schema, clean), strict
            case None:
                continue
        log.warning("A response format of the unknown type %s was ignored", type(choice).__name__)
    return None, None, None


def _without_images(turn: Turn, model: str) -> Turn:
    """Return the turn with words in the place of its images, for a model that cannot see."""
    if not any(isinstance(block, Image) or (isinstance(block, ToolResult) and block.images) for block in turn.blocks):
        return turn
    log.warning("%s takes no images; they were left out of the request", model)
    return replace(turn, blocks=tuple(_unseen(block) for block in turn.blocks))


def _unseen(block: Block) -> Block:
    match block:
        case Image():
            return TextBlock(text="[an image, which this model cannot see]")
        case ToolResult(blocks=blocks):
            unseen = (_unseen(inner) for inner in blocks)
            return replace(block, blocks=tuple(inner for inner in unseen if isinstance(inner, TextBlock)))
    return block


def _first(read: Callable[[object], T | None], *values: object) -> T | None:
    """Return the first value that is given and can be read; 0 is given, None is not."""
    for value in values:
        if value is None:
            continue
        if (found := read(value)) is not None:
            return found
        log.warning("A request value of type %s is of no use here and was ignored", type(value).__name__)
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> list[str] | None:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return None
    return [item for item in value if isinstance(item, str) and item] or None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number.is_integer() and number > 0 else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
