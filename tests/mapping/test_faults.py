"""Bad mappings: each gives a finding with the place of the node, what was found and what was expected."""

from pathlib import Path

import pytest

from providergen.diagnostics import Findings
from providergen.mapping import load_mapping
from tests.mapping.written import WHOLE, errors, load


@pytest.mark.parametrize(
    ("added", "error"),
    [
        # sections and keys
        ("streem: {}", "6:1: unknown-section streem: there is no section 'streem'; did you mean 'stream'?"),
        ("reasoning_effort.a-b: {}", "6:1: unknown-section reasoning_effort.a-b: there is no section"),
        ("usage.x: {}", "6:1: unknown-section usage.x: there is no section 'usage.x'; did you mean 'usage'?"),
        (
            "stream: {framing: sse, event: {}}",
            "6:24: unknown-key stream.event: there is no key 'event'; did you mean 'events'?",
        ),
        ("stream: {framing: sse}", "6:9: missing-key stream: the key 'events' is missing"),
        ("models: {operation: GET /models}", "6:9: missing-key models: the key 'response' is missing"),
        (
            "config: {x: {promt: Why?}}",
            "6:14: unknown-key config.x.promt: there is no key 'promt'; did you mean 'prompt'?",
        ),
        # words
        (
            "defaults: {temprature: 1}",
            "6:12: unknown-key defaults.temprature: there is no key 'temprature'; did you mean 'temperature'?",
        ),
        ("finish_reason: {stopp: end}", "6:17: unknown-word finish_reason.stopp: 'stopp' is not one of stop, length"),
        ("error_type: {ratelimit: x}", "6:14: unknown-word error_type.ratelimit: 'ratelimit' is not one of rate_limit"),
        ("cache: {2h: {t: 2h}}", "6:9: unknown-word cache.2h: '2h' is not one of 5m, 1h"),
        ("totals: {input: $input_tokens}", "6:10: unknown-word totals.input: 'input' is not one of input_tokens"),
        (
            "totals: {input_tokens: $input_tokens - $cache_read_tokens}",
            "6:24: wrong-value totals.input_tokens: '$input_tokens - $cache_read_tokens' is not a sum",
        ),
        (
            "stream: {framing: ssee, events: {c: {}}}",
            "6:19: unknown-word stream.framing: 'ssee' is not one of sse, ndjson, aws-eventstream; did you mean 'sse'?",
        ),
        (
            "hooks: [boddy]",
            "6:9: unknown-word hooks[0]: 'boddy' is not one of body, headers, event, response, error; did you mean",
        ),
        (
            "block: {txt: {}}",
            "6:9: wrong-value block.txt: 'txt' is not [role.]kind[.label] with one of the kinds text, thinking",
        ),
        ("block: {system.text.a.b: {}}", "6:9: wrong-value block.system.text.a.b:"),
        # wrong types
        ("finish_reason: stop", "6:16: wrong-type finish_reason: 'stop' stands where a map is expected"),
        (
            "finish_reason: {stop: {a: b}}",
            "6:23: wrong-type finish_reason.stop: a map stands where a value is expected; this table",
        ),
        (
            "usage: $input_tokens",
            "6:8: wrong-type usage: '$input_tokens' stands where a map (the keys of the vendor's",
        ),
        ("hooks: body", "6:8: wrong-type hooks: 'body' stands where a list is expected"),
        ("hooks: []", "6:8: wrong-value hooks: the list is empty"),
        (
            "stream: {framing: 1, events: {c: {}}}",
            "6:19: wrong-type stream.framing: the number 1 stands where a text is expected",
        ),
        ("stream: [sse]", "6:9: wrong-type stream: a list stands where a map with framing, done, operation"),
        ("unchecked: {request.x: null}", "6:24: wrong-type unchecked.request.x: null stands where a text is expected"),
        (
            "config: {x: {secret: 'yes'}}",
            "6:22: wrong-type config.x.secret: 'yes' stands where true or false is expected",
        ),
        (
            "config: {x: {default: {a: b}}}",
            "6:23: wrong-type config.x.default: a map stands where a text, a number, true or false is expected",
        ),
        (
            "defaults: {max_output_tokens: many}",
            "6:31: wrong-type defaults.max_output_tokens: 'many' stands where a whole number is expected",
        ),
        ("defaults: {max_output_tokens: 0}", "6:31: wrong-value defaults.max_output_tokens: 0 is not between 1 and"),
        (
            "defaults: {temperature: true}",
            "6:25: wrong-type defaults.temperature: true stands where a number is expected",
        ),
        (
            "error_status: {rate_limit: 200}",
            "6:28: wrong-value error_status.rate_limit: 200 is not between 400 and 599",
        ),
        (
            "error_status: {rate_limit: [429, '430']}",
            "6:34: wrong-type error_status.rate_limit[1]: '430' stands where a whole number is expected",
        ),
        (
            "error_type: {rate_limit: {a: b}}",
            "6:26: wrong-type error_type.rate_limit: a map stands where a value is expected",
        ),
        (
            "models: {operation: 'GET models', response: {id: $id}}",
            "6:21: wrong-value models.operation: 'GET models' is not an operation (a method and a path",
        ),
        # holes
        (
            "tool: {name: $nam}",
            "6:14: unknown-word tool.name: $nam has no meaning in a tool; there is $name, $description, $parameters",
        ),
        ("usage: {i: $inputtokens}", "6:12: unknown-word usage.i: $inputtokens has no meaning in usage"),
        ("error: {m: $text}", "6:12: unknown-word error.m: $text has no meaning in an error"),
        ("tool_choice: {auto: $name}", "6:21: unknown-word tool_choice.auto: $name has no meaning in a table's value"),
        (
            "response_format: {json: {s: $schema}}",
            "6:29: unknown-word response_format.json.s: $schema has no meaning in a table's value",
        ),
        (
            "models: {operation: GET /m, query: {a: $id}, response: {id: $id}}",
            "6:40: unknown-word models.query.a: $id has no meaning in the query for models",
        ),
        (
            "block: {thinking: {t: $text}}",
            "6:23: unknown-word block.thinking.t: $text has no meaning in a thinking block",
        ),
        (
            "stream: {framing: sse, events: {c: {a: [{b: $texxt+}, ...]}}}",
            "6:45: unknown-word stream.events.c.a[...].b: $texxt has no meaning in an event",
        ),
        (
            "stream: {framing: sse, request: {a: $text}, events: {c: {}}}",
            "6:37: unknown-word stream.request.a: $text has no meaning in a request",
        ),
        # patterns
        (
            "error_type: {rate_limit: '/a+/'}",
            "6:26: unsafe-pattern error_type.rate_limit: '/a+/': '+' has no place in an error pattern",
        ),
        (
            "finish_reason: {stop: /end/}",
            "6:23: unsafe-pattern finish_reason.stop: '/end/' is a /pattern/, which only error_type and error_code",
        ),
        # limits
        ("limits: [{while: temperature, reason: x}]", "6:10: wrong-value limits[0]: a limit is either"),
        (
            "limits: [{while: temprature, drop: [model], reason: x}]",
            "6:10: wrong-limit limits[0]: 'temprature' is no request hole",
        ),
        (
            "limits: [{while: temperature, drop: [model], reason: x}]",
            "6:10: wrong-limit limits[0]: the request has no $temperature",
        ),
        (
            "limits: [{while: model, drop: [tool_choice.any], reason: x}]",
            "6:10: wrong-limit limits[0]: the request has no $tool_choice",
        ),
        (
            "limits: [{below: {messages.budget: model}, reason: x}]",
            "6:10: wrong-limit limits[0]: the request has no 'messages.budget'",
        ),
        # overlays
        ("for_model: {a*: {vendor: {}}}", "6:18: unknown-section for_model.a*.vendor: there is no section 'vendor'"),
        (
            "for_model: {a*: {request: {x: $txt}}}",
            "6:31: unknown-word for_model.a*.request.x: $txt has no meaning in a request",
        ),
        ("for_model: {a*: {request: 1}}", "6:27: wrong-type for_model.a*.request: the number 1 stands where"),
        (
            "for_model: {a*: {request: {messages: null}}}",
            "missing-hole for_model.a*.request: the request holds no $message",
        ),
        # what packages are made from
        ("tool: $name", "6:7: wrong-type tool: '$name' stands where a map (the keys of the vendor's JSON object) is"),
        (
            "stream: {framing: sse, events: {c: $text}}",
            "the keys of the vendor's JSON object) or $response is expected",
        ),
        ("error: [$error]", "6:8: wrong-type error: a list stands where a map"),
        ("block: {text: {type: text}}", "6:9: missing-hole block.text: this is no text block without $text"),
        ("block: {image.x: {a: $media_type}}", "block.image.x: this is no image block without $data or $url"),
        ("block: {tool_call: {a: $name}}", "block.tool_call: this is no tool_call block without $input"),
        (
            "models: {operation: GET /m, response: {data: [{name: $display_name}, ...]}}",
            "6:29: missing-hole models.response: no map in a list of it holds $id, so it names no model",
        ),
        (
            "models: {operation: GET /m, response: {data: [{id: $id, more: $more}, ...]}}",
            "6:63: misplaced-hole models.response: $more is of the whole page, and stands in the list of models",
        ),
        (
            "models: {operation: GET /m, response: {n: $display_name, data: [{id: $id}, ...]}}",
            "6:43: misplaced-hole models.response: $display_name is of one model, and stands outside",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(added: str, error: str) -> None:
    (found,) = errors(WHOLE + added + "\n")
    expected = f"acme.yaml:{error}" if error[0].isdigit() else error
    assert expected in found


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("vendor: {id: acme, name: Acme}", "", "acme.yaml:2:1: missing-section the section 'vendor' is missing"),
        ("id: acme", "id: Acme Inc", "acme.yaml:1:14: wrong-value vendor.id: 'Acme Inc' is not a short name"),
        ("id: acme, ", "", "acme.yaml:1:9: missing-key vendor: the key 'id' is missing"),
        (
            "name: Acme",
            "name: 5",
            "acme.yaml:1:26: wrong-type vendor.name: the number 5 stands where a name is expected",
        ),
        (
            "name: Acme",
            "name: Acme, base_url: $text",
            "acme.yaml:1:42: unknown-word vendor.base_url: $text has no meaning in an address; there is $config.x",
        ),
        (
            "name: Acme",
            "name: Acme, auth: {bearer: A KEY}",
            "acme.yaml:1:47: wrong-value vendor.auth.bearer: 'A KEY' is not the name of an environment variable",
        ),
        (
            "name: Acme",
            "name: Acme, auth: {env: KEY}",
            "acme.yaml:1:38: wrong-value vendor.auth: one of bearer, header, query or scheme says how",
        ),
        (
            "name: Acme",
            "name: Acme, auth: {bearer: A, query: k, env: A}",
            "acme.yaml:1:38: wrong-value vendor.auth: one of bearer, header, query or scheme says how",
        ),
        (
            "name: Acme",
            "name: Acme, auth: {header: x-key}",
            "acme.yaml:1:38: missing-key vendor.auth: with header, env names the environment variable of the key",
        ),
        ("chat: POST /chat", "chat: {path: {a: b}}", "acme.yaml:2:7: missing-key chat: the key 'operation' is missing"),
        (
            "chat: POST /chat",
            "chat: {operation: 'POST /m/{m}', path: {m: $metadata.m}}",
            "acme.yaml:2:44: unknown-word chat.path.m: $metadata.m has no meaning in a path; there is",
        ),
        (
            "chat: POST /chat",
            "chat: POST /chat\nmodels: {operation: GET /m, path: {m: $model}, response: {data: [{id: $id}, ...]}}",
            "acme.yaml:3:39: unknown-word models.path.m: $model has no meaning in the path for models; there is",
        ),
        (
            "chat: POST /chat",
            "chat: POST /chat\nmodels: {operation: GET /m, headers: {m: $next}, response: {data: [{id: $id}, ...]}}",
            "acme.yaml:3:42: unknown-word models.headers.m: $next has no meaning in a header for models",
        ),
        (
            "[$message, ...]",
            "[$text, ...]",
            "acme.yaml:3:37: unknown-word request.messages[...]: $text has no meaning in a request",
        ),
        (
            "[$message, ...]",
            "[$message]",
            "acme.yaml:3:37: misplaced-hole request.messages[0]: $message is any number of values in a request, but",
        ),
        (
            "content: $text}",
            "content: $tool_call}",
            "acme.yaml:4:39: misplaced-hole message.user.content: $tool_call is",
        ),
        (
            "model: $model",
            "tools: [$tool, ...]",
            "acme.yaml:3:19: missing-section $tool is written and read by the section 'tool', and there is none",
        ),
        (
            "{text: $text}",
            "{text: $text, used: $usage}",
            "acme.yaml:5:31: missing-section $usage is written and read by the section 'usage', and there is none",
        ),
        (
            "chat: POST /chat",
            "chat: {operation: POST /chat, query: {a: [x]}}",
            "acme.yaml:2:42: wrong-type chat.query.a: a list stands where one value (a hole, a text, a number",
        ),
        (
            "message: {user",
            "mesage: {user",
            "acme.yaml:4:1: unknown-section mesage: there is no section 'mesage'; did you mean 'message'?",
        ),
        (
            "user: {role",
            "usr: {role",
            "acme.yaml:4:11: unknown-word message.usr: 'usr' is not one of system, developer, user, assistant",
        ),
        (
            "content: $text}",
            "content: $tool_call_id}",
            "acme.yaml:4:39: unknown-word message.user.content: $tool_call_id has no meaning in a message",
        ),
        (
            "response: {text: $text}",
            "response: {text: $text+}",
            "acme.yaml:5:18: misplaced-mark response.text: $text+: '+' appends fragments",
        ),
        ("response: {text: $text}", "response: {text: $text, text: $text}", "acme.yaml:5:25: "),
        (
            "model: $model",
            "think: $reasoning_effort.depth",
            "acme.yaml:3:18: unknown-label $reasoning_effort.depth: there is no section 'reasoning_effort.depth'",
        ),
        (WHOLE, "", "acme.yaml: empty-file"),
        (
            WHOLE,
            "- a\n- b\n",
            "acme.yaml:1:1: wrong-type a list stands where a mapping, a map of sections, is expected",
        ),
        (WHOLE, "a: [1\n", "acme.yaml:2:1: "),
    ],
)
def test_a_broken_part_is_told_with_its_place(old: str, new: str, error: str) -> None:
    (found,) = errors(WHOLE.replace(old, new))
    assert error in found


def test_one_run_tells_everything() -> None:
    text = WHOLE.replace("id: acme, ", "") + "streem: {}\ndefaults: {temperature: hot}\nhooks: [boddy]\n"
    assert [one.split(" ")[1] for one in errors(text)] == [
        "missing-key",
        "unknown-section",
        "wrong-type",
        "unknown-word",
    ]


def test_an_unknown_section_comes_with_the_known_ones() -> None:
    _, found = load(WHOLE + "streem: {}\n")
    assert found[0].hint is not None
    assert found[0].hint.startswith("known: vendor, extends, chat, defaults, request, message, block, tool")


def test_a_fault_of_the_whole_mapping_is_told_once_however_many_overlays_there_are() -> None:
    assert len(errors(WHOLE + "tool: {n: $nam}\nfor_model: {a*: {}, b*: {}}\n")) == 1


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    findings = Findings()
    assert load_mapping(tmp_path / "none.yaml", findings) is None
    assert [str(one) for one in findings.found] == [
        f"{tmp_path / 'none.yaml'}: unreadable-file the file cannot be read: No such file or directory"
    ]


@pytest.mark.parametrize(
    "pattern",
    ["maximum context length", "a|b", "too (many|much) tokens", "(?:a|b)c", "[a-z0-9] x", r"1\.5", "a.*b|c.*d", "a.c"],
)
def test_an_error_pattern_may_say_this(pattern: str) -> None:
    text = WHOLE + f"error: {{m: $error, t: $error_type}}\nerror_type: {{context_length: '/{pattern}/'}}\n"
    mapping, found = load(text)
    assert mapping is not None, found


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("", "the pattern is empty"),
        ("(a*)*b", "'*' has no place"),
        ("a{2}", "'{' has no place"),
        ("a?", "'?' has no place"),
        ("^a", "'^' has no place"),
        ("(?P<x>a)", "'?' has no place"),
        ("(?=a)b", "'?' has no place"),
        (r"\d", r"'\\d' is not understood"),
        (r"(a)\1", r"'\\1' is not understood"),
        ("[a", "'[a' is not understood"),
        ("a]", "a ']' closes nothing"),
        ("(a", "a '(' is not closed"),
        ("a)", "a ')' closes no group"),
        ("[z-a]", "no regular expression"),
        (".*a.*b", "'.*' stands twice"),
        ("(a.*|b).*c", "'.*' stands twice"),
        (".*", "the pattern fits an empty text"),
        ("a|", "the pattern fits an empty text"),
        (".**", "'*' has no place"),
    ],
)
def test_an_error_pattern_that_could_run_wild_is_refused(pattern: str, fault: str) -> None:
    text = WHOLE + f"error: {{m: $error, t: $error_type}}\nerror_type: {{context_length: '/{pattern}/'}}\n"
    (found,) = errors(text)
    assert "acme.yaml:7:30: unsafe-pattern error_type.context_length" in found
    assert fault in found
