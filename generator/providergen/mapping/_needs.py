"""What parts of a mapping cannot do without: the holes of some sections, and the sections of some holes."""

from collections.abc import Iterator

from providergen.diagnostics import Findings
from providergen.mapping.model import BlockShape, Mapping
from providergen.mapping.shape import Hole, List, Object, Shape, holes
from providergen.mapping.vocabulary import BLOCK_NEEDS

__all__ = ["check_needs"]

_OF_PAGES = ("next", "more")  # holes of a list of models that are of the list, not of one model


def check_needs(mapping: Mapping, findings: Findings) -> None:
    """Refuse requests without messages, blocks without their fields, models without ids, holes without a section."""
    if all(hole.name != "message" for hole in holes(mapping.request)):
        hint = "write the list of messages as [$message, ...]"
        at = mapping.position("request")
        findings.error("missing-hole", "the request holds no $message", at, place="request", hint=hint)
    for block in mapping.blocks:
        _check_block(block, findings)
    if mapping.models is not None:
        _check_models(mapping.models.response, mapping, findings)
    for hole in _without_section(mapping):
        message = f"{hole} is written and read by the section {hole.name!r}, and there is none"
        findings.error("missing-section", message, hole.at, hint=f"add the section {hole.name!r}")


def _check_block(block: BlockShape, findings: Findings) -> None:
    there = {hole.name for hole in holes(block.shape)}
    for group in BLOCK_NEEDS[block.kind]:
        if there.isdisjoint(group):
            needed = " or ".join(f"${word}" for word in group)
            message = f"this is no {block.kind} block without {needed}"
            hint = "write the hole in the place where the vendor has it"
            findings.error("missing-hole", message, block.at, place=block.path, hint=hint)


def _check_models(shape: Shape, mapping: Mapping, findings: Findings) -> None:
    """Refuse a list of models without ids, and holes of one model or of the whole page where the other stands."""
    found = list(_model_holes(shape, listed=False))
    place = "models.response"
    if not any(listed and hole.name == "id" for hole, listed in found):
        message = "no map in a list of it holds $id, so it names no model"
        hint = "write the list of models as [{…: $id}, ...]"
        findings.error("missing-hole", message, mapping.position(place), place=place, hint=hint)
    for hole, listed in found:
        if listed == (hole.name in _OF_PAGES):
            whose, where = ("the whole page", "beside the list") if listed else ("one model", "in a map of the list")
            message = f"{hole} is of {whose}, and stands {'in the list' if listed else 'outside the list'} of models"
            findings.error("misplaced-hole", message, hole.at, place=place, hint=f"write it {where}")


def _model_holes(shape: Shape, *, listed: bool) -> Iterator[tuple[Hole, bool]]:
    """Yield the holes of a list of models, and whether each is of one model."""
    match shape:
        case Object(entries=entries):
            for entry in entries:
                yield from _model_holes(entry.shape, listed=listed)
        case List(repeated=Object() as repeated):
            yield from _model_holes(repeated, listed=True)
        case _:
            yield from ((hole, listed) for hole in holes(shape))


def _without_section(mapping: Mapping) -> Iterator[Hole]:
    """Yield the holes that only a section can write or read, where it is missing."""
    if mapping.tool is None:
        yield from (hole for hole in holes(mapping.request) if hole.name == "tool")
    if mapping.usage is None:
        events = mapping.stream.events if mapping.stream else ()
        for shape in (mapping.response, *(event.shape for event in events)):
            yield from (hole for hole in holes(shape) if hole.name == "usage")
