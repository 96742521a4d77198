"""A page of visits, for a program that reads all of them: what may leave the branch, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from checker.standards.faults import N_, Fault, Refused
from checker.standards.month import Month
from checker.store import visit_pages, visits
from checker.store.connection import Row, Store
from checker.summaries.lines import place, visit_line
from checker.summaries.values import Place, VisitLine
from checker.summaries.viewer import find_viewer


@dataclass(frozen=True, slots=True)
class PageLine:
    """A visit with what a list over many branches has to say of it; who served is not told (§5)."""

    line: VisitLine
    branch: Place
    programme: str
    month: Month
    subject: str
    purpose: str
    revision: int


@dataclass(frozen=True, slots=True)
class VisitPage:
    """Visits in the order in which they came; `next` is the last of them when more follow."""

    lines: tuple[PageLine, ...]
    next: UUID | None


def visit_page(
    store: Store,
    *,
    person_id: int,
    now: datetime,
    limit: int,
    after: UUID | None = None,
    since: datetime | None = None,
    month: Month | None = None,
    codes: Mapping[str, str],
) -> VisitPage:
    """The next `limit` visits that this person may see now, after the visit `after`.

    `codes` narrows to a branch, region or checklist; a code that names nothing in sight leaves an empty page.
    `since`: only visits that came in, were revealed, corrected or reviewed from then on. Raises Refused when
    `after` is no visit of this person's.
    """
    at = int(now.timestamp())
    with store.reading():
        viewer = find_viewer(store, person_id=person_id, now=now, audience="leadership")
        filters: dict[str, object] = dict(codes)
        if month is not None:
            filters["month"] = int(month)
        if since is not None:
            filters["since"] = int(since.timestamp())
        if after is not None:
            held = visits.find_for(store, after, person_id=person_id, now=at)
            if held is None:
                text = N_("There is no such visit to go on after; begin with the first page again.")
                raise Refused([Fault("page.after", "after", text)])
            filters["after"] = held["id"]
        keys = visit_pages.list_keys(
            store, person_id=person_id, role=viewer.role, now=at, limit=limit + 1, filters=filters
        )
        rows = visit_pages.list_by_key(store, keys[:limit])
        return VisitPage(
            tuple(page_line(row) for row in rows),
            UUID(bytes=rows[-1]["uuid"]) if len(keys) > limit else None,
        )


def page_line(row: Row) -> PageLine:
    """A visit as `visits.find_for` gives it, as a line of a page."""
    return PageLine(
        line=visit_line(row, ()),
        branch=place(row),
        programme=row["programme"],
        month=Month.from_int(row["month"]),
        subject=row["subject"],
        purpose=row["purpose"],
        revision=row["revision"],
    )
