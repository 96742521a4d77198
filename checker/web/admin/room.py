"""The administrators' blueprint, its places, and how forms are refused: what was typed stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, current_app, request
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import Choice

from checker.access import may
from checker.config import Settings
from checker.problem import Problem
from checker.standards.faults import N_, Refused
from checker.web.clock import now
from checker.web.problems import faults_by_place, words_of
from checker.web.session import me

bp = Blueprint("admin", __name__, url_prefix="/admin")

Answer = str | AnyResponse | tuple[str, int]

CONFLICT = 409

KEY = "<int(max=9223372036854775807):key>"
"""The part of a route that is a key in the database; larger numbers are nobody's."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the menu at the side: who may, where it leads, what it is called."""

    act: str
    path: str
    words: str
    also: tuple[str, ...] = ()
    """How the addresses of further pages of this place begin."""


PLACES = (
    Place("person.change", "/admin/", N_("Overview")),
    Place("programme.change", "/admin/programme", N_("Programme")),
    Place("target.change", "/admin/targets", N_("Targets")),
    Place("branch.change", "/admin/branches", N_("Branches"), ("/admin/new-branch",)),
    Place("branch.change", "/admin/regions", N_("Regions")),
    Place("employee.change", "/admin/employees", N_("Employees"), ("/admin/new-employee",)),
    Place("person.change", "/admin/users", N_("Users"), ("/admin/new-user",)),
    Place("assignment.plan", "/admin/assignments", N_("Assignments"), ("/admin/new-assignment",)),
    Place(
        "checklist.publish",
        "/admin/checklists",
        N_("Checklists"),
        ("/admin/new-checklist", "/admin/checklist-drafts"),
    ),
    Place("device.change", "/admin/devices", N_("Tablets"), ("/admin/unsent",)),
    Place("data.import", "/admin/imports", N_("Imports")),
    Place("data.export", "/admin/exports", N_("Exports")),
    Place("token.issue", "/admin/tokens", N_("API keys")),
    Place("trail.read", "/admin/trail", N_("Trail")),
)


@bp.context_processor
def side_menu() -> dict[str, Any]:
    """Give the templates of this room `places` and the settings' time zone."""
    return {
        "places": [
            {"path": place.path, "words": gettext(place.words), "here": _is_here(place)}
            for place in PLACES
            if may(me(), place.act)
        ],
        "zone": settings().zone,
    }


def _is_here(place: Place) -> bool:
    if place.path == "/admin/":
        return request.path == place.path
    return request.path == place.path or request.path.startswith((place.path + "/", *place.also))


def settings() -> Settings:
    """The settings of this application."""
    held: Settings = current_app.extensions["checker.settings"]
    return held


def whole_link(path: str) -> str:
    """A link to copy: under the public address or, as long as none is set, the one used just now."""
    return (settings().public_url or request.host_url).rstrip("/") + path


def today() -> date:
    """The day it is by UTC; where a branch's own day counts, the action asks for it."""
    return now().date()


# --- forms --------------------------------------------------------------------------------------------------
#
# A form only holds what was typed: what is sound is decided by the action, once, for pages, imports and
# commands alike. So fields check nothing, and a fault's place is the name of its field.


def words_field(label: str, hint: str = "", **attributes: Any) -> StringField:
    """One line of text; never None."""
    return StringField(label, description=hint, filters=[_text], render_kw=attributes or None)


def lines_field(label: str, hint: str = "", **attributes: Any) -> TextAreaField:
    """Several lines of text; never None."""
    return TextAreaField(label, description=hint, filters=[_text], render_kw=attributes or None)


def day_field(label: str, hint: str = "") -> StringField:
    """A day, as ISO text."""
    return words_field(label, hint, type="date")


class ChoiceField(SelectField):
    """One of several; where `none` has words, the first option stands for none, outside every group."""

    def __init__(self, label: str, *, none: str = "", **rest: Any) -> None:
        super().__init__(label, **rest)
        self.none = none

    def iter_choices(self) -> list[Choice]:
        """Every option."""
        return [*self._no_choice(), *super().iter_choices()]

    def iter_groups(self) -> Iterator[tuple[str | None, list[Choice]]]:
        """Every group with its options."""
        if self.none:
            yield None, self._no_choice()
        yield from super().iter_groups()

    def _no_choice(self) -> list[Choice]:
        return [Choice("", self.none, not self.data, {})] if self.none else []


def choice_field(label: str, hint: str = "", choices: Any = None, none: str = "") -> ChoiceField:
    """One of several, or `none`, where that has words; what is neither is for the action to refuse."""
    return ChoiceField(
        label,
        description=hint,
        choices=choices,
        validate_choice=False,
        filters=[_text],
        none=none,
    )


def ticks_field(label: str, hint: str = "", choices: Any = None) -> SelectMultipleField:
    """Any of several."""
    return SelectMultipleField(label, description=hint, choices=choices, validate_choice=False)


def flag_field(label: str, hint: str = "") -> BooleanField:
    """Yes or no."""
    return BooleanField(label, description=hint)


def _text(value: Any) -> Any:
    return "" if value is None else value


def refused(form: FlaskForm, act: Callable[[], object], places: Mapping[str, str] | None = None) -> int:
    """Do what a form asks: 0 when it was done, else the status to answer with, and the form says why not.

    `places` names the field for a fault's place where the two differ.
    """
    form.validate()  # runs filters; the token was checked before the view
    try:
        act()
    except Refused as refusal:
        show_faults(form, refusal, places)
        return 422
    except Problem as problem:
        if problem.status != CONFLICT:
            raise
        form.form_errors.append(words_of(problem.text, problem.details))
        return problem.status
    return 0


def show_faults(form: FlaskForm, refusal: Refused, places: Mapping[str, str] | None = None) -> None:
    """Put each fault beside the field it concerns, above the form when it concerns none."""
    for fault_place, words in faults_by_place(refusal.faults).items():
        place = (places or {}).get(fault_place, fault_place)
        if place in form:
            form[place].errors = [*form[place].errors, *words]
        else:
            form.form_errors.extend(words)


def key_of(typed: str) -> int | None:
    """The key that was typed or chosen, if it can be one."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None


def day_or_none(typed: str | None) -> str | None:
    """A day as actions take it."""
    return (typed or "").strip() or None
