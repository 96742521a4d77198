"""Visits through the API: sent once, corrected, listed, looked at, and what of them is told to whom."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import rfc8785

from checker.actions.plan_assignment import plan_assignment
from checker.actions.review_visit import review_visit
from checker.store import visits
from checker.store.connection import Store
from tests import people
from tests.browsing import Clock
from tests.conftest import NOW
from tests.making_store import GOOD, POOR
from tests.web import shopping
from tests.web.asking import Program, faults_of, visit

AsProgram = Callable[..., Program]


def count(store: Store, table: str) -> int:
    return int(store.value(f"SELECT count(*) FROM {table}"))


# --- sending ------------------------------------------------------------------------------------------------


def test_a_visit_is_stored_and_receipted_with_the_hash_of_what_was_sent(as_program: AsProgram, store: Store):
    sent = visit(employees={"served_by": {"code": "E0001"}})
    answer = as_program("sam", "visits:write").post("/visits", sent)
    assert answer.status_code == 201
    assert answer.get_json() == {
        "id": sent["id"],
        "manifest_hash": hashlib.sha256(rfc8785.dumps(sent)).hexdigest(),
        "received_at": "2026-10-15T09:30:00Z",
    }
    assert answer.headers["Location"] == f"/api/v1/visits/{sent['id']}"
    row = store.row("SELECT shopper_id, compliance, counted FROM visit")
    assert row == {"shopper_id": people.sam(store).id, "compliance": 1_000_000, "counted": 1}


def test_scores_stand_in_the_receipt_only_for_who_may_see_scores(as_program: AsProgram):
    both = as_program("sam", "visits:write", "scores:read")
    scores = both.post("/visits", visit(answers={**GOOD, "greeting_time": 25})).get_json()["scores"]
    # 25 s lies half way between target and limit: 4 + 3 + 4 + 4 of 16 points.
    assert scores == {"compliance": 0.9375, "experience": 1.0, "flagged": False}
    unfinished = visit(outcome="closed", reason="Closed for stocktaking.", answers={})
    assert both.post("/visits", unfinished).get_json()["scores"] is None
    assert "scores" not in as_program("sam", "visits:write").post("/visits", visit()).get_json()


def test_the_same_again_gives_the_same_receipt(as_program: AsProgram, store: Store, clock: Clock):
    sam, sent = as_program("sam"), visit()
    first = sam.post("/visits", sent)
    clock.pass_by(days=3)
    again = sam.post("/visits", dict(reversed(sent.items())))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    assert count(store, "visit") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"answers": {**GOOD, "tidy": "no"}},
        {"service_level": "wow"},
        {"service_level": None},  # says the same and is not the same: what was sent is what counts
        {"answers": {**GOOD, "tidy": {"value": "yes"}}},
    ],
)
def test_the_same_id_with_other_content_is_refused_and_both_are_kept(
    as_program: AsProgram, store: Store, change: dict[str, Any]
):
    sam, sent = as_program("sam"), visit()
    sam.post("/visits", sent)
    answer = sam.post("/visits", {**sent, **change})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "visit.other_content")
    assert sam.post("/visits", {**sent, **change}).status_code == 409
    kept = store.rows("SELECT body FROM visit_conflict")
    assert [json.loads(row["body"]) for row in kept] == [{**sent, **change}]
    assert sam.post("/visits", sent).status_code == 200


def test_every_fault_is_told_at_once_and_nothing_is_stored(as_program: AsProgram, store: Store):
    sent = visit(
        branch="B999",
        programme="nobody",
        visited_at=(NOW + timedelta(minutes=11)).isoformat(),
        photos=[{"item": "nothing", "sha256": "ab" * 32}],
        employees={"cook": None},
        answers={"tidy": "maybe", "three_yes": 4, "unheard_of": "yes", "smile": "na"},
    )
    answer = as_program("sam").post("/visits", sent)
    assert answer.status_code == 422
    assert faults_of(answer) == {
        ("branch", "branch.unknown"),
        ("programme", "programme.unknown"),
        ("visited_at", "visit.in_future"),
        ("photos.0.item", "body.unknown_item"),
        ("employees.cook", "body.unknown_role"),
        ("tidy", "answer.yes_no"),
        ("three_yes", "answer.out_of_range"),
        ("unheard_of", "answer.unknown_item"),
        ("smile", "answer.na_forbidden"),
    }
    assert count(store, "visit") == count(store, "visit_revision") == count(store, "answer") == 0


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"version": 2}, "checklist", "checklist.unknown"),
        ({"checklist": "nothing"}, "checklist", "checklist.unknown"),
        ({"employees": {"served_by": {"code": "E9"}}}, "employees.served_by", "employee.unknown"),
        ({"assignment": "01928f6e-5b3a-7c41-9f0d-2a6b8c1d4e5f"}, "assignment", "assignment.unknown"),
        ({"answers": {**GOOD, "tidy": None}}, "tidy", "answer.missing"),
        ({"answers": {**GOOD, "greeting_time": 25.4}}, "answers.greeting_time", "body.float"),
        ({"context": {"weather": "rain"}}, "context.weather", "body.unknown_key"),
        ({"colour": "red"}, "colour", "body.unknown_key"),
        ({"id": "1"}, "id", "body.uuid"),
        ({"outcome": "closed"}, "reason", "body.reason_missing"),
        ({"branch": "B\x00"}, "branch", "body.code"),
        ({"version": 10**30}, "version", "body.too_large"),
        ({"reason": "\ud800"}, "reason", "body.characters"),
        ({"answers": {"tidy": [[[[[[[[[["yes"]]]]]]]]]]}}, "answers.tidy.0.0.0.0.0.0.0", "body.too_deep"),
        ({"revises": "ab" * 32}, "revises", "visit.revises"),
    ],
)
def test_bad_input_is_refused_with_its_place(
    as_program: AsProgram, store: Store, change: dict[str, Any], place: str, code: str
):
    answer = as_program("sam").post("/visits", visit(**change))
    assert answer.status_code == 422
    assert (place, code) in faults_of(answer)
    assert count(store, "visit") == 0


def test_an_employee_not_employed_there_is_taken_with_a_note(as_program: AsProgram, store: Store):
    assert (
        as_program("sam").post("/visits", visit(employees={"served_by": {"code": "E0003"}})).status_code
        == 201
    )
    assert store.value("SELECT code FROM review_note") == "employee.not_employed"


def test_an_assignment_is_done_by_its_own_shopper_alone(as_program: AsProgram, store: Store):
    sam = people.sam(store)
    people.someone(store, "sue@example.org", "Sue Sand", "shopper")
    assignment = plan(store, "sue@example.org")
    answer = as_program("sam").post("/visits", visit(assignment=assignment))
    assert faults_of(answer) == {("assignment", "assignment.unknown")}
    own = plan(store, sam.email)
    assert as_program("sam").post("/visits", visit(assignment=own)).status_code == 201


def plan(store: Store, email: str) -> str:
    planned = plan_assignment(
        store,
        branch="B001",
        checklist="shop",
        shopper=email,
        visit_from="2026-10-15",
        visit_to="2026-10-20",
        report_by="2026-10-21",
        by=people.ada(store).id,
        now=NOW,
    )
    return str(planned)


@pytest.mark.parametrize("name", ["mara", "lee", "rea", "eve", "bo"])
def test_who_sends_no_visits_sends_none_by_a_key_either(as_program: AsProgram, store: Store, name: str):
    answer = as_program(name).post("/visits", visit())
    assert (answer.status_code, answer.get_json()["code"]) == (403, "token.role")
    assert count(store, "visit") == 0


def test_what_an_administrators_key_sends_has_no_shopper(as_program: AsProgram, store: Store):
    assert as_program("ada").post("/visits", visit()).status_code == 201
    assert store.value("SELECT shopper_id FROM visit") is None


# --- correcting ---------------------------------------------------------------------------------------------


def correction(sent: dict[str, Any], receipt: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**sent, "revises": receipt["manifest_hash"], "reason": "A slip of the finger.", **changes}


def test_a_correction_replaces_the_current_revision_and_no_other(as_program: AsProgram):
    sam, rea, sent = as_program("sam"), as_program("rea"), visit()
    receipt = sam.post("/visits", sent).get_json()
    path = f"/visits/{sent['id']}/revisions"
    corrected = correction(sent, receipt, answers=POOR)
    first = rea.post(path, corrected)
    assert first.status_code == 201 and first.get_json()["scores"]["compliance"] == 0.0
    again = rea.post(path, corrected)
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    late = rea.post(path, correction(sent, receipt, service_level="wow"))
    assert (late.status_code, late.get_json()["code"]) == (409, "visit.revised_meanwhile")
    shown = rea.get(f"/visits/{sent['id']}").get_json()
    assert (shown["revision"], shown["manifest_hash"]) == (2, first.get_json()["manifest_hash"])
    assert rea.post(path, correction(sent, first.get_json(), service_level="wow")).status_code == 201


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"revises": None}, "revises", "revision.revises_missing"),
        ({"id": "01928f6e-5b3a-7c41-9f0d-2a6b8c1d4e5f"}, "id", "revision.other_visit"),
        ({"reason": ""}, "reason", "body.reason_missing"),
    ],
)
def test_a_correction_names_what_it_corrects_and_why(
    as_program: AsProgram, change: dict[str, Any], place: str, code: str
):
    sent = visit()
    receipt = as_program("sam").post("/visits", sent).get_json()
    answer = as_program("rea").post(f"/visits/{sent['id']}/revisions", correction(sent, receipt, **change))
    assert (answer.status_code, faults_of(answer)) == (422, {(place, code)})


def test_a_shopper_corrects_only_what_was_sent_back(as_program: AsProgram, store: Store):
    sam, sent = as_program("sam"), visit()
    receipt = sam.post("/visits", sent).get_json()
    path, corrected = f"/visits/{sent['id']}/revisions", correction(sent, receipt, answers=POOR)
    refused = sam.post(path, corrected)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "visit.not_returned")
    row = visits.get(store, 1)
    review_visit(store, row, decision="return", reason="How long was it?", by=people.rea(store).id, now=NOW)
    assert sam.post(path, corrected).status_code == 201
    assert sam.post(path, corrected).status_code == 200, "a receipt that got lost is given again"


def test_a_correction_is_for_those_who_may(as_program: AsProgram, clock: Clock):
    sent = visit()
    receipt = as_program("sam").post("/visits", sent).get_json()
    path, corrected = f"/visits/{sent['id']}/revisions", correction(sent, receipt)
    assert as_program("bo").post(path, corrected).status_code == 404
    assert as_program("mara").post(path, corrected).status_code == 404, "not revealed yet"
    clock.pass_by(days=1)
    assert as_program("mara").post(path, corrected).status_code == 403


# --- listing ------------------------------------------------------------------------------------------------


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [line["id"] for line in answer.get_json()["visits"]]


@pytest.fixture
def sent(as_program: AsProgram, store: Store, clock: Clock) -> list[dict[str, Any]]:
    """Five visits, revealed: three at Harbour (one in September), one at Station, one at Old Town."""
    bodies = [
        visit(employees={"served_by": {"code": "E0001"}}, context={"scenario": "A tent"}),
        visit(visited_at="2026-09-30T23:30:00+03:00"),
        visit(branch="B002"),
        visit(branch="B003"),
        visit(answers=POOR),
    ]
    for body in bodies:
        assert as_program("sam").post("/visits", body).status_code == 201
    clock.pass_by(days=1)
    return bodies


def test_pages_follow_one_another_without_gap_or_double(as_program: AsProgram, sent: list[dict[str, Any]]):
    rea, found, after = as_program("rea"), [], None
    for _ in range(3):
        answer = rea.get("/visits", limit=2, **({"after": after} if after else {}))
        found += ids(answer)
        after = answer.get_json()["next"]
    assert after is None
    assert found == [body["id"] for body in sent]


def test_a_page_that_is_just_full_is_the_last(as_program: AsProgram, sent: list[dict[str, Any]]):
    answer = as_program("rea").get("/visits", limit=5)
    assert len(ids(answer)) == 5 and answer.get_json()["next"] is None


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"month": "2026-09"}, [1]),
        ({"branch": "B001"}, [0, 1, 4]),
        ({"branch": "B001", "month": "2026-10"}, [0, 4]),
        ({"region": "R2"}, [3]),
        ({"checklist": "shop"}, [0, 1, 2, 3, 4]),
        ({"checklist": "other"}, []),
        ({"branch": "B999"}, []),
        ({"since": "2026-10-15T09:30:00Z"}, [0, 1, 2, 3, 4]),
        ({"since": "2026-10-16T09:30:00Z"}, []),
    ],
)
def test_filters_narrow_the_list(
    as_program: AsProgram, sent: list[dict[str, Any]], query: dict[str, str], places: list[int]
):
    assert ids(as_program("rea").get("/visits", **query)) == [sent[place]["id"] for place in places]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"month": "2026-13"}, ("month", "query.month")),
        ({"month": "October"}, ("month", "query.month")),
        ({"since": "yesterday"}, ("since", "query.moment")),
        ({"since": "2026-10-15T09:30:00 03:00"}, ("since", "query.moment")),
        ({"limit": "0"}, ("limit", "query.limit")),
        ({"limit": "201"}, ("limit", "query.limit")),
        ({"limit": "9" * 5000}, ("limit", "query.limit")),
        ({"after": "x"}, ("after", "body.uuid")),
        ({"after": "01928f6e-5b3a-7c41-9f0d-2a6b8c1d4e5f"}, ("after", "page.after")),
        ({"branch": " "}, ("branch", "body.code")),
        ({"moth": "2026-10"}, ("moth", "query.unknown")),
        ({"month": ["2026-10", "2026-09"]}, ("month", "query.twice")),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(
    as_program: AsProgram, query: dict[str, Any], fault: tuple[str, str]
):
    answer = as_program("rea").get("/visits", **query)
    assert (answer.status_code, faults_of(answer)) == (422, {fault})


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("ada", [0, 1, 2, 3, 4]),
        ("rea", [0, 1, 2, 3, 4]),
        ("lee", [0, 1, 2, 3, 4]),
        ("sam", [0, 1, 2, 3, 4]),
        ("mara", [0, 1, 2, 4]),
        ("bo", [3]),
        ("eve", [0]),
    ],
)
def test_a_key_sees_what_its_person_sees(
    as_program: AsProgram, sent: list[dict[str, Any]], name: str, places: list[int]
):
    program = as_program(name)
    assert ids(program.get("/visits")) == [sent[place]["id"] for place in places]
    for place, body in enumerate(sent):
        status = program.get(f"/visits/{body['id']}").status_code
        assert status == (200 if place in places else 404)
        refused = program.get("/visits", after=body["id"]).status_code
        assert refused == (200 if place in places else 422)


def test_another_shopper_sees_nothing(as_program: AsProgram, store: Store, sent: list[dict[str, Any]]):
    people.CAST["sue"] = lambda store: people.someone(store, "sue@example.org", "Sue Sand", "shopper")
    try:
        assert ids(as_program("sue").get("/visits")) == []
    finally:
        del people.CAST["sue"]


def test_since_finds_what_became_visible_or_changed(as_program: AsProgram, store: Store, clock: Clock):
    """What came in on one day is revealed on the next: a program that asks daily must not miss it."""
    sam, mara, sent = as_program("sam"), as_program("mara"), visit()
    sam.post("/visits", sent)
    clock.pass_by(hours=1)
    asked_at = clock().isoformat().replace("+00:00", "Z")
    assert ids(mara.get("/visits")) == []
    clock.pass_by(days=1)
    assert ids(mara.get("/visits", since=asked_at)) == [sent["id"]]
    asked_at = clock().isoformat().replace("+00:00", "Z")
    clock.pass_by(days=1)
    assert ids(mara.get("/visits", since=asked_at)) == []
    row = visits.get(store, 1)
    review_visit(store, row, decision="void", reason="Wrong shop.", by=people.rea(store).id, now=clock())
    assert ids(mara.get("/visits", since=asked_at)) == [sent["id"]]


# --- looking ------------------------------------------------------------------------------------------------


def test_a_visit_is_told_as_it_was_answered(as_program: AsProgram, sent: list[dict[str, Any]]):
    shown = as_program("lee").get(f"/visits/{sent[0]['id']}").get_json()
    assert shown["answers"] == GOOD
    assert shown["context"] == {"scenario": "A tent"}
    assert (shown["branch"], shown["region"], shown["month"], shown["visited_on"]) == (
        "B001",
        "R1",
        "2026-10",
        "2026-10-05",
    )
    assert shown["scores"] == {"compliance": 1.0, "experience": 1.0, "flagged": False}
    assert shown["items"]["three_yes"] == {"met": True, "earned": 4, "possible": 4}
    assert shown["items"]["try_out"] == {"met": False, "earned": 0, "possible": 0}
    for axis in ("compliance", "experience"):
        lines = [line for line in shown["explanation"] if line["axis"] == axis]
        assert sum(line["share"] for line in lines) == pytest.approx(shown["scores"][axis])


def test_without_the_scope_no_score_is_told(as_program: AsProgram, sent: list[dict[str, Any]]):
    program = as_program("lee", "visits:read")
    for shown in (
        program.get(f"/visits/{sent[0]['id']}").get_json(),
        program.get("/visits").get_json()["visits"][0],
    ):
        assert not {"scores", "items", "explanation"} & set(shown)


@pytest.mark.parametrize("name", ["ada", "rea", "lee", "mara", "sam", "eve"])
def test_nobody_is_told_who_shopped_or_who_served(
    as_program: AsProgram, sent: list[dict[str, Any]], name: str
):
    program = as_program(name)
    for answer in (program.get("/visits"), program.get(f"/visits/{sent[0]['id']}")):
        for secret in ("Sam", "Shore", "sam@", "shopper", "E0001", "Eve", "Alder"):
            assert secret not in answer.text


@pytest.mark.parametrize(
    ("name", "knows"),
    [("ada", True), ("rea", True), ("sam", True), ("lee", False), ("mara", False), ("eve", False)],
)
def test_the_hour_is_for_the_office_and_the_shopper(
    as_program: AsProgram, sent: list[dict[str, Any]], name: str, knows: bool
):
    shown = as_program(name).get(f"/visits/{sent[0]['id']}")
    assert ("visited_at" in shown.get_json()) is knows
    assert ("manifest_hash" in shown.get_json()) is knows
    assert ("09:30" in shown.text) is knows


@pytest.mark.parametrize(("name", "knows"), [("rea", True), ("sam", True), ("lee", False), ("mara", False)])
@pytest.mark.parametrize("note", ["", "By mail."])
def test_a_moment_that_was_answered_tells_the_hour_to_the_same(
    as_program: AsProgram, store: Store, clock: Clock, name: str, knows: bool, note: str
):
    """In whatever zone it was said; the day is the one that was meant there."""
    shopping.publish(store)
    moment = "2026-10-12T00:39:00+03:00"  # still the day before in UTC
    answer = {"value": moment, "note": note} if note else moment
    sent = visit(**{**shopping.SAID, "answers": {**shopping.SAID["answers"], "answered_at": answer}})
    sent |= {"checklist": "every_kind", "version": 1}
    assert as_program("sam").post("/visits", sent).status_code == 201
    clock.pass_by(days=1)
    shown = as_program(name).get(f"/visits/{sent['id']}")
    told = moment if knows else "2026-10-12"
    assert shown.get_json()["answers"]["answered_at"] == ({"value": told, "note": note} if note else told)
    assert ("00:39" in shown.text) is knows


@pytest.mark.parametrize(
    ("name", "knows"),
    [("ada", True), ("rea", True), ("sam", False), ("lee", False), ("mara", False), ("eve", False)],
)
def test_what_was_tapped_is_for_the_office_alone(
    as_program: AsProgram, store: Store, clock: Clock, name: str, knows: bool
):
    """Neither as it was sent nor anywhere else: each of these tells the hour."""
    told = {
        "events": [{"event": "greeting_time.stop", "at": "2026-10-05T12:31:07.250000+03:00"}],
        "clock": {"ahead_ms": -34056, "checked_at": "2026-10-05T12:11:00+03:00"},
    }
    body = visit(employees={"served_by": {"code": "E0001"}}, **told)
    assert as_program("sam").post("/visits", body).status_code == 201
    clock.pass_by(days=1)
    answer = as_program(name).get(f"/visits/{body['id']}")
    shown = answer.get_json()
    if knows:
        assert (shown["taps"], shown["clock"]) == (told["events"], told["clock"])
        assert shown["photos"] == []
    else:
        assert not {"taps", "clock", "photos"} & set(shown)
        for secret in ("12:31", "12:11", "greeting_time.stop", "-34056"):
            assert secret not in answer.text


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"events": [{"event": "paid", "at": "2026-10-05T12:31:07Z"}]}, "events.0.event"),
        ({"events": [{"event": "call.busy", "at": "noon"}]}, "events.0.at"),
        ({"clock": {"ahead_ms": 2**60}}, "clock.ahead_ms"),
        ({"photos": [{"item": "greeting_time", "sha256": "x"}]}, "photos.0.sha256"),
    ],
)
def test_a_fault_of_what_was_tapped_has_its_place(as_program: AsProgram, changes: dict[str, Any], place: str):
    answer = as_program("sam").post("/visits", visit(**changes))
    assert answer.status_code == 422
    assert [fault["item"] for fault in answer.get_json()["faults"]] == [place]
