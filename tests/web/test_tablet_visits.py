"""Sealed visits: taken once, whoever brings them and however late; refused with words, and nothing lost."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask, g
from flask_babel import get_locale

from checker.actions.disable_person import disable_person
from checker.actions.review_visit import review_visit
from checker.standards.canonical import digest
from checker.store import assignments, drafts, visits
from checker.store.connection import Store
from checker.store.people import Person
from checker.web.tablet import room
from checker.web.tablet.visits import LARGEST
from tests import network, people, sealed
from tests.browsing import Clock, signed_in_as
from tests.making_store import publish
from tests.web import shopping
from tests.web.tableting import Tablet, body, deliver, tablet_of


@pytest.fixture
def tablet(app: Flask, store: Store) -> Tablet:
    """Sam's."""
    network.build(store)
    publish(store)
    return tablet_of(app, people.sam(store))


def notes(store: Store, visit: str) -> list[str]:
    row = visits.find(store, UUID(visit))
    assert row is not None
    return [note["code"] for note in visits.list_review_notes(store, row["id"])]


def code(answer: Any) -> str:
    assert answer.mimetype == "application/problem+json", answer.text
    return f"{answer.status_code} {answer.get_json()['code']}"


def test_a_visit_is_taken_without_a_session_and_receipted(app: Flask, store: Store, tablet: Tablet):
    said = body()
    answer = tablet.send(said)
    assert answer.status_code == 201, answer.text
    assert answer.get_json() == {
        "id": said["id"],
        "manifest_hash": digest(said),
        "received_at": "2026-10-15T09:30:00.000Z",
    }
    row = visits.find(store, UUID(said["id"]))
    assert row is not None and row["shopper_id"] == people.sam(store).id
    assert notes(store, said["id"]) == []


def test_the_same_again_has_the_same_receipt(tablet: Tablet, store: Store, clock: Clock):
    said = body()
    first = tablet.send(said)
    clock.pass_by(hours=3)
    again = tablet.send(said)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert visits.count(store) == 1


def test_forty_at_once_are_one_visit(app: Flask, tablet: Tablet, store: Store):
    """A reply that was lost, two tabs and an impatient worker: in the end one visit and one receipt."""
    said = body()
    sealed_again = [tablet.seal(said) for _ in range(40)]
    found: list[tuple[int, str]] = []
    barrier = threading.Barrier(8)

    def send(contents: list[bytes]) -> None:
        barrier.wait()
        for content in contents:
            answer = deliver(app, said["id"], content)
            found.append((answer.status_code, answer.text))
        app.extensions["checker.stores"].close()

    threads = [threading.Thread(target=send, args=(sealed_again[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _ in found) == [200] * 39 + [201]
    assert len({text for _, text in found}) == 1
    assert visits.count(store) == 1


def test_it_is_never_too_late(tablet: Tablet, clock: Clock, store: Store):
    said = tablet.seal(held := body())
    clock.pass_by(days=800)
    publish(store, version=2)
    assert deliver(tablet.browser.application, held["id"], said).status_code == 201


def test_other_content_is_kept_beside_it(tablet: Tablet, store: Store):
    said = body()
    tablet.send(said)
    assert code(tablet.send({**said, "reason": "x", "outcome": "other"})) == "409 visit.other_content"
    assert store.value("SELECT count(*) FROM visit_conflict") == 1
    assert notes(store, said["id"]) == ["visit.other_content"]


def test_every_fault_is_said_at_its_place(tablet: Tablet, store: Store):
    answer = tablet.send(body(branch="B999", answers={"tidy": "perhaps"}))
    assert code(answer) == "422 refused"
    faults = answer.get_json()["faults"]
    assert {fault["place"] for fault in faults} >= {"branch", "tidy"}
    assert all(set(fault) == {"place", "item", "code", "text"} for fault in faults)
    assert "There is no branch “B999”." in {fault["text"] for fault in faults}
    assert visits.count(store) == 0


@pytest.mark.parametrize(("path", "language"), [("/tablet/visits/x", "fi"), ("/visits/x", "de")])
def test_words_are_the_tablets_and_not_those_of_whoever_is_signed_in(app: Flask, path: str, language: str):
    app.extensions["checker.languages"] = ["en", "fi", "de"]
    with app.test_request_context(
        path.replace("x", str(uuid4())), method="POST", headers={"Accept-Language": "fi"}
    ):
        g.person = Person(1, "", "", "shopper", "de", None)
        assert str(get_locale()) == language


# --- who sent it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"token": "0" * 64},
        {"token": ""},
        {"token": None},
        {"token": "\ud800"},
        {"person": "2"},
        {"person": "9" * 30},
        {"person": "-1"},
        {"person": 1.5},
        {"person": None},
        {"device": "0192f7a4-5f3e-7000-8000-00000000dead"},
        {"device": "x"},
        {"device": ["x"]},
    ],
    ids=str,
)
def test_another_token_person_or_device_is_refused(tablet: Tablet, store: Store, said: dict[str, Any]):
    held = body()
    answer = deliver(tablet.browser.application, held["id"], tablet.seal(held, **said))
    assert code(answer) == "403 tablet.token"
    assert visits.count(store) == 0


def test_a_token_is_good_for_its_own_visit_alone(tablet: Tablet, store: Store):
    one, other = body(), body()
    stolen = sealed.upload(room_secret(tablet), UUID(tablet.day["device"]), 1, UUID(one["id"]))["token"]
    answer = deliver(tablet.browser.application, other["id"], tablet.seal(other, token=stolen))
    assert code(answer) == "403 tablet.token"
    content = tablet.seal(one)
    assert code(deliver(tablet.browser.application, other["id"], content)) == "422 tablet.unreadable"


def room_secret(tablet: Tablet) -> str:
    return str(tablet.browser.application.secret_key)


def test_a_body_with_another_id_is_refused(tablet: Tablet):
    one, other = body(), body()
    content = sealed.visit_content(
        sealed.upload(
            room_secret(tablet),
            UUID(tablet.day["device"]),
            int(tablet.day["upload"]["person"]),
            UUID(one["id"]),
        ),
        other,
    )
    answer = deliver(
        tablet.browser.application, one["id"], sealed.seal(tablet.spki, content, f"visit {one['id']}")
    )
    assert answer.status_code == 422 and answer.get_json()["faults"][0]["code"] == "visit.other_id"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"upload": ',
        b"[" * 100_000,
        b"1" * 10_000,
        b'{"upload": {}, "body": 1}',
    ],
    ids=lambda content: content[:20],
)
def test_what_is_no_visit_is_refused(tablet: Tablet, content: bytes):
    uuid = str(uuid4())
    answer = deliver(tablet.browser.application, uuid, sealed.seal(tablet.spki, content, f"visit {uuid}"))
    assert code(answer) in ("422 tablet.unreadable", "403 tablet.token")


def test_a_disabled_persons_visit_from_a_revoked_device_is_taken_and_noted(
    tablet: Tablet, store: Store, clock: Clock
):
    sam = people.sam(store)
    disable_person(store, person_id=sam.id, by=None, now=clock())
    with store.write():
        store.db.execute("UPDATE device SET revoked_at = 1")
    said = body()
    assert tablet.send(said).status_code == 201
    assert notes(store, said["id"]) == ["shopper.disabled", "device.revoked"]


def test_a_device_that_a_restored_backup_does_not_know_still_sends(tablet: Tablet, store: Store):
    with store.write():
        store.db.execute("DELETE FROM device")
    assert tablet.send(body()).status_code == 201


def test_another_servers_seal_is_refused_for_good(tablet: Tablet, instance: Any):
    said = body()
    content = tablet.seal(said)
    app = tablet.browser.application
    (instance / "tablet-key.pem").unlink()
    app.extensions.pop("checker.seal_key")
    answer = deliver(app, said["id"], content)
    assert code(answer) == "409 tablet.other_key"


# --- what may be wrong about a tablet -----------------------------------------------------------------------


def test_an_assignment_is_done_by_its_visit(tablet: Tablet, store: Store):
    uuid = assign(store)
    said = body(assignment=str(uuid))
    assert tablet.send(said).status_code == 201
    held = assignments.find(store, uuid)
    assert held is not None and held["state"] == "done" and notes(store, said["id"]) == []


@pytest.mark.parametrize("state", ["done", "expired", "cancelled", "declined"])
def test_an_assignment_that_is_over_is_noted(tablet: Tablet, store: Store, state: str):
    said = body(assignment=str(assign(store, state=state)))
    assert tablet.send(said).status_code == 201
    assert notes(store, said["id"]) == ["assignment.over"]


def test_an_assignment_of_another_or_of_nobody_is_left_out_and_noted(tablet: Tablet, store: Store):
    sid = people.someone(store, "sid@example.org", "Sid Stone", "shopper")
    theirs = assign(store, person=sid, state="declined")
    for said in (body(assignment=str(theirs)), body(assignment=str(uuid4()))):
        assert tablet.send(said).status_code == 201
        assert notes(store, said["id"]) == ["assignment.not_theirs"]
        row = visits.find(store, UUID(said["id"]))
        assert row is not None and row["assignment_id"] is None
    elsewhere = body(assignment=str(assign(store)), branch="B002")
    assert tablet.send(elsewhere).status_code == 201
    assert notes(store, elsewhere["id"]) == ["assignment.other"]
    held = assignments.find(store, theirs)
    assert held is not None and held["state"] == "declined"


def assign(store: Store, person: Any = None, **columns: Any) -> UUID:
    from checker.store import checklists

    version = checklists.find(store, "shop", 1)
    assert version is not None
    return shopping.assign(store, person or people.sam(store), version, **columns)


@pytest.mark.parametrize(
    ("ahead_ms", "wanted"),
    [
        (None, []),
        (0, []),
        (120_000, []),
        (-120_000, []),
        (120_001, ["device.clock_ahead"]),
        (-7_200_000, ["device.clock_behind"]),
    ],
)
def test_a_clock_that_was_off_is_noted(tablet: Tablet, store: Store, ahead_ms: Any, wanted: list[str]):
    said = body(clock={"ahead_ms": ahead_ms, "checked_at": "2026-10-14T08:00:00Z"})
    assert tablet.send(said).status_code == 201
    assert notes(store, said["id"]) == wanted


def test_a_visit_in_the_future_is_noted(tablet: Tablet, store: Store):
    said = body(visited_at="2027-01-01T12:00:00+02:00")
    assert tablet.send(said).status_code == 201
    assert notes(store, said["id"]) == ["visit.clock_ahead"]


def test_the_draft_goes_and_anothers_stays(tablet: Tablet, store: Store):
    shopping.publish(store)
    mine = shopping.begin(tablet.browser, checklist="shop")
    sid = signed_in_as(
        tablet.browser.application, people.someone(store, "sid@example.org", "Sid Stone", "shopper")
    )
    theirs = shopping.begin(sid, checklist="shop")
    for uuid in (mine, theirs):
        assert tablet.send(body(id=str(uuid))).status_code == 201
    one, other = drafts.find(store, mine), drafts.find(store, theirs)
    assert one is not None and one["sent_at"] is not None
    assert other is not None and other["sent_at"] is None


# --- corrections --------------------------------------------------------------------------------------------


@pytest.fixture
def returned(tablet: Tablet, store: Store, clock: Clock) -> dict[str, Any]:
    """A visit that a reviewer has sent back."""
    said = body()
    assert tablet.send(said).status_code == 201
    send_back(store, said, clock)
    return said


def send_back(store: Store, said: dict[str, Any], clock: Clock) -> None:
    row = visits.find(store, UUID(said["id"]))
    assert row is not None
    by = people.rea(store).id
    review_visit(store, row, decision="return", reason="Look again.", by=by, now=clock())


def corrected(said: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**said, "revises": digest(said), "reason": "I was wrong.", **changes}


def test_a_correction_becomes_a_revision_once(tablet: Tablet, store: Store, returned: dict[str, Any]):
    said = corrected(returned, service_level="wow")
    first, again = tablet.send(said), tablet.send(said)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert first.get_json()["manifest_hash"] == digest(said)
    row = visits.find(store, UUID(said["id"]))
    assert row is not None and (row["revision"], row["state"]) == (2, "sent")


def test_a_lost_receipt_of_a_correction_comes_also_after_the_next_query(
    tablet: Tablet, store: Store, returned: dict[str, Any], clock: Clock
):
    said = corrected(returned, service_level="wow")
    first = tablet.send(said)
    clock.pass_by(hours=1)
    send_back(store, returned, clock)
    assert tablet.browser.post(f"/visits/{returned['id']}/correction").status_code == 303
    again = tablet.send(said)
    assert again.status_code == 200 and again.get_json() == first.get_json()
    held = drafts.find(store, UUID(returned["id"]))
    assert held is not None and held["sent_at"] is None
    tablet.send({**said, "revises": digest(said), "reason": "And again."})
    assert tablet.send(said).get_json() == first.get_json()


def test_a_correction_nobody_asked_for_is_refused(tablet: Tablet, store: Store):
    said = body()
    tablet.send(said)
    assert code(tablet.send(corrected(said, service_level="wow"))) == "409 visit.not_returned"


def test_a_correction_of_another_shoppers_visit_is_refused(
    app: Flask, store: Store, returned: dict[str, Any]
):
    other = tablet_of(app, people.someone(store, "sid@example.org", "Sid Stone", "shopper"))
    assert code(other.send(corrected(returned, service_level="wow"))) == "404 not_found"


def test_a_correction_from_a_revoked_device_is_noted(tablet: Tablet, store: Store, returned: dict[str, Any]):
    with store.write():
        store.db.execute("UPDATE device SET revoked_at = 1")
    assert tablet.send(corrected(returned, service_level="wow")).status_code == 201
    assert notes(store, returned["id"]) == ["device.revoked"]


# --- the way in ---------------------------------------------------------------------------------------------


def test_too_much_is_refused(tablet: Tablet):
    answer = deliver(tablet.browser.application, str(uuid4()), b"CHK1" + bytes(LARGEST))
    assert code(answer) == "413 body.too_large"


def test_an_old_app_is_asked_to_take_the_new_one(tablet: Tablet, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "PROTOCOL", 3)
    for protocol, status in (("1", 426), ("2", 201), ("3", 201), ("4", 201), ("", 201), ("x", 201)):
        assert tablet.send(body(), **{"Checker-Protocol": protocol}).status_code == status
    assert code(tablet.send(body(), **{"Checker-Protocol": "1"})) == "426 tablet.too_old"


def test_two_hundred_visits_at_once_are_not_too_fast(app: Flask, tablet: Tablet):
    content = tablet.seal(said := body())
    assert {deliver(app, said["id"], content).status_code for _ in range(200)} == {200, 201}


def test_what_is_too_fast_is_told_when_to_come_again(app: Flask, tablet: Tablet, clock: Clock):
    app.config["TABLET_PACE"] = "5 per minute"
    app.extensions.pop("checker.tablet_pace")
    content = tablet.seal(said := body())
    answers = [deliver(app, said["id"], content) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 200, 429]
    assert code(answers[-1]) == "429 tablet.pace"
    wait = int(answers[-1].headers["Retry-After"])
    assert 0 < wait <= 60
    assert tablet.contact().status_code == 200  # a device that is known is counted by itself
    clock.pass_by(**{"seconds": wait})
    assert deliver(app, said["id"], content).status_code == 200


def test_another_sites_page_sends_nothing(app: Flask, tablet: Tablet, store: Store):
    content = tablet.seal(said := body())
    answer = deliver(app, said["id"], content, Origin="https://evil.example")
    assert code(answer) == "403 request.other_site"
    assert visits.count(store) == 0


def test_one_visit_less_is_missed_when_it_has_come(tablet: Tablet, store: Store, clock: Clock):
    tablet.contact(unsent=2)
    said = body()
    tablet.send(said)
    tablet.send(said)
    assert store.value("SELECT unsent FROM device") == 1
    clock.pass_by(**{"minutes": 1})
    assert tablet.contact(born="second").get_json()["missing"] == 1
