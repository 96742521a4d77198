"""Assignments from a sheet, planned, changed while they are open, left alone once they are over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from checker.actions.answer_assignment import answer_assignment
from checker.actions.cancel_assignment import cancel_assignment
from checker.actions.import_assignments import import_assignments
from checker.actions.importing import ImportResult
from checker.standards.faults import Refused
from checker.standards.life import AssignmentStep
from checker.store import assignments
from checker.store.connection import Row
from tests.actions.sheets import counts, said, sheet
from tests.making_store import Shop, shop

NOW = datetime(2026, 10, 15, 9, 30, tzinfo=UTC)

ONE = """
    shopper,branch,checklist,visit_from,visit_to,report_by,purpose,scenario,briefing,fee,expenses,currency
    sam@example.org,B1,shop,2026-11-01,2026-11-15,2026-11-16,revisit,A gift,Park behind,"25,50",10,eur
"""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as opened:
        yield opened


def take(made: Shop, text: str) -> ImportResult:
    return import_assignments(made.store, sheet(text), by=None, now=NOW)


def only(made: Shop) -> Row:
    (row,) = assignments.list_all(made.store)
    return row


def test_an_assignment_is_planned_with_everything_said_of_it(made: Shop) -> None:
    assert counts(take(made, ONE)) == (1, 0, 0, 0)
    wanted = {
        "shopper_email": "sam@example.org",
        "branch": "B1",
        "checklist": "shop",
        "visit_from": "2026-11-01",
        "visit_to": "2026-11-15",
        "report_by": "2026-11-16",
        "purpose": "revisit",
        "scenario": "A gift",
        "briefing": "Park behind",
        "fee_cents": 2550,
        "expenses_cents": 1000,
        "currency": "EUR",
        "state": "planned",
    }
    row = only(made)
    assert {name: row[name] for name in wanted} == wanted
    assert counts(take(made, ONE)) == (0, 0, 1, 0)


def test_an_open_assignment_follows_the_sheet(made: Shop) -> None:
    take(made, ONE)
    assert counts(take(made, ONE.replace("2026-11-16", "2026-11-20"))) == (0, 1, 0, 0)
    assert (only(made)["report_by"], only(made)["fee_cents"]) == ("2026-11-20", 2550)


def test_one_that_is_over_does_not_change_any_more(made: Shop) -> None:
    take(made, ONE)
    uuid = UUID(bytes=only(made)["uuid"])
    cancel_assignment(made.store, uuid, reason="The shop moves", by=made.people["ada"], now=NOW)
    assert counts(take(made, ONE)) == (0, 0, 1, 0)  # it says the same, so nobody asks Sam again
    changed = take(made, ONE.replace("A gift", "A coat"))
    assert said(changed) == [(2, "", "assignment.over")]
    assert only(made)["state"] == "cancelled"
    with pytest.raises(Refused):
        cancel_assignment(made.store, uuid, by=made.people["ada"], now=NOW)


def test_what_a_shopper_accepted_stays_accepted(made: Shop) -> None:
    take(made, ONE)
    uuid = UUID(bytes=only(made)["uuid"])
    answer_assignment(made.store, uuid, shopper_id=made.people["sam"], step=AssignmentStep.ACCEPT, now=NOW)
    assert counts(take(made, ONE.replace("A gift", "A coat"))) == (0, 1, 0, 0)
    assert (only(made)["state"], only(made)["scenario"]) == ("accepted", "A coat")


def test_refusals(made: Shop) -> None:
    result = take(
        made,
        """
        shopper,branch,checklist,visit_from,visit_to,report_by,purpose,fee,currency
        who@example.org,B1,shop,2026-11-01,2026-11-02,2026-11-03,,,
        mara@example.org,B9,none,2026-11-01,2026-11-02,2026-11-03,fun,,
        sam@example.org,B1,shop,2026-11-05,2026-11-02,2026-11-03,,,
        sam@example.org,B1,shop,2026-11-01,2026-11-02,2026-11-01,,,
        sam@example.org,B1,shop,2026-11-01,,soon,,,
        sam@example.org,B2,shop,2026-11-01,2026-11-02,2026-11-03,,many,
        sam@example.org,B2,shop,2026-12-01,2026-12-02,2026-12-03,,10,
        sam@example.org,B3,shop,2026-11-01,2026-11-02,2026-11-03,,,
        sam@example.org,B3,shop,2026-11-01,2026-11-09,2026-11-09,,,
        """,
    )
    assert said(result) == [
        (2, "shopper", "assignment.shopper"),
        (3, "shopper", "assignment.shopper"),
        (3, "branch", "assignment.branch"),
        (3, "checklist", "assignment.checklist"),
        (3, "purpose", "assignment.purpose"),
        (4, "visit_to", "assignment.backwards"),
        (5, "report_by", "assignment.due_early"),
        (6, "visit_to", "cell.missing"),
        (6, "report_by", "cell.date"),
        (6, "shopper", "assignment.twice"),
        (7, "fee", "cell.amount"),
        (8, "currency", "assignment.currency"),
        (10, "shopper", "assignment.twice"),
    ]
    assert [row["branch"] for row in assignments.list_all(made.store)] == ["B3"]
