"""The organisation's look: decided on a page, seen in headers and on paper, never in a shop."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from checker.charts.model import TONES
from checker.colours import contrast
from checker.store.connection import Store
from checker.summaries.look import look
from checker.web.look import DARK, style_sheet
from tests.browsing import Browser
from tests.picturing import picture
from tests.web.administering import refused, values

PURPLE = "#6A1B9A"


def change(browser: Browser, **given: object) -> TestResponse:
    data = {"organisation": "Acme", "accent": "", "paper": "A4", **given}
    return browser.post("/admin/organisation", data=data, content_type="multipart/form-data")


def logo(width: int = 300, height: int = 80, kind: str = "PNG") -> tuple[BytesIO, str]:
    return BytesIO(picture(width, height, kind=kind, colour=(200, 30, 60))), "logo.png"


def links(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/look/[^"]+)"', page)


def test_name_colour_paper_and_logo_are_kept(as_ada: Browser, store: Store):
    assert change(as_ada, accent="6a1b9a", paper="Letter", logo=logo()).status_code == 303
    held = look(store)
    assert (held.organisation, held.accent, held.paper) == ("Acme", PURPLE, "Letter")
    shown = values(as_ada.get("/admin/programme").text)
    assert (shown["accent"], shown["paper"]) == (PURPLE, "Letter")
    with Image.open(BytesIO(held.logo or b"")) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (300, 80))


def test_a_logo_is_made_small_and_loses_what_is_hidden_in_it(as_ada: Browser, store: Store):
    secret = b"GPS 60.17 N"
    assert change(as_ada, logo=(BytesIO(picture(4000, 1000, kind="JPEG", comment=secret)), "x.jpg"))
    held = look(store).logo or b""
    assert secret not in held
    assert Image.open(BytesIO(held)).size == (480, 120)
    assert len(held) < 64 * 1024


def test_a_logo_stays_until_it_is_taken_away(as_ada: Browser, store: Store):
    change(as_ada, logo=logo())
    kept = look(store).logo
    change(as_ada, organisation="Other")
    assert look(store).logo == kept is not None
    change(as_ada, without_logo="y")
    assert look(store).logo is None


@pytest.mark.parametrize("given", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"\x89PNG\r\n"])
def test_what_is_no_picture_is_refused(as_ada: Browser, store: Store, given: bytes):
    answer = change(as_ada, organisation="Acme 2", logo=(BytesIO(given), "logo.png"))
    refused(answer, typed={"organisation": "Acme 2"}, saying="no picture that can be read")
    assert look(store).logo is None


@pytest.mark.parametrize(
    ("accent", "saying"),
    [("blue", "six digits"), ("#FFD700", "too pale to read on white: the contrast is 1.4 to 1")],
)
def test_a_colour_in_which_nobody_could_read_is_refused(
    as_ada: Browser, store: Store, accent: str, saying: str
):
    refused(change(as_ada, accent=accent), typed={"accent": accent, "organisation": "Acme"}, saying=saying)
    assert look(store).organisation == ""  # nothing of a form that is refused is stored


def test_the_least_contrast_is_that_of_text(as_ada: Browser, store: Store):
    assert change(as_ada, accent="#777777").status_code == 422  # 4.48, which rounds to 4.5
    assert change(as_ada, accent="#767676").status_code == 303


def test_a_paper_that_is_not_offered_is_refused(as_ada: Browser):
    assert change(as_ada, paper="A5").status_code == 422


# --- on pages -----------------------------------------------------------------------------------------------


def test_pages_carry_the_look(as_ada: Browser, as_lee: Browser, network: Store):
    assert links(as_ada.get("/admin/").text) == []
    change(as_ada, accent=PURPLE, logo=logo())
    page = as_lee.get("/network").text
    sheet, picture_ = links(page)
    assert f'<img src="{picture_}" alt="Acme">' in page
    held = as_lee.get(sheet)
    assert (held.status_code, held.mimetype) == (200, "text/css")
    assert f"--accent: {PURPLE};" in held.text
    assert "immutable" in held.headers["Cache-Control"]
    assert as_lee.get(picture_).mimetype == "image/png"


def test_a_shoppers_tablet_does_not_show_whose_it_is(as_ada: Browser, as_sam: Browser, network: Store):
    change(as_ada, accent=PURPLE, logo=logo())
    assert links(as_sam.get("/account").text) == []


def test_an_address_of_another_look_is_gone(as_ada: Browser):
    change(as_ada, accent=PURPLE, logo=logo())
    old = links(as_ada.get("/admin/").text)
    change(as_ada, accent="#00695C")
    assert [as_ada.get(path).status_code for path in old] == [404, 404]


@pytest.mark.parametrize("accent", [PURPLE, "#000000", "#767676", TONES["warn"], "#0000FF"])
def test_text_and_buttons_can_be_read_by_day_and_by_night(accent: str):
    day, night, paper = (
        dict(re.findall(r"--([\w-]+): (#\w{6});", rule)) for rule in style_sheet(accent).splitlines()
    )
    assert contrast(day["accent"], "#FFFFFF") >= 4.5
    assert contrast(day["accent"], day["on-accent"]) >= 4.5
    assert contrast(night["accent"], DARK) >= 4.5
    assert contrast(night["accent"], night["on-accent"]) >= 4.5
    assert contrast(night["accent-deep"], DARK) >= 4.5
    assert paper["accent"] == accent
