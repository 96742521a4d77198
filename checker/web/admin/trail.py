"""The trail: who did what to which thing, when; the newest first."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

from flask import render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from checker.store import people, trail
from checker.web.admin.listing import PAGE
from checker.web.admin.room import Answer, bp, key_of
from checker.web.session import signed_in
from checker.web.store import current_store

NOUNS = {
    "account": _l("Own accounts"),
    "action": _l("Actions"),
    "assignment": _l("Assignments"),
    "branch": _l("Branches"),
    "checklist": _l("Checklists"),
    "data": _l("Imports and exports"),
    "device": _l("Tablets"),
    "draft": _l("Visits being written"),
    "edition": _l("Closed months"),
    "employee": _l("Employees"),
    "employment": _l("Employments"),
    "figures": _l("Figures"),
    "mail": _l("Mails"),
    "mailing": _l("Mailings"),
    "organisation": _l("Organisation"),
    "password": _l("Passwords"),
    "person": _l("Users"),
    "programme": _l("Programme"),
    "quote": _l("What shoppers wrote"),
    "region": _l("Regions"),
    "report": _l("Orders of reports"),
    "session": _l("Sign-ins"),
    "target": _l("Targets"),
    "token": _l("API keys"),
    "visit": _l("Visits"),
}

ACTS = {
    "account.change": _l("changed the own account"),
    "action.change": _l("changed an action"),
    "action.close": _l("closed an action"),
    "action.plan": _l("planned an action"),
    "action.reopen": _l("opened an action again"),
    "assignment.accept": _l("accepted an assignment"),
    "assignment.cancel": _l("cancelled an assignment"),
    "assignment.change": _l("changed an assignment"),
    "assignment.decline": _l("declined an assignment"),
    "assignment.expire": _l("let an assignment expire"),
    "assignment.plan": _l("planned an assignment"),
    "branch.add": _l("added a branch"),
    "branch.change": _l("changed a branch"),
    "checklist.discard": _l("threw a draft of a checklist away"),
    "checklist.draft": _l("saved a draft of a checklist"),
    "checklist.publish": _l("published a checklist"),
    "checklist.restore": _l("brought a checklist back"),
    "checklist.retire": _l("retired a checklist"),
    "data.export": _l("exported data"),
    "data.import": _l("imported data"),
    "data.undo": _l("took an import back"),
    "data.unsent": _l("took what a tablet had not sent"),
    "device.add": _l("signed in on a new tablet"),
    "device.recover": _l("got back what was kept on a tablet"),
    "device.restore": _l("let a tablet be used again"),
    "device.revoke": _l("revoked a tablet"),
    "draft.discard": _l("threw a draft of a visit away"),
    "edition.add": _l("added a language to a closed month"),
    "edition.begin": _l("began to close a month"),
    "edition.change": _l("changed the draft of a closed month"),
    "edition.discard": _l("threw the draft of a closed month away"),
    "edition.redraw": _l("put names right in what was sent"),
    "edition.release": _l("closed a month"),
    "employee.add": _l("added an employee"),
    "employee.change": _l("changed an employee"),
    "employment.add": _l("added an employment"),
    "employment.change": _l("changed an employment"),
    "employment.remove": _l("removed an employment"),
    "figures.rebuild": _l("counted every figure again"),
    "mail.again": _l("sent a mail again"),
    "quote.release": _l("released a shopper’s words for reports"),
    "quote.withdraw": _l("withdrew a shopper’s words from reports"),
    "mailing.add": _l("added a mailing"),
    "mailing.change": _l("changed a mailing"),
    "mailing.retire": _l("ended a mailing"),
    "mailing.try": _l("tried a mailing"),
    "organisation.change": _l("renamed the organisation"),
    "password.set": _l("set a password"),
    "person.add": _l("added a user"),
    "person.change": _l("changed a user"),
    "person.disable": _l("disabled a user"),
    "person.enable": _l("let a user sign in again"),
    "person.invite": _l("made a link to set a password"),
    "person.sign_out": _l("signed a user out everywhere"),
    "programme.change": _l("changed the programme"),
    "region.add": _l("added a region"),
    "region.change": _l("changed a region"),
    "report.order": _l("ordered reports"),
    "report.resume": _l("let an order of reports go on"),
    "report.stop": _l("stopped an order of reports"),
    "session.begin": _l("signed in"),
    "session.end": _l("signed out"),
    "target.remove": _l("removed a target"),
    "target.set": _l("set a target"),
    "token.issue": _l("issued an API key"),
    "token.revoke": _l("revoked an API key"),
    "visit.approve": _l("approved a visit"),
    "visit.begin": _l("began a visit"),
    "visit.correct": _l("corrected a visit"),
    "visit.exclude": _l("left a visit out of figures"),
    "visit.include": _l("took a visit into figures again"),
    "visit.reopen": _l("opened a visit again"),
    "visit.restore": _l("brought a visit back"),
    "visit.photo": _l("sent a photo of a visit"),
    "visit.return": _l("sent a visit back"),
    "visit.submit": _l("sent a visit"),
    "visit.void": _l("declared a visit void"),
    "visits.rescore": _l("scored visits anew"),
}
"""What each act says after the person's name; one without words shows its code."""

DETAILS = {
    "audience": _l("copy for"),
    "changed": _l("changed"),
    "files": _l("files"),
    "item": _l("question"),
    "kind": _l("kind"),
    "language": _l("language"),
    "month": _l("month"),
    "n": _l("edition"),
    "names": _l("with names"),
    "percent": _l("percent"),
    "reason": _l("reason"),
    "recipients": _l("recipients"),
    "refused": _l("refused"),
    "removed": _l("removed"),
    "revision": _l("revision"),
    "role": _l("role"),
    "rows": _l("rows"),
    "scope": _l("for"),
    "scopes": _l("may do"),
    "state": _l("as"),
    "taken": _l("taken"),
    "valid_from": _l("from"),
    "visits": _l("visits"),
}
"""What the details of a line are called."""


@bp.get("/trail")
@signed_in("trail.read")
def show_trail() -> Answer:
    """The newest lines, by noun, person and day."""
    noun = request.args.get("noun", "")
    person, before = request.args.get("person", ""), request.args.get("before", "")
    first, last = _day(request.args.get("first", "")), _day(request.args.get("last", ""))
    rows = trail.page(
        current_store(),
        noun=noun if noun in NOUNS else None,
        person_id=key_of(person),
        first=_moment(first, time.min),
        last=_moment(last, time.max),
        before=key_of(before),
        limit=PAGE + 1,
    )
    for row in rows:
        row["said"] = ACTS.get(row["act"], row["act"])
        row["told"] = told(json.loads(row["details"]))
    return render_template(
        "admin/trail.html",
        rows=rows[:PAGE],
        older=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        nouns=NOUNS,
        noun=noun,
        person=person,
        people=people.list_all(current_store()),
        first=first.isoformat() if first else "",
        last=last.isoformat() if last else "",
    )


def told(details: dict[str, Any]) -> str:
    """The details of a line: "changed: name, zone"."""
    return "; ".join(f"{DETAILS.get(name, name)}: {_plain(value)}" for name, value in details.items())


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value)
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return str(value)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _moment(day: date | None, clock: time) -> int | None:
    return int(datetime.combine(day, clock, UTC).timestamp()) if day else None
