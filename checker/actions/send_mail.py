"""What is noted of a mail: that it is due, that it is handed over now, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from uuid6 import uuid7

from checker.actions.change_mailing import find_mailing
from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.standards.sending import Schedule, last_due, pause_after
from checker.store import mailings, trail
from checker.store.connection import Row, Store

UNKNOWN = N_(
    "The connection or the process ended while the mail server had the message, so it may have arrived. "
    "It is not sent again by itself; ask the recipient, then use “Send again”."
)
ENDED = N_("The mailing ended before it was sent.")


def note_due(store: Store, *, now: datetime) -> int:
    """Write down the mails of every mailing whose time has come, a row for each recipient; give how many.

    A server that was away sends the newest sending it missed, and none before it.
    """
    noted = 0
    for mailing in mailings.list_all(store):
        if _due_month(store, mailing, now) is None:
            continue
        with store.write():
            held = mailings.find(store, mailing["id"]) or mailing  # somebody may have changed it meanwhile
            month = _due_month(store, held, now)
            if month is None:
                continue
            for email in (held["recipients"] or "").splitlines():
                _note(store, held["id"], month, email, trial=0, now=now)
                noted += 1
    return noted


def _due_month(store: Store, mailing: Row, now: datetime) -> Month | None:
    """The month whose mails are due and not written down, if there is one."""
    if mailing["retired_at"] is not None:
        return None
    due = last_due(Schedule(mailing["day"], mailing["hour"], mailing["zone"]), now)
    if due.at.timestamp() < mailing["from_at"] or mailings.is_noted(store, mailing["id"], int(due.month)):
        return None
    return due.month


def try_mailing(store: Store, mailing_id: int, email: str, *, by: int, now: datetime) -> None:
    """Send the mail of the last month to one address, now: to see what it looks like and that it arrives."""
    with store.write():
        mailing = find_mailing(store, mailing_id)
        month = Month.from_instant(now, ZoneInfo(mailing["zone"])).previous()
        _note(store, mailing_id, month, email, trial=1, now=now)
        at = int(now.timestamp())
        trail.add(store, person_id=by, act="mailing.try", thing=str(mailing_id), at=at)


def send_again(store: Store, mail_id: int, *, by: int, now: datetime) -> None:
    """Let a mail wait again that was refused, withheld, or of which nobody knows.

    Raises Problem "not_found", "mail.gone" (409).
    """
    with store.write():
        mail = mailings.find_mail(store, mail_id)
        if mail is None:
            raise not_found(N_("There is no such mail."))
        if mail["state"] not in ("refused", "withheld", "unknown"):
            raise Problem("mail.gone", 409, N_("This mail went, or is about to; it is not sent twice."))
        at = int(now.timestamp())
        store.change("mail", mail_id, {"state": "waiting", "tries": 0, "next_at": at, "ended_at": None})
        trail.add(store, person_id=by, act="mail.again", thing=str(mail_id), at=at)


def _note(store: Store, mailing_id: int, month: Month, email: str, *, trial: int, now: datetime) -> None:
    row = {"uuid": uuid7().bytes, "mailing_id": mailing_id, "month": int(month), "email": email}
    mailings.note(store, {**row, "trial": trial, "now": int(now.timestamp())})


# --- around the sending -------------------------------------------------------------------------------------


def note_sending(store: Store, mail: Row, files: Sequence[tuple[str, str]]) -> None:
    """Note, before a byte goes to the mail server, that it is handed over, with its files' hashes."""
    with store.write():
        row = {"state": "sending", "tries": mail["tries"] + 1, "files": json.dumps(list(files))}
        store.change("mail", mail["id"], row)


def note_sent(store: Store, mail: Row, said: str, *, now: datetime) -> None:
    """Note that the server has taken it."""
    with store.write():
        row = {"state": "sent", "said": said, "text": "", "details": "{}", "ended_at": int(now.timestamp())}
        store.change("mail", mail["id"], row)


def note_failed(
    store: Store, mail: Row, said: str, text: str, details: Mapping[str, object], *, now: datetime
) -> None:
    """Note that it did not go for now: it waits, or is given up after the last try."""
    pause = pause_after(mail["tries"] + 1)
    at = int(now.timestamp())
    row = {"said": said, "text": text, "details": json.dumps(dict(details)), "tries": mail["tries"] + 1}
    with store.write():
        if pause is None:
            store.change("mail", mail["id"], {**row, "state": "refused", "ended_at": at})
        else:
            waits = {"state": "waiting", "next_at": at + int(pause.total_seconds())}
            store.change("mail", mail["id"], {**row, **waits})


def note_ended(
    store: Store,
    mail_id: int,
    state: Literal["refused", "withheld", "unknown"],
    text: str,
    details: Mapping[str, object],
    *,
    said: str = "",
    now: datetime,
) -> None:
    """Note that it did not go and is not tried again by itself."""
    with store.write():
        row = {"state": state, "text": text, "details": json.dumps(dict(details), default=str), "said": said}
        store.change("mail", mail_id, {**row, "ended_at": int(now.timestamp())})
