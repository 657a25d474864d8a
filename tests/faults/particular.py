"""Outcomes that a vendor's events have of their own: by vendor and pattern of names of cells; the first counts."""

from collections.abc import Mapping

from tests.faults.outcomes import BAD_CALL, BROKEN, SAME, Outcome

PARTICULAR: Mapping[str, Mapping[str, Outcome]] = {
    "anthropic": {
        # Events 6 to 8 are the fragments of a call's arguments.
        "event [678] twice": BAD_CALL,
        "event [678] is missing": BAD_CALL,
        "events [67] and [78] exchanged": BAD_CALL,
        "all events twice": BAD_CALL,
        "event [678]: type is *": BAD_CALL,
        "event [678]: delta is *": BAD_CALL,
        "event [678]: delta.*": BAD_CALL,
        'event 4: content_block.input is "x"': BAD_CALL,
        # Event 10 has the word for the end.
        "event 10 is missing": BROKEN,
        "event 10: type is *": BROKEN,
        "event 10: delta is *": BROKEN,
        "event 10: delta.stop_reason is *": BROKEN,
    },
    "openai-chat": {
        # The text that ends the stream makes whatever follows, and the word for the end, needless.
        "silence after the last event": SAME,
        # Event 4 has the arguments of a call.
        "event 4 twice": BAD_CALL,
        "all events twice": BAD_CALL,
    },
    "gemini": {
        # Event 2 has the whole call and the word for the end.
        "event 2 is missing": BROKEN,
        "event 2: candidates is *": BROKEN,
        "event 2: candidates.0 is *": BROKEN,
        "event 2: candidates.0.finishReason is *": BROKEN,
        'event 2: candidates.0.content.parts.0.functionCall.args is "x"': BAD_CALL,
        "event 2: candidates.0.content.parts.0.functionCall.args is -1.5": BAD_CALL,
    },
    "openai": {
        # Event 10 adds arguments to a call, event 12 has all of them.
        "events in reverse": BAD_CALL,
        "event 12: item.arguments is true": BAD_CALL,
        "event 12: item.arguments is 7": BAD_CALL,
        # Event 13 has the word for the end.
        "event 13 is missing": BROKEN,
        "event 13: type is *": BROKEN,
        "event 13: response is *": BROKEN,
        "event 13: response.status is *": BROKEN,
    },
    "ollama": {
        # Event 2 has the whole call, event 3 the end.
        'event 2: message.tool_calls.0.function.arguments is "x"': BAD_CALL,
        "event 2: message.tool_calls.0.function.arguments is -1.5": BAD_CALL,
        "event 3 is missing": BROKEN,
    },
}
