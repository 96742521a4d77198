"""People who sign in come from a sheet; each new one gets a link with which to set a password, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from checker.actions.add_person import add_person
from checker.actions.change_person import change_person
from checker.actions.importing import ImportResult, Link, Taken, import_rows
from checker.actions.invite_person import invite_person
from checker.sheets.reading import Sheet
from checker.sheets.taking import Column, RowReader
from checker.standards.faults import N_
from checker.store import people
from checker.store.connection import Row, Store

COLUMNS = (
    Column("email", required=True),
    Column("name"),
    Column("role"),
    Column("branches"),
    Column("regions"),
    Column("language"),
    Column("employee"),
)


def import_users(
    store: Store, sheet: Sheet, *, days: int, by: int | None, now: datetime, dry_run: bool = False
) -> ImportResult:
    """Add the people who are new, change those who differ; a column the sheet has not stays as it is.

    A person is known by the e-mail address. `links` of the result work for `days` days and are shown now or
    never: only their hashes are stored. Raises Refused when headings are wrong.
    """
    rows: dict[str, int] = {}
    links: list[Link] = []

    def take(row: RowReader, batch_id: int) -> Taken:
        email = row.text("email", required=True)
        _refuse_twice(row, email, rows)
        given = row.given(
            name=lambda: row.text("name"),
            role=lambda: row.text("role").casefold(),
            branches=lambda: row.words("branches"),
            regions=lambda: row.words("regions"),
            language=lambda: row.text("language") or "en",
            employee=lambda: row.text("employee"),
        )
        held = people.find_by_email(store, email)
        if held is None:
            entered = {**NEW, **given}
            person_id = add_person(store, email=email, **entered, batch_id=batch_id, by=by, now=now)
            path = invite_person(store, person_id=person_id, days=days, by=by, now=now)
            if not row.refused:
                links.append(Link(email, entered["name"], path))
            return Taken.NEW
        stored = _stored(store, held)
        entered = {**stored, **given}
        if _same(stored, entered):
            return Taken.UNCHANGED
        change_person(store, person_id=held["id"], email=held["email"], **entered, by=by, now=now)
        return Taken.CHANGED

    result = import_rows(store, sheet, COLUMNS, take, kind="users", by=by, now=now, dry_run=dry_run)
    return result if dry_run else replace(result, links=tuple(links))


NEW: dict[str, Any] = {
    "name": "",
    "role": "",
    "branches": [],
    "regions": [],
    "language": "en",
    "employee": "",
}


def _refuse_twice(row: RowReader, email: str, rows: dict[str, int]) -> None:
    if rows.setdefault(email.casefold(), row.number) != row.number:
        text = N_("Row %(first)s has the same address. One address is one person; keep one of the two rows.")
        row.refuse("email", "person.twice", text, first=rows[email.casefold()])


def _stored(store: Store, person: Row) -> dict[str, Any]:
    branches, regions = people.scopes(store, person["id"])
    return {
        "name": person["name"],
        "role": person["role"],
        "branches": list(branches),
        "regions": list(regions),
        "language": person["language"],
        "employee": person["employee"] or "",
    }


def _same(stored: dict[str, Any], entered: dict[str, Any]) -> bool:
    """Whether two entries mean the same person: the order of codes and blanks in a name say nothing."""
    return all(
        sorted(set(entered[name])) == sorted(set(value))
        if isinstance(value, list)
        else " ".join(entered[name].split()) == value
        for name, value in stored.items()
    )
