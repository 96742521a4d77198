"""Forms that only hold what was typed: a refusal is shown beside its field, and everything typed stays.

What is sound is decided by the action, once, for pages, imports and commands alike. So fields check nothing,
and a fault's place is the name of its field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import Choice

from checker.problem import Problem
from checker.standards.faults import Refused
from checker.web.problems import faults_by_place, words_of

CONFLICT = 409


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
