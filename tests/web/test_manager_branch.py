"""A branch's month: what it says, to whom, and what it never says."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from pypdf import PdfReader

from checker.actions.review_visit import review_visit
from checker.store import people as scopes
from checker.store import visits
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, signed_in_as
from tests.conftest import NOW
from tests.making_store import GOOD, POOR
from tests.web.sent import OCTOBER, SEPTEMBER, aim, send, words

PAGE = "/branches/B001"


# --- the way there -----------------------------------------------------------------------------------------


def test_a_manager_of_one_branch_comes_straight_to_it(as_bo: Browser):
    answer = as_bo.get("/branches")
    assert (answer.status_code, answer.location) == (303, "/branches/B003")


def test_a_manager_of_several_branches_chooses_among_them_and_sees_no_other(as_mara: Browser):
    page = as_mara.get("/branches").text
    assert 'href="/branches/B001"' in page
    assert 'href="/branches/B002"' in page
    assert "B003" not in page


def test_somebody_without_branches_is_told_whom_to_ask(app, store: Store):
    bo = people.bo(store)
    with store.write():
        scopes.set_scopes(store, bo.id, branch_ids=[], region_ids=[])
    assert "Ask your administrator" in signed_in_as(app, bo).get("/branches").text


def test_an_administrator_without_branches_is_led_to_add_one(as_ada: Browser, store: Store):
    with store.write():
        for table in ("employment", "person_scope", "branch"):
            store.db.execute(f"DELETE FROM {table}")
    said = as_ada.get("/branches").text
    assert "Ask your administrator" not in said
    assert 'href="/admin/new-branch"' in said


ODD = "B/4 #1?%"
"""A code as another system has it, with what addresses give a meaning to."""


def test_a_branch_with_a_code_that_addresses_read_otherwise_has_its_pages(as_ada: Browser, store: Store):
    with store.write():
        region = store.value("SELECT id FROM region WHERE code = 'R1'")
        store.add("branch", {"code": ODD, "name": "Quay", "region_id": region, "zone": "Europe/Helsinki"})
        employee = store.add("employee", {"code": ODD, "name": "Odd Elm"})
        branch = store.value("SELECT id FROM branch WHERE name = 'Quay'")
        store.add("employment", {"employee_id": employee, "branch_id": branch, "from_on": "2024-01-01"})
    visit = send(store, branch=ODD, employees={"served_by": {"code": ODD}})
    path = re.search(r'href="(/branches/B[^"]*)"><?Quay', as_ada.get("/branches").text)
    assert path is not None
    page = as_ada.get(path[1])
    assert page.status_code == 200
    for link in (
        rf'href="({path[1]}\?month=2026-09[^"]*)"',
        rf'href="({path[1]}\?[^"]*as=csv)"',
        rf'action="({path[1]}/new-action[^"]*)"',
        r'href="(/employees/[^"]*)"',
    ):
        found = re.search(link, page.text)
        assert found is not None, link
        answer = as_ada.get(unescape(found[1]))
        assert answer.status_code == 200, link
    back = re.search(r'href="(/branches/[^"]*)"', as_ada.get(f"/visits/{visit}").text)
    assert back is not None
    assert "Quay" in as_ada.get(unescape(back[1])).text


def test_the_way_back_after_the_sign_in_keeps_an_odd_code(client: Browser):
    answer = client.get("/branches/B%2F4%20%231")
    assert answer.location == "/login?next=%2Fbranches%2FB%2F4%2520%25231"


@pytest.mark.parametrize("path", [PAGE, "/branches/B999", "/branches/%00", "/branches/'"])
def test_a_stranger_s_branch_does_not_exist(as_bo: Browser, path: str):
    answer = as_bo.get(path)
    assert answer.status_code == 404
    assert "There is no such branch among those you look after." in words(answer.text)


@pytest.mark.parametrize("who", ["as_sam", "as_eve"])
def test_shoppers_and_employees_have_no_branch_pages(request: pytest.FixtureRequest, who: str):
    browser: Browser = request.getfixturevalue(who)
    assert browser.get(PAGE).status_code == 404
    assert browser.get("/branches").status_code == 404


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(client: Browser, as_mara: Browser):
    answer = client.get(f"{PAGE}?month=2026-10")
    assert answer.status_code == 303
    assert answer.location == "/login?next=%2Fbranches%2FB001%3Fmonth%3D2026-10"


# --- the month and the checklist ---------------------------------------------------------------------------


def test_before_the_first_visit_the_page_says_so(as_mara: Browser):
    answer = as_mara.get(PAGE)
    assert answer.status_code == 200
    assert "Nobody has sent a visit yet." in answer.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("month=abc", "“abc” is no month; write it as 2026-10."),
        ("month=2026-13", "“2026-13” is no month"),
        ("month=2026-11", "2026-11 has not begun yet."),
        ("month=9999-12", "9999-12 has not begun yet."),
        ("month=0001-01", "There is nothing from before 2000."),
        ("checklist=nonsense", "There are no visits on such a checklist."),
        ("method=telepathy", "There are no visits on such a checklist."),
        ("checklist=shop&method=observation", "There are no visits on such a checklist."),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(store: Store, as_mara: Browser, query: str, said: str):
    send(store)
    answer = as_mara.get(f"{PAGE}?{query}")
    assert answer.status_code == 404
    assert said in words(answer.text)


def test_the_earliest_month_there_can_be_leads_to_none_before(store: Store, as_mara: Browser):
    send(store)
    answer = as_mara.get(f"{PAGE}?month=2000-01")
    assert answer.status_code == 200
    assert 'rel="prev"' not in answer.text


def test_without_a_month_the_last_one_with_visits_is_shown(store: Store, as_mara: Browser):
    send(store, visited_at="2026-08-10T12:00:00+03:00", received=NOW - timedelta(days=60))
    assert "<b>August 2026</b>" in as_mara.get(PAGE).text
    send(store)
    assert "<b>October 2026</b>" in as_mara.get(PAGE).text


def test_a_visit_that_is_not_revealed_yet_neither_opens_a_month_nor_stands_in_it(
    store: Store, as_mara: Browser, as_rea: Browser
):
    send(store, visited_at="2026-08-10T12:00:00+03:00", received=NOW - timedelta(days=60))
    fresh = send(store, visited_at=(NOW - timedelta(hours=1)).isoformat(), received=NOW)
    assert "<b>August 2026</b>" in as_mara.get(PAGE).text
    assert str(fresh) not in as_mara.get(f"{PAGE}?month={OCTOBER}").text
    assert str(fresh) in as_rea.get(PAGE).text


def test_months_and_checklists_are_plain_links(store: Store, as_mara: Browser):
    send(store)
    send(store, method="self_check")
    page = as_mara.get(PAGE).text
    assert 'href="/branches/B001?month=2026-09&amp;checklist=shop"' in page
    assert 'href="/branches/B001?month=2026-10&amp;checklist=shop&amp;method=self_check"' in page
    assert 'rel="next"' not in page  # November has not begun
    assert "<select" in page
    assert "<b>September 2026</b>" in as_mara.get(f"{PAGE}?month={SEPTEMBER}").text


def test_each_method_has_figures_of_its_own(store: Store, as_mara: Browser):
    send(store)
    send(store, method="self_check", answers=POOR)
    assert "100.0 %" in figure_of(as_mara.get(PAGE).text, "Compliance")
    own = as_mara.get(f"{PAGE}?checklist=shop&method=self_check").text
    assert "0.0 %" in figure_of(own, "Compliance")


def test_a_branch_without_visits_on_a_checklist_of_the_programme_has_an_empty_page(
    store: Store, as_mara: Browser
):
    send(store)
    answer = as_mara.get("/branches/B002")
    assert answer.status_code == 200
    assert "No visit counts in this month." in answer.text


# --- what it says ------------------------------------------------------------------------------------------


def figure_of(page: str, label: str) -> str:
    """What the tile with this label says."""
    for tile in re.findall(r'<div class="tile.*?</div>', page, flags=re.S):
        if f">{label}<" in tile:
            return words(tile)
    raise AssertionError(f"there is no tile {label!r}")


def test_every_figure_has_its_n_and_few_visits_are_not_compared(store: Store, as_mara: Browser):
    aim(store, "compliance", 500_000)
    send(store, 4)
    tile = figure_of(as_mara.get(PAGE).text, "Compliance")
    assert "100.0 %" in tile
    assert "n = 4" in tile
    assert "too few to compare" in tile
    assert "above" not in tile


def test_above_and_below_are_said_only_where_the_interval_leaves_no_doubt(store: Store, as_mara: Browser):
    aim(store, "compliance", 700_000)
    aim(store, "smile", 900_000)
    send(store, 7)
    send(store, 5, answers={**GOOD, "smile": "no"})
    page = as_mara.get(PAGE).text
    assert "above the target of 70 %" in figure_of(page, "Compliance")
    first = words(page[page.index("What to look at first") :])
    assert "“The employee smiled” is met in 58.3 % of visits, below the target of 90 %." in first


def test_what_costs_most_is_said_on_page_and_paper_once_it_is_certain(store: Store, as_mara: Browser):
    said = "“The employee smiled” costs most, 25.0 points of Compliance."
    send(store, 4, answers={**GOOD, "smile": "no"})
    assert "costs most" not in words(as_mara.get(PAGE).text)
    send(store, 2, answers={**GOOD, "smile": "no"})
    assert said in words(as_mara.get(PAGE).text)
    chosen = {"month": OCTOBER, "scope": "branch:B001", "series": "shop-mystery_shopping", "language": "en"}
    report = as_mara.post("/reports", data={**chosen, "audience": "manager"}).data
    assert said in " ".join(PdfReader(BytesIO(report)).pages[0].extract_text().split())


def test_where_two_may_cost_most_none_is_named_alone(store: Store, as_mara: Browser):
    send(store, 6, answers={**GOOD, "smile": "no", "tidy": "no"})
    page = words(as_mara.get(PAGE).text)
    assert "costs most, " not in page
    assert "which of them costs most is not decided." in page


def test_what_is_not_decided_is_said_to_be(store: Store, as_mara: Browser):
    aim(store, "compliance", 870_000)
    send(store, 4)
    send(store, 4, answers={**GOOD, "smile": "no"})
    tile = figure_of(as_mara.get(PAGE).text, "Compliance")
    assert "not decided against 87 %" in tile


def test_the_change_since_the_month_before_is_said_with_what_can_be_claimed(store: Store, as_mara: Browser):
    september = {"visited_at": "2026-09-10T12:00:00+03:00", "received": NOW - timedelta(days=30)}
    send(store, 3, answers=POOR, **september)
    send(store, 3, answers={**POOR, "smile": "yes"}, **september)
    send(store, 3)
    send(store, 3, answers={**GOOD, "smile": "no"})
    assert "Since September 2026: rose by 75.0 points" in figure_of(as_mara.get(PAGE).text, "Compliance")
    assert "No visits in the month before" in figure_of(
        as_mara.get(f"{PAGE}?month={SEPTEMBER}").text, "Compliance"
    )


def test_waiting_times_keep_never_apart(store: Store, as_mara: Browser):
    send(store, 3)
    send(store, 1, answers={**GOOD, "greeting_time": 45})
    send(store, 2, answers={**GOOD, "greeting_time": "never"})
    page = as_mara.get(PAGE).text
    assert "12 s" in figure_of(page, "Welcome: median")
    assert "50.0 % within 30 s" in figure_of(page, "Welcome: median")
    assert "2 times it never happened" in figure_of(page, "Welcome: median")
    assert "3 of 6 within the limit of 30 s, 3 within the target of 20 s. It never happened: 2." in words(
        page
    )


def test_strengths_stand_before_gaps(store: Store, as_mara: Browser):
    send(store, 6)
    page = as_mara.get(PAGE).text
    assert page.index("What goes well") < page.index("What to look at first")


def test_a_question_on_trial_is_named_neither_as_strength_nor_as_gap(store: Store, as_mara: Browser):
    send(store, 6)
    page = as_mara.get(PAGE).text
    named = page[page.index("What goes well") : page.index('id="standards"')]
    named = named.split("<select")[0]  # any standard may be chosen to plan an action about
    assert "How long until the greeting?" in named
    assert "A new question." not in named


def test_every_chart_stands_beside_its_table(store: Store, as_mara: Browser):
    send(store, 6)
    page = as_mara.get(PAGE).text
    charts = re.findall(r'<figure class="chart-box.*?</figure>', page, flags=re.S)
    assert len(charts) >= 5
    for chart in charts:
        assert chart.count("<svg") == 2
        assert chart.count("<title") == 2
        assert "<table" in chart
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_number_of_visits_stands_in_every_row_of_the_standards(store: Store, as_mara: Browser):
    send(store, 6)
    chart = as_mara.get(PAGE).text.split('aria-labelledby="standards"')[1].split("</figure>")[0]
    for drawing in re.findall(r"<svg.*?</svg>", chart, flags=re.S):
        assert drawing.count("n\u00a0=\u00a06") == 6


def test_the_page_needs_no_code_inside_it(store: Store, as_mara: Browser):
    send(store, 6)
    page = as_mara.get(PAGE).text
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", page)


# --- what it does not say ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["as_mara", "as_lee"])
def test_neither_the_shopper_nor_the_hour_is_told(request: pytest.FixtureRequest, store: Store, who: str):
    send(store, visited_at="2026-10-12T14:37:00+03:00")
    said = words(request.getfixturevalue(who).get(PAGE).text)
    assert "12 Oct 2026" in said
    assert "Sam" not in said
    assert "14:37" not in said


def test_the_manager_sees_employees_by_name_and_never_ranked(store: Store, as_mara: Browser):
    send(store, 6, employees={"served_by": {"code": "E0002"}})
    send(store, 1, employees={"served_by": {"code": "E0001"}}, answers={**GOOD, "smile": "no"})
    said = words(as_mara.get(PAGE).text)
    table = said[said.index("Employees By name") :]
    assert table.index("Emil Birch E0002") < table.index("Eve Alder E0001")  # by name, not by figure
    assert "Eve Alder E0001 1 66.7 % too few to compare" in table


def test_leadership_sees_codes_and_no_figure_of_few_visits(store: Store, as_lee: Browser):
    send(store, 1, employees={"served_by": {"code": "E0001"}})
    served = {"employees": {"served_by": {"code": "E0001"}}, "visited_at": "2026-08-10T12:00:00+03:00"}
    send(store, 4, **served)
    page = as_lee.get(PAGE).text
    said = words(page)
    assert "Eve" not in said.replace("Everything", "")
    assert "of a whole quarter, here July 2026 to September 2026: a figure from 5 visits on" in said
    assert "E0001 4 – not shown outside the branch" in said
    assert "/employees/" not in page


def test_a_visit_taken_out_of_the_figures_stays_in_the_list(store: Store, as_mara: Browser):
    out = send(store)
    send(store)
    row = visits.find(store, out)
    assert row is not None
    review_visit(store, row, decision="exclude", reason="Stocktaking", by=people.rea(store).id, now=NOW)
    page = as_mara.get(PAGE).text
    assert "n = 1" in figure_of(page, "Compliance")
    line = page[page.index(f'href="/visits/{out}"') :].split("</tr>")[0]
    assert "left out of figures" in line


def test_visits_that_were_not_completed_have_no_score(store: Store, as_mara: Browser):
    send(store, outcome="closed", reason="The door was locked.", answers={})
    line = words(as_mara.get(f"{PAGE}?month={OCTOBER}").text)
    assert "12 Oct 2026 store branch closed – –" in line


def test_charts_are_set_in_the_type_they_are_measured_in(store: Store, as_mara: Browser):
    send(store)
    sheet = re.findall(r'href="(/s/\w+/)pages.css"', as_mara.get(PAGE).text)[0]
    css = as_mara.get(f"{sheet}pages.css").text
    fonts = re.findall(r'url\("?([^")]+)"?\)', css)
    assert len(fonts) == 2
    for font in fonts:
        answer = as_mara.get(sheet + font)
        assert answer.status_code == 200
        assert answer.mimetype == "font/ttf"
