"""A mailing is changed, or ends."""

from __future__ import annotations

from datetime import datetime

from checker.actions.mailing_entry import MailingEntry, checked
from checker.config import LANGUAGES
from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.store import mailings, trail
from checker.store.connection import Row, Store


def find_mailing(store: Store, mailing_id: int) -> Row:
    """The mailing in use. Raises Problem "not_found", "mailing.retired" (409)."""
    held = mailings.find(store, mailing_id)
    if held is None:
        raise not_found(N_("There is no such mailing."))
    if held["retired_at"] is not None:
        raise Problem("mailing.retired", 409, N_("This mailing has ended. Add another one."))
    return held


def change_mailing(
    store: Store, mailing_id: int, entry: MailingEntry, *, by: int | None, now: datetime
) -> None:
    """Change everything about it. What was due by new times before now is not sent; what is due by the times
    it had goes as it is changed. Raises Refused.
    """
    with store.write():
        held = find_mailing(store, mailing_id)
        row, emails = checked(store, entry, LANGUAGES)
        at = int(now.timestamp())
        timed_anew = any(held[name] != row[name] for name in ("day", "hour", "zone"))
        store.change("mailing", mailing_id, {**row, "from_at": at if timed_anew else held["from_at"]})
        mailings.set_recipients(store, mailing_id, emails)
        trail.add(
            store,
            person_id=by,
            act="mailing.change",
            thing=str(mailing_id),
            at=at,
            details={"recipients": len(emails)},
        )


def retire_mailing(store: Store, mailing_id: int, *, by: int | None, now: datetime) -> None:
    """Let it end; what went stays in the log, and what waits is not sent."""
    with store.write():
        find_mailing(store, mailing_id)
        at = int(now.timestamp())
        store.change("mailing", mailing_id, {"retired_at": at})
        trail.add(store, person_id=by, act="mailing.retire", thing=str(mailing_id), at=at)
