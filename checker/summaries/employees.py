"""The employees of a branch in a month: listed by name or code, never ranked; what leaves the branch (§5)."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from checker.standards.model import Axis
from checker.standards.month import Month, day_of, month_of
from checker.standards.statistics import MIN_VISITS, Sample, Spread, mean_interval, pooled_within_sd
from checker.standards.telling import untold
from checker.store import employees, figures
from checker.store.connection import Row, Store
from checker.summaries.axes import MEASURE, last_day, window
from checker.summaries.axes import sample as sample_of
from checker.summaries.lines import moment
from checker.summaries.values import EmployeeLine
from checker.summaries.viewer import Viewer

QUARTER = 3
"""Months of a calendar quarter; what leaves the branch about an employee is of a whole one."""

Months = Mapping[int, Row]
"""Month -> one employee's sums."""


def employee_lines(
    store: Store, branch: Row, month: Month, series_id: int, viewer: Viewer, attribution: str
) -> tuple[EmployeeLine, ...]:
    """Those employed at the branch at the end of the month and those who served there.

    Their manager sees every figure of the month with n and span. What leaves the branch is of the last
    calendar quarter that is over (`since`, `through`): a figure from five visits on, else n alone. Quarters
    do not overlap, so that no month can be worked out from two of them; `telling` holds back what would tell
    another within one. No days: a branch is seldom visited twice on one, so that the first and the last would
    tell two visits in which they served.
    """
    if attribution == "none":
        return ()
    leaves = viewer.audience == "leadership"
    since = through = month
    hidden: Container[str] = ()
    if leaves:
        through = last_quarter_over(month, month_of(viewer.now, branch["zone"]))
        since = through.back(QUARTER - 1)
        hidden = _untold(store, branch["id"], series_id, since, through, viewer.until)
    served = read_months(store, branch["id"], series_id, through, viewer.until)
    people = employees.list_of_month(
        store,
        branch_id=branch["id"],
        day=last_day(month).isoformat(),
        served={key for key, months in served.items() if _between(months, since, through)},
    )
    pooled = pooled_within_employees(served)
    names = viewer.sees_names(attribution)
    lines = []
    for person in people:
        line = _line(person, served.get(person["id"], {}), since, through, pooled, branch["zone"])
        if leaves:
            line = replace(line, span=None)
        if leaves and (line.too_few or line.code in hidden):
            line = replace(line, mean=None, experience=None, interval=None, withheld=True)
        lines.append(replace(line, name=person["name"] if names else None))
    return tuple(sorted(lines, key=lambda line: ((line.name or "").casefold(), line.code)))


def known_to_work(
    store: Store, branch: Row, month: Month, series_id: int, viewer: Viewer, attribution: str
) -> int | None:
    """How many people are known to have worked at the branch at the end of the month, or to have served in
    it; None where that is not kept.
    """
    if attribution == "none":
        return None
    rows = figures.branch_employees(
        store,
        series_id=series_id,
        branch_id=branch["id"],
        first=int(month),
        last=int(month),
        until=viewer.until,
    )
    people = employees.list_of_month(
        store,
        branch_id=branch["id"],
        day=last_day(month).isoformat(),
        served={row["employee_id"] for row in rows},
    )
    return len(people)


def last_quarter_over(month: Month, running: Month) -> Month:
    """The last month of the newest calendar quarter that ended with `month` or before, and is over while
    `running` is the month of today.
    """
    last = min(month, running.previous())
    return last.back(last.number % QUARTER)


def _untold(
    store: Store, branch_id: int, series_id: int, since: Month, through: Month, until: int | None
) -> frozenset[str]:
    """Whose figures of the quarter stay in the branch, on either axis.

    The branch's own page tells its sum of a month and role, in its standards.
    """
    rows = figures.branch_served(
        store, series_id=series_id, branch_id=branch_id, first=int(since), last=int(through), until=until
    )
    known = [row for row in rows if row["code"] is not None]
    roles = {row["role"] for row in known}
    said = {(row["id"], row["role"]) for row in known}
    unknown = {(role, row["month"]) for row in rows for role in roles if (row["id"], role) not in said}
    hidden: frozenset[str] = frozenset()
    for measure in MEASURE.values():
        served: dict[str, dict[Hashable, frozenset[int]]] = {}
        for row in known:
            if row[measure]:
                columns = served.setdefault(row["code"], {})
                column = (row["role"], row["month"])
                columns[column] = columns.get(column, frozenset()) | {row["id"]}
        hidden |= untold(served, unknown)
    return hidden


def read_months(
    store: Store, branch_id: int, series_id: int, month: Month, until: int | None
) -> dict[int, dict[int, Row]]:
    """Employee key -> month -> the sums of their scores at the branch, over thirteen months."""
    rows = figures.branch_employees(
        store,
        series_id=series_id,
        branch_id=branch_id,
        first=int(window(month)[0]),
        last=int(month),
        until=until,
    )
    found: dict[int, dict[int, Row]] = {}
    for row in rows:
        found.setdefault(row["employee_id"], {})[row["month"]] = row
    return found


def pooled_within_employees(served: Mapping[int, Months]) -> Spread | None:
    """The SD of visits around their own employee's mean at the branch, over thirteen months; on
    employee-level items a visit scatters more than on the whole checklist, so the branch's own SD would be
    too small.
    """
    return pooled_within_sd(joined(months.values(), Axis.STANDARD) for months in served.values())


def joined(rows: Iterable[Row], axis: Axis) -> Sample:
    """The scores of several rows of sums as one sample."""
    samples = [sample_of(row, axis) for row in rows]
    return Sample(
        sum(sample.n for sample in samples),
        sum(sample.total for sample in samples),
        sum(sample.squares for sample in samples),
    )


def _between(months: Months, first: Month, last: Month) -> list[Row]:
    return [row for month, row in months.items() if int(first) <= month <= int(last)]


def _line(
    person: Row, months: Months, since: Month, through: Month, pooled: Spread | None, zone: str
) -> EmployeeLine:
    rows = _between(months, since, through)
    sample = joined(rows, Axis.STANDARD)
    too_few = sample.n < MIN_VISITS
    return EmployeeLine(
        code=person["code"],
        name=None,
        n=sample.n,
        mean=sample.mean,
        experience=joined(rows, Axis.EXPERIENCE).mean,
        interval=None if too_few else mean_interval(sample, pooled),
        since=since,
        through=through,
        span=_span(rows, zone),
        too_few=too_few,
    )


def _span(rows: list[Row], zone: str) -> tuple[date, date] | None:
    if not rows:
        return None
    first, last = min(row["first"] for row in rows), max(row["last"] for row in rows)
    return day_of(moment(first), zone), day_of(moment(last), zone)
