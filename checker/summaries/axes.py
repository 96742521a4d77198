"""Mean scores: a month against its target and the month before, and the line of thirteen months (§5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import (
    MIN_VISITS,
    Interval,
    Sample,
    Verdict,
    against_target,
    change,
)
from checker.store.connection import Row
from checker.store.targets import COMPLIANCE, EXPERIENCE, Targets
from checker.summaries.values import AxisFigure, ServiceLevels, TrendPoint

MONTHS = 13
"""A trend shows this month, the same month last year, and all between."""

MEASURE = {Axis.STANDARD: COMPLIANCE, Axis.EXPERIENCE: EXPERIENCE}
"""The word for an axis in columns and targets."""


def sample(row: Row | None, axis: Axis) -> Sample:
    """The scores of a row of sums; empty without one."""
    if row is None:
        return Sample(0, 0, 0)
    name = MEASURE[axis]
    return Sample(row[f"{name}_n"], row[f"{name}_sum"], row[f"{name}_squares"])


def axis_figure(
    axis: Axis,
    now: Sample,
    before: Sample,
    *,
    interval: Interval | None,
    difference: Interval | None,
    target: float | None,
    mix_changed: bool,
) -> AxisFigure:
    """An axis in a month; when the mix of versions changed, no difference is told and no change claimed."""
    if mix_changed:
        difference = None
    return AxisFigure(
        axis=axis,
        n=now.n,
        mean=now.mean,
        interval=interval,
        target=target,
        verdict=verdict(interval, target, now.n),
        n_before=before.n,
        mean_before=before.mean,
        difference=difference,
        change=change(difference, now.n, before.n),
    )


def verdict(interval: Interval | None, target: float | None, n: int) -> Verdict:
    """Against the target; without one only whether there is enough to say anything."""
    if target is None:
        return Verdict.TOO_FEW if n < MIN_VISITS else Verdict.UNDECIDED
    return against_target(interval, target, n)


def window(month: Month) -> tuple[Month, ...]:
    """The months of a trend, oldest first."""
    return tuple(month.back(months) for months in range(MONTHS - 1, -1, -1))


def last_day(month: Month) -> date:
    """The last day of a month."""
    return month.next().first - timedelta(days=1)


def trend(
    axis: Axis,
    month: Month,
    rows: Mapping[int, Row],
    targets: Targets,
    interval: Callable[[Month, Sample], Interval | None],
) -> tuple[TrendPoint, ...]:
    """Thirteen months, oldest first; a month without scores is a gap."""
    points = []
    for at in window(month):
        scores = sample(rows.get(int(at)), axis)
        target = targets.share(MEASURE[axis], at)
        points.append(TrendPoint(at, scores.n, scores.mean, interval(at, scores), target))
    return tuple(points)


def levels(row: Row | None) -> ServiceLevels:
    """How shoppers felt the service."""
    if row is None:
        return ServiceLevels(0, 0, 0)
    return ServiceLevels(row["low"], row["standard"], row["wow"])
