"""An employee's own progress: never beside another's, and without a target, because it judges no person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from checker.problem import not_found
from checker.standards.faults import N_
from checker.standards.model import Axis, Level
from checker.standards.month import Month
from checker.standards.statistics import (
    MIN_VISITS,
    Interval,
    Sample,
    Spread,
    mean_interval,
    pooled_within_sd,
    welch,
)
from checker.store import employees, figures, visits
from checker.store.connection import Row, Store
from checker.store.targets import Targets
from checker.summaries import axes
from checker.summaries.employees import joined, read_months
from checker.summaries.lines import data_until, day, visit_lines
from checker.summaries.questions import Questions, read_series
from checker.summaries.shares_met import standard_figures
from checker.summaries.values import EmployeeMonth, StandardFigure
from checker.summaries.viewer import Audience, Viewer, find_viewer

SPAN = 3
"""Months whose answers are joined, because one has few."""

NO_TARGETS = Targets(())


def employee_month(
    store: Store,
    *,
    employee_code: str,
    month: Month,
    series_id: int,
    person_id: int | None,
    now: datetime,
    audience: Audience | None = None,
) -> EmployeeMonth:
    """The employee in a month, for the employee, for a manager of a branch where they work, or for the
    office.

    A manager sees the visits at the branches looked after. The scores in it, those of its visits too, are the
    employee's own: of the items that are up to the role held (SC-08). `person_id` None is the command line.
    Raises Problem "not_found" for everybody else, and where the programme records no employees.
    """
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now, audience=audience)
        series, setting, questions = read_series(store, series_id)
        person = _find_employee(store, employee_code, viewer, setting["attribution"])
        own = person["id"] == viewer.employee_id
        served = figures.employee_visits(
            store,
            series_id=series_id,
            employee_id=person["id"],
            first=int(axes.window(month)[0]),
            last=int(month),
            until=viewer.until,
            person_id=person_id if viewer.role == "manager" else None,
        )
        counted = [row for row in served if row["counted"]]
        rows = {at: _sums(_in(counted, at, at)) for at in axes.window(month)}
        pooled = _pooled(store, counted, series_id, month, viewer)
        this, before = rows[month], rows[month.previous()]
        shown = _in(served, month.back(SPAN - 1), month)
        these = _in(counted, month, month)
        return EmployeeMonth(
            code=person["code"],
            name=person["name"] if own or viewer.sees_names(setting["attribution"]) else None,
            month=month,
            series=series,
            axes={
                axis: axes.axis_figure(
                    axis,
                    axes.sample(this, axis),
                    axes.sample(before, axis),
                    interval=mean_interval(axes.sample(this, axis), pooled[axis]),
                    difference=welch(axes.sample(this, axis), axes.sample(before, axis), pooled[axis]),
                    target=None,
                    mix_changed=_mix_changed(these, _in(counted, month.previous(), month.previous())),
                )
                for axis in Axis
            },
            trends={
                axis: axes.trend(
                    axis,
                    month,
                    {int(at): sums for at, sums in rows.items()},
                    NO_TARGETS,
                    _month_interval(pooled[axis]),
                )
                for axis in Axis
            },
            standards=_standards(store, questions, person["id"], counted, month),
            standards_from=month.back(SPAN - 1),
            span=(day(these[0]), day(these[-1])) if these else None,
            too_few=this["compliance_n"] < MIN_VISITS,
            visits=visit_lines(store, _lines(store, shown), viewer, setting["attribution"]),
            data_until=data_until(store, viewer),
        )


def _find_employee(store: Store, code: str, viewer: Viewer, attribution: str) -> Row:
    person: Row | None = None
    if attribution == "none":
        raise not_found(N_("Who served is not recorded here, so there are no pages of employees."))
    if viewer.person_id is None or viewer.office:
        person = employees.find(store, code)
    elif viewer.role == "manager":
        person = employees.find_for(store, code, person_id=viewer.person_id)
    elif viewer.role == "employee":
        found = employees.find(store, code)
        person = found if found is not None and found["id"] == viewer.employee_id else None
    if person is None:
        raise not_found(N_("There is no such employee among those you look after."))
    return person


def _in(rows: Iterable[Row], first: Month, last: Month) -> list[Row]:
    return [row for row in rows if int(first) <= row["month"] <= int(last)]


def _sums(rows: Iterable[Row]) -> Row:
    """Visits as one row of sums."""
    sums: Row = {}
    for name in axes.MEASURE.values():
        scores = [row[name] for row in rows if row[name] is not None]
        sums[f"{name}_n"] = len(scores)
        sums[f"{name}_sum"] = sum(scores)
        sums[f"{name}_squares"] = sum(score * score for score in scores)
    return sums


def _pooled(
    store: Store, rows: Iterable[Row], series_id: int, month: Month, viewer: Viewer
) -> dict[Axis, Spread | None]:
    """Within the employees of the branches served at, each branch's employees apart."""
    groups = [
        months
        for branch in sorted({row["branch_id"] for row in rows})
        for months in read_months(store, branch, series_id, month, viewer.until).values()
    ]
    return {axis: pooled_within_sd(joined(months.values(), axis) for months in groups) for axis in Axis}


def _mix_changed(now: Iterable[Row], before: Iterable[Row]) -> bool:
    versions, versions_before = ({row["version_id"] for row in rows} for rows in (now, before))
    return bool(versions and versions_before) and versions != versions_before


def _month_interval(pooled: Spread | None) -> Callable[[Month, Sample], Interval | None]:
    return lambda month, sample: mean_interval(sample, pooled)


def _standards(
    store: Store, questions: Questions, employee_id: int, rows: list[Row], month: Month
) -> tuple[StandardFigure, ...]:
    """What was up to the roles held: the last three months beside the three before."""
    now = _in(rows, month.back(SPAN - 1), month)
    before = _in(rows, month.back(2 * SPAN - 1), month.back(SPAN))
    found = standard_figures(
        questions,
        _answers(store, questions, employee_id, now),
        _answers(store, questions, employee_id, before),
        targets=NO_TARGETS,
        month=month,
        mix_changed=_mix_changed(now, before),
    )
    return tuple(figure for figure in found if figure.asked or figure.na)


def _answers(store: Store, questions: Questions, employee_id: int, rows: list[Row]) -> list[Row]:
    """The answers to employee-level items of the roles the employee held."""
    tallied = figures.employee_tally(store, employee_id=employee_id, visit_ids=[row["id"] for row in rows])
    return [row for row in tallied if _was_up_to(questions, row)]


def _was_up_to(questions: Questions, row: Row) -> bool:
    item = questions.by_key[row["item_id"]].item
    return item.level is Level.EMPLOYEE and item.role == row["role"]


def _lines(store: Store, served: list[Row]) -> list[Row]:
    """The visits as lines, with the employee's own scores, so that the lines add up to the figure."""
    own = {row["id"]: row for row in served}
    return [
        {
            **row,
            "compliance": own[row["id"]]["compliance"],
            "experience": own[row["id"]]["experience"],
        }
        for row in visits.list_by_key(store, own)
    ]
