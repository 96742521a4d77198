"""What is said of figures: only what their intervals bear out, the weightiest first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.standards.model import Axis
from checker.standards.statistics import Change, Interval, Verdict
from checker.summaries.claims import findings
from checker.summaries.values import AxisFigure, StandardFigure
from tests.standards.making import item


def axis(
    verdict: Verdict = Verdict.UNDECIDED,
    change: Change = Change.UNDECIDED,
    *,
    of: Axis = Axis.STANDARD,
    n: int = 20,
    target: float | None = 0.8,
) -> AxisFigure:
    return AxisFigure(
        of, n, 0.7, Interval(0.65, 0.75), target, verdict, 20, 0.6, Interval(0.05, 0.15), change
    )


def felt(verdict: Verdict = Verdict.UNDECIDED, n: int = 20) -> AxisFigure:
    return axis(verdict, of=Axis.EXPERIENCE, n=n)


def standard(
    name: str,
    *,
    high: float = 0.7,
    below: bool = True,
    fall: float | None = None,
    trial: bool = False,
) -> StandardFigure:
    return StandardFigure(
        standard=name,
        item=item(name, trial=trial),
        asked=20,
        met=10,
        na=0,
        share=0.5,
        interval=Interval(0.3, high),
        target=0.9,
        verdict=Verdict.BELOW if below else Verdict.UNDECIDED,
        asked_before=20,
        met_before=18,
        difference=Interval(-0.6, fall) if fall is not None else None,
        change=Change.FELL if fall is not None else Change.UNDECIDED,
    )


def kinds(
    compliance: AxisFigure, experience: AxisFigure | None = None, *standards: StandardFigure
) -> list[str]:
    axes = {Axis.STANDARD: compliance, Axis.EXPERIENCE: experience or felt(n=0)}
    return [finding.kind for finding in findings(axes, standards)]


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        (Verdict.ABOVE, "axis_above"),
        (Verdict.BELOW, "axis_below"),
        (Verdict.UNDECIDED, "axis_undecided"),
        (Verdict.TOO_FEW, "too_few"),
    ],
)
def test_a_verdict_is_repeated_and_nothing_added(verdict: Verdict, kind: str) -> None:
    assert kinds(axis(verdict)) == [kind]


def test_without_a_target_no_verdict_is_made_up() -> None:
    assert kinds(axis(target=None)) == ["axis_without_target"]
    assert kinds(axis(Verdict.TOO_FEW, target=None, n=2)) == ["too_few"]


@pytest.mark.parametrize(("change", "kind"), [(Change.ROSE, "rose"), (Change.FELL, "fell")])
def test_a_change_that_is_certain_is_told(change: Change, kind: str) -> None:
    assert kinds(axis(change=change)) == ["axis_undecided", kind]


@pytest.mark.parametrize("change", [Change.UNDECIDED, Change.TOO_FEW])
def test_one_that_is_not_is_left_out(change: Change) -> None:
    [finding] = findings({Axis.STANDARD: axis(change=change), Axis.EXPERIENCE: felt(n=0)}, ())
    assert finding.difference is None


def test_the_difference_is_of_the_means() -> None:
    found = findings({Axis.STANDARD: axis(change=Change.ROSE), Axis.EXPERIENCE: felt(n=0)}, ())
    assert found[1].difference == pytest.approx(0.1)


def test_standards_below_by_the_gap_that_is_certain() -> None:
    """The wider interval reaches nearer to the target, so its certain gap is smaller."""
    found = findings(
        {Axis.STANDARD: axis(), Axis.EXPERIENCE: felt(n=0)},
        [standard("near", high=0.85), standard("far", high=0.6), standard("open", below=False)],
    )
    assert [one.standard for one in found if one.kind == "standard_below"] == ["far", "near"]


def test_standards_that_fell_by_the_fall_that_is_certain() -> None:
    found = findings(
        {Axis.STANDARD: axis(), Axis.EXPERIENCE: felt(n=0)},
        [standard("little", below=False, fall=-0.01), standard("much", below=False, fall=-0.3)],
    )
    fallen = [one for one in found if one.kind == "standard_fell"]
    assert [one.standard for one in fallen] == ["much", "little"]
    assert fallen[0].difference == pytest.approx(-0.4)


def test_a_trial_makes_no_claim() -> None:
    assert kinds(axis(), None, standard("new", trial=True)) == ["axis_undecided"]


@pytest.mark.parametrize(
    ("compliance", "experience", "pointed_out"),
    [
        (Verdict.ABOVE, Verdict.BELOW, True),
        (Verdict.ABOVE, Verdict.UNDECIDED, False),
        (Verdict.UNDECIDED, Verdict.BELOW, False),
    ],
)
def test_rules_kept_without_warmth(compliance: Verdict, experience: Verdict, pointed_out: bool) -> None:
    """SC-07: both must be certain."""
    assert ("compliance_without_experience" in kinds(axis(compliance), felt(experience))) == pointed_out


def test_without_visits_that_is_all_there_is() -> None:
    empty = replace(axis(Verdict.TOO_FEW, n=0), mean=None, interval=None)
    assert kinds(empty, felt(Verdict.TOO_FEW, n=0), standard("smile")) == ["no_visits"]
