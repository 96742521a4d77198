"""Today: what there is to do, to finish, to answer; and how a visit is begun."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import flash, g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from checker.access import home_for
from checker.actions.answer_assignment import answer_assignment
from checker.actions.begin_visit import Plan, begin_visit, fresh_id
from checker.problem import not_found
from checker.standards.faults import N_, Refused
from checker.standards.life import AssignmentStep
from checker.store import assignments, branches, checklists
from checker.summaries.shopper import shopper_day
from checker.web.clock import now
from checker.web.problems import faults_by_place
from checker.web.session import me, signed_in, wants_json
from checker.web.shopper.room import bp
from checker.web.store import current_store
from checker.web.texts import said_plainly

Answer = str | AnyResponse | tuple[str, int]


@bp.get("/")
@signed_in()
def today() -> Answer:
    """The shopper's first page; everybody else is led to theirs."""
    home = home_for(me())
    return redirect(home, 303) if home != "/" else today_page()


def today_page(
    begin: Mapping[str, str] | None = None,
    faults: Mapping[str, list[str]] | None = None,
    declining: Mapping[str, object] | None = None,
) -> str:
    """The whole page; `begin` and `faults` repeat a visit that could not be begun, `declining` a decline."""
    store, person = current_store(), me()
    day = shopper_day(store, person_id=person.id, now=now())
    on = now().date().isoformat()
    shown = {line.draft for line in day.assignments}
    every = branches.list_between(store, region_id=None, first=on, last=on)
    return render_template(
        "shopper/today.html",
        day=day,
        drafts=[line for line in day.drafts if line.uuid not in shown],
        briefs={UUID(bytes=row["uuid"]): row for row in assignments.list_for(store, shopper_id=person.id)},
        branches=[(row["code"], f"{row['name']} · {row['code']}") for row in every if row["open"]],
        checklists=[
            (version.checklist.id, said_plainly(version.checklist.title, version.checklist.languages))
            for version in checklists.list_current(store)
        ],
        fresh_id=lambda: fresh_id(now()),
        begin=begin or {},
        faults=faults or {},
        declining=declining,
    )


@bp.post("/visits")
@signed_in("visit.send")
def begin() -> Answer:
    """Begin a visit: assigned, of one's own choice, or for practice.

    The id comes with the page, so that tapping twice begins one visit; without one it is made here.
    """
    form = request.form
    try:
        plan = Plan(
            id=_uuid(form.get("id")) or fresh_id(now()),
            shopper_id=me().id,
            assignment=_required_uuid(form["assignment"]) if form.get("assignment") else None,
            branch=form.get("branch", ""),
            checklist=form.get("checklist", ""),
            practice="practice" in form,
        )
        return redirect(f"/visits/{begin_visit(current_store(), plan, now=now())}", 303)
    except Refused as refused:
        return today_page(begin=form.to_dict(), faults=faults_by_place(refused.faults)), 422


@bp.post("/assignments/<uuid:uuid>/<any(accept, decline):step>")
@signed_in("assignment.answer")
def answer(uuid: UUID, step: str) -> Answer:
    """Accept or decline an assignment; a script that asks for JSON gets {} or the problem."""
    reason = _reason()
    try:
        answer_assignment(
            current_store(), uuid, shopper_id=g.person.id, step=AssignmentStep(step), reason=reason, now=now()
        )
    except Refused as refused:
        if wants_json():
            raise
        faults = faults_by_place(refused.faults)
        for words in faults.get("", ()):  # one that is over stands in no list any more
            flash(words, "bad")
        return today_page(declining={"uuid": uuid, "faults": faults, "reason": reason}), 422
    return jsonify({}) if wants_json() else redirect("/", 303)


def _reason() -> str:
    """Why an assignment is declined, as a form or a script says it."""
    said = request.get_json() if request.is_json else request.form
    reason = said.get("reason", "") if isinstance(said, Mapping) else ""
    return reason if isinstance(reason, str) else ""


def _uuid(words: str | None) -> UUID | None:
    """The id in `words`, when it is one."""
    try:
        return UUID(words or "")
    except ValueError:
        return None


def _required_uuid(words: str) -> UUID:
    found = _uuid(words)
    if found is None:
        raise not_found(N_("There is no such assignment."))
    return found
