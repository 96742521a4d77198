"""What each standard costs of an axis: its weight, times the share of its points that was not earned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checker.standards.statistics import MIN_VISITS, Interval, wilson

MOST_TIED = 3
"""So many standards are named together where none of them costs most for certain."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What a standard's answers earned of what they could, in units of 1/10,000 point.

    `weight` is that of its section (SC-09), None where the checklist has none.
    """

    standard: str
    section: str
    weight: int | None
    asked: int
    earned: int
    possible: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a standard takes from an axis: `weight` × `gap`, as a share of the axis; 1.0 is 100 %.

    `weight` is its part of all points that could be earned, `gap` the part of its own that were not.
    """

    standard: str
    asked: int
    weight: float
    gap: float
    cost: float
    interval: Interval
    """95 % interval of the cost; the weight is taken as it is."""


def costs(held: Iterable[Earned]) -> tuple[Cost, ...]:
    """Give the costs of the standards of one axis, the largest first; together they are what is missing to
    100 % of all points (SC-09 where sections have weights). One that could earn nothing has no cost.
    """
    asked = [one for one in held if one.asked and one.possible > 0]
    possible: defaultdict[str, int] = defaultdict(int)
    for one in asked:
        possible[one.section] += one.possible
    weights = {one.section: one.weight or 0 for one in asked}
    weighted = any(one.weight is not None for one in asked)
    whole = sum(weights.values()) if weighted else sum(possible.values())
    found = []
    for one in asked:
        part = weights[one.section] if weighted else possible[one.section]
        weight = part / whole * one.possible / possible[one.section] if whole else 0.0
        found.append(_cost(one, weight))
    return tuple(sorted(found, key=lambda cost: (-cost.cost, cost.standard)))


def _cost(one: Earned, weight: float) -> Cost:
    share = min(max(one.earned / one.possible, 0.0), 1.0)
    bounds = wilson(share * one.asked, one.asked)
    assert bounds is not None  # noqa: S101 - it was asked
    interval = Interval(weight * (1 - bounds.high), weight * (1 - bounds.low))
    return Cost(one.standard, one.asked, weight, 1 - share, weight * (1 - share), interval)


def costliest(found: Sequence[Cost]) -> tuple[Cost, ...]:
    """Give the standard that costs most for certain, or those few of which one does.

    Certain is what lies with its whole interval above every other's, on ``MIN_VISITS`` visits. Where more
    than ``MOST_TIED`` may cost most, or too few visits stand behind one of them, nothing is said.
    """
    if not found:
        return ()
    least = max(found, key=lambda one: (one.interval.low, one.cost)).interval.low
    tied = tuple(one for one in found if one.interval.high >= least)
    if least <= 0 or len(tied) > MOST_TIED or any(one.asked < MIN_VISITS for one in tied):
        return ()
    return tied
