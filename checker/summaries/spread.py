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
    rows = figures.branch_rollups(store, series_id=series_id, month=int(month))
    within: dict[Axis, Spread | None] = {}
    intervals: dict[tuple[int | None, Axis], Interval | None] = {}
    for axis in Axis:
        samples = [(row[1], branch_sample(row, axis)) for row in rows]
        within[axis] = pooled_within_sd(sample for _, sample in samples)
        intervals[None, axis] = clustered_mean_interval(sample for _, sample in samples)
        for region in {region for region, _ in samples}:
            inside = [sample for key, sample in samples if key == region]
            intervals[region, axis] = clustered_mean_interval(inside)
    return MonthSpread(within, intervals)


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
        """The interval of a region's or the network's mean in a month."""
        return self.months[month].intervals.get((region_id, axis))


def spreads(store: Store, series_id: int, month: Month) -> Spreads:
    """The spread of the series in the thirteen months up to `month`."""
    counts = tallies.change_counts(store, series_id)
    return Spreads({at: month_spread(store, series_id, at, counts) for at in window(month)})
