"""Mailings: which report goes to whom each month; and what went."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checker.actions.add_mailing import add_mailing
from checker.actions.change_mailing import change_mailing, retire_mailing
from checker.actions.mailing_entry import MailingEntry
from checker.actions.send_mail import send_again, try_mailing
from checker.config import LANGUAGES
from checker.jobs.queue import knock
from checker.jobs.smtp import check
from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.standards.sending import Schedule, next_due
from checker.store import mailings
from checker.store.connection import Row
from checker.web.admin.choices import branch_choices, checklist_choices, region_choices
from checker.web.admin.room import (
    KEY,
    Answer,
    bp,
    choice_field,
    flag_field,
    key_of,
    lines_field,
    refused,
    settings,
    words_field,
)
from checker.web.clock import now
from checker.web.language import NAMES
from checker.web.problems import words_of
from checker.web.session import me, signed_in
from checker.web.store import current_store

LOGGED = 200
"""Mails that the log shows."""

STATES = {
    "waiting": N_("waits"),
    "sending": N_("is being sent"),
    "sent": N_("sent"),
    "refused": N_("refused"),
    "withheld": N_("not sent"),
    "unknown": N_("perhaps sent"),
}


class MailingForm(FlaskForm):
    """A mailing to add or change."""

    name = words_field(_l("Name of the group"), _l("It stands in the mail: people see why they get it."))
    recipients = lines_field(
        _l("E-mail addresses"),
        _l("One in a line. Who signs in with such an address gets only what they may see."),
    )
    day = words_field(
        _l("Day of the month"),
        _l("In a shorter month its last day."),
        inputmode="numeric",
        autocomplete="off",
    )
    hour = words_field(_l("Hour"), _l("0 to 23, on the clocks of the time zone."), inputmode="numeric")
    zone = words_field(_l("Time zone"), _l("Such as Europe/Helsinki."), autocomplete="off")
    language = choice_field(_l("Language"))
    region = choice_field(_l("Region"), none=_l("The whole network"))
    branch = choice_field(
        _l("Branch"),
        _l("Choose a region or a branch, or neither for the network."),
        none=_l("No single branch"),
    )
    checklist = choice_field(_l("On which checklist"), none=_l("Each with visits in the month"))
    audience = choice_field(
        _l("Copy for"), _l("Names are in a branch’s copy for its manager alone, and go to nobody else.")
    )
    attach = flag_field(_l("Attach the PDF"), _l("Else the mail holds a link to the pages."))


@bp.get("/mailings")
@signed_in("setting.change")
def list_mailings() -> Answer:
    """Every mailing, and a form for another one."""
    form = MailingForm(formdata=None, day="2", hour="8", zone=settings().zone, language=settings().language)
    form.attach.data = True
    return _list_page(form)


def _list_page(form: MailingForm) -> str:
    rows = [_with_words(row) for row in mailings.list_all(current_store())]
    return render_template("admin/mailings.html", form=_filled(form), rows=rows, problem=_no_server())


@bp.post("/mailings")
@signed_in("setting.change")
def post_mailing() -> Answer:
    """Add one."""
    form = _filled(MailingForm())
    status = refused(form, lambda: add_mailing(current_store(), _entry(form), by=me().id, now=now()))
    if status:
        return _list_page(form), status
    flash(_("The mailing is added."), "good")
    return redirect("/admin/mailings", 303)


@bp.get(f"/mailings/{KEY}")
@signed_in("setting.change")
def show_mailing(key: int) -> Answer:
    """One mailing, to change, try and end; and its mails."""
    row = _find(key)
    given: dict[str, Any] = {
        name: row[name] for name in ("name", "recipients", "zone", "language", "audience")
    }
    places = {name: row[name] or "" for name in ("region", "branch", "checklist")}
    form = MailingForm(formdata=None, day=str(row["day"]), hour=str(row["hour"]), **given, **places)
    form.attach.data = bool(row["attach"])
    return _one_page(row, form)


def _one_page(row: Row, form: MailingForm) -> str:
    log = [_mail_words(mail) for mail in mailings.log(current_store(), mailing_id=row["id"], limit=LOGGED)]
    return render_template(
        "admin/mailing.html", form=_filled(form, row), row=_with_words(row), log=log, problem=_no_server()
    )


@bp.post(f"/mailings/{KEY}")
@signed_in("setting.change")
def post_change(key: int) -> Answer:
    """Change it."""
    row = _find(key)
    form = _filled(MailingForm(), row)
    status = refused(form, lambda: change_mailing(current_store(), key, _entry(form), by=me().id, now=now()))
    if status:
        return _one_page(row, form), status
    flash(_("The mailing is changed."), "good")
    return redirect(f"/admin/mailings/{key}", 303)


@bp.post(f"/mailings/{KEY}/retire")
@signed_in("setting.change")
def end_mailing(key: int) -> Answer:
    """Let it end."""
    retire_mailing(current_store(), key, by=me().id, now=now())
    flash(_("The mailing has ended."), "good")
    return redirect("/admin/mailings", 303)


@bp.post(f"/mailings/{KEY}/try")
@signed_in("setting.change")
def try_mailing_now(key: int) -> Answer:
    """Send last month's mail to oneself, now."""
    _find(key)
    check(settings())
    try_mailing(current_store(), key, me().email, by=me().id, now=now())
    knock(settings(), "send_mail")
    flash(_("A test is on its way to %(email)s.", email=me().email), "good")
    return redirect(f"/admin/mailings/{key}", 303)


@bp.get("/mails")
@signed_in("setting.change")
def list_mails() -> Answer:
    """What went to whom and when."""
    log = [_mail_words(mail) for mail in mailings.log(current_store(), limit=LOGGED)]
    return render_template("admin/mails.html", log=log, most=LOGGED, problem=_no_server())


@bp.post(f"/mails/{KEY}/again")
@signed_in("setting.change")
def mail_again(key: int) -> Answer:
    """Send one again that was refused, withheld, or of which nobody knows."""
    send_again(current_store(), key, by=me().id, now=now())
    knock(settings(), "send_mail")
    flash(_("It is sent again."), "good")
    back = request.form.get("mailing", "")
    return redirect(f"/admin/mailings/{key_of(back)}" if key_of(back) else "/admin/mails", 303)


# --- what stands behind them --------------------------------------------------------------------------------


def _find(key: int) -> Row:
    row = mailings.find(current_store(), key)
    if row is None:
        raise not_found(N_("There is no such mailing."))
    return row


def _no_server() -> str:
    """Why no mail goes, or nothing."""
    try:
        check(settings())
    except Problem as problem:
        return words_of(problem.text, problem.details)
    return ""


def _filled(form: MailingForm, held: Row | None = None) -> MailingForm:
    """The form with its lists, and on them what the mailing `held` has, also what is in use no more: else the
    first option would stand for it, which is the whole network.
    """
    store = current_store()
    besides = {name: (held[name] if held else None) or "" for name in ("region", "branch", "checklist")}
    form.language.choices = [(code, NAMES[code]) for code in LANGUAGES]
    form.region.choices = region_choices(store, besides=besides["region"])
    form.branch.choices = branch_choices(store, besides=besides["branch"])
    form.checklist.choices = checklist_choices(store, besides=besides["checklist"])
    form.audience.choices = list(_copies().items())
    return form


def _copies() -> dict[str, str]:
    """For whom a copy of a branch's report is, in words."""
    return {
        "leadership": _("leadership, with codes"),
        "manager": _("the branch’s manager, with names"),
        "meeting": _("the staff room, without anybody"),
    }


def _entry(form: MailingForm) -> MailingEntry:
    return MailingEntry(
        name=form.name.data or "",
        recipients=form.recipients.data or "",
        day=key_of((form.day.data or "").strip()),
        hour=key_of((form.hour.data or "").strip()),
        zone=(form.zone.data or "").strip(),
        language=form.language.data,
        audience=form.audience.data,
        region=form.region.data or None,
        branch=form.branch.data or None,
        checklist=form.checklist.data or None,
        attach=bool(form.attach.data),
    )


def _with_words(row: Row) -> Row:
    """A mailing with its next moment, on the clocks of its zone, how many get it, and whose copy it is."""
    due = next_due(Schedule(row["day"], row["hour"], row["zone"]), now())
    return {
        **row,
        "next": due.at.astimezone(ZoneInfo(row["zone"])),
        "copy_for": _copies()[row["audience"]] if row["branch"] else "",
        "count": len((row["recipients"] or "").split()),
    }


def _mail_words(mail: Row) -> Row:
    moment = mail["ended_at"] or (mail["next_at"] if mail["state"] == "waiting" else mail["created_at"])
    return {
        **mail,
        "report": Month.from_int(mail["month"]),
        "state_words": _(STATES[mail["state"]]),
        "why": words_of(mail["text"], mail["details"]) if mail["text"] else "",
        "at": datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(mail["zone"])),
        "again": mail["state"] in ("refused", "withheld", "unknown"),
    }
