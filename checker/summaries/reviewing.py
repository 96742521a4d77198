"""What waits for a reviewer: sent visits with the notes that were made about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import reviewing
from checker.store.connection import Row, Store
from checker.summaries.lines import moment, visit_line
from checker.summaries.photo import late_notes
from checker.summaries.values import Place, ReviewNote, VisitLine
from checker.summaries.viewer import find_viewer

SIZE = 50
"""Visits on a page."""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One visit in a reviewer's list."""

    line: VisitLine
    branch: Place
    received_at: datetime
    shopper: str | None
    notes: tuple[ReviewNote, ...]


@dataclass(frozen=True, slots=True)
class ReviewList:
    """A page of visits, the newest first."""

    lines: tuple[ReviewLine, ...]
    page: int
    more: bool
    """Whether older ones follow."""


def review_list(store: Store, *, show: str, page: int, person_id: int, now: datetime) -> ReviewList:
    """The visits of one kind ("sent", "noted", "photos", "returned", "approved", "excluded", "void"); pages
    count from 1.

    Raises Problem "not_found" for a kind there is not, and for everybody but the office.
    """
    with store.reading():
        if show not in reviewing.SHOWN or not find_viewer(store, person_id=person_id, now=now).office:
            raise not_found(N_("There is no such list of visits."))
        rows = reviewing.list_visits(
            store, show=show, now=int(now.timestamp()), limit=SIZE + 1, offset=(page - 1) * SIZE
        )
        more, rows = len(rows) > SIZE, rows[:SIZE]
        notes: dict[int, list[ReviewNote]] = {}
        for one in reviewing.list_notes(store, [row["id"] for row in rows]):
            note = ReviewNote(one["code"], one["details"], moment(one["at"]))
            notes.setdefault(one["visit_id"], []).append(note)
        for key, note in late_notes(store, [row["id"] for row in rows], now=now).items():
            notes.setdefault(key, []).append(note)
        return ReviewList(tuple(_line(row, notes.get(row["id"], [])) for row in rows), page, more)


def _line(row: Row, notes: list[ReviewNote]) -> ReviewLine:
    return ReviewLine(
        line=visit_line(row, ()),
        branch=Place(row["branch"], row["branch_name"], row["zone"]),
        received_at=moment(row["received_at"]),
        shopper=row["shopper"],
        notes=tuple(notes),
    )
