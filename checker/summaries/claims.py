"""What the figures allow us to say, in the order it matters: the edges word it, no edge adds to it.

Every claim here rests on an interval that excludes the value it is compared with, and on at least five visits
(§5). What cannot be decided is said as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checker.standards.model import Axis
from checker.standards.statistics import Change, Verdict
from checker.summaries.values import AxisFigure, Finding, StandardFigure

_VERDICTS = {
    Verdict.ABOVE: "axis_above",
    Verdict.BELOW: "axis_below",
    Verdict.UNDECIDED: "axis_undecided",
    Verdict.TOO_FEW: "too_few",
}
_CHANGES = {Change.ROSE: "rose", Change.FELL: "fell"}


def findings(axes: Mapping[Axis, AxisFigure], standards: Iterable[StandardFigure]) -> tuple[Finding, ...]:
    """First where Compliance stands and whether it changed, then standards (the widest proved gap first),
    then Experience.

    Without a counted visit only "no_visits". Trial standards make no claim.
    """
    compliance, experience = axes[Axis.STANDARD], axes[Axis.EXPERIENCE]
    if not compliance.n and not experience.n:
        return (Finding("no_visits"),)
    asked = [one for one in standards if not one.item.trial]
    found = [*_of_axis(compliance), *_below(asked), *_fallen(asked)]
    if compliance.verdict is Verdict.ABOVE and experience.verdict is Verdict.BELOW:
        found.append(_finding("compliance_without_experience", experience))
    if experience.n:
        found += _of_axis(experience)
    return tuple(found)


def _of_axis(figure: AxisFigure) -> Iterable[Finding]:
    if figure.target is None and figure.verdict is not Verdict.TOO_FEW:
        yield _finding("axis_without_target", figure)
    else:
        yield _finding(_VERDICTS[figure.verdict], figure)
    if figure.change in _CHANGES:
        yield _finding(_CHANGES[figure.change], figure)


def _finding(kind: str, figure: AxisFigure) -> Finding:
    difference = None
    if figure.change in _CHANGES and figure.mean is not None and figure.mean_before is not None:
        difference = figure.mean - figure.mean_before
    return Finding(kind, figure.axis, None, figure.mean, figure.target, difference, figure.n)


def _below(standards: Iterable[StandardFigure]) -> Iterable[Finding]:
    """Standards below their target, the widest gap that is certain (target minus upper end) first."""
    below = [
        (one.interval.high - one.target, one)
        for one in standards
        if one.verdict is Verdict.BELOW and one.interval is not None and one.target is not None
    ]
    for _, one in sorted(below, key=lambda pair: (pair[0], pair[1].standard)):
        yield Finding("standard_below", one.item.axis, one.standard, one.share, one.target, None, one.asked)


def _fallen(standards: Iterable[StandardFigure]) -> Iterable[Finding]:
    """Standards met less often than the month before, the largest certain fall first."""
    fallen = [
        (one.difference.high, one)
        for one in standards
        if one.change is Change.FELL and one.difference is not None
    ]
    for _, one in sorted(fallen, key=lambda pair: (pair[0], pair[1].standard)):
        share = one.share or 0.0
        difference = share - one.met_before / one.asked_before
        yield Finding("standard_fell", one.item.axis, one.standard, share, one.target, difference, one.asked)
