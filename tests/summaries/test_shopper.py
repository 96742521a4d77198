"""A shopper's day: only one's own, the urgent first, queries apart."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from checker.actions.review_visit import review_visit
from checker.problem import Problem
from checker.summaries.shopper import shopper_day
from checker.summaries.values import ShopperDay
from tests.making_store import NOW, Shop


def day(shop: Shop, who: str = "sam") -> ShopperDay:
    return shopper_day(shop.store, person_id=shop.people[who], now=NOW)


def assign(shop: Shop, report_by: date, who: str = "sam", state: str = "planned") -> UUID:
    uuid = uuid4()
    with shop.store.write():
        shop.store.add(
            "assignment",
            {
                "uuid": uuid.bytes,
                "programme_id": 1,
                "branch_id": shop.branches["B1"],
                "checklist_id": 1,
                "shopper_id": shop.people[who],
                "visit_from": (report_by - timedelta(days=5)).isoformat(),
                "visit_to": report_by.isoformat(),
                "report_by": report_by.isoformat(),
                "state": state,
                "state_at": 0,
                "created_at": 0,
            },
        )
    return uuid


def draft(shop: Shop, assignment: UUID | None = None, who: str = "sam") -> UUID:
    uuid = uuid4()
    key = assignment and shop.store.value(
        "SELECT id FROM assignment WHERE uuid = :uuid", {"uuid": assignment.bytes}
    )
    with shop.store.write():
        shop.store.add(
            "draft",
            {
                "uuid": uuid.bytes,
                "shopper_id": shop.people[who],
                "assignment_id": key,
                "version_id": 1,
                "branch_id": shop.branches["B1"],
                "programme_id": 1,
                "created_at": 0,
                "saved_at": int(NOW.timestamp()),
            },
        )
    return uuid


def test_assignments_the_most_urgent_first(shop: Shop) -> None:
    later = assign(shop, date(2026, 10, 30))
    late = assign(shop, date(2026, 10, 19))
    today = assign(shop, date(2026, 10, 20))
    assign(shop, date(2026, 10, 20), state="done")
    lines = day(shop).assignments
    assert [line.uuid for line in lines] == [late, today, later]
    assert [line.overdue for line in lines] == [True, False, False]
    assert lines[0].title == {"en": "Shop"} and lines[0].branch.name == "Harbour"


def test_a_draft_stands_by_its_assignment(shop: Shop) -> None:
    asked = assign(shop, date(2026, 10, 30))
    begun = draft(shop, asked)
    alone = draft(shop)
    found = day(shop)
    assert found.assignments[0].draft == begun
    assert {line.uuid: line.assignment for line in found.drafts} == {begun: asked, alone: None}


def test_a_query_is_apart_from_what_was_sent(shop: Shop) -> None:
    sent, returned = shop.send(), shop.send()
    review_visit(
        shop.store,
        shop.visit(returned),
        decision="return",
        reason="Which till?",
        by=shop.people["rea"],
        now=NOW,
    )
    found = day(shop)
    assert [(line.uuid, line.query) for line in found.returned] == [(returned.id, "Which till?")]
    assert [(line.uuid, line.query) for line in found.sent] == [(sent.id, "")]


def test_missing_photos_are_counted(shop: Shop) -> None:
    shop.send(photos=[{"item": "tidy", "sha256": "a" * 64}, {"item": "tidy", "sha256": "b" * 64}])
    assert day(shop).sent[0].photos_missing == 2


def test_only_ones_own(shop: Shop) -> None:
    shop.send()
    assign(shop, date(2026, 10, 30))
    draft(shop)
    assert day(shop, "ada") == ShopperDay((), (), (), ())


def test_nothing_for_somebody_whose_access_was_taken_away(shop: Shop) -> None:
    with shop.store.write():
        shop.store.change("person", shop.people["sam"], {"disabled_at": 1})
    with pytest.raises(Problem):
        day(shop)
