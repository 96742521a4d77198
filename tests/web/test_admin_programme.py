"""The programme, the organisation and targets on administrators' pages."""

from __future__ import annotations

import re

from checker.store import settings
from checker.store.connection import Store
from tests.browsing import Browser
from tests.conftest import NOW
from tests.web import shopping
from tests.web.administering import count, faults, refused, row, values
from tests.web.sent import send

PROGRAMME = {
    "name": "Service standards",
    "notice_given_on": "",
    "reveal": "next_morning",
    "attribution": "named",
}


def test_the_organisation_gets_its_name(as_ada: Browser, store: Store):
    assert as_ada.post("/admin/organisation", data={"organisation": " Acme  Kiosks "}).status_code == 303
    assert settings.get(store, "organisation") == "Acme Kiosks"
    assert values(as_ada.get("/admin/programme").text)["organisation"] == "Acme Kiosks"
    long = "x" * 300
    refused(
        as_ada.post("/admin/organisation", data={"organisation": long}),
        typed={"organisation": long},
        saying="at most 200 characters",
    )


def test_settings_that_move_no_visit_are_stored_at_once(as_ada: Browser, store: Store):
    data = {**PROGRAMME, "name": "Standards", "reveal": "at_once", "attribution": "code"}
    assert as_ada.post("/admin/programme", data=data).status_code == 303
    held = row(store, "programme", code="main")
    assert (held["name"], held["reveal"], held["attribution"]) == ("Standards", "at_once", "code")
    assert values(as_ada.get("/admin/programme").text)["reveal"] == "at_once"


def test_what_leaves_the_figures_is_said_before_it_happens(as_ada: Browser, store: Store):
    send(store, 2)
    send(store, visited_at="2026-10-14T10:00:00+00:00", received=NOW)
    data = {**PROGRAMME, "notice_given_on": "2026-10-14"}
    asked = as_ada.post("/admin/programme", data=data)
    assert "2 visits leave the figures." in asked.text
    assert values(asked.text)["notice_given_on"] == "2026-10-14"
    assert row(store, "programme", code="main")["notice_given_on"] is None
    sure = dict(re.findall(r'<input type="hidden" name="(sure)" value="([^"]*)">', asked.text))
    other = as_ada.post("/admin/programme", data={**data, **sure, "review": "y"})
    assert "3 visits leave the figures." in other.text  # that is not what was asked about
    assert as_ada.post("/admin/programme", data={**data, **sure}).status_code == 303
    assert store.value("SELECT sum(counted) FROM visit") == 1
    asked = as_ada.post("/admin/programme", data=PROGRAMME)
    assert "2 visits enter the figures." in asked.text
    asked = as_ada.post("/admin/programme", data={**PROGRAMME, "review": "y"})
    assert "One visit leaves the figures." in asked.text
    assert store.value("SELECT sum(counted) FROM visit") == 1


def test_a_programme_that_cannot_be_is_refused(as_ada: Browser, store: Store):
    typed = {**PROGRAMME, "name": "", "notice_given_on": "soon"}
    answer = as_ada.post("/admin/programme", data=typed)
    refused(answer, typed=typed, saying="“soon” is no date")
    assert any("Give a name" in words for words in faults(answer.text))
    answer = as_ada.post("/admin/programme", data={**PROGRAMME, "reveal": "never"})
    assert (answer.status_code, "“never” is not possible" in answer.text) == (422, True)
    assert row(store, "programme", code="main")["name"] == "Service standards"


# --- targets ------------------------------------------------------------------------------------------------

TARGET = {
    "measure": "compliance",
    "percent": "85,5",
    "valid_from": "2026-10",
    "checklist": "",
    "region": "",
    "branch": "",
}


def test_a_target_is_set_replaced_and_removed(as_ada: Browser, store: Store):
    shopping.publish(store)
    assert as_ada.post("/admin/targets", data=TARGET).status_code == 303
    as_ada.post("/admin/targets", data={**TARGET, "percent": "90"})
    as_ada.post("/admin/targets", data={**TARGET, "measure": "hello", "percent": "80 %", "region": "R1"})
    as_ada.post(
        "/admin/targets",
        data={**TARGET, "valid_from": "2027-01", "checklist": "every_kind", "branch": "B001"},
    )
    assert count(store, "target") == 3
    page = as_ada.get("/admin/targets").text
    for words in (
        "90.0",
        "October 2026",
        "January 2027",
        "Did somebody say hello?",
        "region R1",
        "branch B001",
    ):
        assert words in page
    key = row(store, "target", measure="hello")["id"]
    assert as_ada.post(f"/admin/targets/{key}/remove").status_code == 303
    assert as_ada.post(f"/admin/targets/{key}/remove").status_code == 404
    assert count(store, "target") == 2


def test_a_standard_is_named_in_the_persons_language_where_any_checklist_has_it(
    as_ada: Browser, store: Store
):
    """A checklist that comes earlier and is in English alone measures the same standard."""
    shopping.publish(store)
    english = """
id: a_first_one
version: 1
title: {en: English alone}
languages: [en]
sections:
  - id: all
    title: {en: Everything}
    items:
      - {id: hello, type: yes_no_na, points: 2, axis: standard, level: employee,
         text: {en: "Was hello said?"}}
      - {id: bye, type: yes_no_na, points: 2, axis: standard, level: employee, text: {en: "Was bye said?"}}
"""
    shopping.publish(store, english)
    page = as_ada.get("/admin/targets").text
    assert "Was hello said?" in page  # hers is English
    with store.write():
        store.db.execute("UPDATE person SET language = 'fi' WHERE name = 'Ada Ash'")
    page = as_ada.get("/admin/targets").text
    assert "Tervehdittiinkö?" in page and "Was hello said?" not in page
    assert "Was bye said?" in page


def test_targets_that_cannot_be_are_refused_with_what_was_typed(as_ada: Browser, store: Store):
    shopping.publish(store)
    for change, saying in (
        ({"percent": "101"}, "Give a percentage from 0 to 100"),
        ({"percent": "NaN"}, "Give a percentage from 0 to 100"),
        ({"percent": ""}, "Give a percentage from 0 to 100"),
        ({"valid_from": "2026-13"}, "2026-13"),
        ({"region": "R1", "branch": "B001"}, "not both"),
    ):
        typed = {**TARGET, **change}
        refused(as_ada.post("/admin/targets", data=typed), typed=typed, saying=saying)
    answer = as_ada.post("/admin/targets", data={**TARGET, "measure": "nothing", "branch": "B404"})
    said = " ".join(faults(answer.text))
    assert "“nothing” is no standard" in said
    assert "“B404” does not exist" in said
    assert count(store, "target") == 0
