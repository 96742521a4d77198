"""A person decides about a sent visit, and every figure follows."""

from __future__ import annotations

import pytest

from checker.actions.review_visit import review_visit
from checker.actions.submit_visit import Receipt
from checker.problem import Problem
from checker.standards.faults import Refused
from checker.store import tallies, trail, visits
from tests.making_store import NOW, Shop


def decide(shop: Shop, receipt: Receipt, decision: str, reason: str = "Because.") -> None:
    review_visit(
        shop.store, shop.visit(receipt), decision=decision, reason=reason, by=shop.people["rea"], now=NOW
    )


def counted(shop: Shop) -> int:
    assert tallies.differences(shop.store) == []
    found = shop.store.value("SELECT ifnull(sum(visits), 0) FROM rollup WHERE scope = 0")
    return int(found)


@pytest.mark.parametrize("decision", ["void", "return", "exclude"])
def test_a_reason_is_needed(shop: Shop, decision: str) -> None:
    receipt = shop.send()
    with pytest.raises(Refused, match="Say why"):
        decide(shop, receipt, decision, "  ")
    assert shop.visit(receipt)["state"] == "sent"


def test_a_void_visit_leaves_the_figures_and_comes_back(shop: Shop) -> None:
    receipt = shop.send(employees={"served_by": {"code": "E1"}})
    decide(shop, receipt, "void")
    assert counted(shop) == 0
    assert (
        shop.store.value("SELECT count(*) FROM rollup") == shop.store.value("SELECT count(*) FROM tally") == 0
    )
    decide(shop, receipt, "restore")
    assert (counted(shop), shop.visit(receipt)["state"]) == (1, "sent")


def test_an_excluded_visit_is_shown_but_not_counted(shop: Shop) -> None:
    receipt = shop.send()
    decide(shop, receipt, "exclude")
    assert (counted(shop), shop.visit(receipt)["state"]) == (0, "sent")
    decide(shop, receipt, "include")
    assert counted(shop) == 1


def test_void_and_excluded_do_not_undo_each_other(shop: Shop) -> None:
    receipt = shop.send()
    decide(shop, receipt, "exclude")
    decide(shop, receipt, "void")
    decide(shop, receipt, "restore")
    assert counted(shop) == 0
    decide(shop, receipt, "include")
    assert counted(shop) == 1


def test_approval_counts_and_reveals_where_the_programme_says_so(shop: Shop) -> None:
    with shop.store.write():
        shop.store.db.execute("UPDATE programme SET review = 1, reveal = 'on_approval'")
    receipt = shop.send()
    assert (counted(shop), shop.visit(receipt)["revealed_at"]) == (0, None)
    decide(shop, receipt, "approve", "")
    assert (counted(shop), shop.visit(receipt)["revealed_at"]) == (1, int(NOW.timestamp()))


def test_approval_does_not_move_a_reveal(shop: Shop) -> None:
    receipt = shop.send()
    before = shop.visit(receipt)["revealed_at"]
    decide(shop, receipt, "approve")
    assert shop.visit(receipt)["revealed_at"] == before


def test_a_step_that_is_not_possible_is_refused(shop: Shop) -> None:
    receipt = shop.send()
    decide(shop, receipt, "void")
    with pytest.raises(Refused):
        decide(shop, receipt, "approve")


def test_somebody_decided_meanwhile(shop: Shop) -> None:
    receipt = shop.send()
    seen = shop.visit(receipt)
    decide(shop, receipt, "approve")
    with pytest.raises(Problem) as problem:
        review_visit(shop.store, seen, decision="void", reason="Because.", by=shop.people["rea"], now=NOW)
    assert problem.value.status == 409


def test_it_is_told_who_did_what_and_why(shop: Shop) -> None:
    receipt = shop.send()
    decide(shop, receipt, "return", "Which entrance?")
    [event] = visits.list_events(shop.store, shop.visit(receipt)["id"])
    assert (event["kind"], event["reason"], event["person"]) == ("return", "Which entrance?", "Rea")
    assert trail.newest(shop.store, 1)[0]["act"] == "visit.return"
