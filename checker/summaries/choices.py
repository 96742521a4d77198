"""What a reader may choose between: the series of a place or an employee, and the month to open first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from checker.standards.body import DEFAULT_PROGRAMME, Method
from checker.standards.model import Text
from checker.standards.month import Month
from checker.store import checklists, choices, series
from checker.store.connection import Row, Store
from checker.summaries.viewer import find_viewer

METHODS = tuple(method.value for method in Method)
"""Mystery shopping first; the others have figures of their own (design §2)."""


@dataclass(frozen=True, slots=True)
class SeriesChoice:
    """A series one may look at. Its first month with a counted visit, and the last the reader may see."""

    id: int
    checklist: str
    title: Text
    languages: tuple[str, ...]
    method: str
    earliest: Month | None
    latest: Month | None


def network_choices(store: Store, *, last: Month) -> tuple[SeriesChoice, ...]:
    """The series of the whole network, those most visits are made for first within their method."""
    return _choices(store, choices.NETWORK, 0, last)


def region_choices(store: Store, region_id: int, *, last: Month) -> tuple[SeriesChoice, ...]:
    """The series of a region."""
    return _choices(store, choices.REGION, region_id, last)


def branch_choices(
    store: Store, branch_id: int, *, last: Month, person_id: int, now: datetime
) -> tuple[SeriesChoice, ...]:
    """The series of a branch; what is not revealed yet opens no month."""
    found = _choices(store, choices.BRANCH, branch_id, last)
    until = find_viewer(store, person_id=person_id, now=now).until
    if until is None:
        return found
    return tuple(
        _until(
            one,
            choices.last_month_at_branch(
                store, branch_id=branch_id, series_id=one.id, last=int(last), until=until
            ),
        )
        for one in found
    )


def employee_choices(
    store: Store, employee_id: int, *, last: Month, person_id: int, now: datetime
) -> tuple[SeriesChoice, ...]:
    """The series of an employee; what is not revealed yet opens no month."""
    found = _choices(store, choices.EMPLOYEE, employee_id, last)
    until = find_viewer(store, person_id=person_id, now=now).until
    if until is None:
        return found
    return tuple(
        _until(
            one,
            choices.last_month_of_employee(
                store, employee_id=employee_id, series_id=one.id, last=int(last), until=until
            ),
        )
        for one in found
    )


def _until(choice: SeriesChoice, month: int | None) -> SeriesChoice:
    return replace(choice, latest=_month(month))


def _month(number: int | None) -> Month | None:
    return None if number is None else Month.from_int(number)


def _choices(store: Store, scope: int, scope_id: int, last: Month) -> tuple[SeriesChoice, ...]:
    """Every series of the programme: by method, those with visits of the scope first, most visits first."""
    counted = {
        row["series_id"]: row
        for row in choices.list_for(store, scope=scope, scope_id=scope_id, last=int(last))
    }
    nothing = {"earliest": None, "latest": None, "visits": 0}
    rows = [
        {**row, **nothing, **counted.get(row["id"], {})} for row in series.list_for(store, DEFAULT_PROGRAMME)
    ]
    rows.sort(
        key=lambda row: (not row["visits"], METHODS.index(row["method"]), -row["visits"], row["checklist"])
    )
    return tuple(_choice(store, row) for row in rows)


def _choice(store: Store, row: Row) -> SeriesChoice:
    version = checklists.current(store, row["checklist"])
    assert version is not None  # noqa: S101 - a series has visits, and visits have a version
    return SeriesChoice(
        id=row["id"],
        checklist=row["checklist"],
        title=version.checklist.title,
        languages=version.checklist.languages,
        method=row["method"],
        earliest=_month(row["earliest"]),
        latest=_month(row["latest"]),
    )
