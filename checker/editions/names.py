"""People as keys in a snapshot, and their names put in when a file is drawn.

"=E0042" is an employee by code, "?served_by" the words with which a shopper described somebody in that role.
Whoever is no longer there, or has no name left, was erased: a stated word stands for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from checker.store import editions
from checker.store.connection import Row, Store
from checker.summaries.values import BranchMonth, NetworkMonth

Summary = BranchMonth | NetworkMonth


@dataclass(frozen=True, slots=True)
class Named:
    """A summary with names in it: which, as a hash, and whether one is missing because it was erased."""

    summary: Summary
    hash: bytes
    erased: bool = False


def without_names(store: Store, summary: Summary) -> Summary:
    """The summary with every person as a key."""
    if not isinstance(summary, BranchMonth):
        return summary
    served = _served(store, [line.uuid for line in summary.visits if line.employees])
    if not summary.names_shown:  # nor are descriptions then: they may be names
        served = {visit: [row for row in rows if row["code"]] for visit, rows in served.items()}
    visits = tuple(
        replace(line, employees=tuple(dict.fromkeys(map(_key, served.get(line.uuid, [])))))
        if line.employees
        else line
        for line in summary.visits
    )
    employees = tuple(replace(line, name=None) for line in summary.employees)
    return replace(summary, visits=visits, employees=employees)


def with_names(store: Store, summary: Summary, erased: str) -> Named:
    """The summary with today's names, where it shows any; `erased` stands for a name that is gone."""
    if not isinstance(summary, BranchMonth):
        return _named(summary, [], erased)
    held = [line for line in summary.visits if line.employees]
    served = _served(store, [line.uuid for line in held]) if summary.names_shown else {}
    codes = {line.code for line in summary.employees} | {
        key[1:] for line in held for key in line.employees if key.startswith("=")
    }
    codes |= {row["code"] for rows in served.values() for row in rows if row["code"]}
    names = editions.names_of(store, sorted(codes)) if summary.names_shown else {code: code for code in codes}

    def name(visit: UUID, key: str) -> str:
        if key.startswith("="):
            return names.get(key[1:]) or erased
        return next(
            (
                names.get(row["code"] or "") or row["described"] or erased
                for row in served.get(visit, [])
                if row["role"] == key[1:]
            ),
            erased,
        )

    visits = tuple(
        replace(line, employees=tuple(dict.fromkeys(name(line.uuid, key) for key in line.employees)))
        for line in summary.visits
    )
    employees = summary.employees
    if summary.names_shown:
        employees = tuple(replace(line, name=names.get(line.code) or erased) for line in employees)
    shown = [*(line.name or "" for line in employees), *(one for line in visits for one in line.employees)]
    return _named(replace(summary, visits=visits, employees=employees), shown, erased)


def _named(summary: Summary, names: list[str], erased: str) -> Named:
    known = ("" if name == erased else name for name in names)  # in their order: two may have changed places
    return Named(summary, sha256("\n".join(known).encode()).digest(), erased in names)


def _key(row: Row) -> str:
    return f"={row['code']}" if row["code"] else f"?{row['role']}"


def _served(store: Store, visits: list[UUID]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in editions.served_in(store, visits) if visits else []:
        if row["code"] or row["described"]:
            found.setdefault(UUID(row["visit"]), []).append(row)
    return found
