"""A visit that a tablet has begun without network is begun on the server with its first save."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid6 import uuid7

from checker.store import assignments, drafts
from checker.store.checklists import Version
from checker.store.connection import Store
from tests import people
from tests.browsing import Browser
from tests.web import shopping


@pytest.fixture
def version(store: Store) -> Version:
    return shopping.publish(store)


def save(browser: Browser, uuid: UUID, typed: Any = None, **begin: Any) -> Any:
    said = {"branch": "B001", "checklist": "every_kind", "version": 1, **begin}
    typed = typed if typed is not None else {"answers.hello": ["yes"]}
    return browser.put(
        f"/visits/{uuid}/draft",
        json={"device": "tablet", "base": 0, "turn": 1, "typed": typed, "begin": said},
    )


def fresh() -> UUID:
    return UUID(str(uuid7()))


def held(store: Store, uuid: UUID) -> Any:
    row = drafts.find(store, uuid)
    assert row is not None
    return row


def test_it_is_begun_and_saved(as_sam: Browser, store: Store, version: Version):
    uuid = fresh()
    answer = save(as_sam, uuid)
    assert answer.status_code == 200 and answer.get_json()["sequence"] == 1
    assert shopping.typed_in(store, uuid) == {"answers.hello": ["yes"]}
    assert held(store, uuid)["version_id"] == version.id
    assert as_sam.get(f"/visits/{uuid}").status_code == 200


def test_again_it_is_only_saved(as_sam: Browser, store: Store, version: Version):
    uuid = fresh()
    save(as_sam, uuid)
    answer = save(as_sam, uuid, {"answers.hello": ["no"]})
    assert answer.status_code == 200 and answer.get_json()["sequence"] == 2
    assert store.value("SELECT count(*) FROM draft") == 1
    assert store.value("SELECT count(*) FROM draft_copy") == 0


def test_what_another_typed_never_goes_under_who_has_signed_in_since(
    as_sam: Browser, store: Store, version: Version
):
    uuid = fresh()
    begin = {"branch": "B001", "checklist": "every_kind", "version": 1}
    said = {"device": "tablet", "base": 0, "turn": 1, "typed": {"answers.hello": ["yes"]}, "begin": begin}
    sam = people.sam(store).id
    answer = as_sam.put(f"/visits/{uuid}/draft", json={**said, "person": str(sam + 1)})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "session.over")
    assert drafts.find(store, uuid) is None
    assert as_sam.put(f"/visits/{uuid}/draft", json={**said, "person": str(sam)}).status_code == 200


def test_an_older_version_and_a_closed_branch_are_taken(as_sam: Browser, store: Store, version: Version):
    newer = shopping.publish(store, shopping.EVERY_KIND.replace("version: 1", "version: 2"))
    with store.write():
        store.db.execute("UPDATE branch SET closed_on = '2026-10-01' WHERE code = 'B001'")
    uuid, other = fresh(), fresh()
    assert save(as_sam, uuid).status_code == 200
    assert save(as_sam, other, version=2).status_code == 200
    assert held(store, uuid)["version_id"] == version.id
    assert held(store, other)["version_id"] == newer.id


def test_its_assignment_is_accepted(as_sam: Browser, store: Store, version: Version):
    assignment = shopping.assign(store, people.sam(store), version, state="planned")
    uuid = fresh()
    assert save(as_sam, uuid, assignment=str(assignment)).status_code == 200
    row = assignments.find(store, assignment)
    assert row is not None and row["state"] == "accepted"
    assert held(store, uuid)["assignment_id"] == row["id"]


def test_beside_a_draft_begun_on_the_phone_it_stays_its_own_and_both_are_shown(
    as_sam: Browser, store: Store, version: Version
):
    assignment = shopping.assign(store, people.sam(store), version)
    on_phone = shopping.begin(as_sam, assignment=str(assignment))
    uuid = fresh()
    assert save(as_sam, uuid, assignment=str(assignment)).status_code == 200
    assert held(store, uuid)["assignment_id"] == held(store, on_phone)["assignment_id"]
    page = as_sam.get("/").text
    assert f"/visits/{uuid}" in page and f"/visits/{on_phone}" in page


@pytest.mark.parametrize("state", ["expired", "cancelled", "done"])
def test_an_assignment_that_is_over_holds_nothing_up(
    as_sam: Browser, store: Store, version: Version, state: str
):
    assignment = shopping.assign(store, people.sam(store), version, state=state)
    assert save(as_sam, fresh(), assignment=str(assignment)).status_code == 200
    row = assignments.find(store, assignment)
    assert row is not None and row["state"] == state


def test_an_assignment_of_another_is_left_out(as_sam: Browser, store: Store, version: Version):
    sid = people.someone(store, "sid@example.org", "Sid Stone", "shopper")
    for assignment in (shopping.assign(store, sid, version), uuid4()):
        uuid = fresh()
        assert save(as_sam, uuid, assignment=str(assignment)).status_code == 200
        assert held(store, uuid)["assignment_id"] is None


def test_what_never_was_is_refused_with_every_fault(as_sam: Browser, store: Store, version: Version):
    answer = save(as_sam, fresh(), branch="B9", version=7)
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.get_json()["faults"]} == {"branch.unknown", "checklist.unknown"}
    assert store.value("SELECT count(*) FROM draft") == 0


@pytest.mark.parametrize(
    "begin",
    [
        {"branch": 1},
        {"branch": "\ud800"},
        {"checklist": None},
        {"checklist": "\ud800"},
        {"version": "1"},
        {"version": True},
        {"version": 0},
        {"version": 10**30},
        {"practice": "yes"},
        {"assignment": "x"},
        {"assignment": 7},
    ],
    ids=ascii,
)
def test_another_shape_is_refused(as_sam: Browser, version: Version, begin: dict[str, Any]):
    answer = save(as_sam, fresh(), **begin)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "draft.begin")


def test_a_device_has_a_name_that_can_be_written(as_sam: Browser, version: Version):
    begin = {"branch": "B001", "checklist": "every_kind", "version": 1}
    said = {"device": "\ud800", "base": 0, "turn": 1, "typed": {"answers.hello": ["yes"]}, "begin": begin}
    answer = as_sam.put(f"/visits/{fresh()}/draft", json=said)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "draft.shape")


def test_another_shoppers_id_is_taken(as_sam: Browser, app: Any, store: Store, version: Version):
    from tests.browsing import signed_in_as

    uuid = fresh()
    save(as_sam, uuid)
    sid = signed_in_as(app, people.someone(store, "sid@example.org", "Sid Stone", "shopper"))
    assert save(sid, uuid).status_code == 409
    assert shopping.typed_in(store, uuid) == {"answers.hello": ["yes"]}


def test_a_visit_that_was_sent_meanwhile_takes_no_draft(as_sam: Browser, store: Store, version: Version):
    uuid = shopping.begin(as_sam)
    shopping.fill(as_sam, uuid)
    assert shopping.send(as_sam, uuid).status_code == 303
    answer = save(as_sam, uuid)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "draft.sent")
