"""A report to be read on a screen: what is composed is kept as blocks, in order, for a page to show.

The counterpart of `page.Report`: the same functions compose both, so that a page says what the PDF says. Here
no page ends, so nothing is left out for want of room. Each block has a `kind`, by which a template shows it;
what knows how to draw itself on paper (`page.Drawn`) is kept as it is and needs a `kind` too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from checker.charts.model import Chart, Drawing, Role
from checker.reports.look import Look
from checker.reports.page import COLUMNS, DEFAULT_LOOK, MARGIN, SIZES, Drawn, Quote, Step, Tile
from checker.reports.tables import Bulk, Cell, Column, Table

ENDLESS = 1e6
"""Points that are always left; more than any report takes."""


class Block(Protocol):
    """Something to be shown, by its kind."""

    @property
    def kind(self) -> str:
        """Give the name under which a template knows it."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """Words: "subject", "headline", "lead", "text" or "note"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of what follows, and a line under it; `ident` is its place on the page."""

    kind: ClassVar[str] = "heading"

    ident: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures of the month."""

    kind: ClassVar[str] = "tiles"

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Pictured:
    """A chart; `under` is the heading it stands under, "" where its own title stands above it.

    A `half` one stands beside another. `ident` is unique on the page.
    """

    ident: str
    chart: Chart
    under: str = ""
    half: bool = False


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts side by side, or the one."""

    kind: ClassVar[str] = "charts"

    charts: tuple[Pictured, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; `title` says what it lists."""

    kind: ClassVar[str] = "rows"

    ident: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do or to look into, in order."""

    kind: ClassVar[str] = "steps"

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Quotes:
    """What shoppers wrote."""

    kind: ClassVar[str] = "quotes"

    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """A block that knows how to draw itself on paper; `title` is the heading it stands under."""

    ident: str
    title: str
    block: Drawn

    @property
    def kind(self) -> str:
        """Give the block's own kind."""
        kind: str = getattr(self.block, "kind", "")
        if not kind:
            raise TypeError(f"{type(self.block).__name__} can be drawn on paper, but has no kind for a page")
        return kind


@dataclass(slots=True)
class Part:
    """What stands on pages of one name: its heading is above all others in it."""

    ident: str
    name: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def headings(self) -> list[Heading]:
        """Give the headings inside, in order."""
        return [block for block in self.blocks if isinstance(block, Heading)]


class Reading:
    """A report being composed for a screen: takes what `page.Report` takes, and keeps it in `parts`."""

    def __init__(
        self,
        title: str,
        *,
        period: str,
        language: str,
        method: str,
        page_of: Callable[[int, int], str],
        look: Look = DEFAULT_LOOK,
        keywords: str = "",
    ) -> None:
        self.title = title
        self.look = look
        self.period = period
        self.language = language
        self.method = method
        self.keywords = keywords
        self.width = SIZES[look.paper][0] - 2 * MARGIN
        self.parts: list[Part] = []
        self._made = 0

    @property
    def room(self) -> float:
        """Give the points left: there is no end."""
        return ENDLESS

    @property
    def full(self) -> float:
        """Give the points an empty page offers."""
        return ENDLESS

    def page(self, name: str) -> None:
        """Begin a part."""
        self.parts.append(Part(self._ident(), name))

    def turn(self, name: str, least: float) -> None:
        """Begin a part."""
        self.page(name)

    def subject(self, text: str) -> None:
        """Name what the report is about."""
        self._say("subject", text)

    def headline(self, text: str) -> None:
        """Say the finding of what follows."""
        self._say("headline", text)

    def lead(self, text: str) -> None:
        """Say what else there is to know first."""
        self._say("lead", text)

    def section(self, title: str, note: str = "") -> None:
        """Head what follows."""
        self._keep(Heading(self._ident(), title, note))

    def head(self, title: str, note: str = "") -> float:
        """Give the points that the heading of a section takes: none are missed."""
        return 0.0

    def text(self, text: str, role: Role = "ink") -> None:
        """Set running text."""
        self._say("text", text)

    def note(self, text: str, after: float = 0.0) -> None:
        """Set a small note."""
        self._say("note", text)

    def tiles(self, tiles: Sequence[Tile]) -> None:
        """Set figures side by side."""
        self._keep(Tiles(tuple(tiles)))

    def chart(
        self, chart: Chart, height: float = 0.0, text: float = 7.5, drawn: Drawing | None = None
    ) -> None:
        """Set a chart; how it was drawn for paper does not matter."""
        self._keep(Charts((Pictured(self._ident(), chart, self._under()),)))

    def beside(self, charts: Sequence[tuple[Chart, int]], height: float = 0.0, text: float = 7.5) -> None:
        """Set charts side by side under their titles."""
        shown = [Pictured(self._ident(), chart, half=span < COLUMNS) for chart, span in charts]
        self._keep(Charts(tuple(shown)))

    def table(self, table: Table, across: int = 1) -> None:
        """Set a table, one row under another."""
        rows = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in table.rows]
        self._keep(Rows(self._ident(), self._under(), table.columns, rows))

    def bulk(self, table: Bulk) -> None:
        """Set a table of very many rows."""
        self.table(Table(table.columns, table.rows))

    def steps(self, steps: Sequence[Step]) -> None:
        """Set numbered steps."""
        if steps:
            self._keep(Steps(tuple(steps)))

    def quotes(self, quotes: Sequence[Quote], across: int = 3) -> None:
        """Set quotations."""
        if quotes:
            self._keep(Quotes(tuple(quotes)))

    def draw(self, block: Drawn, after: float = 0.0) -> None:
        """Set what knows how to draw itself."""
        self._keep(Own(self._ident(), self._under(), block))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep things together: nothing parts them here."""
        yield

    def _say(self, kind: str, text: str) -> None:
        if text:
            self._keep(Said(kind, text))

    def _keep(self, block: Block) -> None:
        if not self.parts:
            self.page(self.title)
        self.parts[-1].blocks.append(block)

    def _under(self) -> str:
        """Give the words of the last heading, which a table under it is named by."""
        headings = self.parts[-1].headings if self.parts else []
        return headings[-1].title if headings else self.parts[-1].name if self.parts else self.title

    def _ident(self) -> str:
        """Give a place on the page that nothing else has; the same report has the same ones."""
        self._made += 1
        return f"r{self._made}"
