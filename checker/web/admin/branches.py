"""Branches: listed, added, changed, closed by their last day."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checker.actions.add_branch import add_branch
from checker.actions.branch_entry import zones
from checker.actions.change_branch import change_branch
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import branches, employees
from checker.store.connection import Row
from checker.web.admin.choices import region_choices
from checker.web.admin.listing import searched
from checker.web.admin.room import (
    Answer,
    bp,
    choice_field,
    day_field,
    day_or_none,
    refused,
    settings,
    today,
    words_field,
)
from checker.web.clock import now
from checker.web.session import me, signed_in
from checker.web.store import current_store


class ChangeBranchForm(FlaskForm):
    """What is known about a branch."""

    name = words_field(_l("Name"))
    region = choice_field(
        _l("Region"),
        _l("Visits that were made stay in the region the branch had then."),
        none=_l("Choose …"),
    )
    zone = words_field(
        _l("Time zone"),
        _l("Such as Europe/Helsinki. It decides the day and the month a visit belongs to."),
        list="zones",
        autocomplete="off",
        spellcheck="false",
    )
    format = words_field(_l("Format (optional)"), _l("Such as supermarket or kiosk."))
    group = words_field(_l("Group (optional)"), _l("Such as franchise; yours to use."))
    opened_on = day_field(_l("First day (optional)"))
    closed_on = day_field(
        _l("Last day (optional)"),
        _l("A branch retires by its last day. Its visits and figures stay."),
    )


class BranchForm(ChangeBranchForm):
    """A new branch."""

    code = words_field(
        _l("Code"), _l("As in your other systems, such as B001. It cannot change later."), autocomplete="off"
    )


@bp.get("/branches")
@signed_in("branch.change")
def list_branches() -> Answer:
    """The branches that are open, or all of them."""
    rows = branches.list_for(current_store(), person_id=me().id)
    day = today().isoformat()
    for row in rows:
        row["closed"] = bool(row["closed_on"]) and row["closed_on"] < day
        row["opening"] = bool(row["opened_on"]) and row["opened_on"] > day
    shown = request.args.get("show", "open")
    if shown != "all":
        rows = [row for row in rows if row["closed"] == (shown == "closed")]
    chosen = request.args.get("region", "")
    if chosen:
        rows = [row for row in rows if row["region"] == chosen]
    return render_template(
        "admin/branches.html",
        listing=searched(rows, "code", "name", "region_name", "format", "branch_group"),
        shown=shown,
        chosen=chosen,
        regions=region_choices(current_store(), besides=chosen),
    )


@bp.get("/new-branch")
@signed_in("branch.change")
def new_branch() -> Answer:
    """The form for another branch; the time zone most of them lie in is filled in."""
    rows = branches.list_for(current_store(), person_id=me().id)
    common = Counter(row["zone"] for row in rows).most_common(1)
    form = BranchForm(
        formdata=None,
        zone=common[0][0] if common else settings().zone,
        region=request.args.get("region", ""),
    )
    return branch_page(None, form)


@bp.post("/new-branch")
@signed_in("branch.change")
def post_branch() -> Answer:
    """Add a branch."""
    form = BranchForm()
    status = refused(
        form,
        lambda: add_branch(
            current_store(), code=form.code.data.strip(), **_entered(form), by=me().id, now=now()
        ),
    )
    if status:
        return branch_page(None, form), status
    flash(_("The branch %(name)s is added.", name=form.name.data), "good")
    return redirect("/admin/branches", 303)


@bp.get("/branches/<path:code>")
@signed_in("branch.change")
def branch(code: str) -> Answer:
    """One branch's form."""
    row = _find(code)
    return branch_page(row, ChangeBranchForm(formdata=None, data={**row, "group": row["branch_group"]}))


@bp.post("/branches/<path:code>")
@signed_in("branch.change")
def put_branch(code: str) -> Answer:
    """Change a branch."""
    row, form = _find(code), ChangeBranchForm()
    status = refused(
        form, lambda: change_branch(current_store(), code=code, **_entered(form), by=me().id, now=now())
    )
    if status:
        return branch_page(row, form), status
    flash(_("The branch %(name)s is saved.", name=form.name.data), "good")
    return redirect(url_for("admin.branch", code=code), 303)


def branch_page(row: Row | None, form: ChangeBranchForm) -> str:
    """The page of a branch, or of one to be added, with the form as it is."""
    store = current_store()
    form.region.choices = region_choices(store, besides=form.region.data or "")
    staff = []
    if row is not None:
        staff = employees.list_at_branch(store, branch_id=row["id"], day=today().isoformat())
    return render_template("admin/branch.html", row=row, form=form, zones=sorted(zones()), staff=staff)


def _entered(form: ChangeBranchForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "region": form.region.data,
        "zone": form.zone.data,
        "format": form.format.data,
        "group": form.group.data,
        "opened_on": day_or_none(form.opened_on.data),
        "closed_on": day_or_none(form.closed_on.data),
    }


def _find(code: str) -> Row:
    row = branches.find(current_store(), code)
    if row is None:
        raise not_found(N_("There is no such branch."))
    return row
