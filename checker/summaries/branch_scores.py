"""The scores of every branch in sight in one month, side by side and without a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import mean_interval
from checker.store import branches, figures, targets
from checker.store.connection import Store
from checker.summaries import axes
from checker.summaries.lines import data_until, place
from checker.summaries.questions import read_series
from checker.summaries.spread import spreads
from checker.summaries.values import Place, SeriesOf, TrendPoint
from checker.summaries.viewer import find_viewer


@dataclass(frozen=True, slots=True)
class BranchScores:
    """Each branch with its figure on either axis.

    No verdict stands here: among many branches some lie below a target by chance alone, and the network's
    bands mind that (§5).
    """

    month: Month
    series: SeriesOf
    branches: tuple[tuple[Place, Mapping[Axis, TrendPoint]], ...]
    data_until: datetime


def branch_scores(
    store: Store,
    *,
    series_id: int,
    month: Month,
    person_id: int,
    now: datetime,
    branch_code: str | None = None,
    region_code: str | None = None,
) -> BranchScores:
    """The branches this person may look into, by name, or those of a region, or the one with this code.

    Each is as its own page shows it; without a visit n is 0. Raises Problem "not_found".
    """
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now)
        series, setting, _ = read_series(store, series_id)
        spread = spreads(store, series_id, month)
        found = []
        for branch in branches.list_for(store, person_id=person_id):
            if branch_code not in (None, branch["code"]) or region_code not in (None, branch["region"]):
                continue
            aims = targets.find_for(
                store,
                programme_id=setting["programme_id"],
                checklist_id=setting["checklist_id"],
                region_id=branch["region_id"],
                branch_id=branch["id"],
            )
            rows = figures.branch_months(
                store,
                series_id=series_id,
                branch_id=branch["id"],
                first=int(month),
                last=int(month),
                until=viewer.until,
            )
            shown = {}
            for axis in Axis:
                sample = axes.sample(rows.get(int(month)), axis)
                interval = mean_interval(sample, spread.pooled(axis))
                target = aims.share(axes.MEASURE[axis], month)
                shown[axis] = TrendPoint(month, sample.n, sample.mean, interval, target)
            found.append((place(branch), shown))
        return BranchScores(month, series, tuple(found), data_until(store, viewer))
