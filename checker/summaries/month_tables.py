"""A month as tables: what the pages of network, branch, employees and visits tell, row by row.

Figures come from the summaries of those pages, so that a table says what a page says. Visits and answers are
read as they are written, a page at a time, so that a file of any length takes the same memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import Interval, Verdict
from checker.store import branches, exports
from checker.store import series as all_series
from checker.store.connection import Row, Store
from checker.store.exports import Wanted
from checker.summaries.axes import last_day
from checker.summaries.branch import branch_month
from checker.summaries.employees import employee_lines
from checker.summaries.export import PLACES, Progress, seen_answers, seen_visits
from checker.summaries.network import network_month
from checker.summaries.questions import read_series
from checker.summaries.table import Column, Kind, Table, Value
from checker.summaries.values import (
    AxisFigure,
    BandLine,
    BranchMonth,
    EmployeeLine,
    NetworkMonth,
    Place,
    StandardFigure,
)
from checker.summaries.viewer import Audience, Viewer, find_region, find_viewer

Month_ = BranchMonth | NetworkMonth
Cells = tuple[Value, ...]

OF = (Column("checklist"), Column("method"))
"""What every figure is over: one checklist, one method (§2)."""

INTERVAL = (Column("low_percent", Kind.NUMBER), Column("high_percent", Kind.NUMBER))
AGAINST = (Column("target_percent", Kind.NUMBER), Column("verdict"))
FIGURE = (
    Column("axis"),
    Column("visits", Kind.WHOLE),
    Column("mean_percent", Kind.NUMBER),
    *INTERVAL,
    *AGAINST,
)
CHANGE = (
    Column("change_low_points", Kind.NUMBER),
    Column("change_high_points", Kind.NUMBER),
    Column("change"),
)

NETWORK = (
    Column("scope"),
    Column("code"),
    Column("name"),
    *OF,
    *FIGURE,
    Column("visits_before", Kind.WHOLE),
    Column("mean_before_percent", Kind.NUMBER),
    *CHANGE,
)
BRANCHES = (
    Column("branch"),
    Column("branch_name"),
    Column("region"),
    *OF,
    *FIGURE,
)
STANDARDS = (
    Column("scope"),
    Column("code"),
    *OF,
    Column("standard"),
    Column("question"),
    Column("axis"),
    Column("on_trial", Kind.FLAG),
    Column("asked", Kind.WHOLE),
    Column("met", Kind.WHOLE),
    Column("not_applicable", Kind.WHOLE),
    Column("met_percent", Kind.NUMBER),
    *INTERVAL,
    *AGAINST,
    Column("asked_before", Kind.WHOLE),
    Column("met_before", Kind.WHOLE),
    *CHANGE,
    Column("median_seconds", Kind.NUMBER),
    Column("limit_seconds", Kind.WHOLE),
    Column("within_limit", Kind.WHOLE),
    Column("timed", Kind.WHOLE),
    Column("never", Kind.WHOLE),
)
EMPLOYEES = (
    Column("branch"),
    Column("employee"),
    *OF,
    Column("first_month"),
    Column("last_month"),
    Column("visits", Kind.WHOLE),
    Column("compliance_percent", Kind.NUMBER),
    *INTERVAL,
    Column("experience_percent", Kind.NUMBER),
    Column("first_visit", Kind.DAY),
    Column("last_visit", Kind.DAY),
    Column("remark"),
)
NAME = Column("employee_name")


@dataclass(frozen=True, slots=True)
class Scope:
    """What the tables are of: the network (no code), or the region or branch with this code."""

    kind: Literal["network", "region", "branch"] = "network"
    code: str = ""


def month_tables(
    store: Store,
    month: Month,
    scope: Scope,
    *,
    person_id: int | None,
    now: datetime,
    audience: Audience | None = None,
    progress: Progress = lambda visits: None,
) -> tuple[Table, ...]:
    """The tables network (none of a branch), branches, standards, employees, visits, answers and about.

    They hold what this person may see now; `person_id` None is the command line. Visits that their branches
    may not see yet stay out, whoever asks: tables are handed on. What is for the audience "leadership" has
    figures of employees as they may leave the branch, and neither who served nor what shoppers wrote, which
    may name somebody. Nothing says who shopped, or at what hour. `progress` is told of visits read, each of
    which is read twice. Raises Problem "not_found" for what may not be looked into.
    """
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now, audience=audience, revealed=True)
        places = _places(store, month, scope, viewer)
    held = [
        _summary(store, one, month, scope, viewer) for one in all_series.list_for(store, DEFAULT_PROGRAMME)
    ]
    summaries = [one for one in held if one is not None]
    wanted = _wanted(month, scope, person_id, now)
    figures = [
        Table("branches", BRANCHES, _branches(summaries), ("branch", "checklist", "method", "axis")),
        Table(
            "standards",
            STANDARDS,
            _standards(summaries),
            ("scope", "code", "checklist", "method", "standard"),
        ),
        _employees(store, summaries, places, month, viewer),
        seen_visits(store, wanted, viewer, progress=progress),
        seen_answers(store, wanted, viewer, progress=progress),
        Table("about", (Column("what"), Column("how")), _about(month, scope, viewer), ("what",)),
    ]
    if scope.kind == "branch":
        return tuple(figures)
    key = ("scope", "code", "checklist", "method", "axis")
    return (Table("network", NETWORK, _network(summaries), key), *figures)


def count_visits(store: Store, month: Month, scope: Scope, *, person_id: int | None, now: datetime) -> int:
    """How many visits `progress` is told of."""
    return 2 * exports.count(store, _wanted(month, scope, person_id, now))


def _wanted(month: Month, scope: Scope, person_id: int | None, now: datetime) -> Wanted:
    return Wanted(
        int(month),
        (scope.code,) if scope.kind == "branch" else (),
        (scope.code,) if scope.kind == "region" else (),
        person_id=person_id,
        now=int(now.timestamp()),
        revealed=True,
    )


# --- reading ------------------------------------------------------------------------------------------------


def _summary(store: Store, series: Row, month: Month, scope: Scope, viewer: Viewer) -> Month_ | None:
    """The month in one series; None where it has no counted visit in it."""
    held: Month_
    if scope.kind == "branch":
        held = branch_month(
            store,
            branch_code=scope.code,
            month=month,
            series_id=series["id"],
            person_id=viewer.person_id,
            now=viewer.now,
            audience=viewer.audience,
            revealed=viewer.revealed,
        )
    else:
        held = network_month(
            store,
            series_id=series["id"],
            month=month,
            region_code=scope.code or None,
            person_id=viewer.person_id,
            now=viewer.now,
        )
    visited = any(figure.n for figure in held.axes.values())
    return held if visited or any(one.asked for one in held.standards) else None


def _places(store: Store, month: Month, scope: Scope, viewer: Viewer) -> Mapping[str, Row]:
    """The branches of the scope by code, as they were open in the month or had visits."""
    region_id = find_region(store, scope.code, viewer)["id"] if scope.kind == "region" else None
    first, last = month.first.isoformat(), last_day(month).isoformat()
    rows = branches.list_between(store, region_id=region_id, first=first, last=last)
    return {row["code"]: row for row in rows if scope.kind != "branch" or row["code"] == scope.code}


# --- figures ------------------------------------------------------------------------------------------------


def _network(summaries: list[Month_]) -> Iterator[Cells]:
    for held in summaries:
        if isinstance(held, BranchMonth):
            continue
        kind, code, name = _scope(held)
        for figure in held.axes.values():
            yield (kind, code, name, *_of(held), *_now(figure), *_before(figure))
        for region, figure in (*held.regions, *held.regions_felt):
            yield ("region", region.code, region.name, *_of(held), *_now(figure), *_before(figure))


def _now(figure: AxisFigure) -> Cells:
    return _told(figure.axis, figure.n, figure.mean, figure.interval, figure.target, figure.verdict)


def _told(
    axis: Axis,
    n: int,
    mean: float | None,
    interval: Interval | None,
    target: float | None,
    verdict: Verdict,
) -> Cells:
    """The cells of FIGURE."""
    return (axis.value, n, _percent(mean), *_bounds(interval), *_against(target, verdict))


def _before(figure: AxisFigure) -> Cells:
    return (
        figure.n_before,
        _percent(figure.mean_before),
        *_points(figure.difference),
        figure.change.value,
    )


def _branches(summaries: list[Month_]) -> Iterator[Cells]:
    for held in summaries:
        if isinstance(held, BranchMonth):
            for figure in held.axes.values():
                yield (*_place(held.branch), *_of(held), *_now(figure))
            continue
        yield from _bands(held)


def _bands(held: NetworkMonth) -> Iterator[Cells]:
    """Every branch on both axes; beside the other branches, a verdict is made with a mind to their number."""
    felt = held.axes[Axis.EXPERIENCE].target
    bands: tuple[tuple[Verdict, tuple[BandLine, ...]], ...] = (
        (Verdict.ABOVE, held.above),
        (Verdict.UNDECIDED, held.undecided),
        (Verdict.BELOW, held.below),
        (Verdict.TOO_FEW, held.too_few),
    )
    for verdict, lines in bands:
        for line in lines:
            start = (*_place(line.branch), *_of(held))
            kept = _told(Axis.STANDARD, line.n, line.mean, line.interval, held.branch_target, verdict)
            how_felt = line.experience_n, line.experience, line.experience_interval, felt, line.felt
            yield (*start, *kept)
            yield (*start, *_told(Axis.EXPERIENCE, *how_felt))
    for place in held.without_visits:
        for axis in Axis:
            yield (*_place(place), *_of(held), axis.value, 0, None, None, None, None, "")


def _standards(summaries: list[Month_]) -> Iterator[Cells]:
    for held in summaries:
        kind, code, _name = _scope(held)
        for one in held.standards:
            yield (kind, code, *_of(held), *_standard(one, held))


def _standard(one: StandardFigure, held: Month_) -> Cells:
    item, timing = one.item, one.timing
    language = held.series.checklist.languages[0]
    return (
        one.standard,
        item.text[language],
        item.axis.value if item.scored else None,
        item.trial,
        one.asked,
        one.met,
        one.na,
        _percent(one.share),
        *_bounds(one.interval),
        *_against(one.target, one.verdict),
        one.asked_before,
        one.met_before,
        *_points(one.difference),
        one.change.value,
        Decimal(str(timing.median.value)) if timing and timing.median else None,
        timing.limit_s if timing else None,
        timing.within_limit if timing else None,
        timing.timed if timing else None,
        timing.never if timing else None,
    )


def _employees(
    store: Store, summaries: list[Month_], places: Mapping[str, Row], month: Month, viewer: Viewer
) -> Table:
    """Employees of the branches that were visited, by branch and code; read branch by branch."""
    settings = {held.series.id: read_series(store, held.series.id)[1] for held in summaries}
    names = any(viewer.sees_names(setting["attribution"]) for setting in settings.values())

    def rows() -> Iterator[Cells]:
        for held in summaries:
            attribution = settings[held.series.id]["attribution"]
            for code in _visited(held):
                if code not in places:
                    continue
                with store.reading():
                    lines = employee_lines(store, places[code], month, held.series.id, viewer, attribution)
                for line in sorted(lines, key=lambda line: line.code):
                    row = _employee(code, line, held)
                    yield (*row[:2], line.name, *row[2:]) if names else row

    columns = (*EMPLOYEES[:2], NAME, *EMPLOYEES[2:]) if names else EMPLOYEES
    return Table("employees", columns, rows(), ("branch", "employee", "checklist", "method"))


def _visited(held: Month_) -> list[str]:
    if isinstance(held, BranchMonth):
        return [held.branch.code]
    return sorted(line.branch.code for line in (*held.compared, *held.too_few))


def _employee(branch: str, line: EmployeeLine, held: Month_) -> Cells:
    remark = "not shown" if line.withheld and line.n else "too few to compare" if line.too_few else ""
    first, last = line.span or (None, None)
    return (
        branch,
        line.code,
        *_of(held),
        str(line.since),
        str(line.through),
        line.n,
        _percent(line.mean),
        *_bounds(line.interval),
        _percent(line.experience),
        first,
        last,
        remark,
    )


def _about(month: Month, scope: Scope, viewer: Viewer) -> Iterator[Cells]:
    """What a reader has to know who finds the file in a year; in English, as are the names of columns."""
    yield "month", str(month)
    yield "scope", f"{scope.kind} {scope.code}".strip()
    yield "copy for", viewer.audience
    yield "made at", viewer.now.strftime("%Y-%m-%d %H:%M UTC")
    yield (
        "figures",
        "means of counted visits, one checklist and method at a time; two axes and no overall score",
    )
    yield "intervals", "95 %; above, below, rose and fell stand only where the interval leaves no doubt"
    yield "visits", "every visit that may be seen; `counted` says whether it enters figures"
    if viewer.audience == "leadership":
        yield "employees", "codes; figures of the last whole quarter, from 5 visits on; else visits alone"
        yield "left out", "who served in a visit, and what shoppers wrote, which may name somebody"
    yield "not the sole basis", "Not the sole basis for a personnel decision."


# --- cells --------------------------------------------------------------------------------------------------


def _scope(held: Month_) -> tuple[str, str, str]:
    if isinstance(held, BranchMonth):
        return "branch", held.branch.code, held.branch.name
    return ("region", held.scope.code, held.scope.name) if held.scope else ("network", "", "")


def _of(held: Month_) -> Cells:
    return held.series.checklist.id, held.series.method


def _place(place: Place) -> Cells:
    return place.code, place.name, place.region


def _percent(share: float | None) -> Decimal | None:
    """A share as a percentage with four places."""
    if share is None:
        return None
    shown = (Decimal(repr(share)) * 100).quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
    return shown or abs(shown)


def _bounds(interval: Interval | None) -> Cells:
    if interval is None:
        return None, None
    bounds = interval.clipped()
    return _percent(bounds.low), _percent(bounds.high)


def _points(difference: Interval | None) -> Cells:
    """The bounds of a difference, in percentage points."""
    return (_percent(difference.low), _percent(difference.high)) if difference else (None, None)


def _against(target: float | None, verdict: Verdict) -> Cells:
    """Without a target there is nothing to be above or below."""
    return (None, "") if target is None else (_percent(target), verdict.value)
