"""Assignments that nobody reports on any more expire; a visit that comes in later is still received."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from checker.standards.life import Assignment, AssignmentStep, next_state
from checker.standards.month import day_of
from checker.store import assignments, trail
from checker.store.connection import Row, Store


def expire_assignments(store: Store, *, grace_days: int, now: datetime) -> int:
    """Let those expire whose report is late by more than the grace, on the calendar of their branch.

    Returns how many. Its shopper sees it no more, drafts begun stay, and its visit makes it done.
    """
    at = int(now.timestamp())
    # The day after tomorrow here: nowhere is it later. What is late is then seen by each branch's calendar.
    first = now.date() + timedelta(days=2 - grace_days)
    expired = 0
    with store.write():
        for held in assignments.open_before(store, first.isoformat()):
            if not _is_late(held, grace_days, now):
                continue
            state = next_state(Assignment(held["state"]), AssignmentStep.EXPIRE)
            assignments.set_state(store, held["id"], state=state, reason="", at=at)
            thing = str(UUID(bytes=held["uuid"]))
            trail.add(store, person_id=None, act="assignment.expire", thing=thing, at=at)
            expired += 1
    return expired


def _is_late(held: Row, grace_days: int, now: datetime) -> bool:
    late = day_of(now, held["zone"]) - date.fromisoformat(held["report_by"])
    return late > timedelta(days=grace_days)
