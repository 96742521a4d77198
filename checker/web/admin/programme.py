"""The programme's settings and the organisation's name; what changes figures is said before it is done."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from checker.actions.change_organisation import PAPERS, change_organisation
from checker.actions.change_programme import ATTRIBUTIONS, REVEALS, Moved, change_programme, would_move
from checker.problem import not_found
from checker.standards.body import DEFAULT_PROGRAMME
from checker.standards.faults import N_
from checker.store import programmes
from checker.store.connection import Row
from checker.summaries.look import look
from checker.summaries.values import Look
from checker.web.admin.room import (
    Answer,
    bp,
    choice_field,
    day_field,
    day_or_none,
    flag_field,
    refused,
    words_field,
)
from checker.web.clock import now
from checker.web.session import me, signed_in
from checker.web.store import current_store

REVEAL_WORDS = {
    "next_morning": _l("The next morning at 06:00, by the branch's clock"),
    "on_approval": _l("When a reviewer has approved it"),
    "at_once": _l("At once"),
}
ATTRIBUTION_WORDS = {
    "named": _l("By name for the branch, by code for everybody else"),
    "code": _l("By code for everybody"),
    "none": _l("Not at all: nobody is asked who served"),
}
NOTHING = Moved(0, 0)


class OrganisationForm(FlaskForm):
    """Whose instance this is."""

    organisation = words_field(_l("Name of the organisation"), _l("Stands on reports and printed forms."))
    logo = FileField(
        _l("Logo"),
        description=_l("PNG, JPEG or WebP; it is made small, on white. Without a file it stays as it is."),
        render_kw={"accept": "image/png,image/jpeg,image/webp"},
    )
    without_logo = flag_field(_l("Take the logo away"))
    accent = words_field(
        _l("Accent colour"),
        _l(
            "As in #005A8C, for headings, lines and buttons; dark enough to read on white. Empty: our blue. "
            "What is below a target stays orange."
        ),
    )
    paper = choice_field(_l("Paper"), _l("For every report and printed form."))


class ProgrammeForm(FlaskForm):
    """What holds for every visit of the programme."""

    name = words_field(_l("Name of the programme"))
    notice_given_on = day_field(
        _l("Staff were told on"),
        _l(
            "People should know that they are visited. Visits before this day enter no figure; empty: all do."
        ),
    )
    review = flag_field(
        _l("A reviewer approves each visit before it counts"),
        _l("Visits that wait for approval enter no figure."),
    )
    reveal = choice_field(
        _l("A visit appears to the branch"), _l("Holds for visits that arrive from now on."), []
    )
    attribution = choice_field(_l("Who served is recorded"), choices=[])


assert set(REVEAL_WORDS) == set(REVEALS)  # noqa: S101 - one without words could not be chosen
assert set(ATTRIBUTION_WORDS) == set(ATTRIBUTIONS)  # noqa: S101


@bp.get("/programme")
@signed_in("programme.change")
def programme() -> Answer:
    """The programme and the organisation."""
    row = _find()
    return programme_page(ProgrammeForm(formdata=None, data={**row, "review": bool(row["review"])}))


def programme_page(
    form: ProgrammeForm, organisation: OrganisationForm | None = None, moved: Moved = NOTHING
) -> str:
    """The page with the forms as they are; `moved` asks first whether that many visits may move."""
    form.reveal.choices = list(REVEAL_WORDS.items())
    form.attribution.choices = list(ATTRIBUTION_WORDS.items())
    organisation = organisation or _as_it_is()
    organisation.paper.choices = [(paper, paper) for paper in PAPERS]
    return render_template(
        "admin/programme.html",
        form=form,
        organisation=organisation,
        has_logo=bool(look(current_store()).logo),
        moved=moved,
        sure=_asked(form),
    )


@bp.post("/programme")
@signed_in("programme.change")
def put_programme() -> Answer:
    """Change the settings; when visits would enter or leave figures, ask first and say how many."""
    form = ProgrammeForm()
    day = day_or_none(form.notice_given_on.data)
    if request.form.get("sure") != _asked(form):
        moved = would_move(
            current_store(), code=DEFAULT_PROGRAMME, notice_given_on=day, review=form.review.data
        )
        if moved != NOTHING:
            return programme_page(form, moved=moved)
    status = refused(
        form,
        lambda: change_programme(
            current_store(),
            code=DEFAULT_PROGRAMME,
            name=form.name.data,
            notice_given_on=day,
            reveal=form.reveal.data,
            attribution=form.attribution.data,
            review=form.review.data,
            by=me().id,
            now=now(),
        ),
    )
    if status:
        return programme_page(form), status
    flash(_("The programme is saved."), "good")
    return redirect("/admin/programme", 303)


@bp.post("/organisation")
@signed_in("setting.change")
def put_organisation() -> Answer:
    """Name the organisation, and say how its reports look."""
    form = OrganisationForm()
    status = refused(
        form,
        lambda: change_organisation(
            current_store(),
            name=form.organisation.data,
            accent=form.accent.data,
            paper=form.paper.data,
            logo=_logo(form),
            by=me().id,
            now=now(),
        ),
    )
    if status:
        row = _find()
        typed = ProgrammeForm(formdata=None, data={**row, "review": bool(row["review"])})
        return programme_page(typed, form), status
    flash(_("The organisation is saved."), "good")
    return redirect("/admin/programme", 303)


def _as_it_is() -> OrganisationForm:
    held = look(current_store())
    accent = held.accent if held.accent != Look().accent else ""
    return OrganisationForm(formdata=None, organisation=held.organisation, accent=accent, paper=held.paper)


def _logo(form: OrganisationForm) -> bytes | None:
    """What becomes of the logo: another one, none (b""), or None where it stays."""
    if form.logo.data:
        given: bytes = form.logo.data.read()
        return given or None
    return b"" if form.without_logo.data else None


def _asked(form: ProgrammeForm) -> str:
    """The settings that move visits, as one word: a person is sure of these and of no others."""
    return f"{form.notice_given_on.data} {int(bool(form.review.data))}"


def _find() -> Row:
    row = programmes.find(current_store(), DEFAULT_PROGRAMME)
    if row is None:
        raise not_found(N_("There is no such programme."))
    return row
