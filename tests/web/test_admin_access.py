"""Who may open administrators' pages: administrators alone, and nothing is written by looking."""

from __future__ import annotations

import pytest
from flask import Flask

from checker.access import MAY
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, signed_in_as
from tests.web import shopping

PAGES = (
    "/admin/",
    "/admin/programme",
    "/admin/targets",
    "/admin/branches",
    "/admin/new-branch",
    "/admin/branches/B001",
    "/admin/regions",
    "/admin/regions/R1",
    "/admin/employees",
    "/admin/new-employee",
    "/admin/employees/E0001",
    "/admin/employments/1",
    "/admin/users",
    "/admin/new-user",
    "/admin/users/1",
    "/admin/assignments",
    "/admin/new-assignment",
    "/admin/checklists",
    "/admin/new-checklist",
    "/admin/checklists/every_kind",
    "/admin/checklists/every_kind/1",
    "/admin/checklists/every_kind/1/form.pdf",
    "/admin/imports",
    "/admin/imports/branches",
    "/admin/imports/visits",
    "/admin/imports/users/template.csv",
    "/admin/imports/users/present.csv",
    "/admin/imports/visits/map.yaml?checklist=every_kind",
    "/admin/exports",
    "/admin/devices",
    "/admin/unsent",
    "/admin/tokens",
    "/admin/trail",
)


@pytest.mark.parametrize("path", PAGES)
def test_an_administrator_opens_the_page_and_a_manager_does_not(store: Store, app: Flask, path: str):
    shopping.publish(store)
    ada, mara = people.ada(store), people.mara(store)
    trail = store.value("SELECT count(*) FROM trail")
    assert signed_in_as(app, ada).get(path).status_code == 200
    assert signed_in_as(app, mara).get(path).status_code == 404
    assert store.value("SELECT count(*) FROM trail WHERE act <> 'session.begin'") <= trail


def test_every_address_of_the_room_asks_for_an_act_that_administrators_have(app: Flask):
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    acts = {app.view_functions[rule.endpoint].act for rule in rules}
    assert len(rules) > 40
    assert acts <= MAY["admin"]
    others = {role for role, held in MAY.items() if role != "admin" and held & acts}
    assert others == set()


@pytest.mark.parametrize("name", [name for name in people.CAST if name != "ada"])
def test_nobody_else_can_send_anything(store: Store, app: Flask, name: str):
    browser = signed_in_as(app, people.CAST[name](store))
    for path in (
        "/admin/regions",
        "/admin/programme",
        "/admin/tokens",
        "/admin/new-user",
        "/admin/imports/users",
    ):
        assert browser.post(path, data={"code": "X", "name": "X"}).status_code == 404
    assert store.value("SELECT count(*) FROM region") == 2


def test_a_form_without_its_token_changes_nothing(as_ada: Browser, store: Store):
    answer = as_ada.post(
        "/admin/regions", data={"code": "R9", "name": "East"}, headers={"X-CSRFToken": "wrong"}
    )
    assert answer.status_code == 400
    assert store.value("SELECT count(*) FROM region WHERE code = 'R9'") == 0


@pytest.mark.parametrize(
    "path",
    [
        "/admin/branches/none",
        "/admin/regions/none",
        "/admin/employees/none",
        "/admin/employments/999",
        "/admin/users/999",
        "/admin/assignments/01928f6e-5b3a-7c41-9f0d-2a6b8c1d4e5f",
        "/admin/checklists/none",
        "/admin/checklists/none/1",
        "/admin/checklist-drafts/9",
        "/admin/imports/none",
        "/admin/imports/batches/9",
        "/admin/imports/visits/map.yaml?checklist=none",
        "/admin/imports/assignments/present.csv",
    ],
)
def test_what_is_not_there_is_not_found(as_ada: Browser, path: str):
    assert as_ada.get(path).status_code == 404


def test_the_first_page_says_what_is_still_to_be_set_up(as_ada: Browser, store: Store):
    page = as_ada.get("/admin/").text
    assert "Add shoppers" in page
    assert "Add regions and branches" not in page  # there are some
    people.sam(store)
    assert "Add shoppers" not in as_ada.get("/admin/").text
    assert as_ada.get("/admin/").text.count('aria-current="page"') == 2  # in the menu and at the side


@pytest.mark.parametrize(
    "path",
    [
        "/admin/users/99999999999999999999",
        "/admin/employments/99999999999999999999",
        "/admin/imports/batches/99999999999999999999",
        "/admin/checklist-drafts/99999999999999999999",
        "/admin/checklists/every_kind/99999999999999999999",
        "/admin/branches/%00",
        "/admin/checklists/%F0%9F%98%80",
    ],
)
def test_an_address_beyond_reason_is_not_found(as_ada: Browser, path: str):
    assert as_ada.get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "trail?first=0001-01-01&last=9999-12-31&person=99999999999999999999&before=٣",
        "assignments?month=9999-12&page=999999&shopper=%00&branch=%00&show=%00",
        "assignments?month=0000-00&page=-1",
        "branches?q=%00%F0%9F%98%80&page=٣",
        "users?role=nobody&show=nothing",
        "new-checklist",
        "new-assignment?like=%00&branch=none",
        "new-user?role=nobody",
    ],
)
def test_a_question_beyond_reason_is_answered(as_ada: Browser, query: str):
    assert as_ada.get(f"/admin/{query}").status_code in (200, 303)


HOSTILE = (
    "",
    "\0",
    "٣",
    "-1",
    "99999999999999999999",
    "9999-12-31",
    "0000-00-00",
    "x" * 5000,
    "😀",
    "%s",
    "../..",
)
FORMS = {
    "/admin/programme": ("name", "notice_given_on", "reveal", "attribution", "review", "sure"),
    "/admin/organisation": ("organisation",),
    "/admin/targets": ("measure", "percent", "valid_from", "checklist", "region", "branch"),
    "/admin/regions": ("code", "name"),
    "/admin/regions/R1": ("name", "retired"),
    "/admin/new-branch": ("code", "name", "region", "zone", "format", "group", "opened_on", "closed_on"),
    "/admin/branches/B001": ("name", "region", "zone", "format", "group", "opened_on", "closed_on"),
    "/admin/new-employee": ("code", "name"),
    "/admin/employees/E0001": ("name", "retired"),
    "/admin/employments": ("employee", "branch", "from_on", "to_on"),
    "/admin/employments/1": ("branch", "from_on", "to_on"),
    "/admin/new-user": ("email", "name", "role", "language", "employee", "branches", "regions"),
    "/admin/users/1": ("email", "name", "role", "language", "employee", "branches", "regions"),
    "/admin/new-assignment": (
        *("branch", "checklist", "shopper", "visit_from", "visit_to", "report_by"),
        *("purpose", "scenario", "briefing", "fee", "expenses", "currency"),
    ),
    "/admin/new-checklist": ("name", "source"),
    "/admin/imports/branches": ("sheet",),
    "/admin/imports/visits": ("sheet", "map", "checklist"),
    "/admin/exports": ("what", "format", "month", "region", "branch", "names"),
    "/admin/tokens": ("name", "person", "scopes", "expires_on"),
}


@pytest.mark.parametrize("path", FORMS)
def test_whatever_is_typed_a_form_answers(as_ada: Browser, path: str):
    assert as_ada.post(path, data={}).status_code < 500
    for value in HOSTILE:
        answer = as_ada.post(path, data=dict.fromkeys(FORMS[path], value))
        assert answer.status_code < 500, (path, value)
