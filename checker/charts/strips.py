"""Many branches in little room: name, interval and figure on one narrow line each, all on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from checker.charts.letters import fit, text_width
from checker.charts.model import (
    Dot,
    Drawing,
    Figures,
    Line,
    Mark,
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

_PITCH = 1.75  # of the type size
_HEAD = 1.9
_PLAIN = 5  # columns of a table without notes and states


@dataclass(frozen=True, slots=True)
class Strip:
    """One branch: figure, interval where there is one, and number of visits; `note` stands before the name.
    With a `state` of its own its shape stands there too, and `state_words` say it in the table.
    """

    label: str
    value: float
    low: float | None
    high: float | None
    n: int
    note: str = ""
    state: State | None = None
    state_words: str = ""


@dataclass(frozen=True, slots=True)
class Strips:
    """Strips in the caller's order, down one column and then the next.

    `columns` heads the table: branch, figure, interval's low and high end, number of visits, and where strips
    have them note and state. `scale` holds several such charts to one scale; `state` gives every dot of the
    chart its shape. A `half` one stands beside another; its names have as much room as those of two columns.
    """

    title: str
    description: str
    strips: tuple[Strip, ...]
    words: Words
    columns: tuple[str, ...]
    target: float | None = None
    state: State = "open"
    scale: tuple[float, float] | None = None
    across: int = 2
    limits: tuple[float, float] = (0.0, 1.0)
    half: bool = False
    aligned: tuple[Strip, ...] = ()
    """The strips of all charts that share one set of columns with this one; this one's own where empty."""

    def span(self) -> tuple[float, float]:
        """Give the ends of a scale that holds every strip and the target."""
        held = [figure for strip in self.strips for figure in (strip.value, strip.low, strip.high)]
        return span([figure for figure in (*held, self.target) if figure is not None], self.limits)

    def draw(self, width: float, height: float = 0.0, text: float = 7.5) -> Drawing:
        """Give the strips in `width` points; they take the height they need."""
        down = ceil(len(self.strips) / self.across)
        gap = text * 3
        wide = (width - gap * (self.across - 1)) / self.across
        sheet = Sheet(width, max(text * (_HEAD + _PITCH * down), height))
        for column in range(self.across):
            here = self.strips[column * down : (column + 1) * down]
            if here:
                self._column(sheet, here, column * (wide + gap), wide, text)
        return sheet.drawing(self.title, self.description)

    def table(self) -> Figures:
        """Give one row of text per branch."""
        say, missing = self.words.value, self.words.missing
        rows = tuple(
            (
                strip.label,
                say(strip.value),
                *(missing if figure is None else say(figure) for figure in (strip.low, strip.high)),
                str(strip.n),
                *((strip.note, strip.state_words) if len(self.columns) > _PLAIN else ()),
            )
            for strip in self.strips
        )
        return Figures(self.columns, rows)

    def _column(self, sheet: Sheet, strips: Sequence[Strip], left: float, wide: float, text: float) -> None:
        small = text * 0.94
        alike = self.aligned or self.strips
        figure = max(text_width(self.words.value(strip.value), text, 600) for strip in alike)
        count = max(text_width(self.words.count(strip.n), small) for strip in alike)
        notes = max(text_width(strip.note, small) for strip in alike)
        notes += text * 0.7 * bool(notes) + text * 1.2 * any(strip.state for strip in alike)
        names = wide * name_part(2 if self.half else self.across) + notes * 0.8
        end = left + wide - figure - count - text * 2
        scale = Scale(*(self.scale or self.span()), left + names + text, end)
        bottom = text * (_HEAD + _PITCH * len(strips))
        for tick in ticks_apart(scale, 3, lambda tick: text_width(self.words.tick(tick), small) + text * 0.5):
            x = scale(tick)
            sheet.add(Line(x, text * 1.4, x, bottom))
            sheet.add(Text(x, text, self.words.tick(tick), small, "middle", role="muted"))
        if self.target is not None:
            x = scale(self.target)
            sheet.add(Line(x, text * 1.4, x, bottom, "ink", 0.9, (2.5, 1.8)))
        for index, strip in enumerate(strips):
            middle = text * (_HEAD + _PITCH * (index + 0.5))
            base = middle + text * 0.36
            begin = left
            if strip.state:
                shape = state_mark(strip.state, left + text * 0.4, middle, text * 0.8)
                sheet.add(*([shape] if shape else []))
                begin += text * 1.2
            if strip.note:
                sheet.add(Text(begin, base, strip.note, small, role="muted"))
            sheet.add(Text(left + notes, base, fit(strip.label, text, names - notes), text))
            if strip.low is not None and strip.high is not None:
                start, stop = scale(strip.low), scale(strip.high)
                sheet.add(Rect(start, middle - text * 0.3, max(stop - start, 0.5), text * 0.6, "range"))
            spot = scale(strip.value)
            sheet.add(_spot(strip.state or self.state, spot, middle, text))
            value = self.words.value(strip.value)
            sheet.add(Text(left + wide - count - text, base, value, text, "end", 600))
            sheet.add(Text(left + wide, base, self.words.count(strip.n), small, "end", role="muted"))


def _spot(state: State, x: float, y: float, text: float) -> Mark:
    """Give the figure's shape, which says the band on grey paper too."""
    if state == "below":
        return Square(x, y, text * 0.6)
    return Ring(x, y, text * 0.3, "accent") if state == "none" else Dot(x, y, text * 0.32)


def name_part(across: int) -> float:
    """Give the part of a column that names may take; a column over the full width has more to give."""
    return 0.38 if across > 1 else 0.62


def columns_for(labels: Sequence[str], width: float, text: float = 7.5) -> int:
    """Give 2 columns, or 1 where more than a tenth of the names would be cut in two."""
    room = (width - text * 3) / 2 * name_part(2)
    return 1 if sum(text_width(label, text) > room for label in labels) * 10 > len(labels) else 2


def strips_that_fit(room: float, across: int, text: float = 7.5) -> int:
    """Give how many strips `room` points of height hold."""
    return max(int((room / text - _HEAD) / _PITCH), 0) * across
