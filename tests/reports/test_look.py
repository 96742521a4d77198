"""Reports in an organisation's look: its colour, logo and paper, and always the same bytes."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from checker.charts.model import TONES
from checker.pictures import logo_of
from checker.reports.blank_form import blank_form
from checker.reports.branch import branch_report
from checker.reports.look import Look, tones
from checker.reports.network import network_report
from checker.words import words_for
from tests.reports.making import branch, checklist, network
from tests.reports.reading import read

EN = words_for("en")
PURPLE = "#6A1B9A"


def logo() -> bytes:
    """A mark and some letters, with a see-through ground, as organisations have them."""
    image = Image.new("RGBA", (900, 240), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((20, 20, 220, 220), fill=(106, 27, 154, 255))
    pen.text((260, 40), "ACME", fill=(20, 20, 20, 255), font_size=160)
    written = BytesIO()
    image.save(written, "PNG")
    return logo_of(written.getvalue())


OWN = Look("Acme", logo(), PURPLE, "Letter")


@cache
def report(which: str, look: Look) -> bytes:
    if which == "network":
        return network_report(network(42), EN, look=look)
    if which == "branch":
        return branch_report(branch(12), EN, audience="manager", look=look)
    return blank_form(checklist(), EN, look=look)


def drawn_in(content: bytes, tone: str) -> bool:
    """Whether anything is drawn in this colour."""
    wanted = [int(tone[at : at + 2], 16) for at in (1, 3, 5)]
    drawn = " ".join(page.get_contents().get_data().decode("latin-1") for page in read(content).pages)
    return any(
        [round(float(part) * 255) for part in parts.split()] == wanted
        for parts in re.findall(r"((?:[\d.]+ ){3})(?:rg|RG)", drawn)
    )


@pytest.mark.parametrize("which", ["network", "branch", "form"])
def test_every_report_has_paper_logo_and_name(which: str):
    reader = read(report(which, OWN))
    assert {tuple(map(float, page.mediabox[2:])) for page in reader.pages} == {(612.0, 792.0)}
    assert all(len(page.images) == 1 for page in reader.pages)
    objects = {page["/Resources"]["/XObject"].raw_get(name).idnum for page in reader.pages
               for name in page["/Resources"]["/XObject"]}  # fmt: skip
    assert len(objects) == 1  # the file holds it once
    assert reader.metadata and reader.metadata.author == "Acme"


@pytest.mark.parametrize("which", ["network", "branch"])
def test_what_is_drawn_in_the_accent_follows_it(which: str):
    plain, own = report(which, Look("Acme")), report(which, OWN)
    assert drawn_in(plain, TONES["accent"])
    assert drawn_in(own, PURPLE)
    for role in ("accent", "range", "band"):
        assert not drawn_in(own, TONES[role]), role


def test_what_is_below_stays_orange():
    assert tones(PURPLE)["warn"] == TONES["warn"]
    assert drawn_in(report("network", OWN), TONES["warn"])


def test_the_same_look_gives_the_same_bytes():
    again = Look("Acme", logo(), PURPLE, "Letter")
    assert network_report(network(42), EN, look=again) == report("network", OWN)
    assert blank_form(checklist(), EN, look=again) == report("form", OWN)


def test_a_logo_costs_a_report_little():
    without = Look("Acme", None, PURPLE, "Letter")
    assert len(report("branch", OWN)) - len(report("branch", without)) < 16 * 1024


@pytest.mark.parametrize(("width", "height"), [(1, 400), (900, 1), (30, 30)])
def test_a_logo_of_any_shape_stays_above_the_strip(width: int, height: int):
    written = BytesIO()
    Image.new("RGB", (width, height), "navy").save(written, "PNG")
    content = blank_form(checklist(), EN, look=Look("Acme", logo_of(written.getvalue())))
    assert len(read(content).pages[0].images) == 1
