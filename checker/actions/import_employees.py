"""Employees come from a sheet, one row for each place they work at: code, name, branch, from, to."""

from __future__ import annotations

from datetime import datetime

from checker.actions.add_employee import add_employee
from checker.actions.add_employment import add_employment
from checker.actions.change_employee import change_employee
from checker.actions.change_employment import change_employment
from checker.actions.importing import ImportResult, Taken, import_rows
from checker.sheets.reading import Sheet
from checker.sheets.taking import Column, RowReader
from checker.standards.faults import N_
from checker.store import employees, employments
from checker.store.connection import Store

COLUMNS = (
    Column("code", required=True),
    Column("name"),
    Column("branch"),
    Column("from"),
    Column("to"),
)


def import_employees(
    store: Store, sheet: Sheet, *, by: int | None, now: datetime, dry_run: bool = False
) -> ImportResult:
    """Add employees and employments that are new, change those that differ.

    An employment is known by employee, branch and first day; with the same three, another last day is put in
    place. Nothing ends by being absent from the sheet. Raises Refused when the headings are wrong.
    """
    rows: dict[tuple[str, str, str | None], int] = {}
    names: dict[str, tuple[str, int]] = {}

    def take(row: RowReader, batch_id: int) -> Taken:
        code = row.text("code", required=True)
        name, branch = row.text("name"), row.text("branch")
        from_on, to_on = row.day("from", required=bool(branch)), row.day("to")
        _refuse_twice(row, (code, branch, from_on), rows)
        _refuse_two_names(row, code, name, names)
        if not branch and (from_on or to_on):
            row.refuse("branch", "employment.branch_missing", N_("Say at which branch, by its code."))
        person = _person(store, code, name, batch_id=batch_id, by=by, now=now)
        if not branch:
            return person
        place = _place(store, row, code, branch, from_on, to_on, batch_id=batch_id, by=by, now=now)
        return min(person, place, key=list(Taken).index)

    return import_rows(store, sheet, COLUMNS, take, kind="employees", by=by, now=now, dry_run=dry_run)


def _refuse_twice(
    row: RowReader, key: tuple[str, str, str | None], rows: dict[tuple[str, str, str | None], int]
) -> None:
    if rows.setdefault(key, row.number) != row.number:
        text = N_("Row %(first)s is about the same employee, branch and first day. Keep one of the two rows.")
        row.refuse("code", "employment.twice", text, first=rows[key])


def _refuse_two_names(row: RowReader, code: str, name: str, names: dict[str, tuple[str, int]]) -> None:
    if name and names.setdefault(code, (name, row.number))[0] != name:
        text = N_("Row %(first)s gives “%(code)s” another name. Give one name everywhere.")
        row.refuse("name", "employee.two_names", text, first=names[code][1], code=code)


def _person(store: Store, code: str, name: str, *, batch_id: int, by: int | None, now: datetime) -> Taken:
    held = employees.find(store, code)
    if held is None:
        add_employee(store, code=code, name=name, batch_id=batch_id, by=by, now=now)
        return Taken.NEW
    retired = held["retired_at"] is not None
    changed = change_employee(store, code=code, name=name or held["name"], retired=retired, by=by, now=now)
    return Taken.CHANGED if changed else Taken.UNCHANGED


def _place(
    store: Store,
    row: RowReader,
    code: str,
    branch: str,
    from_on: str | None,
    to_on: str | None,
    *,
    batch_id: int,
    by: int | None,
    now: datetime,
) -> Taken:
    employee = employees.find(store, code)
    held = [] if employee is None else employments.list_of(store, employee["id"])
    same = next((one for one in held if (one["branch"], one["from_on"]) == (branch, from_on)), None)
    if same is None:
        add_employment(
            store,
            employee=code,
            branch=branch,
            from_on=from_on,
            to_on=to_on,
            batch_id=batch_id,
            by=by,
            now=now,
        )
        return Taken.NEW
    changed = change_employment(
        store,
        employment_id=same["id"],
        branch=branch,
        from_on=from_on,
        to_on=to_on if row.has("to") else same["to_on"],
        by=by,
        now=now,
    )
    return Taken.CHANGED if changed else Taken.UNCHANGED
