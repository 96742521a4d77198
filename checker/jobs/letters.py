"""The monthly mail: what it says, in the group's language, and the reports that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from urllib.parse import quote
from uuid import UUID

from checker.config import Settings
from checker.editions.reading import kept_file, read_snapshot
from checker.jobs.content import Content, read
from checker.jobs.plan import USUAL, Job, Order, Scope, plan
from checker.links import full_link
from checker.problem import Problem
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.model import Axis
from checker.store import editions, series
from checker.store.connection import Row, Store
from checker.summaries.values import BranchMonth
from checker.words import Words, words_for

POLICY = SMTP.clone(cte_type="7bit")
"""Understood by every server; a header with a line's end in it is refused by it."""

NAMED = 12
"""Branches without visits that are named one by one."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One report of a mail: what is in it, its bytes, since when its month is closed, and whether the
    bytes are those that were kept then.
    """

    job: Job
    content: Content
    pdf: bytes
    closed_on: datetime | None
    kept: bool


def sheets_for(store: Store, mailing: Row, order: Order) -> list[Sheet]:
    """The reports of a mailing, as its reader may see them: of a closed month the very bytes that were kept.

    Raises Problem for a place that the reader may not look into, and where there is nothing to report on.
    """
    scope = Scope(
        network=not (mailing["region"] or mailing["branch"]),
        regions=(mailing["region"],) if mailing["region"] else (),
        branches=(mailing["branch"],) if mailing["branch"] else (),
    )
    return [_sheet(store, order, job) for job in _jobs(store, order, scope, mailing["checklist"])]


def _jobs(store: Store, order: Order, scope: Scope, checklist: str | None) -> list[Job]:
    """The reports of each checklist with visits in the month; of a month without any, that say so."""
    try:
        return plan(store, order, scope, checklist=checklist)
    except Problem as problem:
        known = [one["id"] for one in series.list_for(store, DEFAULT_PROGRAMME) if one["method"] == USUAL]
        if problem.code != "report.no_visits" or not known:
            raise
        return [job for key in known for job in plan(store, order, scope, series_id=key)]


def _sheet(store: Store, order: Order, job: Job) -> Sheet:
    content = read(store, order, job)  # also where a kept file goes: it asks whether the reader may see it
    closed = editions.newest_of(
        store, series_id=job.series_id, month=int(order.month), region=job.region, branch=job.branch
    )
    if closed is None:
        return Sheet(job, content, content.pdf(), None, kept=False)
    closed_on = datetime.fromtimestamp(closed["released_at"], UTC)
    file = kept_file(store, closed, language=order.language, audience=order.audience)
    if file is None or order.audience == "meeting":  # of which nothing is kept
        return Sheet(job, content, content.pdf(), closed_on, kept=False)
    sent = replace(content, summary=read_snapshot(store, closed).copies[order.audience])
    return Sheet(job, sent, file, closed_on, kept=True)


def digest(sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    """Name and SHA-256 of each file, for the log."""
    return [(sheet.job.file, sha256(sheet.pdf).hexdigest()) for sheet in sheets]


# --- the message --------------------------------------------------------------------------------------------


def letter(
    settings: Settings, mailing: Row, mail: Row, sheets: Sequence[Sheet], organisation: str, now: datetime
) -> EmailMessage:
    """The whole message to one recipient."""
    words = words_for(mailing["language"])
    lines = paragraphs(settings, mailing, sheets, organisation, words)
    message = EmailMessage(POLICY)
    message["From"] = Address(_line(organisation), addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=mail["email"])
    message["Subject"] = _line(_subject(mail, sheets[0], organisation, words))
    message["Date"] = format_datetime(now)
    domain = settings.mail_from.rpartition("@")[2]
    message["Message-ID"] = f"<{UUID(bytes=mail['uuid']).hex}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(lines) + "\n")
    body = "\n".join(f"<p>{escape(line)}</p>" for line in lines)
    head = f'<!doctype html>\n<html lang="{escape(mailing["language"])}"><meta charset="utf-8">'
    message.add_alternative(f"{head}<body>\n{body}\n</body></html>\n", subtype="html")
    if mailing["attach"]:
        for sheet in sheets:
            message.add_attachment(
                sheet.pdf, maintype="application", subtype="pdf", filename=_line(sheet.job.file)
            )
    message["Content-Language"] = mailing["language"]
    return message


def _line(words: str) -> str:
    """Words that stay in their line, whatever somebody named a thing."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())


def _subject(mail: Row, sheet: Sheet, organisation: str, words: Words) -> str:
    place, month = _place(sheet.content, words), words.month(sheet.content.order.month)
    subject = (
        words.gettext("%(branch)s, %(month)s: for the staff room", branch=place, month=month)
        if sheet.content.order.audience == "meeting"
        else words.gettext("%(place)s, %(month)s", place=place, month=month)
    )
    if organisation:
        subject = f"{organisation}: {subject}"
    return words.gettext("Test: %(subject)s", subject=subject) if mail["trial"] else subject


def _place(content: Content, words: Words) -> str:
    summary = content.summary
    if isinstance(summary, BranchMonth):
        return summary.branch.name
    return summary.scope.name if summary.scope else words.gettext("Whole network")


def paragraphs(
    settings: Settings, mailing: Row, sheets: Sequence[Sheet], organisation: str, words: Words
) -> list[str]:
    """What the mail says, missing data included."""
    first = sheets[0].content
    month = words.month(first.order.month)
    about = {"place": _place(first, words), "month": month}
    link = full_link(settings, _path(sheets[0]))
    said = (
        [words.gettext("Attached is the report “%(place)s, %(month)s”.", **about)]
        if mailing["attach"]
        else [words.gettext("The report “%(place)s, %(month)s” is ready.", **about)]
    )
    for sheet in sheets:
        said += _figures(sheet, words, several=len(sheets) > 1)
    said.append(words.gettext("Figures, and the report in other languages: %(link)s", link=link))
    said.append(
        words.gettext(
            "You get this mail because an administrator entered your address for “%(mailing)s”. "
            "Who does not want it tells them.",
            mailing=mailing["name"],
        )
    )
    return [_line(one) for one in said]


def _figures(sheet: Sheet, words: Words, *, several: bool) -> list[str]:
    """How much a report rests on, what is missing, and whether its month is closed."""
    summary = sheet.content.summary
    checklist = summary.series.checklist
    n = summary.axes[Axis.STANDARD].n
    counted = words.ngettext("%(n)s visit counts.", "%(n)s visits count.", n) if n else ""
    counted = counted or words.gettext("No visit counts in this month.")
    title = words.text(checklist.title, checklist.languages)
    said = [f"{title}: {counted}" if several else counted]
    if not isinstance(summary, BranchMonth) and summary.without_visits:
        said.append(_without_visits([place.name for place in summary.without_visits], words))
    return [*said, _how_final(sheet, words)]


def _how_final(sheet: Sheet, words: Words) -> str:
    if sheet.closed_on is None:
        return words.gettext(
            "The month is not closed: visits that arrive later can still change its figures."
        )
    day = words.day(sheet.closed_on.date())
    if sheet.kept:
        return words.gettext("The month was closed on %(day)s; this is the file of that day.", day=day)
    return words.gettext(
        "The month was closed on %(day)s; this file was made now, with the figures of today.", day=day
    )


def _without_visits(names: list[str], words: Words) -> str:
    named = words.all_of(names[:NAMED])
    more = len(names) - NAMED
    if more > 0:
        named = words.all_of(
            [*names[:NAMED], words.ngettext("%(n)s more branch", "%(n)s more branches", more)]
        )
    return words.ngettext(
        "%(n)s branch has no counted visit: %(names)s.",
        "%(n)s branches have no counted visit: %(names)s.",
        len(names),
        names=named,
    )


def _path(sheet: Sheet) -> str:
    month, job = sheet.content.order.month, sheet.job
    if job.branch is not None:
        return f"/branches/{quote(job.branch, safe='')}?month={month}"
    if job.region is not None:
        return f"/regions/{quote(job.region, safe='')}?month={month}"
    return f"/network?month={month}"
