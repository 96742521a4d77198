"""A sent visit is corrected: a new revision beside the old one, scored anew (SC-12)."""

from __future__ import annotations

from typing import Any

import pytest

from checker.actions.correct_visit import correct_visit
from checker.actions.review_visit import review_visit
from checker.actions.submit_visit import Receipt
from checker.actions.verify_store import verify
from checker.problem import Problem
from checker.standards.faults import Refused
from checker.store import revisions, tallies, visits
from tests.making_store import GOOD, NEAT, NOW, POOR, Shop, publish


def correct(shop: Shop, receipt: Receipt, **changes: Any) -> Receipt:
    visit = shop.visit(receipt)
    body = {
        **revisions.get(shop.store, visit["id"], visit["revision"]),
        "revises": visit["hash"],
        "reason": "A slip of the finger.",
        **changes,
    }
    return correct_visit(shop.store, visit, body, by=shop.people["rea"], now=NOW)


def test_the_new_revision_is_scored_and_the_old_one_kept(shop: Shop) -> None:
    receipt = shop.send(employees={"served_by": {"code": "E1"}})
    corrected = correct(shop, receipt, answers=POOR)
    row = shop.visit(receipt)
    assert (row["revision"], row["compliance"], row["flagged"]) == (2, 0, 1)
    assert row["hash"] == corrected.manifest_hash != receipt.manifest_hash
    first, second = revisions.list_for_visit(shop.store, row["id"])
    assert (first["hash"], second["reason"], second["author"]) == (
        receipt.manifest_hash,
        "A slip of the finger.",
        "Rea",
    )
    assert revisions.get(shop.store, row["id"], 1)["answers"] == GOOD
    assert verify(shop.store) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"branch": "B3"},
        {"visited_at": "2026-09-03T10:00:00+03:00"},
        {"method": "observation"},
        {"employees": {"served_by": {"code": "E2"}}},
        {"employees": {}},
        {"outcome": "recognised", "answers": {}},
        {"practice": True},
        {"service_level": "wow"},
    ],
)
def test_every_figure_follows(shop: Shop, changes: dict[str, Any]) -> None:
    shop.send(employees={"served_by": {"code": "E1"}})
    receipt = shop.send(employees={"served_by": {"code": "E1"}}, service_level="low")
    correct(shop, receipt, **changes)
    assert verify(shop.store) == []


def test_the_same_correction_again_gives_the_same_receipt(shop: Shop) -> None:
    receipt = shop.send()
    visit = shop.visit(receipt)
    body = {**shop.body(id=str(receipt.id), answers=POOR), "revises": visit["hash"], "reason": "Slip."}
    first = correct_visit(shop.store, visit, body, by=shop.people["rea"], now=NOW)
    again = correct_visit(shop.store, visit, body, by=shop.people["rea"], now=NOW)
    assert (again.manifest_hash, again.received_at, again.fresh) == (
        first.manifest_hash,
        first.received_at,
        False,
    )
    assert shop.visit(receipt)["revision"] == 2


def test_only_the_current_revision_can_be_corrected(shop: Shop) -> None:
    receipt = shop.send()
    old = shop.visit(receipt)["hash"]
    correct(shop, receipt, answers=POOR)
    with pytest.raises(Problem) as problem:
        correct(shop, receipt, revises=old, service_level="wow")
    assert (problem.value.code, problem.value.status) == ("visit.revised_meanwhile", 409)


def refused(shop: Shop, receipt: Receipt, **changes: Any) -> set[str]:
    with pytest.raises(Refused) as told:
        correct(shop, receipt, **changes)
    return {fault.code for fault in told.value.faults}


def test_it_says_why(shop: Shop) -> None:
    assert refused(shop, shop.send(), reason="") == {"body.reason_missing"}


def test_it_says_what_it_replaces(shop: Shop) -> None:
    assert refused(shop, shop.send(), revises=None) == {"revision.revises_missing"}


def test_a_visit_keeps_its_version(shop: Shop) -> None:
    receipt = shop.send()
    publish(shop.store, 2, NEAT)
    assert refused(shop, receipt, version=2) == {"revision.other_version"}


def test_a_visit_keeps_its_id(shop: Shop) -> None:
    other = shop.send()
    assert refused(shop, shop.send(), id=str(other.id)) == {"revision.other_visit"}


def test_an_approved_visit_is_looked_at_again(shop: Shop) -> None:
    with shop.store.write():
        shop.store.db.execute("UPDATE programme SET review = 1")
    receipt = shop.send()
    review_visit(
        shop.store, shop.visit(receipt), decision="approve", reason="", by=shop.people["rea"], now=NOW
    )
    correct(shop, receipt, answers=POOR)
    row = shop.visit(receipt)
    assert (row["state"], row["counted"]) == ("sent", 0)
    assert [event["kind"] for event in visits.list_events(shop.store, row["id"])] == ["approve", "revise"]
    assert tallies.differences(shop.store) == []


def test_a_void_visit_is_not_corrected(shop: Shop) -> None:
    receipt = shop.send()
    review_visit(
        shop.store, shop.visit(receipt), decision="void", reason="Test.", by=shop.people["rea"], now=NOW
    )
    assert refused(shop, receipt, answers=POOR) == {"review.step"}


def test_an_old_visit_stays_in_the_region_it_was_made_in(shop: Shop) -> None:
    receipt = shop.send()
    before = shop.visit(receipt)["region_id"]
    with shop.store.write():
        shop.store.db.execute("UPDATE branch SET region_id = (SELECT id FROM region WHERE code = 'south')")
    correct(shop, receipt, answers=POOR)
    assert shop.visit(receipt)["region_id"] == before
    assert verify(shop.store) == []
