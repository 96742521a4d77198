"""A visit is filled, read once more, and sent; its receipt."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from checker.access import may
from checker.actions import judging
from checker.actions.judging import Way
from checker.actions.reopen_visit import reopen_visit
from checker.actions.save_draft import Saved, save_draft
from checker.actions.send_correction import send_correction
from checker.actions.submit_visit import Sender, submit_visit
from checker.problem import not_found
from checker.standards.answers import clean_text
from checker.standards.faults import N_, Fault, Refused
from checker.store import checklists, drafts, revisions, visits
from checker.store.connection import Row
from checker.web.clock import in_ms, now
from checker.web.form_for import Typed, VisitForm, form_for, unknown_inputs
from checker.web.manager.views import visit_sheet_page
from checker.web.questions import in_words
from checker.web.session import me, signed_in, wants_json
from checker.web.shopper.room import Opened, bp, opened, sent_visit
from checker.web.store import current_store
from checker.web.unfinished import UnfinishedForm

Answer = str | AnyResponse | tuple[str, int]

CONTROLS = {"csrf_token", "sequence", "device", "instead", "do"}
"""What the form's post carries besides what was typed."""


@bp.get("/visits/<uuid:uuid>")
@signed_in()
def visit(uuid: UUID) -> Answer:
    """The form of a shopper's own visit; the visit sheet for everybody else."""
    if not may(me(), "visit.send"):
        return visit_sheet_page(uuid)
    if drafts.find_for(current_store(), uuid, shopper_id=me().id) is None and sent_visit(uuid) is not None:
        return redirect(f"/visits/{uuid}/receipt", 303)
    found = opened(uuid)
    if found.is_over:
        return redirect(f"{found.path}/receipt", 303)
    return form_page(found, found.form())


def form_page(found: Opened, form: VisitForm, faults: Sequence[Fault] = (), **more: object) -> str:
    """The form as it stands, with `faults` at their fields and in a list."""
    return render_template(
        "shopper/visit.html",
        visit=found,
        form=form,
        checklist=found.version.checklist,
        faults=form.place(faults) if faults else [],
        copies=other_versions(found, form),
        codes=found.employee_codes(form),
        device=secrets.token_hex(8),
        answered_at=in_ms(now()),
        sequence=found.draft["sequence"],
        **more,
    )


def other_versions(found: Opened, form: VisitForm) -> list[Row]:
    """The copies that say something else than the form, each once, the newest first."""
    said = {json.dumps(form.typed, sort_keys=True)}
    others = []
    for copy in reversed(drafts.list_copies(current_store(), found.draft["id"])):
        says = json.dumps(copy["body"].get("typed", {}), sort_keys=True)
        if says not in said:
            said.add(says)
            others.append(copy)
    return others


@bp.post("/visits/<uuid:uuid>")
@signed_in("visit.send")
def work(uuid: UUID) -> Answer:
    """What a button of the form does: save, review, fill in that nobody served, clear one answer.

    Whatever it is, what was typed is saved first.
    """
    found = opened(uuid)
    if found.is_over:
        return redirect(f"{found.path}/receipt", 303)
    typed = _typed(found)
    do, _colon, item = request.form.get("do", "save").partition(":")
    if do == "nobody":
        typed = found.form(typed).answers_when_nobody_served()
    elif do == "clear":
        typed = _without(typed, item)
    form = found.form(typed)
    saved = _save(found, typed)
    if saved.conflict:
        found.draft["sequence"] = saved.sequence
        return form_page(found, form, conflict=True), 409
    if do == "review":
        faults = faults_of(found, form)
        if faults:
            found.draft["sequence"] = saved.sequence
            return form_page(found, form, faults), 422
        return redirect(f"{found.path}/review", 303)
    place = {"nobody": "#who", "clear": f"#q-{item}"}.get(do, "")
    return redirect(found.path + place, 303)


def _typed(found: Opened) -> Typed:
    """What was typed in the form that came. Raises Refused when it has inputs we do not know."""
    typed = {name: values for name, values in request.form.lists() if name not in CONTROLS}
    faults = unknown_inputs(found.form_class, typed)
    if faults:
        raise Refused(faults)
    return {name: values for name, values in typed.items() if any(values)}


def _without(typed: Typed, item: str) -> Typed:
    """`typed` without what answers one item; its note stays."""
    name = f"answers.{item}"
    return {
        key: values
        for key, values in typed.items()
        if key == f"{name}.note" or not (key == name or key.startswith(f"{name}."))
    }


def _save(found: Opened, typed: Typed) -> Saved:
    return save_draft(
        current_store(),
        found.id,
        shopper_id=me().id,
        typed=typed,
        device=request.form.get("device", "")[:64] or "form",
        base=_whole(request.form.get("sequence", "")),
        instead="instead" in request.form,
        now=now(),
    )


def _whole(words: str) -> int:
    """The number in `words`; −1, which is never a sequence, where there is none."""
    return int(words) if words.isdecimal() and len(words) < 10 else -1


def faults_of(found: Opened, form: VisitForm, **rest: object) -> list[Fault]:
    """Everything that keeps the visit from being sent as it stands; nothing is written."""
    faults = form.own_faults()
    if found.visit is not None:  # asked for beside the button that sends
        rest.setdefault("reason", "…")
    try:
        judging.require_right(current_store(), found.body(form, **rest), way=Way.FORM, now=now())
    except Refused as refused:
        faults += refused.faults
        # Without its date a body is refused before its answers are read; a shopper wants to hear all at once.
        known = {(fault.place, fault.code) for fault in faults}
        faults += [fault for fault in form.answer_faults() if (fault.place, fault.code) not in known]
    return faults


# --- read once more, and sent --------------------------------------------------------------------------


@bp.get("/visits/<uuid:uuid>/review")
@signed_in("visit.send")
def review(uuid: UUID) -> Answer:
    """Everything that was answered, to be read once more."""
    found = opened(uuid)
    return redirect(f"{found.path}/receipt", 303) if found.is_over else review_page(found)


def review_page(found: Opened, reason: str = "", wrong: str = "") -> str:
    """The page; `reason` and `wrong` repeat why a visit is corrected."""
    form = found.form()
    return render_template(
        "shopper/review.html",
        visit=found,
        form=form,
        checklist=found.version.checklist,
        faults=form.place(faults_of(found, form)),
        reason=reason,
        wrong=wrong,
    )


@bp.post("/visits/<uuid:uuid>/send")
@signed_in("visit.send")
def send(uuid: UUID) -> Answer:
    """Send the visit as it was reviewed. A second time leads to the same receipt."""
    found = opened(uuid)
    if found.is_over:
        return redirect(f"{found.path}/receipt", 303)
    if _whole(request.form.get("sequence", "")) != found.draft["sequence"]:
        flash(_("This visit changed after you looked at it. Read it once more."), "bad")
        return review_page(found), 409
    reason = clean_text(request.form.get("reason", ""))
    if found.visit is not None and not reason:
        return review_page(found, wrong=_("Say why the visit is corrected.")), 422
    form = found.form()
    try:
        if faults := form.own_faults():
            raise Refused(faults)
        return _send(found, form, **({"reason": reason} if found.visit is not None else {}))
    except Refused:
        return form_page(found, form, faults_of(found, form)), 422


def _send(found: Opened, form: VisitForm, **rest: object) -> Answer:
    body = found.body(form, **rest)
    if found.visit is not None:
        send_correction(current_store(), found.visit, body, by=me().id, now=now())
    else:
        sender = Sender(Way.FORM, person_id=me().id, shopper_id=me().id)
        submit_visit(current_store(), body, sender=sender, now=now())
    return redirect(f"{found.path}/receipt", 303)


@bp.get("/visits/<uuid:uuid>/receipt")
@signed_in("visit.send")
def receipt(uuid: UUID) -> Answer:
    """That the visit was received, and when; never its score (design §1)."""
    found = sent_visit(uuid)
    if found is None:
        raise not_found(N_("There is no such visit, or it is not yours."))
    held = visits.find_received(current_store(), uuid)
    checklist = checklists.get(current_store(), found["version_id"]).checklist
    query = next(
        (e for e in reversed(visits.list_events(current_store(), found["id"])) if e["kind"] == "return"), None
    )
    return render_template(
        "shopper/receipt.html", visit=found, uuid=uuid, received=held, checklist=checklist, query=query
    )


@bp.post("/visits/<uuid:uuid>/correction")
@signed_in("visit.send")
def reopen(uuid: UUID) -> Answer:
    """Open a returned visit again, filled with what it says; a script that asks for JSON gets {}."""
    found = sent_visit(uuid)
    if found is None:
        raise not_found(N_("There is no such visit, or it is not yours."))
    store = current_store()
    form_class = form_for(
        checklists.get(store, found["version_id"]), attributed=found["attribution"] != "none"
    )
    form = form_class(None, zone=found["zone"], body=revisions.get(store, found["id"], found["revision"]))
    reopen_visit(store, found, shopper_id=me().id, typed=form.typed, now=now())
    return jsonify({}) if wants_json() else redirect(f"/visits/{uuid}", 303)


# --- a visit that could not be completed ---------------------------------------------------------------


@bp.get("/visits/<uuid:uuid>/unfinished")
@signed_in("visit.send")
def unfinished(uuid: UUID) -> Answer:
    """Why the visit could not be completed: one tap for the reason, one to send."""
    found = opened(uuid)
    if found.is_over:
        return redirect(f"{found.path}/receipt", 303)
    moment = found.form().visited_at.data or now().replace(second=0, microsecond=0).isoformat()
    return unfinished_page(found, UnfinishedForm(zone=found.branch["zone"], data={"visited_at": moment}))


def unfinished_page(found: Opened, form: UnfinishedForm, faults: Sequence[Fault] = ()) -> str:
    """The page with the form as it is, and with `faults` in what was answered before."""
    return render_template(
        "shopper/unfinished.html", visit=found, form=form, faults=faults, checklist=found.version.checklist
    )


@bp.post("/visits/<uuid:uuid>/unfinished")
@signed_in("visit.send")
def send_unfinished(uuid: UUID) -> Answer:
    """Send the visit with its outcome and reason; what was answered so far goes with it."""
    found = opened(uuid)
    if found.is_over:
        return redirect(f"{found.path}/receipt", 303)
    form = UnfinishedForm(request.form, zone=found.branch["zone"])
    if not form.validate():
        return unfinished_page(found, form), 422
    try:
        return _send(
            found,
            found.form(),
            outcome=form.outcome.value,
            reason=form.reason,
            visited_at=form.visited_at.data,
        )
    except Refused as refused:
        form.visited_at.errors += [in_words(fault) for fault in refused.faults if fault.place == "visited_at"]
        others = [fault for fault in refused.faults if fault.place != "visited_at"]
        return unfinished_page(found, form, found.form().place(others) if others else []), 422
