"""Assignments: who visits which branch when; listed, planned, changed, cancelled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checker.actions.assignment_entry import Asked
from checker.actions.cancel_assignment import cancel_assignment
from checker.actions.change_assignment import OPEN, change_assignment
from checker.actions.plan_assignment import plan_assignment
from checker.problem import not_found
from checker.sheets.taking import number_of
from checker.standards.body import Purpose
from checker.standards.faults import N_, Fault, Refused
from checker.standards.life import Assignment
from checker.standards.month import Month
from checker.store import assignments, people
from checker.store.connection import Row
from checker.web.admin.choices import branch_choices, checklist_choices, shopper_choices
from checker.web.admin.listing import PAGE, Listing, page_number
from checker.web.admin.room import (
    Answer,
    bp,
    choice_field,
    day_field,
    day_or_none,
    lines_field,
    refused,
    today,
    words_field,
)
from checker.web.clock import now
from checker.web.format import figure
from checker.web.problems import fault_words
from checker.web.session import me, signed_in
from checker.web.store import current_store

STATES = {
    "planned": _l("planned"),
    "accepted": _l("accepted"),
    "done": _l("done"),
    "declined": _l("declined"),
    "expired": _l("expired"),
    "cancelled": _l("cancelled"),
}
PURPOSES = {
    "planned": _l("Planned visit"),
    "revisit": _l("Revisit after a finding"),
    "paired": _l("Paired: a second shopper sees the same"),
    "extra": _l("Extra visit"),
}

assert set(STATES) == {state.value for state in Assignment}  # noqa: S101 - each has its words
assert set(PURPOSES) == {purpose.value for purpose in Purpose}  # noqa: S101

DAYS_TO_VISIT = 14
DAYS_TO_REPORT = 1
"""What a new assignment suggests."""


class AssignmentForm(FlaskForm):
    """What a shopper is asked to do."""

    branch = choice_field(_l("Branch"), none=_l("Choose …"))
    checklist = choice_field(_l("Checklist"), none=_l("Choose …"))
    shopper = choice_field(_l("Shopper"), none=_l("Choose …"))
    visit_from = day_field(_l("Visit from"))
    visit_to = day_field(_l("Visit to"))
    report_by = day_field(_l("Report by"))
    purpose = choice_field(_l("Purpose"), choices=[])
    scenario = lines_field(
        _l("Scenario (optional)"), _l("Who the shopper is and what they want, in a few sentences."), rows=3
    )
    briefing = lines_field(
        _l("Briefing (optional)"), _l("What else to know: parking, what to buy, what not to say."), rows=4
    )
    fee = words_field(_l("Fee (optional)"), inputmode="decimal", autocomplete="off")
    expenses = words_field(_l("Expenses up to (optional)"), inputmode="decimal", autocomplete="off")
    currency = words_field(_l("Currency"), maxlength=3, autocomplete="off", placeholder="EUR")


# --- the list -----------------------------------------------------------------------------------------------


@bp.get("/assignments")
@signed_in("assignment.plan")
def list_assignments() -> Answer:
    """Assignments by state, month, shopper and branch."""
    store = current_store()
    shown = request.args.get("show", "open")
    month = _wanted_month()
    shopper = (
        people.find_by_email(store, request.args.get("shopper", "")) if "shopper" in request.args else None
    )
    page = page_number()
    rows = assignments.search(
        store,
        states=OPEN if shown == "open" else (shown,) if shown in STATES else (),
        first=month.first.isoformat() if month else None,
        last=f"{month}-31" if month else None,
        shopper_id=shopper["id"] if shopper else None,
        branch=request.args.get("branch") or None,
        limit=PAGE,
        offset=(page - 1) * PAGE,
    )
    if not rows and page > 1:
        return redirect("/admin/assignments", 303)
    day = today().isoformat()
    for row in rows:
        row["overdue"] = row["state"] in OPEN and row["report_by"] < day
        row["visit"] = str(UUID(bytes=row["visit_uuid"])) if row["visit_uuid"] else None
        row["id"] = str(UUID(bytes=row["uuid"]))
    first = Month.of(today())
    months = [first.back(step) for step in range(-3, 13)]
    return render_template(
        "admin/assignments.html",
        listing=Listing(rows, rows[0]["total"] if rows else 0, page),
        states=STATES,
        shown=shown,
        months=months if month is None or month in months else [month, *months],
        month=month,
        shoppers=shopper_choices(store, besides=request.args.get("shopper", "")),
        branches=branch_choices(store, besides=request.args.get("branch", "")),
    )


def _wanted_month() -> Month | None:
    try:
        return Month.parse(request.args.get("month", ""))
    except Refused:
        return None


# --- planning and changing ----------------------------------------------------------------------------------


@bp.get("/new-assignment")
@signed_in("assignment.plan")
def new_assignment() -> Answer:
    """The form for another assignment, filled like the one named by `like`."""
    like = request.args.get("like", "")
    held = assignments.find(current_store(), UUID(like)) if _is_uuid(like) else None
    if held is not None:
        return assignment_page(None, AssignmentForm(formdata=None, data=_shown(held)))
    first = today() + timedelta(days=1)
    last = first + timedelta(days=DAYS_TO_VISIT)
    form = AssignmentForm(
        formdata=None,
        branch=request.args.get("branch", ""),
        visit_from=first.isoformat(),
        visit_to=last.isoformat(),
        report_by=(last + timedelta(days=DAYS_TO_REPORT)).isoformat(),
        purpose=Purpose.PLANNED.value,
    )
    return assignment_page(None, form)


@bp.post("/new-assignment")
@signed_in("assignment.plan")
def post_assignment() -> Answer:
    """Plan an assignment."""
    form = AssignmentForm()
    planned: list[UUID] = []
    status = refused(
        form,
        lambda: planned.append(
            plan_assignment(current_store(), by=me().id, now=now(), **_entered(form, programme=None))
        ),
    )
    if status:
        return assignment_page(None, form), status
    flash(_("The assignment is planned; the shopper sees it now."), "good")
    return redirect(f"/admin/assignments/{planned[0]}", 303)


@bp.get("/assignments/<uuid:uuid>")
@signed_in("assignment.plan")
def assignment(uuid: UUID) -> Answer:
    """One assignment."""
    row = _find(uuid)
    return assignment_page(row, AssignmentForm(formdata=None, data=_shown(row)))


@bp.post("/assignments/<uuid:uuid>")
@signed_in("assignment.plan")
def put_assignment(uuid: UUID) -> Answer:
    """Change an assignment that is still to be done."""
    row, form = _find(uuid), AssignmentForm()
    changed: list[bool] = []
    status = refused(
        form,
        lambda: changed.append(
            change_assignment(
                current_store(),
                uuid,
                by=me().id,
                now=now(),
                **_entered(form, programme=row["programme"]),
            )
        ),
    )
    if status:
        return assignment_page(row, form), status
    flash(_("The assignment is saved.") if changed[0] else _("Nothing was changed."), "good")
    return redirect(f"/admin/assignments/{uuid}", 303)


@bp.post("/assignments/<uuid:uuid>/cancel")
@signed_in("assignment.plan")
def cancel(uuid: UUID) -> Answer:
    """Cancel an assignment."""
    _find(uuid)
    reason = request.form.get("reason", "")
    try:
        cancel_assignment(current_store(), uuid, reason=reason, by=me().id, now=now())
    except Refused as refusal:
        flash(" ".join(fault_words(fault) for fault in refusal.faults), "bad")
    else:
        flash(_("The assignment is cancelled. A visit that was already made is still received."), "good")
    return redirect(f"/admin/assignments/{uuid}", 303)


def assignment_page(row: Row | None, form: AssignmentForm) -> str:
    """The page of an assignment, or of one to be planned, with the form as it is."""
    store = current_store()
    form.branch.choices = branch_choices(store, besides=form.branch.data or "")
    form.checklist.choices = checklist_choices(store, besides=form.checklist.data or "")
    form.shopper.choices = shopper_choices(store, besides=form.shopper.data or "")
    form.purpose.choices = list(PURPOSES.items())
    return render_template(
        "admin/assignment.html",
        row=row,
        id=str(UUID(bytes=row["uuid"])) if row else "",
        form=form,
        open=row is None or row["state"] in OPEN,
        states=STATES,
    )


def _shown(row: Row) -> dict[str, Any]:
    """A stored assignment as the form shows it."""
    shown = {**row, "shopper": row["shopper_email"], "currency": row["currency"] or ""}
    for name in ("fee", "expenses"):
        cents = row[f"{name}_cents"]
        shown[name] = "" if cents is None else f"{cents // 100}.{cents % 100:02}"
    return shown


def _entered(form: AssignmentForm, *, programme: str | None) -> Asked:
    """What was typed, as actions take it. Raises Refused for an amount that is none."""
    faults: list[Fault] = []
    entered: Asked = {
        "shopper": form.shopper.data,
        "branch": form.branch.data,
        "checklist": form.checklist.data,
        "visit_from": day_or_none(form.visit_from.data),
        "visit_to": day_or_none(form.visit_to.data),
        "report_by": day_or_none(form.report_by.data),
        "purpose": form.purpose.data or Purpose.PLANNED.value,
        "scenario": form.scenario.data,
        "briefing": form.briefing.data,
        "fee_cents": _cents("fee", form.fee.data, faults),
        "expenses_cents": _cents("expenses", form.expenses.data, faults),
        "currency": form.currency.data or None,
    }
    if faults:
        raise Refused(faults)
    if programme is not None:
        entered["programme"] = programme
    return entered


def _cents(place: str, typed: str, faults: list[Fault]) -> int | None:
    words = typed.strip().replace(",", ".")
    if not words:
        return None
    amount = number_of(words)
    if amount is None or amount != round(amount, 2):
        text = N_("“%(found)s” is no amount. Write it as 12.50, without a currency sign.")
        faults.append(Fault("assignment.amount", place, text, {"found": typed[:40]}))
        return None
    return int(amount * 100)


@bp.app_template_filter()
def money(cents: int | None, currency: str | None) -> str:
    """An amount in hundredths, with its currency."""
    return "" if cents is None else f"{figure(cents / 100, '#,##0.00')} {currency or ''}".strip()


def _is_uuid(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


def _find(uuid: UUID) -> Row:
    row = assignments.find(current_store(), uuid)
    if row is None:
        raise not_found(N_("There is no such assignment."))
    return row
