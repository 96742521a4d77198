"""The employees of a branch in a month: listed by name or code, never ranked; what leaves the branch (§5)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import date

from checker.standards.model import Axis
from checker.standards.month import Month, day_of
from checker.standards.statistics import MIN_VISITS, Sample, Spread, mean_interval, pooled_within_sd
from checker.store import employees, figures
from checker.store.connection import Row, Store
from checker.summaries.axes import last_day, window
from checker.summaries.axes import sample as sample_of
from checker.summaries.lines import moment
from checker.summaries.values import EmployeeLine
from checker.summaries.viewer import Viewer

SPAN = 3
"""Months that are joined where one has too few visits to be shown."""

Months = Mapping[int, Row]
"""Month -> one employee's sums."""


def employee_lines(
    store: Store, branch: Row, month: Month, series_id: int, viewer: Viewer, attribution: str
) -> tuple[EmployeeLine, ...]:
    """Those employed at the branch at the end of the month and those who served there in it.

    Their manager sees every figure with n and span. What leaves the branch has a figure only with five
    visits: of the month, else of three months (`since` says so), else n alone.
    """
    if attribution == "none":
        return ()
    served = read_months(store, branch["id"], series_id, month, viewer.until)
    these = {key for key, months in served.items() if int(month) in months}
    people = employees.list_of_month(
        store, branch_id=branch["id"], day=last_day(month).isoformat(), served=these
    )
    pooled = pooled_within_employees(served)
    names = viewer.sees_names(attribution)
    leaves = viewer.audience == "leadership"
    lines = []
    serving = set()
    for person in people:
        months = served.get(person["id"], {})
        if joined(_between(months, month, month), Axis.STANDARD).n:
            serving.add(person["code"])
        since = _since(months, month) if leaves else month
        line = _line(person, months, since, month, pooled, branch["zone"])
        if leaves and line.too_few:
            line = _withheld(line, months, month)
        lines.append(replace(line, name=person["name"] if names else None))
    if leaves:
        lines = _hide_complement(lines, month, serving)
    return tuple(sorted(lines, key=lambda line: ((line.name or "").casefold(), line.code)))


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


def _since(months: Months, month: Month) -> Month:
    """The first month to show: this one, or two months earlier where only three together have five visits."""
    alone = joined(_between(months, month, month), Axis.STANDARD)
    earlier = month.back(SPAN - 1)
    if alone.n < MIN_VISITS <= joined(_between(months, earlier, month), Axis.STANDARD).n:
        return earlier
    return month


def _between(months: Months, first: Month, last: Month) -> list[Row]:
    return [row for month, row in months.items() if int(first) <= month <= int(last)]


def _line(
    person: Row, months: Months, since: Month, month: Month, pooled: Spread | None, zone: str
) -> EmployeeLine:
    rows = _between(months, since, month)
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
        span=_span(rows, zone),
        too_few=too_few,
    )


def _span(rows: list[Row], zone: str) -> tuple[date, date] | None:
    if not rows:
        return None
    first, last = min(row["first"] for row in rows), max(row["last"] for row in rows)
    return day_of(moment(first), zone), day_of(moment(last), zone)


def _withheld(line: EmployeeLine, months: Months, month: Month) -> EmployeeLine:
    """The line with n of the month alone."""
    n = joined(_between(months, month, month), Axis.STANDARD).n
    return replace(
        line, n=n, mean=None, experience=None, interval=None, since=month, span=None, withheld=True
    )


def _hide_complement(lines: list[EmployeeLine], month: Month, serving: Container[str]) -> list[EmployeeLine]:
    """Where the month's figure of one person alone is not told, the branch's sum minus the others would tell
    it; so the next smallest is withheld too. A figure of three months does not tell the month's.

    `serving` are the codes of those with a score in the month.
    """
    untold = [line for line in lines if line.code in serving and (line.withheld or line.since != month)]
    told = [line for line in lines if line.code in serving and line not in untold]
    if len(untold) != 1 or not told:
        return lines
    other = min(told, key=lambda line: (line.n, line.code))
    return [
        replace(line, mean=None, experience=None, interval=None, span=None, withheld=True)
        if line is other
        else line
        for line in lines
    ]
