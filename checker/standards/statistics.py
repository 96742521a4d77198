"""What small numbers allow us to say: intervals, verdicts, medians, and which branches stand out.

Shares and mean scores are floats where 1.0 is 100 %. Every interval is a two-sided 95 % interval, and a claim
is made only when at least ``MIN_VISITS`` visits stand behind each figure and the interval excludes the value
it is compared with. Everything else is "not decided": that is an answer, not a gap.

Sources: Wilson, JASA 22 (1927) 209; Newcombe, Statistics in Medicine 17 (1998) 873; Student, Biometrika 6
(1908) 1; Welch, Biometrika 34 (1947) 28; Satterthwaite, Biometrics Bulletin 2 (1946) 110; Benjamini and
Hochberg, JRSS B 57 (1995) 289; DLMF = NIST Digital Library of Mathematical Functions.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from operator import attrgetter
from statistics import NormalDist
from typing import Generic, TypeVar

MIN_VISITS = 5
MILLIONTHS = 1_000_000
FALSE_DISCOVERY_RATE = 0.10

_UPPER_POINT = 0.975  # leaves 2.5 % on each side of a 95 % interval
_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(_UPPER_POINT)

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval of a share, a mean score or a difference of two; 1.0 is 100 %."""

    low: float
    high: float

    def clipped(self, floor: float = 0.0, ceiling: float = 1.0) -> "Interval":
        """The interval for display: a t interval may leave the scale, a printed share may not."""
        return Interval(min(max(self.low, floor), ceiling), min(max(self.high, floor), ceiling))


@dataclass(frozen=True, slots=True)
class Spread:
    """A standard deviation (as a share) and the degrees of freedom of its estimate."""

    sd: float
    df: float


@dataclass(frozen=True, slots=True)
class Sample:
    """The scores of some visits as the roll-ups keep them: number, sum and sum of squares, in millionths.

    The sums are exact integers, so no order of adding and no rounding can change a mean or an SD.
    Raises ValueError for three numbers that no set of scores can have.
    """

    n: int
    total: int
    squares: int

    def __post_init__(self) -> None:
        if self.n < 0 or (self.n == 0 and self.squares) or self._n_times_squared_deviations < 0:
            raise ValueError(
                f"no scores have number {self.n}, sum {self.total} and sum of squares {self.squares}: "
                "rebuild the roll-ups from the visits"
            )

    def __add__(self, other: "Sample") -> "Sample":
        """The scores of both."""
        return Sample(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def _n_times_squared_deviations(self) -> int:
        return self.n * self.squares - self.total * self.total

    @property
    def squared_deviations(self) -> float:
        """Sum of squared deviations from the sample's own mean, in square millionths; 0.0 when empty."""
        return self._n_times_squared_deviations / self.n if self.n else 0.0

    @property
    def mean(self) -> float | None:
        """Unweighted mean score as a share; None without visits."""
        return self.total / (self.n * MILLIONTHS) if self.n else None

    @property
    def sd(self) -> float | None:
        """Standard deviation with n - 1, as a share; None below two visits."""
        return math.sqrt(self.squared_deviations / (self.n - 1)) / MILLIONTHS if self.n > 1 else None


# Shares


def wilson(met: float, asked: int) -> Interval | None:
    """Wilson score interval of the share met / asked; None when nothing was asked.

    Wilson (1927); method 3 of Newcombe, Statistics in Medicine 17 (1998) 857. It stays inside 0..1 and
    is never a point, also at 0 of n and n of n. `met` may be a sum of shares of 0..1: such answers scatter
    less than yes and no do, so the interval is only wider than it had to be. Raises ValueError unless
    0 <= met <= asked.
    """
    if not 0 <= met <= asked:
        raise ValueError(f"met must lie between 0 and the number asked, got {met} of {asked}")
    if asked == 0:
        return None
    share, z2 = met / asked, _Z * _Z
    centre = (met + z2 / 2) / (asked + z2)
    half = _Z * math.sqrt(asked * share * (1 - share) + z2 / 4) / (asked + z2)
    # At the ends of the scale the bound is 0 or 1 by algebra; rounding must not move it past the share.
    return Interval(0.0 if met == 0 else centre - half, 1.0 if met == asked else centre + half)


def newcombe(met_a: int, asked_a: int, met_b: int, asked_b: int) -> Interval | None:
    """Interval of the difference of two independent shares, a - b; None when either was never asked.

    Newcombe (1998) method 10, the hybrid score interval: the distances from each share to its Wilson
    bounds are joined as the sides of a right angle.
    """
    a, b = wilson(met_a, asked_a), wilson(met_b, asked_b)
    if a is None or b is None:
        return None
    share_a, share_b = met_a / asked_a, met_b / asked_b
    return Interval(
        share_a - share_b - math.hypot(share_a - a.low, b.high - share_b),
        share_a - share_b + math.hypot(a.high - share_a, share_b - b.low),
    )


# Student's t


def p_value_between(met_a: int, asked_a: int, met_b: int, asked_b: int) -> float | None:
    """Two-sided p-value for two shares being the same: the two-proportion z test with pooled variance.

    None when either side was never asked; 1.0 when nothing varies (all met, or none, on both sides).
    """
    if not asked_a or not asked_b:
        return None
    pooled = (met_a + met_b) / (asked_a + asked_b)
    variance = pooled * (1 - pooled) * (1 / asked_a + 1 / asked_b)
    if variance == 0:
        return 1.0
    return math.erfc(abs(met_a / asked_a - met_b / asked_b) / math.sqrt(2 * variance))


def t_cdf(x: float, df: float) -> float:
    """P(T <= x) of Student's t for any df from 1 to 1e9, whole or not; good to 1e-12.

    A far lower tail is computed by itself, so a small probability keeps its digits. Raises ValueError for
    a df out of range.
    """
    _check_df(df)
    return _t_tail(-x, df) if x < 0 else 1 - _t_tail(x, df)


def t_quantile(p: float, df: float) -> float:
    """The x with P(T <= x) = p, for 0 < p < 1 and any df from 1 to 1e9; good to 1e-9.

    Newton's method from the normal quantile. It cannot fail: the normal quantile lies between 0 and the
    answer because t has the heavier tails, and on a convex falling tail Newton steps from there never pass
    the answer. Raises ValueError outside the ranges.
    """
    _check_df(df)
    if not 0 < p < 1:
        raise ValueError(f"a quantile needs 0 < p < 1, got {p}")
    tail = min(p, 1 - p)
    x = -_NORMAL.inv_cdf(tail)
    step = math.inf
    while step > 1e-9 * (1 + x):  # the error after a step is about its square
        step = (_t_tail(x, df) - tail) / _t_density(x, df)
        x += step
    return x if p >= 0.5 else -x


def _check_df(df: float) -> None:
    if not 1 <= df <= 1e9:
        raise ValueError(f"degrees of freedom must lie between 1 and 1e9, got {df}")


def _t_tail(x: float, df: float) -> float:
    """P(T > x) for x >= 0: half of the regularised incomplete beta function I(df / 2, 1 / 2) at
    df / (df + x²); Abramowitz and Stegun 26.7.1, DLMF 8.17."""
    half = df / 2
    inside = x * x / (df + x * x)
    front = math.sqrt(inside / math.pi) * math.exp(-half * math.log1p(x * x / df)) * _gamma_step(half)
    if x * x < 10:  # the mirrored fraction: quick here, and exact at a large df, where 1 - inside is not
        return 0.5 - front * _beta_fraction(0.5, half, inside)
    return front / df * _beta_fraction(half, 0.5, 1 - inside)


def _t_density(x: float, df: float) -> float:
    return _gamma_step(df / 2) / math.sqrt(df * math.pi) * math.exp(-(df + 1) / 2 * math.log1p(x * x / df))


def _gamma_step(a: float) -> float:
    """Γ(a + 1/2) / Γ(a), DLMF 5.11.13; the series spares large a the cancellation of two huge logarithms."""
    if a < 50:
        return math.exp(math.lgamma(a + 0.5) - math.lgamma(a))
    return math.sqrt(a) * math.exp(-1 / (8 * a) + 1 / (192 * a**3) - 1 / (640 * a**5))


_STEP = 1e-300


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, DLMF 8.17.22, by Lentz's method.

    Its coefficients come in pairs; a tail of Student's t takes some ten to thirty of them. A part that is
    zero stands as the smallest step away from it, as the method has it: the fraction goes on as its limit.
    """
    upper, lower = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or _STEP)
    value, last, m = lower, 0.0, 0
    while abs(last - 1) > 1e-14:
        m += 1
        at = a + 2 * m
        even = m * (b - m) * x / ((at - 1) * at)
        odd = -(a + m) * (a + b + m) * x / (at * (at + 1))
        lower, upper = 1 / ((1 + even * lower) or _STEP), (1 + even / upper) or _STEP
        value *= upper * lower
        lower, upper = 1 / ((1 + odd * lower) or _STEP), (1 + odd / upper) or _STEP
        last = upper * lower
        value *= last
    return value


@lru_cache(maxsize=4096)
def _t_factor(df: float, point: float = _UPPER_POINT) -> float:
    """Half width of an interval (95 %) in standard errors; kept by df because branches share few values."""
    return t_quantile(point, df)


# Mean scores


def pooled_within_sd(samples: Iterable[Sample]) -> Spread | None:
    """The SD of visits around their own group's mean, pooled over groups such as branches.

    Sums of squared deviations over Σ(n - 1), as the error line of a one-way analysis of variance. Groups
    of one visit add nothing; None when no group has two.
    """
    deviations, df = 0.0, 0
    for sample in samples:
        if sample.n > 1:
            deviations += sample.squared_deviations
            df += sample.n - 1
    return Spread(math.sqrt(deviations / df) / MILLIONTHS, df) if df else None


def pool(spreads: Iterable[Spread | None]) -> Spread | None:
    """Several pooled spreads, such as one per month, as one: what `pooled_within_sd` of all their groups
    gives. None when there is none.
    """
    known = [spread for spread in spreads if spread is not None]
    df = sum(spread.df for spread in known)
    return Spread(math.sqrt(sum(spread.sd**2 * spread.df for spread in known) / df), df) if df else None


def mean_interval(sample: Sample, pooled: Spread | None) -> Interval | None:
    """Student's t interval of a mean score, with the larger of the sample's own and the pooled SD.

    The degrees of freedom belong to the SD in use: n - 1 for the sample's own, the pooled ones for the
    pooled. The pooled SD keeps five visits that agree by chance from looking certain; the own SD keeps an
    uneven branch honest. Under normal scores the interval then holds the true mean in at least 94.6 % of
    cases however far the branch's true SD is from the pooled one, and in 96 to 97 % where they are equal.

    None (not decided) without visits, without any SD, or when the SD is zero: visits that all score alike
    do not tell how much the next one may differ. Not clipped to 0..1; see ``Interval.clipped``.
    """
    known = _estimate(sample, pooled)
    return _around(known.mean, known.error, known.spread.df) if known else None


def p_value_against(sample: Sample, target: float, pooled: Spread | None) -> float | None:
    """Two-sided p of the t test that the mean is the target (a share); None where there is no interval.

    It uses the SD and degrees of freedom of ``mean_interval``: p < 0.05 where that excludes the target.
    """
    known = _estimate(sample, pooled)
    return 2 * t_cdf(-abs(known.mean - target) / known.error, known.spread.df) if known else None


def welch(a: Sample, b: Sample, pooled: Spread | None) -> Interval | None:
    """Welch's interval of the difference of two means, a - b; None where either has no usable SD.

    Each side takes the larger of its own and the pooled SD; degrees of freedom after Satterthwaite (1946).
    Where both sides take the pooled SD there is one estimate, not two, and its degrees of freedom stand.
    """
    one, other = _estimate(a, pooled), _estimate(b, pooled)
    if one is None or other is None:
        return None
    error = math.hypot(one.error, other.error)
    part = (one.error / error) ** 2
    if one.spread is other.spread:
        df = one.spread.df
    else:
        df = 1 / (part**2 / one.spread.df + (1 - part) ** 2 / other.spread.df)
    return _around(one.mean - other.mean, error, df)


# Mean scores of visits in branches


NOTHING = Sample(0, 0, 0)


def clustered_mean_interval(branches: Iterable[Sample]) -> Interval | None:
    """Interval of the unweighted mean over the visits of several branches, each branch one sample.

    Visits of one branch resemble each other, so a network's visits tell less than as many independent ones
    would. See ``clustered_change_interval``, with nothing to compare with.
    """
    return _clustered([(branch, NOTHING) for branch in branches])


def clustered_change_interval(branches: Iterable[tuple[Sample, Sample]]) -> Interval | None:
    """Interval of the difference of two network means, now - before, from each branch's (now, before).

    The mean is a ratio of sums over branches; its variance is that of the branches' linearised parts
    (Cochran, Sampling Techniques, 1977, 6.3), with a t interval on branches - 1 degrees of freedom. A branch
    in both months counts once: what it keeps from month to month cancels. None with fewer than two branches,
    without visits on a side, or when no branch differs from the others.
    """
    pairs = list(branches)
    if not any(before.n for _, before in pairs):
        return None
    return _clustered(pairs)


def _clustered(pairs: Sequence[tuple[Sample, Sample]]) -> Interval | None:
    n_now, n_before = sum(now.n for now, _ in pairs), sum(before.n for _, before in pairs)
    total_now, total_before = sum(now.total for now, _ in pairs), sum(before.total for _, before in pairs)
    count = sum(1 for now, before in pairs if now.n or before.n)
    if not n_now or count < 2:
        return None

    # Whole numbers to the last step: branches that are all alike give exactly zero.
    scale_now, scale_before = n_now**2, n_before**2 or 1
    squares = 0
    for now, before in pairs:
        part = (now.total * n_now - total_now * now.n) * scale_before
        part -= (before.total * n_before - total_before * before.n) * scale_now
        squares += part * part
    if not squares:
        return None
    variance = squares / (scale_now * scale_before) ** 2 * count / (count - 1)
    middle = total_now / n_now - (total_before / n_before if n_before else 0)
    return _around(middle / MILLIONTHS, math.sqrt(variance) / MILLIONTHS, count - 1)


@dataclass(frozen=True, slots=True)
class _Estimate:
    """A mean, its standard error, and the spread the error rests on."""

    mean: float
    error: float
    spread: Spread


def _estimate(sample: Sample, pooled: Spread | None) -> _Estimate | None:
    """The mean with the larger of the own and the pooled SD; None without a mean or an SD above zero."""
    mean, own, spread = sample.mean, sample.sd, pooled
    if own is not None and (pooled is None or own > pooled.sd):
        spread = Spread(own, sample.n - 1)
    if mean is None or spread is None or spread.sd == 0:
        return None
    return _Estimate(mean, spread.sd / math.sqrt(sample.n), spread)


def _around(middle: float, error: float, df: float) -> Interval:
    half = _t_factor(df) * error
    return Interval(middle - half, middle + half)


# Verdicts


class Verdict(Enum):
    """A figure against its target."""

    ABOVE = "above"
    BELOW = "below"
    UNDECIDED = "not decided"
    TOO_FEW = "too few to compare"


class Change(Enum):
    """A figure against an earlier one."""

    ROSE = "rose"
    FELL = "fell"
    UNDECIDED = "not decided"
    TOO_FEW = "too few to compare"


def against_target(interval: Interval | None, target: float, n: int) -> Verdict:
    """Above or below only with ``MIN_VISITS`` visits and an interval that excludes the target."""
    if n < MIN_VISITS:
        return Verdict.TOO_FEW
    if interval is None or interval.low <= target <= interval.high:
        return Verdict.UNDECIDED
    return Verdict.ABOVE if interval.low > target else Verdict.BELOW


def change(difference: Interval | None, n_now: int, n_before: int) -> Change:
    """Rose or fell only with ``MIN_VISITS`` visits on each side and an interval of now - before without 0."""
    return {
        Verdict.ABOVE: Change.ROSE,
        Verdict.BELOW: Change.FELL,
        Verdict.UNDECIDED: Change.UNDECIDED,
        Verdict.TOO_FEW: Change.TOO_FEW,
    }[against_target(difference, 0.0, min(n_now, n_before))]


# Medians from a tally


@dataclass(frozen=True, slots=True)
class Median:
    """A median in the unit of its bins; ``at_least`` when it lies in the overflow bin and is only known to
    be this or more."""

    value: float
    at_least: bool = False


def median_of_bins(bins: Mapping[int, int], overflow: int | None = None) -> Median | None:
    """Exact median of a tally of value → count; the mean of the two middle values at even n; None if empty.

    ``overflow`` is the key of the bin for everything from that value up (601 for "over 600 s"). A middle
    value in that bin is unknown but not below its key, so the result is a lower bound and says so.
    Raises ValueError for a negative count.
    """
    values = sorted(bins)
    if any(count < 0 for count in bins.values()):
        raise ValueError(f"a bin counts below 0 in {dict(bins)}: rebuild the tallies from the visits")
    running = list(accumulate(bins[value] for value in values))
    if not running or running[-1] == 0:
        return None
    n = running[-1]
    lower = values[bisect_right(running, (n - 1) // 2)]
    upper = values[bisect_right(running, n // 2)]
    return Median((lower + upper) / 2, at_least=overflow is not None and upper >= overflow)


# Many branches at once


def benjamini_hochberg(p_values: Sequence[float], q: float = FALSE_DISCOVERY_RATE) -> tuple[bool, ...]:
    """Which tests stand out when at most the share q of those that do may be expected to be chance.

    Benjamini and Hochberg (1995): with k the largest rank whose p is at most k q / m, the k smallest
    stand out. The answers are in the order given. Raises ValueError for a p outside 0..1.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("every p value must lie between 0 and 1")
    m = len(p_values)
    threshold = -1.0
    for rank, p in enumerate(sorted(p_values), start=1):
        if p <= rank * q / m:
            threshold = p
    return tuple(p <= threshold for p in p_values)


@dataclass(frozen=True, slots=True)
class Standing(Generic[Key]):
    """A branch in its band; ``interval`` is None when left out or without a usable SD."""

    key: Key
    name: str
    sample: Sample
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Bands(Generic[Key]):
    """Branches by what can be said of them; a band has an order, its members have no rank."""

    above: tuple[Standing[Key], ...]
    not_distinguishable: tuple[Standing[Key], ...]
    below: tuple[Standing[Key], ...]
    left_out: tuple[Standing[Key], ...]


def bands(
    entries: Iterable[tuple[Key, str, Sample]],
    target: float,
    pooled: Spread | None,
    q: float = FALSE_DISCOVERY_RATE,
) -> Bands[Key]:
    """Sort (key, name, scores) into the branches above, not distinguishable from and below the target.

    A branch stands out when its own interval excludes the target and Benjamini–Hochberg at q keeps it among
    all branches compared. One whose interval holds the target enters as p = 1: a larger p only makes the
    procedure more careful, and no page says "above" beside an interval that contradicts it.

    Above is ordered by the lower end of the interval, falling; below by the upper end, rising; the others
    by name. Branches with fewer than ``MIN_VISITS`` visits are left out of the comparison and listed apart.
    """
    compared: list[Standing[Key]] = []
    left_out: list[Standing[Key]] = []
    for key, name, sample in sorted(entries, key=lambda entry: (entry[1].casefold(), entry[1])):
        if sample.n < MIN_VISITS:
            left_out.append(Standing(key, name, sample, None))
        else:
            compared.append(Standing(key, name, sample, mean_interval(sample, pooled)))

    verdicts = [against_target(one.interval, target, one.sample.n) for one in compared]
    p_values = []
    for one, verdict in zip(compared, verdicts, strict=True):
        p = None if verdict is Verdict.UNDECIDED else p_value_against(one.sample, target, pooled)
        p_values.append(1.0 if p is None else p)

    band: dict[Verdict, list[Standing[Key]]] = {verdict: [] for verdict in Verdict}
    for one, verdict, stands_out in zip(compared, verdicts, benjamini_hochberg(p_values, q), strict=True):
        band[verdict if stands_out else Verdict.UNDECIDED].append(one)
    return Bands(
        above=tuple(sorted(band[Verdict.ABOVE], key=attrgetter("interval.low"), reverse=True)),
        not_distinguishable=tuple(band[Verdict.UNDECIDED]),
        below=tuple(sorted(band[Verdict.BELOW], key=attrgetter("interval.high"))),
        left_out=tuple(left_out),
    )


# Branches beside each other

_FUNNEL_POINT = 0.999  # leaves 0.1 % on each side of the 99.8 % limits


@dataclass(frozen=True, slots=True)
class Funnel:
    """The network's mean, and the common spread that says how far chance moves a branch away from it."""

    average: float
    spread: Spread

    def limits(self, n: float) -> tuple[Interval, Interval]:
        """Between what chance keeps a branch of `n` visits: in 99.8 % and in 95 % of cases."""
        outer = _t_factor(self.spread.df, _FUNNEL_POINT) * self.spread.sd / math.sqrt(n)
        inner = _t_factor(self.spread.df) * self.spread.sd / math.sqrt(n)
        around = self.average
        return Interval(around - outer, around + outer), Interval(around - inner, around + inner)


def outside(
    entries: Iterable[tuple[Key, Sample]], funnel: Funnel, q: float = FALSE_DISCOVERY_RATE
) -> dict[Key, Verdict]:
    """Which branches differ from the network's mean: ABOVE or BELOW, the others are absent.

    Such a branch has ``MIN_VISITS`` visits and lies outside the 99.8 % limits, and Benjamini–Hochberg at q
    keeps it among all branches compared, by its own spread where that is larger.
    """
    compared = [(key, sample) for key, sample in entries if sample.n >= MIN_VISITS]
    p_values, verdicts = [], []
    for _, sample in compared:
        verdict = against_target(funnel.limits(sample.n)[0], sample.mean or 0.0, sample.n)
        p = None
        if verdict is not Verdict.UNDECIDED:
            p = p_value_against(sample, funnel.average, funnel.spread)
        p_values.append(1.0 if p is None else p)
        # The limits below the mean: the branch is above them.
        verdicts.append(Verdict.ABOVE if verdict is Verdict.BELOW else Verdict.BELOW)
    kept = zip(compared, verdicts, p_values, benjamini_hochberg(p_values, q), strict=True)
    return {key: verdict for (key, _), verdict, p, holds in kept if holds and p < 1}


def rank_bands(intervals: Sequence[Interval]) -> list[tuple[int, int]]:
    """The best and the worst rank, 1 the highest, that each of several figures may have.

    A figure ranks behind those alone whose whole interval lies above its own, and before those alone whose
    whole interval lies below.
    """
    lows, highs = sorted(one.low for one in intervals), sorted(one.high for one in intervals)
    count = len(lows)
    return [
        (count - bisect_right(lows, one.high) + 1, count - bisect_left(highs, one.low)) for one in intervals
    ]
