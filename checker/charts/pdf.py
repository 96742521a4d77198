"""Draw marks on a page of a ReportLab canvas: shapes first, then all words in reading order.

A page is written as PDF's own operators and handed to the canvas in one piece: asking the canvas for each of
a thousand marks would cost more than all the rest. Text of users reaches the page through `faces.said`, or
`textOut`, where no markup exists. The faces must be registered first (`faces.register_fonts`).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from checker.charts.faces import common, said
from checker.charts.letters import FACES, Weight, drawable, text_width
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

Colours = Mapping[Role, str]
"""Red, green and blue of every role, 0 to 1 each, as operands."""

_ROUND = 0.5523  # of a radius: how far handles stand from the ends of the four curves that make a circle


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
    shapes = _Shapes(colours)
    words: list[tuple[float, float, Text]] = []
    for x, y, drawing in placed:
        top = page_height - y
        for mark in drawing.marks:
            if isinstance(mark, Text):
                words.append((x, top, mark))
            else:
                shapes.add(mark, x, top)
    canvas.addLiteral("\n".join(shapes.operators))
    _write(canvas, words, colours)


@cache
def _colours(tones: tuple[tuple[Role, str], ...]) -> Colours:
    return {
        role: " ".join(f"{int(tone[at : at + 2], 16) / 255:.4g}" for at in (1, 3, 5)) for role, tone in tones
    }


def _write(canvas: Canvas, words: list[tuple[float, float, Text]], colours: Colours) -> None:
    """Put all words into one text object, naming face and colour only where they change."""
    for weight in dict.fromkeys(mark.weight for _, _, mark in words):
        canvas.setFont(common(weight), 1)  # from here on the page knows the font's name
    operators = ["BT"]
    look: tuple[Weight, float] | None = None
    role: Role | None = None
    for x, top, mark in words:
        shown = drawable(mark.text)
        left = x + mark.x
        if mark.anchor != "start":
            width = text_width(shown, mark.size, mark.weight)
            left -= width if mark.anchor == "end" else width / 2
        letters = said(shown)
        if mark.role != role:
            role = mark.role
            operators.append(f"{colours[role]} rg")
        if letters is None:
            canvas.addLiteral("\n".join([*operators, "ET"]))
            _spell(canvas, left, top - mark.y, shown, mark)
            operators, look = ["BT"], None
            continue
        if (mark.weight, mark.size) != look:
            look = (mark.weight, mark.size)
            operators.append(f"/{common(mark.weight)} {mark.size:.4g} Tf")
        operators.append(f"1 0 0 1 {left:.3f} {top - mark.y:.3f} Tm {letters} Tj")
    canvas.addLiteral("\n".join([*operators, "ET"]))


def _spell(canvas: Canvas, x: float, y: float, shown: str, mark: Text) -> None:
    """Write a text that has other than common letters, in the colour there is."""
    text = canvas.beginText(x, y)
    text.setFont(FACES[mark.weight], mark.size)
    text.textOut(shown)
    canvas.drawText(text)


class _Shapes:
    """The operators of shapes, with a colour, a width or a dash only where it changes."""

    def __init__(self, colours: Colours) -> None:
        self.operators = ["1 j"]
        self._colours = colours
        self._fill: Role | None = None
        self._stroke: tuple[Role, float, tuple[float, float] | None] | None = None

    def add(self, mark: Mark, x: float, top: float) -> None:
        add = self.operators.append
        match mark:
            case Line(x1, y1, x2, y2, role, width, dash):
                self._stroke_with(role, width, dash)
                add(f"{x + x1:.3f} {top - y1:.3f} m {x + x2:.3f} {top - y2:.3f} l S")
            case Polyline(points, role, width, dash):
                self._stroke_with(role, width, dash)
                add(f"{_path(points, x, top)} S")
            case Band(points, role):
                self._fill_with(role)
                add(f"{_path(points, x, top)} f")
            case Rect(left, upper, width, height, role, outline):
                self._look(role, outline)
                corner = f"{x + left:.3f} {top - upper - height:.3f}"
                add(f"{corner} {width:.3f} {height:.3f} re {'B' if outline else 'f'}")
            case Dot(centre, middle, radius, role):
                self._fill_with(role)
                add(f"{_circle(x + centre, top - middle, radius)} f")
            case Ring(centre, middle, radius, role):
                self._look(role, outline=True)
                add(f"{_circle(x + centre, top - middle, radius)} B")
            case Square(centre, middle, side, role):
                self._fill_with(role)
                corner = f"{x + centre - side / 2:.3f} {top - middle - side / 2:.3f}"
                add(f"{corner} {side:.3f} {side:.3f} re f")
            case Triangle():
                self._fill_with(mark.role)
                add(f"{_path(corners(mark), x, top)} f")
            case Cloud(points, radius, role):
                self._stroke_with(role, 2 * radius, None)
                add(f"1 J {_spots(points, x, top)} S 0 J")
            case Text():  # pragma: no cover - words are written together, after all shapes
                pass

    def _look(self, role: Role, outline: bool) -> None:
        self._fill_with("paper" if outline else role)
        if outline:
            self._stroke_with(role, 1.0, None)

    def _fill_with(self, role: Role) -> None:
        if role != self._fill:
            self._fill = role
            self.operators.append(f"{self._colours[role]} rg")

    def _stroke_with(self, role: Role, width: float, dash: tuple[float, float] | None) -> None:
        if (role, width, dash) != self._stroke:
            self._stroke = (role, width, dash)
            pattern = f"{dash[0]:g} {dash[1]:g}" if dash else ""
            self.operators.append(f"{self._colours[role]} RG {width:.4g} w [{pattern}] 0 d")


def _path(points: tuple[Point, ...], x: float, top: float) -> str:
    """Give a line through points; an operator that fills closes it."""
    first, *others = [f"{x + across:.3f} {top - down:.3f}" for across, down in points]
    return f"{first} m " + "".join(f"{other} l " for other in others)


def _circle(x: float, y: float, radius: float) -> str:
    left, right, low, high = (f"{end:.3f}" for end in (x - radius, x + radius, y - radius, y + radius))
    by = _ROUND * radius
    west, east, south, north = (f"{end:.3f}" for end in (x - by, x + by, y - by, y + by))
    middle, level = f"{x:.3f}", f"{y:.3f}"
    return (
        f"{right} {level} m {right} {north} {east} {high} {middle} {high} c "
        f"{west} {high} {left} {north} {left} {level} c "
        f"{left} {south} {west} {low} {middle} {low} c "
        f"{east} {low} {right} {south} {right} {level} c h"
    )


def _spots(points: tuple[Point, ...], x: float, top: float) -> str:
    """Give circles as lines without length and with round ends: a fifth of a circle's bytes."""
    places = [f"{x + across:.3f} {top - down:.3f}" for across, down in points]
    return " ".join(f"{place} m {place} l" for place in places)
