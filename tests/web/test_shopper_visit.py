"""A visit is filled and sent by the form alone, as a browser without any script does it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from checker.actions.review_visit import review_visit
from checker.standards.body import manifest_hash
from checker.store import visits
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser, Clock, signed_in_as
from tests.web.shopping import (
    EVERY_KIND,
    FILLED,
    SAID,
    assign,
    begin,
    fill,
    hidden,
    publish,
    publish_shipped,
    send,
    stored_body,
    typed_in,
)


@pytest.fixture
def visit(as_sam: Browser, store: Store) -> UUID:
    """A visit Sam has begun at B001."""
    publish(store)
    return begin(as_sam)


@pytest.fixture
def as_ned(app: Flask, store: Store) -> Browser:
    """Ned shops too; what is Sam's is not his."""
    return signed_in_as(app, people.someone(store, "ned@example.org", "Ned North", "shopper"))


def stored(store: Store, uuid: UUID) -> dict[str, Any]:
    row = visits.find(store, uuid)
    assert row is not None
    return row


# --- from the form to the receipt ---


def test_the_whole_way_without_a_script(as_sam: Browser, store: Store, visit: UUID):
    answer = fill(as_sam, visit)
    assert answer.status_code == 303
    assert answer.location == f"/visits/{visit}/review"

    review = as_sam.get(answer.location).text
    for words in (
        "12.3 s",
        "2 of 3",
        "4 of 5",
        "In cash",
        "The light, The floor",
        "1.75",
        "Nothing was claimed",
        "E0001",
    ):
        assert words in review
    assert store.value("SELECT count(*) FROM visit") == 0

    answer = send(as_sam, visit)
    assert answer.location == f"/visits/{visit}/receipt"
    body = stored_body(store, visit)
    assert body == {
        "id": str(visit),
        "programme": "main",
        "checklist": "every_kind",
        "version": 1,
        "branch": "B001",
        "assignment": None,
        "method": "mystery_shopping",
        "channel": "store",
        "subject": "own",
        "purpose": "extra",
        "practice": False,
        "outcome": "completed",
        "photos": [],
        **SAID,
    }
    receipt = as_sam.get(answer.location).text
    assert manifest_hash(body)[:12] in receipt
    assert "%" not in receipt


def test_an_assigned_visit_is_done_when_it_is_sent(as_sam: Browser, store: Store):
    assignment = assign(store, people.sam(store), publish(store), purpose="revisit")
    visit = begin(as_sam, assignment=str(assignment))
    assert fill(as_sam, visit, context__scenario="You look for a present.").status_code == 303
    assert send(as_sam, visit).status_code == 303
    body = stored_body(store, visit)
    assert body["assignment"] == str(assignment)
    assert body["purpose"] == "revisit"
    assert body["context"]["scenario"] == "You look for a present."
    assert store.value("SELECT state FROM assignment") == "done"


def test_sending_twice_leads_to_the_same_receipt(as_sam: Browser, store: Store, visit: UUID):
    fill(as_sam, visit)
    page = as_sam.get(f"/visits/{visit}/review").text
    first = as_sam.post(f"/visits/{visit}/send", data=hidden(page))
    again = as_sam.post(f"/visits/{visit}/send", data=hidden(page))
    assert first.location == again.location == f"/visits/{visit}/receipt"
    assert store.value("SELECT count(*) FROM visit") == 1
    assert store.value("SELECT count(*) FROM visit_conflict") == 0


def test_after_sending_every_page_of_the_form_leads_to_the_receipt(
    as_sam: Browser, store: Store, visit: UUID
):
    fill(as_sam, visit)
    page = as_sam.get(f"/visits/{visit}").text
    send(as_sam, visit)
    receipt = f"/visits/{visit}/receipt"
    for path in (f"/visits/{visit}", f"/visits/{visit}/review", f"/visits/{visit}/unfinished"):
        assert as_sam.get(path).location == receipt
    changed = {**FILLED, **hidden(page), "answers.hello": "no", "do": "review"}
    assert as_sam.post(f"/visits/{visit}", data=changed).location == receipt
    assert as_sam.post(f"/visits/{visit}/discard").status_code == 409
    assert stored_body(store, visit)["answers"]["hello"] == "yes"


def test_only_what_was_reviewed_is_sent(as_sam: Browser, store: Store, visit: UUID):
    fill(as_sam, visit)
    page = as_sam.get(f"/visits/{visit}/review").text
    fill(as_sam, visit, answers__hello="no")
    answer = as_sam.post(f"/visits/{visit}/send", data=hidden(page))
    assert answer.status_code == 409
    assert "Read it once more" in answer.text
    assert store.value("SELECT count(*) FROM visit") == 0


def test_a_practice_visit_counts_nowhere(as_sam: Browser, store: Store):
    publish(store)
    visit = begin(as_sam, practice="on")
    assert "Practice" in as_sam.get(f"/visits/{visit}").text
    fill(as_sam, visit)
    send(as_sam, visit)
    assert stored_body(store, visit)["practice"] is True
    assert stored(store, visit)["counted"] == 0
    assert store.value("SELECT count(*) FROM rollup") == 0
    assert "practice" in as_sam.get(f"/visits/{visit}/receipt").text


# --- what is refused, with its place, and nothing is lost ---


def test_what_is_missing_is_listed_and_marked_and_all_that_was_typed_stays(
    as_sam: Browser, store: Store, visit: UUID
):
    answer = fill(
        as_sam,
        visit,
        answers__felt=None,
        answers__paid=None,
        visited_at__time=None,
        answers__true_words__note="Kept",
    )
    assert answer.status_code == 422
    assert "3 things are missing or not right" in answer.text
    for place in ("#f-visited_at", "#q-felt", "#q-paid"):
        assert f'href="{place}"' in answer.text
    assert answer.text.count("This item must be answered before the visit can be sent.") == 2
    assert "Give both the date and the time." in answer.text
    assert 'value="2026-10-14"' in answer.text
    assert "Kept" in answer.text
    assert typed_in(store, visit)["answers.hello"] == ["yes"]
    assert store.value("SELECT count(*) FROM visit") == 0


@pytest.mark.parametrize(
    ("input_", "typed", "item", "words"),
    [
        ("answers.hello", "maybe", "hello", "Answer “yes”, “no” or “na”."),
        ("answers.hello", "n/a", "hello", "“Not applicable” is not possible here"),
        ("answers.yeses", "4", "yeses", "from 0 to 3"),
        ("answers.felt", "6", "felt", "from 1 to 5"),
        ("answers.felt", "much", "felt", "whole number"),
        ("answers.wait.seconds", "soon", "wait", "Answer a number"),
        ("answers.wait.seconds", "90000", "wait", "from 0 to 86400"),
        ("answers.wait", "later", "wait", "Answer a number"),
        ("answers.paid", "gold", "paid", "Choose one of"),
        ("answers.seen", "roof", "seen", "Choose one of"),
        ("answers.window", "2.75", "window", "from 0 to 2.5"),
        ("answers.warmth", "61", "warmth", "from -20 to 60"),
        ("answers.tills", "3.5", "tills", "whole number"),
        ("answers.answered_at.date", "2026-10-14", "answered_at", "both the date and the time"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_question(
    as_sam: Browser, store: Store, visit: UUID, input_: str, typed: str, item: str, words: str
):
    answer = fill(as_sam, visit, **{input_: typed})
    assert answer.status_code == 422
    marked = answer.text.split(f'id="q-{item}"')[1].split("</fieldset>")[0]
    assert words in marked
    assert f'href="#q-{item}"' in answer.text
    assert typed_in(store, visit)[input_] == [typed]
    assert store.value("SELECT count(*) FROM visit") == 0


def test_a_visit_in_the_future_is_refused(as_sam: Browser, visit: UUID):
    answer = fill(as_sam, visit, visited_at__date="2026-10-16")
    assert answer.status_code == 422
    assert "lies in the future" in answer.text
    assert 'href="#f-visited_at"' in answer.text


def test_an_unknown_employee_is_refused_and_an_unknown_description_is_not(
    as_sam: Browser, store: Store, visit: UUID
):
    answer = fill(as_sam, visit, employees__served_by="E9999")
    assert answer.status_code == 422
    assert "There is no employee “E9999”" in answer.text
    assert (
        fill(
            as_sam, visit, employees__served_by=None, **{"employees.served_by.described": "badge: Anna"}
        ).status_code
        == 303
    )
    send(as_sam, visit)
    assert stored_body(store, visit)["employees"] == {"served_by": {"described": "badge: Anna"}}


def test_an_employee_of_another_branch_is_taken_with_a_note(as_sam: Browser, store: Store, visit: UUID):
    fill(as_sam, visit, employees__served_by="E0003")
    assert send(as_sam, visit).status_code == 303
    assert store.value("SELECT code FROM review_note") == "employee.not_employed"


@pytest.mark.parametrize("name", ["answers.nothing", "answers.picture", "outcome", "employees.cashier"])
def test_an_input_the_form_does_not_have_is_refused(as_sam: Browser, store: Store, visit: UUID, name: str):
    answer = fill(as_sam, visit, **{name: "yes"})
    assert answer.status_code == 422
    assert name in answer.text
    assert "hello" not in str(typed_in(store, visit))


def test_a_form_without_its_token_is_refused(as_sam: Browser, store: Store, visit: UUID):
    answer = as_sam.post(f"/visits/{visit}", data=FILLED, headers={"X-CSRFToken": "wrong"})
    assert answer.status_code == 400
    assert typed_in(store, visit) == {}


def test_text_that_looks_like_markup_is_shown_as_text(as_sam: Browser, visit: UUID):
    words = "<script>alert(1)</script> & “quotes”"
    fill(as_sam, visit, answers__first_words=words)
    review = as_sam.get(f"/visits/{visit}/review").text
    assert "<script>alert" not in review
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “quotes”" in review


def test_too_much_text_is_refused_whole(as_sam: Browser, store: Store, visit: UUID):
    answer = fill(as_sam, visit, answers__first_words="x" * 400_000)
    assert answer.status_code == 413
    assert typed_in(store, visit) == {}


# --- whose it is ---


def test_another_shoppers_visit_does_not_exist(as_sam: Browser, as_ned: Browser, store: Store, visit: UUID):
    paths = [f"/visits/{visit}{rest}" for rest in ("", "/review", "/unfinished", "/receipt")]
    assert [as_ned.get(path).status_code for path in paths] == [404] * 4
    for rest in ("", "/send", "/discard", "/unfinished", "/correction"):
        assert as_ned.post(f"/visits/{visit}{rest}", data={"do": "save"}).status_code == 404
    fill(as_sam, visit)
    send(as_sam, visit)
    assert [as_ned.get(path).status_code for path in paths] == [404] * 4


@pytest.mark.parametrize("name", ["mara", "lee", "ada", "rea", "eve"])
def test_nobody_but_shoppers_fills_visits(app: Flask, store: Store, visit: UUID, name: str):
    browser = signed_in_as(app, people.CAST[name](store))
    for rest in ("/review", "/unfinished", "/receipt"):
        assert browser.get(f"/visits/{visit}{rest}").status_code == 404
    for rest in ("", "/send", "/discard", "/unfinished", "/correction"):
        assert browser.post(f"/visits/{visit}{rest}", data={"do": "save"}).status_code == 404


def test_the_address_of_a_visit_shows_others_its_sheet(
    app: Flask, as_sam: Browser, store: Store, visit: UUID
):
    fill(as_sam, visit)
    send(as_sam, visit)
    sheet = signed_in_as(app, people.ada(store)).get(f"/visits/{visit}")
    assert sheet.status_code == 200
    assert '<form id="visit"' not in sheet.text
    assert signed_in_as(app, people.bo(store)).get(f"/visits/{visit}").status_code == 404


# --- a visit that could not be made ---


def test_a_closed_shop_is_sent_with_one_choice_and_one_button(as_sam: Browser, store: Store, visit: UUID):
    page = as_sam.get(f"/visits/{visit}/unfinished").text
    assert 'value="2026-10-15"' in page
    assert 'value="12:30"' in page  # the branch's clock, not ours
    answer = as_sam.post(
        f"/visits/{visit}/unfinished",
        data={"why": "shut", "visited_at.date": "2026-10-15", "visited_at.time": "12:30"},
    )
    assert answer.location == f"/visits/{visit}/receipt"
    body = stored_body(store, visit)
    assert body["outcome"] == "closed"
    assert body["reason"] == "It was closed during its opening hours"
    assert body["visited_at"] == "2026-10-15T12:30:00+03:00"
    row = stored(store, visit)
    assert (row["counted"], row["compliance"], row["experience"]) == (0, None, None)


@pytest.mark.parametrize(
    ("why", "details", "outcome", "reason"),
    [
        ("refused", "", "refused", "I was refused service or asked to leave"),
        ("recognised", "By Emil", "recognised", "I was recognised as a shopper. By Emil"),
        ("unsafe", "", "unsafe", "It was not safe to stay"),
        ("other", "The street was flooded", "other", "The street was flooded"),
    ],
)
def test_each_outcome_carries_its_reason(
    as_sam: Browser, store: Store, visit: UUID, why: str, details: str, outcome: str, reason: str
):
    fill(as_sam, visit, do="save", answers__felt=None)
    when = {"visited_at.date": "2026-10-14", "visited_at.time": "10:00"}
    answer = as_sam.post(f"/visits/{visit}/unfinished", data={"why": why, "details": details, **when})
    assert answer.status_code == 303
    body = stored_body(store, visit)
    assert (body["outcome"], body["reason"]) == (outcome, reason)
    assert body["answers"]["hello"] == "yes"  # what was answered until then goes along


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"why": ""}, "Choose what happened."),
        ({"why": "bored"}, "Not a valid choice"),
        ({"why": "other"}, "Say in a few words what happened."),
        ({"why": "shut", "visited_at.time": ""}, "Give both the date and the time."),
        ({"why": "shut", "visited_at.date": "", "visited_at.time": ""}, "Give the date and the time."),
        ({"why": "shut", "visited_at.date": "2026-10-17"}, "lies in the future"),
    ],
)
def test_an_unfinished_visit_needs_its_reason_and_its_time(
    as_sam: Browser, store: Store, visit: UUID, fields: dict[str, str], words: str
):
    data = {"visited_at.date": "2026-10-15", "visited_at.time": "12:00", **fields}
    answer = as_sam.post(f"/visits/{visit}/unfinished", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert store.value("SELECT count(*) FROM visit") == 0


# --- nobody served me, and one answer cleared ---


def test_nobody_served_me_without_a_script(as_sam: Browser, store: Store, visit: UUID):
    page = as_sam.get(f"/visits/{visit}").text
    typed = {"answers.hello": "yes", "answers.true_words.note": "", **hidden(page)}
    answer = as_sam.post(f"/visits/{visit}", data={**typed, "do": "nobody"})
    assert answer.location == f"/visits/{visit}#who"
    assert typed_in(store, visit) == {
        "answers.hello": ["yes"],  # what was answered stays
        "answers.wait": ["never"],
        "answers.true_words": ["n/a"],
        "answers.yeses": ["0"],
    }


def test_one_answer_is_cleared_and_its_note_stays(as_sam: Browser, store: Store, visit: UUID):
    fill(as_sam, visit, do="clear:wait", answers__wait__note="Kept")
    typed = typed_in(store, visit)
    assert [name for name in typed if name.startswith("answers.wait")] == ["answers.wait.note"]
    assert typed["answers.hello"] == ["yes"]


# --- what the page shows ---


def test_what_is_asked_follows_what_is_saved(as_sam: Browser, visit: UUID):
    """SC-11, decided by the server."""

    def is_hidden(item: str) -> bool:
        tag = as_sam.get(f"/visits/{visit}").text.split(f'id="q-{item}"')[1].split(">")[0]
        return " hidden" in tag

    assert is_hidden("first_words")
    assert is_hidden("queue")
    fill(as_sam, visit, do="save", context__busy="yes")
    assert not is_hidden("first_words")
    assert not is_hidden("queue")
    assert not is_hidden("hello")


def test_progress_counts_what_is_asked(as_sam: Browser, visit: UUID):
    fill(as_sam, visit, do="save", answers__felt=None)
    page = as_sam.get(f"/visits/{visit}").text
    assert "<b data-progress>8 of 12</b>" in page
    assert "<span data-left>1 left</span>" in page
    assert 'data-next href="#q-felt"' in page


def test_texts_are_in_the_persons_language_else_in_the_checklists_first_marked_so(
    app: Flask, as_sam: Browser, store: Store, visit: UUID
):
    assert "Did somebody say hello?" in as_sam.get(f"/visits/{visit}").text
    source = EVERY_KIND.replace("id: every_kind", "id: finnish").replace("{en: ", "{de: ")
    publish(store, source.replace("[fi, en]", "[fi, de]"))
    other = begin(as_sam, checklist="finnish")
    assert '<span lang="fi">Tervehdittiinkö?</span>' in as_sam.get(f"/visits/{other}").text
    with store.write():
        store.db.execute("UPDATE person SET language = 'fi'")
    assert "<legend>Tervehdittiinkö?</legend>" in as_sam.get(f"/visits/{other}").text


def test_employees_are_codes_of_the_branch_and_never_names(as_sam: Browser, visit: UUID):
    page = as_sam.get(f"/visits/{visit}").text
    assert "E0001" in page
    assert "E0002" in page
    assert "E0003" not in page
    assert "Eve Alder" not in page


def test_without_attribution_nobody_is_asked_for(as_sam: Browser, store: Store, visit: UUID):
    with store.write():
        store.db.execute("UPDATE programme SET attribution = 'none'")
    page = as_sam.get(f"/visits/{visit}").text
    assert "Who served you" not in page
    assert "E0001" not in page
    assert "Nobody served me" in page
    fill(as_sam, visit, employees__served_by=None)
    assert send(as_sam, visit).status_code == 303
    assert stored_body(store, visit)["employees"] == {}


def test_the_form_names_neither_points_nor_what_is_critical(as_sam: Browser, store: Store):
    publish_shipped(store)
    visit = begin(as_sam, checklist="store_visit")
    page = as_sam.get(f"/visits/{visit}").text
    assert "ritical" not in page
    assert "points" not in page


def test_a_person_of_two_roles_is_asked_for_each(as_sam: Browser, store: Store):
    roles = (
        'roles: [{id: greeter, title: {fi: "Kuka tervehti?", en: "Who greeted you?"}}, '
        '{id: till, title: {fi: "Kassalla?", en: "At the till?"}}]\n'
    )
    publish(store, EVERY_KIND.replace("sections:", roles + "sections:"))
    visit = begin(as_sam)
    page = as_sam.get(f"/visits/{visit}").text
    assert "Who greeted you?" in page
    assert "At the till?" in page
    fill(
        as_sam,
        visit,
        employees__served_by=None,
        employees__greeter="E0001",
        **{"employees.till.described": "Bob"},
    )
    send(as_sam, visit)
    assert stored_body(store, visit)["employees"] == {
        "greeter": {"code": "E0001"},
        "till": {"described": "Bob"},
    }


# --- sent back by a reviewer ---


def test_a_returned_visit_is_answered_as_a_revision(as_sam: Browser, store: Store, visit: UUID, clock: Clock):
    fill(as_sam, visit)
    send(as_sam, visit)
    rea = people.rea(store)
    review_visit(
        store, stored(store, visit), decision="return", reason="Which words?", by=rea.id, now=clock()
    )
    assert "Which words?" in as_sam.get("/").text

    answer = as_sam.post(f"/visits/{visit}/correction")
    assert answer.location == f"/visits/{visit}"
    assert "Good day" in as_sam.get(answer.location).text
    fill(as_sam, visit, answers__first_words="Welcome in")

    refused = send(as_sam, visit)
    assert refused.status_code == 422
    assert "Say why the visit is corrected." in refused.text
    assert send(as_sam, visit, reason="I had noted them wrongly.").location == f"/visits/{visit}/receipt"

    row = stored(store, visit)
    assert (row["state"], row["revision"]) == ("sent", 2)
    body = stored_body(store, visit)
    assert body["answers"]["first_words"] == "Welcome in"
    assert body["reason"] == "I had noted them wrongly."
    assert "Sent back" not in as_sam.get("/").text
    assert as_sam.post(f"/visits/{visit}/correction").status_code == 409


def test_a_photo_taken_away_in_a_correction_is_gone_from_it(
    as_sam: Browser, store: Store, visit: UUID, clock: Clock
):
    photos = [{"item": "picture", "sha256": letter * 64} for letter in "ab"]
    fill(as_sam, visit, photos=json.dumps(photos))
    send(as_sam, visit)
    rea = people.rea(store)
    review_visit(
        store, stored(store, visit), decision="return", reason="One shows a face.", by=rea.id, now=clock()
    )
    as_sam.post(f"/visits/{visit}/correction")
    fill(as_sam, visit, photos=json.dumps(photos[1:]))
    send(as_sam, visit, reason="It is gone.")
    assert stored_body(store, visit)["photos"] == photos[1:]


def test_only_a_returned_visit_is_opened_again(as_sam: Browser, as_ned: Browser, store: Store, visit: UUID):
    fill(as_sam, visit)
    send(as_sam, visit)
    assert as_sam.post(f"/visits/{visit}/correction").status_code == 409
    assert as_ned.post(f"/visits/{visit}/correction").status_code == 404
