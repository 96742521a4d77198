"""Visits in a list, as the person who looks may see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from checker.standards.month import day_of
from checker.store import figures, visits
from checker.store.connection import Row, Store
from checker.summaries.values import Place, VisitLine
from checker.summaries.viewer import Viewer


def visit_lines(store: Store, rows: list[Row], viewer: Viewer, attribution: str) -> tuple[VisitLine, ...]:
    """The visits as lines, in their order. `attribution` is the programme's."""
    served: dict[int, list[Row]] = {}
    for one in visits.list_served(store, [row["id"] for row in rows]):
        served.setdefault(one["visit_id"], []).append(one)
    return tuple(visit_line(row, who(served.get(row["id"], []), viewer, attribution)) for row in rows)


def visit_line(row: Row, employees: tuple[str, ...]) -> VisitLine:
    """One visit as a line."""
    return VisitLine(
        uuid=UUID(bytes=row["uuid"]),
        day=day(row),
        checklist=row["checklist"],
        version=row["version"],
        method=row["method"],
        channel=row["channel"],
        outcome=row["outcome"],
        state=row["state"],
        counted=bool(row["counted"]),
        practice=bool(row["practice"]),
        excluded=bool(row["excluded"]),
        compliance=row["compliance"],
        experience=row["experience"],
        flagged=bool(row["flagged"]),
        service_level=row["service_level"],
        employees=employees,
    )


def day(row: Row) -> date:
    """The day of a visit on the calendar of its branch."""
    return day_of(moment(row["visited_at"]), row["zone"])


def moment(seconds: int) -> datetime:
    """A stored moment."""
    return datetime.fromtimestamp(seconds, UTC)


def data_until(store: Store, viewer: Viewer) -> datetime:
    """How far every figure reaches that the viewer sees; now while there is no visit.

    What the house makes, and what the office hands on, leaves the office: it tells, as a page does, when the
    last one was revealed.
    """
    within = viewer.office and not viewer.revealed
    until = figures.data_until(store, None if within else int(viewer.now.timestamp()))
    return viewer.now if until is None else moment(until)


def who(served: Iterable[Row], viewer: Viewer, attribution: str) -> tuple[str, ...]:
    """Who served, each person once, as the viewer may see them.

    What leaves the branch does not say who served in a visit: that would be a figure with n = 1 (§5).
    Employees see themselves by name and others by code. A description may be a name, so it goes where names
    go, and to the office, which has to find out who it was.
    """
    if attribution == "none" or (viewer.audience == "leadership" and viewer.role != "employee"):
        return ()
    names = viewer.sees_names(attribution)
    found: list[str] = []
    for one in served:
        if one["employee_id"] is None:
            shown = one["described"] if names or viewer.office or viewer.role == "shopper" else None
        elif names or one["employee_id"] == viewer.employee_id:
            shown = one["name"]
        else:
            shown = one["code"]
        if shown is not None and shown not in found:
            found.append(shown)
    return tuple(found)


def place(row: Row) -> Place:
    """The branch in a row that has branch (or code), branch_name (or name), zone and region."""
    return Place(
        row["branch"] if "branch" in row else row["code"],
        row["branch_name"] if "branch_name" in row else row["name"],
        row["zone"],
        row.get("region", ""),
    )
