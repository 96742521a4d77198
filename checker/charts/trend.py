"""Figures over months: a line with its band and target, alone or as small multiples on one printed scale."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from checker.charts.letters import fit, text_width, wrap
from checker.charts.model import (
    Band,
    Dot,
    Drawing,
    Figures,
    Line,
    Point,
    Polyline,
    Ring,
    Sheet,
    Text,
    Words,
)
from checker.charts.scale import Scale, span, ticks

_DASH = (2.5, 1.8)
_Spot = tuple[float, "Month", float]


@dataclass(frozen=True, slots=True)
class Month:
    """One month: its figure and interval, or None where there was nothing to count.

    `label` is short ("Oct"), `year` is printed under the first month that has it. `few` marks a figure from
    too few visits: it is drawn as a ring. Each month carries the target that held then.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    target: float | None = None
    year: str = ""
    few: bool = False

    @property
    def name(self) -> str:
        """Give the month with its year."""
        return f"{self.label} {self.year}".strip()


@dataclass(frozen=True, slots=True)
class Trend:
    """Months in order, with words for everything printed.

    `columns` heads the table: month, figure, interval's low and high end, target, number of visits. `limits`
    are the figures that can occur (0 to 1 for shares, where 1 is 100 %).
    """

    title: str
    description: str
    months: tuple[Month, ...]
    words: Words
    columns: tuple[str, str, str, str, str, str]
    target_label: str = ""
    limits: tuple[float, float] = (0.0, 1.0)

    def draw(self, width: float, height: float, text: float = 7.5) -> Drawing:
        """Give the line inside width × height points."""
        sheet = Sheet(width, height)
        low, high = span(self.held(), self.limits)
        cut = low > self.limits[0]
        note = self.words.cut if cut else ""
        labels = [self.words.tick(tick) for tick in ticks(low, high)]
        left = max(text_width(label, text) for label in labels) + text * 0.8
        ends = [self.end_label(), fit(self.target_label, text, width * 0.22)]
        right = width - max(text_width(label, text * 1.1, 600) for label in ends) - text * 1.2
        below = text * (1.6 + 1.25 * any(month.year for month in self.months) + 1.5 * bool(note))
        box = _Box(left, text * 0.8, right, height - below)
        scale = Scale(low, high, box.bottom, box.top)
        _grid(sheet, box, scale, self.words, text, cut=cut)
        _month_labels(sheet, box, self.months, text)
        _series(sheet, box, scale, self, text)
        if note:
            sheet.add(Text(left, height - text * 0.3, note, text * 0.94, role="muted"))
        return sheet.drawing(self.title, self.description)

    def table(self) -> Figures:
        """Give one row per month."""
        say = self.words.value
        missing = self.words.missing
        rows = tuple(
            (
                month.name,
                *(
                    missing if figure is None else say(figure)
                    for figure in (month.value, month.low, month.high, month.target)
                ),
                str(month.n),
            )
            for month in self.months
        )
        return Figures(self.columns, rows)

    def held(self) -> Iterable[float]:
        """Give every figure a scale must hold."""
        for month in self.months:
            for figure in (month.value, month.low, month.high, month.target):
                if figure is not None:
                    yield figure

    def end_label(self) -> str:
        """Give the latest figure in words."""
        last = next((month.value for month in reversed(self.months) if month.value is not None), None)
        return "" if last is None else self.words.value(last)


@dataclass(frozen=True, slots=True)
class SmallMultiples:
    """Several trends side by side on one scale, printed at the left of every row."""

    title: str
    description: str
    panels: tuple[Trend, ...]
    across: int = 3

    def draw(self, width: float, height: float, text: float = 7.5) -> Drawing:
        """Give the panels inside width × height points; on a narrow page fewer stand side by side."""
        sheet = Sheet(width, height)
        if not self.panels:
            return sheet.drawing(self.title, self.description)
        words = self.panels[0].words
        limits = self.panels[0].limits
        low, high = span([figure for panel in self.panels for figure in panel.held()], limits, about=2)
        values = ticks(low, high, 2)
        margin = max(text_width(words.tick(tick), text * 0.94) for tick in values) + text * 0.8
        across = max(min(self.across, int((width - margin) // (text * 13))), 1)
        down = ceil(len(self.panels) / across)
        gap = text * 1.6
        cell = (width - margin - gap * (across - 1)) / across
        air = text * 0.9  # between two rows of panels
        ends = [panel.end_label() for panel in self.panels]
        room = max(text_width(label, text * 1.1, 600) for label in ends) + text
        titles = [wrap(panel.title, text, cell, 600, max_lines=4) for panel in self.panels]
        rows = [titles[first : first + across] for first in range(0, len(titles), across)]
        heads = [text * (0.8 + 1.2 * max(map(len, row))) for row in rows]
        plot = (height + air - sum(heads)) / down - air - text * 2.4
        for index, (panel, title) in enumerate(zip(self.panels, titles, strict=True)):
            row, column = divmod(index, across)
            left = margin + column * (cell + gap)
            top = sum(heads[:row]) + row * (plot + air + text * 2.4)
            for number, line in enumerate(title):
                sheet.add(Text(left, top + text * (1 + 1.2 * number), line, text, weight=600))
            box = _Box(left, top + heads[row], left + cell - room, top + heads[row] + plot)
            scale = Scale(low, high, box.bottom, box.top)
            for tick in values:
                sheet.add(Line(box.left, scale(tick), box.right, scale(tick)))
                if column == 0:
                    sheet.add(_tick_label(words.tick(tick), left, scale(tick), text))
            if low > limits[0]:
                _cut_mark(sheet, box.left, box.bottom, text)
            _series(sheet, box, scale, panel, text, target_label=False)
            _end_months(sheet, box, panel.months, text * 0.94)
        return sheet.drawing(self.title, self.description)

    def table(self) -> Figures:
        """Give one row per panel and month, the panel's title first."""
        header = ("", *self.panels[0].columns) if self.panels else ()
        rows = tuple((panel.title, *row) for panel in self.panels for row in panel.table().rows)
        return Figures(header, rows)


@dataclass(frozen=True, slots=True)
class _Box:
    """The place of the plot itself."""

    left: float
    top: float
    right: float
    bottom: float

    def column(self, index: int, count: int) -> float:
        """Give the middle of one of `count` equal columns."""
        return self.left + (index + 0.5) * (self.right - self.left) / count


def _grid(sheet: Sheet, box: _Box, scale: Scale, words: Words, text: float, *, cut: bool) -> None:
    for tick in ticks(scale.low, scale.high):
        y = scale(tick)
        sheet.add(
            Line(box.left, y, box.right, y),
            _tick_label(words.tick(tick), box.left, y, text),
        )
    if cut:
        _cut_mark(sheet, box.left, box.bottom, text)


def _tick_label(label: str, left: float, y: float, text: float) -> Text:
    return Text(left - text * 0.8, y + text * 0.33, label, text * 0.94, "end", role="muted")


def _cut_mark(sheet: Sheet, x: float, y: float, text: float) -> None:
    """Break the foot of the scale: below it the figures go on to their lowest value."""
    wave = text * 0.35
    points = tuple((x + (index - 2) * wave * 0.8, y + (wave, -wave)[index % 2]) for index in range(5))
    sheet.add(Line(points[0][0], y, points[-1][0], y, "paper", 2), Polyline(points, "muted", 0.7))


def _month_labels(sheet: Sheet, box: _Box, months: tuple[Month, ...], text: float) -> None:
    """Name as many months as fit, the last one always; the year stands under the first named month it has."""
    if not months:
        return
    size = text * 0.94
    column = (box.right - box.left) / len(months)
    widest = max(text_width(month.label, size) for month in months) + text * 0.6
    every = max(ceil(widest / column), 1)
    shown_year, free = "", box.left - text * 4
    for index in range((len(months) - 1) % every, len(months), every):
        month, x = months[index], box.column(index, len(months))
        sheet.add(Text(x, box.bottom + text * 1.5, month.label, size, "middle", role="muted"))
        half = text_width(month.year, size) / 2
        if month.year != shown_year and x - half >= free:
            sheet.add(Text(x, box.bottom + text * 2.7, month.year, size, "middle", role="muted"))
            shown_year, free = month.year, x + half + text * 0.5


def _end_months(sheet: Sheet, box: _Box, months: tuple[Month, ...], size: float) -> None:
    if months:
        y = box.bottom + size * 1.6
        sheet.add(Text(box.left, y, months[0].name, size, role="muted"))
        if text_width(months[0].name + months[-1].name, size) + size < box.right - box.left:
            sheet.add(Text(box.right, y, months[-1].name, size, "end", role="muted"))


def _series(
    sheet: Sheet, box: _Box, scale: Scale, trend: Trend, text: float, *, target_label: bool = True
) -> None:
    """Draw band, target, line and end label; a month without a figure is a gap."""
    count = len(trend.months)
    places = [(box.column(index, count), month) for index, month in enumerate(trend.months)]
    for run in _runs(places, lambda month: None if month.high is None else month.low):
        bounds = [(x, low, month.high) for x, month, low in run if month.high is not None]
        sheet.add(_band(scale, bounds, (box.right - box.left) / count))
    target = _target(sheet, box, scale, places)
    line: list[Point] = []
    for run in _runs(places, lambda month: month.value):
        line = [(x, scale(value)) for x, _, value in run]
        sheet.add(
            Polyline(tuple(line), "accent", text * 0.19) if len(line) > 1 else Dot(*line[0], text * 0.26)
        )
        sheet.add(*(Ring(x, scale(value), text * 0.26, "accent") for x, month, value in run if month.few))
    if line:
        x, y = line[-1]
        last = next(month for month in reversed(trend.months) if month.value is not None)
        sheet.add((Ring if last.few else Dot)(x, y, text * 0.32, "accent"))
        label = Text(
            x + text * 0.75, y + text * 0.38, trend.end_label(), text * 1.1, weight=600, role="accent"
        )
        sheet.add(label)
    if target_label and target is not None and trend.target_label:
        y = target + text * 0.35
        if line and abs(line[-1][1] - target) < text * 1.4:
            y = line[-1][1] + text * (0.38 + (1.4 if target > line[-1][1] else -1.4))
        words = fit(trend.target_label, text, sheet.width - box.right - text * 0.4)
        sheet.add(Text(box.right + text * 0.4, y, words, text))


def _runs(
    places: list[tuple[float, Month]], figure: Callable[[Month], float | None]
) -> Iterator[list[_Spot]]:
    """Give the stretches of neighbouring months that have the figure."""
    for present, group in groupby(places, lambda place: figure(place[1]) is not None):
        if present:
            yield [(x, month, found) for x, month in group if (found := figure(month)) is not None]


def _band(scale: Scale, run: list[tuple[float, float, float]], column: float) -> Band:
    """Give the polygon between the ends of the intervals; a month alone becomes a narrow bar."""
    if len(run) == 1:
        x, low, high = run[0]
        run = [(x - column * 0.15, low, high), (x + column * 0.15, low, high)]
    upper = [(x, scale(high)) for x, _, high in run]
    lower = [(x, scale(low)) for x, low, _ in reversed(run)]
    return Band((*upper, *lower))


def _target(sheet: Sheet, box: _Box, scale: Scale, places: list[tuple[float, Month]]) -> float | None:
    """Draw the target as steps, each month with the one that held then; give the place of the last."""
    half = (box.right - box.left) / max(len(places), 1) / 2
    y: float | None = None
    for run in _runs(places, lambda month: month.target):
        steps: list[Point] = []
        for value, same in groupby(run, lambda spot: spot[2]):
            stretch = list(same)
            y = scale(value)
            steps += [(stretch[0][0] - half, y), (stretch[-1][0] + half, y)]
        sheet.add(Polyline(tuple(steps), "ink", 0.9, _DASH))
    return y
