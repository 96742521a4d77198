"""The month as PDF: chosen on a page, made by its button."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _
from wtforms import SelectChoice

from checker.access import may
from checker.config import LANGUAGES
from checker.jobs.content import read
from checker.jobs.plan import Job, Order
from checker.standards.month import Month
from checker.store import branches, people
from checker.store.connection import Row
from checker.summaries.choices import SeriesChoice, network_choices
from checker.summaries.viewer import Audience
from checker.web.choosing import months_back, this_month
from checker.web.clock import now
from checker.web.language import NAMES, language
from checker.web.leadership.forms import ReportForm
from checker.web.leadership.room import bp
from checker.web.names import METHODS
from checker.web.session import me, signed_in
from checker.web.store import current_store
from checker.web.texts import said_plainly
from checker.words import words_for

Answer = str | Response | tuple[str, int]

NETWORK = "network"


@bp.get("/reports")
@signed_in("report.read")
def reports() -> Answer:
    """Choose a report; the address may say what is chosen already."""
    return render_template("leadership/reports.html", form=_form(), nothing=not every_series())


@bp.post("/reports")
@signed_in("report.read")
def make() -> Answer:
    """Make the report that was chosen and answer with the file."""
    form = _form()
    if not form.validate():
        return render_template("leadership/reports.html", form=form, nothing=not every_series()), 422
    month, scope = Month.parse(form.month.data), form.scope.data
    content = _content(form, month)
    name = f"checker-{scope.replace(':', '-')}-{form.series.data}-{month}-{form.language.data}.pdf"
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _content(form: ReportForm, month: Month) -> bytes:
    """Read the month as this person may see it, and lay it out."""
    series_id = next(one.id for one in every_series() if series_key(one) == form.series.data)
    kind, _colon, code = form.scope.data.partition(":")
    audience: Audience = form.audience.data
    order = Order(month, form.language.data, audience, now(), me().id)
    job = Job(
        "",
        series_id,
        branch=code if kind == "branch" else None,
        region=code if kind == "region" else None,
    )
    return read(current_store(), order, job).pdf()


# --- what there is to choose from --------------------------------------------------------------------------


def _form() -> ReportForm:
    last = this_month()
    asked = request.args
    scopes, copies = report_scopes(), audiences()
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


def report_scopes() -> list[SelectChoice]:
    """The network, regions and branches this person may report on."""
    store, person = current_store(), me()
    found = []
    if may(person, "network.read"):
        whole = branches.sees_network(store, person_id=person.id)
        if whole:
            found.append(SelectChoice(NETWORK, _("Whole network"), optgroup=_("Network")))
        found += [_scope("region", row, _("Regions")) for row in _regions(whole=whole)]
    rows = branches.list_for(store, person_id=person.id)
    return found + [_scope("branch", row, _("Branches")) for row in rows]


def _scope(kind: str, row: Row, group: str) -> SelectChoice:
    return SelectChoice(f"{kind}:{row['code']}", f"{row['name']} · {row['code']}", optgroup=group)


def _regions(*, whole: bool) -> list[Row]:
    store = current_store()
    if whole:
        return branches.list_regions(store)
    _codes, regions = people.scopes(store, me().id)
    return [row for code in regions if (row := branches.find_region(store, code)) is not None]


def audiences() -> list[SelectChoice]:
    """Whose eyes a branch's report is for: the office may choose, everybody else gets their own copy."""
    manager = SelectChoice("manager", _("the branch’s manager, with names"))
    leadership = SelectChoice("leadership", _("leadership, with codes"))
    return {"manager": [manager], "leadership": [leadership]}.get(me().role, [leadership, manager])


def every_series() -> tuple[SeriesChoice, ...]:
    """What reports can be over."""
    return network_choices(current_store(), last=this_month())


def series_key(series: SeriesChoice) -> str:
    """A series as an option's value."""
    return f"{series.checklist}-{series.method}"


def series_name(series: SeriesChoice) -> str:
    """A series in words."""
    title = said_plainly(series.title, series.languages)
    return f"{title} ({_(METHODS[series.method])})"
