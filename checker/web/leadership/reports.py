"""The month as PDF: chosen on a page, made by its button."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from checker.actions.order_reports import order_reports
from checker.config import LANGUAGES
from checker.jobs.content import read
from checker.jobs.plan import Job, Order
from checker.jobs.queue import knock
from checker.reports.branch import Audience
from checker.standards.month import Month
from checker.web.choosing import months_back, this_month
from checker.web.clock import now
from checker.web.language import NAMES, language
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
    if scope in {one.value for one in many_scopes()}:
        return redirect(f"/reports/orders/{_order(form, month)}", 303)
    content = _content(form, month)
    copy = "-meeting" if form.audience.data == "meeting" and scope.startswith("branch:") else ""
    name = f"checker-{scope.replace(':', '-')}-{form.series.data}-{month}-{form.language.data}{copy}.pdf"
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


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


def _content(form: ReportForm, month: Month) -> bytes:
    """Read the month as this person may see it, and lay it out."""
    kind, _colon, code = form.scope.data.partition(":")
    audience: Audience = form.audience.data
    order = Order(month, form.language.data, audience, now(), me().id)
    job = Job(
        "",
        _chosen_series(form),
        branch=code if kind == "branch" else None,
        region=code if kind == "region" else None,
    )
    return read(current_store(), order, job).pdf()


# --- what there is to choose from --------------------------------------------------------------------------


def _form() -> ReportForm:
    last = this_month()
    asked = request.args
    scopes, copies = [*report_scopes(), *many_scopes()], audiences()
    every = [SelectChoice(series_key(one), series_name(one)) for one in every_series()]
    form = ReportForm(
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
