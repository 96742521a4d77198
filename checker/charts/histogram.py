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
        plan = self._plan(width, text)
        never = wrap(self.never.label, text * 0.94, plan.apart, max_lines=3) if self.never else []
        bottom = height - text * (0.6 + 1.2 * max(len(never), 1))
        scale = Scale(0, plan.highest, bottom, plan.head + text * 1.3)
        if not plan.labelled:
            self._axis(sheet, scale, plan, text)
        for index, one in enumerate(self.bins):
            self._bar(sheet, scale, plan, plan.left + index * plan.column, plan.column, one, text)
        self._bin_labels(sheet, plan, bottom, text)
        sheet.add(Line(plan.left, bottom, plan.end, bottom, "muted", 0.7))
        if self.never:
            thick = min(plan.column, plan.apart * 0.6)
            x = plan.end + (plan.apart - thick) / 2
            self._bar(sheet, scale, plan, x, thick, self.never, text)
            sheet.add(Line(x - thick * 0.2, bottom, x + thick * 1.2, bottom, "muted", 0.7))
            for number, line in enumerate(never):
                y = bottom + text * (1.3 + 1.2 * number)
                sheet.add(Text(x + thick / 2, y, line, text * 0.94, "middle"))
        if self.limit_label:
            self._limit(sheet, plan, bottom, text)
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

    def _plan(self, width: float, text: float) -> "_Plan":
        """Share the width out; where figures do not fit over the bars, a scale at the left says them."""
        bars = self._bars()
        total = max(sum(one.count for one in bars), 1)
        highest = max((one.count / total for one in bars), default=0.0) or 1.0
        count = max(len(self.bins), 1)
        apart = max(width / (count + 2.2) * 2.2, text * 6) if self.never else 0.0
        widest = max(
            (text_width(self.words.value(one.count / total), text, 600) for one in bars), default=0.0
        )
        labelled = widest <= (width - apart) / count
        scale = max(text_width(self.words.tick(tick), text) for tick in ticks(0, highest)) + text * 0.8
        left = 0.0 if labelled else scale
        column = (width - left - apart) / count
        first = next((index for index, one in enumerate(self.bins) if one.late), len(self.bins))
        limit = left + first * column
        after = limit <= width * 0.6
        room = (width - limit if after else limit) - text * 0.5
        lines = wrap(self.late_label, text * 0.94, room, max_lines=2) if self.limit_label else []
        head = text * (2.0 + 1.15 * len(lines)) if self.limit_label else 0.0
        return _Plan(
            left, column, width - apart, apart, total, highest, labelled, limit, after, room, lines, head
        )

    def _axis(self, sheet: Sheet, scale: Scale, plan: "_Plan", text: float) -> None:
        for tick in ticks(0, plan.highest):
            y = scale(tick)
            label = self.words.tick(tick)
            sheet.add(Line(plan.left, y, plan.end, y))
            sheet.add(Text(plan.left - text * 0.8, y + text * 0.33, label, text * 0.94, "end", role="muted"))

    def _bar(
        self, sheet: Sheet, scale: Scale, plan: "_Plan", x: float, thick: float, one: Bin, text: float
    ) -> None:
        """Draw a bar: solid, in the colour of its side of the limit, or hollow where it never happened."""
        share = one.count / plan.total
        top = scale(share)
        role: Role = "warn" if one.late or one is self.never else "accent"
        if share:
            place = (x + thick * 0.06, top, thick * 0.88, scale(0) - top)
            sheet.add(Rect(*place, role, outline=one is self.never))
        if (plan.labelled and one.count) or one is self.never:
            says = self.words.value(share)
            sheet.add(Text(x + thick / 2, top - text * 0.4, says, text * 0.94, "middle", 600))

    def _bin_labels(self, sheet: Sheet, plan: "_Plan", bottom: float, text: float) -> None:
        size = text * 0.94
        widest = max((text_width(one.label, size) for one in self.bins), default=0.0) + text * 0.5
        count = max(len(self.bins), 1)
        every = next((step for step in (1, 2, 3, 4, 6) if widest <= plan.column * step), count)
        for index in range(0, len(self.bins), every):
            x = plan.left + (index + 0.5) * plan.column
            sheet.add(Text(x, bottom + text * 1.3, self.bins[index].label, size, "middle", role="muted"))

    def _limit(self, sheet: Sheet, plan: "_Plan", bottom: float, text: float) -> None:
        """Draw the limit before the first late bar, and a bracket over everything beyond it."""
        x, rail = plan.limit, plan.head - text * 0.4
        sheet.add(Line(x, text * 0.2, x, bottom, "ink", 0.9, (2.5, 1.8)))
        if plan.end - x > text:
            tip = plan.end - 0.6
            sheet.add(Line(x, rail, plan.end, rail, "warn", 1.2))
            sheet.add(Line(tip, rail, tip, rail + text * 0.5, "warn", 1.2))
        anchor: Anchor = "start" if plan.after else "end"
        place = x + text * 0.5 if plan.after else x - text * 0.5
        sheet.add(Text(place, text, fit(self.limit_label, text, plan.room, 600), text, anchor, 600))
        for number, line in enumerate(plan.lines):
            sheet.add(Text(place, text * (2.2 + 1.15 * number), line, text * 0.94, anchor))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where things stand: bars of `column` points from `left` to `end`, "never" in `apart` points after."""

    left: float
    column: float
    end: float
    apart: float
    total: int
    highest: float
    labelled: bool
    limit: float
    after: bool  # whether the words of the limit stand after its line
    room: float
    lines: list[str]
    head: float
