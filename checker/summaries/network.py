"""The network's or a region's month, from roll-ups and tallies: where it stands, and which branches stand
out.
"""

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
    NOTHING,
    Bands,
    Funnel,
    Interval,
    Sample,
    Spread,
    Standing,
    Verdict,
    bands,
    clustered_change_interval,
    mean_interval,
    outside,
    rank_bands,
    welch,
)
from checker.store import branches, figures, tallies, targets
from checker.store import series as all_series
from checker.store.connection import Row, Store
from checker.store.figures import BranchSums
from checker.store.targets import COMPLIANCE, EXPERIENCE, Targets
from checker.summaries import axes
from checker.summaries.claims import findings, proposals, signals
from checker.summaries.costs import standard_costs
from checker.summaries.kept import Kept
from checker.summaries.lines import data_until
from checker.summaries.plan import network_plan
from checker.summaries.questions import read_series
from checker.summaries.quotes import network_quotes
from checker.summaries.shares_met import standard_figures, standard_trends
from checker.summaries.spread import Spreads, branch_sample, spreads
from checker.summaries.values import AxisFigure, BandLine, NetworkMonth, Place, SeriesOf, TimesElsewhere
from checker.summaries.viewer import Viewer, find_region, find_viewer

_kept = Kept(most=64)


def network_month(
    store: Store,
    *,
    series_id: int,
    month: Month,
    region_code: str | None = None,
    person_id: int | None,
    now: datetime,
    revealed: bool = False,
) -> NetworkMonth:
    """The network, or the region with this code, in a month.

    It rests on every counted visit, revealed to its branch or not; `revealed`, it does not tell when the last
    came in, for whoever asks. `person_id` None is the command line.
    Raises Problem "not_found" for a region, or a network, the person may not see the whole of.
    """
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now, revealed=revealed)
        region = _find_scope(store, region_code, viewer)
        counts = tallies.change_counts(store, series_id)
        key = (store.path, series_id, month, region_code, frozenset(counts.items()))
        summary = _kept.get(key, lambda: _summary(store, series_id, month, region))
        # No figure rests on actions or quotes, so changing one leaves what is kept as it is.
        region_id = region["id"] if region else None
        plan = network_plan(store, region_id, month, series=summary.series, now=now)
        quotes = network_quotes(store, region_id, summary, now=now)
        return replace(summary, data_until=data_until(store, viewer), plan=plan, quotes=quotes)


def _find_scope(store: Store, code: str | None, viewer: Viewer) -> Row | None:
    """The region, or None for the network; refused unless the viewer sees all of it."""
    if code is None:
        if viewer.person_id is None or branches.sees_network(store, person_id=viewer.person_id):
            return None
        raise not_found(N_("The whole network is shown to those who look after all of it."))
    return find_region(store, code, viewer)


def _summary(store: Store, series_id: int, month: Month, region: Row | None) -> NetworkMonth:
    region_id = region["id"] if region else None
    series, setting, questions = read_series(store, series_id)
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
    sums = _Sums(store, setting, month, spread, _pairs(store, series_id, month), mix_changed)
    aims = sums.targets(region_id)
    figures_of_axes = {axis: sums.figure(axis, rows, region_id) for axis in Axis}
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
    scores, felt = (
        {pair.branch_id: pair.now for pair in sums.within(axis, region_id) if pair.now.n} for axis in Axis
    )
    pooled = spread.pooled(Axis.STANDARD)
    sorted_bands = _bands(places, scores, target, pooled)
    lines = _Lines.of(
        sorted_bands, _bands(places, felt, aims.share(EXPERIENCE, month), spread.pooled(Axis.EXPERIENCE))
    )
    this = rows.get(int(month))
    mean = figures_of_axes[Axis.STANDARD].mean
    funnel = Funnel(mean, pooled) if mean is not None and pooled and pooled.sd else None
    costs = standard_costs(questions, answers)
    above, too_few = lines.of_band(sorted_bands.above), lines.of_band(sorted_bands.left_out)
    visited = sums.visited()
    without_visits = tuple(_place(row) for row in places if row["open"] and row["id"] not in visited)
    flagged = this["flagged"] if this else 0
    summary = NetworkMonth(
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
        above=above,
        undecided=lines.of_band(sorted_bands.not_distinguishable),
        below=lines.of_band(sorted_bands.below),
        too_few=too_few,
        without_visits=without_visits,
        branches=sum(row["open"] for row in places),
        branch_target=target,
        outcomes=figures.unfinished(store, series_id=series_id, region_id=region_id, month=int(month)),
        flagged=flagged,
        regions=() if region else _regions(store, series_id, month, sums, Axis.STANDARD),
        versions=questions.versions(answers),
        mix_changed=mix_changed,
        data_until=datetime.fromtimestamp(0, UTC),  # the caller knows
        findings=findings(figures_of_axes, standards, costs),
        costs=costs,
        funnel=funnel,
        outside=_outside(places, scores, funnel),
        regions_felt=() if region else _regions(store, series_id, month, sums, Axis.EXPERIENCE),
        signals=signals(standards, too_few, above, without_visits, flagged),
        elsewhere=_times_elsewhere(store, series, month, region_id),
        left_out=figures.left_out(store, series_id=series_id, region_id=region_id, month=int(month)),
    )
    return replace(summary, proposals=proposals(summary))


def _times_elsewhere(
    store: Store, here: SeriesOf, month: Month, region_id: int | None
) -> tuple[TimesElsewhere, ...]:
    """How long customers waited where the programme's other checklists time it, made by the same method."""
    found: list[TimesElsewhere] = []
    for row in all_series.list_for(store, here.programme):
        if row["id"] == here.id or row["method"] != here.method:
            continue
        now, before = (
            figures.tally(store, series_id=row["id"], region_id=region_id, month=int(at))
            for at in (month, month.previous())
        )
        if not now:
            continue
        series, setting, questions = read_series(store, row["id"])
        aims = targets.find_for(
            store,
            programme_id=setting["programme_id"],
            checklist_id=setting["checklist_id"],
            region_id=region_id,
        )
        mix_changed = questions.mix_changed(now, before)
        standards = standard_figures(
            questions, now, before, targets=aims, month=month, mix_changed=mix_changed
        )
        found += [TimesElsewhere(series, one, mix_changed) for one in standards if one.timing and one.asked]
    return tuple(found)


# --- mean scores of the network and its regions ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """A branch's scores in a region on an axis, this month's and those of the month before."""

    branch_id: int
    region_id: int
    now: Sample
    before: Sample

    def joined(self, other: _Pair) -> _Pair:
        """The same branch's scores in both regions."""
        return replace(self, now=self.now + other.now, before=self.before + other.before)


Pairs = Mapping[Axis, tuple[_Pair, ...]]


def _pairs(store: Store, series_id: int, month: Month) -> Pairs:
    now, before = (
        {row[:2]: row for row in figures.branch_rollups(store, series_id=series_id, month=int(at))}
        for at in (month, month.previous())
    )
    return {
        axis: tuple(
            _Pair(*key, _scores(now.get(key), axis), _scores(before.get(key), axis))
            for key in {**before, **now}
        )
        for axis in Axis
    }


def _scores(row: BranchSums | None, axis: Axis) -> Sample:
    return branch_sample(row, axis) if row else NOTHING


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the figures of the network and of every region are made from."""

    store: Store
    setting: Row
    month: Month
    spread: Spreads
    pairs: Pairs
    mix_changed: bool

    def within(self, axis: Axis, region_id: int | None) -> list[_Pair]:
        """The branches as they were visited in a region, or with None all of them, each once."""
        if region_id is not None:
            return [pair for pair in self.pairs[axis] if pair.region_id == region_id]
        found: dict[int, _Pair] = {}
        for pair in self.pairs[axis]:
            held = found.get(pair.branch_id)  # there when it has moved
            found[pair.branch_id] = pair if held is None else held.joined(pair)
        return list(found.values())

    def visited(self) -> set[int]:
        """The branches with a score in the month, wherever they lay."""
        return {pair.branch_id for pairs in self.pairs.values() for pair in pairs if pair.now.n}

    def targets(self, region_id: int | None) -> Targets:
        return targets.find_for(
            self.store,
            programme_id=self.setting["programme_id"],
            checklist_id=self.setting["checklist_id"],
            region_id=region_id,
        )

    def figure(self, axis: Axis, rows: Mapping[int, Row], region_id: int | None) -> AxisFigure:
        """A scope's figure; `rows` are its roll-ups by month."""
        return axes.axis_figure(
            axis,
            axes.sample(rows.get(int(self.month)), axis),
            axes.sample(rows.get(int(self.month.previous())), axis),
            interval=self.spread.interval(self.month, region_id, axis),
            difference=self._difference(axis, region_id),
            target=self.targets(region_id).share(axes.MEASURE[axis], self.month),
            mix_changed=self.mix_changed,
        )

    def _difference(self, axis: Axis, region_id: int | None) -> Interval | None:
        pairs = [(pair.now, pair.before) for pair in self.within(axis, region_id)]
        visited = [pair for pair in pairs if pair[0].n or pair[1].n]
        if len(visited) == 1:  # a region of one branch is that branch
            return welch(*visited[0], self.spread.pooled(axis))
        return clustered_change_interval(visited)


def _month_interval(
    spread: Spreads, region_id: int | None, axis: Axis
) -> Callable[[Month, Sample], Interval | None]:
    return lambda month, sample: spread.interval(month, region_id, axis)


def _regions(
    store: Store, series_id: int, month: Month, sums: _Sums, axis: Axis
) -> tuple[tuple[Place, AxisFigure], ...]:
    """An axis of every region; a region without visits too."""
    rows = {
        int(at): figures.region_rollups(store, series_id=series_id, month=int(at))
        for at in (month, month.previous())
    }
    return tuple(
        (
            Place(region["code"], region["name"]),
            sums.figure(
                axis,
                {at: found[region["id"]] for at, found in rows.items() if region["id"] in found},
                region["id"],
            ),
        )
        for region in branches.list_regions(store)
    )


# --- bands of branches -------------------------------------------------------------------------------------


def _bands(
    places: Iterable[Row], scores: Mapping[int, Sample], target: float | None, pooled: Spread | None
) -> Bands[Place]:
    """The branches that were visited, by what can be said of them against the scope's target."""
    entries = [(_place(row), row["name"], scores[row["id"]]) for row in places if row["id"] in scores]
    if target is not None:
        return bands(entries, target, pooled)
    # Nothing to compare with: every branch keeps its interval, and none stands out.
    compared = [
        Standing(*entry, mean_interval(entry[2], pooled)) for entry in entries if entry[2].n >= MIN_VISITS
    ]
    left_out = [Standing(*entry, None) for entry in entries if entry[2].n < MIN_VISITS]
    return Bands((), tuple(compared), (), tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Lines:
    """What stands beside a branch's Compliance: its Experience, and the ranks it may have."""

    felt: Mapping[str, tuple[Standing[Place], Verdict]]
    ranks: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, compliance: Bands[Place], experience: Bands[Place]) -> _Lines:
        """Put the two axes of the same branches beside each other."""
        told = (
            (experience.above, Verdict.ABOVE),
            (experience.below, Verdict.BELOW),
            (experience.not_distinguishable, Verdict.UNDECIDED),
            (experience.left_out, Verdict.TOO_FEW),
        )
        compared = (*compliance.above, *compliance.not_distinguishable, *compliance.below)
        ranked = [(one.key.code, one.interval) for one in compared if one.interval]
        bands_of = rank_bands([interval for _, interval in ranked])
        return cls(
            {one.key.code: (one, verdict) for band, verdict in told for one in band},
            {code: ranks for (code, _), ranks in zip(ranked, bands_of, strict=True)},
        )

    def of_band(self, standings: Iterable[Standing[Place]]) -> tuple[BandLine, ...]:
        """The branches of a band, in its order."""
        return tuple(self._line(one, one.sample.mean) for one in standings if one.sample.mean is not None)

    def _line(self, one: Standing[Place], mean: float) -> BandLine:
        line = BandLine(one.key, one.sample.n, mean, one.interval, ranks=self.ranks.get(one.key.code))
        if one.key.code not in self.felt:
            return line
        felt, verdict = self.felt[one.key.code]
        return replace(
            line,
            experience=felt.sample.mean,
            experience_n=felt.sample.n,
            experience_interval=felt.interval,
            felt=verdict,
        )


def _outside(
    places: Iterable[Row], scores: Mapping[int, Sample], funnel: Funnel | None
) -> dict[str, Verdict]:
    """The branches that differ from the mean of all, by code."""
    if funnel is None:
        return {}
    visited = [(row["code"], scores[row["id"]]) for row in places if row["id"] in scores]
    return outside(visited, funnel)


def _place(row: Row) -> Place:
    return Place(row["code"], row["name"], row["zone"], row["region"])
