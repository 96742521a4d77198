"""The few marks every chart and page is drawn with, and the shapes of state shared by all of them.

Coordinates are points from the top left corner, y downwards. A colour is a role; each back end knows what a
role looks like, so that a page can be light or dark and paper stays paper. Marks are tuples because a report
has a thousand, and dataclasses take three times as long to make.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from checker.charts.letters import Weight

Role = Literal["ink", "muted", "grid", "wash", "paper", "accent", "range", "band", "warn"]
Anchor = Literal["start", "middle", "end"]
State = Literal["above", "below", "open", "none"]
Point = tuple[float, float]

# The tones of paper; the SVG back end falls back on them where a page sets no colours of its own.
TONES: dict[Role, str] = {
    "ink": "#17212B",
    "muted": "#55626E",
    "grid": "#D5DBE1",
    "wash": "#F1F5F8",
    "paper": "#FFFFFF",
    "accent": "#005A8C",
    "range": "#9CC7E0",
    "band": "#DCEBF4",
    "warn": "#B84A00",
}


class Line(NamedTuple):
    """A straight line `width` points thick; `dash` is (on, off) in points."""

    x1: float
    y1: float
    x2: float
    y2: float
    role: Role = "grid"
    width: float = 0.5
    dash: tuple[float, float] | None = None


class Polyline(NamedTuple):
    """A line through points, with round joints."""

    points: tuple[Point, ...]
    role: Role = "accent"
    width: float = 1.4
    dash: tuple[float, float] | None = None


class Band(NamedTuple):
    """A filled polygon."""

    points: tuple[Point, ...]
    role: Role = "band"


class Rect(NamedTuple):
    """A rectangle from its top left corner; with `outline` only its edge is drawn, on paper."""

    x: float
    y: float
    width: float
    height: float
    role: Role = "accent"
    outline: bool = False


class Dot(NamedTuple):
    """A filled circle."""

    x: float
    y: float
    radius: float = 2.4
    role: Role = "accent"


class Ring(NamedTuple):
    """An open circle."""

    x: float
    y: float
    radius: float = 2.4
    role: Role = "muted"


class Square(NamedTuple):
    """A filled square around its centre."""

    x: float
    y: float
    side: float = 4.6
    role: Role = "warn"


class Triangle(NamedTuple):
    """A filled triangle around its centre, pointing up or down."""

    x: float
    y: float
    side: float = 6.0
    up: bool = True
    role: Role = "accent"


class Text(NamedTuple):
    """Words on a baseline, at `size` points."""

    x: float
    y: float
    text: str
    size: float = 7.5
    anchor: Anchor = "start"
    weight: Weight = 400
    role: Role = "ink"


class Cloud(NamedTuple):
    """Many filled circles alike, drawn as one: ten thousand branches are a page, not a megabyte."""

    points: tuple[Point, ...]
    radius: float = 1.2
    role: Role = "muted"


Mark = Line | Polyline | Band | Rect | Dot | Ring | Square | Triangle | Cloud | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks inside width × height points, and the words that say the same to a person who cannot see them."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    title: str = ""
    description: str = ""

    def moved(self, right: float, down: float) -> Iterator[Mark]:
        """Give the marks shifted, to become part of a larger drawing."""
        return (_moved(mark, right, down) for mark in self.marks)


class Figures(NamedTuple):
    """The figures of a chart as text: one header cell per column, rows of as many cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Chart(Protocol):
    """Data that knows how to take its place on paper and how to be read as a table."""

    def draw(self, width: float, height: float, text: float = 7.5) -> Drawing:
        """Give the marks inside width × height points, with type of `text` points."""
        ...

    def table(self) -> Figures:
        """Give the same figures as rows of text."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """How a page says figures: the caller brings locale and translations, a chart only asks.

    `value` writes a figure with its unit ("82.4 %"), `tick` the short form on a scale ("80"), `count` a
    number of visits ("n = 42"). `missing` stands where there is no figure; `cut` is printed under a scale
    that does not begin at its lowest possible value.
    """

    value: Callable[[float], str]
    tick: Callable[[float], str]
    count: Callable[[int], str]
    missing: str = "–"
    cut: str = ""


@dataclass(slots=True)
class Sheet:
    """Marks being collected for one drawing."""

    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        """Draw marks on top of those already there."""
        self.marks.extend(marks)

    def drawing(self, title: str = "", description: str = "") -> Drawing:
        """Give the finished, unchanging drawing."""
        return Drawing(self.width, self.height, tuple(self.marks), title, description)


def _moved(mark: Mark, right: float, down: float) -> Mark:
    match mark:
        case Line():
            ends = (mark.x1 + right, mark.y1 + down, mark.x2 + right, mark.y2 + down)
            return Line(*ends, mark.role, mark.width, mark.dash)
        case Polyline() | Band() | Cloud():
            return mark._replace(points=tuple((x + right, y + down) for x, y in mark.points))
        case _:
            return mark._replace(x=mark.x + right, y=mark.y + down)


def corners(mark: Triangle) -> tuple[Point, Point, Point]:
    """Give a triangle's tip and base, the same in every back end."""
    half = mark.side / 2
    rise = half * 0.87 if mark.up else -half * 0.87
    return (mark.x, mark.y - rise), (mark.x - half, mark.y + rise), (mark.x + half, mark.y + rise)


def state_mark(state: State, x: float, y: float, side: float = 6.0) -> Mark | None:
    """Give the shape of a state around a centre: triangle up, triangle down, ring, or nothing."""
    if state == "above":
        return Triangle(x, y, side, up=True, role="accent")
    if state == "below":
        return Triangle(x, y, side, up=False, role="warn")
    if state == "open":
        return Ring(x, y, side * 0.4)
    return None
