"""Tables of fixed columns: figures to the right, a header repeated on every page, a rule under every row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from checker.charts.letters import Weight, drawable, fit, text_width, wrap
from checker.charts.model import Drawing, Line, Mark, Role, Sheet, State, Text, state_mark

_PADDING = 0.45  # of the type size, above and below the lines of a cell
_LEADING = 1.3
_GAP = 8.0  # points between two columns
_MOST_LINES = 40  # of one wrapped cell; a row must fit a page


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its part of the width, and how its cells stand.

    `share` is relative to the other columns' shares. Figures stand at the "end". A cell of a `wrap` column
    takes as many lines as it needs; in any other one an ellipsis marks what does not fit.
    """

    title: str
    share: float = 1.0
    align: Literal["start", "end"] = "start"
    wrap: bool = False


class Cell(NamedTuple):
    """A cell that is more than plain words; a state draws its shape before the words that say it."""

    text: str
    weight: Weight = 400
    role: Role = "ink"
    state: State = "none"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and rows with one cell per column; type of `size` points."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str | Cell]]
    size: float = 7.5

    def side_by_side(self, across: int) -> "Table":
        """Give the same rows `across` in a line, down one set of columns and then the next."""
        down = -(-len(self.rows) // across)
        empty = ("",) * len(self.columns)
        columns: tuple[Column, ...] = ()
        for index in range(across):
            columns += (*((Column("", 0.3),) if index else ()), *self.columns)
        lines: list[tuple[str | Cell, ...]] = []
        for line in range(down):
            cells: tuple[str | Cell, ...] = ()
            for index in range(across):
                at = index * down + line
                cells += (*(("",) if index else ()), *(self.rows[at] if at < len(self.rows) else empty))
            lines.append(cells)
        return Table(columns, lines, self.size)

    def height(self, width: float, rows: int | None = None) -> float:
        """Give the points that the header and the first `rows` rows (None: all) take."""
        grid = _Grid.of(self, width)
        shown = self.rows if rows is None else self.rows[:rows]
        return self._head(grid).height + sum(_Row.of(row, grid).height for row in shown)

    def pieces(self, width: float, first: float, whole: float) -> Iterator[Drawing]:
        """Give the table in pieces with the header on each, at most `first` and then `whole` points high.

        A piece holds one row at least, however tall; the last row alone takes the one before with it.
        """
        grid = _Grid.of(self, width)
        head = self._head(grid)
        rows = [_Row.of(row, grid) for row in self.rows]
        room = first - head.height
        start, used = 0, 0.0
        for index, row in enumerate(rows):
            if used + row.height > room and index > start:
                end = index - 1 if index == len(rows) - 1 and index - start > 2 else index
                yield _draw(grid, head, rows[start:end])
                used = sum(one.height for one in rows[end:index])
                start, room = end, whole - head.height
            used += row.height
        yield _draw(grid, head, rows[start:])

    def _head(self, grid: "_Grid") -> "_Row":
        return _Row.of([Cell(column.title, 600, "muted") for column in self.columns], grid, heading=True)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Left edge and width of every column."""

    columns: tuple[Column, ...]
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    width: float
    size: float

    @classmethod
    def of(cls, table: Table, width: float) -> "_Grid":
        shares = sum(column.share for column in table.columns)
        room = width - _GAP * (len(table.columns) - 1)
        widths = _fitted([room * column.share / shares for column in table.columns], table, room)
        lefts = tuple(sum(widths[:index]) + _GAP * index for index in range(len(widths)))
        return cls(table.columns, lefts, widths, width, table.size)


def _fitted(widths: list[float], table: Table, room: float) -> tuple[float, ...]:
    """Widen the columns whose heading has a word that does not fit; the others give what that takes."""
    least = [
        max((text_width(word, table.size, 600) for word in column.title.split()), default=0.0) + 0.1
        for column in table.columns
    ]
    narrow = [width < need for width, need in zip(widths, least, strict=True)]
    taken = sum(need for need, small in zip(least, narrow, strict=True) if small)
    others = sum(width for width, small in zip(widths, narrow, strict=True) if not small)
    if not any(narrow) or taken >= room * 0.8:
        return tuple(widths)
    by = (room - taken) / others
    return tuple(
        need if small else width * by for width, need, small in zip(widths, least, narrow, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """Cells broken into lines, and the height they need."""

    cells: tuple[tuple[Cell, list[str]], ...]
    height: float

    @classmethod
    def of(cls, cells: Sequence[str | Cell], grid: _Grid, *, heading: bool = False) -> "_Row":
        size = grid.size
        broken: list[tuple[Cell, list[str]]] = []
        most = 1
        for raw, column, width in zip(cells, grid.columns, grid.widths, strict=True):
            cell = Cell(raw) if isinstance(raw, str) else raw
            room = width - (size * 1.2 if cell.state != "none" else 0)
            text = drawable(cell.text)
            if text_width(text, size, cell.weight) <= room:
                lines = [text]
            elif column.wrap or heading:
                lines = wrap(text, size, room, cell.weight, 3 if heading else _MOST_LINES)
                most = max(most, len(lines))
            else:
                lines = [fit(text, size, room, cell.weight)]
            broken.append((cell, lines))
        return cls(tuple(broken), size * (most * _LEADING + 2 * _PADDING))


def _draw(grid: _Grid, head: _Row, rows: list[_Row]) -> Drawing:
    marks: list[Mark] = []
    y = _place(marks, grid, head, 0.0, foot=True)
    marks.append(Line(0, y, grid.width, y, "ink", 0.7))
    for row in rows:
        y = _place(marks, grid, row, y)
        marks.append(Line(0, y, grid.width, y, "grid", 0.4))
    sheet = Sheet(grid.width, y, marks)
    return sheet.drawing()


def _place(marks: list[Mark], grid: _Grid, row: _Row, top: float, *, foot: bool = False) -> float:
    """Add one row's marks, its lines at the top (a header's at the foot); give the row's lower edge."""
    size = grid.size
    bottom = top + row.height
    for (cell, lines), column, left, width in zip(
        row.cells, grid.columns, grid.lefts, grid.widths, strict=True
    ):
        start = bottom - size * (_PADDING + _LEADING * len(lines)) if foot else top + size * _PADDING
        base = start + size * 0.98
        end = column.align == "end"
        if cell.state != "none":
            across = text_width(lines[0], size, cell.weight) if lines else 0.0
            at = left + (width - across - size * 0.8 if end else size * 0.4)
            shape = state_mark(cell.state, at, base - size * 0.36, size * 0.85)
            marks += [shape] if shape else []
        x = left + (width if end else size * 1.2 if cell.state != "none" else 0)
        for index, line in enumerate(lines):
            y = base + index * size * _LEADING
            marks.append(Text(x, y, line, size, column.align, cell.weight, cell.role))
    return bottom


@dataclass(frozen=True, slots=True)
class Bulk:
    """Very many rows of plain words, in order: what is wide takes more lines, nothing is measured twice.

    Unlike `Table` it has no state shapes and no weights; ten thousand rows are laid out in a second.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    size: float = 7.0

    def pieces(self, width: float, first: float, whole: float) -> Iterator[Drawing]:
        """Give the table in pieces with the header on each, at most `first` and then `whole` points high."""
        grid = _Grid.of(Table(self.columns, (), self.size), width)
        head = _Row.of([Cell(column.title, 600, "muted") for column in self.columns], grid, heading=True)
        pitch = self.size * (_LEADING + 2 * _PADDING * 0.6)
        known: dict[tuple[int, str], list[str]] = {}
        marks, y = self._begin(grid, head)
        room = first
        for row in self.rows:
            lines = [self._lines(grid, known, place, text) for place, text in enumerate(row)]
            tall = pitch + self.size * _LEADING * (max(map(len, lines), default=1) - 1)
            if y + tall > room and y > head.height:
                yield Drawing(width, y, tuple(marks))
                marks, y = self._begin(grid, head)
                room = whole
            base = y + self.size * (_PADDING * 0.6 + 0.98)
            for place, said in enumerate(lines):
                end = self.columns[place].align == "end"
                x = grid.lefts[place] + (grid.widths[place] if end else 0.0)
                for number, line in enumerate(said):
                    at = base + number * self.size * _LEADING
                    marks.append(Text(x, at, line, self.size, "end" if end else "start"))
            y += tall
            marks.append(Line(0, y, width, y, "grid", 0.4))
        yield Drawing(width, y, tuple(marks))

    def _begin(self, grid: _Grid, head: _Row) -> tuple[list[Mark], float]:
        marks: list[Mark] = []
        y = _place(marks, grid, head, 0.0, foot=True)
        marks.append(Line(0, y, grid.width, y, "ink", 0.7))
        return marks, y

    def _lines(
        self, grid: _Grid, known: dict[tuple[int, str], list[str]], place: int, text: str
    ) -> list[str]:
        """Break a cell; the same figure in the same column is broken once."""
        found = known.get((place, text))
        if found is None:
            found = known[place, text] = wrap(text, self.size, grid.widths[place], max_lines=4) or [""]
        return found
