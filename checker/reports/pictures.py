"""Charts of a summary's figures, with every word they carry; reports print them, pages may show them too."""

from collections.abc import Iterable, Mapping, Sequence

from checker.charts import model
from checker.charts.dots import Dots, Row
from checker.charts.histogram import Bin, Histogram
from checker.charts.shares import Part, Shares
from checker.charts.trend import Month, SmallMultiples, Trend
from checker.reports import claims
from checker.standards.model import Axis, Checklist, Count
from checker.standards.statistics import MIN_VISITS
from checker.summaries.values import (
    AxisFigure,
    NetworkMonth,
    Place,
    ServiceLevels,
    StandardFigure,
    Timing,
    TrendPoint,
)
from checker.words import NO_FIGURE, Words

_OVERFLOW = 601
"""The second under which everything longer than 600 s is counted."""

_WIDTHS = (1, 2, 5, 10, 15, 20, 30, 60, 120)
"""Seconds a bar of a histogram may be wide: steps a person counts in."""

_MOST_LATE = 6


def chart_words(words: Words) -> model.Words:
    """Give charts this language's way to write shares."""
    return model.Words(
        value=words.percent,
        tick=words.tick,
        count=words.count,
        missing=NO_FIGURE,
        cut=words.gettext("The scale does not begin at 0."),
    )


# --- over months --------------------------------------------------------------------------------------------


def axis_trend(axis: Axis, points: Sequence[TrendPoint], words: Words) -> Trend:
    """Give an axis over its months."""
    name = words.gettext(claims.AXIS_NAMES[axis])
    return trend(name, points, words, words.gettext("Mean of visits with its 95 % interval, by month."))


def trend(title: str, points: Sequence[TrendPoint], words: Words, description: str = "") -> Trend:
    """Give a line over months; a figure from fewer than 5 visits is a ring."""
    target = next((point.target for point in reversed(points) if point.target is not None), None)
    label = "" if target is None else words.gettext("Target %(target)s", target=words.target(target))
    months = tuple(_month(point, words) for point in points)
    columns = (
        words.gettext("Month"),
        words.gettext("Figure"),
        words.gettext("from"),
        words.gettext("to"),
        words.gettext("Target"),
        words.gettext("Visits"),
    )
    return Trend(title, description, months, chart_words(words), columns, label)


def multiples(
    figures: Iterable[StandardFigure],
    trends: Mapping[str, Sequence[TrendPoint]],
    checklist: Checklist,
    words: Words,
    across: int = 4,
) -> SmallMultiples:
    """Give each standard's share met over its months, all on one printed scale."""
    panels = tuple(
        trend(claims.item_name(one.item, checklist, words), trends.get(one.standard, ()), words)
        for one in figures
    )
    title = words.gettext("Standards over thirteen months")
    return SmallMultiples(title, words.gettext("Share of visits meeting each standard."), panels, across)


def _month(point: TrendPoint, words: Words) -> Month:
    bounds = point.interval.clipped() if point.interval else None
    return Month(
        words.short_month(point.month),
        point.mean,
        bounds.low if bounds else None,
        bounds.high if bounds else None,
        point.n,
        point.target,
        str(point.month.year),
        few=0 < point.n < MIN_VISITS,
    )


# --- against the target -------------------------------------------------------------------------------------


def standards(figures: Iterable[StandardFigure], checklist: Checklist, words: Words, parted: int = 0) -> Dots:
    """Give standards as dot, interval and target; `parted` is the place of a second group's first one."""
    rows = tuple(
        _row(
            claims.item_name(one.item, checklist, words),
            one.share,
            one,
            one.asked,
            claims.standing(one, words),
            claims.met_when(one.item, words),
            parted=bool(index) and index == parted,
        )
        for index, one in enumerate(figures)
    )
    return Dots(
        words.gettext("Standards"),
        words.gettext("Share of visits meeting each standard, with its 95 % interval and target."),
        rows,
        chart_words(words),
        _dot_columns(words.gettext("Standard"), words),
    )


def regions(figures: Iterable[tuple[Place, AxisFigure]], words: Words) -> Dots:
    """Give the regions' compliance."""
    rows = tuple(
        _row(
            place.name,
            one.mean,
            one,
            one.n,
            claims.against_target(one.verdict, one.target, one.n, words),
        )
        for place, one in figures
    )
    return Dots(
        words.gettext("Regions"),
        words.gettext("Compliance of each region, with its 95 % interval and target."),
        rows,
        chart_words(words),
        _dot_columns(words.gettext("Region"), words),
    )


def both_axes(summary: NetworkMonth, words: Words) -> Dots:
    """Give Compliance and Experience of the whole and, under each other, of every region."""
    name = summary.scope.name if summary.scope else words.gettext("All")
    felt = {place.code: figure for place, figure in summary.regions_felt}
    held = [(name, summary.axes[Axis.STANDARD], summary.axes[Axis.EXPERIENCE])]
    held += [(place.name, one, felt[place.code]) for place, one in summary.regions if place.code in felt]
    rows = tuple(
        _row(
            words.gettext(
                "%(place)s: %(axis)s", place=place, axis=words.gettext(claims.AXIS_NAMES[one.axis])
            ),
            one.mean,
            one,
            one.n,
            claims.against_target(one.verdict, one.target, one.n, words),
            parted=bool(index) and one.axis is Axis.STANDARD,
        )
        for index, (place, *axes) in enumerate(held)
        for one in axes
    )
    return Dots(
        words.gettext("Compliance beside Experience"),
        words.gettext("Both axes, each with its 95 % interval and target."),
        rows,
        chart_words(words),
        _dot_columns(words.gettext("Axis"), words),
    )


def _row(
    label: str,
    value: float | None,
    figure: StandardFigure | AxisFigure,
    n: int,
    standing: str,
    note: str = "",
    *,
    parted: bool = False,
) -> Row:
    bounds = figure.interval.clipped() if figure.interval else None
    on_trial = isinstance(figure, StandardFigure) and figure.item.trial
    return Row(
        label,
        value,
        bounds.low if bounds else None,
        bounds.high if bounds else None,
        figure.target,
        "none" if on_trial else claims.state(figure.verdict, figure.target),
        standing,
        n,
        note,
        parted,
    )


def _dot_columns(name: str, words: Words) -> tuple[str, str, str, str, str, str, str]:
    return (
        name,
        words.gettext("Figure"),
        words.gettext("from"),
        words.gettext("to"),
        words.gettext("Target"),
        words.gettext("State"),
        words.gettext("Visits"),
    )


# --- how answers are spread ---------------------------------------------------------------------------------


def seconds(timing: Timing, title: str, words: Words) -> Histogram:
    """Give how long customers waited, in bars that end at the limit; "never" stands apart."""
    total = timing.timed + timing.never
    later = timing.timed - timing.within_limit
    share = words.percent(later / total) if total else NO_FIGURE
    return Histogram(
        title,
        words.gettext(
            "Visits by seconds waited; the limit is %(limit)s.", limit=words.seconds(timing.limit_s)
        ),
        _bins(timing, words),
        chart_words(words),
        (words.gettext("Seconds"), words.gettext("Visits"), words.gettext("Share")),
        words.gettext("Limit: %(limit)s", limit=words.seconds(timing.limit_s)),
        words.gettext("%(share)s later than the limit", share=share),
        Bin(words.gettext("it never happened"), timing.never, late=True),
    )


def _bins(timing: Timing, words: Words) -> tuple[Bin, ...]:
    """Cut the seconds into bars of one width, the limit between two of them, the last one open.

    A time a moment beyond the limit that counts as at it stands at it: the bars after the limit add up to
    what is said to be later.
    """
    seconds = _as_counted(timing)
    width = _bar_width(timing.limit_s)
    edges = [*range(width, timing.limit_s, width), timing.limit_s]
    late = [timing.limit_s + width * step for step in range(1, min(_MOST_LATE, len(edges)))]
    late = [edge for edge in late if edge < _OVERFLOW]
    found: list[Bin] = []
    low = 0
    for edge in (*edges, *late):
        count = sum(seconds.get(second, 0) for second in range(low, edge + 1))
        found.append(Bin(f"{low}–{edge}", count, late=edge > timing.limit_s))
        low = edge + 1
    rest = sum(count for second, count in seconds.items() if second >= low)
    found.append(Bin(words.gettext("from %(seconds)s", seconds=low), rest, late=True))
    return tuple(found)


def _as_counted(timing: Timing) -> Mapping[int, int]:
    """Give the times by second, those within the tolerance moved to the limit."""
    seconds, limit = dict(timing.seconds), timing.limit_s
    tolerated = timing.within_limit - sum(n for second, n in seconds.items() if second <= limit)
    for second in sorted(second for second in timing.seconds if second > limit):
        moved = min(seconds[second], max(tolerated, 0))
        seconds[second] -= moved
        seconds[limit] = seconds.get(limit, 0) + moved
        tolerated -= moved
    return seconds


def _bar_width(limit: int) -> int:
    """Give a width that parts the time to the limit evenly into about six, or else nearly so."""
    even = [width for width in _WIDTHS if limit % width == 0 and 3 <= limit // width <= 8]
    return even[0] if even else min(_WIDTHS, key=lambda width: abs(limit / width - 6))


def counts(figure: StandardFigure, title: str, words: Words) -> Histogram:
    """Give how often each count was given, from none to the most there is (the three yeses)."""
    rule = figure.item.rule
    highest = rule.maximum if isinstance(rule, Count) else max(figure.counts, default=0)
    bins = tuple(Bin(words.number(value), figure.counts.get(value, 0)) for value in range(highest + 1))
    columns = (words.gettext("Count"), words.gettext("Visits"), words.gettext("Share"))
    return Histogram(title, words.gettext("Visits by count."), bins, chart_words(words), columns)


def levels(held: ServiceLevels, words: Words) -> Shares:
    """Give the service as shoppers felt it (SC-15)."""
    parts = (
        Part(words.gettext("Less than expected (low)"), held.low, "warn"),
        Part(words.gettext("As expected (standard)"), held.standard, "range"),
        Part(words.gettext("More than expected (wow)"), held.wow, "accent"),
    )
    columns = (words.gettext("Service level"), words.gettext("Visits"), words.gettext("Share"))
    title = words.gettext("Service level as shoppers felt it (%(count)s)", count=words.count(held.n))
    return Shares(
        title, words.gettext("Share of visits by service level."), parts, chart_words(words), columns
    )
