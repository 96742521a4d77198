"""Exports: visits, answers or scores as a file for a spreadsheet or a program."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import render_template, send_file
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checker.actions.note_export import note_export
from checker.reports import files
from checker.standards.faults import N_, Fault, Refused
from checker.standards.month import Month
from checker.store import branches, regions
from checker.store.exports import Wanted
from checker.summaries.export import answers_table, scores_table, visits_table
from checker.web.admin.choices import branch_choices, region_choices
from checker.web.admin.room import Answer, bp, choice_field, flag_field, refused, today, words_field
from checker.web.clock import now
from checker.web.private import private_folder
from checker.web.session import me, signed_in
from checker.web.store import current_store

TABLES = {"visits": visits_table, "answers": answers_table, "scores": scores_table}
WORDS = {
    "visits": _l("Visits: one row each, with both scores"),
    "answers": _l("Answers: one row for each answer of each visit"),
    "scores": _l("Scores: one row for each axis and section of each visit"),
}
FORMATS = {
    "csv": _l("CSV, for any spreadsheet"),
    "xlsx": _l("XLSX, for Excel and LibreOffice"),
    "json": _l("JSON, for programs"),
}


class ExportForm(FlaskForm):
    """What is to be exported."""

    what = choice_field(_l("What"), choices=[])
    format = choice_field(_l("As"), choices=[])
    month = words_field(_l("Month (optional)"), _l("As in 2026-10. Empty: every month."), type="month")
    region = choice_field(_l("Region"), none=_l("All"))
    branch = choice_field(_l("Branch"), none=_l("All"))
    names = flag_field(
        _l("With the names of employees and the addresses of shoppers"),
        _l("For visits only. Without them the file has codes and nobody who shopped."),
    )


@bp.get("/exports")
@signed_in("data.export")
def exports() -> Answer:
    """The form that asks what."""
    return exports_page(ExportForm(formdata=None, month=str(Month.of(today()))))


def exports_page(form: ExportForm) -> str:
    """The page with the form as it is."""
    store = current_store()
    form.what.choices = list(WORDS.items())
    form.format.choices = list(FORMATS.items())
    form.region.choices = region_choices(store)
    form.branch.choices = branch_choices(store, besides=form.branch.data or "")
    return render_template("admin/exports.html", form=form)


@bp.post("/exports")
@signed_in("data.export")
def export() -> Answer:
    """The file; that it was handed out stands in the trail."""
    form = ExportForm()
    wanted: list[Wanted] = []
    status = refused(form, lambda: wanted.append(_wanted(form)))
    if status:
        return exports_page(form), status
    what, names = form.what.data, form.names.data and form.what.data == "visits"
    table = partial(visits_table, names=names) if what == "visits" else TABLES[what]
    name = "-".join(word for word in (what, form.month.data, form.region.data, form.branch.data) if word)
    with TemporaryDirectory(dir=private_folder()) as folder:
        path = Path(folder) / f"export.{form.format.data}"
        rows = files.write(table(current_store(), wanted[0]), path)
        note_export(current_store(), what=what, rows=rows, names=names, by=me().id, now=now())
        opened = path.open("rb")  # stays readable when the folder is gone
    return send_file(opened, as_attachment=True, download_name=f"{name}.{form.format.data}")


def _wanted(form: ExportForm) -> Wanted:
    """Which visits were asked for. Raises Refused: a misspelt code would give a file that is empty."""
    faults: list[Fault] = []
    month = None
    try:
        month = int(Month.parse(form.month.data)) if form.month.data else None
    except Refused as refusal:
        faults += [Fault(one.code, "month", one.text, one.details) for one in refusal.faults]
    for place, offered in (("what", WORDS), ("format", FORMATS)):
        if form[place].data not in offered:
            faults.append(Fault(f"export.{place}", place, N_("Choose one of those offered.")))
    branch, region = form.branch.data, form.region.data
    if branch and branches.find(current_store(), branch) is None:
        faults.append(
            Fault("export.branch", "branch", N_("There is no branch “%(code)s”."), {"code": branch})
        )
    if region and regions.find(current_store(), region) is None:
        faults.append(
            Fault("export.region", "region", N_("There is no region “%(code)s”."), {"code": region})
        )
    if faults:
        raise Refused(faults)
    return Wanted(month, (branch,) if branch else (), (region,) if region else ())
