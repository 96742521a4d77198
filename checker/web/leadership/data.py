"""The month as data: its tables in one file, for a spreadsheet or a database."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import render_template, request, send_file
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice, SelectField

from checker.actions.note_export import note_export
from checker.reports import files
from checker.standards.month import Month
from checker.summaries.month_tables import Scope, month_tables
from checker.summaries.viewer import Audience
from checker.web.choosing import months_back, this_month
from checker.web.clock import now
from checker.web.language import language
from checker.web.leadership.offered import NETWORK, audiences, every_series, report_scopes
from checker.web.leadership.room import bp
from checker.web.private import private_folder
from checker.web.session import me, signed_in
from checker.web.store import current_store
from checker.words import words_for

Answer = str | AnyResponse | tuple[str, int]

_NONE_SUCH = _l("Choose one from the list.")
FORMATS = {
    "xlsx": _l("XLSX, for Excel and LibreOffice: one sheet each"),
    "zip": _l("CSV, for any program: one file each, in a ZIP"),
    "sqlite": _l("SQLite, for questions in SQL and for Datasette"),
}


class DataForm(FlaskForm):
    """Which month of what, in which format; the lists are filled for the person."""

    month = SelectField(_l("Month"), invalid_choice_message=_NONE_SUCH)
    scope = SelectField(_l("Data of"), invalid_choice_message=_NONE_SUCH)
    format = SelectField(_l("As"), invalid_choice_message=_NONE_SUCH)
    audience = SelectField(_l("Copy for"), invalid_choice_message=_NONE_SUCH)


@bp.get("/reports/data")
@signed_in("report.read")
def month_data() -> Answer:
    """Choose a month; the address may say what is chosen already."""
    return _page(_form())


@bp.post("/reports/data")
@signed_in("report.read")
def make_month_data() -> Answer:
    """The file; that it was handed out stands in the trail."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    kind, _colon, code = form.scope.data.partition(":")
    scope = Scope() if kind == NETWORK else Scope("region" if kind == "region" else "branch", code)
    audience: Audience = form.audience.data
    month = Month.parse(form.month.data)
    with TemporaryDirectory(dir=private_folder()) as folder:
        path = Path(folder) / f"month.{form.format.data}"
        tables = month_tables(current_store(), month, scope, person_id=me().id, now=now(), audience=audience)
        rows = files.write_book(tables, path)
        note_export(
            current_store(), what="month", rows=rows, names=audience == "manager", by=me().id, now=now()
        )
        opened = path.open("rb")  # stays readable when the folder is gone
    name = f"checker-{form.scope.data.replace(':', '-')}-{month}.{form.format.data}"
    return send_file(opened, as_attachment=True, download_name=name)


def _page(form: DataForm) -> str:
    return render_template("leadership/data.html", form=form, nothing=not every_series())


def _form() -> DataForm:
    last = this_month()
    scopes = report_scopes()
    copies = [one for one in audiences() if one.value != "meeting"]
    form = DataForm(
        month=request.args.get("month") or str(last.previous()),
        scope=request.args.get("scope") or (scopes[0].value if scopes else None),
        audience=copies[0].value,
    )
    words = words_for(language())
    months = months_back(last, min((one.earliest for one in every_series() if one.earliest), default=None))
    form.month.choices = [SelectChoice(str(month), words.month(month)) for month in months]
    form.scope.choices = scopes
    form.format.choices = [SelectChoice(suffix, words) for suffix, words in FORMATS.items()]
    form.audience.choices = copies
    return form
