"""What a check hands on to the plan: places, fills, slots, events, coverage, operations."""

from pathlib import Path

import pytest

from providergen.check import Checked, Variants, check
from providergen.diagnostics import Findings
from providergen.document import Schema, load_document
from providergen.mapping import load_mapping
from tests.check.acme import HERE, checked, edited

LINKED = 'text/event-stream: {schema: {$ref: "#/components/schemas/Event"}}'
REPLY = 'application/json: {schema: {$ref: "#/components/schemas/Reply"}}'


@pytest.fixture
def facts(tmp_path: Path) -> Checked:
    return checked(tmp_path)[1]


def _names(schemas: tuple[Schema, ...]) -> list[str | None]:
    return [schema.name for schema in schemas]


def test_a_place_knows_the_alternatives_its_shape_lies_on(facts: Checked) -> None:
    assert _names(facts.written["request"]) == ["ChatRequest"]
    assert _names(facts.written["message.user"]) == ["UserMessage"]
    assert _names(facts.written["request.messages[...]"]) == ["UserMessage", "AssistantMessage", "ToolMessage"]
    assert _names(facts.read["response"]) == ["Reply"]
    assert [schema.type for schema in facts.written["message.user.content"]] == ["string", "array"]


def test_a_place_that_is_written_and_read_has_both(facts: Checked) -> None:
    assert _names(facts.written["block.tool_call"]) == ["CallPart"]
    assert _names(facts.read["block.tool_call"]) == ["GivenCall"]
    assert _names(facts.places["block.tool_call"]) == ["CallPart", "GivenCall"]


def test_required_keys_that_may_be_absent_are_filled_with_the_emptiest_value(facts: Checked) -> None:
    assert facts.fills == {
        "message.developer": {"content": ""},
        "message.user": {"content": ""},
        "message.assistant": {"content": []},
    }


def test_an_object_that_has_nothing_else_is_dropped_and_not_filled(tmp_path: Path) -> None:
    mapping = {"effort: $reasoning_effort": "options: {user: $config.user}"}
    findings, facts = checked(tmp_path, mapping, {"required: [seed]": "required: [user]"})
    assert not [finding for finding in findings if finding.severity == "error"]
    assert "request.options" not in facts.fills


def test_null_is_written_where_nothing_smaller_is_allowed(tmp_path: Path) -> None:
    _, facts = checked(tmp_path, document={"required: [model, messages]": "required: [model, messages, tool_choice]"})
    assert facts.fills["request"] == {"tool_choice": None}


def test_a_slot_knows_the_forms_that_fit_there(facts: Checked) -> None:
    assert facts.slots["message.user.content[...]"] == ("block.text", "block.image")
    assert facts.slots["message.assistant.content[...]"] == ("block.text", "block.thinking", "block.tool_call")


ALSO_IMAGES = """
              - {$ref: "#/components/schemas/ImagePart"}
              - {$ref: "#/components/schemas/%s"}"""


@pytest.mark.parametrize(
    ("mapping", "replied", "form"),
    [
        pytest.param({}, False, None, id="another vendor's"),
        pytest.param({}, True, "block.image", id="the vendor's"),
        pytest.param(
            {"  image: {": "  assistant.image: {"}, False, "block.assistant.image", id="with a form for assistants only"
        ),
    ],
)
def test_images_in_assistants_messages_are_those_that_the_vendor_makes(
    tmp_path: Path, mapping: dict[str, str], replied: bool, form: str | None
) -> None:
    allowing = ["CallPart", "GivenCall"] if replied else ["CallPart"]
    document = {f'\n              - {{$ref: "#/components/schemas/{name}"}}': ALSO_IMAGES % name for name in allowing}
    _, facts = checked(tmp_path, mapping, document)
    texts_and_calls = ("block.text", "block.thinking", "block.tool_call")
    assert facts.slots["message.assistant.content[...]"] == (*texts_and_calls, *([form] if form else []))


def test_a_message_that_is_a_list_lies_on_the_items_of_the_messages(tmp_path: Path) -> None:
    shape = "{role: assistant, content: [$block, ...]}"
    _, facts = checked(tmp_path, {f"assistant: {shape}": f"assistant: [{shape}]"})
    assert _names(facts.written["message.assistant[0]"]) == ["AssistantMessage"]
    assert facts.fills["message.assistant[0]"] == {"content": []}


def test_events_come_out_of_their_envelope(facts: Checked) -> None:
    assert _names(facts.events) == ["PartEvent", "EndEvent", "PingEvent"]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param('{$ref: "#/components/schemas/PartEvent"}', id="bare"),
        pytest.param('{type: array, items: {$ref: "#/components/schemas/PartEvent"}}', id="list"),
        pytest.param(
            '{type: object, properties: {id: {type: string}, data: {$ref: "#/components/schemas/PartEvent"}}}',
            id="envelope",
        ),
    ],
)
def test_an_event_may_be_bare_in_a_list_or_in_an_envelope(tmp_path: Path, event: str) -> None:
    _, facts = checked(tmp_path, document={LINKED: f"text/event-stream: {{schema: {event}}}"})
    assert _names(facts.events) == ["PartEvent"]


def test_events_that_no_operation_links_are_found_by_name(tmp_path: Path) -> None:
    unlinked = {LINKED: "text/html: {}"}
    findings, facts = checked(tmp_path, {"framing: sse": "framing: sse\n  schema: Event"}, unlinked)
    assert not [finding for finding in findings if finding.severity == "error"]
    assert _names(facts.events) == ["PartEvent", "EndEvent", "PingEvent"]


def test_events_may_be_alternatives_of_the_answer(tmp_path: Path) -> None:
    either = '{oneOf: [{$ref: "#/components/schemas/Reply"}, {$ref: "#/components/schemas/Event"}]}'
    document = {LINKED: "text/html: {}", REPLY: f"application/json: {{schema: {either}}}"}
    findings, facts = checked(tmp_path, document=document)
    assert not [finding for finding in findings if finding.severity == "error"]
    assert _names(facts.events) == ["Reply", "PartEvent", "EndEvent", "PingEvent"]
    assert facts.coverage.events == Variants(read=("part", "end"), unread=("ping",))


def test_coverage_names_what_nothing_reads(facts: Checked) -> None:
    assert facts.coverage.blocks == Variants(read=("text", "thought", "call"), unread=("search",))
    assert facts.coverage.events == Variants(read=("part", "end"), unread=("ping",))
    assert facts.coverage.finish_reasons == Variants(read=("end", "limit", "calls"))
    assert facts.coverage.ok > 50
    assert (facts.coverage.silent, facts.coverage.unchecked) == (0, 0)


def test_an_excused_place_counts_as_unchecked(tmp_path: Path) -> None:
    edits = {"max_tokens:": "max_token:", "usage: {in": "unchecked: {request.max_token: old}\nusage: {in"}
    assert checked(tmp_path, edits)[1].coverage.unchecked == 1


def test_operations_are_those_the_mapping_calls(facts: Checked) -> None:
    assert [str(facts.operations.chat), str(facts.operations.stream), str(facts.operations.models)] == [
        "POST /v1/chat",
        "POST /v1/chat",
        "GET /v1/models",
    ]


def test_an_overlay_has_places_and_fills_of_its_own(tmp_path: Path) -> None:
    overlay = "for_model: {acme-2*: {request: {max_tokens: null, safety: strict}}}\nusage: {in"
    _, facts = checked(tmp_path, {"usage: {in": overlay})
    assert "for_model.acme-2*.request.safety" in facts.written
    assert "for_model.acme-2*.request.max_tokens" not in facts.written
    assert facts.fills["for_model.acme-2*.message.user"] == {"content": ""}


def test_the_streamed_body_has_places_of_its_own_where_the_stream_states_them(facts: Checked) -> None:
    assert "stream.request.stream" in facts.written
    assert "stream.request.model" not in facts.written


def test_inherited_reading_is_a_note_and_inherited_writing_an_error(tmp_path: Path) -> None:
    base = edited("mapping.yaml", {"  reason:": "  cause:", "  effort:": "  efforts:"})
    (tmp_path / "base.yaml").write_text(base, "utf-8")
    findings = Findings()
    text = 'extends: base\nvendor: {id: thin, name: Thin, base_url: "https://thin.example"}\n'
    mapping = load_mapping(tmp_path / "thin.yaml", findings, text=text)
    document = load_document(HERE / "openapi.yaml", findings)
    assert mapping is not None
    assert document is not None
    check(mapping, document, findings)
    assert [(one.severity, one.place) for one in findings.found if one.code == "unknown-key"] == [
        ("error", "request.efforts"),
        ("note", "response.cause"),
    ]
