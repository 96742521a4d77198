"""Closing a month: drafts of editions, their release, what was sent, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlencode
from uuid import UUID

from flask import Response, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectChoice

from checker.access import may
from checker.actions.begin_edition import begin_edition
from checker.actions.change_edition import change_edition
from checker.actions.discard_edition import discard_edition
from checker.actions.edition_entry import LONGEST_FOREWORD, LONGEST_WORDS, MOST, Entered
from checker.config import LANGUAGES
from checker.editions.closing import (
    add_language,
    again,
    again_reading,
    preview,
    preview_reading,
    put_names_right,
    release,
)
from checker.editions.drawing import program
from checker.editions.proposing import proposed
from checker.editions.reading import audiences, kept_file, read_summary
from checker.editions.since import since_released
from checker.editions.snapshot import Audience
from checker.problem import not_found
from checker.reports import edition_part
from checker.reports.naming import METHODS
from checker.standards.faults import N_, Fault, Refused
from checker.standards.month import Month
from checker.store import editions
from checker.store.connection import Row
from checker.summaries.editions import edition_line, edition_lines
from checker.summaries.values import Decision, EditionLine
from checker.web import charts_for
from checker.web.choosing import months_back, this_month, wanted_month
from checker.web.clock import now
from checker.web.entries import choice_field, day_field, lines_field, refused, ticks_field, words_field
from checker.web.language import NAMES, language, speak
from checker.web.leadership.offered import every_series, report_scopes, series_key, series_name
from checker.web.leadership.reading import reading_page
from checker.web.leadership.room import bp
from checker.web.plans import may_plan
from checker.web.session import me, signed_in
from checker.web.store import current_store
from checker.words import words_for

Answer = str | AnyResponse | tuple[str, int]

PLACES = "<any(manager, leadership):audience>/<language>.pdf"


class BeginForm(FlaskForm):
    """Which month of what is to be closed."""

    month = choice_field(_l("Month"))
    scope = choice_field(_l("Report on"))
    series = choice_field(_l("Checklist"))


class DraftForm(FlaskForm):
    """What people add to a month's figures; `what_1`, `owner_1` … are added below."""

    foreword = lines_field(
        _l("Foreword"),
        _l("Printed on page one, under the headline. Name no employee: leadership reads it too."),
        rows=5,
        maxlength=LONGEST_FOREWORD,
    )
    languages = ticks_field(_l("In which languages"))

    def decisions(self) -> list[Entered]:
        """The decisions as typed."""
        return [
            (
                self[f"what_{number}"].data,
                self[f"measured_by_{number}"].data,
                self[f"owner_{number}"].data,
                self[f"due_on_{number}"].data,
            )
            for number in range(1, MOST + 1)
        ]


for _number in range(1, MOST + 1):
    for _name, _field in (
        ("what", lines_field(_l("What will be done"), rows=2, maxlength=LONGEST_WORDS)),
        ("measured_by", lines_field(_l("Measured by"), rows=2, maxlength=LONGEST_WORDS)),
        ("owner", words_field(_l("Owner"), autocomplete="off")),
        ("due_on", day_field(_l("Done by"))),
    ):
        setattr(DraftForm, f"{_name}_{_number}", _field)


# --- which there are, and another one ----------------------------------------------------------------------


@bp.get("/reports/editions")
@signed_in("report.release")
def list_editions() -> Answer:
    """Every edition the person may look at, and the form that begins one."""
    return editions_page(_begin_form())


def editions_page(form: BeginForm) -> str:
    """The list with the form as it is."""
    month = wanted_month(this_month())
    lines = edition_lines(current_store(), person_id=me().id, month=month)
    return render_template(
        "leadership/editions.html",
        form=form,
        month=month,
        lines=[line for line in lines if _may_open(of_branch=line.of == "branch")],
        methods=METHODS,
    )


def _begin_form() -> BeginForm:
    last, asked = this_month(), request.args
    every = every_series()
    scopes = report_scopes()
    form = BeginForm(
        month=str(last.previous()),
        scope=asked.get("scope") or (scopes[0].value if scopes else ""),
        series=asked.get("series") or (series_key(every[0]) if every else ""),
    )
    words = words_for(language())
    earliest = min((one.earliest for one in every if one.earliest), default=None)
    months = months_back(last, earliest)[1:]
    form.month.choices = [SelectChoice(str(month), words.month(month)) for month in months]
    form.scope.choices = scopes
    form.series.choices = [SelectChoice(series_key(one), series_name(one)) for one in every]
    return form


@bp.post("/reports/editions")
@signed_in("report.release")
def begin() -> Answer:
    """Begin the draft of a month's next edition, with what rules propose to ask for."""
    form = _begin_form()
    begun: list[UUID] = []
    status = refused(form, lambda: begun.append(_begin(form)))
    if status:
        return editions_page(form), status
    return redirect(f"/reports/editions/{begun[0]}", 303)


def _begin(form: BeginForm) -> UUID:
    chosen = next((one for one in every_series() if series_key(one) == form.series.data), None)
    if chosen is None or form.scope.data not in {one.value for one in report_scopes()}:
        raise not_found(N_("There is no such place to report on."))
    kind, _colon, code = form.scope.data.partition(":")
    place = {kind: code} if code else {}
    month = Month.parse(form.month.data)
    foreword, decisions = _first_words(chosen.id, month, place)
    return begin_edition(
        current_store(),
        series_id=chosen.id,
        month=month,
        foreword=foreword,
        decisions=decisions,
        by=me().id,
        now=now(),
        **place,
    )


def _first_words(series_id: int, month: Month, place: dict[str, str]) -> tuple[str, Sequence[Entered]]:
    """What a draft says before anybody types: the words of the edition before it, else what rules propose."""
    store, where = current_store(), {"branch": None, "region": None, **place}
    before = editions.newest_of(
        store, series_id=series_id, month=int(month), branch=where["branch"], region=where["region"]
    )
    if before is not None:
        line = edition_line(store, before)
        return line.foreword, [
            (one.what, one.measured_by, one.owner, one.due_on.isoformat() if one.due_on else "")
            for one in line.decisions
        ]
    report = {"series_id": series_id, "month": int(month), **where}
    summary = read_summary(store, report, audience="leadership", now=now())
    return "", proposed(summary, words_for(language()))


# --- one edition -------------------------------------------------------------------------------------------


@bp.get("/reports/editions/<uuid:uuid>")
@signed_in("report.release")
def edition(uuid: UUID) -> Answer:
    """A draft to write and release, or what was sent and what changed since."""
    row = _find(uuid)
    return edition_page(row, _stored(row))


def edition_page(row: Row, form: DraftForm) -> str:
    """The page of an edition with the form as it is."""
    line = edition_line(current_store(), row, files=True)
    form.languages.choices = [SelectChoice(code, NAMES[code]) for code in LANGUAGES]
    shown = {
        "line": line,
        "form": form,
        "numbers": range(1, MOST + 1),
        "readers": _readers(row),
        "methods": METHODS,
    }
    if line.state == "draft":
        return render_template("leadership/edition_draft.html", **shown)
    shown |= {**_since(row), **_files(line, _readers(row)), "decisions": _decisions(line)}
    return render_template("leadership/edition.html", **shown)


def _decisions(line: EditionLine) -> list[tuple[Decision, str]]:
    """What was decided, each with the address at which an action is planned for it; none for who plans none
    there.
    """
    places = {"network": "/network", "region": "/regions/", "branch": "/branches/"}
    path = places[line.of] + quote(line.place.code if line.place else "")
    planned = may_plan(branch=line.of == "branch")
    found = []
    for one in line.decisions:
        day = one.due_on.isoformat() if one.due_on else ""
        said = {"what": one.what, "owner": one.owner, "due_on": day, "measured_by": one.measured_by}
        asked = urlencode({"month": line.month, "checklist": line.checklist, **said})
        found.append((one, f"{path}/new-action?{asked}" if planned else ""))
    return found


def _files(line: EditionLine, readers: Iterable[Audience]) -> dict[str, object]:
    kept = {one.language for one in line.files}
    return {
        "files": [one for one in line.files if one.audience in set(readers)],
        "more": [code for code in LANGUAGES if code not in kept],
        "program": program(),
    }


def _since(row: Row) -> dict[str, object]:
    """What changed since a release, in sentences and as figures."""
    store, words = current_store(), charts_for.here()
    today = read_summary(store, row, audience="leadership", now=now())
    correction = since_released(store, row, now=now(), today=today)
    checklist = today.series.checklist
    return {
        "said": edition_part.correction(correction, checklist, words)[:1],
        "counts": edition_part.counts(correction, words),
        "moved": [
            (edition_part.name(one, checklist, words), edition_part.figures(one, words))
            for one in correction.moved
        ],
    }


def _stored(row: Row) -> DraftForm:
    line = edition_line(current_store(), row)
    held: dict[str, object] = {"foreword": line.foreword, "languages": [language()]}
    for number, one in enumerate(line.decisions, start=1):
        held[f"what_{number}"], held[f"owner_{number}"] = one.what, one.owner
        held[f"measured_by_{number}"] = one.measured_by
        held[f"due_on_{number}"] = one.due_on.isoformat() if one.due_on else ""
    return DraftForm(formdata=None, **held)


@bp.post("/reports/editions/<uuid:uuid>")
@signed_in("report.release")
def put_edition(uuid: UUID) -> Answer:
    """Save the draft and, where that was asked for, release it."""
    _find(uuid)
    form = DraftForm()
    releasing = request.form.get("do") == "release"
    status = refused(form, lambda: _save(uuid, form, releasing=releasing))
    if status:
        return edition_page(_find(uuid), form), status
    flash(_("The edition is released.") if releasing else _("The draft is saved."), "good")
    return redirect(f"/reports/editions/{uuid}", 303)


def _save(uuid: UUID, form: DraftForm, *, releasing: bool) -> None:
    store, by = current_store(), me().id
    languages = [code for code in form.languages.data or () if code in LANGUAGES]
    if releasing and not languages:
        text = N_("Choose at least one language.")
        raise Refused([Fault("edition.no_language", "languages", text)])
    changes = change_edition(
        store,
        uuid,
        changes=_changes(),
        foreword=form.foreword.data,
        decisions=form.decisions(),
        by=by,
        now=now(),
        whole=releasing,
    )
    if releasing:
        release(store, uuid, changes=changes, languages=languages, by=by, now=now())


def _changes() -> int:
    """How often the draft had been changed when it was shown."""
    typed = request.form.get("changes", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


@bp.post("/reports/editions/<uuid:uuid>/discard")
@signed_in("report.release")
def throw_away(uuid: UUID) -> Answer:
    """Throw a draft away."""
    row = _find(uuid)
    form = _stored(row)
    status = refused(
        form,
        lambda: discard_edition(current_store(), uuid, changes=_changes(), by=me().id, now=now()),
    )
    if status:
        return edition_page(_find(uuid), form), status
    flash(_("The draft is thrown away."), "good")
    return redirect("/reports/editions", 303)


# --- files -------------------------------------------------------------------------------------------------


@bp.get(f"/reports/editions/<uuid:uuid>/preview/{PLACES}")
@signed_in("report.release")
def preview_edition(uuid: UUID, audience: Audience, language: str) -> Response:
    """A draft as it would be sent now; only what is saved is in it."""
    row = _find(uuid)
    if row["released_at"] is not None or not _may_read(row, audience) or language not in LANGUAGES:
        raise not_found(N_("There is no such draft."))
    content = preview(current_store(), row, language=language, audience=audience, now=now())
    return _pdf(row, audience, language, content)


@bp.get("/reports/editions/<uuid:uuid>/read/<any(manager, leadership):audience>/<language>")
@signed_in("report.release")
def read_edition(uuid: UUID, audience: Audience, language: str) -> Answer:
    """An edition's file as a page: a draft's as of now, a released one's from the kept figures."""
    row = _find(uuid)
    if not _may_read(row, audience) or language not in LANGUAGES:
        raise not_found(N_("There is no such file of this edition."))
    of = f"/reports/editions/{uuid}"
    make = again_reading if row["released_at"] is not None else preview_reading
    reading = make(current_store(), row, language=language, audience=audience, now=now())
    kind = "files" if row["released_at"] is not None else "preview"
    speak(language)
    return reading_page(reading, back=of, pdf=f"{of}/{kind}/{audience}/{language}.pdf")


@bp.get(f"/reports/editions/<uuid:uuid>/files/{PLACES}")
@signed_in("report.release")
def download_edition(uuid: UUID, audience: Audience, language: str) -> Response:
    """The bytes that were sent."""
    row = _find(uuid)
    file = None
    if _may_read(row, audience):
        file = kept_file(current_store(), row, language=language, audience=audience)
    if file is None:
        raise not_found(N_("There is no such file of this edition."))
    return _pdf(row, audience, language, file)


@bp.get(f"/reports/editions/<uuid:uuid>/again/{PLACES}")
@signed_in("report.release")
def draw_edition_again(uuid: UUID, audience: Audience, language: str) -> Response:
    """The same file, drawn anew from the kept figures; where it is another one, it says so itself."""
    row = _find(uuid)
    if row["released_at"] is None or not _may_read(row, audience):
        raise not_found(N_("There is no such file of this edition."))
    drawn = again(current_store(), row, language=language, audience=audience, now=now())
    response = _pdf(row, audience, language, drawn.content)
    response.headers["Checker-Redrawn"] = drawn.reason or "same"
    return response


@bp.post("/reports/editions/<uuid:uuid>/files")
@signed_in("report.release")
def add_edition_language(uuid: UUID) -> Answer:
    """Add the same figures in another language."""
    row, wanted = _find(uuid), request.form.get("language", "")
    if row["released_at"] is None or wanted not in LANGUAGES:
        raise not_found(N_("There is no such edition."))
    add_language(current_store(), row, language=wanted, by=me().id, now=now())
    flash(_("The file is added."), "good")
    return redirect(f"/reports/editions/{uuid}#files", 303)


@bp.post("/reports/editions/<uuid:uuid>/redraw")
@signed_in("report.redraw")
def redraw_edition_files(uuid: UUID) -> Answer:
    """Draw what was sent again with the names of today."""
    row = _find(uuid)
    if row["released_at"] is None:
        raise not_found(N_("There is no such edition."))
    n = put_names_right(current_store(), row, by=me().id, now=now())
    flash(
        ngettext("%(num)s file was drawn again.", "%(num)s files were drawn again.", n)
        if n
        else _("Every file has the names of today."),
        "good",
    )
    return redirect(f"/reports/editions/{uuid}#files", 303)


def _pdf(row: Row, audience: str, language: str, content: bytes) -> Response:
    place = row["branch"] or row["region"] or "network"
    month = Month.from_int(row["month"])
    parts = (place, str(month), row["checklist"], f"edition-{row['n']}", language)
    copy = ("manager",) if audience == "manager" else ()
    response = Response(content, mimetype="application/pdf")
    name = "-".join((*parts, *copy)) + ".pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


# --- who sees what -----------------------------------------------------------------------------------------


def _find(uuid: UUID) -> Row:
    row = editions.find_for(current_store(), uuid, person_id=me().id)
    if row is None or not _may_open(of_branch=row["branch"] is not None):
        raise not_found(N_("There is no such edition."))
    return row


def _may_open(*, of_branch: bool) -> bool:
    """Whether the person reads such reports: one who manages a whole region reads those of its branches."""
    return of_branch or may(me(), "network.read")


def _readers(row: Row) -> tuple[Audience, ...]:
    """The copies of an edition that the person may read: a manager the branch's own, leadership theirs."""
    own: dict[str, tuple[Audience, ...]] = {"manager": ("manager",), "leadership": ("leadership",)}
    return tuple(one for one in audiences(row) if one in own.get(me().role, ("leadership", "manager")))


def _may_read(row: Row, audience: Audience) -> bool:
    return audience in _readers(row)
