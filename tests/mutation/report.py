"""What became of the mutants, and why some may live."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from tests.mutation.workshop import Mutant

__all__ = ["report"]

ENOUGH = 0.9
_SURVIVORS = Path(__file__).with_name("survivors.yaml")
_NO_REASON = "NO REASON YET"


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why the mutants of some functions may live, if their lines, before and after, have the pattern."""

    functions: tuple[str, ...]
    change: re.Pattern[str]
    why: str

    def covers(self, mutant: Mutant) -> bool:
        fits = any(fnmatchcase(mutant.function, function) for function in self.functions)
        return fits and self.change.search(f"{mutant.before}\n=>\n{mutant.after}") is not None


def report(mutants: Sequence[Mutant]) -> int:
    """Print how many were noticed and every one that was not; return 1 if that is too few, or not all have a reason."""
    _print_modules(mutants)
    reasons = [
        _Reason(tuple(one["functions"]), re.compile(one.get("change", "")), one["why"])
        for one in yaml.safe_load(_SURVIVORS.read_text("utf-8"))
    ]
    lived: defaultdict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        if mutant.fate != "killed":
            lived[next((one.why for one in reasons if one.covers(mutant)), _NO_REASON)].append(mutant)
    for why, group in sorted(lived.items(), key=lambda pair: len(pair[1])):
        print(f"\n{why} ({len(group)})")
        for mutant in group:
            reached = "" if mutant.fate == "survived" else ", which no test reaches"
            print(f"  {mutant.function}{reached}")
            print("".join(f"    {line}\n" for line in _lines(mutant)), end="")
    killed = sum(mutant.fate == "killed" for mutant in mutants)
    share = killed / len(mutants) if mutants else 0.0
    unexplained = len(lived.get(_NO_REASON, ()))
    print(f"\n{killed} of {len(mutants)} noticed: {share:.1%}. Without a reason: {unexplained}.")
    return int(share < ENOUGH or unexplained > 0)


def _print_modules(mutants: Sequence[Mutant]) -> None:
    counts = Counter((mutant.module, mutant.fate) for mutant in mutants)
    print(f"\n{'module':12} {'killed':>8} {'survived':>8} {'untested':>8}")
    for module in sorted({mutant.module for mutant in mutants}):
        killed, survived, untested = (counts[module, fate] for fate in ("killed", "survived", "untested"))
        print(f"{module:12} {killed:8} {survived:8} {untested:8}")


def _lines(mutant: Mutant) -> list[str]:
    return [
        f"{sign} {line}" for sign, text in (("-", mutant.before), ("+", mutant.after)) for line in text.splitlines()
    ]
