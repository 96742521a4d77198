"""What a report is composed on: paper (`page`), or a page to be read on a screen (`reading`).

Whoever composes says what there is to say, in order, and asks how much room is left; nothing else of a medium
is known there, so that both say the same.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from checker.charts.model import Chart, Drawing, Role
from checker.reports.page import Drawn, Quote, Step, Tile
from checker.reports.tables import Bulk, Table


class Medium(Protocol):
    """A report being composed from its beginning to its end; the methods are described in `page.Report`."""

    width: float
    """Points that a line of text has: how much of a headline is said hangs on it, on every medium."""

    @property
    def room(self) -> float:
        """Give the points left on the current page."""
        ...

    @property
    def full(self) -> float:
        """Give the points an empty page offers."""
        ...

    def page(self, name: str) -> None:
        """Begin a part on a new page."""
        ...

    def turn(self, name: str, least: float) -> None:
        """Begin a part, on a new page unless `least` points are left on this one."""
        ...

    def subject(self, text: str) -> None:
        """Name what the report is about."""
        ...

    def headline(self, text: str) -> None:
        """Say the finding of what follows."""
        ...

    def lead(self, text: str) -> None:
        """Say what else there is to know first."""
        ...

    def section(self, title: str, note: str = "") -> None:
        """Head what follows."""
        ...

    def head(self, title: str, note: str = "") -> float:
        """Give the points that the heading of a section takes."""
        ...

    def text(self, text: str, role: Role = "ink") -> None:
        """Set running text."""
        ...

    def note(self, text: str, after: float = ...) -> None:
        """Set a small note."""
        ...

    def tiles(self, tiles: Sequence[Tile]) -> None:
        """Set figures side by side."""
        ...

    def chart(
        self, chart: Chart, height: float = 0.0, text: float = 7.5, drawn: Drawing | None = None
    ) -> None:
        """Draw a chart over the full width; `drawn` is the same, drawn for it already."""
        ...

    def beside(self, charts: Sequence[tuple[Chart, int]], height: float = 0.0, text: float = 7.5) -> None:
        """Draw charts side by side under their titles."""
        ...

    def table(self, table: Table, across: int = 1) -> None:
        """Set a table, where there is room its rows in so many columns side by side."""
        ...

    def bulk(self, table: Bulk) -> None:
        """Set a table of very many rows."""
        ...

    def steps(self, steps: Sequence[Step]) -> None:
        """Set numbered steps."""
        ...

    def quotes(self, quotes: Sequence[Quote], across: int = 3) -> None:
        """Set quotations."""
        ...

    def draw(self, block: Drawn, after: float = ...) -> None:
        """Place what knows how to draw itself; each medium has to know it."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """Keep everything set inside on one page."""
        ...
