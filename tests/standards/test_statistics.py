"""What may be claimed from small numbers, checked against published examples and against other methods."""

import math
import random
import statistics as plain
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from checker.standards.statistics import (
    MIN_VISITS,
    Change,
    Funnel,
    Interval,
    Median,
    Sample,
    Spread,
    Verdict,
    against_target,
    bands,
    benjamini_hochberg,
    change,
    mean_interval,
    median_of_bins,
    newcombe,
    outside,
    p_value_against,
    p_value_between,
    pooled_within_sd,
    rank_bands,
    t_cdf,
    t_quantile,
    welch,
    wilson,
)

TRUST = 1.959963984540054  # the normal deviate of 95 %
EIGHTY = 0.8

# Hours of sleep gained with two drugs by ten people: Student, Biometrika 6 (1908).
SLEEP_1 = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
SLEEP_2 = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)

# The fifteen p values of the example in Benjamini and Hochberg (1995).
BH_1995 = (
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000),
)

scores = st.integers(0, 1_000_000)
score_lists = st.lists(scores, max_size=40)
p_values = st.lists(st.floats(0, 1), max_size=40)


@st.composite
def counts(draw: st.DrawFn, at_least: int = 1, at_most: int = 400) -> tuple[int, int]:
    asked = draw(st.integers(at_least, at_most))
    return draw(st.integers(0, asked)), asked


def sample(millionths: Iterable[int]) -> Sample:
    values = list(millionths)
    return Sample(len(values), sum(values), sum(value * value for value in values))


def of_shares(shares: Iterable[float]) -> Sample:
    return sample(round(share * 1_000_000) for share in shares)


def width(interval: Interval | None) -> float:
    assert interval is not None
    return interval.high - interval.low


def ends(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return interval.low, interval.high


def bisect(falls_below: Callable[[float], bool], low: float, high: float) -> float:
    """The point between low and high where the condition turns from true to false."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if falls_below(middle) else (low, middle)
    return (low + high) / 2


def integral(f: Callable[[float], float], upper: float) -> float:
    """The integral of f from 0 to upper by the double exponential rule, which forgives awkward ends."""
    step, terms = 1 / 64, []
    for k in range(-64 * 4, 64 * 4 + 1):
        u = math.pi / 2 * math.sinh(k * step)
        at = upper / (1 + math.exp(-2 * u))
        terms.append(f(at) * upper * step * math.pi / 4 * math.cosh(k * step) / math.cosh(u) ** 2)
    return math.fsum(terms)


# Shares


@pytest.mark.parametrize(
    ("met", "asked", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998) 857, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(met: int, asked: int, low: float, high: float) -> None:
    assert ends(wilson(met, asked)) == pytest.approx((low, high), abs=5e-5)


@given(counts())
def test_wilson_is_the_set_of_shares_the_score_test_does_not_reject(count: tuple[int, int]) -> None:
    met, asked = count
    share = met / asked

    def rejects(true: float) -> bool:
        return (share - true) ** 2 * asked > TRUST**2 * true * (1 - true)

    low = bisect(rejects, 0, share) if met else 0.0
    high = bisect(lambda true: not rejects(true), share, 1) if met < asked else 1.0
    assert ends(wilson(met, asked)) == pytest.approx((low, high), abs=1e-9)


@given(counts())
def test_wilson_holds_the_share_and_stays_on_the_scale(count: tuple[int, int]) -> None:
    met, asked = count
    low, high = ends(wilson(met, asked))
    assert 0 <= low <= met / asked <= high <= 1
    assert low < high


@given(counts(at_most=60), st.integers(2, 9))
def test_wilson_narrows_with_the_number_asked(count: tuple[int, int], times: int) -> None:
    met, asked = count
    assert width(wilson(times * met, times * asked)) < width(wilson(met, asked))


@given(counts())
def test_wilson_mirrors_met_and_missed(count: tuple[int, int]) -> None:
    met, asked = count
    low, high = ends(wilson(asked - met, asked))
    assert ends(wilson(met, asked)) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@pytest.mark.parametrize(("n", "p"), [(10, 0.5), (20, 0.3), (30, 0.9), (60, 0.8), (100, 0.95), (400, 0.05)])
def test_wilson_holds_the_true_share_often_enough(n: int, p: float) -> None:
    held = 0.0
    for met in range(n + 1):
        low, high = ends(wilson(met, n))
        held += (low <= p <= high) * math.comb(n, met) * p**met * (1 - p) ** (n - met)
    assert held >= 0.93


def test_wilson_of_nothing_is_no_interval() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("met", "asked"), [(-1, 4), (5, 4), (0, -1)])
def test_wilson_refuses_impossible_counts(met: int, asked: int) -> None:
    with pytest.raises(ValueError, match=f"got {met} of {asked}"):
        wilson(met, asked)


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998) 873, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_intervals(
    a: tuple[int, int], b: tuple[int, int], low: float, high: float
) -> None:
    assert ends(newcombe(*a, *b)) == pytest.approx((low, high), abs=5e-5)


@given(counts(), counts())
def test_newcombe_turns_round_with_its_sides(a: tuple[int, int], b: tuple[int, int]) -> None:
    low, high = ends(newcombe(*a, *b))
    assert ends(newcombe(*b, *a)) == pytest.approx((-high, -low), abs=1e-12)
    assert low <= a[0] / a[1] - b[0] / b[1] <= high
    assert -1 - 1e-12 <= low <= high <= 1 + 1e-12


def test_newcombe_needs_both_sides() -> None:
    assert newcombe(0, 0, 3, 4) is None
    assert newcombe(3, 4, 0, 0) is None


# Student's t


@pytest.mark.parametrize(
    ("p", "df", "value"),
    [
        (0.975, 1, 12.7062),
        (0.975, 2, 4.3027),
        (0.975, 4, 2.7764),
        (0.975, 10, 2.2281),
        (0.975, 30, 2.0423),
        (0.975, 120, 1.9799),
        (0.95, 5, 2.0150),
        (0.995, 9, 3.2498),
        (0.9995, 3, 12.9240),
        (0.75, 7, 0.7111),
    ],
)
def test_t_quantile_gives_the_printed_table(p: float, df: float, value: float) -> None:
    assert t_quantile(p, df) == pytest.approx(value, abs=5e-5)


CLOSED_FORMS: dict[int, Callable[[float], float]] = {
    1: lambda t: 0.5 + math.atan(t) / math.pi,
    2: lambda t: 0.5 + t / (2 * math.sqrt(2 + t * t)),
    3: lambda t: 0.5 + (math.atan(t / math.sqrt(3)) + t * math.sqrt(3) / (3 + t * t)) / math.pi,
    4: lambda t: 0.5 + t * (6 + t * t) / (2 * (4 + t * t) ** 1.5),
}


@pytest.mark.parametrize("df", CLOSED_FORMS)
@given(t=st.floats(-1000, 1000))
@example(t=3.0)  # at three degrees of freedom a part of the fraction is zero
def test_t_cdf_agrees_with_the_closed_forms(df: int, t: float) -> None:
    assert t_cdf(t, df) == pytest.approx(CLOSED_FORMS[df](t), abs=1e-12)


@pytest.mark.parametrize("df", [1, 1.7, 2.5, 4, 8.3, 17.776, 49, 99.9, 100.1, 1000, 75_020, 3_000_000])
@pytest.mark.parametrize("t", [0.01, 0.6, 1.5, 1.7, 1.75, 1.96, 2.776, 4, 9])
def test_t_cdf_agrees_with_numeric_integration(t: float, df: float) -> None:
    # With t = sqrt(df) tan(angle) the density is a power of the cosine: no gamma function, no fraction.
    def density(angle: float) -> float:
        return math.exp(-(df - 1) / 2 * math.log1p(math.tan(angle) ** 2))

    within = integral(density, math.atan(t / math.sqrt(df))) / integral(density, math.pi / 2)
    assert t_cdf(t, df) - t_cdf(-t, df) == pytest.approx(within, abs=1e-12)
    assert t_cdf(-t, df) == pytest.approx(1 - t_cdf(t, df), abs=1e-12)


def test_t_cdf_keeps_the_digits_of_a_small_tail() -> None:
    t = 1e7
    assert t_cdf(-t, 2) == pytest.approx(1 / t**2 / 2, rel=1e-9)


def test_t_approaches_the_normal_law() -> None:
    assert t_quantile(0.975, 1e9) == pytest.approx(TRUST, abs=1e-8)
    assert t_cdf(1.0, 1e9) == pytest.approx(plain.NormalDist().cdf(1.0), abs=1e-9)


@given(p=st.floats(1e-9, 1 - 1e-9), df=st.floats(1, 1e6))
def test_t_quantile_undoes_t_cdf(p: float, df: float) -> None:
    assert t_cdf(t_quantile(p, df), df) == pytest.approx(p, abs=1e-9)


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(1, 1e6))
def test_t_cdf_never_falls(one: float, other: float, df: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= t_cdf(low, df) <= t_cdf(high, df) + 1e-14 <= 1 + 1e-13


@pytest.mark.parametrize("df", [0, 0.9, -1, 1.1e9, math.inf, math.nan])
def test_t_refuses_impossible_degrees_of_freedom(df: float) -> None:
    with pytest.raises(ValueError, match="degrees of freedom"):
        t_cdf(1.0, df)
    with pytest.raises(ValueError, match="degrees of freedom"):
        t_quantile(0.9, df)


@pytest.mark.parametrize("p", [0, 1, -0.1, math.nan])
def test_t_quantile_refuses_impossible_probabilities(p: float) -> None:
    with pytest.raises(ValueError, match="0 < p < 1"):
        t_quantile(p, 4)


# Samples and means


@given(score_lists)
def test_a_sample_knows_mean_and_sd(values: list[int]) -> None:
    known = sample(values)
    assert known.mean == (pytest.approx(plain.fmean(values) / 1e6) if values else None)
    assert known.sd == (pytest.approx(plain.stdev(values) / 1e6) if len(values) > 1 else None)


@given(scores, st.integers(2, 1_000_000))
def test_equal_scores_have_an_sd_of_exactly_zero(score: int, n: int) -> None:
    assert Sample(n, n * score, n * score * score).sd == 0


@pytest.mark.parametrize("sums", [(-1, 0, 0), (0, 5, 0), (0, 0, 5), (2, 1_000_000, 400_000_000_000)])
def test_a_sample_refuses_sums_that_no_scores_have(sums: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="rebuild the roll-ups"):
        Sample(*sums)


@given(st.lists(score_lists, max_size=8))
def test_the_pooled_sd_is_the_spread_around_each_groups_own_mean(groups: list[list[int]]) -> None:
    around = [value - plain.fmean(group) for group in groups if len(group) > 1 for value in group]
    df = sum(len(group) - 1 for group in groups if len(group) > 1)
    pooled = pooled_within_sd(map(sample, groups))
    if df == 0:
        assert pooled is None
    else:
        assert pooled is not None
        assert pooled.df == df
        assert pooled.sd == pytest.approx(math.sqrt(math.fsum(x * x for x in around) / df) / 1e6, abs=1e-9)


def test_the_mean_interval_of_student_1908() -> None:
    known = of_shares(SLEEP_2)
    assert ends(mean_interval(known, None)) == pytest.approx((0.8976775, 3.7623225), abs=1e-6)
    assert p_value_against(known, 0.0, None) == pytest.approx(0.005076, abs=5e-7)


def test_welch_on_student_1908() -> None:
    # The printed answer of the two-sample test: df 17.776, 95 % interval -3.3654832 to 0.2054832.
    interval = welch(of_shares(SLEEP_1), of_shares(SLEEP_2), None)
    assert ends(interval) == pytest.approx((-3.3654832, 0.2054832), abs=1e-6)


SPREADS = st.just(0.0) | st.floats(1e-9, 0.5)
"""Scores are whole millionths, so what scatters at all scatters by more than this."""


@given(score_lists, score_lists, SPREADS)
def test_welch_turns_round_with_its_sides(a: list[int], b: list[int], sd: float) -> None:
    pooled = Spread(sd, 50)
    interval, turned = welch(sample(a), sample(b), pooled), welch(sample(b), sample(a), pooled)
    assert (interval is None) == (turned is None)
    if interval is not None:
        assert ends(turned) == pytest.approx((-interval.high, -interval.low), abs=1e-12)
        assert interval.low < plain.fmean(a) / 1e6 - plain.fmean(b) / 1e6 < interval.high


@given(st.integers(1, 1000))
def test_welch_stands_two_visits_against_thousands(step: int) -> None:
    many = Sample(2000, 2000 * 800_000, 2000 * 800_000**2 + 2000 * step**2)
    interval = welch(of_shares([0.1, 0.9]), many, None)
    assert width(interval) == pytest.approx(2 * t_quantile(0.975, 1) * 0.4, rel=1e-3)


def test_two_sides_on_the_pooled_sd_share_its_degrees_of_freedom() -> None:
    calm, pooled = of_shares([0.79, 0.8, 0.81, 0.8, 0.8]), Spread(0.1, 12)
    assert width(welch(calm, calm, pooled)) == pytest.approx(
        2 * t_quantile(0.975, 12) * 0.1 * math.sqrt(2 / 5)
    )


@given(score_lists, st.none() | st.builds(Spread, st.floats(0, 0.5), st.integers(1, 500)))
def test_the_mean_interval_uses_the_larger_sd_and_its_own_degrees_of_freedom(
    values: list[int], pooled: Spread | None
) -> None:
    known = sample(values)
    interval = mean_interval(known, pooled)
    own = None if known.sd is None else Spread(known.sd, known.n - 1)
    choices = sorted((one for one in (own, pooled) if one), key=lambda one: one.sd)
    if not values or not choices or choices[-1].sd == 0:
        assert interval is None
        assert p_value_against(known, EIGHTY, pooled) is None
    else:
        assume(len(choices) == 1 or choices[0].sd < choices[1].sd)
        half = t_quantile(0.975, choices[-1].df) * choices[-1].sd / math.sqrt(known.n)
        middle = plain.fmean(values) / 1e6
        assert ends(interval) == pytest.approx((middle - half, middle + half), abs=1e-9)


@given(st.lists(scores, min_size=1, max_size=12), st.floats(0, 1), st.floats(0.01, 0.4))
def test_p_is_below_five_percent_where_the_interval_excludes_the_target(
    values: list[int], target: float, sd: float
) -> None:
    known, pooled = sample(values), Spread(sd, 40)
    low, high = ends(mean_interval(known, pooled))
    p = p_value_against(known, target, pooled)
    assert p is not None
    assume(min(abs(low - target), abs(high - target)) > 1e-9)
    assert (p < 0.05) == (not low <= target <= high)


def test_visits_that_all_score_alike_decide_nothing_by_themselves() -> None:
    alike = of_shares([0.9] * 8)
    assert mean_interval(alike, None) is None
    assert welch(alike, of_shares([0.5, 0.6, 0.7, 0.5, 0.6]), None) is None
    assert against_target(mean_interval(alike, None), EIGHTY, alike.n) is Verdict.UNDECIDED
    assert mean_interval(alike, Spread(0.1, 100)) is not None


def test_one_visit_has_an_interval_only_through_the_others() -> None:
    one = of_shares([0.7])
    assert mean_interval(one, None) is None
    assert width(mean_interval(one, Spread(0.1, 10**6))) == pytest.approx(2 * TRUST * 0.1, rel=1e-5)
    assert mean_interval(Sample(0, 0, 0), Spread(0.1, 100)) is None


@pytest.mark.parametrize("n", [5, 6, 10, 20])
@pytest.mark.parametrize("times", [0.5, 0.8, 1.0, 1.2, 1.5, 1.75, 2.0, 3.0])
def test_the_larger_sd_keeps_its_promise_for_every_true_sd(n: int, times: float) -> None:
    """The docstring's 94.6 %, integrated over the chi-squared law of the branch's own SD (true SD = 1)."""
    df, miss = n - 1, 0.0
    t_own, t_pooled = t_quantile(0.975, df), t_quantile(0.975, 1e6)
    log_scale = -df / 2 * math.log(2) - math.lgamma(df / 2)
    for k in range(8000):
        x = (k + 0.5) / 100
        own = math.sqrt(x / df)
        half = t_pooled / times if own < 1 / times else t_own * own
        density = math.exp((df / 2 - 1) * math.log(x) - x / 2 + log_scale)
        miss += density / 100 * math.erfc(half / math.sqrt(2))
    assert 1 - miss >= (0.96 if times <= 1 else 0.946)


def test_intervals_of_skewed_scores_hold_the_truth_in_a_simulation() -> None:
    """Real scores pile up near 100 %; 3,000 months of six visits from such a law, with a fixed start."""
    chance = random.Random(1908)
    draw: Callable[[], float] = partial(chance.betavariate, 8, 2)
    months = [of_shares(draw() for _ in range(6)) for _ in range(3000)]
    pooled = pooled_within_sd(months)
    held = sum(low <= EIGHTY <= high for low, high in (ends(mean_interval(m, pooled)) for m in months))
    no_change = sum(
        low <= 0 <= high
        for low, high in (ends(welch(a, b, pooled)) for a, b in zip(months[::2], months[1::2], strict=True))
    )
    assert held / 3000 >= 0.94
    assert no_change / 1500 >= 0.94


def test_newcombe_holds_the_true_difference_in_a_simulation() -> None:
    chance = random.Random(1998)
    for n_a, p_a, n_b, p_b in [(12, 0.9, 15, 0.8), (30, 0.5, 20, 0.7), (60, 0.95, 60, 0.95)]:
        held = 0
        for _ in range(1500):
            met_a = sum(chance.random() < p_a for _ in range(n_a))
            met_b = sum(chance.random() < p_b for _ in range(n_b))
            low, high = ends(newcombe(met_a, n_a, met_b, n_b))
            held += low <= p_a - p_b <= high
        assert held / 1500 >= 0.93


def test_an_interval_is_clipped_for_display_only() -> None:
    assert Interval(-0.1, 1.2).clipped() == Interval(0.0, 1.0)
    assert Interval(1.1, 1.2).clipped() == Interval(1.0, 1.0)
    assert Interval(-1.3, 0.4).clipped(floor=-1.0) == Interval(-1.0, 0.4)


# Verdicts


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        (Interval(0.81, 0.9), Verdict.ABOVE),
        (Interval(0.7, 0.79), Verdict.BELOW),
        (Interval(0.7, 0.9), Verdict.UNDECIDED),
        (Interval(0.8, 0.9), Verdict.UNDECIDED),
        (Interval(0.7, 0.8), Verdict.UNDECIDED),
        (None, Verdict.UNDECIDED),
    ],
)
def test_a_verdict_needs_an_interval_that_excludes_the_target(
    interval: Interval | None, verdict: Verdict
) -> None:
    assert against_target(interval, EIGHTY, MIN_VISITS) is verdict


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(0, 4))
def test_no_verdict_below_five_visits(one: float, other: float, target: float, n: int) -> None:
    interval = Interval(min(one, other), max(one, other))
    assert against_target(interval, target, n) is Verdict.TOO_FEW
    assert change(interval, n, 100) is Change.TOO_FEW
    assert change(interval, 100, n) is Change.TOO_FEW


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (Interval(0.01, 0.2), Change.ROSE),
        (Interval(-0.2, -0.01), Change.FELL),
        (Interval(-0.1, 0.1), Change.UNDECIDED),
        (Interval(0.0, 0.1), Change.UNDECIDED),
        (None, Change.UNDECIDED),
    ],
)
def test_a_change_needs_a_difference_that_excludes_nought(difference: Interval | None, said: Change) -> None:
    assert change(difference, MIN_VISITS, MIN_VISITS) is said


# Medians


@given(st.lists(st.integers(0, 600), min_size=1))
def test_the_median_of_bins_is_the_median_of_the_values(values: list[int]) -> None:
    assert median_of_bins(Counter(values), overflow=601) == Median(plain.median(values))


@given(st.lists(st.integers(0, 900), min_size=1))
def test_the_overflow_bin_gives_a_lower_bound_and_says_so(values: list[int]) -> None:
    median = median_of_bins(Counter(min(value, 601) for value in values), overflow=601)
    assert median is not None
    assert median.value <= plain.median(values)
    assert median.at_least == (plain.median_high(values) >= 601)
    assert median.at_least or median.value == plain.median(values)


def test_the_median_of_bins_at_the_edges() -> None:
    assert median_of_bins({}) is None
    assert median_of_bins({20: 0, 30: 0}) is None
    assert median_of_bins({20: 1, 30: 0, 40: 1}) == Median(30.0)
    assert median_of_bins({20: 1, 601: 1}, overflow=601) == Median(310.5, at_least=True)
    with pytest.raises(ValueError, match="rebuild the tallies"):
        median_of_bins({20: 2, 30: -1})


# Many branches at once


def test_benjamini_hochberg_gives_the_published_answer() -> None:
    assert benjamini_hochberg(BH_1995, q=0.05) == (True,) * 4 + (False,) * 11
    assert benjamini_hochberg(BH_1995) == (True,) * 9 + (False,) * 6


def test_benjamini_hochberg_steps_up_over_a_p_value_that_fails_its_own_rank() -> None:
    assert benjamini_hochberg([0.06, 0.065], q=0.1) == (True, True)


@given(p_values, st.floats(0.001, 0.5), st.floats(0.001, 0.5))
def test_a_larger_rate_keeps_every_finding(values: list[float], one: float, other: float) -> None:
    strict, lax = (benjamini_hochberg(values, q) for q in sorted((one, other)))
    assert all(kept for found, kept in zip(strict, lax, strict=True) if found)


@given(p_values, st.randoms())
def test_benjamini_hochberg_ignores_the_order(values: list[float], chance: random.Random) -> None:
    found = dict(zip(values, benjamini_hochberg(values), strict=True))
    chance.shuffle(values)
    assert benjamini_hochberg(values) == tuple(found[p] for p in values)
    assert all(found[p] for p in values if p <= 0.1 / len(values))
    assert not any(found[p] for p in values if p > 0.1)


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_benjamini_hochberg_refuses_impossible_probabilities(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([0.5, p])


def around(mean: float, n: int = 8) -> Sample:
    """Visits at mean ± 2 %, so that the pooled SD of the test below decides."""
    return of_shares([mean - 0.02, mean + 0.02] * (n // 2) + [mean] * (n % 2))


def test_bands_order_each_band_as_its_page_reads_it() -> None:
    entries = [
        (1, "Zeal", around(0.95)),
        (2, "Acorn", around(0.97, n=5)),
        (3, "mill", around(0.80)),
        (4, "Lane", around(0.82)),
        (5, "Pond", around(0.60)),
        (6, "Quay", around(0.55)),
        (7, "Rare", around(0.10, n=4)),
        (8, "New", Sample(0, 0, 0)),
    ]
    found = bands(entries, EIGHTY, Spread(0.08, 900))
    assert [one.key for one in found.above] == [2, 1]
    assert [one.name for one in found.not_distinguishable] == ["Lane", "mill"]
    assert [one.key for one in found.below] == [6, 5]
    assert [one.name for one in found.left_out] == ["New", "Rare"]
    assert all(one.interval is None for one in found.left_out)


def test_above_is_ordered_by_what_is_sure_not_by_the_mean() -> None:
    entries = [("few", "Few", around(0.99, n=5)), ("many", "Many", around(0.97, n=40))]
    assert [one.key for one in bands(entries, EIGHTY, Spread(0.1, 900)).above] == ["many", "few"]


def test_a_chance_result_among_many_branches_does_not_stand_out() -> None:
    pooled, lucky = Spread(0.1, 900), around(0.89, n=6)
    alone = bands([("x", "Lucky", lucky)], EIGHTY, pooled)
    crowd = bands([("x", "Lucky", lucky), *((n, f"B{n:03}", around(0.8)) for n in range(99))], EIGHTY, pooled)
    assert [one.key for one in alone.above] == ["x"]
    assert crowd.above == ()
    assert len(crowd.not_distinguishable) == 100


def test_a_branch_whose_interval_holds_the_target_never_stands_out() -> None:
    """Alone, Benjamini–Hochberg at 10 % would take both: their p is 0.06."""
    pooled = Spread(0.1, 10**6)
    near = of_shares([EIGHTY + 1.88 * 0.1 / math.sqrt(10)] * 10)
    p = p_value_against(near, EIGHTY, pooled)
    assert p is not None
    assert benjamini_hochberg([p, p]) == (True, True)
    assert bands([(1, "A", near), (2, "B", near)], EIGHTY, pooled).above == ()


def test_an_undecided_branch_lends_no_weight_to_another() -> None:
    """By their p of 0.04, 0.06 and 0.12 the procedure would take two, the second of them undecided."""
    pooled = Spread(0.1, 10**6)
    months = [of_shares([EIGHTY + z * 0.1 / math.sqrt(10)] * 10) for z in (2.054, 1.881, 1.555)]
    p_values = [p_value_against(month, EIGHTY, pooled) for month in months]
    assert benjamini_hochberg([p for p in p_values if p is not None]) == (True, True, False)
    found = bands([(n, f"B{n}", month) for n, month in enumerate(months)], EIGHTY, pooled)
    assert found.above == ()


def test_without_any_spread_nothing_stands_out() -> None:
    found = bands([(1, "A", of_shares([1.0] * 9)), (2, "B", of_shares([0.2] * 9))], EIGHTY, None)
    assert [one.interval for one in found.not_distinguishable] == [None, None]


@given(
    st.lists(st.lists(scores, max_size=12), max_size=15),
    st.floats(0, 1),
    st.none() | st.builds(Spread, st.floats(0, 0.5), st.integers(1, 500)),
)
def test_bands_hold_every_branch_once_and_claim_only_what_its_interval_shows(
    months: list[list[int]], target: float, pooled: Spread | None
) -> None:
    found = bands([(key, f"B{key}", sample(values)) for key, values in enumerate(months)], target, pooled)
    everyone = (*found.above, *found.not_distinguishable, *found.below, *found.left_out)
    assert sorted(one.key for one in everyone) == list(range(len(months)))
    assert all(one.sample.n < MIN_VISITS for one in found.left_out)
    for band, verdict in ((found.above, Verdict.ABOVE), (found.below, Verdict.BELOW)):
        assert all(against_target(one.interval, target, one.sample.n) is verdict for one in band)
    assert [one.interval.low for one in found.above if one.interval] == sorted(
        (one.interval.low for one in found.above if one.interval), reverse=True
    )
    assert [one.interval.high for one in found.below if one.interval] == sorted(
        one.interval.high for one in found.below if one.interval
    )


class TestPValueBetween:
    def test_a_textbook_pair(self) -> None:
        """63 of 78 against 57 of 105: z = 3.7289 by the pooled formula."""
        p = p_value_between(63, 78, 57, 105)
        assert p == pytest.approx(2 * plain.NormalDist().cdf(-3.728913), rel=1e-3)

    def test_the_same_share_is_no_surprise(self) -> None:
        assert p_value_between(5, 10, 50, 100) == pytest.approx(1)

    @pytest.mark.parametrize(("met_a", "met_b"), [(0, 0), (10, 20)])
    def test_nothing_varies(self, met_a: int, met_b: int) -> None:
        assert p_value_between(met_a, 10, met_b, 20) == 1.0

    def test_never_asked(self) -> None:
        assert p_value_between(0, 0, 1, 2) is None


class TestBranchesBesideEachOther:
    def test_limits_narrow_with_visits_and_the_wider_hold_the_narrower(self) -> None:
        funnel = Funnel(0.8, Spread(0.1, 400))
        for n in (1, 5, 40):
            outer, inner = funnel.limits(n)
            wider, _ = funnel.limits(n + 1)
            assert outer.low < inner.low < 0.8 < inner.high < outer.high
            assert wider.high < outer.high
        assert funnel.limits(25)[0].high == pytest.approx(0.8 + 3.11 * 0.02, abs=2e-4)

    def test_far_ones_are_told_and_near_ones_and_small_ones_are_not(self) -> None:
        funnel = Funnel(0.8, Spread(0.1, 400))
        entries = [
            ("far", around(0.95, 10)),
            ("low", around(0.6, 10)),
            ("near", around(0.85, 10)),
            ("few", around(0.3, 4)),
        ]
        assert outside(entries, funnel) == {"far": Verdict.ABOVE, "low": Verdict.BELOW}

    def test_whoever_lies_outside_is_told_although_their_visits_differ_much(self) -> None:
        """Eleven visits of 66 % in which one differs from the other, as the picture shows them: outside."""
        funnel = Funnel(0.826, Spread(0.1, 100))
        wide = of_shares([0.66 + step * 0.045 for step in range(-5, 6)])
        assert 0.002 < (p_value_against(wide, 0.826, None) or 0) < 0.01
        even = [(key, around(0.82, 10)) for key in range(9)]
        assert outside([("wide", wide), *even], funnel) == {"wide": Verdict.BELOW}
        assert outside([("wide", wide), *((key, around(0.82, 10)) for key in range(900))], funnel) == {}

    def test_chance_alone_names_hardly_anybody_among_many(self) -> None:
        """Some 20 of 10,000 lie outside 99.8 % limits by luck; they are not named for it."""
        chance, funnel = random.Random(5), Funnel(0.8, Spread(0.1, 10_000))
        entries = []
        for key in range(4000):
            scores = [round(chance.gauss(0.8, 0.1) * 1_000_000) for _ in range(12)]
            entries.append((key, Sample(12, sum(scores), sum(score * score for score in scores))))
        outer = funnel.limits(12)[0]
        assert sum(not outer.low < (one.mean or 0) < outer.high for _, one in entries) >= 3
        assert len(outside(entries, funnel)) <= 2

    def test_ranks_are_those_the_intervals_allow(self) -> None:
        one, two, three = Interval(0.8, 0.9), Interval(0.7, 0.85), Interval(0.1, 0.2)
        assert rank_bands([one, two, three]) == [(1, 2), (1, 2), (3, 3)]
        assert rank_bands([]) == []

    @given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=30))
    def test_a_rank_band_holds_the_rank_of_the_middle(self, pairs: list[tuple[float, float]]) -> None:
        intervals = [Interval(min(pair), max(pair)) for pair in pairs]
        for mine, (best, worst) in zip(intervals, rank_bands(intervals), strict=True):
            above = sum(other.low > mine.high for other in intervals)
            below = sum(other.high < mine.low for other in intervals)
            assert (best, worst) == (1 + above, len(intervals) - below)
