"""The frozen values of a checklist, of what was answered, and of what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

POINT = 10_000
"""Points are held as integers of 1/10,000 point (SC-01)."""

WHOLE = 1_000_000
"""A share is held in millionths (SC-01): 1,000,000 is 100 %."""

Text = Mapping[str, str]
"""One text in every language of its checklist: language code -> words."""

DEFAULT_ROLE = "served_by"


class Axis(StrEnum):
    """SC-07: two axes, no overall score."""

    STANDARD = "standard"
    EXPERIENCE = "experience"


class Level(StrEnum):
    """SC-08: what an employee can do something about, and what only the branch can."""

    EMPLOYEE = "employee"
    BRANCH = "branch"


# --- how an item is answered and earns its points -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YesNo:
    """SC-02: yes earns all, no earns 0."""

    kind = "yes_no_na"
    scored = True


@dataclass(frozen=True, slots=True)
class Duration:
    """SC-03: seconds; `at_limit` and the straight line to it in millionths of the points.

    With `start` and `stop`, two events of the checklist, the time between their taps is the answer.
    """

    target_s: int
    limit_s: int
    at_limit: int = WHOLE // 2
    tapped_tolerance_s: int = 1
    estimated_tolerance_s: int = 3
    start: str = ""
    stop: str = ""
    kind = "duration"
    scored = True


@dataclass(frozen=True, slots=True)
class Count:
    """SC-04: 0 … `maximum`; met from `met_at` on."""

    maximum: int
    met_at: int
    kind = "count"
    scored = True


@dataclass(frozen=True, slots=True)
class Scale:
    """SC-05: 1 … 5; met from `met_at` on. `labels` are the words for 1 and 5."""

    met_at: int = 4
    low_label: Text = field(default_factory=dict)
    high_label: Text = field(default_factory=dict)
    kind = "scale"
    scored = True


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice or multi; `points` in units of 1/10,000 point."""

    id: str
    text: Text
    points: int


@dataclass(frozen=True, slots=True)
class Choice:
    """SC-05: the option's points; met when the option is in `met`."""

    options: tuple[Option, ...]
    met: frozenset[str]
    kind = "choice"
    scored = True


@dataclass(frozen=True, slots=True)
class Multi:
    """SC-05: the sum of ticked options, capped at the item's points; met at `met_at` millionths of them."""

    options: tuple[Option, ...]
    met_at: int = WHOLE
    kind = "multi"
    scored = True


@dataclass(frozen=True, slots=True)
class Graded:
    """SC-05: the person awards 0 … points; met at `met_at` millionths of them."""

    met_at: int = WHOLE
    kind = "graded"
    scored = True


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers up to and including `up_to` (None: everything above) earn `share` millionths of the points."""

    up_to: Decimal | None
    share: int


@dataclass(frozen=True, slots=True)
class Number:
    """SC-05: a decimal, unscored unless it has `bands`; met at `met_at` millionths of the points."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    bands: tuple[Band, ...] = ()
    met_at: int = WHOLE
    kind = "number"

    @property
    def scored(self) -> bool:
        """Whether some numbers are worth more than others."""
        return bool(self.bands)


@dataclass(frozen=True, slots=True)
class FreeText:
    """Words; never scored."""

    kind = "text"
    scored = False


@dataclass(frozen=True, slots=True)
class Photo:
    """SHA-256 hashes of pictures; never scored.

    `gallery`: whether a picture that was taken before may be chosen. `most` may be sent. Of `keep`, "time"
    and "place", nothing is kept unless named.
    """

    gallery: bool = True
    most: int = 5
    keep: tuple[str, ...] = ()
    kind = "photo"
    scored = False


@dataclass(frozen=True, slots=True)
class DateTime:
    """An ISO-8601 time with offset; never scored."""

    kind = "datetime"
    scored = False


Rule = YesNo | Duration | Count | Scale | Choice | Multi | Graded | Number | FreeText | Photo | DateTime


# --- the checklist ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of `when`: what `subject` (an earlier item's id, or "context.key") must be.

    `values` are the answers that match, as written ("yes", "na", "never", numbers as strings, option ids);
    with
    `values` empty, `minimum` and `maximum` bound a number (seconds for a duration). n/a and never match
    only if named.
    """

    subject: str
    values: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `points` in units of 1/10,000 point; 0 on unscored items."""

    id: str
    rule: Rule
    text: Text
    help: Text = field(default_factory=dict)
    why: Text = field(default_factory=dict)
    required: bool = True
    points: int = 0
    axis: Axis = Axis.STANDARD
    level: Level = Level.BRANCH
    role: str = DEFAULT_ROLE
    standard: str = ""
    critical: bool = False
    bonus: bool = False
    trial: bool = False
    na_allowed: bool = False
    pillar: str = ""
    when: tuple[Condition, ...] = ()

    @property
    def type(self) -> str:
        """The word that stands in the file: yes_no_na, duration, …"""
        return self.rule.kind

    @property
    def scored(self) -> bool:
        """Whether an answer can be met or not met (trial items too: they keep met, SC-13)."""
        return self.rule.scored


@dataclass(frozen=True, slots=True)
class Section:
    """Items that belong together on the page. `weight` in 1/10,000 (SC-09); None when the checklist has no
    weights.
    """

    id: str
    title: Text
    items: tuple[Item, ...]
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A part an employee plays in a visit: greeter, adviser, cashier; `title` may be empty for the default
    role.
    """

    id: str
    title: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something a shopper taps the moment it happens: came in, was greeted, paid."""

    id: str
    text: Text


@dataclass(frozen=True)
class Checklist:
    """One version of a checklist. `definition` is its plain JSON, the thing that is hashed and frozen."""

    id: str
    version: int
    title: Text
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    roles: tuple[Role, ...] = (Role(DEFAULT_ROLE),)
    sector: str = ""
    channel: str = "store"
    critical_cap: int | None = None
    """Highest share (millionths) an axis may have when one of its critical items was not met (SC-10)."""
    bonus_cap: bool = True
    """Whether bonus stops at 100 % (SC-10)."""
    events: tuple[Event, ...] = ()
    definition: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every item in the order it is asked."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def item(self) -> Mapping[str, Item]:
        """Item id -> item."""
        return {item.id: item for item in self.items}

    @cached_property
    def event_ids(self) -> frozenset[str]:
        """The events a visit may tell of, beside what became of a call."""
        timed = (item.id for item in self.items if isinstance(item.rule, Duration))
        ends = (f"{item}.{end}" for item in timed for end in ("start", "stop"))
        return frozenset((*(event.id for event in self.events), *ends))

    @cached_property
    def weighted(self) -> bool:
        """Whether sections carry weights (SC-09)."""
        return any(section.weight is not None for section in self.sections)


# --- what was answered --------------------------------------------------------------------------------------
#
# Every visit is read into many of these: named tuples are as frozen, and made in a third of the time.


class State(StrEnum):
    """How an item was answered: with a value, "not applicable", or "it never happened" (durations)."""

    VALUE = "value"
    NA = "na"
    NEVER = "never"


Value = bool | int | str | Decimal | tuple[str, ...] | None
"""yes_no_na bool · duration milliseconds · count, scale int · choice option id · multi tuple of option ids ·
graded units of 1/10,000 point · number Decimal · text str · datetime str · photo tuple of hashes · None
unless VALUE."""


class Answer(NamedTuple):
    """One item's answer, checked against its rule. `estimated` marks a time typed from memory, not tapped."""

    item: str
    value: Value = None
    state: State = State.VALUE
    note: str = ""
    estimated: bool = False


Answers = Mapping[str, Answer]
"""Item id -> answer; an item without an answer is absent."""


# --- what it is worth ---------------------------------------------------------------------------------------


class Line(NamedTuple):
    """One item's part in a score. `earned` and `possible` in units; both 0 for n/a, hidden, trial and
    unscored.
    """

    item: Item
    section: str
    answer: Answer | None
    earned: int
    possible: int
    met: bool | None
    """None when the item leaves the figures: n/a, hidden, unanswered or unscored."""
    hidden: bool = False
    within_tolerance: bool = False
    """SC-03: beyond the limit but within tolerance, counted as at the limit."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sum and its share. `share` in millionths, None when nothing could be earned (SC-06)."""

    earned: int
    possible: int
    share: int | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What moves an axis from its plain sum: kind is "weights", "bonus", "bonus_cap" or "critical_cap";
    `millionths` is the exact change as (numerator, denominator) of a share."""

    axis: Axis
    kind: str
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one completed visit (SC-01 … SC-14)."""

    scorer: int
    axes: Mapping[Axis, Part]
    sections: Mapping[tuple[str, Axis], Part]
    employees: Mapping[tuple[str, Axis], Part]
    """(role, axis) -> the employee-level items of that role (SC-08)."""
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    flagged: bool
    """A critical item was asked, not n/a, and not met (SC-10)."""
