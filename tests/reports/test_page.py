"""Pages: what is typed comes out as typed, in our faces, on pages that break where they may, always alike."""

import os
import subprocess
import sys
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject
from reportlab.pdfbase import pdfmetrics

from checker.charts.faces import register_fonts
from checker.charts.letters import FACES, text_width
from checker.reports.look import Look
from checker.reports.page import SIZES, Quote, Report, Step, Tile
from checker.reports.tables import Cell, Column, Table
from tests.charts.cast import dots, every_chart, trend
from tests.reports.reading import pages, titles

HOSTILE = (
    '<img src="/etc/passwd">',
    '<a href="javascript:alert(1)">',
    "3 < 5 & 7 > 2",
    "</b><i>unclosed <font size=99999>",
    "(brackets) \\ and \\n",
)


def blank(size: str = "A4") -> Report:
    return Report(
        "Monthly report",
        look=Look("Nordline", paper=size),
        period="October 2026",
        language="en",
        method="95 % Wilson intervals.",
        page_of=lambda page, pages: f"{page} of {pages}",
    )


def full_report() -> Report:
    report = blank()
    report.page("Network overview")
    report.headline("Łódź, Brașov, Jyväskylä and Köln rose to 82.4 %.")
    report.tiles([Tile("Compliance", "82.4 %", "+1.8 points", "n = 40", "above"), Tile("Visits", "40")])
    for name, chart in every_chart().items():
        report.section(f"A {name}", "Share of visits")
        report.chart(chart, 170)
    report.beside([(trend(), 2), (dots(), 2)], 110)
    report.steps([Step("Second greeter", "Mara", "8 November")])
    report.quotes([Quote("“Nobody looked up.”", "week 42", "below")])
    report.table(table(60))
    return report


def table(rows: int) -> Table:
    columns = (Column("Branch", 3, wrap=True), Column("State", 2), Column("Score", 1, "end"))
    return Table(
        columns, [(f"Branch {n}", Cell("below target", state="below"), f"{n}.0") for n in range(rows)]
    )


def read(report: Report) -> PdfReader:
    return PdfReader(BytesIO(report.render()))


def words(report: Report) -> str:
    return "\n".join(page.extract_text() for page in read(report).pages)


def fonts_of(reader: PdfReader) -> set[str]:
    found = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object() if isinstance(font, IndirectObject) else font
            assert "/FontFile2" in font["/FontDescriptor"], "a face is not embedded"
            found.add(font["/BaseFont"].split("+")[-1])
    return found


def test_only_our_faces_are_used_and_all_are_embedded() -> None:
    assert fonts_of(read(full_report())) == set(FACES.values())


def test_widths_are_those_of_the_faces() -> None:
    register_fonts()
    for weight, face in FACES.items():
        text = "Żółć 82.4\u202f% ▲ Ștefan – “Größe”"
        assert text_width(text, 10, weight) == pytest.approx(pdfmetrics.stringWidth(text, face, 10), abs=0.05)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_person_typed_comes_out_as_typed(text: str) -> None:
    report = blank()
    report.page(text[:10])
    report.headline(text)
    report.section(text, text)
    report.text(text)
    report.tiles([Tile(text, text, text, text, "below")])
    report.table(Table((Column("Note", wrap=True),), [(text,)]))
    report.quotes([Quote(text, text)])
    report.steps([Step(text, text, text)])
    shown = words(report)
    assert shown.replace("\n", " ").count(text) >= 4


@pytest.mark.parametrize(
    "text",
    ["\u202eevil\u202c", "nul\x00byte", "🙂🙂", "Ж" * 80, "x" * 5000, "long words " * 900, "", " ", "\n\n"],
)
def test_any_text_builds(text: str) -> None:
    report = blank()
    report.page(text)
    report.headline(text)
    report.section(text)
    report.text(text)
    report.note(text)
    report.chart(dots(text))
    report.tiles([Tile(text, text, text, text)])
    report.quotes([Quote(text, text, "below")] * 4)
    report.steps([Step(text, text, text)])
    report.table(Table((Column(text, wrap=True), Column(text)), [(text, text)] * 3))
    inside_the_page(report)
    assert "\u202e" not in words(report) and "\x00" not in words(report)


def test_equal_content_gives_equal_bytes_in_another_process() -> None:
    program = "import sys; from tests.reports.test_page import full_report; " + (
        "sys.stdout.buffer.write(full_report().render())"
    )
    builds = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert builds[0] == builds[1] == full_report().render()


def test_the_file_says_what_it_is() -> None:
    reader = read(full_report())
    assert reader.metadata is not None
    assert reader.metadata.title == "Monthly report"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert bool(reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"])
    entry, below = reader.outline[:2]
    assert entry.title == "Network overview"
    assert [one.title for one in below][:2] == ["A trend", "A multiples"]


def test_every_page_says_which_of_how_many() -> None:
    pages = read(full_report()).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"{number} of {len(pages)}" in page.extract_text()


def test_a_long_table_repeats_its_header_and_loses_no_row() -> None:
    report = blank()
    report.table(table(150))
    texts = [page.extract_text() for page in read(report).pages]
    assert len(texts) > 2
    assert all("Score" in text for text in texts)
    shown = "\n".join(texts)
    assert all(f"Branch {n} below target {n}.0" in shown for n in range(150))


def test_a_heading_of_one_word_is_never_parted() -> None:
    report = blank()
    columns = (Column("Oddział", 6.0, wrap=True), *(Column("Doświadczenie", 1.0, "end") for _ in range(5)))
    report.table(Table(columns, [("Łódź", *["97.4 %"] * 5)]))
    (only,) = pages(report.render())
    assert only.count("Doświadczenie") == 5


def test_the_strip_has_the_month_however_long_the_name_is() -> None:
    report = Report(
        "Report",
        look=Look("Nordline Retail and all of its daughters " * 4),
        period="October 2026",
        language="en",
        method="",
        page_of=lambda page, pages: f"{page} of {pages}",
    )
    report.text("Nothing.")
    assert "… | October 2026" in pages(report.render())[0]


def test_the_last_row_of_a_table_never_stands_alone() -> None:
    for rows in range(30, 60):
        report = blank()
        report.page("Branches")
        report.table(table(rows))
        shown = [page.count("below target") for page in pages(report.render())]
        assert sum(shown) == rows
        assert shown[-1] != 1


def test_a_part_that_goes_on_is_in_the_outline_and_in_the_strip_of_the_next_page() -> None:
    report = blank()
    report.page("Standards")
    report.section("Every standard")
    report.table(table(5))
    report.turn("Signals", 120.0)
    report.section("To look into")
    report.table(table(60))
    content = report.render()
    assert titles(PdfReader(BytesIO(content))) == ["Standards", "Every standard", "Signals", "To look into"]
    first, second = pages(content)
    assert "STANDARDS" in first and "SIGNALS" not in first
    assert "SIGNALS" in second


def test_a_part_begins_a_page_where_less_is_left_than_it_needs() -> None:
    report = blank()
    report.page("Standards")
    report.table(table(30))
    report.turn("Signals", report.room + 1)
    report.text("Nothing to see.")
    assert [("SIGNALS" in page) for page in pages(report.render())] == [False, True]


def test_a_heading_stays_with_what_follows() -> None:
    report = blank()
    report.page("One")
    report.space(report.room - 40)
    report.section("The heading")
    report.table(table(5))
    first, second = (page.extract_text() for page in read(report).pages)
    assert "The heading" not in first
    assert "The heading" in second and "Branch 0" in second


def test_blocks_set_together_share_a_page() -> None:
    report = blank()
    report.page("One")
    report.space(report.room - 120)
    with report.together():
        report.section("Action plan")
        for number in range(8):
            report.text(f"Action {number}")
    first, second = (page.extract_text() for page in read(report).pages)
    assert "Action" not in first
    assert all(f"Action {number}" in second for number in range(8))


def test_more_than_a_page_set_together_goes_over_pages() -> None:
    report = blank()
    with report.together():
        report.table(table(120))
    shown = words(report)
    assert "Branch 0 below" in shown and "Branch 119 below" in shown


def test_long_text_goes_on_over_the_page_end() -> None:
    report = blank()
    report.page("Comments")
    report.text("word " * 3000)
    assert words(report).count("word") == 3000


def test_nothing_leaves_the_page() -> None:
    inside_the_page(full_report())


def inside_the_page(report: Report) -> None:
    report.render()
    for page in report._pages:
        for placed in page.placed:
            assert placed.y + placed.drawing.height <= report.page_height - 60
            assert placed.x + placed.drawing.width <= report.page_width - 41


@pytest.mark.parametrize("size", SIZES)
def test_both_paper_sizes(size: str) -> None:
    report = blank(size)
    report.text("Hello")
    box = read(report).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx(SIZES[size], abs=0.01)


def test_a_chart_too_tall_for_any_page_is_given_as_its_table() -> None:
    report = blank()
    report.page("Standards")
    report.chart(dots(), height=2000)
    assert "Reply within 20 s (online)" in words(report)


def test_an_empty_report_is_one_page() -> None:
    assert len(read(blank()).pages) == 1


def test_no_type_is_smaller_than_seven_points() -> None:
    report = full_report()
    report.render()
    sizes = {
        mark.size
        for page in report._pages
        for placed in page.placed
        for mark in placed.drawing.marks
        if hasattr(mark, "size")
    }
    assert min(sizes) >= 6.9
