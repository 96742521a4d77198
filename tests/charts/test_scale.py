"""Scales and ticks: what holds for every span of figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.charts.scale import Scale, span, ticks, ticks_apart

shares = st.floats(0, 1)
anything = st.floats(-1e6, 1e6)


@given(anything, st.floats(1e-3, 1e6), st.integers(1, 12))
def test_ticks_rise_inside_the_range_and_are_few(low: float, size: float, about: int) -> None:
    high = low + size
    found = ticks(low, high, about)
    assert list(found) == sorted(set(found))
    assert all(low <= tick <= high for tick in found)
    assert len(found) <= about + 1


@given(st.lists(shares, min_size=1))
def test_a_span_holds_every_figure_and_stays_inside_its_limits(values: list[float]) -> None:
    low, high = span(values, (0.0, 1.0))
    assert 0 <= low <= min(values) + 1e-9
    assert max(values) - 1e-9 <= high <= 1
    assert high - low >= 0.1 - 1e-9


@given(st.lists(shares, min_size=1))
def test_ticks_of_a_span_are_whole_percents_with_one_at_each_end(values: list[float]) -> None:
    low, high = span(values, (0.0, 1.0))
    found = ticks(low, high)
    assert (found[0], found[-1]) == (low, high)
    assert all(abs(tick * 100 - round(tick * 100)) < 1e-6 for tick in found)


def test_no_figures_give_the_whole_range() -> None:
    assert span([], (0.0, 1.0)) == (0.0, 1.0)


def test_small_changes_are_not_blown_up() -> None:
    assert span([0.801, 0.802], (0.0, 1.0)) == (0.75, 0.85)


@given(shares, shares)
def test_a_scale_keeps_the_order_of_figures_and_clamps_others(one: float, two: float) -> None:
    place = Scale(0.0, 1.0, 100.0, 0.0)
    assert (one < two) <= (place(one) >= place(two))
    assert place(-5.0) == 100.0 and place(7.0) == 0.0


@pytest.mark.parametrize(
    ("end", "shown"),
    [(200.0, (0.4, 0.6, 0.8, 1.0)), (60.0, (0.4, 0.8)), (30.0, (0.4, 1.0)), (5.0, (0.4,))],
)
def test_ticks_whose_labels_would_touch_are_left_out(end: float, shown: tuple[float, ...]) -> None:
    assert ticks_apart(Scale(0.4, 1.0, 0.0, end), 3, lambda _tick: 22.0) == shown
