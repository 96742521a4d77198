"""What reviewers see, decide and correct; and that nobody else does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.datastructures import MultiDict

from checker.problem import Problem
from checker.store import revisions, visits
from checker.store.connection import Row, Store
from tests import people
from tests.browsing import Browser
from tests.conftest import NOW
from tests.making_store import GOOD
from tests.web import shopping
from tests.web.sent import send, words


def row_of(store: Store, uuid: UUID) -> Row:
    row = visits.find(store, uuid)
    assert row is not None
    return row


def decide(browser: Browser, uuid: UUID, decision: str, reason: str = "", **fields: str) -> Any:
    data = {"state": "sent", "excluded": "0", "decision": decision, "reason": reason, **fields}
    return browser.post(f"/visits/{uuid}/decision", data=data)


# --- the list ----------------------------------------------------------------------------------------------


def test_the_newest_visits_come_first_with_branch_and_shopper(store: Store, as_rea: Browser):
    first, second = send(store), send(store, branch="B003")
    page = as_rea.get("/review").text
    assert page.index(str(second)) < page.index(str(first))
    said = words(page)
    assert "Old Town B003 shop 1 Sam Shore completed 100.0 % 100.0 %" in said


def test_a_note_is_said_in_words_and_has_a_list_of_its_own(store: Store, as_rea: Browser):
    noted = send(store, branch="B003", employees={"served_by": {"code": "E0001"}})
    plain = send(store)
    page = as_rea.get("/review?show=noted").text
    assert str(noted) in page
    assert str(plain) not in page
    assert "E0001 was not employed at this branch on that day." in words(page)
    assert "E0001 was not employed at this branch on that day." in words(as_rea.get(f"/visits/{noted}").text)


# --- what else came under an id ----------------------------------------------------------------------------


def test_what_else_came_under_an_id_stands_beside_what_counts(store: Store, as_rea: Browser):
    """The sender is told that a reviewer will look at both, so there is where to look."""
    uuid = send(store)
    assert as_rea.get(f"/visits/{uuid}/others").status_code == 404
    for changes in (
        {"answers": {**GOOD, "tidy": "no"}, "branch": "B003"},
        {"answers": {**GOOD, "tidy": 7, "unheard_of": "jå <b>"}},
        {"version": 9},
    ):
        with pytest.raises(Problem, match="Both are kept"):
            send(store, id=str(uuid), **changes)
    assert f"/visits/{uuid}/others" in as_rea.get(f"/visits/{uuid}").text
    page = as_rea.get(f"/visits/{uuid}/others")
    assert page.status_code == 200
    said = words(page.text)
    assert "It names the branch B003. Question What counts What came too The shop was tidy. Yes No" in said
    assert said.count("It cannot be set side by side: it is on “shop”, version") == 2
    assert 'unheard_of "jå <b>"' in said
    assert f"/visits/{uuid}/revise" in page.text


def test_each_decision_has_its_list(store: Store, as_rea: Browser):
    made = {kind: send(store) for kind in ("approve", "return", "void", "exclude")}
    for kind, uuid in made.items():
        assert decide(as_rea, uuid, kind, "Why not").status_code == 303
    for show, kind in (
        ("approved", "approve"),
        ("returned", "return"),
        ("void", "void"),
        ("excluded", "exclude"),
    ):
        page = as_rea.get(f"/review?show={show}").text
        assert [uuid for uuid in made.values() if str(uuid) in page] == [made[kind]]
    assert str(made["exclude"]) in as_rea.get("/review").text  # it still waits for its review


def test_long_lists_are_turned_over(store: Store, as_rea: Browser):
    oldest = send(store)
    send(store, 50)
    first, second = as_rea.get("/review").text, as_rea.get("/review?page=2").text
    assert "page=2" in first
    assert str(oldest) not in first
    assert str(oldest) in second
    assert "page=1" in second


@pytest.mark.parametrize(
    "query", ["show=everything", "page=0", "page=x", "page=-1", "page=99999", "page=201"]
)
def test_there_is_no_other_list(store: Store, as_rea: Browser, query: str):
    assert as_rea.get(f"/review?{query}").status_code == 404


def test_an_empty_list_says_so(as_rea: Browser):
    assert "There is no such visit." in as_rea.get("/review").text


@pytest.mark.parametrize("who", ["as_mara", "as_lee", "as_eve", "as_sam"])
def test_nobody_else_reviews(request: pytest.FixtureRequest, store: Store, who: str):
    uuid = send(store, employees={"served_by": {"code": "E0001"}})
    browser: Browser = request.getfixturevalue(who)
    assert browser.get("/review").status_code == 404
    assert decide(browser, uuid, "void", "Because").status_code == 404
    assert browser.get(f"/visits/{uuid}/revise").status_code == 404
    assert browser.post(f"/visits/{uuid}/revise", data={}).status_code == 404
    assert row_of(store, uuid)["state"] == "sent"


# --- decisions ---------------------------------------------------------------------------------------------


def test_a_decision_is_kept_with_its_reason_and_author(store: Store, as_rea: Browser):
    uuid = send(store)
    answer = decide(as_rea, uuid, "void", " Another shop. ")
    assert answer.location == f"/visits/{uuid}"
    said = words(as_rea.get(f"/visits/{uuid}").text)
    assert "Done: Declared void" in said
    assert "Declared void Another shop." in said
    assert "Rea Reed" in said


def test_figures_follow_the_decision_and_its_taking_back(store: Store, as_rea: Browser, as_mara: Browser):
    uuid = send(store, answers={**GOOD, "smile": "no"})
    send(store)

    def n() -> str:
        return re.findall(r"n = \d+", words(as_mara.get("/branches/B001").text))[0]

    assert n() == "n = 2"
    decide(as_rea, uuid, "exclude", "Stocktaking")
    assert n() == "n = 1"
    decide(as_rea, uuid, "include", excluded="1")
    assert n() == "n = 2"
    decide(as_rea, uuid, "void", "Another shop")
    assert n() == "n = 1"
    decide(as_rea, uuid, "restore", state="void")
    assert n() == "n = 2"


@pytest.mark.parametrize("decision", ["void", "return", "exclude"])
def test_a_reason_is_asked_for_where_one_is_owed(store: Store, as_rea: Browser, decision: str):
    uuid = send(store)
    answer = decide(as_rea, uuid, decision, "  ")
    assert answer.status_code == 422
    assert "Say why; the reason stays with the visit." in words(answer.text)
    assert row_of(store, uuid)["state"] == "sent"


def test_what_was_typed_stays_when_somebody_decided_meanwhile(store: Store, as_rea: Browser, as_ada: Browser):
    uuid = send(store)
    decide(as_ada, uuid, "approve")
    answer = decide(as_rea, uuid, "return", "Which till was it?")
    assert answer.status_code == 409
    assert "Somebody decided about this visit meanwhile." in words(answer.text)
    assert "Which till was it?</textarea>" in answer.text
    assert row_of(store, uuid)["state"] == "approved"


def test_only_what_is_possible_is_offered_and_taken(store: Store, as_rea: Browser):
    uuid = send(store)
    assert "Bring back" not in as_rea.get(f"/visits/{uuid}").text
    assert decide(as_rea, uuid, "restore").status_code == 422
    decide(as_rea, uuid, "void", "Another shop")
    page = as_rea.get(f"/visits/{uuid}").text
    assert "Bring back" in page
    assert "Approve<" not in page
    assert "/revise" not in page


@pytest.mark.parametrize("decision", ["", "delete", "revise"])
def test_there_is_no_other_decision(store: Store, as_rea: Browser, decision: str):
    uuid = send(store)
    answer = decide(as_rea, uuid, decision)
    assert answer.status_code == 400
    assert row_of(store, uuid)["state"] == "sent"


def test_a_visit_that_is_not_there_cannot_be_decided_about(store: Store, as_rea: Browser):
    assert decide(as_rea, uuid4(), "approve").status_code == 404


def test_the_sheet_leads_to_the_next_visit_that_waits(store: Store, as_rea: Browser):
    older, newer = send(store), send(store)
    assert f'href="/visits/{older}"' in as_rea.get(f"/visits/{newer}").text
    assert "Next sent visit" not in as_rea.get(f"/visits/{older}").text


# --- corrections -------------------------------------------------------------------------------------------


def inputs(page: str) -> MultiDict[str, str]:
    """What the correction's form would send as it stands."""
    form = page[page.index('action="/visits/') :]
    found: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", form):
        kind = attribute(tag, "type") or "text"
        if kind in ("radio", "checkbox") and " checked" not in tag:
            continue
        if attribute(tag, "name") != "csrf_token":
            found.add(attribute(tag, "name"), attribute(tag, "value"))
    for tag, inside in re.findall(r"(<textarea[^>]*>)(.*?)</textarea>", form, flags=re.S):
        found.add(attribute(tag, "name"), inside)
    for tag, inside in re.findall(r"(<select[^>]*>)(.*?)</select>", form, flags=re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected>', inside)
        found.add(attribute(tag, "name"), chosen[0] if chosen else "")
    return found


def attribute(tag: str, name: str) -> str:
    held = re.search(rf'\s{name}="([^"]*)"', tag)
    return held[1] if held else ""


def correct(browser: Browser, uuid: UUID, **changes: str) -> Any:
    """Change what the form holds and send it; "answers__smile" stands for "answers.smile"."""
    data = inputs(browser.get(f"/visits/{uuid}/revise").text)
    for name, value in changes.items():
        data.setlist(name.replace("__", "."), [value])
    return browser.post(f"/visits/{uuid}/revise", data=data)


def test_sent_as_it_stands_the_form_changes_nothing_but_the_revision(store: Store, as_rea: Browser):
    uuid = send(
        store,
        answers={**GOOD, "greeting_time": {"value": "12.4", "estimated": True, "note": "Counted"}},
        service_level="wow",
        context={"busy": True, "customers_waiting": 2, "scenario": "A gift"},
        employees={"served_by": {"code": "E0001"}},
    )
    before = revisions.get(store, row_of(store, uuid)["id"], 1)
    assert correct(as_rea, uuid, reason="Only looked").status_code == 303
    after = revisions.get(store, row_of(store, uuid)["id"], 2)
    assert after["answers"]["greeting_time"] == before["answers"]["greeting_time"]
    for item, answer in before["answers"].items():
        given = after["answers"][item]
        assert given == answer or given["value"] == answer
    assert {key: after[key] for key in ("service_level", "context", "employees")} == {
        key: before[key] for key in ("service_level", "context", "employees")
    }


def test_a_correction_is_a_new_revision_and_every_figure_follows(
    store: Store, as_rea: Browser, as_mara: Browser
):
    uuid = send(store)
    answer = correct(as_rea, uuid, answers__smile="no", reason="The note says otherwise.")
    assert answer.location == f"/visits/{uuid}"
    row = row_of(store, uuid)
    assert (row["revision"], row["compliance"], row["state"]) == (2, 750_000, "sent")
    manager, reviewer = (words(browser.get(f"/visits/{uuid}").text) for browser in (as_mara, as_rea))
    assert "Corrected The note says otherwise." in manager
    assert "2 versions of this visit" in manager
    assert "Rea Reed" in reviewer
    assert "Rea Reed" not in manager
    assert "75.0 %" in words(as_mara.get("/branches/B001").text)


def test_a_described_person_is_resolved_to_an_employee_by_name(
    store: Store, as_rea: Browser, as_mara: Browser
):
    uuid = send(store, employees={"served_by": {"described": "badge: Eve"}})
    page = as_rea.get(f"/visits/{uuid}/revise").text
    assert "Eve Alder · E0001" in page
    assert 'value="badge: Eve"' in page
    fields = {"employees__served_by": "E0001", "employees__served_by__described": "", "reason": "Her badge"}
    assert correct(as_rea, uuid, **fields).status_code == 303
    assert "Eve Alder" in words(as_mara.get(f"/visits/{uuid}").text)


def test_without_a_reason_nothing_is_stored_and_what_was_typed_stays(store: Store, as_rea: Browser):
    uuid = send(store)
    answer = correct(as_rea, uuid, answers__smile="no")
    assert answer.status_code == 422
    assert "Say why the visit is corrected." in words(answer.text)
    assert inputs(answer.text)["answers.smile"] == "no"
    assert row_of(store, uuid)["revision"] == 1


def test_every_fault_stands_at_its_field(store: Store, as_rea: Browser):
    uuid = send(store)
    answer = correct(
        as_rea, uuid, **{"answers__greeting_time__seconds": "soon", "visited_at__time": "", "reason": "Why"}
    )
    assert answer.status_code == 422
    assert answer.text.count('class="faults"') >= 2
    assert row_of(store, uuid)["revision"] == 1


def test_a_moment_that_lies_ahead_is_refused(store: Store, as_rea: Browser):
    uuid = send(store)
    answer = correct(as_rea, uuid, visited_at__date="2026-10-16", reason="Why")
    assert answer.status_code == 422
    assert "The visit lies in the future" in words(answer.text)


def test_a_decision_is_about_the_answers_that_were_looked_at(store: Store, as_rea: Browser, as_ada: Browser):
    uuid = send(store)
    opened = inputs(as_rea.get(f"/visits/{uuid}").text)
    assert correct(as_ada, uuid, answers__tidy="no", reason="Dust").status_code == 303
    seen = {"revision": opened["revision"]}
    answer = decide(as_rea, uuid, "return", "Which till was it?", **seen)
    assert answer.status_code == 409
    assert "This visit was corrected meanwhile." in words(answer.text)
    assert "Which till was it?</textarea>" in answer.text
    again = {"revision": inputs(answer.text)["revision"]}
    assert decide(as_rea, uuid, "return", "Which till was it?", **again).status_code == 303


def test_who_comes_second_is_told_and_loses_nothing_typed(store: Store, as_rea: Browser, as_ada: Browser):
    uuid = send(store)
    opened = inputs(as_rea.get(f"/visits/{uuid}/revise").text)
    assert correct(as_ada, uuid, answers__tidy="no", reason="Dust").status_code == 303
    opened["answers.smile"], opened["reason"] = "no", "No smile"
    answer = as_rea.post(f"/visits/{uuid}/revise", data=opened)
    assert answer.status_code == 409
    assert "This visit was corrected meanwhile." in words(answer.text)
    assert inputs(answer.text)["answers.smile"] == "no"
    assert row_of(store, uuid)["revision"] == 2


def test_an_input_the_form_does_not_have_is_refused(store: Store, as_rea: Browser):
    uuid = send(store)
    answer = as_rea.post(
        f"/visits/{uuid}/revise", data={"answers.nonsense": "yes", "reason": "Why", "revises": "0"}
    )
    assert answer.status_code == 422
    assert row_of(store, uuid)["revision"] == 1


def test_an_answer_can_be_cleared_without_storing_anything(store: Store, as_rea: Browser):
    uuid = send(store, answers={**GOOD, "remark": "Nice"})
    answer = correct(as_rea, uuid, do="clear:smile", answers__tidy="no")
    assert answer.status_code == 200
    held = inputs(answer.text)
    assert "answers.smile" not in held
    assert held["answers.tidy"] == "no"
    assert row_of(store, uuid)["revision"] == 1


def test_a_visit_of_every_kind_of_question_comes_back_as_it_was(store: Store, as_rea: Browser):
    shopping.publish(store)
    people.sam(store)
    answers = {
        "hello": {"value": "no", "note": "Nobody"},
        "first_words": "Good day",
        "wait": "never",
        "true_words": "na",
        "yeses": 2,
        "felt": 4,
        "paid": "card",
        "seen": [],
        "window": "1.25",
        "warmth": "-3.5",
        "tills": 12,
        "answered_at": "2026-10-12T14:39:00+03:00",
    }
    uuid = send(store, checklist="every_kind", answers=answers)
    scores = (row_of(store, uuid)["compliance"], row_of(store, uuid)["experience"])
    assert correct(as_rea, uuid, reason="Only looked").status_code == 303
    assert (row_of(store, uuid)["compliance"], row_of(store, uuid)["experience"]) == scores
    after = revisions.get(store, row_of(store, uuid)["id"], 2)["answers"]
    assert after.keys() == answers.keys()
    assert after["hello"] == {"value": "no", "note": "Nobody"}


def test_a_visit_not_revealed_yet_can_be_reviewed(store: Store, as_rea: Browser):
    uuid = send(store, received=NOW, visited_at=(NOW - timedelta(hours=2)).isoformat())
    assert decide(as_rea, uuid, "approve").status_code == 303
    assert row_of(store, uuid)["revealed_at"] is not None
