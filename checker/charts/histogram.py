"""Bins of seconds with the limit of the standard, bars beyond it marked, and "never" set apart."""

from dataclasses import dataclass

from checker.charts.letters import fit, text_width, wrap
from checker.charts.model import Anchor, Drawing, Figures, Line, Rect, Role, Sheet, Text, Words
from checker.charts.scale import Scale, ticks


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar: its label ("26–30"), how many visits, and whether it lies beyond the limit."""

    label: str
    count: int
    late: bool = False


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bins in order, those beyond the limit last.

    Bars are shares of all visits, "never" included. `limit_label` names the limit ("Standard: 30 s"),
    `late_label` says what lies beyond it ("21 % of visits came later"). `words.value` gets shares where 1 is
    100 %. `columns` heads the table: bin, visits, share.
    """

    title: str
    description: str
    bins: tuple[Bin, ...]
    words: Words
    columns: tuple[str, str, str]
    limit_label: str = ""
    late_label: str = ""
    never: Bin | None = None

    def draw(self, width: float, height: float, text: float = 7.5) -> Drawing:
        """Give the bars inside width × height points."""
        sheet = Sheet(width, height)
        bars = self._bars()
        total = max(sum(one.count for one in bars), 1)
        top = text * (3.4 if self.limit_label else 1.4)
        highest = max((one.count / total for one in bars), default=0.0) or 1.0
        slots = len(self.bins) + (2.2 if self.never else 0)
        labelled = self._labels_fit(width / max(slots, 1), total, text)
        left = 0.0 if labelled else self._axis_room(highest, text)
        column = (width - left) / max(slots, 1)
        never_label = wrap(self.never.label, text * 0.93, column * 2, max_lines=2) if self.never else []
        bottom = height - text * (0.6 + 1.2 * max(len(never_label), 1))
        scale = Scale(0, highest, bottom, top + text * 1.3)
        if not labelled:
            self._axis(sheet, scale, left, width, text)
        for index, one in enumerate(self.bins):
            x = left + index * column
            _bar(sheet, scale, x, column, one.count / total, one.late)
            if labelled:
                self._value(sheet, x + column / 2, scale(one.count / total), one.count / total, text)
        self._bin_labels(sheet, left, column, bottom, text)
        end = left + len(self.bins) * column
        sheet.add(Line(left, bottom, end, bottom, "muted", 0.7))
        if self.never:
            x = end + column * 0.7
            share = self.never.count / total
            _bar(sheet, scale, x, column, share, late=True, hollow=True)
            if labelled or self.never.count:
                self._value(sheet, x + column / 2, scale(share), share, text)
            sheet.add(Line(x - column * 0.25, bottom, x + column * 1.25, bottom, "muted", 0.7))
            for number, line in enumerate(never_label):
                sheet.add(
                    Text(x + column / 2, bottom + text * (1.3 + 1.2 * number), line, text * 0.93, "middle")
                )
        self._limit(sheet, left, column, end, bottom, text)
        return sheet.drawing(self.title, self.description)

    def table(self) -> Figures:
        """Give one row per bar, "never" last."""
        bars = self._bars()
        total = sum(one.count for one in bars)
        rows = tuple(
            (one.label, str(one.count), self.words.value(one.count / total) if total else self.words.missing)
            for one in bars
        )
        return Figures(self.columns, rows)

    def _bars(self) -> tuple[Bin, ...]:
        return (*self.bins, self.never) if self.never else self.bins

    def _labels_fit(self, column: float, total: int, text: float) -> bool:
        says = (self.words.value(one.count / total) for one in self._bars())
        return all(text_width(words, text * 0.93, 600) <= column - 1 for words in says)

    def _axis_room(self, highest: float, text: float) -> float:
        return max(text_width(self.words.tick(tick), text * 0.93) for tick in ticks(0, highest)) + text * 0.8

    def _axis(self, sheet: Sheet, scale: Scale, left: float, right: float, text: float) -> None:
        for tick in ticks(0, scale.high):
            y = scale(tick)
            sheet.add(
                Line(left, y, right, y),
                Text(
                    left - text * 0.8,
                    y + text * 0.33,
                    self.words.tick(tick),
                    text * 0.93,
                    "end",
                    role="muted",
                ),
            )

    def _value(self, sheet: Sheet, x: float, y: float, share: float, text: float) -> None:
        sheet.add(Text(x, y - text * 0.4, self.words.value(share), text * 0.93, "middle", 600))

    def _bin_labels(self, sheet: Sheet, left: float, column: float, bottom: float, text: float) -> None:
        size = text * 0.93
        widest = max((text_width(one.label, size) for one in self.bins), default=0.0) + text * 0.5
        every = next((step for step in (1, 2, 3, 4, 6) if widest <= column * step), max(len(self.bins), 1))
        for index in range(0, len(self.bins), every):
            x = left + (index + 0.5) * column
            sheet.add(Text(x, bottom + text * 1.3, self.bins[index].label, size, "middle", role="muted"))

    def _limit(
        self, sheet: Sheet, left: float, column: float, end: float, bottom: float, text: float
    ) -> None:
        """Draw the limit before the first late bar, and a bracket over everything beyond it."""
        first = next((index for index, one in enumerate(self.bins) if one.late), len(self.bins))
        if not self.limit_label:
            return
        x = left + first * column
        rail = text * 2.9
        sheet.add(Line(x, text * 0.2, x, bottom, "ink", 0.9, (2.5, 1.8)))
        if end - x > text:
            sheet.add(
                Line(x, rail, end, rail, "warn", 1.2),
                Line(end - 0.6, rail, end - 0.6, rail + text * 0.5, "warn", 1.2),
            )
        room_after, room_before = sheet.width - x - text * 0.5, x - text * 0.5
        wanted = max(text_width(self.limit_label, text, 600), text_width(self.late_label, text * 0.93))
        after = wanted <= room_after or room_after >= room_before
        place = x + text * 0.5 if after else x - text * 0.5
        room = room_after if after else room_before
        lines = (fit(self.limit_label, text, room, 600), fit(self.late_label, text * 0.93, room))
        anchor: Anchor = "start" if after else "end"
        sheet.add(Text(place, text, lines[0], text, anchor, 600))
        sheet.add(Text(place, text * 2.2, lines[1], text * 0.93, anchor))


def _bar(
    sheet: Sheet, scale: Scale, x: float, column: float, share: float, late: bool, *, hollow: bool = False
) -> None:
    if share:
        top = scale(share)
        role: Role = "warn" if late else "accent"
        sheet.add(Rect(x + column * 0.06, top, column * 0.88, scale(0) - top, role, outline=hollow))
