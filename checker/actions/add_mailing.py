"""A report is to go to a group of people each month."""

from __future__ import annotations

from datetime import datetime

from uuid6 import uuid7

from checker.actions.mailing_entry import MailingEntry, checked
from checker.config import LANGUAGES
from checker.store import mailings, trail
from checker.store.connection import Store


def add_mailing(store: Store, entry: MailingEntry, *, by: int | None, now: datetime) -> int:
    """Keep the mailing and give its key; what was due before now is not sent. Raises Refused.

    The same once more from the same person within a minute is the same mailing.
    """
    with store.write():
        row, emails = checked(store, entry, LANGUAGES)
        at = int(now.timestamp())
        same = store.added_lately("mailing", {**row, "retired_at": None}, by=by, at=at)
        if same is not None:
            held = mailings.find(store, same["id"])
            if held is not None and set(held["recipients"].split("\n")) == set(emails):
                return int(same["id"])
        made = {"uuid": uuid7().bytes, "from_at": at, "created_at": at, "created_by": by}
        key = store.add("mailing", {**row, **made})
        mailings.set_recipients(store, key, emails)
        trail.add(
            store, person_id=by, act="mailing.add", thing=str(key), at=at, details={"recipients": len(emails)}
        )
    return key
