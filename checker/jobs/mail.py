"""Mail that is due: written down, then sent one by one, each at most once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from checker.access import may
from checker.actions.mailing_entry import may_have_names
from checker.actions.send_mail import (
    ENDED,
    UNKNOWN,
    note_due,
    note_ended,
    note_failed,
    note_sending,
    note_sent,
)
from checker.config import Settings
from checker.jobs.alone import alone
from checker.jobs.letters import digest, letter, sheets_for
from checker.jobs.making import refusal
from checker.jobs.plan import Order
from checker.jobs.smtp import Answer, check, deliver
from checker.problem import Problem
from checker.standards.faults import N_, Refused
from checker.standards.month import Month
from checker.standards.sending import LONGEST_PAUSE
from checker.store import mailings, people
from checker.store.connection import Row, Store
from checker.store.people import person_of
from checker.summaries.look import look

LOCK = "mail.lock"

NOT_NOW = N_("The mail server did not take it. It is tried again by itself, ever more rarely, for two days.")
NOT_EVER = N_("The mail server refused it for good. Look at the address, then use “Send again”.")
NOT_ALLOWED = N_("This person may not see this report, or may not sign in any more.")
TAKEN_OUT = N_("The address was taken out of the mailing before it was sent.")
NO_NAMES = N_("This address may not see the names of this branch’s employees.")
NOT_MADE = N_("The mail could not be made (%(kind)s). The journal has the reason.")

log = logging.getLogger(__name__)


def send_due(
    store: Store,
    settings: Settings,
    *,
    stopping: Callable[[], bool] = lambda: False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Write down what is due and send what waits, one message after another; a second process goes away.

    A row says "sending" from before the first byte until the server's answer is noted. Found under the lock,
    it was left by a process that ended in between: nobody knows whether the message went, so it is not sent
    again. Without a mail server in the settings nothing is written down; the newest sending goes once there
    is one.
    """
    try:
        check(settings)
    except Problem as problem:
        if problem.code != "mail.none":
            raise
        return
    with alone(Path(settings.instance) / LOCK) as mine:
        if not mine:
            return
        for mail_id in mailings.left_sending(store):
            note_ended(store, mail_id, "unknown", UNKNOWN, {}, now=clock())
        note_due(store, now=clock())
        while not stopping():
            mail = _next(store, clock())
            if mail is None:
                return
            try:
                ready = _ready(store, settings, mail, clock())
            except Exception as error:  # one mail that cannot be made must not hold up the others
                log.exception("Mail %s could not be made", mail["id"])
                kind = {"kind": type(error).__name__}
                note_ended(store, mail["id"], "withheld", NOT_MADE, kind, now=clock())
                continue
            if ready is not None:
                _hand_over(store, settings, mail, ready, clock)


def _next(store: Store, now: datetime) -> Row | None:
    at, too_far = int(now.timestamp()), int((now + LONGEST_PAUSE).timestamp())
    return mailings.next_waiting(store, now=at, too_far=too_far, month=int(Month.of(now.astimezone(UTC))))


@dataclass(frozen=True, slots=True)
class Sending:
    """A message that is ready to go, with name and hash of each file in it."""

    message: EmailMessage
    files: Sequence[tuple[str, str]]


def _ready(store: Store, settings: Settings, mail: Row, now: datetime) -> Sending | None:
    """Make one message; None where it may not go, which is noted then."""
    mailing = mailings.find(store, mail["mailing_id"])
    if mailing is None or mailing["retired_at"] is not None:
        note_ended(store, mail["id"], "withheld", ENDED, {}, now=now)
        return None
    if not mail["trial"] and mail["email"].lower() not in (mailing["recipients"] or "").lower().splitlines():
        note_ended(store, mail["id"], "withheld", TAKEN_OUT, {}, now=now)
        return None
    reason, person_id = _reader(store, mailing, mail["email"])
    if reason:
        note_ended(store, mail["id"], "withheld", reason, {}, now=now)
        return None
    month = Month.from_int(mail["month"])
    order = Order(month, mailing["language"], mailing["audience"], now, person_id)
    try:
        sheets = sheets_for(store, mailing, order)
    except (Problem, Refused) as refused:
        failure = refusal(refused)
        note_ended(store, mail["id"], "withheld", failure.text, failure.details, now=now)
        return None
    message = letter(settings, mailing, mail, sheets, look(store).organisation, now)
    return Sending(message, digest(sheets) if mailing["attach"] else [])


def _hand_over(
    store: Store, settings: Settings, mail: Row, ready: Sending, clock: Callable[[], datetime]
) -> None:
    """Hand a message over, with a note before and after.

    Where the first note cannot be written nothing goes, and it is tried again in a minute. After it, whatever
    goes wrong, the server may have the message.
    """
    note_sending(store, mail, ready.files)
    try:
        _note_answer(store, mail, deliver(settings, ready.message, mail["email"]), clock)
    except Exception:
        log.exception("What became of mail %s is not known", mail["id"])
        note_ended(store, mail["id"], "unknown", UNKNOWN, {}, now=clock())


def _note_answer(store: Store, mail: Row, answer: Answer, clock: Callable[[], datetime]) -> None:
    if answer.state == "sent":
        note_sent(store, mail, answer.said, now=clock())
    elif answer.state == "later":
        note_failed(store, mail, answer.said, NOT_NOW, {}, now=clock())
    elif answer.state == "refused":
        note_ended(store, mail["id"], "refused", NOT_EVER, {}, said=answer.said, now=clock())
    else:
        note_ended(store, mail["id"], "unknown", UNKNOWN, {}, said=answer.said, now=clock())


def _reader(store: Store, mailing: Row, email: str) -> tuple[str, int | None]:
    """Why an address may not have the copy, or nothing; and the person behind it, who sees what they may see.

    An address of nobody we know gets what an administrator chose for it: the copy that may leave the branch.
    """
    if mailing["audience"] == "manager" and not may_have_names(store, email, mailing["branch"] or ""):
        return NO_NAMES, None
    row = people.find_by_email(store, email)
    if row is None:
        return "", None
    if row["disabled_at"] is not None or not may(person_of(row), "report.read"):
        return NOT_ALLOWED, None
    return "", int(row["id"])
