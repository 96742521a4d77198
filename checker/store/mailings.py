"""Mailings: which report goes to a group of people each month; and every mail, before and after it went."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from checker.store.connection import Row, Store

COLUMNS = """
SELECT mailing.*, region.code AS region, region.name AS region_name, branch.code AS branch,
    branch.name AS branch_name, checklist.code AS checklist,
    (SELECT group_concat(email, char(10)) FROM (
        SELECT email FROM mailing_recipient WHERE mailing_id = mailing.id ORDER BY email)) AS recipients
FROM mailing
LEFT JOIN region ON region.id = mailing.region_id
LEFT JOIN branch ON branch.id = mailing.branch_id
LEFT JOIN checklist ON checklist.id = mailing.checklist_id
"""


def find(store: Store, mailing_id: int) -> Row | None:
    """The mailing, its recipients' addresses a line each."""
    return store.row(f"{COLUMNS} WHERE mailing.id = :id", {"id": mailing_id})


def list_all(store: Store) -> list[Row]:
    """Every mailing, those in use first."""
    return store.rows(f"{COLUMNS} ORDER BY mailing.retired_at IS NOT NULL, mailing.name, mailing.id")


def set_recipients(store: Store, mailing_id: int, emails: Iterable[str]) -> None:
    """Put these addresses in place of the ones before; inside `write()`."""
    store.db.execute("DELETE FROM mailing_recipient WHERE mailing_id = :id", {"id": mailing_id})
    for email in emails:
        store.add("mailing_recipient", {"mailing_id": mailing_id, "email": email})


def follow(store: Store, *, old: str, new: str) -> None:
    """Put a person's new address in place of the one they had, in mailings and in mails that wait, unless it
    stands there already; inside `write()`.
    """
    given = {"old": old, "new": new}
    store.db.execute("UPDATE OR IGNORE mailing_recipient SET email = :new WHERE email = :old", given)
    store.db.execute("UPDATE OR IGNORE mail SET email = :new WHERE email = :old AND state = 'waiting'", given)
    if old.lower() != new.lower():
        store.db.execute("DELETE FROM mailing_recipient WHERE email = :old", given)


# --- mails --------------------------------------------------------------------------------------------------

MAILS = """
SELECT mail.*, mailing.name AS mailing_name, mailing.zone
FROM mail JOIN mailing ON mailing.id = mail.mailing_id
"""


def find_mail(store: Store, mail_id: int) -> Row | None:
    """A mail with the name of its mailing."""
    return store.row(f"{MAILS} WHERE mail.id = :id", {"id": mail_id})


def log(store: Store, *, mailing_id: int | None = None, limit: int) -> list[Row]:
    """The newest mails, of one mailing or of all; `details` and `files` as values."""
    rows = store.rows(
        f"{MAILS} WHERE :mailing IS NULL OR mail.mailing_id = :mailing ORDER BY mail.id DESC LIMIT :limit",
        {"mailing": mailing_id, "limit": limit},
    )
    return [{**row, "details": json.loads(row["details"]), "files": json.loads(row["files"])} for row in rows]


def is_noted(store: Store, mailing_id: int, month: int) -> bool:
    """Whether the mails of a month were written down already."""
    return bool(
        store.value(
            "SELECT EXISTS (SELECT 1 FROM mail WHERE mailing_id = :id AND month = :month AND trial = 0)",
            {"id": mailing_id, "month": month},
        )
    )


NOTE = """
INSERT INTO mail (uuid, mailing_id, month, email, trial, next_at, created_at)
VALUES (:uuid, :mailing_id, :month, :email, :trial, :now, :now) ON CONFLICT DO NOTHING
"""


def note(store: Store, row: dict[str, Any]) -> None:
    """Write a mail down that is to be sent, unless this recipient has one of this month; inside `write()`."""
    store.db.execute(NOTE, row)


NEXT = f"""
{MAILS} WHERE mail.state = 'waiting'
    AND (mail.next_at <= :now OR (mail.next_at > :too_far AND mail.month <= :month))
ORDER BY mail.next_at, mail.id LIMIT 1
"""


def next_waiting(store: Store, *, now: int, too_far: int, month: int) -> Row | None:
    """The mail that has waited longest of those whose time has come.

    None waits until after `too_far`: its time was set while the clock was ahead, and has come too, unless the
    mail itself is of that time, which is to say of a month after `month`.
    """
    return store.row(NEXT, {"now": now, "too_far": too_far, "month": month})


def left_sending(store: Store) -> list[int]:
    """Mails of which it was noted that they are handed over, and nothing since."""
    return [row["id"] for row in store.rows("SELECT id FROM mail WHERE state = 'sending' ORDER BY id")]
