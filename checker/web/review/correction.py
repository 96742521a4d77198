"""A reviewer corrects a visit: the form filled with what the visit says becomes a new revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from checker.actions import judging
from checker.actions.correct_visit import correct_visit
from checker.actions.judging import Way
from checker.problem import Problem
from checker.standards.answers import clean_text
from checker.standards.faults import Fault, Refused
from checker.standards.month import day_of
from checker.store import checklists, employees, revisions
from checker.store.checklists import Version
from checker.store.connection import Row
from checker.web.clock import now
from checker.web.form_for import ANSWERS, Typed, VisitForm, form_for, unknown_inputs
from checker.web.problems import words_of
from checker.web.review.room import bp, find_visit
from checker.web.session import me, signed_in
from checker.web.store import current_store

Answer = str | AnyResponse | tuple[str, int]

CONTROLS = {"csrf_token", "revises", "reason", "do"}
"""What the form's post carries besides what is typed."""


@bp.get("/visits/<uuid:uuid>/revise")
@signed_in("visit.correct")
def correction(uuid: UUID) -> Answer:
    """The form, filled with the visit's current revision."""
    row = find_visit(uuid)
    form = form_class_of(row)(None, zone=row["zone"], body=body_of(row))
    return correction_page(row, form, revises=row["hash"])


@bp.post("/visits/<uuid:uuid>/revise")
@signed_in("visit.correct")
def correct(uuid: UUID) -> Answer:
    """Take the correction as a new revision with author and reason; what is refused stays typed."""
    row = find_visit(uuid)
    typed = {name: values for name, values in request.form.lists() if name not in CONTROLS}
    form_class = form_class_of(row)
    unknown = unknown_inputs(form_class, typed)
    if unknown:
        raise Refused(unknown)
    do, _colon, item = request.form.get("do", "").partition(":")
    if do == "clear":
        typed = _without(typed, item)
    form = form_class(typed, zone=row["zone"])
    revises, reason = request.form.get("revises", ""), clean_text(request.form.get("reason", ""))
    if do == "clear":
        return correction_page(row, form, revises=revises, reason=reason)
    faults = form.own_faults()
    body = {**_body(row, form), "revises": revises, "reason": reason}
    try:
        if faults:  # look for whatever else is wrong; a half moment keeps no answer from being read
            whole = {**body, "visited_at": body["visited_at"] or body_of(row)["visited_at"]}
            judging.require_right(current_store(), whole, way=Way.FORM, now=now())
        else:
            correct_visit(current_store(), row, body, by=me().id, now=now())
    except Refused as refused:
        faults += refused.faults
    except Problem as problem:
        if problem.status != 409:
            raise
        wrong = words_of(problem.text, problem.details)
        return correction_page(row, form, revises=revises, reason=reason, wrong=wrong), 409
    if faults:
        return correction_page(row, form, faults, revises=revises, reason=reason), 422
    flash(_("Corrected. The earlier version is kept, and every figure follows."), "good")
    return redirect(f"/visits/{uuid}", 303)


def _without(typed: Mapping[str, list[str]], item: str) -> Typed:
    """`typed` without the answer to one item; its note stays."""
    name = f"{ANSWERS}{item}"
    return {
        key: values
        for key, values in typed.items()
        if key == f"{name}.note" or not (key == name or key.startswith(f"{name}."))
    }


def correction_page(
    row: Row,
    form: VisitForm,
    faults: Sequence[Fault] = (),
    *,
    revises: str,
    reason: str = "",
    wrong: str = "",
) -> str:
    """The page with the form as it is, and every fault at its field."""
    placed = form.place(faults) if faults else []
    return render_template(
        "review/revise.html",
        visit=row,
        uuid=UUID(bytes=row["uuid"]),
        form=form,
        checklist=version_of(row).checklist,
        people=_employed(row),
        revises=revises,
        reason=reason,
        reason_faults=[fault for fault in placed if fault.place == "reason"],
        faults=placed,
        wrong=wrong,
    )


def version_of(row: Row) -> Version:
    """The version of the checklist that a visit was filled on."""
    return checklists.get(current_store(), row["version_id"])


def form_class_of(row: Row) -> type[VisitForm]:
    """The form that a visit's answers are read and corrected in."""
    return form_for(version_of(row), attributed=row["attribution"] != "none")


def body_of(row: Row) -> dict[str, Any]:
    """A visit as it stands: the body of its current revision."""
    return revisions.get(current_store(), row["id"], row["revision"])


def _employed(row: Row) -> list[Row]:
    """Who was employed at the branch on the day of the visit; reviewers resolve descriptions to names."""
    day = day_of(datetime.fromtimestamp(row["visited_at"], UTC), row["zone"])
    return employees.list_at_branch(current_store(), branch_id=row["branch_id"], day=day.isoformat())


def _body(row: Row, form: VisitForm) -> dict[str, Any]:
    """The visit as sent, with what the form asks in its place; photos and their items stay."""
    sent = body_of(row)
    asked = form.body({})
    answers: Mapping[str, object] = asked["answers"]  # type: ignore[assignment]
    unasked = {item: answer for item, answer in sent["answers"].items() if item not in form.questions}
    return {
        **sent,
        **asked,
        "photos": sent.get("photos", []),
        "answers": {**unasked, **answers},
    }
