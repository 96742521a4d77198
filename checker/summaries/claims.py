"""What the figures allow us to say, in the order it matters: the edges word it, no edge adds to it.

Every claim here rests on an interval that excludes the value it is compared with, and on at least five visits
(§5). What cannot be decided is said as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checker.standards.costs import Cost, costliest
from checker.standards.model import Axis
from checker.standards.statistics import Change, Verdict
from checker.summaries.values import (
    AxisFigure,
    BandLine,
    Finding,
    NetworkMonth,
    Place,
    Proposal,
    Signal,
    StandardFigure,
)

_VERDICTS = {
    Verdict.ABOVE: "axis_above",
    Verdict.BELOW: "axis_below",
    Verdict.UNDECIDED: "axis_undecided",
    Verdict.TOO_FEW: "too_few",
}
_CHANGES = {Change.ROSE: "rose", Change.FELL: "fell"}


def findings(
    axes: Mapping[Axis, AxisFigure], standards: Iterable[StandardFigure], costs: Sequence[Cost] = ()
) -> tuple[Finding, ...]:
    """First where Compliance stands and whether it changed, then which standard costs most of it, then
    standards (the widest proved gap first), then Experience, then those of which one costs most.

    Without a counted visit only "no_visits". Trial standards make no claim.
    """
    compliance, experience = axes[Axis.STANDARD], axes[Axis.EXPERIENCE]
    if not compliance.n and not experience.n:
        return (Finding("no_visits"),)
    asked = [one for one in standards if not one.item.trial]
    dear = _costs(costs)
    found = [*_of_axis(compliance), *(one for one in dear if one.standard), *_below(asked), *_fallen(asked)]
    if compliance.verdict is Verdict.ABOVE and experience.verdict is Verdict.BELOW:
        found.append(_finding("compliance_without_experience", experience))
    if experience.n:
        found += _of_axis(experience)
    return (*found, *(one for one in dear if not one.standard))


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


def _costs(costs: Sequence[Cost]) -> list[Finding]:
    """Which standard costs most of Compliance, as far as intervals tell it from the others."""
    match costliest(costs):
        case (one,):
            return [Finding("costs_most", Axis.STANDARD, one.standard, one.cost, n=one.asked)]
        case (_, *_) as tied:
            names = tuple(one.standard for one in tied)
            return [Finding("costs_tied", n=min(one.asked for one in tied), standards=names)]
    return []


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


def signals(
    standards: Iterable[StandardFigure],
    lines: Iterable[BandLine],
    above: Iterable[BandLine],
    without_visits: tuple[Place, ...],
    flagged: int,
) -> tuple[Signal, ...]:
    """What to look into: rules kept without warmth, standards that fell for certain, critical findings, and
    branches of which too little is known. `above` are those above the target of Compliance, `lines` those
    with too few visits.
    """
    cold = tuple(line.branch for line in above if line.felt is Verdict.BELOW)
    fallen = tuple(one.standard or "" for one in _fallen(one for one in standards if not one.item.trial))
    few = tuple(line.branch for line in lines)
    found = (
        Signal("kept_not_felt", len(cold), places=cold),
        Signal("standards_fell", len(fallen), standards=fallen),
        Signal("critical", flagged),
        Signal("without_visits", len(without_visits), places=without_visits),
        Signal("too_few", len(few), places=few),
    )
    return tuple(one for one in found if one.n)


PROPOSED = 3


def proposals(summary: NetworkMonth) -> tuple[Proposal, ...]:
    """What leadership may decide, each resting on a claim: the largest certain fall, what costs most of what
    is below target or else of all, branches below target, branches that keep rules without warmth, branches
    of which too little is known, a target where there is none, the surest strength, and what else is among
    the few that cost most.
    """
    asked = [one for one in summary.standards if not one.item.trial]
    fallen = [one.standard for one in _fallen(asked)][:1]
    below = {one.standard for one in asked if one.verdict is Verdict.BELOW}
    certain = costliest(summary.costs)
    dear = [one.standard for one in summary.costs if one.standard in below and one.standard not in fallen]
    if not dear:
        among = sorted(certain, key=lambda one: (-one.cost, one.standard))
        dear = [one.standard for one in among if one.standard not in fallen]
    best = max(
        (one for one in asked if one.verdict is Verdict.ABOVE and one.interval and one.target is not None),
        key=lambda one: ((one.interval.low if one.interval else 0.0) - (one.target or 0.0), one.standard),
        default=None,
    )
    cold = tuple(line.branch for line in summary.above if line.felt is Verdict.BELOW)
    unknown = (*(line.branch for line in summary.too_few), *summary.without_visits)
    poor = tuple(line.branch for line in summary.below)
    figures = {one.standard: one for one in asked}
    found = [
        *(_about("mend_fall", figures[one or ""]) for one in fallen),
        *(_about("mend_cost", figures[one]) for one in dear[:1] if one in figures),
        *([Proposal("help_branches", target=summary.branch_target, places=poor)] if poor else []),
        *([Proposal("warm", places=cold)] if cold else []),
        *([Proposal("visit", places=unknown)] if unknown else []),
        *([Proposal("set_target")] if summary.branch_target is None else []),
        *([_about("keep", best)] if best else []),
        *(_about("mend_cost", figures[one]) for one in dear[1:] if one in figures),
    ]
    return tuple(found[:PROPOSED])


def _about(kind: str, one: StandardFigure) -> Proposal:
    return Proposal(kind, one.standard, one.share, one.target, one.asked)
