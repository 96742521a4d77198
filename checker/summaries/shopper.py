"""A shopper's day: what to do, what is begun, what came back, what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from checker.standards.model import Text
from checker.standards.month import day_of
from checker.store import assignments, checklists, drafts, visits
from checker.store.connection import Row, Store
from checker.summaries.lines import day, moment, place
from checker.summaries.values import AssignmentLine, DraftLine, SentLine, ShopperDay
from checker.summaries.viewer import find_viewer

NEWEST = 50
"""How many sent visits are listed."""

Titles = Mapping[str, Text]


def shopper_day(store: Store, *, person_id: int, now: datetime) -> ShopperDay:
    """Everything on a shopper's first page; only what is this person's own. Scores are not part of it.

    Raises Problem "not_found" for somebody who may not sign in any more.
    """
    with store.reading():
        find_viewer(store, person_id=person_id, now=now)
        begun = drafts.list_for(store, shopper_id=person_id)
        to_do = assignments.list_for(store, shopper_id=person_id)
        return day_of_shopper(store, begun, to_do, person_id=person_id, now=now)


def day_of_shopper(
    store: Store, begun: Sequence[Row], to_do: Sequence[Row], *, person_id: int, now: datetime
) -> ShopperDay:
    """The same from the drafts and the assignments as they are stored; inside `reading()`."""
    titles = {code: _title(store, code) for code in {row["checklist"] for row in (*begun, *to_do)}}
    draft_of = {row["assignment_id"]: UUID(bytes=row["uuid"]) for row in begun if row["assignment_id"]}
    sent = [
        (row["state"], _sent(store, row))
        for row in visits.list_sent_by(store, shopper_id=person_id, limit=NEWEST)
    ]
    return ShopperDay(
        assignments=tuple(_assignment(row, titles, draft_of.get(row["id"]), now) for row in to_do),
        drafts=tuple(_draft(row, titles) for row in begun),
        returned=tuple(line for state, line in sent if state == "returned"),
        sent=tuple(line for state, line in sent if state != "returned"),
    )


def _title(store: Store, code: str) -> Text:
    version = checklists.current(store, code)
    return version.checklist.title if version else {}


def _assignment(row: Row, titles: Titles, draft: UUID | None, now: datetime) -> AssignmentLine:
    report_by = date.fromisoformat(row["report_by"])
    return AssignmentLine(
        uuid=UUID(bytes=row["uuid"]),
        branch=place(row),
        checklist=row["checklist"],
        title=titles[row["checklist"]],
        visit_from=date.fromisoformat(row["visit_from"]),
        visit_to=date.fromisoformat(row["visit_to"]),
        report_by=report_by,
        state=row["state"],
        overdue=report_by < day_of(now, row["zone"]),
        draft=draft,
    )


def _draft(row: Row, titles: Titles) -> DraftLine:
    return DraftLine(
        uuid=UUID(bytes=row["uuid"]),
        branch=place(row),
        checklist=row["checklist"],
        title=titles[row["checklist"]],
        saved_at=moment(row["saved_at"]),
        assignment=UUID(bytes=row["assignment_uuid"]) if row["assignment_uuid"] else None,
    )


def _sent(store: Store, row: Row) -> SentLine:
    checklist = checklists.get(store, row["version_id"]).checklist
    returned = row["state"] == "returned"
    return SentLine(
        uuid=UUID(bytes=row["uuid"]),
        branch=place(row),
        checklist=checklist.id,
        title=checklist.title,
        day=day(row),
        received_at=moment(row["received_at"]),
        state=row["state"],
        practice=bool(row["practice"]),
        photos_missing=row["photos_missing"],
        query=row["query"] if returned else "",
    )
