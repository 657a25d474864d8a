"""The check of a whole mapping and of each of its overlays."""

from collections.abc import Iterable
from typing import Any

from providergen.check.excuses import Excuses
from providergen.check.facts import all_facts, coverage
from providergen.check.laid import Laid, Problem
from providergen.check.result import Checked, Coverage, Variants
from providergen.check.sections import Sections, lay_sections
from providergen.check.wording import listed
from providergen.diagnostics import Diagnostic, Findings, Severity
from providergen.document import Document, Schema
from providergen.mapping.model import Mapping

__all__ = ["check"]

_SAID = {
    "request": "the body of the request",
    "response": "the answer",
    "stream.events": "streamed events",
    "error": "the body of an error",
    "models.response": "the list of models",
}


def check(mapping: Mapping, document: Document, findings: Findings) -> Checked:
    """Hold a mapping and its overlays against a document.

    Everything that does not agree is added to the findings: an error for what would be sent wrong or never be read, a
    warning for an `unchecked` entry that excuses nothing, a note for what is lost or not described. The result is
    complete only if no error was found; it is empty if the document has no such chat operation.
    """
    excuses = Excuses(mapping)
    report = _Report(findings)
    gathered = _Gathered()
    first: Sections | None = None
    total = Coverage()
    for glob, variant in (("", mapping), *mapping.for_model):
        prefix = f"for_model.{glob}." if glob else ""
        sections = lay_sections(variant, document, excuses, prefix)
        if sections.operations.chat is None:
            report.add(sections.laid.problems, prefix)
            return Checked(operations=sections.operations)
        facts = all_facts(variant, sections, excuses, prefix)
        excused = [*sections.laid.excused, *(fact for fact in facts if fact.excuse is not None)]
        excuses.use(problem.excuse for problem in excused)
        excuses.use(excuses.find(place, prefix) for place in sections.laid.silences)
        report.add(sections.laid.problems, prefix)
        report.add((fact for fact in facts if fact.excuse is None), prefix)
        gathered.add(sections.laid, prefix)
        if first is None:
            first = sections
            total = coverage(mapping, sections, len({(one.code, one.place, one.pointer) for one in excused}))
            _report_undescribed(mapping, sections, excuses, findings)
            _report_coverage(mapping, total, findings)
    assert first is not None
    _report_stale(mapping, excuses, findings)
    return Checked(
        written=gathered.written,
        read=gathered.read,
        fills=gathered.fills,
        slots=gathered.slots,
        events=first.events,
        coverage=total,
        operations=first.operations,
    )


class _Report:
    """Turns problems into findings, each once; an overlay tells only what the mapping itself has not.

    That the vendor lacks an inherited key is told once, however many objects of the document lack it.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._told: set[tuple[str, str, str]] = set()

    def add(self, problems: Iterable[Problem], prefix: str) -> None:
        for problem in problems:
            lacking = problem.severity is Severity.NOTE and problem.code == "unknown-key"
            key = (problem.code, problem.place, "" if lacking else problem.message)
            if key in self._told:
                continue
            self._told.add(key)
            place = prefix + problem.place
            self._findings.found.append(
                Diagnostic(
                    problem.severity, problem.code, problem.message, problem.at, place, problem.pointer, problem.hint
                )
            )


class _Gathered:
    """The facts of a mapping and its overlays by mapping path."""

    def __init__(self) -> None:
        self.written: dict[str, tuple[Schema, ...]] = {}
        self.read: dict[str, tuple[Schema, ...]] = {}
        self.fills: dict[str, dict[str, Any]] = {}
        self.slots: dict[str, tuple[str, ...]] = {}

    def add(self, laid: Laid, prefix: str) -> None:
        for mark in laid.marks:
            places = self.written if mark.writing else self.read
            path = prefix + mark.place
            places[path] = tuple(dict.fromkeys([*places.get(path, ()), *mark.schemas]))
        for place, key, value in laid.fills:
            self.fills.setdefault(prefix + place, {}).setdefault(key, value)
        for fit in laid.fits:
            path = prefix + fit.slot
            known = self.slots.get(path, ())
            self.slots[path] = known if fit.problems or fit.form in known else (*known, fit.form)


def _report_undescribed(mapping: Mapping, sections: Sections, excuses: Excuses, findings: Findings) -> None:
    for place in sections.undescribed:
        excuse = excuses.find(place)
        if excuse is not None:
            excuses.use([excuse])
            continue
        message = f"the document does not describe {_SAID[place]}; nothing there is checked"
        findings.note("undescribed", message, mapping.position(place), place=place)


def _report_coverage(mapping: Mapping, found: Coverage, findings: Findings) -> None:
    rows: list[tuple[str, str, str, Variants]] = [
        ("unread-blocks", "blocks", "response", found.blocks),
        ("unread-events", "stream events", "stream.events", found.events),
        ("unread-finish-reasons", "finish reasons", "finish_reason", found.finish_reasons),
    ]
    for code, what, place, variants in rows:
        if not variants.unread:
            continue
        count = len(variants.read) + len(variants.unread)
        message = f"{what}: {len(variants.read)}/{count}; not mapped: {listed(variants.unread)}"
        findings.note(code, message, mapping.position(place), place=place)


def _report_stale(mapping: Mapping, excuses: Excuses, findings: Findings) -> None:
    for key in excuses.stale():
        entry = mapping.unchecked[key]
        findings.warning(
            "stale-unchecked",
            "nothing is wrong there (any more)",
            entry.at,
            place=f"unchecked.{key}",
            hint="delete the entry",
        )
