"""What comes of laying one shape along the document: problems, and the facts that the plan needs."""

from dataclasses import dataclass, field, replace
from typing import Any

from providergen.diagnostics import Position, Severity
from providergen.document import Schema
from providergen.mapping.shape import Hole

__all__ = ["Context", "Fit", "Laid", "Mark", "Problem", "Use"]


@dataclass(frozen=True, slots=True)
class Context:
    """Where a shape stands, as far as it decides what its holes mean.

    `section` is `request`, `message`, `block`, `tool`, `table`, `response`, `usage`, `events`, `error` or `models`;
    `role` the message a shape is part of, `kind` the block; `rest` the block kinds that `$block` and `$content` take
    here; `blocks` False where a reply is read without its blocks (`$response` in an event).
    """

    section: str
    role: str = ""
    kind: str = ""
    rest: tuple[str, ...] = ()
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """One disagreement between a mapping and a document; becomes a finding unless a better alternative is found.

    `excuse` is the entry of `unchecked` that covers it. `soft`: it spoils nothing as long as the same place fits
    elsewhere in the document (an optional field of a block that only one direction has). `slip`: a word is surely
    misspelt, which only an entry for that very place covers.
    """

    code: str
    message: str
    at: Position
    place: str
    pointer: str | None = None
    hint: str | None = None
    severity: Severity = Severity.ERROR
    excuse: str | None = None
    soft: bool = False
    slip: bool = False

    def moved(self, place: str) -> "Problem":
        """Return the problem at another mapping path."""
        return replace(self, place=place)

    def said(self, message: str, hint: str | None) -> "Problem":
        """Return the problem in other words."""
        return replace(self, message=message, hint=hint)

    def weighed(self, severity: Severity) -> "Problem":
        """Return the problem with another weight."""
        return replace(self, severity=severity)

    def excused(self, excuse: str) -> "Problem":
        """Return the problem as one that an entry of `unchecked` covers."""
        return replace(self, excuse=excuse)


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape node at `place` lies on these alternatives of the document."""

    place: str
    schemas: tuple[Schema, ...]
    writing: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """A form of a block that was tried at a slot; it fits if it has no problems."""

    slot: str
    role: str
    kind: str
    form: str
    writing: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """A hole that passes a plain value, or one of a table, and the alternatives its place has."""

    hole: Hole
    place: str
    schemas: tuple[Schema, ...]
    writing: bool


@dataclass(slots=True)
class Laid:
    """One shape along its alternatives. Finished ones are shared (memo): only their maker adds to them.

    `schemas` are the alternatives that the shape itself lies on. `ok` and `silent` count leaves; `fitting` and
    `silences` name them. `soft` problems count only if no place has what they
    miss. `slots` are read: place, alternatives there, and those that a block form reads.
    """

    schemas: tuple[Schema, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    excused: list[Problem] = field(default_factory=list)
    soft: list[Problem] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    fills: list[tuple[str, str, Any]] = field(default_factory=list)
    fits: list[Fit] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    slots: list[tuple[str, tuple[Schema, ...], tuple[Schema, ...]]] = field(default_factory=list)
    ok: int = 0
    silent: int = 0
    fitting: list[str] = field(default_factory=list)
    silences: list[str] = field(default_factory=list)

    def take(self, other: "Laid") -> None:
        """Add what another laying found."""
        self.problems += other.problems
        self.excused += other.excused
        self.take_facts(other)

    def take_facts(self, other: "Laid") -> None:
        """Add what another laying found, but for its problems."""
        self.soft += other.soft
        self.marks += other.marks
        self.fills += other.fills
        self.fits += other.fits
        self.uses += other.uses
        self.slots += other.slots
        self.ok += other.ok
        self.silent += other.silent
        self.fitting += other.fitting
        self.silences += other.silences

    def add(self, problem: Problem) -> None:
        """Add a problem, to where its excuse puts it."""
        if problem.excuse is not None:
            self.excused.append(problem)
        elif problem.soft:
            self.soft.append(problem)
        else:
            self.problems.append(problem)
