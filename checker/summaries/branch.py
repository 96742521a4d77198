"""A branch's month: what its manager works on, and what of it leaves the branch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from checker.problem import not_found
from checker.standards.faults import N_
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import Interval, Sample, Spread, mean_interval, welch
from checker.store import branches, figures, targets, visits
from checker.store.connection import Row, Store
from checker.summaries import axes
from checker.summaries.claims import findings
from checker.summaries.costs import standard_costs
from checker.summaries.employees import employee_lines, known_to_work
from checker.summaries.lines import data_until, place, visit_lines
from checker.summaries.plan import branch_plan
from checker.summaries.questions import read_series
from checker.summaries.quotes import branch_quotes
from checker.summaries.shares_met import standard_figures
from checker.summaries.spread import spreads
from checker.summaries.values import BranchMonth
from checker.summaries.viewer import Audience, Viewer, find_viewer


def branch_month(
    store: Store,
    *,
    branch_code: str,
    month: Month,
    series_id: int,
    person_id: int | None,
    now: datetime,
    audience: Audience | None = None,
    revealed: bool = False,
) -> BranchMonth:
    """The branch in a month, as this person may see it now.

    `person_id` None is the command line: it sees every branch and every visit; `audience` "manager" then
    shows employees as their manager sees them, "leadership" (the default) only what may leave the branch.
    With `revealed` it keeps to what the branch may know by now, whoever asks.
    Raises Problem "not_found" for a branch the person may not look into.
    """
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now, audience=audience, revealed=revealed)
        branch = _find_branch(store, branch_code, viewer)
        series, setting, questions = read_series(store, series_id)
        aims = targets.find_for(
            store,
            programme_id=setting["programme_id"],
            checklist_id=setting["checklist_id"],
            region_id=branch["region_id"],
            branch_id=branch["id"],
        )
        at = _At(store, branch["id"], series_id, month, viewer.until)
        answers, answers_before = at.answers()
        versions = questions.versions(answers)
        mix_changed = questions.mix_changed(answers, answers_before)
        rows = at.months()
        this = rows.get(int(month))
        spread = spreads(store, series_id, month)
        pooled = {axis: spread.pooled(axis) for axis in Axis}
        figures_of_axes = {
            axis: axes.axis_figure(
                axis,
                sample,
                before,
                interval=mean_interval(sample, pooled[axis]),
                difference=welch(sample, before, pooled[axis]),
                target=aims.share(axes.MEASURE[axis], month),
                mix_changed=mix_changed,
            )
            for axis in Axis
            for sample, before in [
                (axes.sample(this, axis), axes.sample(rows.get(int(month.previous())), axis))
            ]
        }
        standards = standard_figures(
            questions, answers, answers_before, targets=aims, month=month, mix_changed=mix_changed
        )
        return BranchMonth(
            branch=place(branch),
            month=month,
            series=series,
            axes=figures_of_axes,
            trends={
                axis: axes.trend(axis, month, rows, aims, _month_interval(pooled[axis])) for axis in Axis
            },
            standards=standards,
            levels=axes.levels(this),
            employees=employee_lines(store, branch, month, series_id, viewer, setting["attribution"]),
            visits=visit_lines(store, at.visits(), viewer, setting["attribution"]),
            outcomes=at.unfinished(),
            flagged=this["flagged"] if this else 0,
            versions=versions,
            mix_changed=mix_changed,
            names_shown=viewer.sees_names(setting["attribution"]),
            data_until=data_until(store, viewer),
            findings=findings(figures_of_axes, standards, standard_costs(questions, answers)),
            plan=branch_plan(store, branch, month, series=series, now=now),
            quotes=branch_quotes(
                store, branch, month, series_id, questions=questions, standards=standards, viewer=viewer
            ),
            working=known_to_work(store, branch, month, series_id, viewer, setting["attribution"]),
        )


@dataclass(frozen=True, slots=True)
class _At:
    """What is read of one branch and series: everything by index, nothing that is not revealed."""

    store: Store
    branch_id: int
    series_id: int
    month: Month
    until: int | None

    def months(self) -> dict[int, Row]:
        return figures.branch_months(
            self.store,
            series_id=self.series_id,
            branch_id=self.branch_id,
            first=int(axes.window(self.month)[0]),
            last=int(self.month),
            until=self.until,
        )

    def answers(self) -> tuple[list[Row], list[Row]]:
        """The answers of the month and of the one before."""
        months = (int(self.month), int(self.month.previous()))
        rows = figures.branch_tally(
            self.store, series_id=self.series_id, branch_id=self.branch_id, months=months, until=self.until
        )
        return [row for row in rows if row["month"] == months[0]], [
            row for row in rows if row["month"] == months[1]
        ]

    def visits(self) -> list[Row]:
        return visits.list_at_branch(
            self.store,
            branch_id=self.branch_id,
            series_id=self.series_id,
            month=int(self.month),
            until=self.until,
        )

    def unfinished(self) -> dict[str, int]:
        return figures.unfinished_at_branch(
            self.store,
            series_id=self.series_id,
            branch_id=self.branch_id,
            month=int(self.month),
            until=self.until,
        )


def _find_branch(store: Store, code: str, viewer: Viewer) -> Row:
    if viewer.person_id is None:
        branch = branches.find(store, code)
    else:
        branch = branches.find_for(store, code, person_id=viewer.person_id)
    if branch is None:
        raise not_found(N_("There is no such branch among those you look after."))
    return branch


def _month_interval(pooled: Spread | None) -> Callable[[Month, Sample], Interval | None]:
    return lambda month, sample: mean_interval(sample, pooled)
