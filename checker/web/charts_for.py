"""Charts on a page: drawn as SVG for a wide and a narrow place, each with the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from markupsafe import Markup

from checker.charts import svg
from checker.charts.dots import Dots
from checker.charts.funnel import Funnel
from checker.charts.histogram import Histogram
from checker.charts.model import Chart, Dot, Drawing, Figures, Line, Rect, Ring, Sheet, Square, State, Text
from checker.charts.scale import Scale, span
from checker.charts.shares import Shares
from checker.charts.strips import Strips, columns_for
from checker.charts.trend import SmallMultiples, Trend
from checker.reports import branches_part, claims, parts, pictures
from checker.standards.model import Axis, Count
from checker.standards.statistics import Change
from checker.summaries.values import (
    BandLine,
    BranchMonth,
    EmployeeMonth,
    NetworkMonth,
    StandardFigure,
    TrendPoint,
)
from checker.web.language import language
from checker.words import Words, words_for

TEXT = 13.0
"""Size of type on a screen, in CSS pixels."""

WIDE, HALF, NARROW = 740.0, 470.0, 270.0
"""Widths charts are drawn for: the wide part of a page, half of it, a telephone."""

MOST_PANELS = 12
"""Small multiples on a page; more would be too small to be looked at."""

_MOVED = (Change.ROSE, Change.FELL)

STRIP_WIDTH, STRIP_HEIGHT = 180.0, 24.0


class Titled(Protocol):
    """Any of the charts."""

    @property
    def title(self) -> str: ...

    @property
    def description(self) -> str: ...

    def draw(self, width: float, height: float, text: float = 7.5) -> Drawing: ...

    def table(self) -> Figures: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart on a page: the style sheet shows `wide` or `narrow`, as there is room; `table` has figures.

    `name` is unique on the page.
    """

    name: str
    title: str
    width: Literal["full", "half"]
    wide: Markup
    narrow: Markup
    table: Figures


def shown(
    chart: Titled, *, name: str, width: float = WIDE, height: float = 0.0, narrow_height: float = 0.0
) -> Shown:
    """Draw a chart twice. Height 0 takes what the chart needs."""
    return Shown(
        name,
        chart.title,
        _place(width),
        _markup(chart.draw(width, height, TEXT), f"{name}-wide"),
        _markup(chart.draw(NARROW, narrow_height or height, TEXT - 1), f"{name}-narrow"),
        chart.table(),
    )


def _place(width: float) -> Literal["full", "half"]:
    return "full" if width > HALF else "half"


def _markup(drawing: Drawing, name: str) -> Markup:
    return Markup(svg.render(drawing, name))  # noqa: S704 - `svg.render` escapes every text


def here() -> Words:
    """The words of the language the page speaks."""
    return words_for(language())


# --- the charts of a summary ---------------------------------------------------------------------


def trends(summary: BranchMonth | NetworkMonth | EmployeeMonth) -> list[Shown]:
    """Compliance and Experience over thirteen months, those that have a figure; one alone has the width."""
    held = [axis for axis in Axis if any(point.n for point in summary.trends.get(axis, ()))]
    return [trend(axis, summary.trends[axis], HALF if len(held) > 1 else WIDE) for axis in held]


def trend(axis: Axis, points: Sequence[TrendPoint], width: float) -> Shown:
    """One axis over its months."""
    chart = pictures.axis_trend(axis, points, here())
    return shown(chart, name=f"trend-{axis}", width=width, height=230)


def standards(figures: Sequence[StandardFigure], summary: BranchMonth | NetworkMonth) -> Shown | None:
    """Every standard that was asked: dot, interval, target, state in shape and word."""
    asked = [one for one in figures if one.asked]
    if not asked:
        return None
    return dots(pictures.standards(asked, summary.series.checklist, here()), name="standards")


def dots(chart: Dots, *, name: str, width: float = WIDE) -> Shown:
    """Rows of dot and interval; where the width has no room for n, it stands after the row's name."""
    counts = {chart.words.count(row.n) for row in chart.rows}
    named = replace(
        chart,
        rows=tuple(replace(row, label=f"{row.label} ({chart.words.count(row.n)})") for row in chart.rows),
    )
    wide = chart.draw(width, 0.0, TEXT)
    if not counts <= {mark.text for mark in wide.marks if isinstance(mark, Text)}:
        wide = named.draw(width, 0.0, TEXT)
    return Shown(
        name,
        chart.title,
        _place(width),
        _markup(wide, f"{name}-wide"),
        _markup(named.draw(NARROW, 0.0, TEXT - 1), f"{name}-narrow"),
        chart.table(),
    )


def multiples(summary: NetworkMonth) -> Shown | None:
    """Standards over thirteen months on one scale: those with a target, and those that moved for certain.

    Where there is none of either, the first of the checklist.
    """
    asked = [one for one in summary.standards if one.asked]
    chosen = [one for one in asked if one.target is not None or one.change in _MOVED] or asked
    chosen = chosen[:MOST_PANELS]
    if not chosen:
        return None
    chart = pictures.multiples(chosen, summary.standard_trends, summary.series.checklist, here())
    return _panels(chart, "multiples")


def _panels(chart: SmallMultiples, name: str) -> Shown:
    count = len(chart.panels)
    tall, narrow = 132.0 * -(-count // chart.across), 116.0 * count
    return Shown(
        name,
        chart.title,
        "full",
        _markup(chart.draw(WIDE, tall, TEXT - 1), f"{name}-wide"),
        _markup(chart.draw(NARROW, narrow, TEXT - 1), f"{name}-narrow"),
        chart.table(),
    )


@dataclass(frozen=True, slots=True)
class Wait:
    """How long customers waited for one timed standard."""

    figure: StandardFigure
    name: str
    median: str
    chart: Shown


def waits(summary: BranchMonth | NetworkMonth) -> list[Wait]:
    """The timed standards that were asked, with their histograms; "never" stands apart in each."""
    words = here()
    return [
        _wait(figure, parts.section_of(figure.item, summary, words), f"wait-{figure.standard}")
        for figure in parts.timed(summary)
        if figure.asked
    ]


def waits_elsewhere(summary: NetworkMonth) -> list[Wait]:
    """Those of the programme's other checklists, named with their checklist."""
    words = here()
    found = []
    for one in summary.elsewhere:
        of = one.series.checklist
        name = words.gettext(
            "%(checklist)s: %(standard)s",
            checklist=words.text(of.title, of.languages),
            standard=claims.item_name(one.figure.item, of, words),
        )
        found.append(_wait(one.figure, name, f"wait-{of.id}-{one.figure.standard}"))
    return found


def _wait(figure: StandardFigure, name: str, ident: str) -> Wait:
    words, timing = here(), parts.timing_of(figure)
    chart = pictures.seconds(timing, name, words)
    return Wait(
        figure,
        name,
        parts.median(timing, words),
        shown(chart, name=ident, width=HALF, height=220, narrow_height=240),
    )


_MOST_SPOTS = 500
"""Branches in the table beside the funnel; of more it holds those that are told apart."""


def funnel(summary: NetworkMonth) -> Shown | None:
    """Branches by their visits, with the limits chance alone would keep them in."""
    chart = branches_part.funnel(summary, here())
    if chart is None:
        return None
    return _spots(chart, "funnel")


def _spots(chart: Funnel, name: str) -> Shown:
    drawn = shown(chart, name=name, height=320, narrow_height=300)
    if len(chart.spots) <= _MOST_SPOTS:
        return drawn
    told = tuple(spot for spot in chart.spots if spot.state_words)
    return replace(drawn, table=replace(chart, spots=told).table())


def both_axes(summary: NetworkMonth) -> Shown | None:
    """Compliance beside Experience: of the whole, and of every region."""
    if not summary.axes[Axis.EXPERIENCE].n:
        return None
    return dots(pictures.both_axes(summary, here()), name="axes")


def counts(figure: StandardFigure, title: str) -> Shown:
    """How often each count was given, such as the three yeses."""
    chart = pictures.counts(figure, title, here())
    return shown(chart, name=f"counts-{figure.standard}", width=HALF, height=180)


def counted(summary: BranchMonth | NetworkMonth) -> list[StandardFigure]:
    """The standards answered by a count."""
    return [one for one in summary.standards if isinstance(one.item.rule, Count) and one.asked]


def levels(summary: BranchMonth | NetworkMonth) -> Shown | None:
    """The service as shoppers felt it."""
    if not summary.levels.n:
        return None
    return shown(pictures.levels(summary.levels, here()), name="levels", width=HALF)


def regions(summary: NetworkMonth) -> Shown | None:
    """Compliance of each region, where there are several."""
    if len(summary.regions) < 2:
        return None
    return dots(pictures.regions(summary.regions, here()), name="regions", width=HALF)


# --- the charts of a report -----------------------------------------------------------------------


def of_report(chart: Chart, name: str, *, half: bool) -> Shown:
    """Any chart that a report is composed of, as pages draw its kind."""
    width = HALF if half else WIDE
    match chart:
        case Dots():
            return dots(chart, name=name, width=width)
        case SmallMultiples():
            return _panels(chart, name)
        case Funnel():
            return _spots(chart, name)
        case Strips():
            return _strips(chart, name, width)
        case Trend():
            return shown(chart, name=name, width=width, height=230)
        case Histogram():
            return shown(chart, name=name, width=width, height=220, narrow_height=240)
        case Shares():
            return shown(chart, name=name, width=width)
    raise TypeError(f"no page knows how large a {type(chart).__name__} is")


def _strips(chart: Strips, name: str, width: float) -> Shown:
    """Branches in as many columns as their names leave room for; one under another on a telephone."""
    labels = [strip.label for strip in chart.strips]
    across = min(chart.across, len(labels), columns_for(labels, width, TEXT))
    narrow = replace(chart, across=1, half=True)
    return Shown(
        name,
        chart.title,
        _place(width),
        _markup(replace(chart, across=across).draw(width, 0.0, TEXT), f"{name}-wide"),
        _markup(narrow.draw(NARROW, 0.0, TEXT - 1), f"{name}-narrow"),
        chart.table(),
    )


# --- branches in their bands ---------------------------------------------------------------------


def band_scale(summary: NetworkMonth) -> tuple[float, float]:
    """The ends of the scale that every strip of the page is drawn to."""
    held = [summary.branch_target]
    for line in (*summary.above, *summary.undecided, *summary.below, *summary.too_few):
        held += [line.mean, *((line.interval.low, line.interval.high) if line.interval else ())]
    figures = [min(max(figure, 0.0), 1.0) for figure in held if figure is not None]
    return span(figures, (0.0, 1.0)) if figures else (0.0, 1.0)


def strip(line: BandLine, state: State, scale: tuple[float, float], target: float | None) -> Markup:
    """A branch's figure, interval and target, to stand in the row of a table that says them in words."""
    sheet = Sheet(STRIP_WIDTH, STRIP_HEIGHT)
    at = Scale(*scale, 6.0, STRIP_WIDTH - 6.0)
    middle = STRIP_HEIGHT / 2
    sheet.add(Line(0, middle, STRIP_WIDTH, middle))
    if line.interval:
        bounds = line.interval.clipped()
        left, right = at(bounds.low), at(bounds.high)
        sheet.add(Rect(left, middle - 5, max(right - left, 0.5), 10, "range"))
    if target is not None:
        sheet.add(Line(at(target), 1, at(target), STRIP_HEIGHT - 1, "ink", 1.5))
    x = at(line.mean)
    if state == "below":
        sheet.add(Square(x, middle, 9))
    else:
        sheet.add(Ring(x, middle, 4.5, "accent") if state == "none" else Dot(x, middle, 5))
    return _markup(sheet.drawing(), f"strip-{line.branch.code}")
