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
        sheet.add(Rect(x + 0.5, y + 1.0, BOX, BOX, "ink", outline=True))
        sheet.add(*words.moved(x + BOX + 5.0, y + 0.7))
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


def blank(unit: str, width: float) -> Drawing:
    """Give a short line to write a figure on, its unit after it."""
    sheet = Sheet(width, 20.0)
    sheet.add(Line(0, 16.0, 60.0, 16.0, "muted", 0.6), Text(66.0, 14.0, unit, 8.5))
    return sheet.drawing()


def empty_lines(count: int, width: float, pitch: float = 22.0) -> Drawing:
    """Give lines for a free text."""
    sheet = Sheet(width, pitch * count)
    for index in range(1, count + 1):
        sheet.add(Line(0, pitch * index, width, pitch * index, "muted", 0.6))
    return sheet.drawing()


def asked(question: str, answer: Drawing, width: float) -> Drawing:
    """Give a short question and its answer's boxes at the right."""
    left = width - answer.width - 10.0
    words = paragraph(question, left, 9.0, 12.0)
    sheet = Sheet(width, max(words.height + 4.0, answer.height))
    sheet.add(*words.moved(0.0, 0.0), *answer.moved(width - answer.width, 0.0))
    return sheet.drawing()


def row(drawings: Sequence[Drawing], gap: float) -> Drawing:
    """Give drawings side by side."""
    x, marks = 0.0, []
    for one in drawings:
        marks += list(one.moved(x, 0.0))
        x += one.width + gap
    return Drawing(x - gap, max(one.height for one in drawings), tuple(marks))


def stack(drawings: Sequence[Drawing]) -> Drawing:
    """Give drawings one under another."""
    y, marks = 0.0, []
    for one in drawings:
        marks += list(one.moved(0.0, y))
        y += one.height
    return Drawing(max(one.width for one in drawings), y, tuple(marks))
