"""The month as PDF or as a page to read: chosen on a page, made by its buttons."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from checker.actions.order_reports import order_reports
from checker.config import LANGUAGES
from checker.jobs.content import Content, read
from checker.jobs.plan import Job, Order
from checker.jobs.queue import knock
from checker.problem import not_found
from checker.reports.branch import Audience
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.web.choosing import months_back, this_month
from checker.web.clock import now
from checker.web.language import NAMES, language, speak
from checker.web.leadership.forms import ReportForm
from checker.web.leadership.offered import (
    audiences,
    every_series,
    many_scopes,
    report_scopes,
    series_key,
    series_name,
)
from checker.web.leadership.orders import own_orders
from checker.web.leadership.reading import reading_address, reading_page
from checker.web.leadership.room import bp
from checker.web.session import me, signed_in
from checker.web.store import current_store
from checker.words import words_for

Answer = str | AnyResponse | tuple[str, int]

LATEST = 10
"""Orders that the page shows."""


@bp.get("/reports")
@signed_in("report.read")
def reports() -> Answer:
    """Choose a report; the address may say what is chosen already."""
    return _page(_form())


@bp.post("/reports")
@signed_in("report.read")
def make() -> Answer:
    """Make the report that was chosen and answer with the file; many are ordered, and their page answers."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    month, scope = Month.parse(form.month.data), form.scope.data
    many = scope in {one.value for one in many_scopes()}
    if request.form.get("do") == "read":
        if not many:
            return redirect(reading_address(**_chosen(form)), 303)
        form.scope.errors = [_("Choose one place to read its report as a page.")]
        return _page(form), 422
    if many:
        return redirect(f"/reports/orders/{_order(form, month)}", 303)
    content = _content(form).pdf()
    copy = "-meeting" if form.audience.data == "meeting" and scope.startswith("branch:") else ""
    name = f"checker-{scope.replace(':', '-')}-{form.series.data}-{month}-{form.language.data}{copy}.pdf"
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.get("/reports/read")
@signed_in("report.read")
def read_report() -> Answer:
    """The same report as a page, in its own language; what the form does not offer is not there."""
    form = _form(request.args)
    if not form.validate() or form.scope.data in {one.value for one in many_scopes()}:
        raise not_found(N_("There is no such report among those you may read."))
    reading = _content(form).reading()
    speak(form.language.data)
    return reading_page(reading, made_from=_chosen(form))


def _chosen(form: ReportForm) -> dict[str, str]:
    """What is chosen, by the names of the fields."""
    return {name: form[name].data for name in ("month", "scope", "series", "language", "audience")}


def _page(form: ReportForm) -> str:
    return render_template(
        "leadership/reports.html", form=form, nothing=not every_series(), orders=own_orders(LATEST)
    )


def _order(form: ReportForm, month: Month) -> UUID:
    """Keep the order and let it be begun."""
    uuid = order_reports(
        current_store(),
        month=month,
        series_id=_chosen_series(form),
        scope=form.scope.data,
        language=form.language.data,
        audience=form.audience.data,
        by=me().id,
        now=now(),
    )
    knock(current_app.extensions["checker.settings"], "make_reports")
    return uuid


def _chosen_series(form: ReportForm) -> int:
    return next(one.id for one in every_series() if series_key(one) == form.series.data)


def _content(form: ReportForm) -> Content:
    """Read the month as this person may see it and hand it on."""
    month = Month.parse(form.month.data)
    kind, _colon, code = form.scope.data.partition(":")
    audience: Audience = form.audience.data
    order = Order(month, form.language.data, audience, now(), me().id)
    job = Job(
        "",
        _chosen_series(form),
        branch=code if kind == "branch" else None,
        region=code if kind == "region" else None,
    )
    return read(current_store(), order, job)


# --- what there is to choose from --------------------------------------------------------------------------


def _form(given: MultiDict[str, str] | None = None) -> ReportForm:
    """The form as it was sent, or as the address says."""
    last = this_month()
    asked = request.args
    scopes, copies = [*report_scopes(), *many_scopes()], audiences()
    every = [SelectChoice(series_key(one), series_name(one)) for one in every_series()]
    form = ReportForm(
        **({} if given is None else {"formdata": given, "meta": {"csrf": False}}),
        month=asked.get("month") or str(last.previous()),
        scope=asked.get("scope") or _first(scopes),
        series=asked.get("series") or _first(every),
        language=language(),
        audience=_first(copies),
    )
    words = words_for(language())
    months = months_back(last, min((one.earliest for one in every_series() if one.earliest), default=None))
    form.month.choices = [SelectChoice(str(month), words.month(month)) for month in months]
    form.scope.choices = scopes
    form.series.choices = every
    form.language.choices = [SelectChoice(code, NAMES[code]) for code in LANGUAGES]
    form.audience.choices = copies
    return form


def _first(choices: list[SelectChoice]) -> str | None:
    return choices[0].value if choices else None
