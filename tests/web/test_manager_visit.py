"""The visit sheet: how its score came about, and who may know what."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from checker.actions.publish_checklist import publish_checklist
from checker.actions.review_visit import review_visit
from checker.standards.parse import read_yaml
from checker.store import people as held
from checker.store import visits
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, signed_in_as
from tests.conftest import NOW
from tests.making_store import GOOD
from tests.web import shopping
from tests.web.sent import send, words

SOME = {
    **GOOD,
    "greeting_time": {"value": 25, "estimated": True},
    "smile": {"value": "no", "note": "She looked at the till."},
    "remark": "The shop window was dark.",
}


def sheet(browser: Browser, uuid: object) -> str:
    answer = browser.get(f"/visits/{uuid}")
    assert answer.status_code == 200
    return answer.text


def row_of(page: str, item: str) -> str:
    """What the row of one question says."""
    return words(re.split(r"</tr>", page[page.index(f'<tr id="a-{item}"') :])[0])


def test_each_answer_says_what_it_was_worth(store: Store, as_mara: Browser):
    page = sheet(as_mara, send(store, answers=SOME))
    assert "Yes met 4 of 4 25.00 Compliance" in row_of(page, "tidy")
    assert "25 s, estimated met 3 of 4 18.75 of 25.00 Compliance" in row_of(page, "greeting_time")
    assert "She looked at the till. No not met 0 of 4 0.00 of 25.00" in row_of(page, "smile")
    assert "3 of 3 met 4 of 4" in row_of(page, "three_yes")
    assert "100.00 Experience" in row_of(page, "welcome_felt")


def test_what_the_answers_add_is_the_score(store: Store, as_mara: Browser):
    page = sheet(as_mara, send(store, answers=SOME))
    added = re.findall(r'data-label="Adds">([\d.]+).*?(Compliance|Experience)', page, flags=re.S)
    compliance = sum(float(points) for points, axis in added if axis == "Compliance")
    assert compliance == pytest.approx(68.75)
    said = words(page)
    assert "Answers: 11 of 16 points 68.75 Score 68.8 %" in said
    assert "Answers: 4 of 4 points 100.00 Score 100.0 %" in said


def test_weights_and_caps_are_lines_of_their_own(store: Store, as_mara: Browser):
    source = """
id: heavy
version: 1
title: {en: Heavy}
languages: [en]
critical_cap: 60
sections:
  - {id: one, title: {en: One}, weight: 3, items: [
      {id: first, type: yes_no_na, points: 1, axis: standard, level: branch, text: {en: First}}]}
  - {id: two, title: {en: Two}, weight: 1, items: [
      {id: second, type: yes_no_na, points: 1, axis: standard, level: branch, critical: true,
       text: {en: Second}}]}
"""
    people.sam(store)
    publish_checklist(store, read_yaml(source, "heavy.yaml"), by=None, now=NOW - timedelta(days=20))
    uuid = send(store, checklist="heavy", answers={"first": "yes", "second": "no"})
    said = words(sheet(as_mara, uuid))
    assert "Answers: 1 of 2 points 50.00" in said
    assert "Weights of the sections 25.00" in said
    assert "Cap, because a critical question was not met −15.00" in said
    assert "Score 60.0 %" in said


def test_critical_questions_are_marked(store: Store, as_mara: Browser):
    page = sheet(as_mara, send(store, answers={**GOOD, "greeting_time": "never"}))
    assert "critical" in row_of(page, "greeting_time")
    assert "It never happened" in row_of(page, "greeting_time")
    assert "critical finding" in words(page)
    assert "critical" not in row_of(page, "tidy")


def test_what_shoppers_wrote_and_what_was_missed_stand_before_the_answers(store: Store, as_mara: Browser):
    said = words(sheet(as_mara, send(store, answers=SOME)))
    top = said[: said.index(" Answers ")]
    assert "What the shopper wrote What else? The shop window was dark." in top
    assert "1 question was not met The employee smiled." in top


def test_answers_to_questions_that_fell_away_stand_apart(store: Store, as_mara: Browser):
    shopping.publish(store)
    answers = {
        "hello": "no",
        "first_words": "Good day",
        "wait": 12,
        "true_words": "na",
        "yeses": 3,
        "felt": 5,
        "paid": "cash",
        "seen": ["light"],
        "window": "1.25",
    }
    page = sheet(as_mara, send(store, checklist="every_kind", answers=answers))
    apart = words(page[page.index("Answered, but not asked in the end") :])
    assert "What were the first words? Good day" in apart
    assert 'id="a-first_words"' not in page
    assert "Not applicable" in row_of(page, "true_words")
    assert "In cash" in row_of(page, "paid")
    assert "The light" in row_of(page, "seen")
    assert "1.25 of 2.5 points" in row_of(page, "window")


def test_a_visit_that_was_not_completed_says_why(store: Store, as_mara: Browser):
    uuid = send(store, outcome="closed", reason="The door was locked.", answers={})
    said = words(sheet(as_mara, uuid))
    assert "Not completed: branch closed. Such a visit has no score. The door was locked." in said
    assert "How the scores add up" not in said


# --- who may know what -------------------------------------------------------------------------------------


def test_the_branch_is_told_neither_shopper_nor_hour(store: Store, as_mara: Browser, as_rea: Browser):
    shopping.publish(store)
    answers = {
        "hello": "no",
        "wait": 12,
        "true_words": "na",
        "yeses": 3,
        "felt": 5,
        "paid": "cash",
        "seen": [],
        "window": "1",
        "answered_at": "2026-10-12T14:39:00+03:00",
    }
    uuid = send(store, checklist="every_kind", answers=answers, visited_at="2026-10-12T14:37:00+03:00")
    manager, reviewer = words(sheet(as_mara, uuid)), words(sheet(as_rea, uuid))
    for secret in ("Sam Shore", "14:37", "14:39"):
        assert secret not in manager
        assert secret in reviewer


def test_what_was_tapped_is_for_the_office_alone(
    store: Store, as_mara: Browser, as_rea: Browser, as_lee: Browser, as_eve: Browser, as_ada: Browser
):
    source = shopping.EVERY_KIND.replace(
        "sections:", "events: [{id: entered, text: {en: Came in, fi: Tulin}}]\nsections:"
    )
    shopping.publish(store, source)
    events = [
        {"event": "wait.stop", "at": "2026-10-12T11:38:02+00:00"},
        {"event": "entered", "at": "2026-10-12T14:37:05.250+03:00", "estimated": True},
        {"event": "call.busy", "at": "2026-10-12T14:39:00+03:00"},
    ]
    answers = {"hello": "no", "wait": 12, "true_words": "na", "yeses": 3, "felt": 5, "paid": "cash"}
    uuid = send(
        store,
        checklist="every_kind",
        answers={**answers, "seen": [], "window": "1"},
        employees={"served_by": {"code": "E0001"}},
        events=events,
        clock={"ahead_ms": 5, "checked_at": "2026-10-12T14:36:00+03:00"},
    )
    for office in (as_rea, as_ada):
        said = words(sheet(office, uuid))
        assert (
            "Came in 14:37:05 estimated Time to the greeting (stop) 14:38:02 The line was busy 14:39:00"
            in said
        )
    for other in (as_mara, as_lee, as_eve):
        page = sheet(other, uuid)
        for secret in ("Came in", "14:3", "11:38", "line was busy", "entered"):
            assert secret not in page


def test_leadership_is_not_told_who_served(store: Store, as_lee: Browser, as_mara: Browser):
    uuid = send(store, employees={"served_by": {"code": "E0001"}})
    assert "Eve Alder" in sheet(as_mara, uuid)
    assert "Eve Alder" not in sheet(as_lee, uuid)
    assert "E0001" not in sheet(as_lee, uuid)


def test_an_employee_sees_the_own_visits_alone(store: Store, as_eve: Browser):
    own = send(store, employees={"served_by": {"code": "E0001"}})
    other = send(store, employees={"served_by": {"code": "E0002"}})
    assert "Visit of 12 Oct 2026" in words(sheet(as_eve, own))
    assert as_eve.get(f"/visits/{other}").status_code == 404


def test_who_sees_a_wrong_visit_reads_what_to_do_about_it(
    store: Store, as_eve: Browser, as_mara: Browser, as_lee: Browser, as_rea: Browser
):
    uuid = send(store, employees={"served_by": {"code": "E0001"}})
    page = f"/visits/{uuid}"
    assert "was it not you? Tell your manager" in as_eve.get(page).text
    assert "Tell a reviewer" in as_mara.get(page).text
    for other in (as_lee, as_rea):
        assert "Is something wrong here" not in other.get(page).text


def test_a_stranger_s_visit_does_not_exist(store: Store, as_bo: Browser):
    assert as_bo.get(f"/visits/{send(store)}").status_code == 404
    assert as_bo.get(f"/visits/{uuid4()}").status_code == 404


def test_a_visit_appears_to_the_branch_when_it_is_revealed(store: Store, as_mara: Browser, as_rea: Browser):
    uuid = send(store, received=NOW)
    assert as_mara.get(f"/visits/{uuid}").status_code == 404
    assert as_rea.get(f"/visits/{uuid}").status_code == 200


def test_only_reviewers_are_offered_decisions(store: Store, as_mara: Browser, as_rea: Browser):
    uuid = send(store)
    assert "decision" not in sheet(as_mara, uuid)
    assert "Declare void" in sheet(as_rea, uuid)


def test_what_was_decided_is_told_with_its_reason_and_to_reviewers_with_the_name(
    store: Store, as_mara: Browser, as_rea: Browser
):
    uuid = send(store)
    row = visits.find(store, uuid)
    assert row is not None
    review_visit(store, row, decision="void", reason="Another shop", by=people.rea(store).id, now=NOW)
    manager, reviewer = words(sheet(as_mara, uuid)), words(sheet(as_rea, uuid))
    assert "Declared void Another shop 15 Oct 2026" in manager
    assert "Rea Reed" not in manager
    assert "Rea Reed" in reviewer


def test_texts_of_shoppers_are_never_markup(store: Store, as_mara: Browser):
    evil = "<script>alert(1)</script><b>bold</b>"
    page = sheet(as_mara, send(store, answers={**SOME, "remark": evil}))
    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_sheet_marks_what_it_does_not_say_in_the_reader_s_language(app, store: Store):
    mara = people.mara(store)
    with store.write():
        store.change("person", mara.id, {"language": "de"})
    row = held.find(store, mara.id)
    assert row is not None
    shopping.publish(store)
    uuid = send(store, checklist="every_kind", outcome="other", reason="Drill", answers={"hello": "no"})
    assert '<span lang="fi">Tervehdittiinkö?</span>' in sheet(signed_in_as(app, held.person_of(row)), uuid)
