"""Response formats that a model lacks: asked for in words, and told."""

import json
from typing import Literal

import pytest
from amplifier_core.message_models import Degradation

from amplifier_module_provider_anthropic.call import Call
from amplifier_module_provider_anthropic.formats import settle_format

Format = Literal["text", "json", "json_schema"]
SCHEMA = {"type": "object", "properties": {"città": {"type": "string"}}}
KNOWN = (("poor-*", ("json",)), ("rich-*", ("json", "json_schema")), ("*", ()))


@pytest.mark.parametrize(
    ("model", "asked"), [("m", None), ("m", "text"), ("poor-1", "json"), ("rich-1", "json"), ("rich-1", "json_schema")]
)
def test_a_format_that_the_model_has_is_kept(
    model: str, asked: Format | None, caplog: pytest.LogCaptureFixture
) -> None:
    call = Call(model, response_format=asked, schema=SCHEMA if asked == "json_schema" else None)
    assert settle_format(call, KNOWN) == (call, None)
    assert not caplog.records


@pytest.mark.parametrize(
    ("model", "asked", "actual"), [("m", "json", None), ("m", "json_schema", None), ("poor-1", "json_schema", "json")]
)
def test_one_that_it_lacks_is_asked_for_in_words(
    model: str, asked: Format, actual: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    schema = SCHEMA if asked == "json_schema" else None
    call = Call(model, response_format=asked, schema=schema, strict=True)
    settled, degradation = settle_format(call, KNOWN)
    assert (settled.response_format, settled.schema, settled.strict) == (actual, None, None)
    assert settled.system is not None
    assert settled.system.startswith("Answer with one JSON value")
    assert (json.dumps(SCHEMA, ensure_ascii=False) in settled.system) is (schema is not None)
    reason = f"{model} has no response format {asked}"
    assert degradation == Degradation(requested=asked, actual=actual or "text", reason=reason)
    assert [record.message for record in caplog.records] == [f"{reason}; it is asked for in words"]
    instructed, _ = settle_format(Call(model, system="Be kind.", response_format=asked, schema=schema), KNOWN)
    assert instructed.system == f"Be kind.\n\n{settled.system}"


def test_a_model_that_no_pattern_fits_has_no_format() -> None:
    settled, degradation = settle_format(Call("m", response_format="json"), KNOWN[:2])
    assert (settled.response_format, degradation is not None) == (None, True)
