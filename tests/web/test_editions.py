"""A month is closed on pages: drafted with what rules propose, released, downloaded, and corrected later."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from markupsafe import escape
from pypdf import PdfReader

from checker.actions.branch_entry import tidy
from checker.actions.edition_entry import LONGEST_FOREWORD
from checker.reports.text import drawable
from checker.standards.answers import clean_text
from checker.store import trail
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, Clock, signed_in_as
from tests.conftest import NOW
from tests.making_store import POOR
from tests.test_hostile_text import PAYLOADS, legible, on_paper, tight
from tests.web.sent import aim, send, words

NOVEMBER = NOW.replace(month=11, day=3)
DECISIONS = {
    "what_1": "Someone stands at the door.",
    "measured_by_1": "share greeted in time",
    "owner_1": "Branch managers",
    "due_on_1": "2026-11-20",
}


@pytest.fixture
def closing(store: Store, clock: Clock) -> Store:
    """October with visits at every branch, on the third of November."""
    aim(store, "compliance", 850_000)
    aim(store, "smile", 900_000)
    send(store, 6)
    send(store, 8, branch="B003", answers=POOR)
    clock.pass_by(days=(NOVEMBER - NOW).days)
    return store


def begin(browser: Browser, scope: str = "network", month: str = "2026-10") -> str:
    """The address of a new draft."""
    data = {"month": month, "scope": scope, "series": "shop-mystery_shopping"}
    answer = browser.post("/reports/editions", data=data)
    assert answer.status_code == 303, words(answer.text)
    return str(answer.location)


def close(browser: Browser, scope: str = "network", **more: object) -> str:
    """The address of a released edition."""
    path = begin(browser, scope)
    data = {"do": "release", "changes": "0", "foreword": "We opened early.", "languages": ["en"]}
    answer = browser.post(path, data={**data, **DECISIONS, **more})
    assert answer.status_code == 303, words(answer.text)
    return path


def pdf_words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_a_draft_proposes_what_the_figures_ask_for(closing: Store, as_lee: Browser):
    page = as_lee.get(begin(as_lee)).text
    assert "Whole network, October 2026" in words(page)
    proposed = re.findall(r'<textarea[^>]*name="what_\d"[^>]*>\s*([^<]*)</textarea>', page)
    assert len(proposed) == 3 and proposed[0]
    assert re.search(r'name="owner_1"[^>]*value=""', page)


def test_a_branch_draft_proposes_its_own_standards(closing: Store, as_bo: Browser):
    page = as_bo.get(begin(as_bo, "branch:B003")).text
    assert "Agree what is done about “The employee smiled”." in words(page)


def test_a_draft_is_saved_and_looked_at(closing: Store, as_lee: Browser):
    path = begin(as_lee)
    answer = as_lee.post(path, data={"do": "save", "changes": "0", "foreword": "Hello.", **DECISIONS})
    assert answer.status_code == 303
    page = as_lee.get(path).text
    assert "The draft is saved." in page and "Hello." in page and 'value="2026-11-20"' in page
    said = pdf_words(as_lee.get(f"{path}/preview/leadership/en.pdf").data)
    assert "Hello." in said and "Someone stands at the door." in said
    assert "Draft of edition 1, not released." in said


def test_what_was_typed_stays_beside_its_faults(closing: Store, as_lee: Browser):
    path = begin(as_lee)
    typed = {"do": "release", "changes": "0", "foreword": "Kept <b>words</b>", "what_1": "Do it"}
    answer = as_lee.post(path, data={**typed, "due_on_1": "yesterday", "languages": "en"})
    assert answer.status_code == 422
    assert "“yesterday” is no date." in answer.text and "Kept &lt;b&gt;words&lt;/b&gt;" in answer.text
    answer = as_lee.post(path, data={**typed, "due_on_1": "2026-11-20", "languages": "en"})
    assert answer.status_code == 422
    assert "Say who sees to it" in answer.text and "Do it" in answer.text
    answer = as_lee.post(path, data={**typed, **DECISIONS})
    assert answer.status_code == 422 and "Choose at least one language." in answer.text
    assert "Kept" not in as_lee.get(path).text, "it said that nothing was stored"


def test_another_one_changed_the_draft_meanwhile(closing: Store, as_lee: Browser, as_ada: Browser):
    path = begin(as_lee)
    assert as_ada.post(path, data={"do": "save", "changes": "0", "foreword": "Ada’s"}).status_code == 303
    answer = as_lee.post(path, data={"do": "save", "changes": "0", "foreword": "Lee’s"})
    assert answer.status_code == 409
    assert "Somebody changed this draft meanwhile." in answer.text and "Lee’s" in answer.text
    assert as_lee.post(path, data={"do": "save", "changes": "1", "foreword": "Lee’s"}).status_code == 303


def test_a_month_is_closed_and_its_file_stays(closing: Store, as_lee: Browser, clock: Clock):
    path = close(as_lee)
    page = as_lee.get(path).text
    said = words(page)
    assert "edition 1 · released on 3 Nov 2026 · Lee Lake" in said
    assert "Nothing: today’s figures are those that were sent." in said
    file = as_lee.get(f"{path}/files/leadership/en.pdf")
    assert file.mimetype == "application/pdf"
    assert "network-2026-10-shop-edition-1-en.pdf" in file.headers["Content-Disposition"]
    assert sha256(file.data).hexdigest()[:16] in page
    assert "We opened early." in pdf_words(file.data)
    again = as_lee.get(f"{path}/again/leadership/en.pdf")
    assert again.data == file.data and again.headers["Checker-Redrawn"] == "same"
    listed = words(as_lee.get("/reports/editions").text)
    assert "October 2026 Whole network" in listed and "released on 3 Nov 2026" in listed
    assert trail.newest(closing, 1)[0]["act"] == "edition.release"


def test_late_visits_are_stated_and_the_next_edition_begun(closing: Store, as_lee: Browser, clock: Clock):
    path = close(as_lee)
    sent = as_lee.get(f"{path}/files/leadership/en.pdf").data
    clock.pass_by(minutes=9)
    send(closing, 1, answers=POOR, received=NOVEMBER + timedelta(minutes=5))
    said = words(as_lee.get(path).text)
    assert "Since edition 1 for October 2026 was released on 3 Nov 2026: 1 visit arrived." in said
    assert re.search(r"Compliance [\d.]+.% n.=.14 [\d.]+.% n.=.15", said)
    assert as_lee.get(f"{path}/files/leadership/en.pdf").data == sent
    second = begin(as_lee)
    assert second != path
    draft = as_lee.get(second).text
    assert "We opened early." in draft and 'value="2026-11-20"' in draft, "the words of the first are kept"
    preview = pdf_words(as_lee.get(f"{second}/preview/leadership/en.pdf").data)
    assert "Since edition 1 for October 2026 was released on 3 Nov 2026: 1 visit arrived." in preview


def test_a_report_of_today_carries_the_words_of_the_edition(closing: Store, as_lee: Browser):
    close(as_lee)
    data = {"month": "2026-10", "scope": "network", "series": "shop-mystery_shopping", "language": "en"}
    said = pdf_words(as_lee.post("/reports", data={**data, "audience": "leadership"}).data)
    assert "We opened early." in said and "Someone stands at the door." in said


def test_a_language_is_added(closing: Store, as_lee: Browser):
    path = close(as_lee)
    assert as_lee.get(f"{path}/files/leadership/fi.pdf").status_code == 404
    assert as_lee.post(f"{path}/files", data={"language": "fi"}).status_code == 303
    assert "lokakuu 2026" in pdf_words(as_lee.get(f"{path}/files/leadership/fi.pdf").data).lower()


def test_each_reader_gets_their_copy_of_a_branch(closing: Store, as_bo: Browser, as_lee: Browser):
    path = close(as_bo, "branch:B003")
    assert as_bo.get(f"{path}/files/manager/en.pdf").status_code == 200
    assert as_bo.get(f"{path}/files/leadership/en.pdf").status_code == 404
    assert as_lee.get(f"{path}/files/leadership/en.pdf").status_code == 200
    assert as_lee.get(f"{path}/files/manager/en.pdf").status_code == 404


def test_an_administrator_puts_names_right(closing: Store, as_ada: Browser):
    send(closing, 5, branch="B003", employees={"served_by": {"code": "E0003"}})
    path = close(as_ada, "branch:B003")
    name = closing.value("SELECT name FROM employee WHERE code = 'E0003'")
    assert name in pdf_words(as_ada.get(f"{path}/files/manager/en.pdf").data)
    answer = as_ada.post(f"{path}/redraw", follow_redirects=True)
    assert "Every file has the names of today." in answer.text
    with closing.write():
        closing.db.execute("UPDATE employee SET name = '' WHERE code = 'E0003'")
    answer = as_ada.post(f"{path}/redraw", follow_redirects=True)
    assert "1 file was drawn again." in answer.text
    assert "because a name was changed or erased" in answer.text
    assert name not in pdf_words(as_ada.get(f"{path}/files/manager/en.pdf").data)


def test_a_decision_is_planned_as_an_action(closing: Store, as_lee: Browser, as_mara: Browser):
    page = as_lee.get(close(as_lee)).text
    link = re.search(r'href="(/network/new-action[^"]+)"', page)
    assert link
    form = as_lee.get(unescape(link[1])).text
    assert "Someone stands at the door." in form and 'value="2026-11-20"' in form
    assert 'value="share greeted in time"' in form and 'value="Branch managers"' in form
    assert "/branches/B001/new-action" in as_mara.get(close(as_mara, "branch:B001")).text
    assert "new-action" not in as_lee.get(close(as_lee, "branch:B002")).text


def test_nobody_closes_a_month_that_runs(closing: Store, as_lee: Browser):
    page = as_lee.get("/reports/editions").text
    assert 'value="2026-10"' in page and 'value="2026-11"' not in page
    data = {"month": "2026-11", "scope": "network", "series": "shop-mystery_shopping"}
    answer = as_lee.post("/reports/editions", data=data)
    assert answer.status_code == 409 and "2026-11 is not over yet." in answer.text


def test_leadership_of_a_region_closes_that_region_alone(closing: Store, app: Flask, as_lee: Browser):
    reg = people.someone(closing, "reg@example.org", "Reg Rock", "leadership", regions=["R1"])
    browser = signed_in_as(app, reg)
    network, other = close(as_lee), close(as_lee, "region:R2")
    own = close(browser, "region:R1")
    listed = browser.get("/reports/editions").text
    assert own in listed and network not in listed and other not in listed


def test_who_manages_a_region_is_listed_no_edition_they_cannot_open(
    closing: Store, app: Flask, as_lee: Browser
):
    rob = people.someone(closing, "rob@example.org", "Rob Rock", "manager", regions=["R1"])
    browser = signed_in_as(app, rob)
    region, branch = close(as_lee, "region:R1"), close(as_lee, "branch:B001")
    listed = browser.get("/reports/editions").text
    assert region not in listed and branch in listed
    assert (browser.get(region).status_code, browser.get(branch).status_code) == (404, 200)


def test_without_visits_there_is_nothing_to_close(store: Store, as_lee: Browser):
    page = as_lee.get("/reports/editions").text
    assert "No month is closed yet." in page and "Begin the draft" not in page


@pytest.mark.parametrize("index", range(0, len(PAYLOADS), 3))
def test_hostile_words_are_shown_and_printed_as_they_were_typed(
    closing: Store, as_lee: Browser, tmp_path: Path, index: int
):
    path = begin(as_lee)
    typed = [clean_text(one)[:LONGEST_FOREWORD] for one in PAYLOADS[index : index + 3]]
    decisions = {
        f"{field}_{number}": tidy(said)[:120] if field == "owner" else said[:500]
        for number, said in enumerate(typed, start=1)
        for field in ("what", "measured_by", "owner")
    }
    data = {"do": "save", "changes": "0", "foreword": typed[0], **decisions}
    assert as_lee.post(path, data=data).status_code == 303
    page = as_lee.get(path)
    assert page.status_code == 200
    for said in typed:
        assert str(escape(said[:500])) in page.text
    said = on_paper(as_lee.get(f"{path}/preview/leadership/en.pdf").data, tmp_path)
    for number, one in enumerate(typed, start=1):
        if legible(one):
            # A word that is too long for its column goes on below, beside what stands in the next one.
            assert tight(drawable(one))[:12] in said, number
