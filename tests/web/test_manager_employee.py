"""An employee's own progress: for themselves and their manager, beside nobody else's."""

from __future__ import annotations

import re

import pytest

from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, signed_in_as
from tests.making_store import GOOD, NEAT, publish
from tests.web.sent import send, words

EVE = {"employees": {"served_by": {"code": "E0001"}}}
EMIL = {"employees": {"served_by": {"code": "E0002"}}}


def test_employees_see_their_own_figures_with_n(store: Store, as_eve: Browser):
    send(store, 2, **EVE)
    send(store, 1, answers={**GOOD, "smile": "no"}, **EVE)
    said = words(as_eve.get("/me").text)
    assert "Eve Alder E0001" in said
    assert "3 visits count in this month" in said
    assert "That is too few to compare." in said
    assert "The employee smiled. met in 2 of 3" in said
    assert "The shop was tidy" not in said  # that was up to the branch


def test_a_question_that_never_arose_is_not_one_that_was_never_met(store: Store, as_eve: Browser):
    publish(store, more=NEAT.replace("level: branch", "level: employee"))
    send(store, 1, answers={**GOOD, "neat": "na"}, **EVE)
    said = words(as_eve.get("/me").text)
    assert "The employee smiled. met in 1 of 1" in said
    assert "The staff were neat." not in said
    assert "0 of 0" not in said


def test_a_visit_leads_back_to_the_progress_on_its_checklist(store: Store, as_eve: Browser):
    visit = send(store, 1, **EVE)
    back = re.search(r'href="(/me\?[^"]*)"', as_eve.get(f"/visits/{visit}").text)
    assert back is not None
    assert back[1] == "/me?month=2026-10&amp;checklist=shop"


def test_nobody_else_is_on_the_page(store: Store, as_eve: Browser):
    send(store, 2, **EVE)
    colleague = send(store, 2, **EMIL)
    page = as_eve.get("/me").text
    assert "Emil" not in page
    assert "E0002" not in page
    assert str(colleague) not in page


def test_the_page_has_an_address_of_its_own_too(store: Store, as_eve: Browser):
    send(store, 1, **EVE)
    assert "Eve Alder" in as_eve.get("/employees/E0001").text


@pytest.mark.parametrize("path", ["/employees/E0002", "/employees/E0003", "/employees/nobody"])
def test_an_employee_has_no_other_s_page(store: Store, as_eve: Browser, path: str):
    send(store, 1, **EMIL)
    assert as_eve.get(path).status_code == 404


def test_a_manager_sees_those_of_the_own_branches_alone(store: Store, as_mara: Browser, as_bo: Browser):
    send(store, 1, **EVE)
    assert "Eve Alder" in as_mara.get("/employees/E0001").text
    assert as_bo.get("/employees/E0001").status_code == 404
    assert as_mara.get("/employees/E0003").status_code == 404


@pytest.mark.parametrize("who", ["as_lee", "as_sam"])
def test_leadership_and_shoppers_have_no_such_page(request: pytest.FixtureRequest, store: Store, who: str):
    send(store, 1, **EVE)
    assert request.getfixturevalue(who).get("/employees/E0001").status_code == 404


@pytest.mark.parametrize("who", ["as_mara", "as_sam", "as_lee", "as_ada"])
def test_only_employees_have_progress_of_their_own(request: pytest.FixtureRequest, who: str):
    assert request.getfixturevalue(who).get("/me").status_code == 404


def test_an_account_without_an_employee_is_told_whom_to_ask(app, store: Store):
    eve = people.eve(store)
    with store.write():
        store.change("person", eve.id, {"employee_id": None})
    answer = signed_in_as(app, eve).get("/me")
    assert answer.status_code == 404
    assert "Ask your administrator" in words(answer.text)


def test_before_the_first_visit_the_page_says_so(store: Store, as_eve: Browser):
    assert "Nobody has sent a visit yet." in as_eve.get("/me").text


@pytest.mark.parametrize("query", ["month=abc", "month=2027-01", "checklist=nonsense"])
def test_what_cannot_be_shown_is_refused_in_words(store: Store, as_eve: Browser, query: str):
    send(store, 1, **EVE)
    assert as_eve.get(f"/me?{query}").status_code == 404


def test_where_nobody_is_recorded_there_is_no_page(store: Store, as_mara: Browser, as_eve: Browser):
    send(store, 1, **EVE)
    with store.write():
        store.db.execute("UPDATE programme SET attribution = 'none'")
    assert as_mara.get("/employees/E0001").status_code == 404
    assert "Employees" not in words(as_mara.get("/branches/B001").text)
    own = as_eve.get("/me")
    assert (own.status_code, "Who served is not recorded here" in own.text) == (404, True)
