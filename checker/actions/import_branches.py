"""Branches come from a sheet, with the regions they belong to.

All imports are called alike, by commands and pages:

    sheet = reading.read_sheet(source_bytes, file_name)     # or reading.read_file(path); raises Refused
    result = import_branches(store, sheet, by=person_id, now=now, dry_run=True)
    result = import_employees(store, sheet, by=person_id, now=now, dry_run=False)
    result = import_users(store, sheet, days=settings.invitation_days, by=person_id, now=now)
    result = import_assignments(store, sheet, by=person_id, now=now)
    result = import_visits(store, sheet, version, sheet_map, by=person_id, now=now, progress=None)

`version` is a `store.checklists.Version`; `sheet_map = mapping.read_map(source, name,
version.checklist)` raises Refused with every fault of the map. Each gives an `importing.ImportResult`:
`batch_id` (None: nothing was stored), `taken`, `changed`, `unchanged`, `refused_rows`, `refused`
(`Refusal(row, column, code, text, details)`, `text` a msgid), `links` (`Link(email, name, path)`),
`comparisons`, `differences`, `not_scored`. A sheet whose headings are wrong is refused whole: Refused
with every fault. `undo_import.undo_import(store, batch_id, by=, now=)` takes a batch back;
`store.batches.list_all` and `find` show them; each module's `COLUMNS` says which columns there may be.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checker.actions.add_branch import add_branch
from checker.actions.add_region import add_region
from checker.actions.change_branch import change_branch
from checker.actions.change_region import change_region
from checker.actions.importing import ImportResult, Taken, import_rows
from checker.sheets.reading import Sheet
from checker.sheets.taking import Column, RowReader
from checker.standards.faults import N_
from checker.store import branches, regions
from checker.store.connection import Store

COLUMNS = (
    Column("code", required=True),
    Column("name"),
    Column("region"),
    Column("region_name"),
    Column("zone"),
    Column("format"),
    Column("group"),
    Column("opened_on"),
    Column("closed_on"),
)


def import_branches(
    store: Store, sheet: Sheet, *, by: int | None, now: datetime, dry_run: bool = False
) -> ImportResult:
    """Add the branches that are new, change those that differ; a column the sheet has not stays as it is.

    A region that is unknown is added, named by `region_name` or by its code. Raises Refused when headings are
    wrong.
    """
    rows: dict[str, int] = {}
    region_names: dict[str, tuple[str, int]] = {}

    def take(row: RowReader, batch_id: int) -> Taken:
        code = row.text("code", required=True)
        _refuse_twice(row, code, rows)
        given = row.given(
            name=lambda: row.text("name"),
            region=lambda: row.text("region"),
            zone=lambda: row.text("zone"),
            format=lambda: row.text("format"),
            group=lambda: row.text("group"),
            opened_on=lambda: row.day("opened_on"),
            closed_on=lambda: row.day("closed_on"),
        )
        held = branches.find(store, code)
        entered = {**_held(held), **given}
        renamed = _region(store, row, entered["region"], region_names, batch_id=batch_id, by=by, now=now)
        if held is None:
            add_branch(store, code=code, **entered, batch_id=batch_id, by=by, now=now)
            return Taken.NEW
        changed = change_branch(store, code=code, **entered, by=by, now=now)
        return Taken.CHANGED if changed or renamed else Taken.UNCHANGED

    return import_rows(store, sheet, COLUMNS, take, kind="branches", by=by, now=now, dry_run=dry_run)


def _refuse_twice(row: RowReader, code: str, rows: dict[str, int]) -> None:
    if rows.setdefault(code, row.number) != row.number:
        text = N_("Row %(first)s is about “%(code)s” too. Keep one of the two rows.")
        row.refuse("code", "branch.twice", text, first=rows[code], code=code)


def _held(branch: dict[str, Any] | None) -> dict[str, Any]:
    """What is stored of a branch, under the names of the columns; what a new one has before it is told."""
    if branch is None:
        return {
            "name": "",
            "region": "",
            "zone": "",
            "format": "",
            "group": "",
            "opened_on": None,
            "closed_on": None,
        }
    names = ("name", "region", "zone", "format", "opened_on", "closed_on")
    return {**{name: branch[name] for name in names}, "group": branch["branch_group"]}


def _region(
    store: Store,
    row: RowReader,
    code: str,
    names: dict[str, tuple[str, int]],
    *,
    batch_id: int,
    by: int | None,
    now: datetime,
) -> bool:
    """Add the region or rename it as the row says; whether it was renamed."""
    if not code:
        return False  # add_branch says that a region is missing
    name = row.text("region_name")
    if name and names.setdefault(code, (name, row.number))[0] != name:
        other, first = names[code]
        text = N_("Row %(first)s calls the region “%(code)s” “%(other)s”. Give it one name.")
        row.refuse("region_name", "region.two_names", text, first=first, code=code, other=other)
        return False
    held = regions.find(store, code)
    if held is None:
        add_region(store, code=code, name=name or code, batch_id=batch_id, by=by, now=now)
        return False
    retired = held["retired_at"] is not None
    return bool(name) and change_region(store, code=code, name=name, retired=retired, by=by, now=now)
