"""Standards: how many of those asked met each, in a month and the month before (design §5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checker.standards.model import Count, Duration, Item, Scale
from checker.standards.month import Month
from checker.standards.statistics import (
    Change,
    benjamini_hochberg,
    change,
    median_of_bins,
    newcombe,
    p_value_between,
    wilson,
)
from checker.store.connection import Row
from checker.store.tallies import NA_BIN, NEVER_BIN, over
from checker.store.targets import Targets
from checker.summaries.axes import verdict
from checker.summaries.questions import Questions
from checker.summaries.values import StandardFigure, Timing, TrendPoint


@dataclass(slots=True)
class _Tallied:
    """The answers to every item of one standard."""

    met: int = 0
    asked: int = 0
    na: int = 0
    never: int = 0
    timed_met: int = 0
    bins: Counter[int] = field(default_factory=Counter)

    def add(self, bin: int, met: int, n: int) -> None:
        if met < 0:
            self.na += n if bin == NA_BIN else 0
            return
        self.asked += n
        self.met += n * met
        if bin == NEVER_BIN:
            self.never += n
        else:
            self.timed_met += n * met
            self.bins[bin] += n


def standard_figures(
    questions: Questions,
    now: Iterable[Row],
    before: Iterable[Row],
    *,
    targets: Targets,
    month: Month,
    mix_changed: bool,
) -> tuple[StandardFigure, ...]:
    """The standards of the month's versions in the order they are asked, from tally rows (item_id, bin, met,
    n).

    Items and versions that measure one standard are counted together. Trial items are here too, with the met
    they keep (SC-13) and without a claim. A checklist has many standards, and each month some would seem to
    rise or fall by chance alone: a change is claimed only where it also passes Benjamini–Hochberg over all of
    them.
    """
    rows = list(now)
    these, those = _tallied(questions, rows), _tallied(questions, before)
    figures = [
        _figure(
            standard,
            item,
            these.get(standard, _Tallied()),
            those.get(standard, _Tallied()),
            target=targets.share(standard, month),
            mix_changed=mix_changed,
        )
        for standard, item in questions.standards(questions.versions(rows)).items()
    ]
    return tuple(_changed_for_certain(figures))


CLAIMED = (Change.ROSE, Change.FELL)


def _changed_for_certain(figures: Sequence[StandardFigure]) -> Iterator[StandardFigure]:
    compared = [one for one in figures if one.change is not Change.TOO_FEW and not one.item.trial]
    certain = benjamini_hochberg([_p_value(figure) for figure in compared])
    chance = {
        figure.standard
        for figure, holds in zip(compared, certain, strict=True)
        if figure.change in CLAIMED and not holds
    }
    for figure in figures:
        yield replace(figure, change=Change.UNDECIDED) if figure.standard in chance else figure


def _p_value(figure: StandardFigure) -> float:
    """1.0 where the interval holds "no change": such a standard may not lend its weight to others."""
    if figure.change not in CLAIMED:
        return 1.0
    p = p_value_between(figure.met, figure.asked, figure.met_before, figure.asked_before)
    return 1.0 if p is None else p


def _tallied(questions: Questions, rows: Iterable[Row]) -> dict[str, _Tallied]:
    found: dict[str, _Tallied] = {}
    for row in rows:
        standard = questions.by_key[row["item_id"]].standard
        found.setdefault(standard, _Tallied()).add(row["bin"], row["met"], row["n"])
    return found


def _figure(
    standard: str, item: Item, now: _Tallied, before: _Tallied, *, target: float | None, mix_changed: bool
) -> StandardFigure:
    interval = wilson(now.met, now.asked)
    difference = None if mix_changed else newcombe(now.met, now.asked, before.met, before.asked)
    counted = isinstance(item.rule, Count | Scale)
    return StandardFigure(
        standard=standard,
        item=item,
        asked=now.asked,
        met=now.met,
        na=now.na,
        share=now.met / now.asked if now.asked else None,
        interval=interval,
        target=target,
        verdict=verdict(interval, None if item.trial else target, now.asked),
        asked_before=before.asked,
        met_before=before.met,
        difference=difference,
        change=change(None if item.trial else difference, now.asked, before.asked),
        timing=_timing(item.rule, now) if isinstance(item.rule, Duration) else None,
        counts=dict(sorted(now.bins.items())) if counted else {},
    )


def _timing(rule: Duration, tallied: _Tallied) -> Timing:
    return Timing(
        seconds=dict(sorted(tallied.bins.items())),
        never=tallied.never,
        median=median_of_bins(tallied.bins, over(rule)),
        target_s=rule.target_s,
        limit_s=rule.limit_s,
        within_target=sum(n for second, n in tallied.bins.items() if second <= rule.target_s),
        within_limit=tallied.timed_met,
    )


def standard_trends(
    questions: Questions,
    standards: Iterable[str],
    met_by_month: Mapping[Month, Iterable[Row]],
    targets: Targets,
) -> dict[str, tuple[TrendPoint, ...]]:
    """Standard -> its share met month by month, from rows of item_id, met, asked; not asked is a gap."""
    sums = {month: _sums(questions, rows) for month, rows in met_by_month.items()}
    return {
        standard: tuple(
            _point(month, *sums[month].get(standard, (0, 0)), targets.share(standard, month))
            for month in sums
        )
        for standard in standards
    }


def _sums(questions: Questions, rows: Iterable[Row]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        standard = questions.by_key[row["item_id"]].standard
        met, asked = found.get(standard, (0, 0))
        found[standard] = (met + row["met"], asked + row["asked"])
    return found


def _point(month: Month, met: int, asked: int, target: float | None) -> TrendPoint:
    return TrendPoint(month, asked, met / asked if asked else None, wilson(met, asked), target)
