"""Keys with which programs use the API: issued, shown once, revoked."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checker.actions.branch_entry import read_day
from checker.actions.issue_token import SCOPES, issue_token, revoke_token
from checker.standards.faults import N_, Fault, Refused
from checker.store import people, tokens
from checker.web.admin.room import (
    KEY,
    Answer,
    bp,
    choice_field,
    day_field,
    key_of,
    refused,
    ticks_field,
    today,
    whole_link,
    words_field,
)
from checker.web.clock import now, timestamp
from checker.web.menu import ROLE_NAMES
from checker.web.session import me, signed_in
from checker.web.store import current_store

SCOPE_WORDS = {
    "visits:write": _l("Send and correct visits"),
    "visits:read": _l("Read visits and their answers"),
    "scores:read": _l("Read scores"),
    "branches:read": _l("Read branches"),
    "employees:read": _l("Read employees"),
    "checklists:read": _l("Read checklists"),
    "actions:read": _l("Read actions"),
}

assert set(SCOPE_WORDS) == set(SCOPES)  # noqa: S101 - one without words could not be chosen


class TokenForm(FlaskForm):
    """A key to be issued."""

    name = words_field(_l("For which program"), _l("Such as “Cash register export”."), autocomplete="off")
    person = choice_field(_l("It sees what this person sees"))
    scopes = ticks_field(_l("What it may do"))
    expires_on = day_field(
        _l("Works until (optional)"), _l("Its last day, by UTC. Empty: until you revoke it.")
    )


@bp.get("/tokens")
@signed_in("token.issue")
def list_tokens() -> Answer:
    """Every key, and a form for another one."""
    in_a_year = today() + timedelta(days=365)
    return tokens_page(TokenForm(formdata=None, person=str(me().id), expires_on=in_a_year.isoformat()))


def tokens_page(form: TokenForm) -> str:
    """The list with the form as it is."""
    form.scopes.choices = [(scope, f"{SCOPE_WORDS[scope]} ({scope})") for scope in SCOPES]
    form.person.choices = [
        (str(row["id"]), f"{row['name']}, {_(ROLE_NAMES[row['role']])} ({row['email']})")
        for row in people.list_all(current_store())
        if row["disabled_at"] is None
    ]
    rows = tokens.list_all(current_store())
    for row in rows:
        row["over"] = row["expires_at"] is not None and row["expires_at"] <= timestamp()
    return render_template("admin/tokens.html", form=form, rows=rows)


@bp.post("/tokens")
@signed_in("token.issue")
def post_token() -> Answer:
    """Issue a key and show it, now or never."""
    form = TokenForm()
    issued: list[str] = []
    status = refused(form, lambda: issued.append(_issue(form)))
    if status:
        return tokens_page(form), status
    return render_template(
        "admin/token_key.html",
        key=issued[0],
        name=form.name.data,
        address=whole_link("/api/v1/"),
    )


def _issue(form: TokenForm) -> str:
    last, faults = read_day(form.expires_on.data.strip(), "expires_on")
    if last is not None and last < today():
        faults = [Fault("token.expired", "expires_on", N_("This day is over. Choose a later one, or none."))]
    person = key_of(form.person.data)
    if person is None or people.find(current_store(), person) is None:
        faults.append(Fault("token.person", "person", N_("Choose one of the people offered.")))
    if faults or person is None:
        raise Refused(faults)
    return issue_token(
        current_store(),
        name=form.name.data,
        person_id=person,
        scopes=form.scopes.data or [],
        expires_at=datetime.combine(last, time.max, UTC) if last else None,
        by=me().id,
        now=now(),
    )


@bp.post(f"/tokens/{KEY}/revoke")
@signed_in("token.issue")
def revoke(key: int) -> Answer:
    """End a key."""
    revoke_token(current_store(), token_id=key, by=me().id, now=now())
    flash(_("The key is revoked; the next request with it is refused."), "good")
    return redirect("/admin/tokens", 303)
