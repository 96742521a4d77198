"""The frozen values every summary is made of; shares are floats 0 … 1, None where nothing could be earned
(SC-06).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from checker.standards.body import Sent
from checker.standards.costs import Cost
from checker.standards.model import Answers, Axis, Checklist, Item, Score, Text
from checker.standards.month import Month
from checker.standards.score import Explanation
from checker.standards.statistics import Change, Funnel, Interval, Median, Verdict


@dataclass(frozen=True, slots=True)
class SeriesOf:
    """What a figure is over: one programme, one checklist, one method (figures are per checklist, §2)."""

    id: int
    programme: str
    checklist: Checklist
    method: str


Paper = Literal["A4", "Letter"]


@dataclass(frozen=True, slots=True)
class Look:
    """What makes a report the organisation's own: its name, logo (PNG), accent colour and paper."""

    organisation: str = ""
    logo: bytes | None = None
    accent: str = "#005A8C"
    paper: Paper = "A4"


@dataclass(frozen=True, slots=True)
class AxisFigure:
    """Compliance or Experience of a scope in a month: the unweighted mean of its counted visits (§5)."""

    axis: Axis
    n: int
    mean: float | None
    interval: Interval | None
    target: float | None
    verdict: Verdict
    """TOO_FEW or UNDECIDED where there is no target."""
    n_before: int
    mean_before: float | None
    difference: Interval | None
    """95 % interval of this month's mean minus last month's; None when the mix of versions changed between
    them.
    """
    change: Change


@dataclass(frozen=True, slots=True)
class Timing:
    """How long customers waited: counts by whole second, 601 for longer than 600, "never" apart."""

    seconds: Mapping[int, int]
    never: int
    median: Median | None
    target_s: int
    limit_s: int
    within_target: int
    within_limit: int
    """As the visits were judged: a tapped second of tolerance counts as within (SC-03)."""

    @property
    def timed(self) -> int:
        """How many answers have a time."""
        return sum(self.seconds.values())


@dataclass(frozen=True, slots=True)
class StandardFigure:
    """One standard in a month: met of asked, n/a apart; Wilson interval."""

    standard: str
    item: Item
    """The item that stands for the standard in the newest version."""
    asked: int
    met: int
    na: int
    share: float | None
    interval: Interval | None
    target: float | None
    verdict: Verdict
    asked_before: int
    met_before: int
    difference: Interval | None
    change: Change
    timing: Timing | None = None
    counts: Mapping[int, int] = field(default_factory=dict)
    """For counts and scales: value -> visits (the three yeses: 0, 1, 2, 3)."""


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """How the shopper felt the service: visits per level (SC-15: shares, never points)."""

    low: int
    standard: int
    wow: int

    @property
    def n(self) -> int:
        """How many visits said a level."""
        return self.low + self.standard + self.wow


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of a trend; `mean` None is a gap in the line."""

    month: Month
    n: int
    mean: float | None
    interval: Interval | None
    target: float | None


@dataclass(frozen=True, slots=True)
class EmployeeLine:
    """One employee in a branch's month; listed by name or code, never ranked. `name` None where names are not
    shown.
    """

    code: str
    name: str | None
    n: int
    """Scored visits from `since` to `through`, told also where the figure itself is withheld."""
    mean: float | None
    experience: float | None
    interval: Interval | None
    """None below 5 visits."""
    since: Month
    through: Month
    """The first and last month behind the figure: the month itself, or, outside the branch, the last calendar
    quarter that is over.
    """
    span: tuple[date, date] | None
    """First and last visit behind the figure; they stay in the branch, whose visits are known by day."""
    too_few: bool
    """Fewer than 5 visits: too few to compare."""
    withheld: bool = False
    """Only n leaves the branch (§5)."""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit in a list; no clock time and no shopper (design §1)."""

    uuid: UUID
    day: date
    checklist: str
    version: int
    method: str
    channel: str
    outcome: str
    state: str
    counted: bool
    practice: bool
    excluded: bool
    compliance: int | None
    """Millionths."""
    experience: int | None
    flagged: bool
    service_level: str | None
    employees: tuple[str, ...]
    """Names or codes as this person may see them, descriptions as they were given."""


@dataclass(frozen=True, slots=True)
class Place:
    """A region or branch by code and name; zone only of a branch."""

    code: str
    name: str
    zone: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An action: what somebody set out to improve, and what came of it. `what` and `owner` are as typed."""

    uuid: UUID
    what: str
    owner: str
    due_on: date
    measured_by: str
    state: Literal["open", "done", "dropped"]
    outcome: str
    closed_on: date | None
    standard: str | None
    place: Place | None
    """The branch or region; None for the network."""
    about: Text | None = None
    """The question that stands for the standard, in every language of its checklist."""
    overdue: bool = False
    """Open, and due before today on the calendar of its branch."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The actions of a place around a month, by the day they are due.

    A network's are its own and its regions', a region's its own; of their branches they tell how many.
    """

    settled: tuple[PlanLine, ...]
    """Closed since the month before began and until the month after ends, in which this one is discussed; or
    due in the month before, open or closed.
    """
    current: tuple[PlanLine, ...]
    """Planned until the month after ends, and not closed by then."""
    open_at_branches: int = 0
    closed_at_branches: int = 0


NO_PLAN = Plan((), ())


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """What a shopper wrote on a question: cleared of names and numbers by rule, released by a person."""

    text: str
    item: Item
    standard: str
    channel: str
    met: bool
    day: date | None
    """The day of the visit for the branch's own people; None in what leaves the branch, where no quote may
    point to one employee.
    """
    branch: Place | None
    """None in a network's or region's summary where the question is about what an employee does."""
    chosen_for: Literal["", "gap", "loss", "best"] = ""
    """Why it is one of the three of a network or region: its standard is certainly below its target, has
    certainly fallen, or is met most often.
    """


@dataclass(frozen=True, slots=True)
class BranchMonth:
    """What a manager sees of a branch in a month, for one series."""

    branch: Place
    month: Month
    series: SeriesOf
    axes: Mapping[Axis, AxisFigure]
    trends: Mapping[Axis, tuple[TrendPoint, ...]]
    """13 months, oldest first, this month last."""
    standards: tuple[StandardFigure, ...]
    levels: ServiceLevels
    employees: tuple[EmployeeLine, ...]
    """Empty when the programme's attribution is "none" or the person may not see employees."""
    visits: tuple[VisitLine, ...]
    outcomes: Mapping[str, int]
    """Visits that were not completed, by outcome."""
    flagged: int
    versions: tuple[int, ...]
    mix_changed: bool
    """Whether this month and the last rest on different checklist versions; then no claim of change is made.
    """
    names_shown: bool
    data_until: datetime
    findings: tuple[Finding, ...] = ()
    plan: Plan = NO_PLAN
    quotes: tuple[QuoteLine, ...] = ()
    """Everything released, by the order of the questions and the day; what may not leave is not in it."""
    working: int | None = None
    """How many people are known to work there, or served in the month; None: not kept. `employees` may be of
    a quarter, and of people who have left.
    """


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim a rule made from the figures, for headlines: the edges word it. `kind` is stable: "axis_above",
    "axis_below", "axis_undecided", "too_few", "rose", "fell", "standard_below", "standard_fell",
    "compliance_without_experience", "no_visits", "axis_without_target", "costs_most" (`share` is what the
    standard costs of Compliance), "costs_tied" (`standards` are those of which one costs most).
    """

    kind: str
    axis: Axis = Axis.STANDARD
    standard: str | None = None
    share: float | None = None
    target: float | None = None
    difference: float | None = None
    n: int = 0
    standards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmployeeMonth:
    """An employee's own progress: figures always shown, with n and span; never beside another employee's."""

    code: str
    name: str | None
    month: Month
    series: SeriesOf
    axes: Mapping[Axis, AxisFigure]
    trends: Mapping[Axis, tuple[TrendPoint, ...]]
    standards: tuple[StandardFigure, ...]
    """Employee-level items of the roles held, over the last three months (`standards_from` … month)."""
    standards_from: Month
    span: tuple[date, date] | None
    too_few: bool
    visits: tuple[VisitLine, ...]
    data_until: datetime


@dataclass(frozen=True, slots=True)
class BandLine:
    """One branch in a band of the network or a region."""

    branch: Place
    n: int
    mean: float
    interval: Interval | None
    experience: float | None = None
    experience_n: int = 0
    experience_interval: Interval | None = None
    felt: Verdict = Verdict.TOO_FEW
    """Its Experience against that target, decided among all branches compared; TOO_FEW or UNDECIDED without
    a target.
    """
    ranks: tuple[int, int] | None = None
    """The best and worst rank its interval allows among the branches compared; None without an interval."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something to look into, made by a rule from the figures. `kind` is stable: "kept_not_felt" (branches
    above the target of Compliance and below that of Experience), "standards_fell", "without_visits",
    "too_few" (branches with fewer than 5 visits), "critical" (`n` visits with a critical finding).
    """

    kind: str
    n: int
    places: tuple[Place, ...] = ()
    standards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision the figures suggest. `kind` is stable: "mend_fall", "mend_cost" and "keep" (a standard),
    "help_branches" (below target), "warm" (branches above in Compliance and below in Experience), "visit"
    (branches with too few visits or none), "set_target".
    """

    kind: str
    standard: str | None = None
    share: float | None = None
    target: float | None = None
    n: int = 0
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class TimesElsewhere:
    """A timed standard of another checklist of the same programme and method, in the same month."""

    series: SeriesOf
    figure: StandardFigure
    mix_changed: bool


@dataclass(frozen=True, slots=True)
class NetworkMonth:
    """What leadership sees of the network or of one region in a month, for one series."""

    scope: Place | None
    """The region; None for the whole network."""
    month: Month
    series: SeriesOf
    axes: Mapping[Axis, AxisFigure]
    trends: Mapping[Axis, tuple[TrendPoint, ...]]
    standards: tuple[StandardFigure, ...]
    standard_trends: Mapping[str, tuple[TrendPoint, ...]]
    """Standard -> 13 months of its share met, for small multiples."""
    levels: ServiceLevels
    above: tuple[BandLine, ...]
    undecided: tuple[BandLine, ...]
    below: tuple[BandLine, ...]
    too_few: tuple[BandLine, ...]
    """Branches with fewer than 5 visits; `interval` None."""
    without_visits: tuple[Place, ...]
    branches: int
    """Branches open in the month."""
    branch_target: float | None
    outcomes: Mapping[str, int]
    flagged: int
    regions: tuple[tuple[Place, AxisFigure], ...]
    """Compliance per region; empty on a region's own summary."""
    versions: tuple[int, ...]
    mix_changed: bool
    data_until: datetime
    findings: tuple[Finding, ...] = ()
    plan: Plan = NO_PLAN
    costs: tuple[Cost, ...] = ()
    """What each standard takes from Compliance, the largest first."""
    funnel: Funnel | None = None
    """The mean of the scope's visits and their common spread within branches."""
    outside: Mapping[str, Verdict] = field(default_factory=dict)
    """Branch code -> ABOVE or BELOW, for those that differ from that mean beyond chance."""
    regions_felt: tuple[tuple[Place, AxisFigure], ...] = ()
    """Experience per region."""
    quotes: tuple[QuoteLine, ...] = ()
    """Three at most, chosen by rule QU-6."""
    signals: tuple[Signal, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    """At most three, the weightiest first; what is decided is for people."""
    elsewhere: tuple[TimesElsewhere, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Completed visits that do not count: "practice", "competitor", "void", "excluded" or "waiting" (for
    approval, or made before staff were told) -> how many.
    """

    @property
    def compared(self) -> tuple[BandLine, ...]:
        """The branches with the visits a comparison takes, whatever can be said of them."""
        return (*self.above, *self.undecided, *self.below)


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision of a visit. `author`, the clock time and the hash are for those who may know the shopper;
    `day` is for all.
    """

    n: int
    hash: str | None
    reason: str
    day: date
    at: datetime | None
    author: str | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """What somebody decided about a visit: approve, return, revise, void, restore, exclude or include."""

    kind: str
    reason: str
    day: date
    at: datetime | None
    person: str | None


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """Something a reviewer should look at: a stable code with details."""

    code: str
    details: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A photo that a visit lists, by its hash as sent; `arrived` once the picture is here."""

    sha256: str
    arrived: bool


@dataclass(frozen=True, slots=True)
class NoteLine:
    """What a shopper noted on a question, for whoever may release it to reports."""

    item: Item
    note: str
    met: bool
    cleared: str
    """The note without what would reach or name somebody (QU-1)."""
    blanked: tuple[str, ...]
    released: str | None
    """The words that reports quote; None while none are released."""
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """One visit with its explanation (SC-14), as this person may see it."""

    line: VisitLine
    branch: Place
    checklist: Checklist
    answers: Answers
    """Item id -> answer of the current revision, hidden items' too."""
    score: Score | None
    """As today's scorer reads the current revision; None unless completed."""
    explanation: tuple[Explanation, ...]
    reason: str
    context: Mapping[str, object]
    revision: int
    revisions: tuple[RevisionLine, ...]
    events: tuple[EventLine, ...]
    review_notes: tuple[ReviewNote, ...]
    """For reviewers and admins; empty for others."""
    shopper: str | None
    """For reviewers and admins only."""
    visited_at: datetime | None
    """Reviewers, admins and the shopper see the clock time; the branch sees the day alone."""
    hash: str | None
    """For the same; the hour can be tried out until it gives the hash."""
    sent: Sent | None = None
    """The current revision as sent, for reviewers and admins only: its events and photos tell the hour."""
    photos: Mapping[str, tuple[PhotoLine, ...]] = field(default_factory=dict)
    """Item id -> the photos that the current revision lists for it."""
    scored_as_now: bool = True
    """False when today's scorer would give another score than the stored one (`rescore` tells)."""


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """Something a shopper is asked to do."""

    uuid: UUID
    branch: Place
    checklist: str
    title: Text
    visit_from: date
    visit_to: date
    report_by: date
    state: str
    overdue: bool
    """The report was due before today, branch time."""
    draft: UUID | None
    """The draft begun for it."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A visit that is being written down and not sent."""

    uuid: UUID
    branch: Place
    checklist: str
    title: Text
    saved_at: datetime
    assignment: UUID | None


@dataclass(frozen=True, slots=True)
class SentLine:
    """A visit the shopper sent; `query` is what a reviewer asks when it came back."""

    uuid: UUID
    branch: Place
    checklist: str
    title: Text
    day: date
    received_at: datetime
    state: str
    practice: bool
    photos_missing: int
    query: str


@dataclass(frozen=True, slots=True)
class ShopperDay:
    """Everything on a shopper's first page."""

    assignments: tuple[AssignmentLine, ...]
    """To do, the most urgent first; those with a draft too."""
    drafts: tuple[DraftLine, ...]
    returned: tuple[SentLine, ...]
    """Sent back with a query: to be answered."""
    sent: tuple[SentLine, ...]
    """The newest fifty."""


@dataclass(frozen=True, slots=True)
class TabletAssignment:
    """An assignment with all that its visit needs; `version` is the checklist's current one."""

    line: AssignmentLine
    version: int
    purpose: str
    scenario: str
    briefing: str


@dataclass(frozen=True, slots=True)
class TabletDraft:
    """A draft as it was last saved; for a visit that came back, also what it says and what is asked of it."""

    line: DraftLine
    sequence: int
    version: int
    practice: bool
    typed: Mapping[str, list[str]]
    copies: int
    """How many other versions are kept that say something else."""
    revises: str | None
    sent: Mapping[str, object] | None
    query: str | None


@dataclass(frozen=True, slots=True)
class PlaceInTime:
    """A branch and its time zone."""

    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class FormLine:
    """A version of a checklist that can be filled; `named`: who served is recorded."""

    checklist: str
    version: int
    title: Text
    channel: str
    named: bool


@dataclass(frozen=True, slots=True)
class TabletDay:
    """Everything that a shopper's tablet keeps."""

    assignments: tuple[TabletAssignment, ...]
    drafts: tuple[TabletDraft, ...]
    returned: tuple[SentLine, ...]
    sent: tuple[SentLine, ...]
    branches: tuple[PlaceInTime, ...]
    employees: Mapping[str, tuple[str, ...]]
    """Branch code -> codes."""
    forms: tuple[FormLine, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is asked for: who does what by when; words as typed."""

    what: str
    owner: str = ""
    due_on: date | None = None
    measured_by: str = ""
    """How one will see whether it worked."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure as it was sent, and as it is today: an axis where `item` is None, else a standard."""

    axis: Axis
    item: Item | None
    n_sent: int
    share_sent: float | None
    n: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What changed in a month since an edition of its report was released."""

    month: Month
    n: int
    """The edition's number."""
    released_on: date
    arrived: int = 0
    """Counted visits that came in later."""
    taken_in: int = 0
    """Visits that count again."""
    left_out: int = 0
    """Visits that count no more: void or left out of figures."""
    corrected: int = 0
    """Visits whose answers were corrected."""
    moved: tuple[Moved, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to state."""
        return bool(self.arrived or self.taken_in or self.left_out or self.corrected or self.moved)


@dataclass(frozen=True, slots=True)
class Redrawn:
    """Why a file is not, byte for byte, the one that was sent: `reason` is "erased", "names" or "version"."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class EditionText:
    """What people add to a month's figures when they close it; figures stay in the summary beside it."""

    n: int
    foreword: str
    decisions: tuple[Decision, ...]
    released_on: date | None = None
    """None: a draft."""
    corrections: tuple[Correction, ...] = ()
    redrawn: Redrawn | None = None


@dataclass(frozen=True, slots=True)
class EditionFile:
    """A file of an edition, by its language and whom it is for; hashes are SHA-256 in hexadecimal."""

    language: str
    audience: Literal["manager", "leadership"]
    size: int
    hash: str
    sent_hash: str
    """Of what was sent: another one, once the file was drawn again."""
    program: str
    made_at: datetime
    redrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition of a month's report. `place` is the branch or region (`of` says which), None: network."""

    uuid: UUID
    of: Literal["network", "region", "branch"]
    place: Place | None
    month: Month
    series_id: int
    checklist: str
    title: Text
    languages: tuple[str, ...]
    method: str
    n: int
    state: Literal["draft", "released"]
    changes: int
    """How often its draft was changed."""
    foreword: str
    decisions: tuple[Decision, ...]
    released_at: datetime | None
    released_by: str | None
    files: tuple[EditionFile, ...] = ()
