"""How far visits scatter: within branches (for a branch's interval), between them (for the network's)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import (
    Interval,
    Sample,
    Spread,
    clustered_mean_interval,
    mean_interval,
    pool,
    pooled_within_sd,
)
from checker.store import figures, tallies
from checker.store.connection import Store
from checker.store.figures import BranchSums
from checker.summaries.axes import window
from checker.summaries.kept import Kept

_kept = Kept()


@dataclass(frozen=True, slots=True)
class MonthSpread:
    """A month of a series: visits around the mean of their own branch, and each scope's interval."""

    within: Mapping[Axis, Spread | None]
    intervals: Mapping[tuple[int | None, Axis], Interval | None]
    """(region key, or None for the network; axis) -> interval of the mean that minds the branches."""
    alone: Mapping[tuple[int | None, Axis], Sample]
    """The same -> the scores of the only branch that was visited there."""


def branch_sample(row: BranchSums, axis: Axis) -> Sample:
    """One branch's scores on an axis."""
    if axis is Axis.STANDARD:
        return Sample(row[2], row[3], row[4])
    return Sample(row[5], row[6], row[7])


def month_spread(store: Store, series_id: int, month: Month, counts: Mapping[int, int]) -> MonthSpread:
    """The month's spread. `counts` are `tallies.change_counts`; it is kept while they stand."""
    key = (store.path, series_id, int(month), counts.get(int(month), 0), counts[0])
    return _kept.get(key, lambda: _read(store, series_id, month))


def _read(store: Store, series_id: int, month: Month) -> MonthSpread:
    within: dict[Axis, Spread | None] = {}
    scopes: dict[tuple[int | None, Axis], dict[int, Sample]] = {}
    rows = figures.branch_rollups(store, series_id=series_id, month=int(month))
    for axis in Axis:
        everywhere = scopes.setdefault((None, axis), {})
        for row in rows:
            branch, sample = row[0], branch_sample(row, axis)
            if sample.n:
                scopes.setdefault((row[1], axis), {})[branch] = sample
                # In two regions where it moved within the month.
                everywhere[branch] = everywhere[branch] + sample if branch in everywhere else sample
        within[axis] = pooled_within_sd(everywhere.values())
    return MonthSpread(
        within,
        {scope: clustered_mean_interval(samples.values()) for scope, samples in scopes.items()},
        {scope: next(iter(samples.values())) for scope, samples in scopes.items() if len(samples) == 1},
    )


@dataclass(frozen=True, slots=True)
class Spreads:
    """The thirteen months up to one, and what they say together."""

    months: Mapping[Month, MonthSpread]

    def pooled(self, axis: Axis) -> Spread | None:
        """The SD of visits around the mean of their own branch and month, over all branches and the thirteen
        months (§5).
        """
        return pool(one.within[axis] for one in self.months.values())

    def interval(self, month: Month, region_id: int | None, axis: Axis) -> Interval | None:
        """The interval of a region's or the network's mean in a month; where one branch alone was visited,
        that branch's.
        """
        spread, scope = self.months[month], (region_id, axis)
        if scope in spread.alone:
            return mean_interval(spread.alone[scope], self.pooled(axis))
        return spread.intervals.get(scope)


def spreads(store: Store, series_id: int, month: Month) -> Spreads:
    """The spread of the series in the thirteen months up to `month`."""
    counts = tallies.change_counts(store, series_id)
    return Spreads({at: month_spread(store, series_id, at, counts) for at in window(month)})
