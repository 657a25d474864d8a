"""The checks in data: their levels, and for each that does not fit every API the fact it needs and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["COUNT", "NEEDS", "Level", "Need", "check_of", "level_of"]

Level = Literal["MUST", "SHOULD", "MAY", "PEER"]

COUNT = 104
SHOULD = frozenset(
    (5, 10, 20, 21, 22, 24, 29, 34, 37, 38, 39, 47, 57, 59, 61, 62, 63, 72, 74, 78, 84, 89, 91, 93, 103, 104)
)
MAY = frozenset((75,))


@dataclass(frozen=True, slots=True)
class Need:
    """A check applies where this fact holds, a property of Subject; `otherwise` says why not elsewhere."""

    fact: str
    otherwise: str


NO_KEY = Need("needs_key", "the API works without a key")
NO_LIST = Need("lists_models", "the API lists no models")
NO_STREAM = Need("streams", "the API does not stream")
NO_THINKING = Need("thinker", "no model of the catalog is known to think")
NO_THOUGHT = Need("shows_thinking", "the API does not show what the model thinks")
NO_TEXT_ARGUMENTS = Need("arguments_are_text", "the API sends arguments as objects, which cannot be broken JSON")
NO_IMAGES = Need("takes_images", "the API takes no images")
NO_CHOICE = Need("chooses_tools", "the API has no tool choice")
NO_ADDRESSES = Need("takes_image_addresses", "the API takes images as data only")
TOO_LONG = Need("tells_too_long", "the API has no words for a prompt that is too long")
NO_PRICES = Need("has_prices", "no price of a model is known")

NEEDS: Mapping[str, Need] = {
    "C14": NO_KEY,
    "C28": Need("knows_sizes", "the sizes of no model are known"),
    "C37": NO_LIST,
    "C42": NO_THINKING,
    "C43": NO_THINKING,
    "C45": NO_STREAM,
    "C51": NO_THOUGHT,
    "C58": NO_IMAGES,
    "C59": NO_ADDRESSES,
    "C61": NO_CHOICE,
    "C75": Need("has_request_budget", "optional, and not offered: context managers estimate by themselves"),
    "C79": NO_TEXT_ARGUMENTS,
    "C86": NO_STREAM,
    "C87": NO_STREAM,
    "C88": NO_STREAM,
    "C100": NO_STREAM,
    "C104": NO_IMAGES,
    "P07": TOO_LONG,
    "P08": TOO_LONG,
    "P09": Need("tells_quota", "the API has no words for a quota that is used up"),
    "P10": Need("tells_filter", "the API refuses no request for its content; it ends answers instead"),
    "P11": Need("fails_in_stream", "the API tells no errors within a stream"),
    "P12": Need("tells_overload_in_stream", "the API tells no passing errors within a stream"),
    "P18": Need("stops_for_content", "the API has no finish reason for filtered content"),
    "P29": Need("signs_calls", "the API signs no calls"),
    "P31": NO_THOUGHT,
    "P32": NO_THOUGHT,
    "P33": NO_TEXT_ARGUMENTS,
    "P34": NO_TEXT_ARGUMENTS,
    "P37": Need("takes_stop", "the API has no stop sequences"),
    "P38": Need("takes_top_p", "the API has no top_p"),
    "P40": NO_CHOICE,
    "P46": NO_ADDRESSES,
    "P47": NO_STREAM,
    "P48": Need("counts_reasoning", "the API does not count the tokens of thinking"),
    "P50": NO_PRICES,
}


def check_of(test: str) -> str | None:
    """Return the check that a test is named by: `C67` for `test_c67_...`, `P03` for `test_p03_...`."""
    word = test.removeprefix("test_").partition("_")[0]
    return word.upper() if word[:1] in ("c", "p") and word[1:].isdecimal() else None


def level_of(check: str) -> Level:
    """Return how much a check weighs; what peers get wrong is a level of its own."""
    if check.startswith("P"):
        return "PEER"
    number = int(check[1:])
    return "SHOULD" if number in SHOULD else "MAY" if number in MAY else "MUST"
