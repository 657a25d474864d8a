"""What each section of a whole mapping becomes."""

import json

from providergen.diagnostics import Position
from providergen.mapping import flattened
from providergen.mapping.model import Auth, ConfigField, Limit, Unchecked
from providergen.mapping.shape import Constant, Hole, List, Object, Text
from tests.mapping.written import WHOLE, loaded


def test_a_mapping_needs_five_sections_and_no_more() -> None:
    mapping = loaded(WHOLE)
    assert (mapping.vendor.id, mapping.vendor.name, mapping.vendor.auth) == ("acme", "Acme", None)
    assert mapping.chat.operation == "POST /chat"
    assert mapping.request.get("model") == Hole("model", Position("acme.yaml", 3, 18))
    assert isinstance(mapping.message["user"], Object)
    assert mapping.stream is None
    assert mapping.models is None


def test_every_node_knows_where_it_stands() -> None:
    mapping = loaded(WHOLE)
    messages = mapping.request.entries[1]
    assert messages.at == Position("acme.yaml", 3, 26)
    assert isinstance(messages.shape, List)
    assert messages.shape.at == Position("acme.yaml", 3, 36)
    assert mapping.position("message.user.role") == Position("acme.yaml", 4, 18)
    assert mapping.position("request.messages[...]") == Position("acme.yaml", 3, 37)
    assert mapping.position("request.nowhere.at.all") == Position("acme.yaml", 3, 1)
    assert mapping.position("nowhere") == Position("acme.yaml")


def test_who_answers_and_how_the_key_is_sent() -> None:
    own = """\
vendor:
  id: acme
  name: Acme
  base_url: "https://${config.region}.acme.example"
  base_url_env: [ACME_URL, ACME_HOST]
  auth: {header: x-key, env: [ACME_KEY, KEY], optional: true}
"""
    vendor = loaded(WHOLE.replace("vendor: {id: acme, name: Acme}\n", own)).vendor
    assert isinstance(vendor.base_url, Text)
    assert vendor.base_url_env == ("ACME_URL", "ACME_HOST")
    assert vendor.auth == Auth("header", "x-key", ("ACME_KEY", "KEY"), {}, Position("acme.yaml", 6, 3), optional=True)


def test_parameters_of_the_operation_are_shapes() -> None:
    chat = "chat: {operation: 'POST /m/{m}', path: {m: $model}, query: {v: $config.v}, headers: {x-v: '1'}}"
    call = loaded(WHOLE.replace("chat: POST /chat", chat)).chat
    assert [(entry.key, entry.shape) for entry in call.path] == [("m", Hole("model", Position("acme.yaml", 2, 44)))]
    assert call.query[0].key == "v"
    assert call.headers[0].shape == Constant("1", Position("acme.yaml", 2, 91))


def test_blocks_keep_the_order_of_the_file_and_know_role_kind_and_label() -> None:
    mapping = loaded(
        WHOLE.replace("content: $text", "content: [$block, ...]")
        + "block:\n  assistant.text.refusal: {r: $text}\n  text: {t: $text, f: $_f}\n  image.url: {u: $url}\n"
    )
    assert [(block.role, block.kind, block.label, block.path) for block in mapping.blocks] == [
        ("assistant", "text", "refusal", "block.assistant.text.refusal"),
        (None, "text", None, "block.text"),
        (None, "image", "url", "block.image.url"),
    ]


def test_tables_hold_alternatives_and_take_true_and_false_for_words() -> None:
    mapping = loaded(
        WHOLE.replace("content: $text", "content: [$block, ...], choice: $name")
        .replace("model: $model", "model: $model, tool_choice: $tool_choice")
        .replace("text: $text}\n", "text: $text, why: $finish_reason}\n")
        + "block: {tool_result: {failed: $is_error, text: $text}}\n"
        + "tool_choice: {auto: auto, tool: {name: $name}}\n"
        + "finish_reason: {stop: [end, done], length: max}\n"
        + "is_error: {false: ok, true: failed}\n"
        + "error_status: {rate_limit: [420, 430]}\n"
    )
    stop = mapping.tables["finish_reason"].get("stop")
    assert stop is not None
    assert [value.value for value in stop.values if isinstance(value, Constant)] == ["end", "done"]
    assert [row.key for row in mapping.tables["is_error"].rows] == ["false", "true"]
    assert mapping.tables["error_status"].rows[0].key == "rate_limit"
    tool = mapping.tables["tool_choice"].get("tool")
    assert tool is not None
    assert isinstance(tool.values[0], Object)


def test_a_label_names_a_further_table_of_a_request_hole() -> None:
    mapping = loaded(
        WHOLE.replace(
            "model: $model", "model: $model, think: $reasoning_effort, out: {effort: $reasoning_effort.effort}"
        )
        + "reasoning_effort: {none: false, high: true}\nreasoning_effort.effort: {high: hard}\n"
    )
    thinking, effort = mapping.request.get("think"), mapping.request.get("out")
    assert isinstance(thinking, Hole)
    assert isinstance(effort, Object)
    assert mapping.table(thinking) == mapping.tables["reasoning_effort"]
    labelled = effort.get("effort")
    assert isinstance(labelled, Hole)
    assert mapping.table(labelled) == mapping.tables["reasoning_effort.effort"]
    assert (mapping.table_name(thinking), mapping.table_name(labelled)) == (
        "reasoning_effort",
        "reasoning_effort.effort",
    )


def test_totals_defaults_config_hooks_unchecked_and_merge() -> None:
    mapping = loaded(
        WHOLE.replace("model: $model", "model: $model, stop: $stop, ctx: $config.ctx")
        .replace("text: $text}\n", "text: $text, usage: $usage}\n")
        .replace("message: {", "message: {merge: true, ")
        + "usage: {i: $input_tokens, c: $cache_read_tokens}\n"
        + "totals: {input_tokens: $input_tokens + $cache_read_tokens}\n"
        + "defaults: {model: big, stop: [END]}\n"
        + "config: {ctx: {prompt: Size?, env: CTX, choices: [1, 2], default: 1, required: false, secret: true}}\n"
        + "hooks: [body, error]\n"
        + "unchecked: {request.ctx: not described}\n"
    )
    assert mapping.merge
    assert mapping.totals == {"input_tokens": ("input_tokens", "cache_read_tokens")}
    assert mapping.defaults == {"model": "big", "stop": ("END",)}
    assert mapping.config == {"ctx": ConfigField(Position("acme.yaml", 9, 10), "Size?", "CTX", (1, 2), 1, False, True)}
    assert mapping.hooks == ("body", "error")
    assert mapping.unchecked == {"request.ctx": Unchecked("not described", Position("acme.yaml", 11, 13))}


STREAM = """\
stream:
  framing: sse
  done: "[DONE]"
  schema: Chunk
  operation: POST /chat-stream
  query: {alt: sse}
  request: {stream: true, options: {usage: true}}
  events: {chunk: {text: $text+}}
"""


def test_the_streamed_call_is_merged_with_the_whole_one() -> None:
    chat = "chat: {operation: POST /chat, query: {v: '1'}, headers: {h: x}}"
    stream = loaded(WHOLE.replace("chat: POST /chat", chat) + STREAM).stream
    assert stream is not None
    assert (stream.framing, stream.done, stream.schema) == ("sse", "[DONE]", "Chunk")
    assert stream.call is not None
    assert stream.call.operation == "POST /chat-stream"
    assert [entry.key for entry in stream.call.query] == ["v", "alt"]
    assert [entry.key for entry in stream.call.headers] == ["h"]
    assert stream.request is not None
    assert [entry.key for entry in stream.request.entries] == ["model", "messages", "stream", "options"]
    assert stream.own is not None
    assert [entry.key for entry in stream.own.entries] == ["stream", "options"]
    assert [(event.name, event.at) for event in stream.events] == [("chunk", Position("acme.yaml", 13, 12))]


def test_a_stream_of_the_same_operation_has_no_call_of_its_own() -> None:
    stream = loaded(WHOLE + "stream: {framing: ndjson, events: {chunk: $response+}}\n").stream
    assert stream is not None
    assert (stream.call, stream.request, stream.own) == (None, None, None)


def test_models_page_and_filter() -> None:
    models = loaded(
        WHOLE
        + "models: {operation: GET /models, query: {after: $next}, include: [a-*], exclude: ['*-x', '*-y'],\n"
        + "  response: {data: [{id: $id}, ...], last: $next, more: $more}}\n"
    ).models
    assert models is not None
    assert models.call.query[0].key == "after"
    assert (models.include, models.exclude) == (("a-*",), ("*-x", "*-y"))


LIMITED = (
    WHOLE.replace(
        "model: $model", "model: $model, think: $reasoning_effort, max: $max_output_tokens, heat: $temperature"
    )
    + "reasoning_effort: {none: {on: false}, high: {on: true, budget: 9}}\n"
)


def test_limits_drop_fields_or_keep_one_below_another() -> None:
    mapping = loaded(
        LIMITED
        + "limits:\n  - {while: reasoning_effort, drop: [temperature], reason: too hot}\n"
        + "  - {below: {think.budget: max}, reason: counted}\n"
    )
    assert mapping.limits == (
        Limit("too hot", Position("acme.yaml", 8, 5), condition="reasoning_effort", drop=("temperature",)),
        Limit("counted", Position("acme.yaml", 9, 5), lower=("think", "budget"), upper=("max",)),
    )


def test_a_flattened_mapping_reads_as_the_same_mapping() -> None:
    mapping = loaded(LIMITED + STREAM)
    assert loaded(json.dumps(flattened(mapping))).plain == mapping.plain
