"""Branches by number of visits, with the limits chance alone would keep them in: no league table."""

from dataclasses import dataclass

from checker.charts.letters import fit, text_width
from checker.charts.model import (
    Band,
    Cloud,
    Drawing,
    Figures,
    Line,
    Polyline,
    Sheet,
    State,
    Text,
    Words,
    state_mark,
)
from checker.charts.scale import Scale, span, ticks

_MOST_NAMES = 12  # more would hide what they name; the table beside the chart has them all


@dataclass(frozen=True, slots=True)
class Spot:
    """One branch: its figure, its visits, and its state if it lies outside the limits."""

    label: str
    value: float
    n: int
    state: State = "none"
    state_words: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a figure of `n` visits stays by chance: inside low…high (99.8 %), most inside the inner pair."""

    n: float
    low: float
    high: float
    inner_low: float | None = None
    inner_high: float | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """Spots between limits that narrow with n; `columns` heads the table: branch, figure, visits, state."""

    title: str
    description: str
    spots: tuple[Spot, ...]
    funnel: tuple[Limit, ...]
    average: float
    words: Words
    columns: tuple[str, str, str, str]
    average_label: str = ""
    axis_label: str = ""
    limits: tuple[float, float] = (0.0, 1.0)

    def draw(self, width: float, height: float, text: float = 7.5) -> Drawing:
        """Give the funnel inside width × height points; spots outside have a shape and a name."""
        sheet = Sheet(width, height)
        low, high = span(self._held(), self.limits)
        most = max([1, *(spot.n for spot in self.spots)])
        left = max(text_width(self.words.tick(tick), text) for tick in ticks(low, high)) + text * 0.8
        right = width - text_width(self.average_label, text, 600) - text * 0.8
        bottom = height - text * (3.2 if self.axis_label else 1.8)
        down = Scale(low, high, bottom, text * 0.8)
        across = Scale(0, most * 1.03, left, right)
        self._funnel(sheet, across, down)
        for tick in ticks(low, high):
            y = down(tick) + text * 0.33
            sheet.add(Line(left, down(tick), right, down(tick)))
            sheet.add(Text(left - text * 0.8, y, self.words.tick(tick), text * 0.94, "end", role="muted"))
        for count in ticks(0, most, 6):
            if count == int(count):
                label = Text(
                    across(count), bottom + text * 1.4, str(int(count)), text * 0.94, "middle", role="muted"
                )
                sheet.add(label)
        if self.axis_label:
            sheet.add(Text(right, bottom + text * 2.7, self.axis_label, text * 0.94, "end", role="muted"))
        sheet.add(Line(left, down(self.average), right, down(self.average), "accent", 1.0))
        y = down(self.average) + text * 0.35
        sheet.add(Text(right + text * 0.5, y, self.average_label, text, weight=600, role="accent"))
        self._spots(sheet, across, down, text)
        return sheet.drawing(self.title, self.description)

    def table(self) -> Figures:
        """Give one row per branch."""
        rows = (
            (spot.label, self.words.value(spot.value), str(spot.n), spot.state_words) for spot in self.spots
        )
        return Figures(self.columns, tuple(rows))

    def _held(self) -> list[float]:
        """Give the figures a scale must hold: every spot, and the limits at the middle of their visits."""
        held = [self.average, *(spot.value for spot in self.spots)]
        numbers = sorted(spot.n for spot in self.spots)
        if numbers and self.funnel:
            middle = numbers[len(numbers) // 2]
            near = min(self.funnel, key=lambda limit: abs(limit.n - middle))
            held += [near.low, near.high]
        return held

    def _funnel(self, sheet: Sheet, across: Scale, down: Scale) -> None:
        inside = [limit for limit in self.funnel if limit.n <= across.high]
        if len(inside) < 2:
            return
        upper = tuple((across(limit.n), down(limit.high)) for limit in inside)
        lower = tuple((across(limit.n), down(limit.low)) for limit in inside)
        sheet.add(
            Band((*upper, *reversed(lower)), "wash"),
            Polyline(upper, "muted", 0.7),
            Polyline(lower, "muted", 0.7),
        )
        for side in ("inner_low", "inner_high"):
            curve = [(across(limit.n), getattr(limit, side)) for limit in inside]
            points = tuple((x, down(value)) for x, value in curve if value is not None)
            if len(points) > 1:
                sheet.add(Polyline(points, "muted", 0.6, (1.5, 1.5)))

    def _spots(self, sheet: Sheet, across: Scale, down: Scale, text: float) -> None:
        plain = [spot for spot in self.spots if spot.state in ("none", "open")]
        outside = [spot for spot in self.spots if spot.state not in ("none", "open")]
        places = tuple((across(spot.n), down(spot.value)) for spot in plain)
        if places:
            sheet.add(Cloud(places, text * (0.16 if len(places) > 100 else 0.24)))
        taken: list[tuple[float, float, float]] = []
        for spot in outside:
            x, y = across(spot.n), down(spot.value)
            shape = state_mark(spot.state, x, y, text * 0.8)
            if shape:
                sheet.add(shape)
            self._name(sheet, spot, x, y + text * 0.33, text, taken)

    def _name(
        self,
        sheet: Sheet,
        spot: Spot,
        x: float,
        y: float,
        text: float,
        taken: list[tuple[float, float, float]],
    ) -> None:
        """Name a spot beside it, on the side with room, unless another name is there already."""
        name = fit(spot.label, text * 0.94, text * 16, 600)
        wide = text_width(name, text * 0.94, 600)
        after = x + wide + text < sheet.width
        start = x + text * 0.7 if after else x - text * 0.7 - wide
        free = all(
            abs(y - other) > text * 1.1 or start > end or start + wide < begin for begin, end, other in taken
        )
        if free and len(taken) < _MOST_NAMES:
            taken.append((start, start + wide, y))
            sheet.add(Text(start, y, name, text * 0.94, weight=600))
