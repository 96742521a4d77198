"""Changes of standards: claimed only where they are more than the chance that many have together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.standards.model import Item, YesNo
from checker.standards.statistics import Change, Verdict, change, newcombe
from checker.summaries.shares_met import _changed_for_certain
from checker.summaries.values import StandardFigure


def figure(number: int, met: int, before: int, asked: int = 100) -> StandardFigure:
    """A standard met by `met` of `asked` this month and by `before` of as many the month before."""
    difference = newcombe(met, asked, before, asked)
    return StandardFigure(
        standard=f"standard_{number}",
        item=Item(id=f"standard_{number}", rule=YesNo(), text={"en": "?"}),
        asked=asked,
        met=met,
        na=0,
        share=met / asked,
        interval=None,
        target=None,
        verdict=Verdict.UNDECIDED,
        asked_before=asked,
        met_before=before,
        difference=difference,
        change=change(difference, asked, asked),
    )


def changes(figures: list[StandardFigure]) -> list[Change]:
    return [one.change for one in _changed_for_certain(figures)]


STEADY = [figure(number, 80, 80) for number in range(1, 27)]


def test_one_standard_alone_is_told_by_its_interval() -> None:
    assert changes([figure(0, 68, 81)]) == [Change.FELL]


def test_among_many_the_same_fall_may_be_chance() -> None:
    assert changes([figure(0, 68, 81), *STEADY])[0] is Change.UNDECIDED


@pytest.mark.parametrize(("met", "before", "told"), [(50, 81, Change.FELL), (95, 60, Change.ROSE)])
def test_a_large_change_stands_out_of_many(met: int, before: int, told: Change) -> None:
    assert changes([figure(0, met, before), *STEADY])[0] is told


def test_a_standard_on_trial_lends_no_weight_to_others() -> None:
    """Without it the fall of the first is no more than chance among so many (SC-13)."""
    tried = [figure(number, 5, 95) for number in range(100, 120)]
    tried = [replace(one, item=replace(one.item, trial=True)) for one in tried]
    assert changes([figure(0, 68, 81), *STEADY, *tried])[0] is Change.UNDECIDED


def test_too_few_stays_too_few() -> None:
    assert changes([figure(0, 1, 4, asked=4), *STEADY])[0] is Change.TOO_FEW
