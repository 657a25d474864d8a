"""Repair of tool sequences: every call has its result right behind it, and every result its call."""

import logging
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amplifier_core.message_models import TextBlock

from .history import Block, ToolResult, Turn

__all__ = ["MissingResult", "RepairJournal", "Repairs", "repair"]

log = logging.getLogger(__name__)

_REMINDER = re.compile(r"<system-reminder>.*?(?:</system-reminder>|\Z)", re.DOTALL)
_BRIDGE = "The tool calls above ended without all of their results."


@dataclass(frozen=True, slots=True)
class MissingResult:
    """A call whose result was not in the history; an error result stands in for it."""

    tool_call_id: str
    tool_name: str


@dataclass(frozen=True, slots=True)
class Repairs:
    """What one repair did: results made up, ids of results dropped for want of a call, assistant messages added."""

    missing: tuple[MissingResult, ...] = ()
    orphans: tuple[str, ...] = ()
    bridges: int = 0

    def __bool__(self) -> bool:
        return bool(self.missing or self.orphans)


def repair(turns: Sequence[Turn]) -> tuple[tuple[Turn, ...], Repairs]:
    """Return the turns with each call's result directly behind the calling turn, and what had to be done for it.

    All results of one turn form one "tool" turn in the order of the calls. A repaired history needs no repair.
    """
    found, orphans = _pair(turns)
    repaired: list[Turn] = []
    missing: list[MissingResult] = []
    bridges = 0
    for position, turn in enumerate(turns):
        if turn.role == "tool":
            continue
        repaired.append(turn)
        if not turn.tool_calls:
            continue
        results: list[Block] = []
        metadata: dict[str, Any] = {}
        lost = [call for call in turn.tool_calls if (position, call.id) not in found]
        for call in turn.tool_calls:
            result, source = found.get((position, call.id)) or (_stand_in(call.id, call.name), {})
            results.append(result)
            metadata |= source
        repaired.append(Turn("tool", tuple(results), None, metadata, turn.vendor))
        missing += [MissingResult(call.id, call.name) for call in lost]
        if lost and _user_follows(turns[position + 1 :]):
            repaired.append(Turn("assistant", (TextBlock(text=_BRIDGE),), vendor=turn.vendor))
            bridges += 1
    return tuple(repaired), Repairs(tuple(missing), tuple(orphans), bridges)


class RepairJournal:
    """Remembers which repairs were told, so that each is told once though it is made on every call.

    One provider instance keeps one. It forgets the oldest beyond `size`.
    """

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._told: OrderedDict[MissingResult | str, None] = OrderedDict()

    def unreported(self, repairs: Repairs) -> Repairs:
        """Return the part that was not told before, remember it, and log it as a warning."""
        missing = tuple(item for item in repairs.missing if self._is_new(item))
        orphans = tuple(id_ for id_ in repairs.orphans if self._is_new(id_))
        if missing:
            names = ", ".join(f"{item.tool_name} ({item.tool_call_id})" for item in missing)
            log.warning("Tool calls without a result in the history were given an error result: %s", names)
        if orphans:
            log.warning("Tool results without a call in the history were left out: %s", ", ".join(orphans))
        return Repairs(missing, orphans, repairs.bridges if missing else 0)

    def _is_new(self, repair: MissingResult | str) -> bool:
        new = repair not in self._told
        self._told[repair] = None
        self._told.move_to_end(repair)
        if len(self._told) > self._size:
            self._told.popitem(last=False)
        return new


Found = dict[tuple[int, str], tuple[ToolResult, Mapping[str, Any]]]


def _pair(turns: Sequence[Turn]) -> tuple[Found, list[str]]:
    """Return the results by (position of the calling turn, id), and the ids of those that no call before them explains.

    An id may be used again by a later turn: a result belongs to the newest call before it.
    """
    caller: dict[str, int] = {}
    found: Found = {}
    orphans: list[str] = []
    for position, turn in enumerate(turns):
        caller.update({call.id: position for call in turn.tool_calls})
        for result in turn.tool_results:
            at = caller.get(result.tool_call_id)
            if at is None or (at, result.tool_call_id) in found:
                orphans.append(result.tool_call_id)
            else:
                found[at, result.tool_call_id] = (result, turn.metadata)
    return found, orphans


def _stand_in(tool_call_id: str, name: str) -> ToolResult:
    text = f"Tool result missing: the outcome of {name} was not recorded. Call it again if it is still needed."
    return ToolResult(tool_call_id, name, (TextBlock(text=text),), is_error=True)


def _user_follows(turns: Iterable[Turn]) -> bool:
    """Return whether the next turn that is no tool's is a person's: a user's with more than injected reminders."""
    follower = next((turn for turn in turns if turn.role != "tool"), None)
    return follower is not None and follower.role == "user" and any(map(_is_own, follower.blocks))


def _is_own(block: Block) -> bool:
    return not isinstance(block, TextBlock) or bool(_REMINDER.sub("", block.text).strip())
