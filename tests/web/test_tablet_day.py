"""The day a tablet keeps: all that filling and sending needs, of one's own, and nothing of anybody else's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from checker.actions.review_visit import review_visit
from checker.standards.canonical import digest
from checker.store import visits
from checker.store.checklists import Version
from checker.store.connection import Store
from checker.summaries import tablet_day
from tests import people
from tests.browsing import Browser, Clock
from tests.web import shopping
from tests.web.tableting import Tablet, tablet_of


@pytest.fixture
def version(store: Store) -> Version:
    return shopping.publish(store)


@pytest.fixture
def tablet(app: Flask, store: Store, version: Version) -> Tablet:
    return tablet_of(app, people.sam(store))


def test_assignments_come_whole(tablet: Tablet, store: Store, version: Version):
    sam = people.sam(store)
    late = shopping.assign(
        store, sam, version, report_by="2026-10-14", visit_to="2026-10-12", purpose="revisit"
    )
    soon = shopping.assign(store, sam, version, branch="B003", state="planned")
    draft = shopping.begin(tablet.browser, assignment=str(late))
    found = tablet.fetch()["assignments"]
    assert found[0] == {
        "id": str(late),
        "branch": "B001",
        "checklist": "every_kind",
        "version": 1,
        "purpose": "revisit",
        "state": "accepted",
        "visit_from": "2026-10-10",
        "visit_to": "2026-10-12",
        "report_by": "2026-10-14",
        "scenario": "You look for a present.",
        "briefing": "Come in by the main door.",
        "overdue": True,
        "draft": str(draft),
    }
    assert (found[1]["id"], found[1]["state"], found[1]["draft"]) == (str(soon), "planned", None)


def test_nothing_of_others_is_in_it(tablet: Tablet, app: Flask, store: Store, version: Version):
    sid = people.someone(store, "sid@example.org", "Sid Stone", "shopper")
    shopping.assign(store, sid, version, scenario="You look for a velvet umbrella.")
    other = tablet_of(app, sid)
    shopping.fill(other.browser, shopping.begin(other.browser), do="save", answers__first_words="velvet")
    tablet.fetch()
    answer = tablet.browser.get("/tablet/day")
    assert "velvet" not in answer.text and "Alder" not in answer.text
    assert tablet.day["assignments"] == tablet.day["drafts"] == []
    assert "velvet" in other.browser.get("/tablet/day").text


def test_drafts_come_as_they_were_typed(tablet: Tablet, store: Store):
    draft = shopping.begin(tablet.browser)
    shopping.fill(tablet.browser, draft, do="save", answers__window="much")
    said = {"device": "other", "base": 0, "typed": {"answers.hello": ["no"]}}
    tablet.browser.put(f"/visits/{draft}/draft", json=said)
    tablet.browser.put(f"/visits/{draft}/draft", json={**said, "device": "third"})
    (found,) = tablet.fetch()["drafts"]
    typed = found.pop("typed")
    assert typed == shopping.typed_in(store, draft) and typed["answers.window"] == ["much"]
    assert found == {
        "id": str(draft),
        "sequence": 1,
        "assignment": None,
        "branch": "B001",
        "checklist": "every_kind",
        "version": 1,
        "practice": False,
        "saved_at": "2026-10-15T09:30:00.000Z",
        "copies": 1,
        "revises": None,
        "sent": None,
        "query": None,
    }


def test_checklists_are_the_current_ones_and_those_of_drafts(tablet: Tablet, store: Store):
    shopping.begin(tablet.browser)
    shopping.publish(store, shopping.EVERY_KIND.replace("version: 1", "version: 2"))
    shopping.publish_shipped(store)
    found = {(one["id"], one["version"]): one for one in tablet.fetch()["checklists"]}
    assert {("every_kind", 1), ("every_kind", 2)} < found.keys()
    assert {code for code, _ in found} == {"every_kind", "store_visit"}
    assert found["every_kind", 1] == {
        "id": "every_kind",
        "version": 1,
        "title": {"en": "Every kind of question", "fi": "Kaikki kysymystyypit"},
        "channel": "store",
        "named": True,
        "form": "/tablet/forms/en/every_kind/1/named",
    }


def test_an_assignment_keeps_its_retired_checklist(tablet: Tablet, store: Store, version: Version):
    shopping.assign(store, people.sam(store), version)
    with store.write():
        store.db.execute("UPDATE checklist SET retired_at = 1")
    day = tablet.fetch()
    assert [one["id"] for one in day["checklists"]] == ["every_kind"]
    assert day["assignments"][0]["version"] == 1


def test_branches_are_the_open_ones_and_those_of_the_day(tablet: Tablet, store: Store, version: Version):
    with store.write():
        store.db.execute("UPDATE branch SET closed_on = '2026-10-01' WHERE code <> 'B002'")
    shopping.assign(store, people.sam(store), version, branch="B003")
    found = tablet.fetch()["branches"]
    assert [one["code"] for one in found] == ["B003", "B002"]
    assert found[0] == {"code": "B003", "name": "Old Town", "zone": "Europe/Bucharest"}


def test_employees_are_codes_by_branch(tablet: Tablet, store: Store):
    assert tablet.day["employees"] == {"B001": ["E0001", "E0002"], "B003": ["E0003"]}
    with store.write():
        store.db.execute("UPDATE employment SET to_on = '2026-10-09' WHERE employee_id = 1")
        store.db.execute("UPDATE employment SET to_on = '2026-10-07' WHERE employee_id = 2")
        store.db.execute("UPDATE employment SET from_on = '2026-10-23' WHERE employee_id = 3")
    assert tablet.fetch()["employees"] == {"B001": ["E0001"]}


def test_too_many_employees_are_those_of_the_days_branches(
    tablet: Tablet, store: Store, version: Version, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tablet_day, "MOST_EMPLOYEES", 2)
    assert tablet.fetch()["employees"] == {}
    shopping.assign(store, people.sam(store), version, branch="B003")
    assert tablet.fetch()["employees"] == {"B003": ["E0003"]}


def test_where_nobody_is_recorded_nobody_is_named(tablet: Tablet, store: Store):
    with store.write():
        store.db.execute("UPDATE programme SET attribution = 'none'")
    day = tablet.fetch()
    assert day["employees"] == {}
    assert [(one["named"], one["form"]) for one in day["checklists"]] == [
        (False, "/tablet/forms/en/every_kind/1/none")
    ]


def test_what_was_sent_and_what_came_back(tablet: Tablet, store: Store, clock: Clock):
    uuids = [sent(tablet.browser) for _ in range(2)]
    row = visits.find(store, uuids[0])
    assert row is not None
    review_visit(store, row, decision="return", reason="Which till?", by=people.rea(store).id, now=clock())
    day = tablet.fetch()
    title = {"en": "Every kind of question", "fi": "Kaikki kysymystyypit"}
    line: dict[str, Any] = {"branch": "B001", "title": title, "day": "2026-10-14"}
    assert day["returned"] == [{**line, "id": str(uuids[0]), "query": "Which till?"}]
    assert day["sent"] == [{**line, "id": str(uuids[1]), "practice": False}]
    assert day["drafts"] == []


def test_a_visit_that_lies_open_again_says_what_was_sent_and_asked(
    tablet: Tablet, store: Store, clock: Clock
):
    uuid = sent(tablet.browser)
    row = visits.find(store, uuid)
    assert row is not None
    review_visit(store, row, decision="return", reason="Which till?", by=people.rea(store).id, now=clock())
    tablet.browser.post(f"/visits/{uuid}/correction")
    (draft,) = tablet.fetch()["drafts"]
    assert draft["sent"] == shopping.stored_body(store, uuid)
    assert draft["revises"] == digest(draft["sent"]) == row["hash"]
    assert draft["query"] == "Which till?"


def sent(browser: Browser) -> UUID:
    uuid = shopping.begin(browser)
    shopping.fill(browser, uuid)
    assert shopping.send(browser, uuid).status_code == 303
    return uuid
