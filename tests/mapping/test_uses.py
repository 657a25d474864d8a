"""What a mapping states for nothing."""

import pytest

from providergen.diagnostics import Severity
from tests.mapping.written import WHOLE, load, loaded, told, warnings


@pytest.mark.parametrize(
    ("added", "warning"),
    [
        ("tool: {name: $name}", "6:1: unused-section tool: nothing refers to it: $tool stands nowhere"),
        ("usage: {i: $input_tokens}", "6:1: unused-section usage: nothing refers to it: $usage stands nowhere"),
        (
            "tool_choice: {auto: auto}",
            "6:1: unused-section tool_choice: nothing refers to it: $tool_choice stands nowhere",
        ),
        (
            "reasoning_effort.x: {low: low}",
            "6:1: unused-section reasoning_effort.x: nothing refers to it: $reasoning_effort.x",
        ),
        (
            "media_type: {image/png: png}",
            "6:1: unused-section media_type: nothing refers to it: $media_type stands nowhere",
        ),
        ("block: {thinking: {t: $thinking}}", "6:9: unused-section block.thinking: nothing refers to it: $thinking"),
        (
            "error_type: {rate_limit: slow}",
            "6:14: unused-section error_type.rate_limit: nothing refers to it: $error_type",
        ),
        ("defaults: {temperature: 1}", "6:12: unused-section defaults.temperature: nothing refers to it: $temperature"),
        (
            "totals: {input_tokens: $output_tokens}",
            "6:10: unused-section totals.input_tokens: nothing refers to it: $output",
        ),
        (
            "config: {ctx: {prompt: Size?}}",
            "6:10: unused-section config.ctx: nothing refers to it: $config.ctx stands nowhere",
        ),
        (
            "config: {tool_choice: {default: required}}",
            "6:10: unused-section config.tool_choice: nothing refers to it: $tool_choice stands nowhere",
        ),
        (
            "config: {enable_prompt_caching: {prompt: Cache?}}",
            "6:10: unused-section config.enable_prompt_caching: nothing refers to it: $cache stands nowhere",
        ),
        (
            "config: {use_streaming: {default: false}}",
            "6:10: unused-section config.use_streaming: nothing refers to it: stream stands nowhere",
        ),
    ],
)
def test_what_nothing_refers_to_is_a_warning(added: str, warning: str) -> None:
    (found,) = warnings(WHOLE + added + "\n")
    assert found.startswith(f"acme.yaml:{warning}")


def test_a_mapping_without_a_default_model_is_noted() -> None:
    _, found = load(WHOLE)
    (note,) = told(found, Severity.NOTE)
    assert note.startswith("acme.yaml: no-default-model defaults.model: no default model is named")
    _, found = load(WHOLE + "defaults: {model: big}\n")
    assert found == []


@pytest.mark.parametrize(
    "added",
    [
        "error_type: {rate_limit: /slow down/}",  # is held against the text
        "error_status: {rate_limit: 420}",
        "config: {timeout: {default: 30}}",  # every provider has it
        "config: {idle_timeout: {default: 30}}",
        "config: {ctx: {prompt: Size?}}\nhooks: [body]",  # the hook has the configuration
        "config: {max_tokens: {default: 30}}\nfor_model: {a*: {request: {t: $max_output_tokens}}}",
        "tool_choice: {auto: auto}\nfor_model: {a*: {request: {t: $tool_choice}}}",
        "block: {text: {t: $text}}",  # a shape has $text
    ],
)
def test_what_is_used_somewhere_is_fine(added: str) -> None:
    loaded(WHOLE + added + "\n")


def test_what_is_inherited_unused_is_no_concern_of_the_writer() -> None:
    loaded("extends: chat-completions\nvendor: {id: a, name: A}\nrequest: {tools: null, tool_choice: null}\n")


LIMITS = """\
extends: anthropic-messages
vendor: {id: a, name: A}
"""


def test_inherited_limits_go_with_the_fields_they_speak_of() -> None:
    whole = loaded(LIMITS)
    assert [limit.drop for limit in whole.limits] == [
        (),
        ("temperature", "top_p", "tool_choice.required", "tool_choice.tool"),
    ]
    no_heat = loaded(LIMITS + "request: {temperature: null}\ntool_choice: {required: null}\n")
    assert no_heat.limits[1].drop == ("top_p", "tool_choice.tool")
    no_thinking = loaded(LIMITS + "request: {thinking: null}\n")
    assert no_thinking.limits == ()


def test_a_limit_holds_where_an_overlay_gives_it_its_fields() -> None:
    mapping = loaded(
        WHOLE
        + "limits: [{while: reasoning_effort, drop: [temperature], reason: hot}]\n"
        + "for_model: {a*: {request: {e: $reasoning_effort, t: $temperature}}}\n"
    )
    assert mapping.limits == ()
    assert [limit.drop for limit in mapping.for_model[0][1].limits] == [("temperature",)]
