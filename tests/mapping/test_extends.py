"""What a file takes over from the one it extends, and what it may not."""

from pathlib import Path
from typing import Any

import pytest

from providergen.mapping import Mapping, dialects, flattened
from providergen.mapping.shape import Hole, Object
from tests.mapping.written import errors, load, loaded, warnings

BELOW = """\
vendor: {id: below, name: Below}
chat: {operation: POST /chat, headers: {v: '1'}}
request: {model: $model, messages: [$message, ...], max: $max_output_tokens, deep: {a: 1, b: 2}}
message: {user: {role: user, content: $text}}
response: {choices: [{text: $text, why: $finish_reason}]}
finish_reason: {stop: end}
hooks: [body]
unchecked: {request.max: not described}
for_model:
  a*: {request: {max: null, extra: 1}}
  b*: {request: {deep: {a: null}}}
"""
MESSAGES = ["$message", "..."]
ABOVE = "extends: below.yaml\nvendor: {id: above, name: Above}\n"


@pytest.fixture
def above(tmp_path: Path) -> Path:
    """A mapping file beside `below.yaml`."""
    (tmp_path / "below.yaml").write_text(BELOW)
    return tmp_path / "above.yaml"


def request_of(mapping: Mapping) -> dict[str, Any]:
    request: dict[str, Any] = flattened(mapping)["request"]
    return request


def test_a_thin_file_inherits_everything_but_identity_and_excuses(above: Path) -> None:
    mapping = loaded(ABOVE, above)
    assert mapping.extends == ("below.yaml",)
    assert mapping.vendor.id == "above"
    assert mapping.unchecked == {}
    assert mapping.hooks == ("body",)
    assert mapping.chat.operation == "POST /chat"


def test_a_file_that_extends_must_say_who_answers(above: Path) -> None:
    (found,) = errors("extends: below.yaml\n", above)
    assert "missing-section the section 'vendor' is missing" in found


def test_nodes_know_which_file_they_are_of(above: Path) -> None:
    mapping = loaded(ABOVE + "request: {heat: $temperature}\n", above)
    inherited = {entry.key: mapping.inherited(entry.at) for entry in mapping.request.entries}
    assert inherited == {"model": True, "messages": True, "max": True, "deep": True, "heat": False}
    assert mapping.position("request.model").path == str(above.parent / "below.yaml")
    assert str(mapping.position("request.heat")) == f"{above}:3:11"


def test_maps_merge_null_deletes_and_the_rest_replaces(above: Path) -> None:
    mapping = loaded(ABOVE + "request: {max: null, deep: {b: 3, c: {d: 4}}, model: fixed}\n", above)
    assert request_of(mapping) == {
        "model": "fixed",
        "messages": MESSAGES,
        "deep": {"a": 1, "b": 3, "c": {"d": 4}},
    }


def test_lists_of_one_length_merge_item_by_item_and_others_replace(above: Path) -> None:
    merged = loaded(ABOVE + "response: {choices: [{text: $thinking}]}\n", above)
    assert flattened(merged)["response"] == {"choices": [{"text": "$thinking", "why": "$finish_reason"}]}
    replaced = loaded(ABOVE + "response: {choices: [{text: $text, why: $finish_reason}, '...']}\n", above)
    assert flattened(replaced)["response"] == {"choices": [{"text": "$text", "why": "$finish_reason"}, "..."]}


def test_an_operation_alone_keeps_the_inherited_parameters(above: Path) -> None:
    call = loaded(ABOVE + "chat: POST /v2/chat\n", above).chat
    assert (call.operation, [entry.key for entry in call.headers]) == ("POST /v2/chat", ["v"])


def test_a_null_that_deletes_nothing_is_told(above: Path) -> None:
    (found,) = warnings(ABOVE + "request: {maxx: null}\n", above)
    assert f"{above}:3:11: nothing-to-delete request.maxx" in found


def test_a_null_in_a_file_of_its_own_is_a_value(above: Path) -> None:
    (above.parent / "below.yaml").write_text(BELOW.replace("deep: {", "nothing: null, deep: {"))
    assert "nothing" in flattened(loaded(BELOW.replace("deep: {", "nothing: null, deep: {")))["request"]
    kept, deleted = loaded(ABOVE, above), loaded(ABOVE + "request: {nothing: null}\n", above)
    assert request_of(kept) == request_of(deleted) | {"nothing": None}


def test_overlays_are_whole_mappings(above: Path) -> None:
    overlays = dict(loaded(BELOW, above).for_model)
    assert request_of(overlays["a*"]) == {
        "model": "$model",
        "messages": MESSAGES,
        "deep": {"a": 1, "b": 2},
        "extra": 1,
    }
    assert request_of(overlays["b*"]) == request_of(loaded(BELOW)) | {"deep": {"b": 2}}
    assert overlays["a*"].for_model == ()
    assert overlays["a*"].vendor.id == "below"


def test_own_overlays_come_first_merge_per_pattern_and_go_with_null(above: Path) -> None:
    own = "for_model:\n  c*: {request: {deep: null}}\n  b*: {request: {max: null, deep: {c: 5}}}\n  a*: null\n"
    mapping = loaded(ABOVE + own, above)
    assert [glob for glob, _ in mapping.for_model] == ["c*", "b*"]
    assert request_of(dict(mapping.for_model)["b*"]) == {
        "model": "$model",
        "messages": MESSAGES,
        "deep": {"b": 2, "c": 5},
    }


def test_a_null_in_an_overlay_still_deletes_after_it_was_extended(above: Path) -> None:
    mapping = loaded(ABOVE + "for_model: {a*: {request: {extra: null}}}\n", above)
    assert request_of(mapping.for_model[0][1]) == {
        "model": "$model",
        "messages": MESSAGES,
        "deep": {"a": 1, "b": 2},
    }


def test_an_overlay_changes_the_streamed_body_too(above: Path) -> None:
    stream = "stream: {framing: sse, request: {s: true}, events: {c: {t: $text+}}}\n"
    overlay = loaded(ABOVE + stream, above).for_model[0][1]
    assert overlay.stream is not None
    assert overlay.stream.request is not None
    assert [entry.key for entry in overlay.stream.request.entries] == ["model", "messages", "deep", "extra", "s"]


def test_two_steps_are_two_names(above: Path) -> None:
    above.write_text(ABOVE + "request: {step: 1}\n")
    mapping = loaded(
        "extends: above.yaml\nvendor: {id: top, name: Top}\nrequest: {step: 2}\n", above.parent / "top.yaml"
    )
    assert mapping.extends == ("above.yaml", "below.yaml")
    assert mapping.request.get("step") is not None
    assert mapping.request.get("max") is not None


def test_the_ending_of_a_mapping_beside_may_be_left_out(above: Path) -> None:
    assert loaded(ABOVE.replace("below.yaml", "below"), above).extends == ("below",)


def test_a_dialect_is_extended_by_its_name() -> None:
    mapping = loaded("extends: chat-completions\nvendor: {id: acme, name: Acme}\n")
    assert mapping.extends == ("chat-completions",)
    message = mapping.message["user"]
    assert isinstance(message, Object)
    content = message.get("content")
    assert isinstance(content, Hole)
    assert content.name == "content"


@pytest.mark.parametrize(
    ("extends", "error"),
    [
        (
            "chat-completion",
            "unknown-dialect extends: there is no dialect 'chat-completion' and no file of that name beside",
        ),
        ("../nowhere.yaml", "unknown-dialect extends: there is no dialect '../nowhere.yaml'"),
        ("[chat-completions]", "wrong-type extends: a list stands where a dialect or a path is expected"),
        ("acme.yaml", "cycle-of-extends extends: the mapping extends itself: acme.yaml -> acme.yaml"),
    ],
)
def test_what_cannot_be_extended_is_told(tmp_path: Path, extends: str, error: str) -> None:
    (tmp_path / "acme.yaml").write_text(f"extends: {extends}\n")
    (found,) = errors(f"extends: {extends}\n", tmp_path / "acme.yaml")
    assert found.startswith(f"{tmp_path / 'acme.yaml'}:1:10: {error}")


def test_an_unknown_dialect_comes_with_the_known_ones() -> None:
    _, found = load("extends: none\n")
    assert found[0].hint == "dialects: " + ", ".join(dialect.name for dialect in dialects())


def test_a_long_way_round_is_a_cycle_too(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n")
    (found,) = errors("extends: b.yaml\n", tmp_path / "a.yaml")
    around = "a.yaml -> b.yaml -> a.yaml"
    assert found == f"{tmp_path / 'b.yaml'}:1:10: cycle-of-extends extends: the mapping extends itself: {around}"


def test_faults_of_the_extended_file_are_told_there(above: Path) -> None:
    (above.parent / "below.yaml").write_text(BELOW.replace("$text, why", "$txt, why"))
    (found,) = errors(ABOVE, above)
    assert found.startswith(f"{above.parent / 'below.yaml'}:5:29: unknown-word response.choices[0].text: $txt")
