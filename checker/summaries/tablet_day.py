"""A shopper's day as their tablet keeps it: everything that filling and sending a visit needs without us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from checker.standards.body import DEFAULT_PROGRAMME
from checker.store import assignments, branches, checklists, drafts, employees, programmes, revisions, visits
from checker.store.checklists import Version
from checker.store.connection import Row, Store
from checker.summaries.shopper import day_of_shopper
from checker.summaries.values import (
    DraftLine,
    FormLine,
    PlaceInTime,
    TabletAssignment,
    TabletDay,
    TabletDraft,
)
from checker.summaries.viewer import find_viewer

MOST_EMPLOYEES = 2_000
"""Codes of employees up to which a tablet keeps those of every branch; beyond, of the day's alone."""

AROUND = timedelta(days=7)
"""Who is employed on a day so near is on the list: the tablet may be without network for days."""


def tablet_day(store: Store, *, person_id: int, now: datetime) -> TabletDay:
    """Everything a shopper's tablet keeps; only what is this person's own, and no score.

    Raises Problem "not_found" for somebody who may not sign in any more.
    """
    with store.reading():
        find_viewer(store, person_id=person_id, now=now)
        begun = drafts.list_for(store, shopper_id=person_id)
        to_do = assignments.list_for(store, shopper_id=person_id)
        day = day_of_shopper(store, begun, to_do, person_id=person_id, now=now)
        versions = {version.checklist.id: version for version in checklists.list_current(store)}
        for row in to_do:
            if row["checklist"] not in versions:  # retired, and still asked for
                versions[row["checklist"]] = cast(Version, checklists.current(store, row["checklist"]))
        forms = {version.id: version for version in versions.values()}
        forms |= {row["version_id"]: checklists.get(store, row["version_id"]) for row in begun}
        wanted = {str(row["branch"]) for row in (*begun, *to_do)}
        on = now.date()
        every = branches.list_between(store, region_id=None, first=on.isoformat(), last=on.isoformat())
        programme = cast(Row, programmes.find(store, DEFAULT_PROGRAMME))
        return TabletDay(
            assignments=tuple(
                TabletAssignment(
                    line,
                    versions[line.checklist].checklist.version,
                    row["purpose"],
                    row["scenario"],
                    row["briefing"],
                )
                for line, row in zip(day.assignments, to_do, strict=True)
            ),
            drafts=tuple(
                _draft(store, line, row, person_id, now) for line, row in zip(day.drafts, begun, strict=True)
            ),
            returned=day.returned,
            sent=day.sent,
            branches=tuple(
                PlaceInTime(row["code"], row["name"], row["zone"])
                for row in every
                if row["open"] or row["code"] in wanted
            ),
            employees=_employees(store, wanted, programme, now),
            forms=tuple(
                FormLine(
                    version.checklist.id,
                    version.checklist.version,
                    version.checklist.title,
                    version.checklist.channel,
                    programme["attribution"] != "none",
                )
                for version in forms.values()
            ),
        )


def _draft(store: Store, line: DraftLine, row: Row, person_id: int, now: datetime) -> TabletDraft:
    typed: Mapping[str, list[str]] = row["body"].get("typed", {})
    others: list[object] = []
    for copy in drafts.list_copies(store, row["id"]):
        says = copy["body"].get("typed", {})
        if says != typed and says not in others:
            others.append(says)
    visit = visits.find_for(store, line.uuid, person_id=person_id, now=int(now.timestamp()))
    query = sent = None
    if visit is not None:
        sent = revisions.get(store, visit["id"], visit["revision"])
        asked = [
            event["reason"] for event in visits.list_events(store, visit["id"]) if event["kind"] == "return"
        ]
        query = asked[-1] if asked else None
    return TabletDraft(
        line=line,
        sequence=row["sequence"],
        version=row["version"],
        practice=bool(row["body"].get("practice")),
        typed=typed,
        copies=len(others),
        revises=visit["hash"] if visit else None,
        sent=sent,
        query=query,
    )


def _employees(store: Store, wanted: set[str], programme: Row, now: datetime) -> dict[str, tuple[str, ...]]:
    """Branch code -> the codes of those employed there about now; names are not for shoppers."""
    if programme["attribution"] == "none":
        return {}
    first, last = ((now + step).date().isoformat() for step in (-AROUND, AROUND))
    rows = employees.list_between(store, first=first, last=last)
    if len(rows) > MOST_EMPLOYEES:
        rows = [row for row in rows if row["branch"] in wanted]
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["branch"], []).append(row["code"])
    return {branch: tuple(codes) for branch, codes in found.items()}
