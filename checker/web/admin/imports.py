"""Imports: a file is handed in, looked at in a dry run, and only then taken; what came can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import TypeVar

from flask import Response, flash, redirect, render_template, request, send_file
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from checker.actions.import_assignments import import_assignments
from checker.actions.import_branches import import_branches
from checker.actions.import_employees import import_employees
from checker.actions.import_users import import_users
from checker.actions.import_visits import import_visits
from checker.actions.importing import ImportResult
from checker.actions.undo_import import UndoResult, undo_import
from checker.problem import not_found
from checker.reports import files
from checker.sheets.mapping import read_map
from checker.sheets.reading import read_sheet
from checker.sheets.taking import Refusal
from checker.standards.faults import N_, Fault, Refused
from checker.store import batches, checklists
from checker.store.checklists import Version
from checker.store.connection import Row
from checker.summaries.table import Column, Kind, Table
from checker.web.admin import uploads
from checker.web.admin.choices import checklist_choices
from checker.web.admin.room import KEY, Answer, bp, choice_field, refused, settings, whole_link
from checker.web.admin.sheets import KINDS, as_csv, present, visit_headings, visit_map
from checker.web.admin.uploads import About, Upload
from checker.web.clock import now, timestamp
from checker.web.problems import fault_words, words_of
from checker.web.session import me, signed_in
from checker.web.store import current_store

T = TypeVar("T")

SHOWN = 200
"""Refusals and differences listed on a page; a file holds them all."""

LONGEST_NAME = 120
MOST_LOOKED_AT = 2_000
"""Things of a batch up to which an undo is tried out first: that holds up whoever sends a visit meanwhile."""

PARTS = {
    "branch": _l("Branch"),
    "region": _l("Region"),
    "employee": _l("Employee"),
    "employment": _l("Employment"),
    "person": _l("Person"),
    "assignment": _l("Assignment"),
    "visit": _l("Visit"),
}
"""What an import adds, one of each."""

LISTS = {"refused": "refused.csv", "differences": "differences.csv"}
"""What can be downloaded of a dry run or an import."""


class UploadForm(FlaskForm):
    """A sheet to be imported."""

    sheet = FileField(_l("File"), render_kw={"accept": ".csv,.xlsx,.xlsm,.txt"})


class VisitsForm(UploadForm):
    """A sheet of visits, the checklist they were made with, and the map between the two."""

    checklist = choice_field(_l("Checklist"), none=_l("Choose …"))
    map = FileField(_l("Map (YAML)"), render_kw={"accept": ".yaml,.yml"})


# --- what there is to import, and what was ------------------------------------------------------------------


@bp.get("/imports")
@signed_in("data.import")
def list_imports() -> Answer:
    """The five kinds, and every batch."""
    return render_template("admin/imports.html", kinds=KINDS, batches=batches.list_all(current_store()))


@bp.get("/imports/<kind>")
@signed_in("data.import")
def new_import(kind: str) -> Answer:
    """What a sheet of this kind holds, and the form to hand one in."""
    form = VisitsForm(formdata=None) if kind == "visits" else UploadForm(formdata=None)
    return import_page(kind, form)


def import_page(kind: str, form: UploadForm) -> str:
    """The page with the form as it is."""
    _require_kind(kind)
    if isinstance(form, VisitsForm):
        form.checklist.choices = checklist_choices(current_store())
    return render_template(
        "admin/import.html",
        kind=kind,
        about=KINDS[kind],
        form=form,
        most=settings().upload_mb,
        checklists=checklist_choices(current_store()),
    )


@bp.get("/imports/<kind>/template.csv")
@signed_in("data.import")
def template(kind: str) -> Answer:
    """A sheet with its headings alone."""
    _require_kind(kind)
    if kind == "visits":
        checklist = _version(request.args.get("checklist", "")).checklist
        return _csv(f"{checklist.id}-visits.csv", as_csv(visit_headings(checklist)))
    return _csv(f"{kind}.csv", as_csv(list(KINDS[kind].columns)))


@bp.get("/imports/<kind>/present.csv")
@signed_in("data.import")
def download_present(kind: str) -> Answer:
    """What is stored now, to be changed and handed in again."""
    if kind not in ("branches", "employees", "users"):
        raise not_found(N_("There is no such file."))
    return _csv(f"{kind}.csv", as_csv(list(KINDS[kind].columns), present(current_store(), kind)))


@bp.get("/imports/visits/map.yaml")
@signed_in("data.import")
def download_map() -> Answer:
    """A map for our own sheet of visits."""
    checklist = _version(request.args.get("checklist", "")).checklist
    return send_file(
        BytesIO(visit_map(checklist).encode()),
        "application/yaml",
        as_attachment=True,
        download_name=f"{checklist.id}-map.yaml",
    )


# --- the dry run --------------------------------------------------------------------------------------------


@bp.post("/imports/<kind>")
@signed_in("data.import")
def dry_run(kind: str) -> Answer:
    """Keep the file that was handed in, and say what importing it would do; nothing is stored yet."""
    _require_kind(kind)
    form = VisitsForm() if kind == "visits" else UploadForm()
    looked_at: list[tuple[Upload, ImportResult]] = []
    status = refused(form, lambda: looked_at.append(_look_at(kind, form)))
    if status:
        return import_page(kind, form), status
    upload, result = looked_at[0]
    return outcome_page(upload, result, dry=True)


def _look_at(kind: str, form: UploadForm) -> tuple[Upload, ImportResult]:
    """The kept file and its dry run. Raises Refused, the places being fields, for what cannot be read."""
    sheet, faults = _handed_in(form.sheet.data, "sheet")
    map_file, version = None, None
    if isinstance(form, VisitsForm):
        map_file, map_faults = _handed_in(form.map.data, "map")
        faults += map_faults
        version = checklists.current(current_store(), form.checklist.data)
        if version is None:
            faults.append(Fault("import.checklist", "checklist", N_("Choose the visits’ checklist.")))
    if faults or sheet is None:
        raise Refused(faults)
    about = About(
        kind=kind,
        name=sheet[0],
        person_id=me().id,
        at=timestamp(),
        map_name=map_file[0] if map_file else "",
        checklist=version.checklist.id if version else "",
        version=version.checklist.version if version else 0,
    )
    looked_at = Upload("", about, sheet[1], map_file[1] if map_file else b"")
    result = _import(looked_at, dry_run=True)
    return uploads.keep(about, looked_at.source, looked_at.map_source), result


def _handed_in(file: FileStorage | None, place: str) -> tuple[tuple[str, bytes] | None, list[Fault]]:
    """Name and bytes of a file, or why there is none."""
    if file is None or not file.filename:
        return None, [Fault("import.no_file", place, N_("Choose a file."))]
    name = file.filename.replace("\\", "/").rpartition("/")[2]
    name = "".join(letter for letter in name if letter.isprintable())[-LONGEST_NAME:] or "file"
    return (name, file.read()), []


def _import(upload: Upload, *, dry_run: bool) -> ImportResult:
    """Import what was handed in. Raises Refused, the places being the fields "sheet" and "map"."""
    store, about = current_store(), upload.about
    sheet = _said_of("sheet", lambda: read_sheet(upload.source, about.name))
    if about.kind == "visits":
        version = _version(about.checklist, about.version)
        sheet_map = _said_of("map", lambda: read_map(upload.map_source, about.map_name, version.checklist))
        return _said_of(
            "map",
            lambda: import_visits(store, sheet, version, sheet_map, by=me().id, now=now(), dry_run=dry_run),
        )
    take = {
        "branches": import_branches,
        "employees": import_employees,
        "assignments": import_assignments,
    }.get(about.kind)
    if take is None:
        days = settings().invitation_days
        return _said_of(
            "sheet",
            lambda: import_users(store, sheet, days=days, by=me().id, now=now(), dry_run=dry_run),
        )
    return _said_of("sheet", lambda: take(store, sheet, by=me().id, now=now(), dry_run=dry_run))


def _said_of(field: str, read: Callable[[], T]) -> T:
    """What `read` gives; its faults are said beside the field, each with the place it has in the file."""
    try:
        return read()
    except Refused as refusal:
        faults = [
            Fault(
                fault.code,
                field,
                N_("%(place)s: %(what)s"),
                {"place": fault.place, "what": fault_words(fault)},
            )
            for fault in refusal.faults
        ]
        raise Refused(faults) from refusal


def outcome_page(upload: Upload, result: ImportResult, *, dry: bool) -> str:
    """What an import did or would do, with every refusal and difference to download for a while."""
    folder = uploads.folder_of(upload.key, person_id=me().id)
    files.write(refusals_table(result), folder / LISTS["refused"])
    files.write(differences_table(result), folder / LISTS["differences"])
    return render_template(
        "admin/import_outcome.html",
        about=upload.about,
        title=KINDS[upload.about.kind].title,
        key=upload.key,
        result=result,
        refused=[(one, _reason(one)) for one in result.refused[:SHOWN]],
        differences=result.differences[:SHOWN],
        links=[(link, whole_link(link.path)) for link in result.links],
        dry=dry,
        hours=uploads.KEPT_S // 3600,
    )


def refusals_table(result: ImportResult) -> Table:
    """Every refusal: row, column, reason in the person's language."""
    columns = (Column("row", Kind.WHOLE), Column("column"), Column("reason"))
    rows = ((one.row, one.column, _reason(one)) for one in result.refused)
    return Table("refused", columns, rows)


def differences_table(result: ImportResult) -> Table:
    """Every published figure that is not ours, with both."""
    columns = (
        Column("row", Kind.WHOLE),
        Column("visit"),
        Column("branch"),
        Column("measure"),
        Column("published"),
        Column("ours_percent", Kind.NUMBER),
    )

    def rows() -> Iterator[tuple[int, str, str, str, str, Decimal | None]]:
        for one in result.differences:
            yield one.row, one.external_id, one.branch, one.measure, one.published, one.ours

    return Table("differences", columns, rows())


def _reason(refusal: Refusal) -> str:
    return words_of(refusal.text, refusal.details)


@bp.get("/imports/pending/<key>/<what>.csv")
@signed_in("data.import")
def download_list(key: str, what: str) -> Answer:
    """The refusals or the differences of a dry run or an import, as long as they are kept."""
    if what not in LISTS:
        raise not_found(uploads.GONE)
    path = uploads.folder_of(key, person_id=me().id) / LISTS[what]
    if not path.exists():
        raise not_found(uploads.GONE)
    return _csv(LISTS[what], path.read_bytes())


@bp.post("/imports/pending/<key>")
@signed_in("data.import")
def take(key: str) -> Answer:
    """Import the very file that was looked at."""
    with uploads.taking(key, person_id=me().id) as upload:
        result = _import(upload, dry_run=False)
    return outcome_page(upload, result, dry=False)


@bp.post("/imports/pending/<key>/discard")
@signed_in("data.import")
def discard_upload(key: str) -> Answer:
    """Throw the file away that was looked at."""
    about = uploads.throw_away(key, person_id=me().id)
    flash(_("The file is thrown away; nothing was stored."), "good")
    return redirect(f"/admin/imports/{about.kind}", 303)


# --- taking a batch back ------------------------------------------------------------------------------------


@bp.get(f"/imports/batches/{KEY}")
@signed_in("data.import")
def batch(key: int) -> Answer:
    """One batch: what of it is still there."""
    return batch_page(_find(key))


def batch_page(row: Row, done: UndoResult | None = None, *, dry: bool = False) -> str:
    """The page; after an undo, or a dry run of one, with what it did."""
    created = batches.list_created(current_store(), row)
    there = Counter(one.part.table for one in created)
    return render_template(
        "admin/batch.html",
        row=row,
        title=KINDS[row["kind"]].title,
        things=[_things(table, n) for table, n in there.items()],
        many=len(created) > MOST_LOOKED_AT,
        done=done,
        dry=dry,
        kept=[(_named(fault.place), fault_words(fault)) for fault in done.kept[:SHOWN]] if done else [],
    )


def _named(place: str) -> str:
    """A thing that stays, such as "branch B001", in the person's language."""
    table, _blank, label = place.partition(" ")
    return f"{PARTS[table]} {label}"


def _things(table: str, n: int) -> str:
    """So many of a kind of thing, in words."""
    words: dict[str, Callable[[], str]] = {
        "branch": lambda: ngettext("one branch", "%(num)s branches", n),
        "region": lambda: ngettext("one region", "%(num)s regions", n),
        "employee": lambda: ngettext("one employee", "%(num)s employees", n),
        "employment": lambda: ngettext("one employment", "%(num)s employments", n),
        "person": lambda: ngettext("one user", "%(num)s users", n),
        "assignment": lambda: ngettext("one assignment", "%(num)s assignments", n),
        "visit": lambda: ngettext("one visit with every answer", "%(num)s visits with every answer", n),
    }
    return words[table]()


@bp.post(f"/imports/batches/{KEY}/look")
@signed_in("data.import")
def look_at_undo(key: int) -> Answer:
    """What taking a batch back would remove, and what would stay and why; nothing is changed."""
    row = _find(key)
    if batches.count_created(current_store(), row) > MOST_LOOKED_AT:
        return batch_page(row)
    found = undo_import(current_store(), key, by=me().id, now=now(), dry_run=True)
    return batch_page(row, found, dry=True)


@bp.post(f"/imports/batches/{KEY}/undo")
@signed_in("data.import")
def undo(key: int) -> Answer:
    """Take a batch back, as far as nothing else rests on what it created."""
    _find(key)
    done = undo_import(current_store(), key, by=me().id, now=now())
    return batch_page(_find(key), done)


# --- what they share ----------------------------------------------------------------------------------------


def _require_kind(kind: str) -> None:
    if kind not in KINDS:
        raise not_found(N_("There is no such import."))


def _version(code: str, number: int | None = None) -> Version:
    store = current_store()
    version = checklists.find(store, code, number) if number else checklists.current(store, code)
    if version is None:
        raise not_found(N_("There is no such checklist."))
    return version


def _find(key: int) -> Row:
    row = batches.find(current_store(), key)
    if row is None:
        raise not_found(N_("There is no such import."))
    return row


def _csv(name: str, source: bytes) -> Response:
    return send_file(BytesIO(source), "text/csv", as_attachment=True, download_name=name)
