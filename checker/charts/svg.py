"""Draw marks as inline SVG: presentation attributes and CSS variables only, as a strict CSP asks.

A page sets --ink, --muted, --grid, --wash, --paper, --accent, --range, --band and --warn for light and dark;
each falls back on its tone on paper. The type is the page's own, through class "chart"; where it is wider
than ours, words may pass the edge a little instead of being cut.
"""

from itertools import groupby
from xml.sax.saxutils import escape
from zlib import crc32

from checker.charts.letters import Weight, clean
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

_WEIGHTS: dict[Weight, str] = {400: "", 600: ' font-weight="600"', 760: ' font-weight="700"'}


def render(drawing: Drawing, ident: str = "") -> str:
    """Give one <svg> element with role="img", <title> and <desc>.

    `ident` must be unique on the page; without one it is made from the content, so two different charts never
    share it.
    """
    body = "".join(_parts(drawing))
    ident = ident or f"chart-{crc32((drawing.title + body).encode()):08x}"
    size = f'width="{_n(drawing.width)}" height="{_n(drawing.height)}"'
    box = f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
    names = f'aria-labelledby="{ident}-t" aria-describedby="{ident}-d"'
    title = f'<title id="{ident}-t">{escape(clean(drawing.title))}</title>'
    description = f'<desc id="{ident}-d">{escape(clean(drawing.description))}</desc>'
    look = 'xmlns="http://www.w3.org/2000/svg" class="chart" role="img" overflow="visible"'
    head = f"<svg {look} {size} {box} {names}>"
    return f"{head}{title}{description}{body}</svg>"


def _parts(drawing: Drawing) -> list[str]:
    """Write shapes in their order and then all words on top, grouped so that colours are named once."""
    shapes = [_shape(mark) for mark in drawing.marks if not isinstance(mark, Text)]
    words = sorted((mark for mark in drawing.marks if isinstance(mark, Text)), key=_look)
    for (size, weight, role, anchor), group in groupby(words, key=_look):
        look = f'font-size="{_n(size)}"{_WEIGHTS[weight]} text-anchor="{anchor}" {_fill(role)}'
        lines = "".join(
            f'<text x="{_n(mark.x)}" y="{_n(mark.y)}">{escape(clean(mark.text))}</text>' for mark in group
        )
        shapes.append(f"<g {look}>{lines}</g>")
    return shapes


def _look(mark: Text) -> tuple[float, Weight, Role, str]:
    return mark.size, mark.weight, mark.role, mark.anchor


def _shape(mark: Mark) -> str:
    match mark:
        case Line(x1, y1, x2, y2, role, width, dash):
            place = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
            return f"<line {place} {_stroke(role, width, dash)}/>"
        case Polyline(points, role, width, dash):
            joints = 'fill="none" stroke-linejoin="round" stroke-linecap="round"'
            return f'<polyline points="{_points(points)}" {joints} {_stroke(role, width, dash)}/>'
        case Band(points, role):
            return f'<polygon points="{_points(points)}" {_fill(role)}/>'
        case Rect(x, y, width, height, role, outline):
            look = f"{_fill('paper')} {_stroke(role, 1.0)}" if outline else _fill(role)
            return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" {look}/>'
        case Dot(x, y, radius, role):
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" {_fill(role)}/>'
        case Ring(x, y, radius, role):
            look = f"{_fill('paper')} {_stroke(role, 1.0)}"
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" {look}/>'
        case Square(x, y, side, role):
            corner = f'x="{_n(x - side / 2)}" y="{_n(y - side / 2)}"'
            return f'<rect {corner} width="{_n(side)}" height="{_n(side)}" {_fill(role)}/>'
        case Triangle():
            return f'<polygon points="{_points(corners(mark))}" {_fill(mark.role)}/>'
        case Cloud(points, radius, role):
            spots = "".join(f"M{_n(x)} {_n(y)}h0" for x, y in points)
            return f'<path d="{spots}" stroke-linecap="round" {_stroke(role, 2 * radius)}/>'
        case Text():  # pragma: no cover - words are written in groups
            return ""


def _n(value: float) -> str:
    """Write a place to a tenth of a point; finer is not seen and only makes the page longer."""
    return f"{value:.1f}".removesuffix(".0")


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _paint(role: Role) -> str:
    return f"var(--{role},{TONES[role]})"


def _fill(role: Role) -> str:
    return f'fill="{_paint(role)}"'


def _stroke(role: Role, width: float, dash: tuple[float, float] | None = None) -> str:
    # A screen shows nothing finer than its pixel.
    dashes = f' stroke-dasharray="{_n(dash[0])} {_n(dash[1])}"' if dash else ""
    return f'stroke="{_paint(role)}" stroke-width="{_n(max(width, 1.0))}"{dashes}'
