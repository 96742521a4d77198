"""The same marks reach paper and screen, and the SVG is safe under a strict content security policy."""

import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from checker.charts import pdf, svg
from checker.charts.faces import register_fonts
from checker.charts.letters import FACES
from checker.charts.model import Drawing, Rect, Text
from tests.charts.cast import dots, every_chart, trend

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    '<img src="/etc/passwd">',
    "3 < 5 & 7 > 2",
    "</b><i>unclosed",
    "A" * 80,
    "\u202egnol\u2066 evil",
    "nul\x00byte",
    "smile 🙂",
    "]]> --> <!-- {{ 7*7 }} %s",
    "",
)


def on_paper(drawing: Drawing) -> str:
    register_fonts()
    target = BytesIO()
    canvas = Canvas(target, pagesize=(drawing.width, drawing.height), invariant=1, initialFontName=FACES[400])
    pdf.draw(canvas, [pdf.Placed(0, 0, drawing)], drawing.height)
    canvas.showPage()
    canvas.save()
    return PdfReader(target).pages[0].extract_text()


@pytest.mark.parametrize("kind", every_chart())
@pytest.mark.parametrize("width", [320, 720])
def test_every_chart_is_well_formed_and_has_no_style_or_script(kind: str, width: float) -> None:
    markup = svg.render(every_chart()[kind].draw(width, 260, 13))
    root = ElementTree.fromstring(markup)  # noqa: S314 - our own markup
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title" and root[0].text
    assert root[1].tag == f"{SVG}desc" and root[1].text
    assert root.get("aria-labelledby") == root[0].get("id")
    for element in root.iter():
        assert element.tag not in {f"{SVG}style", f"{SVG}script"}
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("kind", every_chart())
def test_colours_are_variables_of_the_page(kind: str) -> None:
    markup = svg.render(every_chart()[kind].draw(600, 260))
    paints = re.findall(r'(?:fill|stroke)="([^"]+)"', markup)
    assert paints
    assert all(paint == "none" or re.fullmatch(r"var\(--[a-z-]+,#[0-9A-F]{6}\)", paint) for paint in paints)


@pytest.mark.parametrize("kind", every_chart())
def test_both_back_ends_show_the_same_words(kind: str) -> None:
    drawing = every_chart()[kind].draw(500, 240)
    words = sorted(mark.text for mark in drawing.marks if isinstance(mark, Text) and mark.text)
    root = ElementTree.fromstring(svg.render(drawing))  # noqa: S314 - our own markup
    assert sorted(found.text or "" for found in root.iter(f"{SVG}text") if found.text) == words
    shown = on_paper(drawing)
    assert all(word in shown for word in words)


@pytest.mark.parametrize("kind", every_chart())
@pytest.mark.parametrize("width", [300, 720])
def test_words_stay_inside_the_drawing(kind: str, width: float) -> None:
    from checker.charts.letters import text_width

    drawing = every_chart()[kind].draw(width, 260, 11)
    for mark in drawing.marks:
        if isinstance(mark, Text):
            wide = text_width(mark.text, mark.size, mark.weight)
            left = mark.x - {"start": 0, "middle": wide / 2, "end": wide}[mark.anchor]
            assert left >= -2 and left + wide <= width + 2, mark
            assert 0 <= mark.y <= drawing.height, mark


@pytest.mark.parametrize("kind", every_chart())
def test_every_chart_has_its_figures_as_a_table(kind: str) -> None:
    header, rows = every_chart()[kind].table()
    assert rows
    assert all(len(row) == len(header) for row in rows)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_only_words(text: str) -> None:
    chart = dots(text)
    root = ElementTree.fromstring(svg.render(chart.draw(600)))  # noqa: S314 - our own markup
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "g", "text", "line", "rect", "circle", "polygon")
    }
    on_paper(chart.draw(600))


@settings(max_examples=60)
@given(st.text())
def test_any_title_gives_well_formed_markup(text: str) -> None:
    ElementTree.fromstring(svg.render(Drawing(10, 10, (Text(0, 0, text),), text, text)))  # noqa: S314


@given(st.lists(st.none() | st.floats(0, 1), min_size=13, max_size=13))
def test_a_trend_of_any_months_can_be_drawn(scores: list[float | None]) -> None:
    drawing = trend(scores=tuple(scores)).draw(500, 150)
    assert all(0 <= x <= 500 and -9 <= y <= 150 for x, y in _points(drawing))


def test_months_without_a_figure_are_gaps() -> None:
    lines = [mark for mark in trend().draw(500, 150).marks if type(mark).__name__ == "Polyline"]
    assert [len(line.points) for line in lines if line.role == "accent"] == [3, 2, 4]


def test_a_cut_scale_says_so_and_a_whole_one_does_not() -> None:
    cut = [mark.text for mark in trend().draw(500, 150).marks if isinstance(mark, Text)]
    whole = [
        mark.text for mark in trend(scores=(0.0, *(0.9,) * 12)).draw(500, 150).marks if isinstance(mark, Text)
    ]
    assert "The scale does not begin at 0." in cut
    assert "The scale does not begin at 0." not in whole


def test_state_is_a_shape_and_a_word() -> None:
    drawing = dots().draw(500)
    shapes = [type(mark).__name__ for mark in drawing.marks]
    words = [mark.text for mark in drawing.marks if isinstance(mark, Text)]
    assert shapes.count("Triangle") == 2 and "Ring" in shapes
    assert {"below target", "above target", "not decided", "too few to compare"} <= set(words)


def test_never_is_hollow_and_apart() -> None:
    bars = [mark for mark in every_chart()["histogram"].draw(500, 150).marks if isinstance(mark, Rect)]
    assert [bar.outline for bar in bars] == [False] * 9 + [True]
    assert bars[-1].x > bars[-2].x + 1.2 * bars[-2].width


def _points(drawing: Drawing) -> list[tuple[float, float]]:
    return [
        point
        for mark in drawing.marks
        if type(mark).__name__ in ("Polyline", "Band")
        for point in mark.points
    ]
