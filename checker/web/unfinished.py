"""Why a visit could not be completed: the shopper's form for it, on the server's page and on a tablet."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from checker.standards.body import Outcome
from checker.web.questions import MomentField

REASONS = {
    "shut": (Outcome.CLOSED, _l("It was closed during its opening hours")),
    "gone": (Outcome.CLOSED, _l("It has closed for good or moved")),
    "refused": (Outcome.REFUSED, _l("I was refused service or asked to leave")),
    "recognised": (Outcome.RECOGNISED, _l("I was recognised as a shopper")),
    "unsafe": (Outcome.UNSAFE, _l("It was not safe to stay")),
    "other": (Outcome.OTHER, _l("Something else")),
}
"""One tap says both the outcome and its reason; "something else" needs words."""


class UnfinishedForm(Form):
    """Why the visit could not be completed, and when it was tried."""

    why = RadioField(
        _l("What happened?"),
        [DataRequired(_l("Choose what happened."))],
        choices=[SelectChoice(key, words) for key, (_outcome, words) in REASONS.items()],
    )
    details = TextAreaField(_l("In your words"))
    visited_at = MomentField(_l("When were you there?"))

    def __init__(self, formdata: Any = None, *, zone: str, data: Any = None) -> None:
        self.zone = ZoneInfo(zone)
        super().__init__(formdata, data=data)

    def validate_details(self, field: TextAreaField) -> None:
        """Something else needs words: the reason stays with the visit."""
        if self.why.data == "other" and not (field.data or "").strip():
            raise ValidationError(_("Say in a few words what happened."))

    def validate_visited_at(self, field: MomentField) -> None:
        """The day decides which month the visit belongs to."""
        if field.data is None and not field.faults:
            raise ValidationError(_("Give the date and the time."))

    @property
    def outcome(self) -> Outcome:
        """The outcome that was chosen; only after `validate`."""
        return REASONS[self.why.data][0]

    @property
    def reason(self) -> str:
        """What stays with the visit; only after `validate`."""
        chosen, details = str(REASONS[self.why.data][1]), (self.details.data or "").strip()
        if self.why.data == "other":
            return details
        return f"{chosen}. {details}" if details else chosen
