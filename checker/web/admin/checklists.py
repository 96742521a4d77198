"""Checklists: handed in as a file, faults named, looked at as shoppers see them, published, retired."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import flash, redirect, render_template, request, send_file
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from markupsafe import Markup

from checker.actions.publish_checklist import publish_checklist
from checker.actions.retire_checklist import retire_checklist
from checker.actions.save_checklist_draft import discard_checklist_draft, save_checklist_draft
from checker.problem import Problem, not_found
from checker.reports.blank_form import blank_form
from checker.reports.checklist_file import checklist_file
from checker.standards.canonical import digest
from checker.standards.faults import N_, Fault, Refused
from checker.standards.model import POINT, Axis, Checklist, Item, Level
from checker.standards.parse import read_yaml, warnings
from checker.store import checklist_drafts, checklists, programmes
from checker.store.checklists import Version
from checker.store.connection import Row
from checker.summaries.look import look
from checker.web.admin.room import KEY, Answer, bp, lines_field, words_field
from checker.web.clock import now
from checker.web.form_for import form_for
from checker.web.format import figure
from checker.web.language import NAMES, language
from checker.web.problems import fault_words, words_of
from checker.web.session import me, signed_in
from checker.web.store import current_store
from checker.words import words_for

SHOWN = 200
"""Faults listed on a page; a file that has more is another kind of file."""

UNNAMED = "checklist.yaml"

TYPES = {
    "yes_no_na": _l("yes or no"),
    "duration": _l("time"),
    "count": _l("count"),
    "scale": _l("1 to 5"),
    "choice": _l("one of several"),
    "multi": _l("any of several"),
    "graded": _l("points given"),
    "number": _l("number"),
    "text": _l("text"),
    "photo": _l("photo"),
    "datetime": _l("date and time"),
}
AXES = {Axis.STANDARD: _l("Compliance"), Axis.EXPERIENCE: _l("Experience")}
LEVELS = {Level.EMPLOYEE: _l("employee and branch"), Level.BRANCH: _l("branch alone")}


class SourceForm(FlaskForm):
    """A checklist's file, uploaded or written here."""

    file = FileField(
        _l("A file from your computer"),
        description=_l("YAML in UTF-8. When you choose one, it takes the place of the text below."),
        render_kw={"accept": ".yaml,.yml"},
    )
    name = words_field(_l("Name of the file"), autocomplete="off", maxlength=120)
    source = lines_field(
        _l("Or its text"), class_="code-text", rows=30, spellcheck="false", autocomplete="off", wrap="off"
    )


@dataclass(frozen=True, slots=True)
class LineFault:
    """A fault with the line of the file it concerns."""

    number: int | None
    words: str
    line: str


# --- the list -----------------------------------------------------------------------------------------------


@bp.get("/checklists")
@signed_in("checklist.publish")
def list_checklists() -> Answer:
    """Every checklist with its newest version, and the drafts."""
    store = current_store()
    rows = []
    for code, versions in groupby(checklists.list_versions(store), key=lambda row: row["code"]):
        listed = list(versions)
        newest = checklists.get(store, listed[0]["version_id"]).checklist
        visits = sum(row["visits"] for row in listed)
        rows.append({**listed[0], "code": code, "checklist": newest, "all_visits": visits})
    return render_template(
        "admin/checklists.html", rows=rows, drafts=checklist_drafts.list_all(store), language_names=NAMES
    )


# --- a file, until it is published --------------------------------------------------------------------------


@bp.get("/new-checklist")
@signed_in("checklist.publish")
def new_checklist() -> Answer:
    """The page to hand a file in; `like` fills in a published checklist as its next version."""
    form = SourceForm(formdata=None, name=UNNAMED)
    if code := request.args.get("like", ""):
        held = _find(code)
        form.name.data = f"{code}.yaml"
        form.source.data = checklist_file(held.checklist, version=held.checklist.version + 1)
    return source_page(form, None)


@bp.post("/new-checklist")
@signed_in("checklist.publish")
def post_checklist() -> Answer:
    """Keep a file as a draft, when it has no faults."""
    return _save(None)


@bp.get(f"/checklist-drafts/{KEY}/edit")
@signed_in("checklist.publish")
def edit_draft(key: int) -> Answer:
    """The text of a draft."""
    draft = _find_draft(key)
    return source_page(SourceForm(formdata=None, name=draft["name"], source=draft["source"]), key)


@bp.post(f"/checklist-drafts/{KEY}/edit")
@signed_in("checklist.publish")
def put_draft(key: int) -> Answer:
    """Put another text in place of a draft's."""
    _find_draft(key)
    return _save(key)


def _save(key: int | None) -> Answer:
    form = SourceForm()
    form.validate()
    name, source = _source(form)
    try:
        saved = save_checklist_draft(
            current_store(), source=source, name=name, draft_id=key, by=me().id, now=now()
        )
    except Refused as refusal:
        form.file.data = None
        return source_page(form, key, refusal.faults), 422
    return redirect(f"/admin/checklist-drafts/{saved}", 303)


def _source(form: SourceForm) -> tuple[str, str | bytes]:
    """Name and text, those of the file when one was chosen; the form holds them then, to be corrected."""
    file = form.file.data
    name = form.name.data.strip() or UNNAMED
    if not file or not file.filename:
        return name, form.source.data.replace("\r\n", "\n")
    read = file.read()
    name = file.filename.replace("\\", "/").rpartition("/")[2] or UNNAMED
    form.name.data = name
    try:
        form.source.data = read.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return name, read  # refused with the place; what cannot be read cannot be shown
    return name, form.source.data


def source_page(form: SourceForm, key: int | None, faults: Sequence[Fault] = ()) -> str:
    """The page with the text as it is, and every fault with its line."""
    lines = (form.source.data or "").splitlines()
    return render_template(
        "admin/checklist_source.html",
        form=form,
        key=key,
        faults=[_at_line(fault, lines) for fault in faults[:SHOWN]],
        more=max(0, len(faults) - SHOWN),
    )


def _at_line(fault: Fault, lines: Sequence[str]) -> LineFault:
    number = fault.place.rpartition(":")[2]
    place = int(number) if number.isdecimal() else None
    line = lines[place - 1] if place and place <= len(lines) else ""
    return LineFault(place, fault_words(fault), line[:200])


@bp.get(f"/checklist-drafts/{KEY}")
@signed_in("checklist.publish")
def draft(key: int) -> Answer:
    """A draft as it will be: warnings, what each answer is worth, and the shopper's form."""
    return draft_page(_find_draft(key))


def draft_page(row: Row, problem: str = "") -> str:
    """The page; `problem` says why it could not be published."""
    checklist = read_yaml(row["source"], row["name"])
    others = [version.checklist for version in checklists.list_current(current_store())]
    found = warnings(checklist, [other for other in others if other.id != checklist.id])
    return render_template(
        "admin/checklist_draft.html",
        row=row,
        problem=problem,
        warnings=[(fault.place, fault_words(fault)) for fault in found],
        held=checklists.current(current_store(), checklist.id),
        path=f"/admin/checklist-drafts/{row['id']}",
        **shown(checklist),
    )


@bp.post(f"/checklist-drafts/{KEY}/publish")
@signed_in("checklist.publish")
def publish(key: int) -> Answer:
    """Publish a draft: from now on it never changes."""
    row = _find_draft(key)
    checklist = read_yaml(row["source"], row["name"])
    try:
        publish_checklist(current_store(), checklist, by=me().id, now=now())
    except Problem as problem:
        return draft_page(row, words_of(problem.text, problem.details)), problem.status
    discard_checklist_draft(current_store(), key, by=me().id, now=now())
    newest = checklists.current(current_store(), checklist.id)
    if newest is not None and newest.checklist.version != checklist.version:  # an old one, handed in again
        held = {"version": checklist.version, "newest": newest.checklist.version}
        flash(
            _("Version %(version)s was published before; new visits use version %(newest)s.", **held), "info"
        )
    else:
        flash(_("Version %(version)s is published; new visits use it.", version=checklist.version), "good")
    return redirect(f"/admin/checklists/{checklist.id}", 303)


@bp.post(f"/checklist-drafts/{KEY}/discard")
@signed_in("checklist.publish")
def discard_draft(key: int) -> Answer:
    """Throw a draft away."""
    discard_checklist_draft(current_store(), key, by=me().id, now=now())
    flash(_("The draft is thrown away."), "good")
    return redirect("/admin/checklists", 303)


# --- what is published --------------------------------------------------------------------------------------


@bp.get("/checklists/<code>")
@signed_in("checklist.publish")
def checklist_page(code: str) -> Answer:
    """A checklist's versions, and what can be done with it."""
    held = _find(code)
    versions = [row for row in checklists.list_versions(current_store()) if row["code"] == code]
    return render_template("admin/checklist.html", checklist=held.checklist, versions=versions)


@bp.get("/checklists/<code>/<int(max=100000):number>")
@signed_in("checklist.publish")
def version_page(code: str, number: int) -> Answer:
    """One version: what each answer is worth, and the shopper's form."""
    held = _find(code, number)
    return render_template(
        "admin/checklist_version.html",
        hash=held.hash.hex(),
        path=f"/admin/checklists/{code}/{number}",
        **shown(held.checklist),
    )


@bp.get("/checklists/<code>/<int(max=100000):number>/file.yaml")
@signed_in("checklist.publish")
def download_file(code: str, number: int) -> Answer:
    """A version as a file that can be changed and handed in again."""
    source = checklist_file(_find(code, number).checklist).encode()
    return _download(source, "application/yaml", f"{code}-{number}.yaml")


@bp.get("/checklists/<code>/<int(max=100000):number>/definition.json")
@signed_in("checklist.publish")
def download_definition(code: str, number: int) -> Answer:
    """A version's definition, the thing that is hashed."""
    definition = _find(code, number).checklist.definition
    source = json.dumps(definition, ensure_ascii=False, indent=2).encode()
    return _download(source, "application/json", f"{code}-{number}.json")


@bp.get("/checklists/<code>/<int(max=100000):number>/form.pdf")
@signed_in("checklist.publish")
def download_form(code: str, number: int) -> Answer:
    """A version as a paper form."""
    checklist = _find(code, number).checklist
    wanted = _wanted_language(checklist)
    words = words_for(wanted if wanted in NAMES else "en")
    return _download(
        blank_form(checklist, words, look=look(current_store())),
        "application/pdf",
        f"{code}-{number}-{wanted}.pdf",
    )


@bp.post("/checklists/<code>/retire")
@signed_in("checklist.publish")
def retire(code: str) -> Answer:
    """Take a checklist out of use."""
    retire_checklist(current_store(), code, by=me().id, now=now())
    flash(_("The checklist is retired; visits that are on their way are still received."), "good")
    return redirect(f"/admin/checklists/{code}", 303)


@bp.post("/checklists/<code>/restore")
@signed_in("checklist.publish")
def restore(code: str) -> Answer:
    """Bring a checklist back into use."""
    retire_checklist(current_store(), code, retired=False, by=me().id, now=now())
    flash(_("The checklist is in use again."), "good")
    return redirect(f"/admin/checklists/{code}", 303)


# --- what they share ----------------------------------------------------------------------------------------


def shown(checklist: Checklist) -> dict[str, Any]:
    """What a page shows of a checklist: its worth and its form, in the language the address asks for."""
    wanted = _wanted_language(checklist)
    return {
        "checklist": checklist,
        "wanted": wanted,
        "language_names": NAMES,
        "preview": preview(checklist, wanted),
        "types": TYPES,
        "axes": AXES,
        "levels": LEVELS,
        "totals": totals(checklist),
        "scored": sum(item.scored for item in checklist.items),
        "marks": {item.id: _marks(item, checklist) for item in checklist.items},
    }


def preview(checklist: Checklist, wanted: str) -> Markup:
    """The shopper's form, in that language, as it is before anything is answered."""
    programme = programmes.find(current_store(), "main")
    attributed = programme is None or programme["attribution"] != "none"
    version = Version(0, 0, checklist, bytes.fromhex(digest(checklist.definition)), b"", {})
    form = form_for(version, attributed=attributed)({}, zone="UTC")
    with force_locale(wanted if _is_locale(wanted) else "en"):  # words of the form, too
        return Markup(render_template("admin/_preview.html", form=form, checklist=checklist))  # noqa: S704 - ours


def totals(checklist: Checklist) -> dict[Axis, str]:
    """Axis -> the points a full visit earns on it, without bonus and trial items."""
    sums = dict.fromkeys(Axis, 0)
    for item in checklist.items:
        if item.scored and not item.bonus and not item.trial:
            sums[item.axis] += item.points
    return {axis: points_of(units) for axis, units in sums.items() if units}


@bp.app_template_filter()
def points_of(units: int) -> str:
    """Points, held in 1/10,000, as a person reads them."""
    return figure(units / POINT, "#,##0.####")


def _marks(item: Item, checklist: Checklist) -> list[str]:
    """What sets an item apart, in words."""
    found = [
        words
        for words, holds in (
            (_("critical"), item.critical),
            (_("bonus"), item.bonus),
            (_("trial, not counted"), item.trial),
            (_("can be left open"), not item.required),
        )
        if holds
    ]
    if item.when:
        found.append(
            _("only when: %(what)s", what=", ".join(dict.fromkeys(one.subject for one in item.when)))
        )
    if item.role != checklist.roles[0].id:
        found.append(_("role %(role)s", role=item.role))
    if item.scored and item.standard not in ("", item.id):
        found.append(_("measures %(standard)s", standard=item.standard))
    return found


def _wanted_language(checklist: Checklist) -> str:
    """The language the address asks for, else the person's own, among those of the checklist."""
    wanted = request.args.get("lang", "")
    offered = (wanted, language(), *checklist.languages)
    return next(code for code in offered if code in checklist.languages)


def _is_locale(code: str) -> bool:
    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _find(code: str, number: int | None = None) -> Version:
    store = current_store()
    held = checklists.find(store, code, number) if number else checklists.current(store, code)
    if held is None:
        raise not_found(N_("There is no such checklist."))
    return held


def _find_draft(key: int) -> Row:
    row = checklist_drafts.find(current_store(), key)
    if row is None:
        raise not_found(N_("There is no such draft; it was published or thrown away meanwhile."))
    return row


def _download(source: bytes, kind: str, name: str) -> Answer:
    return send_file(BytesIO(source), kind, as_attachment=True, download_name=name)
