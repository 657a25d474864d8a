"""Results as tables."""

from collections import Counter
from collections.abc import Iterable, Sequence

from providergen.conformance.run import Result

__all__ = ["as_markdown", "as_text", "failed"]

_NAMES = {"MUST": "MUST", "SHOULD": "SHOULD", "MAY": "MAY", "PEER": "defects of peers"}


def failed(results: Iterable[Result]) -> bool:
    """Return whether a check failed, of whatever level."""
    return any(one.result == "failed" for one in results)


def as_text(results: Sequence[Result]) -> list[str]:
    """Return a line per check with a column per vendor, then the reasons of what did not pass, then the counts."""
    vendors = _vendors(results)
    widths = {vendor: max(len(vendor), len("passed")) for vendor in vendors}
    lines = ["  ".join(["check", "level ", *(f"{vendor:{widths[vendor]}}" for vendor in vendors)]).rstrip()]
    for check, found in _by_check(results).items():
        level = next(iter(found.values())).level
        columns = (f"{found[vendor].result if vendor in found else '':{widths[vendor]}}" for vendor in vendors)
        lines.append("  ".join([f"{check:5}", f"{level:6}", *columns]).rstrip())
    for result in ("n/a", "failed"):
        lines += [f"{one.check} {one.vendor} {result}: {one.reason}" for one in results if one.result == result]
    return [*lines, *(f"{vendor}: {_counted(results, vendor)}" for vendor in vendors)]


def as_markdown(results: Sequence[Result]) -> str:
    """Return a table of the vendors and how many checks of each level passed, of those that apply."""
    lines = [f"| vendor | {' | '.join(_NAMES.values())} | not applicable |", f"|---|{'---|' * (len(_NAMES) + 1)}"]
    for vendor in _vendors(results):
        own = [one for one in results if one.vendor == vendor]
        cells = []
        for level in _NAMES:
            applying = [one.result for one in own if one.level == level and one.result != "n/a"]
            cells.append(f"{applying.count('passed')} of {len(applying)}" if applying else "–")
        spared = ", ".join(one.check for one in own if one.result == "n/a")
        lines.append(f"| {vendor} | {' | '.join(cells)} | {spared or '–'} |")
    return "\n".join(lines) + "\n"


def _counted(results: Iterable[Result], vendor: str) -> str:
    numbers = Counter(one.result for one in results if one.vendor == vendor)
    parts = ", ".join(f"{numbers[result]} {result}" for result in ("passed", "failed", "n/a") if numbers[result])
    return f"{sum(numbers.values())} checks: {parts}"


def _vendors(results: Iterable[Result]) -> list[str]:
    return sorted({one.vendor for one in results})


def _by_check(results: Iterable[Result]) -> dict[str, dict[str, Result]]:
    grouped: dict[str, dict[str, Result]] = {}
    for one in results:
        grouped.setdefault(one.check, {})[one.vendor] = one
    return grouped
