"""Pages: what a report says flows down, is laid out first and drawn afterwards, always to the same bytes.

    report = Report(
        "Monthly report, October 2026", look=Look("Nordline"), period="October 2026", language="en",
        method="95 % Wilson intervals. 2,344 visits.", page_of=lambda page, pages: f"{page} of {pages}",
    )
    report.page("Network overview")                  # a new page, its name in the strip and the outline
    report.headline("Compliance rose to 82.4 %, still 2.6 points under target.")
    report.tiles([Tile("Compliance", "82.4 %", "+1.8 points", "n = 2,344", state="below")])
    report.section("Thirteen months", "Mean of visits, band = 95 % interval")
    report.chart(trend, height=150)
    report.beside([(left_chart, 2), (right_chart, 2)], height=120)        # columns of the grid of four
    report.table(Table((Column("Branch", 3), Column("n", 1, "end")), rows))
    with report.together():                          # nothing inside is parted by a page end
        report.section("Action plan")
        report.steps([Step("Ten-minute drill at opening", "Branch manager", "8 November")])
    report.text("Free text, as typed."); report.note("A small grey line.")
    content = report.render()

All lengths are points. Text of users may be handed in as typed: there is no markup anywhere.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from typing import Protocol

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from checker.charts.faces import register_fonts
from checker.charts.letters import FACES, clean, text_width, wrap
from checker.charts.model import Chart, Dot, Drawing, Line, Rect, Role, Sheet, State, Text, state_mark
from checker.charts.pdf import Placed, draw
from checker.reports.look import Look, Paper, tones
from checker.reports.tables import Bulk, Column, Table
from checker.reports.text import paragraph, set_lines

SIZES: dict[Paper, tuple[float, float]] = {"A4": (595.28, 841.89), "Letter": (612.0, 792.0)}
MARGIN = 42.0
GAP = 10.0
COLUMNS = 4
DEFAULT_LOOK = Look()
NOTE = 7.2
LEAD = 9.5
HEADLINE = 16.5

_BODY_TOP = 68.0
_BODY_FOOT = 62.0  # from the lower edge of the page
_LOGO = (120.0, 22.0)  # at most as wide and high
_LOGO_FOOT = 36.0  # its lower edge from the top of the page, above the words of the strip
_AFTER = 12.0  # below a block
_BULK = 120.0  # a heading, a header and some rows
_MOST_LINES = 40  # of a block that cannot be parted, so that any page holds it
_RULES: dict[State, Role] = {"above": "accent", "below": "warn", "open": "muted", "none": "grid"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the month: words repeat what the rule's colour says; a note may have several lines."""

    label: str
    figure: str
    change: str = ""
    note: str = ""
    state: State = "none"


@dataclass(frozen=True, slots=True)
class Step:
    """A numbered decision or action: what, who, by when."""

    text: str
    owner: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What a shopper wrote, and which visit it belongs to."""

    text: str
    source: str
    state: State = "none"


class Drawn(Protocol):
    """What knows how to draw itself: `draw(width)` gives the marks."""

    def draw(self, width: float) -> Drawing:
        """Give the marks inside `width` points, as high as it takes."""
        ...


@dataclass(slots=True)
class _Page:
    name: str
    placed: list[Placed] = field(default_factory=list)
    outline: list[tuple[str, int, float]] = field(default_factory=list)  # title, level, place from the top


@dataclass(frozen=True, slots=True)
class _Block:
    """A drawing or table waiting for its place; the gap `before` it is dropped at the top of a page."""

    content: Drawing | Table
    before: float
    after: float
    outline: str
    holds: bool  # a heading, which stays with what follows


class Report:
    """A PDF report being laid out from top to bottom.

    `period` is the visible month: the file itself carries no date, so that equal data gives equal bytes.
    `keywords` may hold the state of the data.
    """

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
        self.page_width, self.page_height = SIZES[look.paper]
        self.width = self.page_width - 2 * MARGIN
        self._page_of = page_of
        self._pages: list[_Page] = []
        self._part = ""  # named in the strip of the pages that follow
        self._y = _BODY_TOP
        self._after = 0.0
        self._held: list[_Block] = []
        self._group: list[_Block] | None = None

    @property
    def room(self) -> float:
        """Give the points left on the current page."""
        return self.page_height - _BODY_FOOT - self._y - self._after

    @property
    def full(self) -> float:
        """Give the points an empty page offers."""
        return self.page_height - _BODY_FOOT - _BODY_TOP

    def columns(self, span: int) -> float:
        """Give the width of `span` of the grid's four columns, gaps between them included."""
        one = (self.width - GAP * (COLUMNS - 1)) / COLUMNS
        return span * one + (span - 1) * GAP

    def page(self, name: str) -> None:
        """Begin a new page; its name stands in the strip above it and in the outline."""
        self._release()
        self._turn(name)
        self._pages[-1].outline.append((name, 0, 0.0))

    def turn(self, name: str, least: float) -> None:
        """Begin a part on a new page, unless `least` points are left on this one; pages that follow have its
        name in their strip.
        """
        if not self._pages or self.room < least:
            self.page(name)
            return
        self._release()
        self._part = name
        self._pages[-1].outline.append((name, 0, self._y + self._after))

    def subject(self, text: str) -> None:
        """Name what the report is about, above the headline."""
        self._put(paragraph(text, self.width, 10.0, 13.0, 600, "accent", max_lines=2), after=3.0)

    def headline(self, text: str) -> None:
        """Say the page's finding, in at most three lines."""
        self._put(paragraph(text, self.width, HEADLINE, 20.0, 760, max_lines=3), after=7.0)

    def lead(self, text: str) -> None:
        """Say what else there is to know first, under the headline, in at most five lines."""
        self._put(paragraph(text, self.width, LEAD, 13.5, max_lines=5), after=14.0)

    def section(self, title: str, note: str = "") -> None:
        """Head what follows; the heading stays with it."""
        heading = paragraph(title, self.width, 10.0, 13.0, 600, max_lines=2)
        under = paragraph(note, self.width, NOTE, 10.0, role="muted", max_lines=3)
        sheet = _stack(self.width, [heading, under])
        self._put(sheet, before=12.0, after=6.0, outline=title, holds=True)

    def head(self, title: str, note: str = "") -> float:
        """Give the points that the heading of a section takes, what is left free around it included."""
        lines = (
            len(wrap(title, 10.0, self.width, 600, 2)) * 13.0
            + len(wrap(note, NOTE, self.width, 400, 3)) * 10.0
        )
        return 12.0 + lines + 6.0

    def text(self, text: str, role: Role = "ink") -> None:
        """Set running text; a long one goes on over the page end."""
        self._running(text, 8.5, 12.0, role)

    def note(self, text: str, after: float = _AFTER) -> None:
        """Set a small grey note, `after` points before what follows."""
        self._running(text, NOTE, 10.0, "muted", after)

    def tiles(self, tiles: Sequence[Tile]) -> None:
        """Set up to four figures side by side over the width; more take further rows."""
        for start in range(0, len(tiles), COLUMNS):
            row = tiles[start : start + COLUMNS]
            one = self.columns(1) if len(tiles) > COLUMNS else (self.width + GAP) / len(row) - GAP
            words = [_tile_words(tile, one) for tile in row]
            tall = max(sum(part.height for part in parts) for parts in words) + 2 * _TILE_INSET
            drawings = [_tile(tile, parts, one, tall) for tile, parts in zip(row, words, strict=True)]
            after = GAP if len(tiles) > COLUMNS else _AFTER
            self._put(_row(self.width, drawings, one + GAP), before=0.0 if start else 14.0, after=after)

    def chart(
        self, chart: Chart, height: float = 0.0, text: float = 7.5, drawn: Drawing | None = None
    ) -> None:
        """Draw a chart over the full width; one that no page can hold is given as its table.

        `drawn` is the same chart drawn for this width already, where its height had to be known.
        """
        drawing = drawn or chart.draw(self.width, height, text)
        if drawing.height <= self.full:
            self._put(drawing)
            return
        header, rows = chart.table()
        columns = tuple(Column(title, 2.0 if not index else 1.0) for index, title in enumerate(header))
        self.table(Table(columns, rows))

    def beside(self, charts: Sequence[tuple[Chart, int]], height: float = 0.0, text: float = 7.5) -> None:
        """Draw charts side by side, each as wide as its number of grid columns, its title above it."""
        parts: list[tuple[float, Drawing]] = []
        x = 0.0
        for chart, span in charts:
            width = self.columns(span)
            drawing = chart.draw(width, height, text)
            title = paragraph(drawing.title, width, 8.0, 11.0, 600, max_lines=2)
            parts.append((x, _stack(width, [title, drawing], 4.0)))
            x += width + GAP
        self._put(_join(self.width, parts))

    def table(self, table: Table, across: int = 1) -> None:
        """Set a table; its header is repeated on every page it takes. Short rows stand `across` in a line."""
        self._put(table if across == 1 else table.side_by_side(across))

    def bulk(self, table: Bulk) -> None:
        """Set a table of very many rows; its header is repeated on every page it takes."""
        if not self._pages or self.room < _BULK:
            self._turn(self._part or self.title)
        self._release()
        for index, piece in enumerate(table.pieces(self.width, self.room, self.full)):
            if index:
                self._turn(self._part)
            self._lay(piece, self._after, "")
        self._after = _AFTER

    def steps(self, steps: Sequence[Step]) -> None:
        """Set numbered decisions with owner and date."""
        for index, step in enumerate(steps, start=1):
            self._put(_step(index, step, self.width), after=4.0 if index < len(steps) else _AFTER)

    def quotes(self, quotes: Sequence[Quote], across: int = 3) -> None:
        """Set quotations side by side, each beside a rule of its state's colour."""
        width = (self.width - GAP * (across - 1)) / across
        for start in range(0, len(quotes), across):
            drawings = [_quote(quote, width) for quote in quotes[start : start + across]]
            self._put(_row(self.width, drawings, width + GAP))

    def draw(self, block: Drawing | Drawn, after: float = _AFTER) -> None:
        """Place any drawing at the left margin, `after` points before what follows."""
        self._put(block if isinstance(block, Drawing) else block.draw(self.width), after=after)

    def space(self, points: float) -> None:
        """Leave a gap; at the top of a page there is none."""
        self._put(Drawing(self.width, 0.0, ()), after=points)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep everything set inside on one page, unless it is longer than a page."""
        if self._group is not None:
            yield
            return
        group: list[_Block] = []
        self._group = group
        try:
            yield
        finally:
            self._group = None
        held, self._held = self._held, []
        self._settle([*held, *group], whole=True)

    def render(self) -> bytes:
        """Give the finished PDF."""
        register_fonts()
        self._release()
        if not self._pages:
            self._turn(self.title)
        target = BytesIO()
        canvas = Canvas(
            target,
            pagesize=(self.page_width, self.page_height),
            pageCompression=1,
            invariant=1,
            initialFontName=FACES[400],
            initialFontSize=8.5,
            lang=self.language,
        )
        canvas.setTitle(clean(self.title))
        canvas.setAuthor(clean(self.look.organisation))
        canvas.setSubject(clean(self.period))
        canvas.setKeywords(clean(self.keywords))
        canvas.setCreator("Checker")
        canvas.setProducer("Checker")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        colours = tones(self.look.accent)
        logo = ImageReader(BytesIO(self.look.logo)) if self.look.logo else None
        for number, page in enumerate(self._pages, start=1):
            frame = self._frame(page.name, self._page_of(number, len(self._pages)))
            self._mark_outline(canvas, page, number)
            draw(canvas, [Placed(0.0, 0.0, frame), *page.placed], self.page_height, colours)
            if logo:
                self._draw_logo(canvas, logo)
            canvas.showPage()
        canvas.save()
        return target.getvalue()

    def _draw_logo(self, canvas: Canvas, logo: ImageReader) -> None:
        """Set the logo above the strip's right end, its proportions kept; the file holds it once."""
        across, down = logo.getSize()
        by = min(_LOGO[0] / across, _LOGO[1] / down)
        width, height = across * by, down * by
        canvas.drawImage(logo, self.page_width - MARGIN - width, self.page_height - _LOGO_FOOT, width, height)

    def _mark_outline(self, canvas: Canvas, page: _Page, number: int) -> None:
        for index, (title, level, y) in enumerate(page.outline):
            key = f"p{number}-{index}"
            canvas.bookmarkHorizontalAbsolute(key, self.page_height - max(y - 8, 0))
            canvas.addOutlineEntry(clean(title), key, level)

    def _frame(self, name: str, page_of: str) -> Drawing:
        """Give the strip above and the lines below the page."""
        sheet = Sheet(self.page_width, self.page_height)
        left, right = MARGIN, self.page_width - MARGIN
        half = self.width * 0.6
        room = half - text_width(f" | {self.period}", 7.0)  # a long name is cut, the month never
        name_of = wrap(self.look.organisation, 7.0, room, max_lines=1)
        strip = [" | ".join([*name_of, *([self.period] if self.period else [])])]
        section = wrap(name.upper(), 7.0, self.width - half - GAP, 600, max_lines=1)
        sheet.add(*(Text(left, 46.0, line, 7.0, weight=600, role="muted") for line in section))
        sheet.add(*(Text(right, 46.0, line, 7.0, "end", role="muted") for line in strip))
        sheet.add(Line(left, 52.0, right, 52.0, "ink", 0.8))
        foot = self.page_height - 46.0
        room = self.width - text_width(page_of, 7.0, 600) - 2 * GAP
        sheet.add(Line(left, foot, right, foot, "grid", 0.5))
        for index, line in enumerate(wrap(self.method, 7.0, room, max_lines=2)):
            sheet.add(Text(left, foot + 10.0 + 9.0 * index, line, 7.0, role="muted"))
        sheet.add(Text(right, foot + 10.0, page_of, 7.0, "end", 600, "muted"))
        return sheet.drawing()

    def _running(self, text: str, size: float, leading: float, role: Role, after: float = _AFTER) -> None:
        lines = wrap(text, size, self.width)
        if len(lines) * leading <= max(self.room, 8 * leading):
            self._put(set_lines(lines, self.width, size, leading, role=role), after=after)
            return
        for index, line in enumerate(lines, start=1):
            piece = set_lines([line], self.width, size, leading, role=role)
            self._put(piece, after=after if index == len(lines) else 0.0)

    def _put(
        self,
        content: Drawing | Table,
        *,
        before: float = 0.0,
        after: float = _AFTER,
        outline: str = "",
        holds: bool = False,
    ) -> None:
        block = _Block(content, before, after, outline, holds)
        if self._group is not None:
            self._group.append(block)
        elif holds:
            self._held.append(block)
        else:
            held, self._held = self._held, []
            self._settle([*held, block])

    def _release(self) -> None:
        """Place a heading that nothing followed."""
        held, self._held = self._held, []
        self._settle(held)

    def _settle(self, blocks: Sequence[_Block], *, whole: bool = False) -> None:
        """Place headings and what follows them; where `whole`, tables too must fit the page."""
        if not blocks:
            return
        if not self._pages:
            self._turn(self.title)
        gaps = sum(max(one.after, two.before) for one, two in pairwise(blocks))
        needed = gaps + sum(self._least(block, whole) for block in blocks)
        before = max(blocks[0].before - self._after, 0.0)  # the room left counts what is free already
        if needed + before > self.room and (needed <= self.full or not whole):
            self._turn(self._part)
        for block in blocks:
            self._place(block)

    def _least(self, block: _Block, whole: bool) -> float:
        """Give the points a block needs to begin: all of a drawing, a table's header and first two rows."""
        if isinstance(block.content, Drawing):
            return block.content.height
        return block.content.height(self.width, None if whole else 2)

    def _place(self, block: _Block) -> None:
        top = self._y == _BODY_TOP and not self._after
        gap = 0.0 if top else max(self._after, block.before)
        if isinstance(block.content, Drawing):
            if block.content.height > self.page_height - _BODY_FOOT - self._y - gap and not top:
                self._turn(self._part)
                gap = 0.0
            self._lay(block.content, gap, block.outline)
        else:
            room = self.page_height - _BODY_FOOT - self._y - gap
            for index, piece in enumerate(block.content.pieces(self.width, room, self.full)):
                if index:
                    self._turn(self._part)
                if piece.height:
                    self._lay(piece, gap if not index else 0.0, block.outline)
        self._after = block.after

    def _lay(self, drawing: Drawing, gap: float, outline: str) -> None:
        page = self._pages[-1]
        y = self._y + gap
        page.placed.append(Placed(MARGIN, y, drawing))
        if outline:
            page.outline.append((outline, 1 if self._has_top_entry() else 0, y))
        self._y = y + drawing.height
        self._after = 0.0

    def _has_top_entry(self) -> bool:
        return any(level == 0 for page in self._pages for _, level, _ in page.outline)

    def _turn(self, name: str) -> None:
        self._part = name
        self._pages.append(_Page(name))
        self._y = _BODY_TOP
        self._after = 0.0


def _join(width: float, parts: Sequence[tuple[float, Drawing]]) -> Drawing:
    """Give drawings side by side, each at its distance from the left."""
    marks = tuple(mark for x, part in parts for mark in part.moved(x, 0.0))
    return Drawing(width, max((part.height for _, part in parts), default=0.0), marks)


def _row(width: float, drawings: Sequence[Drawing], pitch: float) -> Drawing:
    return _join(width, [(index * pitch, drawing) for index, drawing in enumerate(drawings)])


def _stack(width: float, drawings: Sequence[Drawing], gap: float = 0.0) -> Drawing:
    """Give drawings one under another; one without height leaves no gap."""
    sheet = Sheet(width, 0.0)
    for drawing in drawings:
        if drawing.height:
            sheet.height += gap if sheet.height else 0.0
            sheet.add(*drawing.moved(0.0, sheet.height))
            sheet.height += drawing.height
    return sheet.drawing()


_TILE_INSET = 8.0


def _tile_words(tile: Tile, width: float) -> list[Drawing]:
    inner = width - 2 * _TILE_INSET
    figure = next(
        (size for size in (17.0, 15.0, 13.0, 11.0) if text_width(tile.figure, size, 760) <= inner), 9.0
    )
    indent = 9.0 if tile.state != "none" and tile.change else 0.0
    return [
        paragraph(tile.label, inner, 7.5, 10.0, role="muted", max_lines=2),
        paragraph(tile.figure, inner, figure, 22.0, 760, max_lines=1),
        paragraph(tile.change, inner - indent, 7.5, 10.0, 600, max_lines=2),
        *(paragraph(line, inner, 7.0, 9.5, role="muted", max_lines=5) for line in tile.note.split("\n")),
    ]


def _tile(tile: Tile, words: Sequence[Drawing], width: float, height: float) -> Drawing:
    """Give a tile: the shape of its state stands before the words of the change."""
    sheet = Sheet(width, height)
    sheet.add(Rect(0, 0, width, height, "wash"), Rect(0, 0, width, 2.0, _RULES[tile.state]))
    y = _TILE_INSET
    for index, part in enumerate(words):
        indent = 0.0
        if index == 2 and part.height:
            shape = state_mark(tile.state, _TILE_INSET + 3.0, y + 5.0, 6.0)
            if shape:
                sheet.add(shape)
                indent = 9.0
        sheet.add(*part.moved(_TILE_INSET + indent, y))
        y += part.height
    return sheet.drawing()


def _step(number: int, step: Step, width: float) -> Drawing:
    words = paragraph(step.text, width * 0.64, 8.5, 12.0, max_lines=_MOST_LINES)
    owner = paragraph(step.owner, width * 0.17, 7.5, 12.0, 600, anchor="end", max_lines=2)
    due = paragraph(step.due, width * 0.13, 7.5, 12.0, role="muted", anchor="end", max_lines=2)
    sheet = Sheet(width, max(words.height, owner.height, due.height, 12.0) + 2.0)
    sheet.add(Dot(6.0, 6.0, 5.5, "ink"), Text(6.0, 8.6, str(number), 7.2, "middle", 600, "paper"))
    sheet.add(*words.moved(20.0, 0.0))
    sheet.add(*owner.moved(width * 0.69, 0.0), *due.moved(width * 0.87, 0.0))
    return sheet.drawing()


def _quote(quote: Quote, width: float) -> Drawing:
    words = paragraph(quote.text, width - 8.0, 8.0, 11.0, max_lines=_MOST_LINES)
    indent = 9.0 if quote.state != "none" else 0.0
    source = paragraph(quote.source, width - 8.0 - indent, 7.0, 10.0, 600, "muted", max_lines=4)
    body = _stack(width, [words, Drawing(width, source.height, tuple(source.moved(indent, 0.0)))], 5.0)
    shape = state_mark(quote.state, 11.0, body.height - source.height + 5.0, 5.5)
    rule = Rect(0.0, 0.0, 1.6, body.height, _RULES[quote.state])
    return Drawing(width, body.height, (rule, *([shape] if shape else []), *body.moved(8.0, 0.0)))
