"""The network's or a region's month, from roll-ups and tallies: where it stands, and which branches stand out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from checker.problem import not_found
from checker.standards.faults import N_
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import (
    MIN_VISITS,
    Bands,
    Interval,
    Sample,
    Spread,
    Standing,
    bands,
    clustered_change_interval,
    mean_interval,
)
from checker.store import branches, figures, tallies, targets
from checker.store.connection import Row, Store
from checker.store.figures import BranchSums
from checker.store.targets import COMPLIANCE, Targets
from checker.summaries import axes
from checker.summaries.claims import findings
from checker.summaries.kept import Kept
from checker.summaries.lines import data_until
from checker.summaries.questions import read_series
from checker.summaries.shares_met import standard_figures, standard_trends
from checker.summaries.spread import Spreads, branch_sample, spreads
from checker.summaries.values import AxisFigure, BandLine, NetworkMonth, Place
from checker.summaries.viewer import Viewer, find_viewer

NOBODY = Sample(0, 0, 0)

_kept = Kept(most=64)


def network_month(
    store: Store,
    *,
    series_id: int,
    month: Month,
    region_code: str | None = None,
    person_id: int | None,
    now: datetime,
) -> NetworkMonth:
    """The network, or the region with this code, in a month.

    It rests on every counted visit, revealed to its branch or not. `person_id` None is the command line. Raises
    Problem "not_found" for a region, or a network, the person may not see the whole of.
    """
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now)
        region = _find_region(store, region_code, viewer)
        counts = tallies.change_counts(store, series_id)
        key = (store.path, series_id, month, region_code, frozenset(counts.items()))
        summary = _kept.get(key, lambda: _summary(store, series_id, month, region))
        return replace(summary, data_until=data_until(store, now))


def _find_region(store: Store, code: str | None, viewer: Viewer) -> Row | None:
    """The region, or None for the network; refused unless the viewer sees all of it."""
    if code is None:
        if viewer.person_id is None or branches.sees_network(store, person_id=viewer.person_id):
            return None
        raise not_found(N_("The whole network is shown to those who look after all of it."))
    if viewer.person_id is None:
        region = branches.find_region(store, code)
    else:
        region = branches.find_region_for(store, code, person_id=viewer.person_id)
    if region is None:
        raise not_found(N_("There is no such region among those you look after."))
    return region


def _summary(store: Store, series_id: int, month: Month, region: Row | None) -> NetworkMonth:
    region_id = region["id"] if region else None
    series, setting, questions = read_series(store, series_id)
    scope = {"programme_id": setting["programme_id"], "checklist_id": setting["checklist_id"]}
    aims = targets.find_for(store, **scope, region_id=region_id)
    months = axes.window(month)
    rows = figures.rollups(
        store, series_id=series_id, region_id=region_id, first=int(months[0]), last=int(month)
    )
    answers, answers_before = (
        figures.tally(store, series_id=series_id, region_id=region_id, month=int(at))
        for at in (month, month.previous())
    )
    mix_changed = questions.mix_changed(answers, answers_before)
    spread = spreads(store, series_id, month)
    pairs = _pairs(store, series_id, month)
    within = [pair for pair in pairs.values() if region_id in (None, pair.region_id)]
    figures_of_axes = {
        axis: _figure(axis, rows, month, within, aims, spread, region_id, mix_changed) for axis in Axis
    }
    standards = standard_figures(
        questions, answers, answers_before, targets=aims, month=month, mix_changed=mix_changed
    )
    met = {
        at: figures.met_by_item(store, series_id=series_id, region_id=region_id, month=int(at))
        for at in months
    }
    places = branches.list_between(
        store,
        region_id=region_id,
        first=month.first.isoformat(),
        last=axes.last_day(month).isoformat(),
    )
    target = aims.share(COMPLIANCE, month)
    scores = {pair.branch_id: sample for pair in within if (sample := pair.now(Axis.STANDARD)).n}
    sorted_bands = _bands(places, scores, target, spread.pooled(Axis.STANDARD))
    this = rows.get(int(month))
    return NetworkMonth(
        scope=Place(region["code"], region["name"]) if region else None,
        month=month,
        series=series,
        axes=figures_of_axes,
        trends={
            axis: axes.trend(axis, month, rows, aims, _month_interval(spread, region_id, axis))
            for axis in Axis
        },
        standards=standards,
        standard_trends=standard_trends(questions, [one.standard for one in standards], met, aims),
        levels=axes.levels(this),
        above=_lines(sorted_bands.above),
        undecided=_lines(sorted_bands.not_distinguishable),
        below=_lines(sorted_bands.below),
        too_few=_lines(sorted_bands.left_out),
        without_visits=tuple(_place(row) for row in places if row["open"] and row["id"] not in scores),
        branches=sum(row["open"] for row in places),
        branch_target=target,
        outcomes=figures.unfinished(store, series_id=series_id, region_id=region_id, month=int(month)),
        flagged=this["flagged"] if this else 0,
        regions=() if region else _regions(store, series_id, month, pairs, scope, spread, mix_changed),
        versions=questions.versions(answers),
        mix_changed=mix_changed,
        data_until=datetime.fromtimestamp(0, UTC),  # the caller knows
        findings=findings(figures_of_axes, standards),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """A branch's sums of this month and of the one before."""

    branch_id: int
    region_id: int
    row: BranchSums | None
    row_before: BranchSums | None

    def now(self, axis: Axis) -> Sample:
        return branch_sample(self.row, axis) if self.row else NOBODY

    def before(self, axis: Axis) -> Sample:
        return branch_sample(self.row_before, axis) if self.row_before else NOBODY


def _pairs(store: Store, series_id: int, month: Month) -> dict[int, _Pair]:
    now, before = (
        {row[0]: row for row in figures.branch_rollups(store, series_id=series_id, month=int(at))}
        for at in (month, month.previous())
    )
    return {key: _Pair(key, row[1], now.get(key), before.get(key)) for key, row in {**before, **now}.items()}


def _figure(
    axis: Axis,
    rows: Mapping[int, Row],
    month: Month,
    pairs: Iterable[_Pair],
    aims: Targets,
    spread: Spreads,
    region_id: int | None,
    mix_changed: bool,
) -> AxisFigure:
    return axes.axis_figure(
        axis,
        axes.sample(rows.get(int(month)), axis),
        axes.sample(rows.get(int(month.previous())), axis),
        interval=spread.interval(month, region_id, axis),
        difference=clustered_change_interval((pair.now(axis), pair.before(axis)) for pair in pairs),
        target=aims.share(axes.MEASURE[axis], month),
        mix_changed=mix_changed,
    )


def _month_interval(
    spread: Spreads, region_id: int | None, axis: Axis
) -> Callable[[Month, Sample], Interval | None]:
    return lambda month, sample: spread.interval(month, region_id, axis)


def _regions(
    store: Store,
    series_id: int,
    month: Month,
    pairs: Mapping[int, _Pair],
    scope: Mapping[str, int],
    spread: Spreads,
    mix_changed: bool,
) -> tuple[tuple[Place, AxisFigure], ...]:
    """Compliance of every region; a region without visits too."""
    rows = {
        int(at): figures.region_rollups(store, series_id=series_id, month=int(at))
        for at in (month, month.previous())
    }
    found = []
    for region in branches.list_regions(store):
        figure = _figure(
            Axis.STANDARD,
            {at: rows[at][region["id"]] for at in rows if region["id"] in rows[at]},
            month,
            [pair for pair in pairs.values() if pair.region_id == region["id"]],
            targets.find_for(store, **scope, region_id=region["id"]),
            spread,
            region["id"],
            mix_changed,
        )
        found.append((Place(region["code"], region["name"]), figure))
    return tuple(found)


# --- bands of branches -------------------------------------------------------------------------------------


def _bands(
    places: Iterable[Row], scores: Mapping[int, Sample], target: float | None, pooled: Spread | None
) -> Bands[Place]:
    """The branches that were visited, by what can be said of them against the network's or region's target."""
    entries = [(_place(row), row["name"], scores[row["id"]]) for row in places if row["id"] in scores]
    if target is not None:
        return bands(entries, target, pooled)
    # Nothing to compare with: every branch keeps its interval, and none stands out.
    compared = [
        Standing(*entry, mean_interval(entry[2], pooled)) for entry in entries if entry[2].n >= MIN_VISITS
    ]
    left_out = [Standing(*entry, None) for entry in entries if entry[2].n < MIN_VISITS]
    return Bands((), tuple(compared), (), tuple(left_out))


def _lines(standings: Iterable[Standing[Place]]) -> tuple[BandLine, ...]:
    return tuple(
        BandLine(one.key, one.sample.n, one.sample.mean, one.interval)
        for one in standings
        if one.sample.mean is not None
    )


def _place(row: Row) -> Place:
    return Place(row["code"], row["name"], row["zone"], row["region"])
