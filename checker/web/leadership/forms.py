"""The form that orders a report."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

_NONE_SUCH = _l("Choose one from the list.")


class ReportForm(FlaskForm):
    """Which month of what, in which language; the lists are filled for the person."""

    month = SelectField(_l("Month"), invalid_choice_message=_NONE_SUCH)
    scope = SelectField(_l("Report on"), invalid_choice_message=_NONE_SUCH)
    series = SelectField(_l("Checklist"), invalid_choice_message=_NONE_SUCH)
    language = SelectField(_l("Language"), invalid_choice_message=_NONE_SUCH)
    audience = SelectField(_l("Copy of a branch’s report for"), invalid_choice_message=_NONE_SUCH)
