"""Every sentence that random months of networks and branches make is held against their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checker.reports import branches_part, claims, signals_part
from checker.standards.costs import Cost, costliest
from checker.standards.model import Axis, Checklist
from checker.standards.statistics import Verdict
from checker.summaries.values import BranchMonth, NetworkMonth, StandardFigure
from checker.words import words_for
from tests.reports.making import branch, network, standard_costs

EN = words_for("en")
NAMES = {Axis.STANDARD: "Compliance", Axis.EXPERIENCE: "Experience"}
MONTHS = st.builds(
    network,
    st.integers(0, 16),
    seed=st.integers(0, 10_000),
    mean=st.floats(0.5, 0.98),
    before=st.floats(0.5, 0.98),
    per_branch=st.integers(1, 12),
    target=st.sampled_from([None, 0.6, 0.85, 0.95]),
)
BRANCHES = st.builds(
    branch,
    st.integers(0, 24),
    seed=st.integers(0, 10_000),
    mean=st.floats(0.4, 0.98),
    before=st.integers(0, 20),
    target=st.sampled_from([None, 0.6, 0.85, 0.95]),
)
SLOWLY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def certain_fall(one: StandardFigure) -> bool:
    enough = one.asked >= 5 and one.asked_before >= 5
    return enough and one.difference is not None and one.difference.high < 0


def certain_gap(one: StandardFigure) -> bool:
    return (
        one.asked >= 5
        and one.target is not None
        and one.interval is not None
        and one.interval.high < one.target
    )


def hold(said: str, summary: NetworkMonth | BranchMonth) -> None:
    """Hold one sentence on an axis or a standard against the figures it is about."""
    checklist = summary.series.checklist
    for axis, name in NAMES.items():
        figure = summary.axes[axis]
        if not said.startswith(f"{name} ") or "not felt" in said:
            continue
        assert figure.mean is None or EN.percent(figure.mean) in said
        enough = figure.interval is not None and figure.target is not None and figure.n >= 5
        assert ("above the target" in said) == (enough and figure.interval.low > figure.target)
        assert ("below the target" in said) == (enough and figure.interval.high < figure.target)
        moved = figure.difference is not None and min(figure.n, figure.n_before) >= 5
        assert (" rose by " in said) == (moved and figure.difference.low > 0)
        assert (" fell by " in said) == (moved and figure.difference.high < 0)
        return
    if "costs most" in said or "standards are kept" in said or said.startswith("No visit"):
        return
    (about,) = [
        one for one in summary.standards if said.startswith(f"“{claims.item_name(one.item, checklist, EN)}”")
    ]
    assert EN.percent(about.share or 0.0) in said
    assert ("below the target" in said) == certain_gap(about)
    assert (" fell by " in said) == certain_fall(about)


def hold_costs(said: Sequence[str], costs: Sequence[Cost], checklist: Checklist) -> None:
    """Hold what is said on what costs most against the costs: one for certain, a few of which one does, or
    nothing.
    """
    about_costs = [one for one in said if "costs most" in one]
    dear = costliest(costs)
    assert len(about_costs) == bool(dear)
    if len(dear) == 1:
        assert EN.points(dear[0].cost) in about_costs[0]
        assert all(one.interval.high < dear[0].interval.low for one in costs if one is not dear[0])
    elif dear:
        assert "which of them costs most is not decided" in about_costs[0]
    for cost in dear:
        assert cost.asked >= 5
        assert claims.standard_named(cost.standard, checklist, EN) in about_costs[0]


CERTAIN = branch(24, seed=107)
"""One standard costs most beyond doubt, which few random branches have."""


@SLOWLY
@given(BRANCHES)
@example(CERTAIN)
def test_a_branch_is_told_only_what_its_figures_say(summary: BranchMonth) -> None:
    checklist = summary.series.checklist
    told = claims.sentences(summary.findings, checklist, EN)
    for said in told:
        hold(said, summary)
    hold_costs(told, standard_costs(summary.standards, checklist), checklist)
    assert summary is not CERTAIN or any("costs most, " in said for said in told)
    for one in summary.standards:
        standing = claims.standing(one, EN)
        assert ("below target" in standing) == certain_gap(one)
        assert ("fell" in standing) == certain_fall(one)


@SLOWLY
@given(MONTHS)
def test_a_network_is_told_only_what_its_figures_say(summary: NetworkMonth) -> None:
    checklist = summary.series.checklist
    said = claims.sentences(summary.findings, checklist, EN)
    for sentence in said:
        hold(sentence, summary)
    hold_costs(said, summary.costs, checklist)


@SLOWLY
@given(MONTHS)
def test_what_is_said_of_branches_is_counted_and_certain(summary: NetworkMonth) -> None:
    target = summary.branch_target
    for line in summary.above:
        assert target is not None and line.n >= 5 and line.interval.low > target
    for line in summary.below:
        assert target is not None and line.n >= 5 and line.interval.high < target
    figures = [int(one) for one in re.findall(r"\b\d+\b", branches_part.funnel_says(summary, EN))]
    if summary.outside:
        assert figures == [len(summary.outside), len(summary.compared)]
    means = {line.branch.code: line for line in summary.compared}
    for code, verdict in summary.outside.items():
        line, limits = means[code], summary.funnel.limits(means[code].n)[0]
        assert line.mean > limits.high if verdict is Verdict.ABOVE else line.mean < limits.low
    headline = branches_part.headline(summary, EN)
    if summary.above:
        assert f": {len(summary.above)} of {len(summary.compared)}" in headline
    assert ("above" in headline) <= (target is None or bool(summary.above or summary.below))
    best, worst = branches_part.ends(summary)
    for line in (*best, *worst):
        assert line.n >= 5 and line.ranks is not None and 1 <= line.ranks[0] <= line.ranks[1]


@SLOWLY
@given(MONTHS)
def test_signals_and_proposals_rest_on_what_is_certain(summary: NetworkMonth) -> None:
    checklist = summary.series.checklist
    fallen = {one.standard for one in summary.standards if certain_fall(one) and not one.item.trial}
    gaps = {one.standard for one in summary.standards if certain_gap(one) and not one.item.trial}
    for signal in summary.signals:
        said = claims.signal(signal, checklist, EN)
        assert said.startswith(EN.number(signal.n)) and "%(" not in said
        assert set(signal.standards) <= fallen
    told = {one.kind: one for one in summary.signals}
    assert ("standards_fell" in told) == bool(fallen)
    assert ("without_visits" in told) == bool(summary.without_visits)
    assert ("too_few" in told) == bool(summary.too_few)
    assert len(summary.proposals) <= 3
    certain = {*gaps, *(one.standard for one in costliest(summary.costs))}
    for one in summary.proposals:
        what, measured_by = claims.proposal(one, checklist, EN)
        assert what.endswith(".") and measured_by and "%(" not in what + measured_by
        assert one.kind != "mend_fall" or one.standard in fallen
        assert one.kind != "mend_cost" or one.standard in certain
        assert one.kind != "help_branches" or one.places == tuple(line.branch for line in summary.below)
    assert all(line.felt is Verdict.BELOW for line in signals_part.parted(summary))
