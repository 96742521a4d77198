"""What is written with the fonts of common letters: all that we say ourselves, and it reads as typed."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from checker.charts import pdf
from checker.charts.faces import COMMON, common, register_fonts, said
from checker.charts.letters import FACES, Weight, drawable, text_width
from checker.charts.model import Drawing, Text
from checker.words import TRANSLATIONS, words_for

CHECKLISTS = Path(__file__).parents[2] / "checklists"
RARE = "Ğüneş Čapek wrote ½ of «it» ↑"


def written(*lines: str) -> bytes:
    register_fonts()
    texts = [(line, weight) for line in lines for weight in FACES]
    marks = tuple(
        Text(20, 20 + 15 * number, line, 8, "start", weight) for number, (line, weight) in enumerate(texts)
    )
    target = BytesIO()
    canvas = Canvas(target, pagesize=(900, 900), invariant=1, initialFontName=FACES[400])
    pdf.draw(canvas, [pdf.Placed(0, 0, Drawing(900, 900, marks))], 900)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def fonts_in(content: bytes) -> dict[str, Any]:
    resources: Any = PdfReader(BytesIO(content)).pages[0]["/Resources"]
    fonts = resources["/Font"]
    return {name: fonts[name].get_object() for name in fonts}


def test_every_common_letter_has_a_code_of_one_byte_and_a_glyph() -> None:
    assert len(set(COMMON)) == len(COMMON) <= 95 + 128
    assert drawable(COMMON) == COMMON


@pytest.mark.parametrize("language", ["fi", "de", "pl", "ro"])
def test_all_we_say_is_written_with_common_letters(language: str) -> None:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        for text in (message.string,) if isinstance(message.string, str) else message.string or ():
            assert said(drawable(text)), text
    words = words_for(language)
    assert said(
        drawable(f"{words.number(1_234_567)} {words.percent(0.5)} {words.count(12)} {words.seconds(30)}")
    )


@pytest.mark.parametrize("path", sorted(CHECKLISTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_checklists_are_written_with_common_letters(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        assert said(drawable(line)), line


def test_common_letters_read_as_typed() -> None:
    shown = PdfReader(BytesIO(written(COMMON, r"(a\) \(b) \\101 )("))).pages[0].extract_text()
    assert COMMON.strip() in shown
    assert r"(a\) \(b) \\101 )(" in shown


def test_a_text_with_other_letters_reads_as_typed_too_and_in_its_place() -> None:
    shown = PdfReader(BytesIO(written("before", RARE, "after"))).pages[0].extract_text()
    assert shown.split("\n") == ["before"] * 3 + [RARE] * 3 + ["after"] * 3


def test_only_a_text_with_other_letters_brings_more_fonts() -> None:
    assert {font["/BaseFont"] for font in fonts_in(written(COMMON)).values()} == {
        f"/COMMON+{face}" for face in FACES.values()
    }
    assert len(fonts_in(written(COMMON, RARE))) == 2 * len(FACES)


@pytest.mark.parametrize("weight", FACES)
def test_common_letters_are_as_wide_as_they_are_measured(weight: Weight) -> None:
    font = fonts_in(written("a"))[f"/{common(weight)}"]
    assert font["/FirstChar"] == 32
    for sign, width in zip(COMMON[:95], font["/Widths"], strict=False):
        assert text_width(sign, 1000, weight) == pytest.approx(float(width), abs=0.51)


def test_the_same_letters_are_in_every_file() -> None:
    one, other = (fonts_in(written(text)) for text in ("one", "Żółć and another"))
    for name, font in one.items():
        files = [held["/FontDescriptor"]["/FontFile2"].get_data() for held in (font, other[name])]
        assert files[0] == files[1]
