"""Draw marks on a ReportLab canvas: shapes first, then all words in reading order.

User text reaches the page through `textOut` alone, where no markup exists. The faces must be registered first
(`checker.reports.page.register_fonts`).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from checker.charts.letters import FACES, drawable, text_width
from checker.charts.model import (
    TONES,
    Band,
    Cloud,
    Dot,
    Drawing,
    Line,
    Mark,
    Point,
    Polyline,
    Rect,
    Ring,
    Role,
    Square,
    Text,
    Triangle,
    corners,
)

Colours = Mapping[Role, tuple[float, float, float]]
"""Red, green and blue of every role, 0 to 1 each."""


class Placed(NamedTuple):
    """A drawing and the place of its top left corner: points from the page's left edge and its top."""

    x: float
    y: float
    drawing: Drawing


def draw(
    canvas: Canvas, placed: Iterable[Placed], page_height: float, tones: Mapping[Role, str] = TONES
) -> None:
    """Draw every drawing in its place on the canvas's current page, roles in these tones."""
    colours = _colours(tuple(tones.items()))
    pen = _Pen(canvas, colours)
    words: list[tuple[float, float, Text]] = []
    for x, y, drawing in placed:
        top = page_height - y
        for mark in drawing.marks:
            if isinstance(mark, Text):
                words.append((x, top, mark))
            else:
                pen.shape(mark, x, top)
    _write(canvas, words, colours)


@cache
def _colours(tones: tuple[tuple[Role, str], ...]) -> Colours:
    return {
        role: (int(tone[1:3], 16) / 255, int(tone[3:5], 16) / 255, int(tone[5:7], 16) / 255)
        for role, tone in tones
    }


def _write(canvas: Canvas, words: list[tuple[float, float, Text]], colours: Colours) -> None:
    """Put all words into one text object, naming face and colour only where they change."""
    if not words:
        return
    text = canvas.beginText()
    look: tuple[int, float] | None = None
    role: Role | None = None
    for x, top, mark in words:
        if (mark.weight, mark.size) != look:
            look = (mark.weight, mark.size)
            text.setFont(FACES[mark.weight], mark.size)
        if mark.role != role:
            role = mark.role
            text.setFillColorRGB(*colours[role])
        shown = drawable(mark.text)
        left = x + mark.x
        if mark.anchor != "start":
            width = text_width(shown, mark.size, mark.weight)
            left -= width if mark.anchor == "end" else width / 2
        text.setTextOrigin(left, top - mark.y)
        text.textOut(shown)
    canvas.drawText(text)


class _Pen:
    """Draws shapes, telling the canvas a colour, a width or a dash only where it changes."""

    def __init__(self, canvas: Canvas, colours: Colours) -> None:
        self._canvas = canvas
        self._colours = colours
        self._fill: Role | None = None
        self._stroke: tuple[Role, float, tuple[float, float] | None] | None = None
        canvas.setLineJoin(1)

    def shape(self, mark: Mark, x: float, top: float) -> None:
        canvas = self._canvas
        match mark:
            case Line(x1, y1, x2, y2, role, width, dash):
                self._stroke_with(role, width, dash)
                canvas.line(x + x1, top - y1, x + x2, top - y2)
            case Polyline(points, role, width, dash):
                self._stroke_with(role, width, dash)
                self._path(points, x, top, closed=False)
            case Band(points, role):
                self._fill_with(role)
                self._path(points, x, top, closed=True)
            case Rect(left, upper, width, height, role, outline):
                self._look(role, outline)
                canvas.rect(x + left, top - upper - height, width, height, stroke=int(outline), fill=1)
            case Dot(centre, middle, radius, role):
                self._fill_with(role)
                canvas.circle(x + centre, top - middle, radius, stroke=0, fill=1)
            case Ring(centre, middle, radius, role):
                self._look(role, outline=True)
                canvas.circle(x + centre, top - middle, radius, stroke=1, fill=1)
            case Square(centre, middle, side, role):
                self._fill_with(role)
                canvas.rect(x + centre - side / 2, top - middle - side / 2, side, side, stroke=0, fill=1)
            case Triangle():
                self._fill_with(mark.role)
                self._path(corners(mark), x, top, closed=True)
            case Cloud(points, radius, role):
                self._stroke_with(role, 2 * radius, None)
                self._cloud(points, x, top)
            case Text():  # pragma: no cover - words are drawn together, after all shapes
                pass

    def _path(self, points: tuple[Point, ...], x: float, top: float, *, closed: bool) -> None:
        path = self._canvas.beginPath()
        path.moveTo(x + points[0][0], top - points[0][1])
        for across, down in points[1:]:
            path.lineTo(x + across, top - down)
        if closed:
            path.close()
        self._canvas.drawPath(path, stroke=int(not closed), fill=int(closed))

    def _cloud(self, points: tuple[Point, ...], x: float, top: float) -> None:
        """Draw circles as lines without length and with round ends: a fifth of a circle's bytes."""
        path = self._canvas.beginPath()
        for across, down in points:
            path.moveTo(x + across, top - down)
            path.lineTo(x + across, top - down)
        self._canvas.setLineCap(1)
        self._canvas.drawPath(path, stroke=1, fill=0)
        self._canvas.setLineCap(0)

    def _look(self, role: Role, outline: bool) -> None:
        self._fill_with("paper" if outline else role)
        if outline:
            self._stroke_with(role, 1.0, None)

    def _fill_with(self, role: Role) -> None:
        if role != self._fill:
            self._fill = role
            self._canvas.setFillColorRGB(*self._colours[role])

    def _stroke_with(self, role: Role, width: float, dash: tuple[float, float] | None) -> None:
        if (role, width, dash) != self._stroke:
            self._stroke = (role, width, dash)
            self._canvas.setStrokeColorRGB(*self._colours[role])
            self._canvas.setLineWidth(width)
            self._canvas.setDash(*dash) if dash else self._canvas.setDash()
