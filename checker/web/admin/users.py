"""People who sign in: listed, added, changed, disabled; their one-time links and their sessions."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checker.access import ROLES, SCOPED
from checker.actions.add_person import add_person
from checker.actions.change_person import change_person
from checker.actions.disable_person import disable_person, enable_person
from checker.actions.end_sessions import end_sessions
from checker.actions.invite_person import invite_person
from checker.config import LANGUAGES
from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.store import people, sessions
from checker.store.connection import Row
from checker.web.admin.choices import branch_choices, region_choices
from checker.web.admin.listing import searched
from checker.web.admin.room import (
    KEY,
    Answer,
    bp,
    choice_field,
    refused,
    settings,
    ticks_field,
    whole_link,
    words_field,
)
from checker.web.clock import now, timestamp
from checker.web.language import NAMES
from checker.web.menu import ROLE_NAMES
from checker.web.problems import words_of
from checker.web.session import me, signed_in
from checker.web.store import current_store


class PersonForm(FlaskForm):
    """Who somebody is and what they may see."""

    email = words_field(_l("E-mail address"), type="email", autocomplete="off")
    name = words_field(_l("Name"), autocomplete="off")
    role = choice_field(_l("Role"))
    language = choice_field(_l("Language"))
    employee = words_field(
        _l("Employee code"),
        _l("For the role Employee: whose progress this person sees."),
        autocomplete="off",
    )
    regions = ticks_field(
        _l("Regions"), _l("For managers and leadership. Leadership without any sees the whole network.")
    )
    branches = ticks_field(_l("Branches"), _l("For managers and leadership."))


@bp.get("/users")
@signed_in("person.change")
def list_users() -> Answer:
    """Everybody who can sign in, or one role."""
    role = request.args.get("role", "")
    rows = people.list_all(current_store(), role=role if role in ROLES else None)
    shown = request.args.get("show", "active")
    if shown != "all":
        rows = [row for row in rows if (row["disabled_at"] is not None) == (shown == "disabled")]
    if shown == "waiting":
        rows = [row for row in rows if not row["has_password"]]
    return render_template(
        "admin/users.html",
        listing=searched(rows, "name", "email", "branches", "regions", "employee"),
        role=role,
        shown=shown,
        roles=_role_choices(),
    )


@bp.get("/new-user")
@signed_in("person.change")
def new_user() -> Answer:
    """The form for another person."""
    role = request.args.get("role", "shopper")
    return user_page(None, PersonForm(formdata=None, role=role, language=settings().language))


@bp.post("/new-user")
@signed_in("person.change")
def post_user() -> Answer:
    """Add a person and show the link with which they set a password."""
    form = PersonForm()
    added: list[int] = []
    status = refused(
        form,
        lambda: added.append(add_person(current_store(), **_entered(form), by=me().id, now=now())),
    )
    return (user_page(None, form), status) if status else link_page(added[0])


@bp.get(f"/users/{KEY}")
@signed_in("person.change")
def user(key: int) -> Answer:
    """One person."""
    row = _find(key)
    named = people.scopes(current_store(), key)
    data = {**row, "branches": list(named[0]), "regions": list(named[1])}
    return user_page(row, PersonForm(formdata=None, data=data))


@bp.post(f"/users/{KEY}")
@signed_in("person.change")
def put_user(key: int) -> Answer:
    """Change what is known about a person, and what they may see."""
    row, form = _find(key), PersonForm()
    status = refused(
        form,
        lambda: change_person(
            current_store(),
            person_id=key,
            **_entered(form),
            by=me().id,
            now=now(),
        ),
    )
    if status:
        return user_page(row, form), status
    flash(_("%(name)s is saved.", name=form.name.data), "good")
    return redirect(f"/admin/users/{key}", 303)


def user_page(row: Row | None, form: PersonForm) -> str:
    """The page of a person, or of one to be added, with the form as it is."""
    store = current_store()
    form.role.choices = _role_choices()
    form.language.choices = [(code, NAMES[code]) for code in LANGUAGES]
    named = people.scopes(store, row["id"]) if row else ((), ())
    form.regions.choices = region_choices(store)
    known = {code for code, _name in form.regions.choices}
    form.regions.choices += [(code, code) for code in named[1] if code not in known]
    form.branches.choices = branch_choices(store)
    known = {code for group in form.branches.choices.values() for code, _name in group}
    if closed := [(code, code) for code in named[0] if code not in known]:
        form.branches.choices[_("Closed")] = closed
    return render_template(
        "admin/user.html",
        row=row,
        form=form,
        scoped=SCOPED,
        days=settings().invitation_days,
        sessions=sessions.list_of(store, row["id"], now=timestamp()) if row else [],
    )


def _role_choices() -> list[tuple[str, str]]:
    return [(role, _(ROLE_NAMES[role])) for role in ROLES]


def _entered(form: PersonForm) -> dict[str, Any]:
    return {
        "email": form.email.data,
        "name": form.name.data,
        "role": form.role.data,
        "branches": form.branches.data or [],
        "regions": form.regions.data or [],
        "language": form.language.data,
        "employee": form.employee.data,
    }


# --- links, sessions, disabling -----------------------------------------------------------------------------


@bp.post(f"/users/{KEY}/link")
@signed_in("person.change")
def invite(key: int) -> Answer:
    """Make a new link with which the person sets a password; earlier ones stop working."""
    _find(key)
    return link_page(key)


def link_page(key: int) -> str:
    """The page that shows a fresh link, now or never."""
    days = settings().invitation_days
    path = invite_person(current_store(), person_id=key, days=days, by=me().id, now=now())
    return render_template("admin/user_link.html", row=_find(key), link=whole_link(path), days=days)


@bp.post(f"/users/{KEY}/sign-out")
@signed_in("person.change")
def sign_out_user(key: int) -> Answer:
    """Sign a person out everywhere."""
    row = _find(key)
    end_sessions(current_store(), person_id=key, by=me().id, now=now())
    if key == me().id:
        return redirect("/login", 303)
    flash(_("%(name)s is signed out everywhere.", name=row["name"]), "good")
    return redirect(f"/admin/users/{key}", 303)


@bp.post(f"/users/{KEY}/disable")
@signed_in("person.change")
def disable_user(key: int) -> Answer:
    """Keep a person from signing in."""
    row = _find(key)
    try:
        disable_person(current_store(), person_id=key, by=me().id, now=now())
    except Problem as problem:
        flash(words_of(problem.text, problem.details), "bad")
    else:
        flash(_("%(name)s can no longer sign in.", name=row["name"]), "good")
    return redirect(f"/admin/users/{key}", 303)


@bp.post(f"/users/{KEY}/enable")
@signed_in("person.change")
def enable_user(key: int) -> Answer:
    """Let a person sign in again."""
    row = _find(key)
    enable_person(current_store(), person_id=key, by=me().id, now=now())
    flash(_("%(name)s can sign in again.", name=row["name"]), "good")
    return redirect(f"/admin/users/{key}", 303)


def _find(key: int) -> Row:
    row = people.find(current_store(), key)
    if row is None:
        raise not_found(N_("There is no such person."))
    return row
