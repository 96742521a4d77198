"""Assignments come from a sheet: who visits which branch, from when to when, with which checklist."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from checker.actions.change_assignment import change_assignment
from checker.actions.importing import ImportResult, Taken, import_rows
from checker.actions.plan_assignment import plan_assignment
from checker.sheets.reading import Sheet
from checker.sheets.taking import Column, RowReader
from checker.standards.faults import N_
from checker.store import assignments, branches, checklists, people
from checker.store.connection import Row, Store

COLUMNS = (
    Column("shopper", required=True),
    Column("branch", required=True),
    Column("checklist", required=True),
    Column("visit_from", required=True),
    Column("visit_to", required=True),
    Column("report_by", required=True),
    Column("purpose"),
    Column("scenario"),
    Column("briefing"),
    Column("fee"),
    Column("expenses"),
    Column("currency"),
)


def import_assignments(
    store: Store, sheet: Sheet, *, by: int | None, now: datetime, dry_run: bool = False
) -> ImportResult:
    """Plan the assignments that are new, change those that differ; a column the sheet has not stays as it is.

    An assignment is known by shopper, branch, checklist and first day. Raises Refused when headings are
    wrong.
    """
    rows: dict[tuple[str, ...], int] = {}

    def take(row: RowReader, batch_id: int) -> Taken:
        asked: dict[str, Any] = {
            "shopper": row.text("shopper", required=True),
            "branch": row.text("branch", required=True),
            "checklist": row.text("checklist", required=True),
            "visit_from": row.day("visit_from", required=True),
            "visit_to": row.day("visit_to", required=True),
            "report_by": row.day("report_by", required=True),
        }
        given: dict[str, Any] = row.given(
            purpose=lambda: row.text("purpose") or "planned",
            scenario=lambda: row.text("scenario"),
            briefing=lambda: row.text("briefing"),
            fee=lambda: row.cents("fee"),
            expenses=lambda: row.cents("expenses"),
            currency=lambda: row.text("currency").upper() or None,
        )
        given = {NAMES.get(name, name): value for name, value in given.items()}
        _refuse_twice(row, asked, rows)
        held = _held(store, asked)
        if held is None:
            plan_assignment(store, batch_id=batch_id, by=by, now=now, **asked, **given)
            return Taken.NEW
        stored = {name: held[name] for name in KEPT}
        changed = change_assignment(
            store, UUID(bytes=held["uuid"]), by=by, now=now, **{**stored, **asked, **given}
        )
        return Taken.CHANGED if changed else Taken.UNCHANGED

    return import_rows(store, sheet, COLUMNS, take, kind="assignments", by=by, now=now, dry_run=dry_run)


NAMES = {"fee": "fee_cents", "expenses": "expenses_cents"}
KEPT = ("purpose", "scenario", "briefing", "fee_cents", "expenses_cents", "currency", "programme")


def _refuse_twice(row: RowReader, asked: dict[str, Any], rows: dict[tuple[str, ...], int]) -> None:
    key = (asked["shopper"].casefold(), asked["branch"], asked["checklist"], asked["visit_from"] or "")
    if rows.setdefault(key, row.number) != row.number:
        text = N_("Row %(first)s asks the same shopper for the same visit. Keep one of the two rows.")
        row.refuse("shopper", "assignment.twice", text, first=rows[key])


def _held(store: Store, asked: dict[str, Any]) -> Row | None:
    shopper = people.find_by_email(store, asked["shopper"])
    branch = branches.find(store, asked["branch"])
    version = checklists.current(store, asked["checklist"])
    if shopper is None or branch is None or version is None or not asked["visit_from"]:
        return None
    return assignments.find_same(
        store,
        shopper_id=shopper["id"],
        branch_id=branch["id"],
        checklist_id=version.checklist_id,
        visit_from=asked["visit_from"],
    )
