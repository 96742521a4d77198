"""Intervals of a network's mean, whose visits cluster in branches; spreads of several months joined."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.standards.statistics import (
    NOTHING,
    Sample,
    clustered_change_interval,
    clustered_mean_interval,
    mean_interval,
    pool,
    pooled_within_sd,
    t_quantile,
)


def sample(*scores: int) -> Sample:
    """Scores in percent."""
    units = [score * 10_000 for score in scores]
    return Sample(len(units), sum(units), sum(unit * unit for unit in units))


SCORES = st.lists(st.integers(0, 100), min_size=1, max_size=6).map(lambda scores: sample(*scores))


class TestMean:
    def test_one_visit_each_is_the_plain_t_interval(self) -> None:
        scores = [60, 70, 80, 90, 75]
        found = clustered_mean_interval([sample(score) for score in scores])
        assert found is not None
        half = t_quantile(0.975, 4) * statistics.stdev(scores) / 5**0.5 / 100
        assert (found.low, found.high) == pytest.approx((0.75 - half, 0.75 + half), abs=1e-9)

    def test_repeating_what_a_branch_said_tells_nothing_new(self) -> None:
        once = clustered_mean_interval([sample(60), sample(70), sample(80)])
        often = clustered_mean_interval([sample(*[60] * 9), sample(*[70] * 9), sample(*[80] * 9)])
        assert once is not None and often is not None
        assert (often.low, often.high) == pytest.approx((once.low, once.high))

    def test_it_holds_the_truth_where_a_plain_interval_does_not(self) -> None:
        """400 made-up networks of 30 branches with 4 visits: branches differ by 10 points, visits by 8."""
        rng = random.Random(7)
        held = plain_held = 0
        for _ in range(400):
            levels = [rng.gauss(75, 10) for _ in range(30)]
            visits = [[round(rng.gauss(level, 8)) for _ in range(4)] for level in levels]
            found = clustered_mean_interval([sample(*scores) for scores in visits])
            plain = mean_interval(sample(*[score for scores in visits for score in scores]), None)
            assert found is not None and plain is not None
            held += found.low <= 0.75 <= found.high
            plain_held += plain.low <= 0.75 <= plain.high
        assert held >= 0.92 * 400
        assert plain_held <= 0.85 * 400

    @pytest.mark.parametrize(
        "branches",
        [[], [sample(80, 90)], [sample(80), sample(80)], [sample(80), NOTHING], [NOTHING, NOTHING]],
    )
    def test_what_cannot_be_decided_has_none(self, branches: list[Sample]) -> None:
        assert clustered_mean_interval(branches) is None

    @given(st.lists(SCORES, min_size=2, max_size=8))
    def test_it_lies_around_the_mean_of_the_visits(self, branches: list[Sample]) -> None:
        found = clustered_mean_interval(branches)
        if found is not None:
            mean = sum(one.total for one in branches) / sum(one.n for one in branches) / 1e6
            assert (found.low + found.high) / 2 == pytest.approx(mean, abs=1e-9)


class TestChange:
    def test_a_branch_that_stays_what_it_was_says_nothing_about_the_change(self) -> None:
        """Branches differ by 30 points, all rise by about 5: the rise is certain."""
        pairs = [
            (sample(level + rise), sample(level)) for level, rise in ((60, 4), (70, 5), (80, 6), (90, 5))
        ]
        paired = clustered_change_interval(pairs)
        assert paired is not None
        assert 0 < paired.low < 0.05 < paired.high < 0.1

    def test_a_branch_in_one_month_alone_counts_there(self) -> None:
        pairs = [(sample(60, 64), sample(50)), (sample(70), NOTHING), (NOTHING, sample(58))]
        found = clustered_change_interval(pairs)
        assert found is not None
        assert (found.low + found.high) / 2 == pytest.approx((60 + 64 + 70) / 300 - (50 + 58) / 200)

    @given(st.lists(st.tuples(SCORES, SCORES), min_size=2, max_size=6))
    def test_turned_round_it_is_the_negative(self, pairs: list[tuple[Sample, Sample]]) -> None:
        there = clustered_change_interval(pairs)
        back = clustered_change_interval([(before, now) for now, before in pairs])
        if there is None or back is None:
            assert there is back
        else:
            assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=1e-9)

    @pytest.mark.parametrize("pairs", [[], [(sample(80), NOTHING), (sample(90), NOTHING)]])
    def test_without_a_month_before_there_is_none(self, pairs: list[tuple[Sample, Sample]]) -> None:
        assert clustered_change_interval(pairs) is None


class TestPool:
    @given(st.lists(st.lists(SCORES, max_size=4), max_size=4))
    def test_months_joined_are_all_their_groups_pooled(self, months: list[list[Sample]]) -> None:
        joined = pool(pooled_within_sd(groups) for groups in months)
        whole = pooled_within_sd(group for groups in months for group in groups)
        if joined is None or whole is None:
            assert joined is whole
        else:
            assert (joined.sd, joined.df) == (pytest.approx(whole.sd), whole.df)
