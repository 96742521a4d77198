"""What people fill in by hand: boxes to tick and lines to write on."""

from collections.abc import Sequence

from checker.charts.letters import text_width
from checker.charts.model import Drawing, Line, Rect, Sheet, Text
from checker.reports.text import paragraph

BOX = 10.0


def lines(titles: Sequence[tuple[str, float]], count: int, width: float, pitch: float = 24.0) -> Drawing:
    """Give `count` numbered lines under columns, each a title and its part of the width."""
    gap, first = 10.0, 16.0
    shares = sum(share for _, share in titles)
    room = width - first - gap * (len(titles) - 1)
    heads = [
        paragraph(title, room * share / shares, 7.0, 9.0, 600, "muted", max_lines=2)
        for title, share in titles
    ]
    head = max((one.height for one in heads), default=0.0)
    sheet = Sheet(width, head + pitch * count)
    x = first
    for one, (_, share) in zip(heads, titles, strict=True):
        wide = room * share / shares
        sheet.add(*one.moved(x, head - one.height))
        for index in range(count):
            y = head + pitch * (index + 1)
            sheet.add(Line(x, y, x + wide, y, "muted", 0.6))
        x += wide + gap
    for index in range(count):
        sheet.add(Text(0, head + pitch * (index + 1) - 3.0, str(index + 1), 8.5, weight=600, role="muted"))
    return sheet.drawing()


def boxes(labels: Sequence[str], width: float, size: float = 8.5, gap: float = 14.0) -> Drawing:
    """Give boxes to tick, each before its label, in as many rows as the width asks for."""
    sheet = Sheet(width, 0.0)
    x, y, pitch = 0.0, 0.0, BOX + 7.0
    for label in labels:
        words = paragraph(label, width - BOX - 5.0, size, size * 1.25)
        wide = min(max((_end(mark, size) for mark in words.marks), default=0.0), width) + BOX + 5.0
        if x and x + wide > width:
            x, y = 0.0, sheet.height
        sheet.add(Rect(x + 0.5, y + 3.5, BOX, BOX, "ink", outline=True))
        sheet.add(*words.moved(x + BOX + 5.0, y + 3.0))
        sheet.height = max(sheet.height, y + max(pitch, words.height + 6.0))
        x += wide + gap
    return sheet.drawing()


def _end(mark: object, size: float) -> float:
    return text_width(mark.text, size) if isinstance(mark, Text) else 0.0


def field(label: str, width: float, height: float = 26.0) -> Drawing:
    """Give a line to write on with its label under the top edge, small."""
    sheet = Sheet(width, height)
    sheet.add(*paragraph(label, width, 7.0, 9.0, role="muted", max_lines=1).marks)
    sheet.add(Line(0, height, width, height, "muted", 0.6))
    return sheet.drawing()
