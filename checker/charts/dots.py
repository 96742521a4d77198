"""Rows of dot, interval and target: one standard, branch or section per row, its state in shape and word."""

from dataclasses import dataclass

from checker.charts.letters import fit, text_width, wrap
from checker.charts.model import (
    Dot,
    Drawing,
    Figures,
    Line,
    Rect,
    Ring,
    Sheet,
    Square,
    State,
    Text,
    Words,
    state_mark,
)
from checker.charts.scale import Scale, span, ticks_apart


@dataclass(frozen=True, slots=True)
class Row:
    """One row: figure, interval and target, any of them None where there is none.

    `state_words` says what the shape says ("below target"), or why there is no state ("too few to compare").
    `note` is a short grey word after the label ("store"). A `parted` row begins a group, under a rule.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    state: State = "none"
    state_words: str = ""
    n: int = 0
    note: str = ""
    parted: bool = False


@dataclass(frozen=True, slots=True)
class Dots:
    """Rows in the caller's order.

    `columns` heads the table: name, figure, interval's low and high end, target, state, number of visits.
    `aligned` are the rows of all charts that share one scale and one set of columns with this one. A label
    takes at most `lines` lines.
    """

    title: str
    description: str
    rows: tuple[Row, ...]
    words: Words
    columns: tuple[str, str, str, str, str, str, str]
    limits: tuple[float, float] = (0.0, 1.0)
    aligned: tuple[Row, ...] = ()
    lines: int = 3

    def draw(self, width: float, height: float = 0.0, text: float = 7.5) -> Drawing:
        """Give the rows inside width × height points; height 0 takes what the rows need.

        Where the width leaves the plot too little, the labels move to a line of their own above it.
        """
        columns = _Columns.of(self, width, text)
        lines = [self._label(row, columns, text) for row in self.rows]
        foot = text * 2
        least = text * (2.1 if not columns.stacked else 2.4)
        tall = [max(least, text * (1.2 * len(label) + (2.0 if columns.stacked else 0.9))) for label in lines]
        spare = max(height - foot - sum(tall), 0) / max(len(tall), 1)
        sheet = Sheet(width, height or sum(tall) + foot)
        low, high = self._span()
        scale = Scale(low, high, columns.plot, columns.plot_end)
        bottom = sum(tall) + spare * len(tall)
        small = text * 0.94
        for tick in ticks_apart(scale, 4, lambda tick: text_width(self.words.tick(tick), small) + text * 0.5):
            sheet.add(
                Line(scale(tick), 0, scale(tick), bottom),
                Text(
                    scale(tick),
                    bottom + text * 1.3,
                    self.words.tick(tick),
                    small,
                    "middle",
                    role="muted",
                ),
            )
        top = 0.0
        for row, label, own in zip(self.rows, lines, tall, strict=True):
            if row.parted and top:
                sheet.add(Line(0, top, width, top, "grid", 0.7))
            self._row(sheet, columns, scale, row, label, top, own + spare, text)
            top += own + spare
        return sheet.drawing(self.title, self.description)

    def table(self) -> Figures:
        """Give one row of text per row."""
        say, missing = self.words.value, self.words.missing
        rows = tuple(
            (
                f"{row.label} ({row.note})" if row.note else row.label,
                *(
                    missing if figure is None else say(figure)
                    for figure in (row.value, row.low, row.high, row.target)
                ),
                row.state_words,
                str(row.n),
            )
            for row in self.rows
        )
        return Figures(self.columns, rows)

    def _label(self, row: Row, columns: "_Columns", text: float) -> list[str]:
        """Give a row's label in lines, its note after it where notes have no column: what counts as met must
        stand beside the figure.
        """
        if not row.note or columns.note:
            return wrap(row.label, text, columns.label, 600, self.lines)
        note = f" ({row.note})"
        lines = wrap(row.label + note, text, columns.label, 600)
        if len(lines) > self.lines:
            lines = wrap(row.label, text, columns.label, 600, self.lines)
            lines[-1] = fit(lines[-1], text, columns.label - text_width(note, text, 600), 600) + note
        return lines

    def _span(self) -> tuple[float, float]:
        rows = self.aligned or self.rows
        held = [figure for row in rows for figure in (row.value, row.low, row.high, row.target)]
        return span([figure for figure in held if figure is not None], self.limits)

    def _row(
        self,
        sheet: Sheet,
        columns: "_Columns",
        scale: Scale,
        row: Row,
        label: list[str],
        top: float,
        tall: float,
        text: float,
    ) -> None:
        first = top + (text * 1.3 if columns.stacked else (tall - text * 1.2 * len(label)) / 2 + text * 0.95)
        for index, line in enumerate(label):
            sheet.add(Text(0, first + index * text * 1.2, line, text, weight=600))
        head = text * 1.2 * len(label) + text * 0.3 if columns.stacked else 0
        middle = top + head + (tall - head) / 2
        base = middle + text * 0.36
        figure = self.words.missing if row.value is None else self.words.value(row.value)
        if row.note and columns.note:
            sheet.add(Text(columns.note, base, row.note, text * 0.94, role="muted"))
        sheet.add(Text(columns.value, base, figure, text, "end", 600))
        _interval(sheet, scale, row, middle, text)
        shape = state_mark(row.state, columns.state + text * 0.4, middle, text * 0.85)
        if shape:
            sheet.add(shape)
        sheet.add(Text(columns.state + text * 1.2, base, row.state_words, text * 0.94))
        if columns.count:
            sheet.add(Text(columns.count, base, self.words.count(row.n), text * 0.94, "end", role="muted"))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each column stands; `note` or `count` 0 means that there is no room for it."""

    label: float
    note: float
    value: float
    plot: float
    plot_end: float
    state: float
    count: float
    stacked: bool

    @classmethod
    def of(cls, dots: Dots, width: float, text: float) -> "_Columns":
        """Share the width out: words take what they need, the plot has the rest."""
        small = text * 0.94
        gap = text * 1.4
        rows, words = dots.aligned or dots.rows, dots.words

        def widest(texts: list[str], size: float, *, bold: bool = False) -> float:
            return max((text_width(one, size, 600 if bold else 400) for one in texts), default=0.0)

        longest = widest([row.label for row in rows], text, bold=True) + 0.1
        notes = widest([row.note for row in rows], small)
        figures = [words.missing if row.value is None else words.value(row.value) for row in rows]
        value = widest(figures, text, bold=True)
        state = widest([row.state_words for row in rows], small) + text * 1.2
        count = widest([words.count(row.n) for row in rows], small)
        least = max(width * 0.25, text * 9)
        # A figure is nothing without its number of visits: labels take more lines before that is left out.
        taken = value + state + count + 4 * gap + least + 0.1
        label = min(longest, max(width * 0.22, min(width * 0.36, width - taken)))
        room = width - label - value - state - 3 * gap
        stacked = room < least
        if stacked:
            label = width
            room = width - value - state - 2 * gap
        with_count = room - count - gap >= least
        if with_count:
            room -= count + gap
        with_note = bool(notes) and not stacked and room - notes - gap >= least
        if with_note:
            room -= notes + gap
        note = label + gap if with_note else 0.0
        value_end = (
            (note + notes if with_note else 0.0 if stacked else label) + (0 if stacked else gap) + value
        )
        plot = value_end + gap
        return cls(label, note, value_end, plot, plot + room, plot + room + gap, width * with_count, stacked)


def _interval(sheet: Sheet, scale: Scale, row: Row, y: float, text: float) -> None:
    """Draw interval, target and figure; a figure below it is a square, so that grey paper tells it too."""
    if row.low is not None and row.high is not None:
        left, right = scale(row.low), scale(row.high)
        sheet.add(Rect(left, y - text * 0.35, max(right - left, 0.5), text * 0.7, "range"))
    if row.target is not None:
        sheet.add(Line(scale(row.target), y - text * 0.75, scale(row.target), y + text * 0.75, "ink", 1.2))
    if row.value is None:
        return
    x = scale(row.value)
    if row.state == "below":
        sheet.add(Square(x, y, text * 0.62))
    elif row.state == "none":
        sheet.add(Ring(x, y, text * 0.3, "accent"))
    else:
        sheet.add(Dot(x, y, text * 0.34))
