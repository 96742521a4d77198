"""Employees and where they work, from a sheet with one row for each place."""

from __future__ import annotations

from datetime import UTC, datetime

from checker.actions.import_employees import import_employees
from checker.actions.importing import ImportResult
from checker.store import employees, employments
from checker.store.connection import Store
from tests.actions.sheets import counts, said, sheet

NOW = datetime(2026, 10, 15, 9, 30, tzinfo=UTC)

MOVED = """
    code,name,branch,from,to
    E11,Outi Ovi,B001,2025-01-01,2026-03-31
    E11,Outi Ovi,B002,2026-04-01,
    E12,Ion Ene,B001,2026-02-01,
    E13,Nobody yet,,,
"""


def take(store: Store, text: str, *, dry_run: bool = False) -> ImportResult:
    return import_employees(store, sheet(text), by=None, now=NOW, dry_run=dry_run)


def periods(store: Store, code: str) -> list[tuple[str, str, str | None]]:
    employee = employees.find(store, code)
    assert employee is not None
    return [
        (row["branch"], row["from_on"], row["to_on"]) for row in employments.list_of(store, employee["id"])
    ]


def test_an_employee_who_moved_has_two_rows(network: Store) -> None:
    assert counts(take(network, MOVED)) == (4, 0, 0, 0)
    assert periods(network, "E11") == [("B001", "2025-01-01", "2026-03-31"), ("B002", "2026-04-01", None)]
    assert periods(network, "E13") == []
    assert counts(take(network, MOVED)) == (0, 0, 4, 0)


def test_somebody_leaves_and_somebody_is_renamed(network: Store) -> None:
    take(network, MOVED)
    result = take(
        network,
        """
        code,name,branch,from,to
        E12,Ion Ene-Popa,B001,2026-02-01,
        E11,Outi Ovi,B002,2026-04-01,2026-09-30
        """,
    )
    assert counts(result) == (0, 2, 0, 0)
    assert periods(network, "E11")[1] == ("B002", "2026-04-01", "2026-09-30")
    employee = employees.find(network, "E12")
    assert employee is not None
    assert employee["name"] == "Ion Ene-Popa"


def test_without_a_column_to_nobody_comes_back(network: Store) -> None:
    take(network, MOVED)
    assert counts(take(network, "code,branch,from\nE11,B001,2025-01-01")) == (0, 0, 1, 0)
    assert periods(network, "E11")[0][2] == "2026-03-31"


def test_refusals(network: Store) -> None:
    result = take(
        network,
        """
        code,name,branch,from,to
        E21,Ann,B999,2026-01-01,
        E22,Ben,B001,,
        E23,Cid,,2026-01-01,
        E24,Dee,B001,2026-05-01,2026-04-01
        E25,Eli,B001,01.05.2026,
        E26,,B001,2026-01-01,
        E27,Fay,B001,2026-01-01,
        E27,Fay,B001,2026-02-01,
        E27,Fay,B001,2026-01-01,
        E27,Faye,B002,2026-01-01,
        """,
    )
    assert said(result) == [
        (2, "branch", "employment.branch"),
        (3, "from", "cell.missing"),
        (4, "branch", "employment.branch_missing"),
        (5, "to", "employment.backwards"),
        (6, "from", "cell.date"),
        (7, "name", "name.length"),
        (9, "from", "employment.overlap"),
        (10, "code", "employment.twice"),
        (11, "name", "employee.two_names"),
    ]
    assert counts(result) == (1, 0, 0, 9)
    assert periods(network, "E27") == [("B001", "2026-01-01", None)]
    assert employees.find(network, "E21") is None
