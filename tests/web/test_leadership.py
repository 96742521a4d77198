"""The network's and a region's month, and the reports."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from pypdf import PdfReader

from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, signed_in_as
from tests.conftest import NOW
from tests.making_store import GOOD, POOR, publish_desk
from tests.web.sent import OCTOBER, aim, send, words


@pytest.fixture
def as_reg(app: Flask, store: Store) -> Browser:
    """Reg's browser; he leads the region R1 alone."""
    return signed_in_as(
        app, people.someone(store, "reg@example.org", "Reg Rock", "leadership", regions=["R1"])
    )


def fill(store: Store) -> None:
    """B001 above, B002 not decided, B003 below 85 %; six visits each, one month."""
    aim(store, "compliance", 850_000)
    send(store, 5)
    send(store, 1, answers={**GOOD, "three_yes": 2})
    send(store, 3, branch="B002")
    send(store, 3, branch="B002", answers={**GOOD, "smile": "no"})
    send(store, 5, branch="B003", answers=POOR)
    send(store, 1, branch="B003", answers={**POOR, "three_yes": 1})


def band(page: str, state: str) -> str:
    """What a band says; "" when there is none."""
    start = page.find(f'<section class="band-group {state}"')
    return words(page[start : page.index("</section>", start)]) if start >= 0 else ""


def test_branches_stand_in_bands_and_are_not_ranked(store: Store, as_lee: Browser):
    fill(store)
    page = as_lee.get("/network").text
    assert "Harbour B001" in band(page, "above")
    assert "Station B002" in band(page, "open")
    assert "Old Town B003" in band(page, "below")
    assert "Above target, by the lower end of the interval" in band(page, "above")
    said = words(page)
    assert "1 above" in said
    assert "1 not decided" in said
    assert "1 below" in said
    assert not re.search(r"\brank(ed)? \d|#\d", said)


def test_few_visits_and_none_stand_apart(store: Store, as_lee: Browser):
    aim(store, "compliance", 850_000)
    send(store, 4)
    page = as_lee.get("/network").text
    assert "too few to compare" in band(page, "none")
    assert "2 branches without a counted visit" in words(page)
    assert band(page, "above") == band(page, "below") == ""


def test_without_a_target_no_branch_is_called_above_or_below(store: Store, as_lee: Browser):
    send(store, 6)
    page = as_lee.get("/network").text
    assert "No target is set; by name" in band(page, "open")
    assert "no target" in words(page)


def test_without_visits_the_page_says_so(as_lee: Browser):
    answer = as_lee.get("/network")
    assert answer.status_code == 200
    assert "Nobody has sent a visit yet." in answer.text


def test_a_month_without_visits_is_a_page_too(store: Store, as_lee: Browser):
    fill(store)
    answer = as_lee.get("/network?month=2026-03")
    assert answer.status_code == 200
    assert "No visit counts in this month." in words(answer.text)


@pytest.mark.parametrize(
    "query", ["month=abc", "month=2026-12", "month=2026-00", "checklist=none", "method=x"]
)
@pytest.mark.parametrize("path", ["/network", "/regions/R1"])
def test_what_cannot_be_shown_is_refused_in_words(store: Store, as_lee: Browser, path: str, query: str):
    fill(store)
    assert as_lee.get(f"{path}?{query}").status_code == 404


def test_leadership_of_the_network_sees_regions_and_the_way_back(store: Store, as_lee: Browser):
    fill(store)
    assert "/regions/R1?month=2026-10&amp;checklist=shop" in as_lee.get("/network").text
    page = as_lee.get("/regions/R1").text
    assert "North" in words(page)
    assert 'href="/network?month=2026-10&amp;checklist=shop"' in page
    assert "Old Town" not in page


def test_leadership_of_a_region_sees_that_region_alone(store: Store, as_reg: Browser):
    fill(store)
    answer = as_reg.get("/network")
    assert (answer.status_code, answer.location) == (303, "/regions/R1")
    page = as_reg.get("/regions/R1").text
    assert 'href="/network?' not in page
    assert as_reg.get("/regions/R2").status_code == 404
    assert as_reg.get("/branches/B003").status_code == 404


def test_leadership_of_several_regions_chooses(app: Flask, store: Store):
    both = people.someone(store, "bea@example.org", "Bea Both", "leadership", regions=["R1", "R2"])
    page = signed_in_as(app, both).get("/network").text
    assert 'href="/regions/R1"' in page
    assert 'href="/regions/R2"' in page


def test_leadership_of_branches_is_led_to_them(app: Flask, store: Store):
    one = people.someone(store, "una@example.org", "Una One", "leadership", branches=["B001"])
    assert signed_in_as(app, one).get("/network").location == "/branches"


@pytest.mark.parametrize("who", ["as_mara", "as_eve", "as_sam", "as_rea"])
def test_nobody_else_has_these_pages(request: pytest.FixtureRequest, store: Store, who: str):
    fill(store)
    browser: Browser = request.getfixturevalue(who)
    assert browser.get("/network").status_code == 404
    assert browser.get("/regions/R1").status_code == 404


@pytest.mark.parametrize("path", ["/regions/R9", "/regions/%00", "/regions/"])
def test_there_is_no_other_region(as_lee: Browser, path: str):
    assert as_lee.get(path).status_code == 404


def test_no_name_of_an_employee_or_shopper_is_on_these_pages(store: Store, as_lee: Browser):
    fill(store)
    send(store, 6, employees={"served_by": {"code": "E0001"}})
    for path in ("/network", "/regions/R1"):
        page = as_lee.get(path).text
        for name in ("Eve Alder", "E0001", "Sam Shore"):
            assert name not in page


def test_the_page_needs_no_code_inside_it_and_every_chart_has_its_table(store: Store, as_lee: Browser):
    fill(store)
    page = as_lee.get("/network").text
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", page)
    for chart in re.findall(r'<figure class="chart-box.*?</figure>', page, flags=re.S):
        assert "<table" in chart
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


# --- reports -----------------------------------------------------------------------------------------------


ORDER = {
    "month": OCTOBER,
    "scope": "network",
    "series": "shop-mystery_shopping",
    "language": "en",
    "audience": "leadership",
}


def order(browser: Browser, **changes: str) -> Any:
    return browser.post("/reports", data={**ORDER, **changes})


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, words(answer.text)
    assert answer.mimetype == "application/pdf"
    pages = PdfReader(BytesIO(answer.data)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_the_button_answers_with_the_file(store: Store, as_lee: Browser):
    fill(store)
    answer = order(as_lee)
    assert "Compliance" in text_of(answer)
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=checker-network-shop-mystery_shopping-2026-10-en.pdf"
    )


def test_regions_and_branches_have_reports_of_their_own(store: Store, as_lee: Browser):
    fill(store)
    assert "North" in text_of(order(as_lee, scope="region:R1"))
    assert "Harbour" in text_of(order(as_lee, scope="branch:B001"))


def test_the_report_speaks_the_language_that_was_chosen(store: Store, as_lee: Browser):
    fill(store)
    finnish = order(as_lee, language="fi")
    assert PdfReader(BytesIO(finnish.data)).trailer["/Root"]["/Lang"] == "fi"


def test_a_manager_s_copy_has_names_and_leadership_s_has_codes(
    store: Store, as_mara: Browser, as_lee: Browser
):
    fill(store)
    send(store, 6, employees={"served_by": {"code": "E0001"}})
    assert "Eve Alder" in text_of(order(as_mara, scope="branch:B001", audience="manager"))
    copy = text_of(order(as_lee, scope="branch:B001"))
    assert "Eve Alder" not in copy
    assert "E0001" in copy


@pytest.mark.parametrize("who", ["as_mara", "as_lee", "as_ada"])
def test_the_staff_room_s_sheet_is_there_for_everybody_who_reads_reports(
    request: pytest.FixtureRequest, store: Store, who: str
):
    send(store, 6, employees={"served_by": {"code": "E0001"}})
    browser: Browser = request.getfixturevalue(who)
    assert "the staff room, without anybody" in browser.get("/reports").text
    answer = order(browser, scope="branch:B001", audience="meeting")
    assert "-meeting.pdf" in answer.headers["Content-Disposition"]
    said = text_of(answer)
    assert "For the staff room" in said.replace("FOR THE STAFF ROOM", "For the staff room")
    for secret in ("Eve Alder", "E0001", "12 Oct", "Sam Shore"):
        assert secret not in said


@pytest.mark.parametrize("audience", ["manager", "leadership"])
def test_what_the_office_makes_keeps_to_what_the_branch_may_know(
    store: Store, as_ada: Browser, audience: str
):
    """Ada sees a visit at once, and her copy is read at the branch (design §1)."""
    send(store, 6)
    send(store, 1, received=NOW - timedelta(minutes=3))
    said = text_of(order(as_ada, scope="branch:B001", audience=audience))
    assert "6 of 6 count" in said
    network = text_of(order(as_ada))
    for hour in ("9:27", "12:27"):  # when the seventh came in
        assert hour not in said and hour not in network


def test_so_does_its_month_as_data(store: Store, as_ada: Browser):
    send(store, 6)
    send(store, 1, received=NOW - timedelta(minutes=3))
    send(store, 1, practice=True)
    chosen = {"month": OCTOBER, "scope": "branch:B001", "format": "zip", "audience": "manager"}
    with ZipFile(BytesIO(as_ada.post("/reports/data", data=chosen).data)) as packed:
        told = {name: packed.read(name).decode().splitlines() for name in packed.namelist()}
    assert len(told["visits.csv"]) == 1 + 6
    assert "shop,mystery_shopping,standard,6," in told["branches.csv"][1]


def test_nobody_chooses_a_copy_that_is_not_theirs(store: Store, as_lee: Browser, as_ada: Browser):
    fill(store)
    assert order(as_lee, scope="branch:B001", audience="manager").status_code == 422
    assert order(as_ada, scope="branch:B001", audience="manager").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("month", "abc"),
        ("month", "2027-01"),
        ("scope", "branch:B999"),
        ("scope", "region:R9"),
        ("scope", "everything"),
        ("series", "none-mystery_shopping"),
        ("language", "xx"),
        ("audience", "all"),
    ],
)
def test_what_is_not_in_the_lists_is_refused_at_its_field(
    store: Store, as_lee: Browser, field: str, value: str
):
    fill(store)
    answer = order(as_lee, **{field: value})
    assert answer.status_code == 422
    assert "Choose one from the list." in answer.text or field == "audience"


def test_a_manager_reports_on_the_own_branches_alone(store: Store, as_mara: Browser):
    fill(store)
    page = as_mara.get("/reports").text
    assert "branch:B001" in page
    assert "branch:B003" not in page
    assert 'value="network"' not in page
    assert order(as_mara, scope="branch:B003", audience="manager").status_code == 422
    assert order(as_mara, scope="network", audience="manager").status_code == 422
    assert order(as_mara, scope="region:R1", audience="manager").status_code == 422


def test_leadership_of_a_region_reports_on_it_and_its_branches(store: Store, as_reg: Browser):
    fill(store)
    assert "North" in text_of(order(as_reg, scope="region:R1"))
    assert order(as_reg, scope="network").status_code == 422
    assert order(as_reg, scope="branch:B003").status_code == 422


def test_the_month_that_was_shown_is_a_button_away(store: Store, as_lee: Browser, as_mara: Browser):
    fill(store)
    for browser, path, scope in (
        (as_lee, "/network", "network"),
        (as_lee, "/regions/R1", "region:R1"),
        (as_mara, "/branches/B001", "branch:B001"),
    ):
        page = browser.get(path).text
        form = page[page.rindex('action="/reports"') :]
        held = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        assert held["scope"] == scope
        held.pop("csrf_token")
        assert browser.post("/reports", data=held).mimetype == "application/pdf"


def test_before_the_first_visit_there_is_nothing_to_report_on(as_lee: Browser):
    assert "there is nothing to report on" in as_lee.get("/reports").text
    assert order(as_lee).status_code == 422


@pytest.mark.parametrize("who", ["as_sam", "as_eve", "as_rea"])
def test_reports_are_for_those_who_read_them(request: pytest.FixtureRequest, store: Store, who: str):
    fill(store)
    browser: Browser = request.getfixturevalue(who)
    assert browser.get("/reports").status_code == 404
    assert order(browser).status_code == 404


def test_a_long_band_is_shown_in_full_when_it_is_asked_for(store: Store, as_lee: Browser):
    people.lee(store)
    region = store.value("SELECT id FROM region WHERE code = 'R2'")
    with store.write():
        for n in range(25):
            row = {"code": f"S{n:02}", "name": f"Shop {n:02}", "region_id": region, "zone": "UTC"}
            store.add("branch", row)
    for n in range(25):
        send(store, branch=f"S{n:02}")
    page = as_lee.get("/network").text
    assert "Shop 19" in band(page, "none")
    assert "Shop 20" not in band(page, "none")
    assert "Show 5 more branches" in band(page, "none")
    more = re.findall(r'href="([^"]+band=none)#', page)[0].replace("&amp;", "&")
    assert "Shop 24" in band(as_lee.get(more).text, "none")


def test_every_branch_is_drawn_inside_the_scale(store: Store, as_lee: Browser):
    aim(store, "compliance", 850_000)
    send(store, 1)
    send(store, 1, branch="B002", answers=POOR)
    few = as_lee.get("/network").text
    drawn = few[few.index('<section class="band-group none"') :].split("</section>")[0]
    places = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawn)]
    assert len(set(places)) == 2  # 100 % and 0 % are not drawn on one spot
    assert max(places) - min(places) == pytest.approx(168.0)


def test_where_the_checklist_asks_nothing_of_experience_the_page_is_silent_about_it(
    store: Store, as_lee: Browser, as_mara: Browser
):
    people.sam(store)
    publish_desk(store)
    send(store, 2, checklist="desk", answers={"hello": "yes", "bill": "no"})
    for page in (as_lee.get("/network").text, as_mara.get("/branches/B001").text):
        assert "Compliance" in words(page)
        assert "Experience" not in words(page)


def test_months_reach_back_to_the_first_visit(store: Store, as_lee: Browser):
    send(store, visited_at="2024-02-10T12:00:00+02:00", received=NOW - timedelta(days=600))
    send(store)
    page = as_lee.get("/network").text
    assert '<option value="2024-02">' in page
    assert '<option value="2024-01">' not in page
    assert '<option value="2024-02">' in as_lee.get("/reports").text
