"""What a standard costs: weight times the points not earned, and what may be said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.costs import Earned, costliest, costs


def earned(standard: str, part: float, *, asked: int = 100, points: int = 10, **rest: object) -> Earned:
    section, weight = str(rest.get("section", "one")), rest.get("weight")
    assert weight is None or isinstance(weight, int)
    possible = asked * points
    return Earned(standard, section, weight, asked, round(part * possible), possible)


HELD = st.lists(
    st.builds(
        earned,
        st.uuids().map(str),
        st.floats(0, 1),
        asked=st.integers(1, 400),
        points=st.integers(1, 50),
        section=st.sampled_from("abc"),
    ),
    max_size=12,
)


def test_a_cost_is_weight_times_gap_and_the_largest_comes_first() -> None:
    half, most = costs([earned("most", 0.9, points=30), earned("half", 0.5, points=10)])
    assert (half.standard, half.weight, half.gap, half.cost) == ("half", 0.25, 0.5, 0.125)
    assert most.cost == pytest.approx(0.075)


def test_sections_weigh_as_the_checklist_says() -> None:
    """SC-09: a section of 3 of 4 weighs so, however few points it has."""
    light, heavy = earned("a", 0.5, points=90, weight=1, section="l"), earned("b", 0.5, weight=3, section="h")
    assert [(one.standard, one.weight) for one in costs([light, heavy])] == [("b", 0.75), ("a", 0.25)]


@given(HELD)
def test_costs_add_up_to_what_is_missing(held: list[Earned]) -> None:
    missing = sum(one.possible - one.earned for one in held) / (sum(one.possible for one in held) or 1)
    found = costs(held)
    assert sum(one.cost for one in found) == pytest.approx(missing, abs=1e-9)
    for one in found:
        assert one.interval.low - 1e-9 <= one.cost <= one.interval.high + 1e-9


@given(HELD)
def test_only_what_lies_above_all_others_costs_most(held: list[Earned]) -> None:
    found = costs(held)
    named = costliest(found)
    assert len(named) <= 3
    if len(named) == 1:
        others = [one for one in found if one is not named[0]]
        assert all(one.interval.high < named[0].interval.low for one in others)
        assert named[0].asked >= 5 and named[0].interval.low > 0
    elif named:
        assert max(found, key=lambda one: one.cost) in named


def test_where_many_may_cost_most_nothing_is_said() -> None:
    assert costliest(costs([earned(name, 0.5) for name in "abcd"])) == ()
    assert len(costliest(costs([earned(name, 0.5) for name in "abc"]))) == 3


def test_too_few_visits_and_nothing_lost_name_nobody() -> None:
    assert costliest(costs([earned("a", 0.0, asked=4)])) == ()
    assert costliest(costs([earned("a", 1.0)])) == ()
    assert costliest(()) == ()
