"""What a sheet of each kind may hold, in words; and sheets to begin with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from checker.actions import import_assignments, import_branches, import_employees, import_users
from checker.reports.csv import cell
from checker.sheets.taking import Column
from checker.standards.model import Checklist, Photo
from checker.store import branches, employments, people
from checker.store.connection import Store
from checker.web.admin.room import today
from checker.web.session import me


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet: what it is called, what a row is, what its columns mean (words, example)."""

    title: Any
    row: Any
    columns: Mapping[str, tuple[Any, str]]
    known: Sequence[Column]


KINDS: Mapping[str, Kind] = {
    "branches": Kind(
        _l("Branches"),
        _l("One row for each branch. A region that is unknown is added."),
        {
            "code": (_l("Needed. As in your other systems; it cannot change later."), "B001"),
            "name": (_l("The branch’s name."), "Harbour"),
            "region": (_l("The code of its region."), "NORTH"),
            "region_name": (_l("The region’s name; the same in every row of the region."), "The north"),
            "zone": (_l("Time zone by its IANA name."), "Europe/Helsinki"),
            "format": (_l("Yours to use, such as supermarket or kiosk."), "supermarket"),
            "group": (_l("Yours to use, such as franchise."), "own"),
            "opened_on": (_l("First day."), "2019-03-01"),
            "closed_on": (_l("Last day; empty while it is open."), ""),
        },
        import_branches.COLUMNS,
    ),
    "employees": Kind(
        _l("Employees"),
        _l("One row for each place somebody works at; an employee who moved has two rows."),
        {
            "code": (_l("Needed. As in your other systems; reports show it instead of the name."), "E0001"),
            "name": (_l("The employee’s name; the same in every row of the employee."), "Eve Alder"),
            "branch": (_l("The code of the branch."), "B001"),
            "from": (_l("First day there; needed where a branch is named."), "2024-05-01"),
            "to": (_l("Last day there; empty while it lasts."), ""),
        },
        import_employees.COLUMNS,
    ),
    "users": Kind(
        _l("Users"),
        _l("One row for each person who signs in. New ones get a link with which to set a password."),
        {
            "email": (_l("Needed. The address is how a person is known."), "mara@example.org"),
            "name": (_l("The person’s name."), "Mara Moor"),
            "role": (_l("shopper, reviewer, manager, employee, leadership or admin."), "manager"),
            "branches": (_l("Codes of branches, with ; between; for managers and leadership."), "B001;B002"),
            "regions": (_l("Codes of regions, with ; between; for managers and leadership."), ""),
            "language": (_l("en, fi, de, pl or ro."), "en"),
            "employee": (_l("For the role employee: the employee’s code."), ""),
        },
        import_users.COLUMNS,
    ),
    "assignments": Kind(
        _l("Assignments"),
        _l("One row for each visit to be made, known by shopper, branch, checklist and first day."),
        {
            "shopper": (_l("Needed. The shopper’s e-mail address."), "sam@example.org"),
            "branch": (_l("Needed. The code of the branch."), "B001"),
            "checklist": (_l("Needed. The checklist’s id."), "store_visit"),
            "visit_from": (_l("Needed. First day for the visit."), "2026-11-02"),
            "visit_to": (_l("Needed. Last day for the visit."), "2026-11-15"),
            "report_by": (_l("Needed. Last day for the report."), "2026-11-16"),
            "purpose": (_l("planned, revisit, paired or extra; empty: planned."), "planned"),
            "scenario": (_l("Who the shopper is and what they want."), "A gift for a child of six"),
            "briefing": (_l("What else to know."), ""),
            "fee": (_l("An amount, without a currency sign."), "25.00"),
            "expenses": (_l("At most so much is paid back."), "10.00"),
            "currency": (_l("Its three letters; needed with an amount."), "EUR"),
        },
        import_assignments.COLUMNS,
    ),
    "visits": Kind(
        _l("Visits"),
        _l("One row for each visit, from somebody else’s sheet or ours; a map says which column is what."),
        {},
        (),
    ),
}

for _name, _kind in KINDS.items():
    assert [column.name for column in _kind.known] == list(_kind.columns), _name  # noqa: S101 - none is left out


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]] = ()) -> bytes:
    """A sheet as CSV that every spreadsheet opens with its letters right."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(headings)
    writer.writerows([cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


# --- what is stored now, to be changed and handed in again --------------------------------------------------


def present(store: Store, kind: str) -> Iterator[list[Any]]:
    """The rows that would change nothing: a spreadsheet to go on from."""
    if kind == "branches":
        for row in branches.list_for(store, person_id=me().id):
            yield [
                row[name]
                for name in ("code", "name", "region", "region_name", "zone", "format", "branch_group")
            ] + [row["opened_on"], row["closed_on"]]
    elif kind == "employees":
        for row in employments.list_employees(store, day=today().isoformat()):
            held = employments.list_of(store, row["id"])
            for one in held:
                yield [row["code"], row["name"], one["branch"], one["from_on"], one["to_on"]]
            if not held:
                yield [row["code"], row["name"], "", "", ""]
    elif kind == "users":
        for row in people.list_all(store):
            yield [
                row["email"],
                row["name"],
                row["role"],
                row["branches"].replace(" ", ";"),
                row["regions"].replace(" ", ";"),
                row["language"],
                row["employee"],
            ]


# --- visits to a checklist ----------------------------------------------------------------------------------

VISIT_COLUMNS = ("visit", "branch", "date", "time", "outcome", "reason", "service_level")
OUTCOMES = ("closed", "refused", "recognised", "unsafe", "other")


def visit_headings(checklist: Checklist) -> list[str]:
    """The columns of a sheet of visits that fits `visit_map`."""
    return [*VISIT_COLUMNS, *_roles(checklist).values(), *_items(checklist)]


def visit_map(checklist: Checklist) -> str:
    """A map for a sheet with those columns, to be used as it is or changed for somebody else's sheet."""
    roles = _roles(checklist)
    lines = [
        f"# A map for visits to {checklist.id}, version {checklist.version}. Left: ours. Right: your column.",
        "external_id: visit  # names each visit once; the same name again is the same visit",
        "branch: branch",
        'visited_at: {column: date, format: "%Y-%m-%d", time: {column: time, format: "%H:%M"}}',
        "outcome:  # an empty cell means that the visit was completed",
        "  column: outcome",
        f"  values: {{{', '.join(f'{word}: {word}' for word in OUTCOMES)}}}",
        "  reason_column: reason",
        "service_level: service_level  # low, standard or wow",
        "employee:",
        *(f"  {role}: {column}  # the employee's code" for role, column in roles.items()),
        "items:",
        *(f"  {item}: {column}" for item, column in zip(_ids(checklist), _items(checklist), strict=True)),
        "",
    ]
    return "\n".join(lines)


def _roles(checklist: Checklist) -> dict[str, str]:
    return {role.id: f"employee_{role.id}" for role in checklist.roles}


def _ids(checklist: Checklist) -> list[str]:
    return [item.id for item in checklist.items if not isinstance(item.rule, Photo)]


def _items(checklist: Checklist) -> list[str]:
    """An item's column is called like the item, unless that name is taken."""
    taken = {*VISIT_COLUMNS, *_roles(checklist).values()}
    return [f"item_{name}" if name in taken else name for name in _ids(checklist)]
