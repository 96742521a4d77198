"""A report as a page says what its PDF says, to the same people, for everybody's eyes and ears."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from checker.reports.branch import Audience, branch_reading, branch_report
from checker.reports.network import network_reading, network_report
from checker.reports.reading import Reading
from checker.store.connection import Store
from checker.summaries.values import Decision, EditionText, Place
from checker.web.language import speak
from checker.web.leadership.reading import reading_page
from checker.words import words_for
from tests.browsing import Browser
from tests.making_store import GOOD
from tests.reports.making import branch, network, quotes, short_checklist
from tests.reports.test_plan_part import PLAN
from tests.web.sent import OCTOBER, send
from tests.web.test_editions import begin, close, closing
from tests.web.test_leadership import as_reg, fill

__all__ = ["as_reg", "closing"]

ASKED = {
    "month": OCTOBER,
    "scope": "network",
    "series": "shop-mystery_shopping",
    "language": "en",
    "audience": "leadership",
}
EDITION = EditionText(
    n=2,
    foreword="We opened early.\nThank you all.",
    decisions=(
        Decision("Open the second till at noon.", "Branch managers", date(2026, 11, 20), "Time waited"),
    ),
    released_on=date(2026, 11, 3),
)


def read(browser: Browser, **changes: str) -> Any:
    return browser.get("/reports/read", query_string={**ASKED, **changes})


# --- the same words ----------------------------------------------------------------------------------------

Both = tuple[bytes, Reading]


def of_network(language: str, branches: int = 42, **more: Any) -> Both:
    summary, words = replace(network(branches), plan=PLAN, **more), words_for(language)
    return network_report(summary, words), network_reading(summary, words)


def of_region(language: str) -> Both:
    return of_network(language, 5, scope=Place("R1", "North"))


def of_edition(language: str) -> Both:
    summary, words = network(8), words_for(language)
    return (
        network_report(summary, words, edition=EDITION),
        network_reading(summary, words, edition=EDITION),
    )


def of_branch(language: str, audience: Audience = "manager", **more: Any) -> Both:
    summary, words = replace(branch(), plan=PLAN, quotes=quotes(8), **more), words_for(language)
    return (
        branch_report(summary, words, audience=audience),
        branch_reading(summary, words, audience=audience),
    )


def of_leadership(language: str) -> Both:
    return of_branch(language, "leadership")


def of_meeting(language: str) -> Both:
    return of_branch(language, "meeting")


def of_few_visits(language: str) -> Both:
    summary, words = branch(1, of=short_checklist(), per_employee=(1,)), words_for(language)
    return (
        branch_report(summary, words, audience="manager"),
        branch_reading(summary, words, audience="manager"),
    )


EVERY = (of_network, of_region, of_edition, of_branch, of_leadership, of_meeting, of_few_visits)


WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
BLANK = 4.0
"""Points: what is further apart in a line belongs to another cell, tile or column."""


def said_on_paper(pdf: bytes) -> set[str]:
    """Every run of words in the PDF as a reader finds it: a line of a sentence, a cell, a label."""
    command = ["pdftotext", "-bbox", "-enc", "UTF-8", "-", "-"]
    drawn = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()  # noqa: S603
    found: set[str] = set()
    for page in drawn.split("<page"):
        words = [(*map(float, place), unescape(text)) for *place, text in WORD.findall(page)]
        words.sort(key=lambda word: (round(word[3]), word[0]))
        run, end, foot = "", 0.0, 0
        for left, _top, right, bottom, text in words:
            if round(bottom) == foot and 0 <= left - end < BLANK:
                run += f" {text}"
            else:
                found.add(run)
                run = text
            end, foot = right, round(bottom)
        found.add(run)
    return found


class Page(HTMLParser):
    """The words of a page's main part, its headings with their level, and its tables."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.idents: list[str] = []
        self.targets: list[str] = []
        self.bare_heads: list[str] = []
        self.captions: list[str] = []  # what tables and figures are called
        self._inside = False
        self._heading = 0
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self._inside |= tag == "main"
        self.idents += [held["id"]] if held.get("id") else []
        self.targets += [(held.get("href") or "")[1:]] if (held.get("href") or "").startswith("#") else []
        if tag in ("h1", "h2", "h3", "h4"):
            self._heading = int(tag[1])
            self.headings.append((self._heading, ""))
        self.captions += [str(held["aria-label"])] if held.get("role") == "group" else []
        if tag == "th" and held.get("scope") not in ("col", "row"):
            self.bare_heads.append(str(held))
        self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._heading = 0 if tag in ("h1", "h2", "h3", "h4") else self._heading

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.said.append(data)
        if self._heading:
            level, text = self.headings.pop()
            self.headings.append((level, text + data))

    @property
    def text(self) -> str:
        return " ".join("".join(self.said).split())


def page_of(app: Flask, reading: Reading, language: str = "en") -> Page:
    with app.test_request_context("/reports/read"):
        speak(language)
        return Page(reading_page(reading))


FURNITURE = re.compile(r"\d+ (of|von|z|din|/) \d+|[\d.,–−+ %s]*")  # noqa: RUF001
"""Page numbers and bare figures; those of scales are other ones where there is more room."""


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_word_of_the_pdf_is_on_the_page(app: Flask, make: Callable[[str], Both], language: str):
    pdf, reading = make(language)
    whole = page_of(app, reading, language).text
    strips = {part.name.upper() for part in reading.parts} | {reading.look.organisation}
    missing = [
        line
        for line in said_on_paper(pdf)
        if not FURNITURE.fullmatch(line) and line not in strips and line.removesuffix("…") not in whole
    ]
    assert missing == []


def test_the_page_has_room_for_what_paper_leaves_out(app: Flask):
    _, reading = of_network("en")
    whole = page_of(app, reading).text
    for summary_line in network(42).compared:
        assert summary_line.branch.name in whole


@pytest.mark.parametrize("make", EVERY)
def test_headings_go_down_by_steps_and_every_place_is_there_once(app: Flask, make: Callable[[str], Both]):
    _, reading = make("en")
    page = page_of(app, reading)
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert all(text.strip() for _, text in page.headings)
    assert len(set(page.idents)) == len(page.idents)
    assert set(page.targets) <= set(page.idents)
    assert page.bare_heads == []
    assert len(set(page.captions)) == len(page.captions)


# --- on the site -------------------------------------------------------------------------------------------


def test_beside_the_button_for_the_pdf_is_the_way_to_the_page(
    store: Store, as_lee: Browser, as_mara: Browser
):
    fill(store)
    for browser, path in ((as_lee, "/network"), (as_lee, "/regions/R1"), (as_mara, "/branches/B001")):
        found = re.search(r'href="(/reports/read\?[^"]+)">Read as a page', browser.get(path).text)
        assert found, path
        answer = browser.get(found[1].replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "style=" not in answer.text and "<script" not in answer.text


def test_the_form_of_reports_leads_to_the_page(store: Store, as_lee: Browser):
    fill(store)
    answer = as_lee.post("/reports", data={**ASKED, "scope": "region:R1", "do": "read"})
    assert answer.status_code == 303
    assert "Region report, October 2026" in as_lee.get(answer.location).text


def test_many_reports_are_not_one_page(store: Store, as_lee: Browser):
    fill(store)
    answer = as_lee.post("/reports", data={**ASKED, "scope": "branches", "do": "read"})
    assert answer.status_code == 422
    assert "Choose one place to read its report as a page." in answer.text
    assert read(as_lee, scope="branches").status_code == 404


def test_the_page_speaks_the_report_s_language(store: Store, as_lee: Browser):
    fill(store)
    assert '<html lang="fi">' in read(as_lee, language="fi").text
    assert '<html lang="en">' in as_lee.get("/reports").text


def test_the_pdf_is_a_button_away_and_is_the_same_report(store: Store, as_lee: Browser):
    fill(store)
    page = read(as_lee, scope="branch:B001").text
    form = page[page.index('action="/reports"') :]
    held = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    held.pop("csrf_token")
    assert held == {**ASKED, "scope": "branch:B001"}
    assert as_lee.post("/reports", data=held).mimetype == "application/pdf"


@pytest.mark.parametrize(
    "changes",
    [
        {"month": "abc"},
        {"month": "2027-01"},
        {"scope": "branch:B999"},
        {"scope": "all"},
        {"series": "none-mystery_shopping"},
        {"language": "xx"},
        {"audience": "manager", "scope": "branch:B001"},
    ],
)
def test_what_the_form_does_not_offer_is_not_there(store: Store, as_lee: Browser, changes: dict[str, str]):
    fill(store)
    answer = read(as_lee, **changes)
    assert answer.status_code == 404
    assert "There is no such report among those you may read." in answer.text


def test_a_stranger_s_place_is_not_there(store: Store, as_mara: Browser, as_reg: Browser):
    fill(store)
    assert read(as_mara, scope="branch:B001", audience="manager").status_code == 200
    for scope in ("branch:B003", "region:R1", "network"):
        assert read(as_mara, scope=scope, audience="manager").status_code == 404
    for scope in ("branch:B003", "region:R2", "network"):
        assert read(as_reg, scope=scope).status_code == 404


def test_leadership_s_page_has_codes_and_the_staff_room_s_nobody(
    store: Store, as_mara: Browser, as_lee: Browser
):
    fill(store)
    send(store, 6, employees={"served_by": {"code": "E0001"}})
    assert "Eve Alder" in read(as_mara, scope="branch:B001", audience="manager").text
    copy = read(as_lee, scope="branch:B001").text
    assert "E0001" in copy and "Eve Alder" not in copy
    sheet = read(as_lee, scope="branch:B001", audience="meeting").text
    for secret in ("Eve Alder", "E0001", "12 Oct", "Sam Shore"):
        assert secret not in sheet


def test_a_table_of_the_page_can_be_fetched(store: Store, as_lee: Browser):
    send(store, 6, answers=GOOD)
    page = read(as_lee).text
    name = re.search(r'id="table-(r\d+)" class="figures"', page)
    assert name
    table = read(as_lee, table=name[1], **{"as": "csv"})
    assert table.mimetype == "text/csv"
    assert table.data


# --- editions ----------------------------------------------------------------------------------------------


def test_a_draft_and_a_released_edition_are_read_as_pages(closing: Store, as_lee: Browser):
    draft = begin(as_lee, "region:R1")
    page = as_lee.get(f"{draft}/read/leadership/en").text
    assert "Draft of edition 1, not released." in page
    assert f'href="{draft}/preview/leadership/en.pdf"' in page
    released = close(as_lee)
    assert f"{released}/read/leadership/en" in as_lee.get(released).text
    page = as_lee.get(f"{released}/read/leadership/en").text
    assert "We opened early." in page
    assert "Edition 1, released on 3 Nov 2026." in page
    assert "Someone stands at the door." in page
    assert "Drawn again" not in page
    assert as_lee.get(f"{released}/read/leadership/fi").status_code == 404
    assert as_lee.get(f"{released}/read/manager/en").status_code == 404


def test_a_page_from_kept_figures_says_that_a_name_was_changed(closing: Store, as_ada: Browser):
    send(closing, 5, branch="B003", employees={"served_by": {"code": "E0003"}})
    released = close(as_ada, "branch:B003")
    page = as_ada.get(f"{released}/read/manager/en").text
    assert "Edda Cedar" in page and "Drawn again" not in page
    with closing.write():
        closing.db.execute("UPDATE employee SET name = 'Edda Cypress' WHERE code = 'E0003'")
    page = as_ada.get(f"{released}/read/manager/en").text
    assert "Edda Cypress" in page and "names were changed since it was sent" in page
