"""What the shopper's templates show a form with: labels, anchors, conditions, answers in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from checker.standards.answers import plain
from checker.standards.model import (
    POINT,
    Answer,
    Choice,
    Condition,
    Count,
    DateTime,
    Duration,
    Graded,
    Item,
    Multi,
    Number,
    Photo,
    Role,
    Scale,
    State,
    YesNo,
)
from checker.standards.shapes import written
from checker.web.form_for import VisitForm
from checker.web.format import figure, moment
from checker.web.questions import (
    MOST_TAPS,
    Question,
    SaidField,
    ServedByField,
    options_of,
    when_nobody_served,
)
from checker.web.shopper.room import bp
from checker.web.texts import said

LABELS = {
    "visited_at": _l("When did the contact begin?"),
    "service_level": _l("How was the service?"),
    "events": _l("What was tapped"),
    "clock": _l("The clock of the device"),
    "photos": _l("Photos"),
    "context.scenario": _l("Scenario"),
    "context.planned_purchase": _l("What you plan to buy or ask for"),
    "context.expectations_before": _l("What you expect"),
    "context.first_visit": _l("Is this your first visit here?"),
    "context.purchase_made": _l("Did you buy anything?"),
    "context.busy": _l("Was it busy?"),
    "context.customers_waiting": _l("How many customers were waiting?"),
    "context.emotion_after": _l("How did you feel afterwards?"),
    "context.announced_reply_minutes": _l("Announced time to the reply, in minutes"),
}
"""What the fields besides the questions are called."""

LEVELS = {
    "low": (_l("Low"), _l("less than expected")),
    "standard": (_l("Standard"), _l("as expected")),
    "wow": (_l("WOW"), _l("more than expected")),
}
"""Service levels as the shopper felt them (SC-15)."""


@bp.record_once
def add_names(state: BlueprintSetupState) -> None:
    """Give these to every template; imported macros see globals alone."""
    state.app.jinja_env.globals.update(visit_labels=LABELS, service_levels=LEVELS, most_taps=MOST_TAPS)


@bp.app_template_filter()
def anchor(field: SaidField) -> str:
    """The id on the page that leads to a field."""
    return f"q-{field.item.id}" if isinstance(field, Question) else f"f-{field.name}"


@bp.app_template_filter()
def label_of(field: SaidField, form: VisitForm) -> Markup | str:
    """What a field asks, in the person's language."""
    if isinstance(field, Question):
        return said(field.item.text, form.checklist.languages)
    if isinstance(field, ServedByField):
        role = next(role for role in form.roles if field.name == f"employees.{role.id}")
        return role_label(role, form.checklist.languages)
    return str(LABELS[field.name])


@bp.app_template_filter()
def role_label(role: Role, languages: Sequence[str]) -> Markup | str:
    """What a role is called; the one role that most checklists have needs no name of its own."""
    return said(role.title, languages) or str(_("Who served you?"))


@bp.app_template_filter()
def conditions(when: Sequence[Condition]) -> dict[str, object]:
    """An item's conditions as a checklist file has them, for the script."""
    return {condition.subject: _condition(condition) for condition in when}


def _condition(condition: Condition) -> object:
    if condition.values:
        return list(condition.values)
    bounds = {"min": condition.minimum, "max": condition.maximum}
    return {word: format(bound, "f") for word, bound in bounds.items() if bound is not None}


@bp.app_template_filter()
def rule(item: Item) -> dict[str, object]:
    """What the script must know to read an item's answer; what may be n/a, limits, options."""
    made: dict[str, object] = {"na": True} if item.na_allowed else {}
    match item.rule:
        case Count(maximum=most):
            made["max"] = most
        case Graded():
            made["max"] = written(Decimal(item.points) / POINT)
        case Number(minimum=low, maximum=high):
            made |= {key: written(end) for key, end in (("min", low), ("max", high)) if end is not None}
        case Choice() | Multi():
            made["options"] = [option.id for option in options_of(item)]
        case Photo():
            made["most"] = item.rule.most
    return made


@bp.app_template_filter()
def nobody(field: Question) -> dict[str, list[str]]:
    """What the inputs hold when nobody served: name -> values; empty where only the shopper can say."""
    answer = when_nobody_served(field.item)
    if answer is None:
        return {}
    return {
        field.name + part: list(values) for part, values in field.inputs_for(answer).items() if any(values)
    }


@bp.app_template_filter()
def in_words(field: SaidField, form: VisitForm) -> Markup | str:
    """What a field says, to be read once more; "" when nothing."""
    if isinstance(field, Question):
        return answer_in_words(field, form)
    match field.data:
        case None if isinstance(field, ServedByField):
            return str(_("not known"))
        case None | "":
            return ""
        case True:
            return str(_("Yes"))
        case False:
            return str(_("No"))
        case {"code": word} | {"described": word}:
            return str(word)
        case list() | dict():
            return str(len(field.data))
    if field.name == "visited_at":
        return moment(datetime.fromisoformat(str(field.data)), str(form.zone))
    if field.name == "service_level" and field.data in LEVELS:
        return " – ".join(str(words) for words in LEVELS[field.data])
    return str(field.data)


def answer_in_words(field: Question, form: VisitForm) -> Markup | str:
    """An answer to a question, also one that cannot be read."""
    answer = field.readable
    if answer is None:
        typed = " ".join(field.first(part) for part in field.parts).strip()
        return str(_("cannot be read: %(typed)s", typed=typed)) if field.data else ""
    match answer.state, field.item.rule:
        case State.NA, _rule:
            return str(_("Not applicable"))
        case State.NEVER, _rule:
            return str(_("It did not happen"))
        case _state, YesNo():
            return str(_("Yes") if answer.value else _("No"))
        case _state, Choice() | Multi():
            return _options_in_words(answer, field.item, form.checklist.languages)
        case _state, Count(maximum=most):
            return str(_("%(n)s of %(most)s", n=answer.value, most=most))
        case _state, Scale():
            return str(_("%(n)s of %(most)s", n=answer.value, most=5))
    bare = str(plain(Answer(answer.item, answer.value), field.item))
    match field.item.rule:
        case Duration():
            time = f"{figure(Decimal(bare), '0.#')} s"
            return str(_("%(time)s, estimated", time=time)) if answer.estimated else time
        case Graded() | Number():
            return figure(Decimal(bare), "#,##0.######")
        case DateTime():
            return moment(datetime.fromisoformat(bare), str(form.zone))
    return bare


def _options_in_words(answer: Answer, item: Item, languages: Sequence[str]) -> Markup | str:
    chosen = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    words = [said(option.text, languages) for option in options_of(item) if option.id in chosen]
    return Markup(", ").join(words) if words else str(_("None of these"))


@bp.app_template_global()
def fault_texts() -> Mapping[str, str]:
    """What keeps a visit from being sent, in the person's language, for a device that has no server to ask.

    The keys are those of `faultsOf` in body.js; the sentences are those the rules themselves say.
    """
    at_least, at_most = _("Answer a number of at least %(low)s."), _("Answer a number of at most %(high)s.")
    too_long = _("This text has %(length)s characters; shorten it to %(longest)s.")
    return {
        "answer.missing": _("This item must be answered before the visit can be sent."),
        "answer.na_forbidden": _("“Not applicable” is not possible here; answer the item."),
        "answer.number": _(
            'Answer a number: an integer, or text such as "25.4" with at most %(places)s decimal places.'
        ),
        "answer.option": _("Choose one of: %(options)s."),
        "answer.out_of_range": _("Answer a number from %(low)s to %(high)s."),
        "answer.out_of_range.high": at_most,
        "answer.out_of_range.low": at_least,
        "answer.out_of_range.whole": _("Answer a whole number from %(low)s to %(high)s."),
        "answer.too_long": too_long,
        "answer.yes_no": _("Answer “yes”, “no” or “na”."),
        "body.count": _("Send an integer from 0 to %(largest)s."),
        "body.missing": _("This is missing; every visit needs it."),
        "body.too_long": too_long,
        "body.too_many_photos": _("This item takes at most %(most)s photos; take the others away."),
        "form.employee_twice": _("Give either the code or the description; take one of them away."),
        "form.half_moment": _("Give both the date and the time."),
        "form.json": _("What was noted here cannot be read. Reload the page and note it once more."),
        "form.moment": _("Give the date as 2026-10-01 and the time as 14:05."),
        "form.na_and_answer": _("Answer, or say that it is not applicable; not both."),
        "form.none_and_some": _("Tick either “none of these” or what was there, not both."),
        "form.note_alone": _("There is a note here but no answer. Answer too, or take the note away."),
    }


@bp.app_template_global()
def script_words(*, tablet: bool) -> Mapping[str, str | list[str]]:
    """What the form's scripts say, in the person's language: on the server's page, or in a tablet's shell."""
    own = _photo_words() if tablet else _keeping_words()
    return {**_form_words(), **_time_words(), **_list_words(), **own}


def _form_words() -> dict[str, str]:
    return {
        "progress": _("%(answered)s of %(asked)s"),
        "left": _("%(n)s left"),
        "done": _("nothing left"),
        "next": _("Next open"),
        "end": _("To the end"),
        "filled": _("%(n)s answers were filled in. Change whatever was different."),
        "undo": _("Undo"),
    }


def _keeping_words() -> dict[str, str]:
    return {
        "saved": _("Saved %(time)s"),
        "saving": _("Saving…"),
        "unsaved": _("Not saved yet"),
        "offline": _(
            "No connection. What you typed stays on this page and is saved when the connection is back."
        ),
        "signed_out": _("You are signed out. What you typed stays on this page:"),
        "sign_in": _("sign in again"),
        "refused": _("Could not be saved: %(why)s"),
        "conflict": _("Another device has saved this visit since. Both versions are kept."),
        "keep_mine": _("Go on with what is on this page"),
        "take_other": _("Go on with the other version"),
        "sent": _("This visit was sent already."),
        "receipt": _("See the receipt"),
    }


def _time_words() -> dict[str, str]:
    return {
        "start": _("Start"),
        "stop": _("Stop"),
        "stopwatch": _("Stopwatch"),
        "again": _("Measure again"),
        "measured": _("%(time)s measured"),
        "typed": _("%(time)s, estimated"),
        "seconds": _("Time in seconds"),
        "noted": _("%(event)s: noted at %(time)s."),
        "taken_back": _("%(event)s: taken back."),
        "about": _("about %(time)s"),
        "undo_tap": _("Undo: %(event)s, %(time)s"),
        "use_taps": _("Use the taps: %(time)s"),
        "remove": _("Remove"),
    }


def _list_words() -> dict[str, str | list[str]]:
    return {
        "list_title": _("Shopping list"),
        "groceries": [
            _("Milk"),
            _("Bread"),
            _("Apples"),
            _("Butter"),
            _("Coffee"),
            _("Eggs"),
            _("Rice"),
            _("Tomatoes"),
            _("Cheese"),
            _("Onions"),
            _("Tea"),
            _("Potatoes"),
            _("Yoghurt"),
        ],
        "line_means": _("%(line)s = %(event)s"),
        "list_before": _("What the lines stand for"),
        "list_how": _(
            "The screen looks like a shopping list. Tap a line when what it stands for happens, once more to "
            "take it back. To leave: swipe down from the title, hold the title for a second, or press Escape."
        ),
        "list_open": _("Open the list"),
        "list_not": _("Not now"),
    }


def _photo_words() -> dict[str, str]:
    return {
        "photo_alt": _("Photo %(n)s: %(item)s"),
        "photo_elsewhere": _("It is on another device."),
        "photo_removed": _("The photo is removed."),
        "photo_unreadable": _("This picture cannot be read. Take a photo, or choose another one."),
        "photo_lost": _("The photo could not be kept on this device. Make some room, then take it again."),
        "photo_enough": _("There are as many photos as this question takes."),
        "square": _("Row %(row)s, column %(column)s"),
    }
