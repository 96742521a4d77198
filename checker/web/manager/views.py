"""The pages of a branch, an employee and a visit: find, permit, ask the summary, show."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from checker.access import may
from checker.problem import Problem, not_found
from checker.reports import claims
from checker.reports.visit import visit_report
from checker.standards.faults import N_
from checker.standards.month import Month, month_of
from checker.store import branches, employees, people
from checker.store.connection import Row
from checker.summaries.branch import branch_month
from checker.summaries.choices import branch_choices, employee_choices
from checker.summaries.employee import employee_month
from checker.summaries.look import look
from checker.summaries.values import BranchMonth
from checker.summaries.visit import visit_sheet
from checker.web import charts_for, names, plans
from checker.web.choosing import Chosen, choose, this_month
from checker.web.clock import now
from checker.web.findings import asks_for_experience, in_order, sides
from checker.web.review.views import decision_page
from checker.web.session import me, signed_in
from checker.web.sheet import sheet_page
from checker.web.store import current_store

bp = Blueprint("manager", __name__)

names.init_filters(bp.add_app_template_filter)

Answer = str | AnyResponse


# --- branches ------------------------------------------------------------------------------------


@bp.get("/branches")
@signed_in("branch.read")
def list_branches() -> Answer:
    """The branches the person looks after, by region; the one branch itself, when there is one."""
    rows = branches.list_for(current_store(), person_id=me().id)
    if len(rows) == 1:
        return redirect(f"/branches/{quote(rows[0]['code'])}", 303)
    rows.sort(
        key=lambda row: (row["region_name"].casefold(), row["region"], row["name"].casefold(), row["code"])
    )
    regions = [
        (name, list(group))
        for name, group in groupby(rows, key=lambda row: (row["region"], row["region_name"]))
    ]
    return render_template("manager/branches.html", regions=regions, count=len(rows))


@bp.get("/branches/<path:code>")
@signed_in("branch.read")
def branch(code: str) -> Answer:
    """A branch's month."""
    store, person = current_store(), me()
    row = branches.find_for(store, code, person_id=person.id)
    if row is None:
        raise not_found(N_("There is no such branch among those you look after."))
    last = _running_month(row)
    chosen = choose(branch_choices(store, row["id"], last=last, person_id=person.id, now=now()), last=last)
    if chosen is None:
        return render_template("manager/nothing.html", name=row["name"], row=row)
    summary = branch_month(
        store,
        branch_code=code,
        month=chosen.month,
        series_id=chosen.series.id,
        person_id=person.id,
        now=now(),
    )
    return render_template("manager/branch.html", row=row, **branch_page(summary, chosen))


def _running_month(row: Row) -> Month:
    """The month that runs at the branch."""
    return month_of(now(), row["zone"])


def branch_page(summary: BranchMonth, chosen: Chosen) -> dict[str, object]:
    """What the page of a branch shows."""
    words = charts_for.here()
    checklist = summary.series.checklist
    lead, rest = in_order(summary.findings)
    return {
        "summary": summary,
        "chosen": chosen,
        "checklist": checklist,
        "experience": asks_for_experience(checklist),
        "words": words,
        "claims": claims,
        "headline": claims.sentences(lead, checklist, words),
        "findings": claims.sentences(rest, checklist, words),
        "waits": charts_for.waits(summary),
        "sides": sides(summary.standards),
        "standards": charts_for.standards(summary.standards, summary),
        "counts": [
            (figure, charts_for.counts(figure, claims.item_name(figure.item, checklist, words)))
            for figure in charts_for.counted(summary)
        ],
        "levels": charts_for.levels(summary),
        "trends": charts_for.trends(summary),
        "planning": plans.planning(summary, chosen),
    }


# --- employees -----------------------------------------------------------------------------------


@bp.get("/me")
@signed_in("own.read")
def own() -> Answer:
    """The employee's own progress."""
    row = people.find(current_store(), me().id)
    code = row["employee"] if row else None
    if code is None:
        text = N_("Your account is not linked to an employee yet. Ask your administrator to link it.")
        raise Problem("employee.not_linked", 404, text)
    return employee_page(code)


@bp.get("/employees/<path:code>")
@signed_in()
def employee(code: str) -> Answer:
    """An employee's progress: for the manager of a branch they work at, the office, and themselves."""
    if not (may(me(), "employee.read") or may(me(), "own.read")):
        abort(404)
    return employee_page(code)


def employee_page(code: str) -> Answer:
    """The page of the employee with this code; "not found" for a stranger."""
    store, person = current_store(), me()
    row = _find_employee(code)
    last = this_month()
    chosen = choose(employee_choices(store, row["id"], last=last, person_id=person.id, now=now()), last=last)
    if chosen is None:
        return render_template("manager/nothing.html", name=row["code"], row=None)
    summary = employee_month(
        store,
        employee_code=code,
        month=chosen.month,
        series_id=chosen.series.id,
        person_id=person.id,
        now=now(),
    )
    words = charts_for.here()
    return render_template(
        "manager/employee.html",
        summary=summary,
        chosen=chosen,
        checklist=summary.series.checklist,
        words=words,
        claims=claims,
        own=person.employee_id == row["id"],
        experience=asks_for_experience(summary.series.checklist),
        trends=charts_for.trends(summary),
    )


def _find_employee(code: str) -> Row:
    """The employee, when this person may look at them; the summary asks again, and more."""
    store, person = current_store(), me()
    if person.role == "employee":
        row = employees.find(store, code)
        row = row if row is not None and row["id"] == person.employee_id else None
    else:
        row = employees.find_for(store, code, person_id=person.id)
    if row is None:
        raise not_found(N_("There is no such employee among those you look after."))
    return row


# --- visits --------------------------------------------------------------------------------------


def visit_sheet_page(uuid: UUID) -> Answer:
    """A visit with its explanation, for everybody but its shopper, whose form has the same address."""
    person = me()
    if not (may(person, "visit.read") or may(person, "own.read")):
        abort(404)
    if may(person, "visit.review"):
        return decision_page(uuid)
    sheet = visit_sheet(current_store(), uuid, person_id=person.id, now=now())
    return render_template("manager/visit.html", **sheet_page(sheet))


@bp.get("/visits/<uuid:uuid>.pdf")
@signed_in()
def visit_pdf(uuid: UUID) -> Answer:
    """The same as PDF, for whoever may see the sheet."""
    person = me()
    if not (may(person, "visit.read") or may(person, "own.read")):
        abort(404)
    sheet = visit_sheet(current_store(), uuid, person_id=person.id, now=now())
    content = visit_report(sheet, charts_for.here(), look=look(current_store()))
    response = Response(content, mimetype="application/pdf")
    name = f"visit-{sheet.line.day}-{str(uuid)[:8]}.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
