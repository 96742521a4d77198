"""Employees and where they work from which day on: listed, added, renamed, moved, retired."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checker.actions.add_employee import add_employee
from checker.actions.add_employment import add_employment
from checker.actions.change_employee import change_employee
from checker.actions.change_employment import change_employment
from checker.actions.remove_employment import remove_employment
from checker.problem import not_found
from checker.standards.faults import N_
from checker.store import employees, employments, programmes
from checker.store.connection import Row
from checker.web.admin.choices import branch_choices
from checker.web.admin.listing import searched
from checker.web.admin.room import (
    KEY,
    Answer,
    bp,
    choice_field,
    day_field,
    day_or_none,
    flag_field,
    refused,
    today,
    words_field,
)
from checker.web.clock import now
from checker.web.session import me, signed_in
from checker.web.store import current_store

PLACES = {"from": "from_on", "to": "to_on"}
"""The fields of a fault's place: `from` cannot be a field's name."""


class ChangeEmployeeForm(FlaskForm):
    """What is known about an employee."""

    name = words_field(_l("Name"), _l("Read by their own branch, reviewers and administrators alone."))
    retired = flag_field(_l("Retired"), _l("Shoppers can no longer choose this person; past visits stay."))


class EmployeeForm(FlaskForm):
    """A new employee."""

    code = words_field(
        _l("Code"),
        _l("As in your other systems. Shoppers and reports see it instead of the name; it cannot change."),
        autocomplete="off",
    )
    name = words_field(_l("Name"), _l("Read by their own branch, reviewers and administrators alone."))


class EmploymentForm(FlaskForm):
    """Where somebody works, from when to when."""

    branch = choice_field(_l("Branch"), none=_l("Choose …"))
    from_on = day_field(_l("First day"))
    to_on = day_field(_l("Last day (optional)"), _l("Leave it empty while the employment lasts."))


@bp.get("/employees")
@signed_in("employee.change")
def list_employees() -> Answer:
    """Employees by code, with the branches they work at."""
    rows = employments.list_employees(current_store(), day=today().isoformat())
    shown = request.args.get("show", "current")
    if shown != "all":
        rows = [row for row in rows if (row["retired_at"] is not None) == (shown == "retired")]
    return render_template(
        "admin/employees.html", listing=searched(rows, "code", "name", "branches"), shown=shown
    )


@bp.get("/new-employee")
@signed_in("employee.change")
def new_employee() -> Answer:
    """The form for another employee."""
    return render_template("admin/new_employee.html", form=EmployeeForm(formdata=None))


@bp.post("/new-employee")
@signed_in("employee.change")
def post_employee() -> Answer:
    """Add an employee; where they work is asked on their page."""
    form = EmployeeForm()
    code = (form.code.data or "").strip()
    status = refused(
        form, lambda: add_employee(current_store(), code=code, name=form.name.data, by=me().id, now=now())
    )
    if status:
        return render_template("admin/new_employee.html", form=form), status
    flash(_("%(name)s is added. Say now where this person works.", name=form.name.data), "good")
    return redirect(url_for("admin.employee", code=code) + "#employments", 303)


@bp.get("/employees/<path:code>")
@signed_in("employee.change")
def employee(code: str) -> Answer:
    """One employee: name, and where they work."""
    row = _find(code)
    return employee_page(row)


def employee_page(
    row: Row, form: ChangeEmployeeForm | None = None, beginning: EmploymentForm | None = None
) -> str:
    """The page with the forms as they are; those that were not sent say what is stored."""
    store = current_store()
    form = form or ChangeEmployeeForm(formdata=None, name=row["name"], retired=bool(row["retired_at"]))
    beginning = beginning or EmploymentForm(formdata=None, from_on=today().isoformat())
    beginning.branch.choices = branch_choices(store, besides=beginning.branch.data or "")
    return render_template(
        "admin/employee.html",
        row=row,
        form=form,
        beginning=beginning,
        employments=employments.list_of(store, row["id"]),
        day=today().isoformat(),
        attribution=_attribution(),
    )


def _attribution() -> str:
    programme = programmes.find(current_store(), "main")
    return "named" if programme is None else str(programme["attribution"])


@bp.post("/employees/<path:code>")
@signed_in("employee.change")
def put_employee(code: str) -> Answer:
    """Rename or retire an employee."""
    row, form = _find(code), ChangeEmployeeForm()
    status = refused(
        form,
        lambda: change_employee(
            current_store(),
            code=code,
            name=form.name.data,
            retired=form.retired.data,
            by=me().id,
            now=now(),
        ),
    )
    if status:
        return employee_page(row, form), status
    flash(_("%(name)s is saved.", name=form.name.data), "good")
    return redirect(url_for("admin.employee", code=code), 303)


# --- where they work ----------------------------------------------------------------------------------------


@bp.post("/employments")
@signed_in("employee.change")
def post_employment() -> Answer:
    """Employ somebody at a branch."""
    row, form = _find(request.form.get("employee", "")), EmploymentForm()
    status = refused(
        form,
        lambda: add_employment(
            current_store(),
            employee=row["code"],
            branch=form.branch.data,
            from_on=day_or_none(form.from_on.data),
            to_on=day_or_none(form.to_on.data),
            by=me().id,
            now=now(),
        ),
        PLACES,
    )
    if status:
        return employee_page(row, beginning=form), status
    flash(_("The employment is added."), "good")
    return redirect(url_for("admin.employee", code=row["code"]), 303)


@bp.get(f"/employments/{KEY}")
@signed_in("employee.change")
def employment(key: int) -> Answer:
    """One employment's form."""
    row = _find_employment(key)
    return employment_page(row, EmploymentForm(formdata=None, data=row))


@bp.post(f"/employments/{KEY}")
@signed_in("employee.change")
def put_employment(key: int) -> Answer:
    """End an employment, or put it right."""
    row, form = _find_employment(key), EmploymentForm()
    status = refused(
        form,
        lambda: change_employment(
            current_store(),
            employment_id=key,
            branch=form.branch.data,
            from_on=day_or_none(form.from_on.data),
            to_on=day_or_none(form.to_on.data),
            by=me().id,
            now=now(),
        ),
        PLACES,
    )
    if status:
        return employment_page(row, form), status
    flash(_("The employment is saved."), "good")
    return redirect(url_for("admin.employee", code=row["employee"]), 303)


@bp.post(f"/employments/{KEY}/remove")
@signed_in("employee.change")
def drop_employment(key: int) -> Answer:
    """Take an employment away that never was."""
    row = _find_employment(key)
    remove_employment(current_store(), employment_id=key, by=me().id, now=now())
    flash(_("The employment is removed."), "good")
    return redirect(url_for("admin.employee", code=row["employee"]), 303)


def employment_page(row: Row, form: EmploymentForm) -> str:
    """The page with the form as it is."""
    form.branch.choices = branch_choices(current_store(), besides=form.branch.data or "")
    return render_template("admin/employment.html", row=row, form=form)


def _find(code: str) -> Row:
    row = employees.find(current_store(), code)
    if row is None:
        raise not_found(N_("There is no such employee."))
    return row


def _find_employment(key: int) -> Row:
    row = employments.get(current_store(), key)
    if row is None:
        raise not_found(N_("There is no such employment."))
    return row
