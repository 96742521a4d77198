"""The forms of actions: find the place or the action, permit, act, and lead back to the place."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from checker.actions.change_action import change_action
from checker.actions.close_action import close_action
from checker.actions.plan_action import plan_action
from checker.actions.reopen_action import reopen_action
from checker.problem import Problem, not_found
from checker.standards.faults import N_
from checker.store import branches, checklists, plans
from checker.store.connection import Row
from checker.summaries.plan import plan_lines
from checker.web.clock import now
from checker.web.entries import refused
from checker.web.language import language
from checker.web.plans import ActionForm, CloseForm, fill_choices, may_plan, suggested
from checker.web.problems import words_of
from checker.web.session import me, signed_in
from checker.web.store import current_store
from checker.words import words_for

bp = Blueprint("planning", __name__)

Answer = str | AnyResponse | tuple[str, int]

KEPT = ("month", "checklist", "method")
"""What the address of a place's page says, and goes back to it."""


DECIDED = ("what", "owner", "due_on", "measured_by")
"""What the page of a closed month hands over for an action to be planned."""

ACTIONS = "#actions"
"""Where the actions stand on the page of a place."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an action belongs: a branch or a region by code, or the network; with its page."""

    path: str
    name: str
    branch: str | None = None
    region: str | None = None


def kept(path: str, place: str = "") -> str:
    """An address with the month and checklist that were shown, and a place on its page."""
    said = urlencode({name: request.args[name] for name in KEPT if name in request.args})
    return f"{path}{'?' if said else ''}{said}{place}"


# --- planning -----------------------------------------------------------------------------------------------


@bp.get("/branches/<path:code>/new-action")
@signed_in("action.plan")
def new_branch_action(code: str) -> Answer:
    """The form for an action of a branch."""
    return new_page(_branch(code))


@bp.post("/branches/<path:code>/new-action")
@signed_in("action.plan")
def plan_branch_action(code: str) -> Answer:
    """Plan an action of a branch."""
    return plan(_branch(code))


@bp.get("/regions/<path:code>/new-action")
@signed_in("action.plan")
def new_region_action(code: str) -> Answer:
    """The form for an action of a region."""
    return new_page(_region(code))


@bp.post("/regions/<path:code>/new-action")
@signed_in("action.plan")
def plan_region_action(code: str) -> Answer:
    """Plan an action of a region."""
    return plan(_region(code))


@bp.get("/network/new-action")
@signed_in("action.plan")
def new_network_action() -> Answer:
    """The form for an action of the network."""
    return new_page(_network())


@bp.post("/network/new-action")
@signed_in("action.plan")
def plan_network_action() -> Answer:
    """Plan an action of the network."""
    return plan(_network())


def new_page(ground: Ground) -> str:
    """The form; the address may name the standard it is about, or say what somebody decided."""
    decided = {name: request.args[name] for name in DECIDED if name in request.args}
    said = {**suggested(request.args.get("standard", "")), **decided}
    return _new(ground, ActionForm(formdata=None, **said))


def plan(ground: Ground) -> Answer:
    """Plan what was entered, and lead back to the place."""
    form = ActionForm()
    status = refused(
        form,
        lambda: plan_action(
            current_store(),
            branch=ground.branch,
            region=ground.region,
            **_entered(form),
            by=me().id,
            now=now(),
        ),
    )
    if status:
        return _new(ground, form), status
    flash(_("The action is planned."), "good")
    return redirect(kept(ground.path, ACTIONS), 303)


def _new(ground: Ground, form: ActionForm) -> str:
    fill_choices(form, current_store(), checklist=request.args.get("checklist"), held=form.standard.data)
    return render_template("planning/new.html", ground=ground, form=form, kept=kept)


def _entered(form: ActionForm) -> dict[str, str]:
    names = ("what", "owner", "due_on", "measured_by", "standard")
    return {name: form[name].data for name in names}


# --- one action ---------------------------------------------------------------------------------------------


@bp.get("/actions/<uuid:uuid>")
@signed_in("action.plan")
def action(uuid: UUID) -> Answer:
    """An action: to change and to close while it is open, to open again when it is closed."""
    row = _find(uuid)
    return _page(row, _stored(row), _closing(row))


@bp.post("/actions/<uuid:uuid>")
@signed_in("action.plan")
def put_action(uuid: UUID) -> Answer:
    """Change an open action."""
    row, form = _find(uuid), ActionForm()
    status = refused(
        form, lambda: change_action(current_store(), uuid, **_entered(form), by=me().id, now=now())
    )
    if status:
        return _page(_find(uuid), form, _closing(row)), status
    flash(_("The action is saved."), "good")
    return redirect(kept(_ground(row).path, ACTIONS), 303)


@bp.post("/actions/<uuid:uuid>/close")
@signed_in("action.plan")
def finish_action(uuid: UUID) -> Answer:
    """Close an open action with what came of it."""
    row, form = _find(uuid), CloseForm()
    status = refused(
        form,
        lambda: close_action(
            current_store(),
            uuid,
            state=form.state.data,
            outcome=form.outcome.data,
            by=me().id,
            now=now(),
        ),
    )
    if status:
        row = _find(uuid)
        return _page(row, _stored(row), form), status
    flash(_("The action is closed."), "good")
    return redirect(kept(_ground(row).path, ACTIONS), 303)


@bp.post("/actions/<uuid:uuid>/reopen")
@signed_in("action.plan")
def take_up_action(uuid: UUID) -> Answer:
    """Open a closed action again; one that is open stays so."""
    _find(uuid)
    try:
        reopen_action(current_store(), uuid, by=me().id, now=now())
    except Problem as problem:
        if problem.code != "action.open":
            raise
        flash(words_of(problem.text, problem.details), "info")
    else:
        flash(_("The action is open again."), "good")
    return redirect(kept(f"/actions/{uuid}"), 303)


def _stored(row: Row) -> ActionForm:
    names = ("what", "owner", "due_on", "measured_by", "standard")
    return ActionForm(formdata=None, **{name: row[name] for name in names})


def _closing(row: Row) -> CloseForm:
    return CloseForm(formdata=None, state="done", outcome=row["outcome"])


def _page(row: Row, form: ActionForm, closing: CloseForm) -> str:
    store, shown = current_store(), request.args.get("checklist")
    version = checklists.current(store, shown) if shown else None
    (line,) = plan_lines(store, [row], checklist=version.checklist if version else None, now=now())
    fill_choices(form, store, checklist=shown, held=row["standard"])
    return render_template(
        "planning/action.html",
        line=line,
        words=words_for(language()),
        ground=_ground(row),
        form=form,
        closing=closing,
        kept=kept,
    )


# --- places -------------------------------------------------------------------------------------------------


def _branch(code: str) -> Ground:
    row = branches.find_for(current_store(), code, person_id=me().id)
    if row is None or not may_plan(branch=True):
        raise not_found(N_("There is no such branch among those you look after."))
    return Ground(f"/branches/{quote(row['code'])}", row["name"], branch=row["code"])


def _region(code: str) -> Ground:
    row = branches.find_region_for(current_store(), code, person_id=me().id)
    if row is None or not may_plan(branch=False):
        raise not_found(N_("There is no such region among those you look after."))
    return Ground(f"/regions/{quote(row['code'])}", row["name"], region=row["code"])


def _network() -> Ground:
    if not branches.sees_network(current_store(), person_id=me().id) or not may_plan(branch=False):
        raise not_found(N_("The whole network is shown to those who look after all of it."))
    return Ground("/network", _("Network"))


def _find(uuid: UUID) -> Row:
    """The action, when this person plans where it belongs."""
    row = plans.find_for(current_store(), uuid, person_id=me().id)
    if row is None or not may_plan(branch=row["branch"] is not None):
        raise not_found(N_("There is no such action among those you look after."))
    return row


def _ground(row: Row) -> Ground:
    if row["branch"]:
        return Ground(f"/branches/{quote(row['branch'])}", row["branch_name"], branch=row["branch"])
    if row["region"]:
        return Ground(f"/regions/{quote(row['region'])}", row["region_name"], region=row["region"])
    return Ground("/network", _("Network"))
